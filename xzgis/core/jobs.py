"""The queue: work that follows a change, queued inside the same transaction as the change.

A module's ``jobs.py`` registers its functions with :func:`job`; an action queues them with :func:`defer`.
Every job may run twice: it takes ids, not contents, and looks at the state before it acts.
"""

from collections.abc import Callable
from datetime import datetime
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules
from typing import Any, Literal

import procrastinate
from procrastinate import PsycopgConnector, SyncPsycopgConnector
from psycopg import Connection
from sqlalchemy import text
from sqlalchemy.orm import Session

import xzgis
from xzgis.core.errors import Unavailable
from xzgis.core.words import Words

Queue = Literal["quick", "heavy"]
QUEUES: tuple[Queue, ...] = ("quick", "heavy")
# Registers the jobs; the worker gives it a database.
QUEUE = procrastinate.App(connector=PsycopgConnector())
# The way in, on the connection of each transaction: inside a worker that of QUEUE is asynchronous, and takes none.
DOOR = procrastinate.App(connector=SyncPsycopgConnector())


def job(name: str, *, queue: Queue = "quick") -> Callable[[Callable[..., None]], Callable[..., None]]:
    """Register a function as the job ``module.verb``. It takes plain JSON values, and opens a transaction itself."""

    def register(function: Callable[..., None]) -> Callable[..., None]:
        QUEUE.task(name=name, queue=queue)(function)
        return function

    return register


def defer(
    session: Session, name: str, *, once: str | None = None, at: datetime | None = None, **arguments: Any
) -> int:
    """Queue the job ``name`` with ``arguments`` in the session's transaction; its number.

    Both are committed together or not at all. ``once`` is a key under which no second job may wait: a job that
    waits already is left to do it, and its number is given. ``at``: not before that moment.

    Raises
    ------
    LookupError
        No module registers such a job.
    """
    if name not in QUEUE.tasks:
        load_jobs()
    if name not in QUEUE.tasks:
        raise LookupError(f"no job is called {name!r}")
    session.flush()
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    if once is not None:
        waiting = connection.execute(
            "select id from procrastinate_jobs where queueing_lock = %s and status = 'todo'", (once,)
        ).fetchone()
        if waiting is not None:
            return int(waiting[0])
    queued = DOOR.configure_task(
        name, queue=QUEUE.tasks[name].queue, connection=connection, queueing_lock=once, schedule_at=at
    )
    return int(queued.defer(**arguments))


def arguments_of_open_jobs(session: Session, name: str) -> list[dict[str, Any]]:
    """Arguments of every job ``name`` that waits or is being done, also by a worker that died and will be replaced."""
    asked = text(
        "select args from procrastinate_jobs where task_name = :name and status in ('todo', 'doing')"
    )
    return list(session.scalars(asked, {"name": name}))


def load_jobs() -> None:
    """Import ``jobs.py`` of every module, so that every job is registered."""
    for module in iter_modules(xzgis.__path__):
        name = f"xzgis.{module.name}.jobs"
        if module.ispkg and module.name not in ("core", "cli", "migrations") and find_spec(name) is not None:
            import_module(name)


def state_of(session: Session, number: int) -> str:
    """Where a job stands: ``todo``, ``doing``, ``succeeded``, ``failed``, ``cancelled``, ``aborted``."""
    connection = session.connection().connection.driver_connection
    assert isinstance(connection, Connection)
    row = connection.execute("select status from procrastinate_jobs where id = %s", (number,)).fetchone()
    if row is None:
        raise Unavailable(Words(f"没有任务 {number}。", f"There is no job {number}."))
    return str(row[0])
