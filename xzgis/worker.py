"""The worker: does what was queued. ``python -m xzgis.worker`` or ``xzgis worker``.

The timetable of periodic jobs is here and nowhere else.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import procrastinate
import structlog
from procrastinate import PsycopgConnector
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from xzgis.audit.actions.controlling import note_failure
from xzgis.core import cluster, db, metering
from xzgis.core.actor import SYSTEM
from xzgis.core.jobs import QUEUE, QUEUES, load_jobs
from xzgis.core.logs import configure_logs
from xzgis.core.settings import settings

# A worker says every so often that it lives; one that was silent this long is dead, and its jobs are taken over.
HEARTBEAT_S = 5.0
SILENCE_S = 20.0
LOOK_AROUND_S = 10.0
POLLING_S = 2.0
FINISH_S = 20.0
KEEP_JOBS_H = 24 * 7
# Job → when, as cron writes it (UTC). Each is queued once for its minute, however many workers run.
TIMETABLE = {
    "audit.seal": "* * * * *",
    "audit.keep": "7 * * * *",
    "identity.tidy": "23 * * * *",
    "reactions.look_ahead": "37 * * * *",
}

log = structlog.get_logger()


def work(
    url: str, *, queues: Sequence[str] = QUEUES, wait: bool = True, silence_s: float = SILENCE_S
) -> None:
    """Do jobs until told to stop (SIGTERM, SIGINT), or with ``wait=False`` until none is left.

    ``core.db`` must be connected to the database at ``url``. Jobs that a dead worker left half done are done
    again: it is found by its silence of ``silence_s`` seconds, at the start and while running.
    """
    load_jobs()
    if wait:
        _set_timetable()
    asyncio.run(_work(url, queues=queues, wait=wait, silence_s=silence_s))


def _set_timetable() -> None:
    known = {name for name, _ in QUEUE.periodic_registry.periodic_tasks}
    for name, cron in TIMETABLE.items():
        if name not in known:
            QUEUE.periodic(cron=cron, queueing_lock=name)(QUEUE.tasks[name])


async def _work(url: str, *, queues: Sequence[str], wait: bool, silence_s: float) -> None:
    connector = PsycopgConnector(conninfo=_conninfo(url), min_size=1, max_size=4)
    with QUEUE.replace_connector(connector) as app:
        async with app.open_async():
            await take_over(app, silence_s=silence_s)
            looking = asyncio.create_task(_look_around(app, silence_s)) if wait else None
            try:
                await app.run_worker_async(
                    queues=list(queues),
                    concurrency=2,
                    wait=wait,
                    install_signal_handlers=wait,
                    fetch_job_polling_interval=POLLING_S,
                    shutdown_graceful_timeout=FINISH_S,
                    update_heartbeat_interval=HEARTBEAT_S,
                    stalled_worker_timeout=silence_s,
                    delete_jobs="never",
                    worker_middleware=[_telling_why],
                )
            finally:
                if looking is not None:
                    looking.cancel()


async def _telling_why(go_on: Callable[[], Awaitable[Any]], context: Any, _worker: Any) -> Any:
    """Do a job; when it fails, keep why, in a transaction of its own as that of the job is undone."""
    began, name = time.monotonic(), context.job.task_name
    with structlog.contextvars.bound_contextvars(request=f"job-{context.job.id}"):
        try:
            done = await go_on()
            metering.count_job(name, "done", time.monotonic() - began)
            log.info("job_done", job=name, ms=round(1000 * (time.monotonic() - began)))
            return done
        except Exception as error:
            metering.count_job(name, "failed", time.monotonic() - began)
            log.warning("job_failed", job=name, error=type(error).__name__, exc_info=error)
            try:
                await asyncio.to_thread(_keep_why, context.job, error)
            except SQLAlchemyError as lost:
                # The failure itself counts: without a database the queue will tell it by its silence.
                log.warning("cause_not_kept", job=context.job.id, reason=str(lost))
            raise


def _keep_why(failed: procrastinate.jobs.Job, error: Exception) -> None:
    with db.transaction(SYSTEM) as session:
        note_failure(
            session, number=failed.id or 0, name=failed.task_name, attempt=failed.attempts + 1, error=error,
            now=datetime.now(UTC),
        )  # fmt: skip


async def _look_around(app: procrastinate.App, silence_s: float) -> None:
    """The timetable: take over the jobs of dead workers, and forget old ones."""
    while True:
        await asyncio.sleep(LOOK_AROUND_S)
        try:
            await take_over(app, silence_s=silence_s)
            await app.job_manager.delete_old_jobs(nb_hours=KEEP_JOBS_H)
        except procrastinate.exceptions.ConnectorException as error:
            # The database is away for a moment; the worker itself says so, and we look again.
            log.warning("queue_unreachable", reason=str(error))


async def take_over(app: procrastinate.App, *, silence_s: float) -> int:
    """Put the jobs of dead workers back into the queue; how many."""
    stalled = list(await app.job_manager.get_stalled_jobs(seconds_since_heartbeat=silence_s))
    for lost in stalled:
        await app.job_manager.retry_job(lost, retry_at=datetime.now(UTC) - timedelta(seconds=1))
        log.warning("job_taken_over", job=lost.id, name=lost.task_name)
    return len(stalled)


def _conninfo(url: str) -> str:
    return make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)


def main() -> None:
    """Work for this installation until told to stop."""
    chosen = settings()
    metering.join(chosen.var_dir)
    configure_logs(quiet=True, settings=chosen, process="worker")
    url = cluster.ensure(chosen)
    engine = db.connect(url, chosen)
    try:
        work(url)
    finally:
        engine.dispose()


if __name__ == "__main__":
    main()
