"""``xzgis jobs``: what waits, runs and failed in the background; do it again, or take it out."""

import json
from datetime import UTC, datetime

import typer

from xzgis.cli.frame import actor, language, open_database, say
from xzgis.core.words import Words

STATE = typer.Option(None, "--state", help="todo doing succeeded failed cancelled aborted")
BEFORE = typer.Option(None, "--before", help="只列此编号之前的 · only jobs before this number")
LIMIT = typer.Option(50, "--limit", min=1, max=1000, help="最多列出 · how many at most")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
NUMBER = typer.Argument(..., help="任务编号 · number of the job")
STATES = {
    "todo": Words("等待", "waits"),
    "doing": Words("处理中", "being done"),
    "succeeded": Words("完成", "done"),
    "failed": Words("失败", "failed"),
    "cancelled": Words("已取消", "cancelled"),
    "aborted": Words("已中止", "aborted"),
}


def add(app: typer.Typer) -> None:
    """Bring ``jobs list|retry|cancel|timetable``."""
    group = typer.Typer(no_args_is_help=True, help="后台任务：列出、重试、取消 · background jobs")
    group.command("list", help="列出任务，最新在前 · jobs, the latest first")(listed)
    group.command("retry", help="重试失败的任务 · do a failed job again")(retry)
    group.command("cancel", help="取消等待中的任务 · take a waiting job out")(cancel)
    group.command("timetable", help="定时任务 · what is done when")(timetable)
    app.add_typer(group, name="jobs")


def listed(
    state: str | None = STATE, before: int | None = BEFORE, limit: int = LIMIT, as_json: bool = AS_JSON
) -> None:
    """Jobs with their state, their age and whoever asked."""
    from xzgis.core.db import transaction
    from xzgis.core.queued import jobs_seen

    engine = open_database()
    with transaction(actor()) as session:
        found = jobs_seen(session, state=state, before=before, limit=limit)
    engine.dispose()
    if as_json:
        rows = [
            {
                "number": one.number, "job": one.name, "queue": one.queue, "state": one.state,
                "attempts": one.attempts, "asked_by": one.asked_by, "arguments": one.arguments,
                "queued_at": one.queued_at.isoformat() if one.queued_at else None,
                "changed_at": one.changed_at.isoformat() if one.changed_at else None,
            }
            for one in found
        ]  # fmt: skip
        typer.echo(json.dumps({"jobs": rows}, ensure_ascii=False))
        return
    now, spoken = datetime.now(UTC), language()
    for one in found:
        age = f"{(now - one.changed_at).total_seconds() / 60:.0f} min" if one.changed_at else "—"
        told = STATES[one.state].spoken(spoken)
        typer.echo(f"{one.number}\t{told}\t{one.name}\t{age}\t{one.asked_by or '—'}\t{one.attempts}")
    if not found:
        say(Words("没有这样的任务。", "There is no such job."))


def retry(number: int = NUMBER) -> None:
    """Do a failed job again."""
    from xzgis.audit.actions.controlling import retry_job
    from xzgis.core.db import transaction

    engine = open_database()
    with transaction(actor()) as session:
        retry_job(session, actor=actor(), number=number, now=datetime.now(UTC))
    engine.dispose()
    say(Words(f"任务 {number} 已重新排队。", f"Job {number} waits again."))


def cancel(number: int = NUMBER) -> None:
    """Take a waiting job out of the queue."""
    from xzgis.audit.actions.controlling import cancel_job
    from xzgis.core.db import transaction

    engine = open_database()
    with transaction(actor()) as session:
        cancel_job(session, actor=actor(), number=number, now=datetime.now(UTC))
    engine.dispose()
    say(Words(f"任务 {number} 已取消。", f"Job {number} is cancelled."))


def timetable() -> None:
    """What is done when (cron, UTC)."""
    from xzgis.worker import TIMETABLE

    for name, cron in TIMETABLE.items():
        typer.echo(f"{cron}\t{name}")
