"""``xzgis workflow``: process definitions, proposed by one person and approved by another."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.workflow.models import ProcessVersion
    from xzgis.workflow.terms import Definition

KEY = typer.Argument(..., help="流程标识，如 road_occupation · key of a process")
FILE = typer.Argument(..., help="BPMN 2.0 文件 · a BPMN 2.0 file")
NUMBER = typer.Argument(..., min=1, help="版本的编号，见 versions · id of the version, see versions")
REASON = typer.Option(..., "--reason", help="理由，写入记录 · why, kept in the trail")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")


def add(app: typer.Typer) -> None:
    """Bring ``workflow …``."""
    group = typer.Typer(no_args_is_help=True, help="流程定义：查阅、检查、提出、批准 · process definitions")
    group.command("list", help="现行的流程 · the processes in force")(list_processes)
    group.command("show", help="一个流程的步骤与时限 · the steps of a process and their clocks")(show)
    group.command("versions", help="一个流程的各版本 · the versions of a process")(versions)
    group.command("export", help="取出某一版本的文件 · write the file of a version")(export)
    group.command("check", help="检查流程图文件，不用数据库 · check a file, without a database")(check)
    group.command("propose", help="提出新版本，由另一人批准 · propose a version; another person approves")(
        propose
    )
    group.command("approve", help="批准他人提出的版本 · approve somebody else's version")(approve)
    group.command("refuse", help="驳回他人提出的版本 · refuse somebody else's version")(refuse)
    group.command("withdraw", help="生效前撤回 · withdraw before it is in force")(withdraw)
    app.add_typer(group, name="workflow")


def _open() -> None:
    from xzgis.migrations import load_models

    load_models()  # a version names people, whose table is another room's
    open_database()


def list_processes(as_json: bool = AS_JSON) -> None:
    """Key, name, version, since when, steps, days by law and as promised; one line each."""
    from datetime import UTC, datetime

    from xzgis.core.db import transaction
    from xzgis.workflow import queries

    _open()
    with transaction(actor()) as session:
        rows = [_row(one, queries.definition_of(one)) for one in queries.in_force(session, datetime.now(UTC))]
    _tell(rows, as_json)


def _row(version: "ProcessVersion", found: "Definition") -> dict[str, Any]:
    told = found.procedure
    return {
        "process": found.key, "zh": found.name.zh, "en": found.name.en, "version": version.number, "id": version.id,
        "in_force_from": _iso(version.in_force_from), "decided_by": version.decided_by, "steps": len(found.steps()),
        "statutory_days": told.statutory_days, "extension_days": told.extension_days, "promised_days": told.promised_days,
    }  # fmt: skip


def _tell(rows: list[dict[str, Any]], as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(rows, ensure_ascii=False))
        return
    for one in rows:
        typer.echo("\t".join("" if value is None else str(value) for value in one.values()))


def show(key: str = KEY, as_json: bool = AS_JSON) -> None:
    """The steps of a process as it is in force."""
    from datetime import UTC, datetime

    from xzgis.core.db import transaction
    from xzgis.workflow import queries

    _open()
    with transaction(actor()) as session:
        one = queries.in_force_of(session, key, datetime.now(UTC))
        if one is None:
            raise queries.ProcessNotFound(key)
        head, found = _row(one, queries.definition_of(one)), queries.definition_of(one)
    if as_json:
        typer.echo(json.dumps(head | {"steps": _steps(found)}, ensure_ascii=False))
        return
    _tell([head], as_json=False)
    _tell(_steps(found), as_json=False)


def _steps(found: "Definition") -> list[dict[str, Any]]:
    rows = []
    for node in found.steps():
        facts = {} if node.step is None else node.step.model_dump(mode="json")
        names = ("actor", "working_days", "hours", "stops_clock", "document", "basis", "confidence", "source")
        rows.append({"id": node.id, "name": node.name.zh, **{name: facts.get(name) for name in names}})
    return rows


def versions(key: str = KEY, as_json: bool = AS_JSON) -> None:
    """Every version of a process, the newest first: who, when, why."""
    from xzgis.core.db import transaction
    from xzgis.workflow.queries import versions_of

    names = ("id", "number", "state", "in_force_from", "proposed_by", "proposed_at", "decided_by", "decided_at",
             "withdrawn_by", "reason", "source", "digest")  # fmt: skip
    _open()
    with transaction(actor()) as session:
        rows = [{name: _iso(getattr(one, name)) for name in names} for one in versions_of(session, key)]
    _tell(rows, as_json)


def export(number: int = NUMBER, file: Path = typer.Argument(..., help="新文件 · a new file")) -> None:
    """Write the file of a version as it came."""
    from xzgis.core.db import transaction
    from xzgis.core.errors import WrongState
    from xzgis.workflow.queries import version

    if file.exists():
        raise WrongState(Words(f"{file} 已存在，没有覆盖。", f"{file} is there already and was left alone."))
    _open()
    with transaction(actor()) as session:
        content = version(session, number).bpmn.encode()
    file.write_bytes(content)
    say(Words(f"版本 {number} 已写入 {file}。", f"Version {number} is in {file}."))


def check(file: Path = FILE) -> None:
    """Whether a file would be taken: its steps, or every fault with element, line and remedy."""
    from xzgis.workflow.rules.reading import read

    found = read(_content(file))
    _tell(_steps(found), as_json=False)
    name, count = found.name, len(found.steps())
    say(
        Words(
            f"“{name.zh}”（{found.key}）可用：{count} 个步骤。",
            f"{name.en} ({found.key}) is sound: {count} steps.",
        )
    )


def _content(file: Path) -> bytes:
    from xzgis.core.errors import NotFound
    from xzgis.workflow.terms import LARGEST_FILE_BYTES

    if not file.is_file():
        raise NotFound(Words(f"没有文件 {file}。", f"There is no file {file}."))
    with file.open("rb") as opened:
        return opened.read(LARGEST_FILE_BYTES + 1)


def propose(
    file: Path = FILE,
    reason: str = REASON,
    source: str = typer.Option(
        ..., "--source", help="依据：法规条款或文号 · law and clause, or the decision"
    ),
    from_: str = typer.Option(
        "", "--from", help="希望生效时间；不填为批准后立即 · in force from, empty: at once"
    ),
) -> None:
    """Propose; another person decides on the page or with ``approve``."""
    from datetime import UTC, datetime

    from xzgis.cli.rulebook import moment_of
    from xzgis.core.db import transaction
    from xzgis.workflow.actions.changing import propose_version
    from xzgis.workflow.terms import Proposal

    proposal = Proposal(_content(file), reason, source, moment_of(from_))
    _open()
    with transaction(actor()) as session:
        made = propose_version(session, actor=actor(), proposal=proposal, now=datetime.now(UTC))
        number, key = made.id, made.process_key
    say(Words(f"流程 {key} 的版本 {number} 已提出，须由另一人批准。",
              f"Version {number} of {key} is proposed; another person approves."))  # fmt: skip
    typer.echo(str(number))


def approve(
    number: int = NUMBER,
    reason: str = REASON,
    from_: str = typer.Option(
        "", "--from", help="生效时间；不填为提出的时间 · in force from, empty: as asked"
    ),
) -> None:
    """Approve; never one's own version."""
    from xzgis.cli.rulebook import moment_of

    _decide(number, reason, approved=True, from_at=moment_of(from_))


def refuse(number: int = NUMBER, reason: str = REASON) -> None:
    """Refuse; never one's own version."""
    _decide(number, reason, approved=False, from_at=None)


def _decide(number: int, reason: str, *, approved: bool, from_at: Any) -> None:
    from datetime import UTC, datetime

    from xzgis.core.clock import city_time
    from xzgis.core.db import transaction
    from xzgis.workflow.actions.changing import decide_version

    _open()
    with transaction(actor()) as session:
        made = decide_version(
            session, actor=actor(), version_id=number, approved=approved, reason=reason, now=datetime.now(UTC),
            from_at=from_at,
        )  # fmt: skip
        since, count = made.in_force_from, made.number
    if since is None:
        say(Words(f"版本 {number} 已驳回。", f"Version {number} is refused."))
        return
    at = city_time(since)
    say(Words(f"版本 {number} 已批准为第 {count} 版，自 {at} 起生效。",
              f"Version {number} is approved as number {count}, in force from {at}."))  # fmt: skip


def withdraw(number: int = NUMBER, reason: str = REASON) -> None:
    """Withdraw a version that is not in force yet."""
    from datetime import UTC, datetime

    from xzgis.core.db import transaction
    from xzgis.workflow.actions.changing import withdraw_version

    _open()
    with transaction(actor()) as session:
        withdraw_version(session, actor=actor(), version_id=number, reason=reason, now=datetime.now(UTC))
    say(Words(f"版本 {number} 已撤回。", f"Version {number} is withdrawn."))


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value
