"""``xzgis exports``: what left as files; withdraw, verify, ask for more ground, decide."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.exports.models import Export, ExportApproval

NOT_VALID = 1
MOST_LISTED = 200
NUMBER = typer.Argument(..., min=1, help="编号 · number")
REASON = typer.Option(..., "--reason", help="理由，写入记录 · why, kept in the trail")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
PERSON = typer.Option("", "--person", help="账号 · account")


def add(app: typer.Typer) -> None:
    """Bring ``exports …``."""
    group = typer.Typer(no_args_is_help=True, help="外发文件：清单、撤回、核验、审批 · files that left")
    group.command("list", help="外发清单 · what left, the newest first")(list_exports)
    group.command("show", help="一次外发 · one export")(show)
    group.command("withdraw", help="撤回，要求持有人销毁 · withdraw: files are to be destroyed")(withdraw)
    group.command(
        "verify", help="核验文件；有效退出码 0，否则 1 · is a file ours and does it stand: exit 0, else 1"
    )(verify)
    group.command("ask", help="申请超出连片面积上限 · ask to hold more contiguous ground")(ask)
    group.command("requests", help="申请清单 · requests")(requests)
    group.command("approve", help="批准他人的申请 · approve somebody else's request")(approve)
    group.command("refuse", help="驳回他人的申请 · refuse somebody else's request")(refuse)
    app.add_typer(group, name="exports")


def list_exports(person: str = PERSON, as_json: bool = AS_JSON) -> None:
    """The last 200 exports, one line each."""
    from xzgis.core.db import transaction
    from xzgis.exports.queries import exports

    open_database()
    with transaction(actor()) as session:
        rows = [document_of(one) for one in exports(session, actor=actor(), person=person, limit=MOST_LISTED)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        told = (row["number"], row["at"], row["person"], row["dataset"], row["file_format"], row["grade"],
                row["records"], "withdrawn" if row["withdrawn_at"] else "", row["reason"] or "")  # fmt: skip
        typer.echo("\t".join(str(part) for part in told))


def show(number: int = NUMBER) -> None:
    """One export as a JSON document."""
    from xzgis.core.db import transaction
    from xzgis.exports.queries import export_of

    open_database()
    with transaction(actor()) as session:
        told = document_of(export_of(session, number, actor=actor()))
    typer.echo(json.dumps(told, ensure_ascii=False, indent=1))


def withdraw(number: int = NUMBER, reason: str = REASON) -> None:
    """Mark an export as withdrawn; every verification of its files says so from now on."""
    from datetime import UTC, datetime

    from xzgis.core.db import transaction
    from xzgis.exports.actions.keeping import withdraw_export

    open_database()
    with transaction(actor()) as session:
        person = withdraw_export(
            session, actor=actor(), number=number, reason=reason, now=datetime.now(UTC)
        ).person
    say(Words(f"导出 {number} 已撤回；请 {person} 销毁全部副本并书面回复。",
              f"Export {number} is withdrawn; {person} is to destroy every copy and say so in writing."))  # fmt: skip


def verify(
    file: Path | None = typer.Argument(None, help="文件 · the file"),
    number: int | None = typer.Option(None, "--number", min=1, help="文件上的导出编号 · the number on it"),
) -> int:
    """Look a file up by its hash, or by the number it bears."""
    from hashlib import file_digest

    from xzgis.core.db import transaction
    from xzgis.core.errors import Invalid
    from xzgis.exports.actions.keeping import verified
    from xzgis.exports.rules.told import told_of
    from xzgis.exports.terms import Standing

    if file is None and number is None:
        raise Invalid(Words("请给出文件或 --number。", "Name a file, or its --number."))
    digest = ""
    if file is not None:
        if not file.is_file():
            raise Invalid(Words(f"没有文件 {file}。", f"There is no file {file}."))
        with file.open("rb") as opened:
            digest = file_digest(opened, "sha256").hexdigest()
    open_database()
    with transaction(actor()) as session:
        found = verified(session, sha256=digest, number=number)
        words = told_of(
            found.standing, None if found.export is None else found.export.number, by_content=found.by_content
        )
    say(words)
    return 0 if found.standing is Standing.VALID else NOT_VALID


def ask(
    km2: float = typer.Option(..., "--km2", help="申请的连片面积上限，km² · up to how much"),
    reason: str = REASON,
) -> None:
    """Ask; another person decides on the page or with ``approve``."""
    from datetime import UTC, datetime

    from xzgis.core.db import transaction
    from xzgis.exports.actions.keeping import ask_for_ground

    open_database()
    with transaction(actor()) as session:
        number = ask_for_ground(session, actor=actor(), km2=km2, reason=reason, now=datetime.now(UTC)).id
    say(
        Words(
            f"申请 {number} 已提交，须由另一人批准。", f"Request {number} is made; another person approves."
        )
    )
    typer.echo(str(number))


def requests(as_json: bool = AS_JSON) -> None:
    """Requests, open ones first."""
    from xzgis.core.db import transaction
    from xzgis.exports.queries import approvals

    open_database()
    with transaction(actor()) as session:
        rows = [request_document(one) for one in approvals(session, actor=actor(), limit=MOST_LISTED)]
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for row in rows:
        typer.echo("\t".join(str(row[name]) for name in ("id", "state", "asked_by", "km2", "reason")))


def approve(number: int = NUMBER, reason: str = REASON) -> None:
    """Approve; never one's own request."""
    _decide(number, reason, approved=True)


def refuse(number: int = NUMBER, reason: str = REASON) -> None:
    """Refuse; never one's own request."""
    _decide(number, reason, approved=False)


def _decide(number: int, reason: str, *, approved: bool) -> None:
    from datetime import UTC, datetime

    from xzgis.catalogue.queries import catalogue
    from xzgis.core.db import transaction
    from xzgis.exports.actions.keeping import decide_ground

    open_database()
    with transaction(actor()) as session:
        decide_ground(
            session, actor=actor(), number=number, approved=approved, reason=reason, rules=catalogue().exports,
            now=datetime.now(UTC),
        )  # fmt: skip
    word = Words("批准", "approved") if approved else Words("驳回", "refused")
    say(Words(f"申请 {number} 已{word.zh}。", f"Request {number} is {word.en}."))


def document_of(export: "Export") -> dict[str, Any]:
    """An export as JSON-ready values."""
    names = ("number", "dataset", "file_format", "about", "reason", "grade", "records", "held_km2", "person",
             "acting_for", "unit_id", "via", "at", "withdrawn_at", "withdrawn_by", "withdrawn_reason")  # fmt: skip
    told = {name: getattr(export, name) for name in names}
    files = [{"name": one.name, "sha256": one.sha256, "size_bytes": one.size_bytes} for one in export.files]
    return {name: _plain(value) for name, value in told.items()} | {"files": files}


def request_document(asked: "ExportApproval") -> dict[str, Any]:
    """A request as JSON-ready values."""
    names = ("id", "asked_by", "asked_at", "reason", "km2", "state", "decided_by", "decided_at", "decided_reason",
             "until")  # fmt: skip
    return {name: _plain(getattr(asked, name)) for name in names}


def _plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
