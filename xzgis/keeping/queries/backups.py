"""What lies in the folder of backups and the archive of the log of changes, and what the last drill showed."""

from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.audit.events import DrillDone
from xzgis.audit.models import TrailEntry
from xzgis.core.errors import Invalid
from xzgis.core.settings import Settings
from xzgis.keeping.queries.copies import MANIFEST, read_manifest
from xzgis.keeping.rules.window import gaps, number_of, reached_from
from xzgis.keeping.terms import BackupState, CopyFound, DrillFound, WalFound


def backup_state(session: Session, settings: Settings) -> BackupState:
    """What could be restored now, without reading a copy through: ``xzgis drill`` does that."""
    if settings.database_url:
        return BackupState(own=False, folder=None, archive=None)
    found = copies(settings.backup_dir)
    first = next((one.wal_from for one in reversed(found) if one.wal_from), None)
    return BackupState(
        own=True,
        folder=str(settings.backup_dir) if settings.backup_dir else None,
        archive=str(settings.wal_archive) if settings.wal_archive else None,
        copies=found,
        wal=wal(settings.wal_archive, first),
        window=window(found, settings.wal_archive),
        drill=last_drill(session),
    )


def copies(folder: Path | None) -> tuple[CopyFound, ...]:
    """Whole backups, the newest first; half ones and strangers are passed over."""
    found = []
    for path in sorted(folder.glob(f"xzgis-*/{MANIFEST}"), reverse=True) if folder else ():
        if path.parent.suffix == ".partial":
            continue
        try:
            told = read_manifest(path.parent)
        except Invalid:
            continue
        found.append(CopyFound(path.parent.name, told.ended, told.size_bytes, told.program, told.wal_from))
    return tuple(found)


def wal(archive: Path | None, first: str | None) -> WalFound | None:
    """The archive; ``first``: from which file on none may be missing."""
    files = _archived(archive)
    if not files:
        return None
    last = max(files, key=lambda name: number_of(name) or 0)
    return WalFound(
        files=len(files), size_bytes=sum(path.stat().st_size for path in files.values()),
        first=min(files, key=lambda name: number_of(name) or 0), last=last, last_at=_when(files[last]),
        missing=gaps(first, files) if first else 0,
    )  # fmt: skip


def window(found: tuple[CopyFound, ...], archive: Path | None) -> tuple[datetime, datetime] | None:
    """The first and the last moment that can be restored from the copies and the archive; None without a copy.

    The last moment is that of the last file of the log which the newest copy reaches without a gap.
    """
    if not found:
        return None
    newest, files = found[0], _archived(archive)
    last = reached_from(newest.wal_from, files) if newest.wal_from else None
    return found[-1].ended_at, newest.ended_at if last is None else max(newest.ended_at, _when(files[last]))


def last_drill(session: Session) -> DrillFound | None:
    """The last drill that came to its end, as the trail tells; None before the first."""
    asked = select(TrailEntry).where(TrailEntry.event == DrillDone.name)
    row = session.scalars(asked.order_by(TrailEntry.happened_at.desc()).limit(1)).one_or_none()
    if row is None:
        return None
    told = row.details
    return DrillFound(
        row.happened_at, row.actor, row.object_id or "", told["acknowledged"], told["lost"], told["restore_s"],
        told["archived"],
    )  # fmt: skip


def _archived(archive: Path | None) -> dict[str, Path]:
    if archive is None or not archive.is_dir():
        return {}
    return {path.name: path for path in archive.iterdir() if number_of(path.name) is not None}


def _when(path: Path) -> datetime:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC)
