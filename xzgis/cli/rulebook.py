"""``xzgis rules``: the rule tables and code lists, changed by one person and approved by another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from datetime import datetime

    from xzgis.catalogue.models import RuleChange

TABLE = typer.Argument(..., help="规则表，见 rules list · a table, see rules list")
ROW = typer.Argument(..., help="行，如 H039 · the row, as H039")
NUMBER = typer.Argument(..., min=1, help="修改编号 · number of the change")
REASON = typer.Option(..., "--reason", help="理由，写入记录 · why, kept in the trail")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
AS_OF = typer.Option("", "--as-of", help="该时刻的表，如 2026-12-01T00:00 · the tables in force then")
MOST_LISTED = 200


def add(app: typer.Typer) -> None:
    """Bring ``rules …``."""
    group = typer.Typer(
        no_args_is_help=True, help="规则表与代码表：查阅、修改、批准 · rule tables and code lists"
    )
    group.command("list", help="各表，或一张表的行 · the tables, or the rows of one")(list_rules)
    group.command("show", help="一行及其出厂值 · one row beside the shipped one")(show)
    group.command("export", help="现行的表写成目录，供 check --layers · the tables in force as a folder")(
        export
    )
    group.command("history", help="一行的修改历史 · the changes of one row")(history)
    group.command("changes", help="修改清单 · changes, the newest first")(changes)
    group.command("propose", help="提出修改，由另一人批准 · propose a change; another person approves")(
        propose
    )
    group.command("approve", help="批准他人的修改 · approve somebody else's change")(approve)
    group.command("refuse", help="驳回他人的修改 · refuse somebody else's change")(refuse)
    group.command("withdraw", help="生效前撤回 · withdraw before it is in force")(withdraw)
    app.add_typer(group, name="rules")


def _open() -> None:
    """The register, also while changes clash with a newer ``layers/``: these commands mend that. It is said each time."""
    from datetime import UTC, datetime

    from xzgis.catalogue.queries import clashing
    from xzgis.core.db import transaction
    from xzgis.migrations import load_models

    load_models()  # a change names people, whose table is another room's
    open_database(may_clash=True)
    with transaction(actor()) as session:
        for fault in clashing(session, datetime.now(UTC)):
            say(fault.words)


def list_rules(
    table: str = typer.Argument("", help="规则表；不填为全部表 · a table, empty for all of them"),
    search: str = typer.Option("", "--search", help="各词都出现的行 · rows with every word"),
    changed: bool = typer.Option(False, "--changed", help="只列本市修改过的 · only rows the city changed"),
    as_of: str = AS_OF,
    as_json: bool = AS_JSON,
) -> None:
    """The tables with their counts, or rows, one line each."""
    from xzgis.catalogue import queries
    from xzgis.catalogue.files import shipped
    from xzgis.catalogue.rules.overlay import matching, rows_of
    from xzgis.catalogue.rules.tables import tables_of

    _open()
    known = queries.edition_as_laid(moment_of(as_of))
    if not table:
        told: list[dict[str, Any]] = [
            {"table": one.token, "zh": one.words.zh, "en": one.words.en, "rows": len(known.parts.get(one.part, ())),
             "changed": sum(each.table == one.token for each in known.catalogue.changes)}
            for one in tables_of(shipped().parts)
        ]  # fmt: skip
    else:
        asked = queries.table_named(table)
        every = rows_of(asked, known.parts, shipped().parts, known.catalogue.changes)
        told = [
            {"row": row.key, **row.cells, "change": None if row.applied is None else row.applied.number}
            for row in matching(every, search, only_changed=changed)
        ]
    if as_json:
        typer.echo(json.dumps({"version": known.catalogue.version, "items": told}, ensure_ascii=False))
        return
    for one in told:
        typer.echo("\t".join("" if value is None else str(value) for value in one.values()))


def show(table: str = TABLE, row: str = ROW, as_of: str = AS_OF) -> None:
    """One row as a JSON document: its cells, those shipped otherwise, and the change that made it so."""
    from xzgis.catalogue import queries
    from xzgis.catalogue.files import shipped
    from xzgis.catalogue.rules.overlay import rows_of
    from xzgis.core.errors import NotFound

    _open()
    asked, known = queries.table_named(table), queries.edition_as_laid(moment_of(as_of))
    every = rows_of(asked, known.parts, shipped().parts, known.catalogue.changes)
    found = next((one for one in every if one.key == row), None)
    if found is None:
        raise NotFound(
            Words(f"“{asked.words.zh}”中没有“{row}”这一行。", f"{asked.words.en} has no row {row!r}.")
        )
    before = None if found.shipped is None else {name: found.shipped.get(name, "") for name in found.changed}
    applied = found.applied
    told = {
        "version": known.catalogue.version, "row": found.key, "cells": dict(found.cells), "shipped": before,
        "change": None if applied is None else applied.number,
        "bearing": None if applied is None else applied.bearing.value,
    }  # fmt: skip
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))


def export(
    folder: Path = typer.Argument(..., help="新目录 · a new folder"),
    as_of: str = AS_OF,
) -> None:
    """Write the tables in force, so that a check without a register judges by them too."""
    from xzgis.catalogue import queries
    from xzgis.catalogue.actions.exporting import write_edition

    _open()
    known = queries.edition(moment_of(as_of))
    version = write_edition(known, folder)
    count = len(known.catalogue.changes)
    say(Words(f"现行规则表（版本 {known.catalogue.version}，含本市修改 {count} 行）已写入 {folder}；以 xzgis check --layers 或 "
              "XZGIS_LAYERS_DIR 使用，检查结果中的版本为：",
              f"The tables in force (version {known.catalogue.version}, {count} rows of the city's) are in {folder}; use them "
              "with xzgis check --layers or XZGIS_LAYERS_DIR, where answers name them as:"))  # fmt: skip
    typer.echo(version)


def history(table: str = TABLE, row: str = ROW, as_json: bool = AS_JSON) -> None:
    """Who changed the row, when, why, old beside new; the newest first."""
    _listed(as_json, table=table, row=row)


def changes(
    state: str = typer.Option("", "--state", help="proposed approved refused withdrawn"),
    as_json: bool = AS_JSON,
) -> None:
    """Changes of all tables, the newest first."""
    _listed(as_json, state=state)


def _listed(as_json: bool, *, state: str = "", table: str = "", row: str | None = None) -> None:
    from xzgis.catalogue.queries import changes as changes_of
    from xzgis.core.db import transaction

    _open()
    with transaction(actor()) as session:
        found = changes_of(session, state=state, table=table, row=row, limit=MOST_LISTED)
        rows = [document_of(one) for one in found]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in rows:
        cells = "; ".join(
            f"{name} {one['before'].get(name, '')} -> {text}" for name, text in one["after"].items()
        )
        told = (one["id"], one["state"], one["table_name"], one["row_key"], cells, one["bearing"], one["proposed_by"],
                one["decided_by"] or "", one["in_force_from"] or "", one["reason"])  # fmt: skip
        typer.echo("\t".join(str(part) for part in told))


def propose(
    table: str = TABLE,
    row: str = ROW,
    cells: list[str] = typer.Argument(..., help="列=值，可多个 · column=value, several"),
    reason: str = REASON,
    source: str = typer.Option(
        ..., "--source", help="依据：标准条款或文号 · standard and clause, or the decision"
    ),
    from_: str = typer.Option(
        "", "--from", help="希望生效时间；不填为批准后立即 · in force from, empty: at once"
    ),
) -> None:
    """Propose; another person decides on the page or with ``approve``."""
    from datetime import UTC, datetime

    from xzgis.catalogue.actions.changing import propose_change
    from xzgis.catalogue.terms.changes import Proposal
    from xzgis.core.db import transaction
    from xzgis.core.errors import Invalid

    after = dict(cell.partition("=")[::2] for cell in cells)
    if any("=" not in cell for cell in cells):
        raise Invalid(Words("请按“列=值”填写。", "Write column=value."))
    proposal = Proposal(table, row, after, reason, source, moment_of(from_))
    _open()
    with transaction(actor()) as session:
        made = propose_change(session, actor=actor(), proposal=proposal, now=datetime.now(UTC))
        number, bearing = made.id, made.bearing
    say(Words(f"修改 {number} 已提出（{_bearing(bearing).zh}），须由另一人批准。",
              f"Change {number} is proposed ({_bearing(bearing).en}); another person approves."))  # fmt: skip
    typer.echo(str(number))


def _bearing(token: str) -> Words:
    from xzgis.catalogue.terms.changes import Bearing

    return Bearing(token).words


def approve(
    number: int = NUMBER,
    reason: str = REASON,
    from_: str = typer.Option(
        "", "--from", help="生效时间；不填为提出的时间 · in force from, empty: as asked"
    ),
) -> None:
    """Approve; never one's own change."""
    _decide(number, reason, approved=True, from_at=moment_of(from_))


def refuse(number: int = NUMBER, reason: str = REASON) -> None:
    """Refuse; never one's own change."""
    _decide(number, reason, approved=False, from_at=None)


def _decide(number: int, reason: str, *, approved: bool, from_at: "datetime | None") -> None:
    from datetime import UTC, datetime

    from xzgis.catalogue.actions.changing import decide_change
    from xzgis.core.clock import city_time
    from xzgis.core.db import transaction

    _open()
    with transaction(actor()) as session:
        since = decide_change(
            session, actor=actor(), number=number, approved=approved, reason=reason, now=datetime.now(UTC),
            from_at=from_at,
        ).in_force_from  # fmt: skip
    if since is None:
        say(Words(f"修改 {number} 已驳回。", f"Change {number} is refused."))
        return
    at = city_time(since)
    say(Words(f"修改 {number} 已批准，自 {at} 起生效。", f"Change {number} is approved, in force from {at}."))


def withdraw(number: int = NUMBER, reason: str = REASON) -> None:
    """Withdraw a change that is not in force yet."""
    from datetime import UTC, datetime

    from xzgis.catalogue.actions.changing import withdraw_change
    from xzgis.core.db import transaction

    _open()
    with transaction(actor()) as session:
        withdraw_change(session, actor=actor(), number=number, reason=reason, now=datetime.now(UTC))
    say(Words(f"修改 {number} 已撤回。", f"Change {number} is withdrawn."))


def document_of(change: "RuleChange") -> dict[str, Any]:
    """A change as JSON-ready values."""
    names = ("id", "table_name", "row_key", "before", "after", "bearing", "reason", "source", "wanted_from",
             "proposed_by", "proposed_for", "proposed_at", "state", "decided_by", "decided_at", "decided_reason",
             "in_force_from", "withdrawn_by", "withdrawn_at", "withdrawn_reason")  # fmt: skip
    told = {name: getattr(change, name) for name in names}
    return {name: value.isoformat() if hasattr(value, "isoformat") else value for name, value in told.items()}


def moment_of(text: str) -> "datetime | None":
    """A moment in the city's time, or with its own zone."""
    from datetime import datetime

    from xzgis.core.clock import city_zone
    from xzgis.core.errors import Invalid

    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        words = Words(
            f"“{text}”不是时刻，应如 2026-12-01T08:00。",
            f"{text!r} is no moment (year-month-dayThour:minute).",
        )
        raise Invalid(words) from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=city_zone())
