"""What is in the queue, and what a person may do to it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from xzgis.core.errors import Invalid, WrongState
from xzgis.core.words import Words

STATES = ("todo", "doing", "succeeded", "failed", "cancelled", "aborted")
SEEN = text(
    "select job.id, job.task_name, job.queue_name, job.status::text, job.attempts, job.args, job.scheduled_at, "
    "first.at, last.at from procrastinate_jobs as job "
    "left join lateral (select min(at) as at from procrastinate_events where job_id = job.id) as first on true "
    "left join lateral (select max(at) as at from procrastinate_events where job_id = job.id) as last on true "
    "where (cast(:state as text) is null or job.status::text = :state) and (cast(:before as bigint) is null or job.id < :before) "
    "order by job.id desc limit :limit"
)
AGAIN = text(
    "update procrastinate_jobs set status = 'todo', attempts = attempts + 1, scheduled_at = null "
    "where id = :number and status = 'failed' returning task_name"
)
AWAY = text(
    "update procrastinate_jobs set status = 'cancelled' where id = :number and status = 'todo' returning task_name"
)


ARGUMENTS = text("select args from procrastinate_jobs where id = :number")
HEARD = text(
    "select count(*) filter (where last_heartbeat > now() - make_interval(secs => :silence)), "
    "extract(epoch from now() - max(last_heartbeat)) from procrastinate_workers"
)
LAST_TIMES = text(
    "select distinct on (due.task_name) due.task_name, to_timestamp(due.defer_timestamp), job.status::text "
    "from procrastinate_periodic_defers as due left join procrastinate_jobs as job on job.id = due.job_id "
    "order by due.task_name, due.defer_timestamp desc"
)


@dataclass(frozen=True, slots=True)
class Queued:
    """One job: what it does and with what, where it stands, since when.

    ``queued_at`` is when it came into the queue, ``changed_at`` when it last changed its state.
    """

    number: int
    name: str
    queue: str
    state: str
    attempts: int
    arguments: dict[str, Any]
    scheduled_at: datetime | None
    queued_at: datetime | None
    changed_at: datetime | None

    @property
    def asked_by(self) -> str | None:
        """Account of whoever asked for it; None for the timetable."""
        actor = self.arguments.get("actor")
        return actor.get("name") if isinstance(actor, dict) else actor


def jobs_seen(
    session: Session, *, state: str | None = None, before: int | None = None, limit: int = 50
) -> list[Queued]:
    """Jobs, the latest first; ``before`` is the number of the last one seen already.

    Raises
    ------
    Invalid
        There is no such state.
    """
    if state is not None and state not in STATES:
        raise Invalid(
            Words(
                f"任务没有“{state[:40]}”状态；可用：{'、'.join(STATES)}。",
                f"No job is {state[:40]!r}; the states are {', '.join(STATES)}.",
            )
        )
    return [Queued(*row) for row in session.execute(SEEN, {"state": state, "before": before, "limit": limit})]


def arguments_of(session: Session, number: int) -> dict[str, Any]:
    """What a job works with; nothing when it is forgotten."""
    return dict(session.scalar(ARGUMENTS, {"number": number}) or {})


def workers_alive(session: Session, *, silence_s: float) -> tuple[int, float | None]:
    """How many workers said within ``silence_s`` seconds that they live, and how long the last word is ago."""
    alive, last_s = session.execute(HEARD, {"silence": silence_s}).one()
    return int(alive), None if last_s is None else float(last_s)


def last_times(session: Session) -> dict[str, tuple[datetime, str | None]]:
    """When each job of the timetable was last due, and the state of that job; None when it is forgotten already."""
    return {name: (at, state) for name, at, state in session.execute(LAST_TIMES)}


def do_again(session: Session, number: int) -> str:
    """Put a failed job back into the queue; its name.

    Raises
    ------
    WrongState
        It has not failed, or the same work waits already.
    """
    try:
        with session.begin_nested():
            name = session.scalar(AGAIN, {"number": number})
    except IntegrityError as error:
        raise WrongState(
            Words(
                f"同样的任务已在排队，任务 {number} 不必重试。",
                f"The same work waits in the queue already; job {number} need not be done again.",
            )
        ) from error
    if name is None:
        raise WrongState(
            Words(
                f"任务 {number} 不存在或没有失败，不能重试。",
                f"There is no failed job {number} to do again.",
            )
        )
    return str(name)


def take_out(session: Session, number: int) -> str:
    """Take a job that nobody has begun out of the queue; its name.

    Raises
    ------
    WrongState
        It does not wait.
    """
    name = session.scalar(AWAY, {"number": number})
    if name is None:
        raise WrongState(
            Words(
                f"任务 {number} 不在等待中，不能取消；正在处理的请等它结束。",
                f"Job {number} does not wait and cannot be cancelled; one that is being done comes to its end.",
            )
        )
    return str(name)
