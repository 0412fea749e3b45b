"""The figures of this installation, by short statements that a busy database answers too."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from xzgis.audit.queries.state import trail_state
from xzgis.core import db
from xzgis.core.actor import SYSTEM
from xzgis.core.queued import workers_alive
from xzgis.core.settings import Settings
from xzgis.keeping.queries.logs import failures
from xzgis.keeping.terms import LAST_BACKUP, DatabaseFigures, Figures, JobFigures, Room
from xzgis.networks.models import Batch

PATIENCE_S = 3
# As long as xzgis.worker lets a silent worker live.
SILENCE_S = 20.0
JOBS = text("select status::text, queue_name, count(*) from procrastinate_jobs group by 1, 2")
OLDEST = text(
    "select job.status::text, max(extract(epoch from now() - greatest(last.at, job.scheduled_at))) "
    "from procrastinate_jobs as job left join lateral "
    "(select max(at) as at from procrastinate_events where job_id = job.id) as last on true "
    "where job.status in ('todo', 'doing') group by 1"
)
DATABASE = text(
    "select pg_database_size(current_database()), current_setting('max_connections')::int, "
    "(select version_num from alembic_version), current_setting('archive_mode') <> 'off', "
    "extract(epoch from now() - last_archived_time), failed_count from pg_stat_archiver"
)
CONNECTIONS = text(
    "select coalesce(state, 'other'), count(*) from pg_stat_activity where backend_type = 'client backend' group by 1"
)


def figures(settings: Settings) -> Figures:
    """The state of the installation now; what the database would tell is left out while it does not answer."""
    now = datetime.now(UTC)
    beside = {"backup_s": since_backup_s(settings, now), "disks": disks(settings), "pool": db.pool_state()}
    beside["failures"] = len(failures(settings, since=now - timedelta(days=1)))
    try:
        with db.transaction(SYSTEM, statement_timeout_s=PATIENCE_S) as session:
            return told_by_database(session, now, **beside)
    except SQLAlchemyError:
        return Figures(at=now, database=None, jobs=None, **beside)  # type: ignore[arg-type]  # each as the class names it


def told_by_database(session: Session, now: datetime, **beside: object) -> Figures:
    """The figures that a session can read, with those found ``beside`` it."""
    batches = session.execute(select(Batch.state, func.count()).group_by(Batch.state))
    trail = trail_state(session)
    seal = trail.seal
    return Figures(
        at=now, waiting=trail.waiting, database=_database(session), jobs=_jobs(session),
        batches={state: int(count) for state, count in batches},
        seal_s=None if seal is None else (now - seal.sealed_at).total_seconds(), **beside,  # type: ignore[arg-type]  # each as the class names it
    )  # fmt: skip


def _jobs(session: Session) -> JobFigures:
    counts = {(state, queue): int(count) for state, queue, count in session.execute(JOBS)}
    oldest = {state: max(float(age or 0), 0.0) for state, age in session.execute(OLDEST)}
    alive, _ = workers_alive(session, silence_s=SILENCE_S)
    return JobFigures(counts, oldest, alive)


def _database(session: Session) -> DatabaseFigures:
    size, most, schema, archives, archived_s, failed = session.execute(DATABASE).one()
    connections = {state: int(count) for state, count in session.execute(CONNECTIONS)}
    return DatabaseFigures(
        size_bytes=int(size), connections=connections, connections_most=int(most), schema=schema,
        archives=bool(archives), archived_s=None if archived_s is None else float(archived_s),
        archive_failures=int(failed),
    )  # fmt: skip


def since_backup_s(settings: Settings, now: datetime) -> float | None:
    """Seconds since the last backup was complete; None when there is none, or nobody can read of it."""
    try:
        told = json.loads((settings.var_dir / LAST_BACKUP).read_text(encoding="utf-8"))
        return (now - datetime.fromisoformat(told["at"])).total_seconds()
    except (OSError, ValueError, KeyError, TypeError):
        return None


def disks(settings: Settings) -> dict[str, Room]:
    """Space on the disks that the installation writes to; a folder that cannot be reached is left out."""
    folders: dict[str, Path | None] = {"var": settings.var_dir, "wal_archive": settings.wal_archive}
    found = {}
    for name, folder in folders.items():
        if folder is not None and folder.is_dir():
            usage = shutil.disk_usage(folder)
            found[name] = Room(usage.free, usage.total)
    return found
