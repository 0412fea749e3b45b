"""Makes a copy of everything an installation would need to go on elsewhere."""

import json
import os
import shutil
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import text

from xzgis.audit.events import BackupMade
from xzgis.audit.record import record
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.cluster import copying, databases
from xzgis.core.cluster.place import Place, place_of
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, Unavailable
from xzgis.core.files import sync_folder
from xzgis.core.settings import Settings
from xzgis.core.version import program_version
from xzgis.core.words import Words
from xzgis.keeping.actions.copies import copied_part, poured, write_manifest
from xzgis.keeping.queries.copies import DATABASE, FORM, PARTS, SEALS, STAMP, Copied, Manifest
from xzgis.keeping.terms import LAST_BACKUP


def back_up(settings: Settings, into: Path, *, actor: Actor) -> Path:
    """Copy seals, then the database, then keys and files, into a new folder under ``into``; the folder.

    The order matters. Seals are copied before the database, so that the database is never behind them; files
    after it, so that each one a row names is there. Nobody has to stop working meanwhile.

    Raises
    ------
    Invalid
        The folder lies inside what is copied.
    Unavailable
        The database is not ours to copy, or the copy failed; nothing is left of it.
    """
    _check(settings, into)
    place, var, began = place_of(settings), settings.var_dir, datetime.now(UTC)
    first = wal_file_now(place)
    name = f"xzgis-{began.strftime(STAMP)}"
    fresh = into / f"{name}.partial"
    fresh.mkdir(parents=True, mode=0o700)
    try:
        files: list[Copied] = list(copied_part(var, SEALS, fresh))
        with copying.copied(place) as stream:
            files.append(poured(stream, fresh / DATABASE, fresh))
        ended = datetime.now(UTC)
        files += [one for part in PARTS if part != SEALS for one in copied_part(var, part, fresh)]
        manifest = Manifest(
            form=FORM, began_at=began.isoformat(), ended_at=ended.isoformat(), program=program_version(),
            schema=_schema(), cluster=_number(place),
            wal_archive=str(settings.wal_archive) if settings.wal_archive else None, files=tuple(files),
            wal_from=first,
        )  # fmt: skip
        write_manifest(fresh, manifest)
        fresh.rename(into / name)
        sync_folder(into)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
    with transaction(actor) as session:
        event = BackupMade(name, manifest.size_bytes, len(files))
        record(session, actor=actor, event=event, now=datetime.now(UTC))
    _note(settings, into / name, ended)
    return into / name


def _check(settings: Settings, into: Path) -> None:
    if settings.database_url:
        raise Unavailable(
            Words(
                "数据库由 XZGIS_DATABASE_URL 指定，请用该服务器自己的办法备份；并另存 var 目录中的 trail、keys、files。",
                "The database is the one of XZGIS_DATABASE_URL: back it up by that server's own means, and keep "
                "trail, keys and files of the var folder besides.",
            )
        )
    var = settings.var_dir.resolve()
    if var == into.resolve() or var in into.resolve().parents:
        raise Invalid(
            Words(
                f"备份目录 {into} 在安装数据目录 {var} 之内；请另选目录，最好在另一块盘上。",
                f"{into} lies inside {var}, which it would copy: choose another folder, best on another disk.",
            )
        )


def _schema() -> str | None:
    with transaction(SYSTEM) as session:
        found: str | None = session.scalar(text("select version_num from alembic_version"))
    return found


def wal_file_now(place: Place) -> str:
    """The file of the log of changes that the server writes into."""
    with databases.admin(place) as connection:
        row = connection.execute("select pg_walfile_name(pg_current_wal_lsn())").fetchone()
    assert row is not None
    return str(row[0])


def _number(place: Place) -> str:
    with databases.admin(place) as connection:
        row = connection.execute("select system_identifier::text from pg_control_system()").fetchone()
    assert row is not None
    return str(row[0])


def _note(settings: Settings, folder: Path, ended: datetime) -> None:
    """Leave word of the last copy where ``xzgis doctor`` looks."""
    fresh = settings.var_dir / f"{LAST_BACKUP}.{os.getpid()}"
    fresh.write_text(json.dumps({"at": ended.isoformat(), "folder": str(folder.resolve())}), encoding="utf-8")
    fresh.replace(settings.var_dir / LAST_BACKUP)
