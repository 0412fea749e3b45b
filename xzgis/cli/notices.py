"""``xzgis notices``: what waits for somebody, call it done, and whether e-mail gets out."""

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import actor, language, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.core.actor import Actor

ACCOUNT = typer.Option(
    None,
    "--person",
    help="账号；不写则列出等待任一岗位办理的 · account; none: what waits for whoever holds a post",
)
WHAT = typer.Option("todo", "--what", help="todo notice done")
LIMIT = typer.Option(50, "--limit", min=1, max=200, help="最多列出 · how many at most")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
NUMBER = typer.Argument(..., help="待办编号 · number of the to-do")
ADDRESS = typer.Argument(..., help="收件地址 · address to write to")


def add(app: typer.Typer) -> None:
    """Bring ``notices list|done|letters|try-mail``."""
    group = typer.Typer(no_args_is_help=True, help="待办与通知 · to-dos and notices")
    group.command("list", help="列出待办、通知或已办 · what waits, is told or done")(listed)
    group.command("done", help="办结一项没有记录可依的待办 · call a to-do done that no record ends")(done)
    group.command("letters", help="邮件发送情况 · e-mails by state")(letters)
    group.command("try-mail", help="发送一封测试邮件 · send one e-mail to see whether it gets out")(try_mail)
    app.add_typer(group, name="notices")


def _acting(account: str | None) -> "Actor":
    """Whose to-dos are listed: everything a person may do now, or the console's."""
    from xzgis.core.db import transaction
    from xzgis.reactions.queries import actor_called

    if account is None:
        return actor()
    with transaction(actor()) as session:
        return actor_called(session, account, now=datetime.now(UTC))


def listed(
    person: str | None = ACCOUNT, what: str = WHAT, limit: int = LIMIT, as_json: bool = AS_JSON
) -> None:
    """To-dos by their clock; notices and what is done, the latest first."""
    from xzgis.core.clock import city_time
    from xzgis.core.db import transaction
    from xzgis.notices.rules import sentence_of
    from xzgis.notices.terms import what_of
    from xzgis.reactions.queries import listed as found_for

    shown = what_of(what)
    engine = open_database()
    whose = _acting(person)
    with transaction(whose) as session:
        found = found_for(session, actor=whose, what=shown, limit=limit)
    engine.dispose()
    spoken, now = language(), datetime.now(UTC)
    if as_json:
        rows = [
            {
                "id": one.id, "kind": one.kind, "is_todo": one.sort.is_todo,
                "sentence": sentence_of(one, spoken, moment=city_time), "path": one.path,
                "for_permission": one.permission, "told_at": one.told_at.isoformat(),
                "due_at": one.due_at.isoformat() if one.due_at else None, "is_overdue": one.is_overdue(now),
                "read_at": one.read_at.isoformat() if one.read_at else None,
                "done_at": one.done_at.isoformat() if one.done_at else None, "done_by": one.done_by,
            }
            for one in found
        ]  # fmt: skip
        typer.echo(json.dumps({"notices": rows}, ensure_ascii=False))
        return
    for one in found:
        due = city_time(one.due_at) if one.due_at else "—"
        late = Words(" 已逾期", " OVERDUE").spoken(spoken) if one.is_overdue(now) else ""
        typer.echo(f"{one.id}\t{due}{late}\t{sentence_of(one, spoken, moment=city_time)}")
    if not found:
        say(Words("没有。", "There is none."))


def done(number: int = NUMBER) -> None:
    """Call a to-do done that no record ends."""
    from xzgis.core.db import transaction
    from xzgis.notices.actions.telling import call_done

    engine = open_database()
    with transaction(actor()) as session:
        call_done(session, number, actor=actor(), now=datetime.now(UTC))
    engine.dispose()
    say(Words(f"待办 {number} 已办结。", f"To-do {number} is done."))


def letters() -> None:
    """How many e-mails were sent, wait, failed or may have been lost."""
    from xzgis.core.db import transaction
    from xzgis.notices.queries import letters_by_state

    engine = open_database()
    with transaction(actor()) as session:
        found = letters_by_state(session)
    engine.dispose()
    for state, count, reason in found:
        typer.echo(f"{state}\t{count}\t{reason or '—'}")
    if not found:
        say(Words("没有邮件。", "There is no e-mail."))


def try_mail(address: str = ADDRESS) -> None:
    """Send one e-mail by the settings, and say what the server answered."""
    from xzgis.core.settings import settings
    from xzgis.notices.actions.letters import try_letter

    try_letter(address, settings(), now=datetime.now(UTC))
    say(
        Words(
            f"邮件服务器已接收发往 {address} 的测试邮件。",
            f"The mail server took a test letter to {address}.",
        )
    )
