"""``xzgis import``, ``batches``, ``undo``: deliveries into the register and out again."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unicodedata import combining, east_asian_width

import typer

from xzgis.cli.frame import actor as acting
from xzgis.cli.frame import language, open_database, say, spoken_here
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.networks.terms import IntakeFinding

EXIT_REFUSED, EXIT_NOT_UNDERSTOOD = 1, 2
SHOWN = 40
# What mends a finding on the command line; pages name their own fields.
OPTIONS_THAT_MEND = {
    "C01": "--crs EPSG:n",
    "C02": "--crs EPSG:n",
    "C03": "--crs EPSG:n | --displace",
    "D02": "--same keep",
    "R01": "--mapping FILE.json",  # as an error it is about layers; as a warning about a table, which takes none
    "R33": "--mapping FILE.json",
    "S08": "--leave-out-errors",
}


def add(app: typer.Typer) -> None:
    """Bring ``import``, ``batches`` and ``undo``."""
    app.command("import", help="导入管点管线表、KLIC、GPKG、SHP、GeoJSON、DXF · import deliveries")(
        import_files
    )
    app.command("batches", help="导入批次一览 · what came in")(list_batches)
    app.command("undo", help="撤销一个批次 · take a batch out again")(undo)


def import_files(
    files: list[Path] = typer.Argument(..., help="文件 · the files of one delivery"),
    intake: str | None = typer.Option(None, "--intake", help="格式映射 · name in layers/intake"),
    crs: str | None = typer.Option(None, "--crs", help="坐标系，如 EPSG:4547 · coordinate system"),
    dry_run: bool = typer.Option(False, "--dry-run", help="只检查，不入库 · read and check only"),
    strict: bool = typer.Option(False, "--strict", help="按新测验收标准定级 · severities of an acceptance"),
    leave_out_errors: bool = typer.Option(
        False, "--leave-out-errors", help="带错行不入库，其余入库 · rows with errors stay out"
    ),
    again: bool = typer.Option(
        False, "--again", help="内容相同也再次导入 · import the same contents once more"
    ),
    same: str = typer.Option("replace", "--same", help="与现有记录同线位时：replace 替换 / keep 保留"),
    displace: bool = typer.Option(
        False, "--displace", help="外地测试数据，平移到本市 · data of another place, as test data"
    ),
    mapping: Path | None = typer.Option(None, "--mapping", help="图层映射 JSON · mapping of layers"),
    encoding: str | None = typer.Option(None, "--encoding", help="文字编码 · text encoding"),
    name: str | None = typer.Option(None, "--name", help="批次名称 · name of the batch"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> int:
    """Read, check and accept one delivery: all of it or nothing.

    Exit 0 accepted (or a clean dry run), 1 refused by findings of level error, 2 not understood, 3 error.
    """
    options: dict[str, Any] = {
        "intake": intake, "crs": crs, "strict": strict, "displace": displace, "encoding": encoding, "name": name,
        "again": again, "mapping": json.loads(mapping.read_text(encoding="utf-8")) if mapping else None,
    }  # fmt: skip
    if dry_run:
        return _dry_run(files, options, as_json)
    open_database()
    return _import(files, options, leave_out_errors=leave_out_errors, same=same, as_json=as_json)


def _dry_run(files: list[Path], options: dict[str, Any], as_json: bool) -> int:
    from xzgis.catalogue.files import catalogue
    from xzgis.core.errors import Invalid
    from xzgis.networks.actions.batches import summary_of
    from xzgis.networks.actions.reading import Limits, ReadOptions, read_files

    try:
        delivery, findings = read_files(
            files,
            options=ReadOptions.from_json(options),
            catalogue=catalogue(),
            limits=Limits(progress=_progress),
        )
    except Invalid as refusal:
        return _not_understood(refusal, files, as_json)
    counts = {level: sum(one.level == level for one in findings) for level in ("error", "warning", "info")}
    told = _document(None, delivery.intake, summary_of(delivery, counts), delivery.crs.as_json(), findings)
    _tell(told, findings, as_json)
    return EXIT_REFUSED if counts["error"] else 0


def _import(
    files: list[Path], options: dict[str, Any], *, leave_out_errors: bool, same: str, as_json: bool
) -> int:
    from xzgis.core.db import transaction
    from xzgis.networks import jobs
    from xzgis.networks.actions.at_work import at_work
    from xzgis.networks.queries.batches import batch_of, findings_of

    batch_id = _receive(files, options)
    watch = jobs.Watch(actor=acting(), tell=_progress)
    try:
        with at_work(acting(), batch_id):
            jobs.take_in(batch_id, leave_out_errors=leave_out_errors, same=same, watch=watch)
    except BaseException as stop:
        _give_up(batch_id, stop)
        raise
    with transaction(acting()) as session:
        batch, findings = batch_of(session, batch_id), findings_of(session, batch_id=batch_id)
        told = _document(batch_id, batch.intake, batch.summary, batch.crs, findings)
        told["accepted"] = batch.state == "accepted"
    refused = any(one.level == "error" for one in findings) and not leave_out_errors
    _tell(told, findings, as_json)
    if _is_unread(findings):
        return EXIT_NOT_UNDERSTOOD
    return EXIT_REFUSED if refused else 0


def _give_up(batch_id: int, stop: BaseException) -> None:
    """Leave nothing half done behind: the batch is cancelled, unless it went in before or the database is away."""
    from sqlalchemy.exc import SQLAlchemyError

    from xzgis.core.db import transaction
    from xzgis.core.errors import WrongState
    from xzgis.networks.actions.batches import cancel_batch

    reason = str(stop).splitlines()[0][:200] if str(stop) else "interrupted"
    with suppress(WrongState, SQLAlchemyError), transaction(acting()) as session:
        cancel_batch(session, actor=acting(), batch_id=batch_id, reason=reason, now=datetime.now(UTC))


def _receive(files: list[Path], options: dict[str, Any]) -> int:
    from xzgis.core.db import transaction
    from xzgis.core.errors import Invalid
    from xzgis.core.files import keep
    from xzgis.core.settings import settings
    from xzgis.networks.actions.at_work import AT_ONCE
    from xzgis.networks.actions.receiving import content_digest, receive_batch

    kept = []
    for path in files:
        if not path.is_file():
            raise Invalid(Words(f"没有文件 {path}。", f"There is no file {path}."))
        with path.open("rb") as source:
            one = keep(settings(), source)
        kept.append({"name": path.name, "digest": one.digest, "bytes": one.size_bytes})
    with transaction(acting()) as session:
        batch = receive_batch(
            session,
            actor=acting(),
            files=kept,
            digest=content_digest(files),
            options={key: value for key, value in options.items() if value is not None} | {AT_ONCE: True},
            now=datetime.now(UTC),
        )
        return batch.id


def _is_unread(findings: "tuple[IntakeFinding, ...]") -> bool:
    return any(one.code == "R00" for one in findings)


def _not_understood(refusal: Any, files: list[Path], as_json: bool) -> int:
    from xzgis.networks.rules.unreadable import unreadable

    finding = unreadable(refusal, [path.name for path in files])
    told = _document(
        None, None, {"counts": {"error": 1, "warning": 0, "info": 0}, "files": []}, None, (finding,)
    )
    _tell(told, (finding,), as_json)
    return EXIT_NOT_UNDERSTOOD


def _document(
    batch_id: int | None,
    intake: str | None,
    summary: dict[str, Any],
    crs: dict[str, Any] | None,
    findings: "tuple[IntakeFinding, ...]",
) -> dict[str, Any]:
    """The import document of docs/formats: what people script against."""
    from xzgis.catalogue.files import catalogue
    from xzgis.networks.rules.import_document import finding_as_json

    return {
        "accepted": False,
        "batch": None if batch_id is None else str(batch_id),
        "intake": intake,
        "files": summary.get("files", []),
        "crs": crs,
        "findings": [finding_as_json(one, catalogue(), language()) for one in findings],
        "counts": summary["counts"],
        "points": summary.get("points", 0),
        "lines": summary.get("lines", 0),
        "left_out": summary.get("left_out", {"points": 0, "lines": 0}),
        "replaced": summary.get("replaced", {"points": 0, "lines": 0}),
    }


def _remedy(finding: "IntakeFinding") -> str:
    """How to mend it, with the option that does it here: what the register keeps of a finding names none."""
    remedy = finding.remedy
    is_of_a_table = finding.code == "R01" and finding.level == "warning"
    option = "" if is_of_a_table else OPTIONS_THAT_MEND.get(finding.code, "")
    return spoken_here(Words(remedy.zh, remedy.en, remedy.command or option))


def _value(finding: "IntakeFinding") -> str:
    """The value as the page shows it, where the sentence does not hold it already."""
    from xzgis.catalogue.files import catalogue
    from xzgis.networks.rules.finding_words import value_words

    value = value_words(finding, catalogue(), language())
    if not value or value in finding.words.spoken(language()):
        return ""
    return Words(f"（值：{value}）", f" (value: {value})").spoken(language())


def _tell(told: dict[str, Any], findings: "tuple[IntakeFinding, ...]", as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    from xzgis.catalogue.files import catalogue
    from xzgis.networks.rules.finding_words import field_word

    known, counts = catalogue(), told["counts"]
    ranked = sorted(findings, key=lambda one: ("error", "warning", "info").index(one.level))
    for one in ranked[:SHOWN]:
        place = " ".join(
            str(part)
            for part in (
                one.file,
                one.sheet,
                one.row and f"#{one.row}",
                field_word(one.field, known, language()),
            )
            if part
        )
        typer.echo(
            f"{LEVELS[one.level].spoken(language())}  {one.code}  {place}  {spoken_here(one.words)}{_value(one)}"
            + (f"  → {remedy}" if (remedy := _remedy(one)) else "")
        )
    if len(ranked) > SHOWN:
        more = len(ranked) - SHOWN
        say(Words(f"另有 {more} 条，见 --json 或页面。", f"{more} more: see --json or the page."))
    state = Words("已入库", "accepted") if told["accepted"] else Words("未入库", "not in the register")
    batch = f"#{told['batch']} " if told["batch"] else ""
    out = told["left_out"]
    stayed, renewed, new = Words("", ""), Words("", ""), told.get("replaced", {})
    if any(new.values()):
        renewed = Words(
            f"；替换现有 {new['points']} 点、{new['lines']} 段",
            f"; {new['points']} points and {new['lines']} lines of the register were replaced",
        )
    if any(out.values()):
        stayed = Words(
            f"其中 {out['points']} 点、{out['lines']} 段不入库；",
            f"of them {out['points']} points and {out['lines']} lines stay out; ",
        )
    typer.echo(
        Words(
            f"批次 {batch}{state.zh}：{told['points']} 点，{told['lines']} 段；{stayed.zh}"
            f"错误 {counts['error']}，警告 {counts['warning']}，提示 {counts['info']}{renewed.zh}",
            f"Batch {batch}{state.en}: {told['points']} points, {told['lines']} lines; {stayed.en}"
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} remarks{renewed.en}",
        ).spoken(language())
    )


def _progress(percent: float, step: str) -> None:
    words = STEPS.get(step, Words(step, step))
    say(Words(f"{percent:3.0f}% {words.zh}", f"{percent:3.0f}% {words.en}"))


STEPS = {
    "read": Words("读取文件", "read the file"), "hand over": Words("整理要素", "hand over what was read"),
    "accept": Words("入库", "accept"),
}  # fmt: skip


def list_batches(as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document")) -> None:
    """What came in, the newest first."""
    from xzgis.core.clock import city_time, city_zone
    from xzgis.core.db import transaction
    from xzgis.networks.actions.at_work import release_abandoned
    from xzgis.networks.queries.batches import all_batches

    open_database()
    with transaction(acting()) as session:
        release_abandoned(session, actor=acting(), now=datetime.now(UTC))
        rows = all_batches(session)
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in rows], ensure_ascii=False, default=str))
        return
    marks = Words("（虚构样例）", " (invented)"), Words("（外地平移）", " (displaced)")
    table = [[name.spoken(language()) for name in BATCH_COLUMNS]]
    table[0][2] += f" ({city_zone().key})"
    for one in rows:
        mark = "".join(
            words.spoken(language())
            for words, told in zip(marks, (one.is_invented, one.is_displaced), strict=True)
            if told
        )
        state = STATES[one.state].spoken(language())
        if one.stopped is not None:
            state = f"{state} ({one.stopped[language()]})"
        when = city_time(one.created_at)
        table.append([str(one.id), state, when, str(one.points), str(one.lines), one.name + mark])
    for line in aligned(table, right=(0, 3, 4)):
        typer.echo(line)


LEVELS = {
    "error": Words("错误", "error  "), "warning": Words("警告", "warning"), "info": Words("提示", "remark ")
}  # fmt: skip
BATCH_COLUMNS = (
    Words("批次", "batch"), Words("状态", "state"), Words("收到", "received"), Words("点", "points"),
    Words("段", "lines"), Words("名称", "name"),
)  # fmt: skip
STATES = {
    "received": Words("已收到", "received"), "reading": Words("读取中", "reading"), "read": Words("待入库", "read"),
    "refused": Words("有错误", "refused"), "accepting": Words("入库中", "accepting"),
    "accepted": Words("已入库", "accepted"), "undone": Words("已撤销", "undone"),
    "cancelled": Words("已取消", "cancelled"),
}  # fmt: skip


def aligned(table: list[list[str]], *, right: tuple[int, ...]) -> list[str]:
    """Rows as lines whose columns stand under each other; a Chinese character is two columns wide."""
    widths = [max(shown_width(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - shown_width(cell))
            cells.append(gap + cell if at in right else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def shown_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in ("W", "F") else 1 for one in text)


def undo(
    batch: int = typer.Argument(..., help="批次号 · number of the batch"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> None:
    """Take a batch out of the register again; its history stays readable."""
    from xzgis.core.db import transaction
    from xzgis.networks.actions.undo import undo_batch
    from xzgis.networks.jobs import LONG_STATEMENT_S

    open_database()
    with transaction(acting(), statement_timeout_s=LONG_STATEMENT_S) as session:
        undone = undo_batch(session, actor=acting(), batch_id=batch, now=datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps({"batch": str(batch), "undone": asdict(undone)}, ensure_ascii=False))
        return
    one = undone
    told = Words(
        f"批次 {batch} 已撤销：取出 {one.runs_removed} 段、{one.nodes_removed} 点、{one.coverage_removed} 块测绘范围"
        f"{f'、{one.roads_removed} 条道路' if one.roads_removed else ''}；"
        f"恢复被它替换的 {one.runs_revived} 段、{one.nodes_revived} 点。历史仍可查询。",
        f"Batch {batch} was undone: {one.runs_removed} lines, {one.nodes_removed} points and "
        f"{one.coverage_removed} areas of coverage{f', {one.roads_removed} roads' if one.roads_removed else ''} "
        f"taken out; {one.runs_revived} lines and {one.nodes_revived} points that it had replaced brought back. "
        "The history stays readable.",
    )
    typer.echo(told.spoken(language()))
