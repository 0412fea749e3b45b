"""``xzgis works``: what can be said of saved works from the command line."""

from datetime import UTC, datetime

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words


def add(app: typer.Typer) -> None:
    """Bring ``works contest``."""
    group = typer.Typer(no_args_is_help=True, help="已保存的工程 · saved works")
    # A callback keeps the name of a single command in the command line.
    group.callback()(_group)
    group.command("contest", help="对一项发现提出异议，或撤回 · contest a finding, or withdraw it")(contest)
    app.add_typer(group, name="works")


def _group() -> None:
    """Saved works."""


def contest(
    work_id: int = typer.Argument(..., min=1, help="工程编号 · number of the saved work"),
    finding_id: str = typer.Argument(..., help="发现的 id（JSON 中的 id）· id of the finding"),
    reason: str = typer.Option("", help="理由 · why it does not apply"),
    withdraw: bool = typer.Option(False, "--withdraw", help="撤回 · withdraw it"),
) -> None:
    """Keep with a saved work why a finding is held not to apply; verdict and counts stay as they are."""
    from xzgis.catalogue.queries import catalogue
    from xzgis.conflicts.actions.check import sources_of
    from xzgis.conflicts.actions.contest import Objection, contest_finding
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings
    from xzgis.works.actions import withdraw_contest

    open_database()
    now = datetime.now(UTC)
    with transaction(actor()) as session:
        if withdraw:
            withdraw_contest(session, actor=actor(), work_id=work_id, finding_id=finding_id, now=now)
        else:
            contest_finding(
                session, actor=actor(), work_id=work_id, said=Objection(finding_id, reason),
                catalogue=catalogue(), sources=sources_of(settings()), now=now,
            )  # fmt: skip
    if withdraw:
        say(Words("异议已撤回。", "The contest was withdrawn."))
    else:
        say(Words("异议已记入工程；结论与计数不变。", "The contest is kept; verdict and counts stay."))
