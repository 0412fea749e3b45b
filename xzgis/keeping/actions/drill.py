"""The drill: the newest copy restored beside the running system, timed, and compared with what was acknowledged."""

import shutil
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from xzgis.audit.events import DrillBegun, DrillDone
from xzgis.audit.record import record
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.cluster import copying, databases, server
from xzgis.core.cluster.place import Place, place_of
from xzgis.core.db import transaction
from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.core.words import Words
from xzgis.keeping.actions.backup import wal_file_now
from xzgis.keeping.queries.copies import DATABASE, check_copy, find_copy, read_manifest

ARCHIVE_PATIENCE_S = 120
SCRATCH = "drill"
ACKNOWLEDGED = text("select max(id), count(*) from audit_trail")
RESTORED = "select count(*) from audit_trail where id <= %s"
COUNT_TIMEOUT_S = 600
# What the log and the sorting of a restored cluster may take beside its data.
SPARE_BYTES = 1 << 30


def drill(settings: Settings, folder: Path, *, actor: Actor, now: datetime) -> DrillDone:
    """Restore the newest copy in ``folder``, with the archive of the log where there is one, into a cluster of its own.

    The measure is the trail: each of its rows belongs to a change that was acknowledged. Those that stand when the
    drill begins, its own beginning among them, are counted in the restored cluster again. The running system goes on
    meanwhile; the scratch cluster is deleted whatever happens.

    Raises
    ------
    NotFound, Invalid
        There is no whole copy.
    Unavailable
        The log was not copied in time, or PostgreSQL could not restore; the sentence says why.
    """
    asked, copy = time.monotonic(), find_copy(folder)
    manifest = read_manifest(copy)
    check_copy(copy, manifest)
    with transaction(actor) as session:
        check_room(session, settings)
        record(session, actor=actor, event=DrillBegun(copy.name), now=now)
    with transaction(SYSTEM, statement_timeout_s=COUNT_TIMEOUT_S) as session:
        last, acknowledged = session.execute(ACKNOWLEDGED).one()
    place = place_of(settings)
    if place.wal_archive is not None:
        _archived_up_to_now(place, place.wal_archive)
    began = time.monotonic()
    restored, restore_s = _restored(settings, copy / DATABASE, place.wal_archive, last, began)
    done = DrillDone(
        copy.name, acknowledged=int(acknowledged), lost=max(0, int(acknowledged) - restored),
        restore_s=round(restore_s, 1), archived=place.wal_archive is not None, size_bytes=manifest.size_bytes,
    )  # fmt: skip
    with transaction(actor) as session:
        ended = now + timedelta(seconds=time.monotonic() - asked)
        record(session, actor=actor, event=done, now=ended)
    return done


def check_room(session: Session, settings: Settings) -> None:
    """Refuse a drill that could fill the disk under the running database."""
    needed = (
        2 * int(session.scalar(select(func.pg_database_size(func.current_database()))) or 0) + SPARE_BYTES
    )
    free = shutil.disk_usage(settings.var_dir).free
    if free < needed:
        raise Unavailable(
            Words(
                f"演练要在 {settings.var_dir} 中恢复整个库，需约 {needed >> 20} MB，现有 {free >> 20} MB；请先腾出空间。",
                f"A drill restores the whole database in {settings.var_dir} and needs some {needed >> 20} MB, where "
                f"{free >> 20} MB are free; make room first.",
            )
        )


def _restored(
    settings: Settings, packed: Path, archive: Path | None, last: int, began: float
) -> tuple[int, float]:
    """How many rows of the trail up to number ``last`` the restored cluster has, and the seconds until it answered."""
    var = settings.var_dir / SCRATCH
    scratch = replace(place_of(settings.model_copy(update={"var_dir": var})), wal_archive=None)
    try:
        with server.alone(scratch):
            _clear(scratch)
            copying.put_in_place(scratch, copying.unpack(scratch, packed), scratch.home / "none")
            copying.bring_forward(scratch, archive=archive, to=None)
            server.start(scratch)
            with databases.admin(scratch, databases.MAIN) as connection:
                restore_s = time.monotonic() - began
                row = connection.execute(RESTORED, (last,)).fetchone()
            assert row is not None
            return int(row[0]), restore_s
    finally:
        with server.alone(scratch):
            _clear(scratch)
        shutil.rmtree(scratch.socket_dir, ignore_errors=True)
        shutil.rmtree(scratch.home, ignore_errors=True)
        shutil.rmtree(var, ignore_errors=True)


def _clear(scratch: Place) -> None:
    """No server and no data in the scratch place, whatever an earlier drill left there."""
    if scratch.data.exists():
        server.stop(scratch)
        shutil.rmtree(scratch.data)


def _archived_up_to_now(place: Place, archive: Path) -> None:
    """Close the file of the log that is being written, and wait until the archive has it."""
    name = wal_file_now(place)
    with databases.admin(place) as connection:
        connection.execute("select pg_switch_wal()")
    deadline = time.monotonic() + ARCHIVE_PATIENCE_S
    while not ((archive / f"{name}.gz").exists() or (archive / name).exists()):
        if time.monotonic() > deadline:
            raise Unavailable(
                Words(
                    f"变更日志 {name} 在 {ARCHIVE_PATIENCE_S} 秒内没有归档到 {archive}；请检查其空间与权限。",
                    f"The log of changes {name} did not reach {archive} within {ARCHIVE_PATIENCE_S} seconds: look at "
                    "its space and rights.",
                )
            )
        time.sleep(0.2)
