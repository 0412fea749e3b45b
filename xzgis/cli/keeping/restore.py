"""Puts an installation back to what a copy holds, or to a moment after it."""

import shutil
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from xzgis.audit.events import BackupRestored
from xzgis.audit.queries import chain, outside
from xzgis.audit.record import record
from xzgis.cli.start.ready import prepare
from xzgis.core.actor import Actor
from xzgis.core.cluster import copying, server
from xzgis.core.cluster.place import Place, place_of
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, Unavailable, WrongState
from xzgis.core.settings import Settings
from xzgis.core.words import Words
from xzgis.keeping.queries.copies import (
    DATABASE,
    PARTS,
    SEALS,
    STAMP,
    Manifest,
    check_copy,
    find_copy,
    read_manifest,
)


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored from where; ``aside``: where what was there before lies now, None when nothing was.

    ``lost_seals``: seals of the file that was there before beyond the last of the database restored.
    """

    copy: Path
    aside: Path | None
    lost_seals: int


def restore(
    settings: Settings, folder: Path, *, to: datetime | None, replace: bool, actor: Actor
) -> Restored:
    """Check the copy, put database, keys, seals and files back, go through the log of changes, and say so in the trail.

    Nothing is deleted: with ``replace`` what was there moves aside. The chain of the trail goes on where it was:
    the copy is the same cluster.

    Raises
    ------
    Invalid
        The copy is not whole, or ``to`` cannot be reached with what there is.
    WrongState
        The cluster runs, or the installation holds something and ``replace`` was not said.
    """
    if settings.database_url:
        raise Unavailable(
            Words(
                "数据库由 XZGIS_DATABASE_URL 指定，请用该服务器自己的办法恢复。",
                "The database is the one of XZGIS_DATABASE_URL: restore it by that server's own means.",
            )
        )
    copy = find_copy(folder)
    manifest = read_manifest(copy)
    _check_moment(settings, manifest, to)
    check_copy(copy, manifest)
    place = place_of(settings)
    with server.alone(place):
        there = _check_place(settings, place, replace=replace)
        fresh = copying.unpack(place, copy / DATABASE)
        stamp = datetime.now(UTC).strftime(STAMP)
        aside = settings.var_dir / f"before-restore-{stamp}" if there else None
        before = place.home / f"data.before-restore-{stamp}"
        copying.put_in_place(place, fresh, before)
        try:
            copying.bring_forward(place, archive=place.wal_archive, to=to)
        except BaseException:
            copying.give_back(place, before)
            raise
        _put_parts(settings, copy, manifest, aside)
    engine = prepare(settings, may_clash=True)  # a restore ends, whatever the tables say
    try:
        lost = _lost(aside, actor)
        with transaction(actor) as session:
            event = BackupRestored(copy.name, to.isoformat() if to else None, lost)
            record(session, actor=actor, event=event, now=datetime.now(UTC))
    finally:
        engine.dispose()
    return Restored(copy, aside, lost)


def _check_moment(settings: Settings, manifest: Manifest, to: datetime | None) -> None:
    if to is None:
        return
    if settings.wal_archive is None:
        raise Invalid(
            Words(
                "恢复到指定时刻需要变更日志的副本；请设置 XZGIS_WAL_ARCHIVE 指向它，或不写 --to。",
                "A moment can be reached only through the copied log of changes: set XZGIS_WAL_ARCHIVE to it, "
                "or leave --to out.",
            )
        )
    if to < manifest.ended:
        raise Invalid(
            Words(
                f"该备份完成于 {manifest.ended_at}，不能恢复到更早的 {to.isoformat()}；请用更早的备份。",
                f"This backup was complete at {manifest.ended_at} and cannot go back to {to.isoformat()}: "
                "take an earlier one.",
            )
        )


def _check_place(settings: Settings, place: Place, *, replace: bool) -> bool:
    """Whether something is there that must move aside."""
    if server.running_pid(place) is not None:
        raise WrongState(
            Words(
                "数据库正在运行；请先停止 xzgis 与数据库（xzgis db stop），再恢复。",
                "The database runs: stop xzgis and the database (xzgis db stop), then restore.",
            )
        )
    there = [part for part in PARTS if _holds(settings.var_dir / part)]
    if (place.data.exists() or there) and not replace:
        raise WrongState(
            Words(
                f"{settings.var_dir} 中已有数据；确要以备份代替时请加 --replace，原有数据会移到一旁，不删除。",
                f"{settings.var_dir} holds data already: say --replace to put the backup in its place; what is there "
                "moves aside and is not deleted.",
            )
        )
    return bool(place.data.exists() or there)


def _holds(folder: Path) -> bool:
    return folder.is_dir() and any(path.is_file() for path in folder.rglob("*"))


def _put_parts(settings: Settings, copy: Path, manifest: Manifest, aside: Path | None) -> None:
    var = settings.var_dir
    if aside is not None:
        aside.mkdir(mode=0o700)
        for part in PARTS:
            if (var / part).exists():
                (var / part).rename(aside / part)
    for one in manifest.files:
        if one.path == DATABASE:
            continue
        target = var / one.path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.copyfile(copy / one.path, target)
        target.chmod(0o600)


def _lost(aside: Path | None, actor: Actor) -> int:
    """How many seals stood in the file before that the database has not: what they sealed is lost, and it is said."""
    if aside is None:
        return 0
    before = outside.read_outside(aside / SEALS / outside.SEALS_NAME)
    with transaction(actor) as session:
        last = chain.last_seal(session)
    held = last.number if last else 0
    return sum(1 for seal in before if seal.number > held)
