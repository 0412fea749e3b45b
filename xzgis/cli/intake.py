"""``xzgis import``, ``batches``, ``undo``: deliveries into the register and out again."""

import json
from contextlib import suppress
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from xzgis.cli.deliveries.aligned import aligned
from xzgis.cli.deliveries.options import (
    CODE_HELP,
    COLUMN_HELP,
    ENCODING_HELP,
    MAPPING_HELP,
    asked_options,
)
from xzgis.cli.deliveries.progress import Display
from xzgis.cli.frame import actor as acting
from xzgis.cli.frame import language, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.core.errors import Invalid
    from xzgis.networks.queries.batches import UndoEffect
    from xzgis.networks.rules.same_findings import Same

EXIT_REFUSED, EXIT_NOT_UNDERSTOOD = 1, 2


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
    same: Literal["replace", "keep", "beside"] | None = typer.Option(
        None,
        "--same",
        help="与现有记录同线位时：replace 替换 / keep 保留又交来的管段及其两端管点（其余又交来的管点仍替换）"
        " / beside 标高、外径或权属不同者并列 · what becomes of the same line; keep leaves the lines delivered again and the "
        "points at their ends, every other point delivered again is replaced",
    ),
    displace: bool = typer.Option(
        False, "--displace", help="外地测试数据，平移到本市 · data of another place, as test data"
    ),
    explode_blocks: bool = typer.Option(
        False, "--explode-blocks", help="读取 DXF 块内的线 · lines inside the blocks of a drawing too"
    ),
    mapping: str | None = typer.Option(None, "--mapping", help=MAPPING_HELP),
    column: list[str] = typer.Option([], "--column", help=COLUMN_HELP),
    code: list[str] = typer.Option([], "--code", help=CODE_HELP),
    encoding: str | None = typer.Option(None, "--encoding", help=ENCODING_HELP),
    level_meaning: Literal["pipe", "ground"] | None = typer.Option(
        None, "--level-meaning", help="高程列是管线高程还是地面高程 · what the columns of levels hold"
    ),
    name: str | None = typer.Option(None, "--name", help="批次名称 · name of the batch"),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> int:
    """Read, check and accept one delivery: all of it or nothing.

    Exit 0 accepted (or a clean dry run), 1 refused by findings of level error, 2 not understood, 3 error.
    """
    said: dict[str, Any] = {
        "crs": crs, "strict": strict, "displace": displace, "encoding": encoding, "name": name, "again": again,
        "explode_blocks": explode_blocks,
    }  # fmt: skip
    if level_meaning is not None:
        said["level_meaning"] = level_meaning
    if intake is not None:
        said["intake"] = intake
    options = asked_options(said, mapping=mapping, columns=column, codes=code, same=same)
    _refuse_missing(files)
    progress = Display()
    if dry_run:
        return _dry_run(files, options, progress, same=same, as_json=as_json)
    open_database()
    return _import(files, options, progress, leave_out_errors=leave_out_errors, same=same, as_json=as_json)


def _refuse_missing(files: list[Path]) -> None:
    from xzgis.core.errors import Invalid

    for path in files:
        if not path.is_file():
            raise Invalid(Words(f"没有文件 {path}。", f"There is no file {path}."))


def _dry_run(
    files: list[Path],
    options: dict[str, Any],
    progress: Display,
    *,
    same: "Same | None",
    as_json: bool,
) -> int:
    from xzgis.catalogue.queries import catalogue
    from xzgis.cli.deliveries.foresight import ask_register
    from xzgis.cli.deliveries.telling import document, tell, tell_columns
    from xzgis.core.errors import Invalid
    from xzgis.networks.actions.batches import summary_of
    from xzgis.networks.actions.reading import Limits, ReadOptions, read_files
    from xzgis.networks.actions.records import left_out

    try:
        delivery, findings = read_files(
            files,
            options=ReadOptions.from_json(options),
            catalogue=catalogue(),
            limits=Limits(progress=progress.tell),
        )
    except Invalid as refusal:
        progress.end()
        return _not_understood(refusal, files, as_json=as_json)
    progress.end()
    asked = ask_register(delivery, findings, same=same)
    findings = (*findings, *asked.findings)
    counts = {level: sum(one.level == level for one in findings) for level in ("error", "warning", "info")}
    summary = summary_of(delivery, counts) | {"left_out": left_out(delivery, findings)} | asked.summary
    heads = delivery.facts.get("columns", {})
    told = document(None, delivery.intake, summary, delivery.crs.as_json(), findings, heads)
    if not as_json:
        tell_columns(heads)
    tell(told, findings, heads, as_json=as_json)
    say(asked.words)
    return EXIT_REFUSED if counts["error"] else 0


def _import(
    files: list[Path],
    options: dict[str, Any],
    progress: Display,
    *,
    leave_out_errors: bool,
    same: "Same | None",
    as_json: bool,
) -> int:
    from xzgis.cli.deliveries.telling import document, tell
    from xzgis.core.db import transaction
    from xzgis.core.errors import WrongState
    from xzgis.networks import jobs
    from xzgis.networks.actions.at_work import at_work
    from xzgis.networks.queries.batches import batch_of, findings_of

    batch_id = _receive(files, options)
    watch = jobs.Watch(actor=acting(), tell=progress.tell)
    try:
        with at_work(acting(), batch_id):
            jobs.take_in(batch_id, leave_out_errors=leave_out_errors, same=same, watch=watch)
    except BaseException as stop:
        progress.end()
        _give_up(batch_id, stop)
        raise
    progress.end()
    heads = jobs.facts_of(acting(), batch_id).get("columns", {})
    with transaction(acting()) as session:
        batch, findings = batch_of(session, batch_id), findings_of(session, batch_id=batch_id)
        if batch.state == "cancelled":
            raise WrongState(
                Words(
                    f"批次 {batch_id} 在导入途中被取消，未入库。",
                    f"Batch {batch_id} was cancelled on its way; nothing of it went in.",
                )
            )
        told = document(batch_id, batch.intake, batch.summary, batch.crs, findings, heads)
        told["accepted"] = batch.state == "accepted"
    tell(told, findings, heads, as_json=as_json)
    if any(one.code == "R00" for one in findings):
        return EXIT_NOT_UNDERSTOOD
    return EXIT_REFUSED if told["counts"]["error"] and not leave_out_errors else 0


def _not_understood(refusal: "Invalid", files: list[Path], *, as_json: bool) -> int:
    from xzgis.cli.deliveries.telling import document, tell
    from xzgis.networks.rules.unreadable import unreadable

    finding = unreadable(refusal, [path.name for path in files])
    nothing: dict[str, Any] = {"counts": {"error": 1, "warning": 0, "info": 0}, "files": []}
    tell(document(None, None, nothing, None, (finding,), {}), (finding,), {}, as_json=as_json)
    return EXIT_NOT_UNDERSTOOD


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
    from xzgis.core.files import keep
    from xzgis.core.settings import settings
    from xzgis.networks.actions.at_work import AT_ONCE
    from xzgis.networks.actions.receiving import content_digest, receive_batch

    kept = []
    for path in files:
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


def list_batches(as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document")) -> None:
    """What came in, the newest first: what was delivered, and what of it went into the register."""
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
        went_in = ["—" if count is None else str(count) for count in (one.points_in, one.lines_in)]
        table.append([str(one.id), state, when, str(one.points), str(one.lines), *went_in, one.name + mark])
    for line in aligned(table, right=(0, 3, 4, 5, 6)):
        typer.echo(line)


BATCH_COLUMNS = (
    Words("批次", "batch"), Words("状态", "state"), Words("收到", "received"), Words("交来点", "points"),
    Words("交来段", "lines"), Words("入库点", "points in"), Words("入库段", "lines in"), Words("名称", "name"),
)  # fmt: skip
STATES = {
    "received": Words("已收到", "received"), "reading": Words("读取中", "reading"), "read": Words("待入库", "read"),
    "refused": Words("有错误", "refused"), "accepting": Words("入库中", "accepting"),
    "accepted": Words("已入库", "accepted"), "undone": Words("已撤销", "undone"),
    "cancelled": Words("已取消", "cancelled"),
}  # fmt: skip


def undo(
    batch: int = typer.Argument(..., help="批次号 · number of the batch"),
    dry_run: bool = typer.Option(
        False, "--dry-run", help="只告知后果，不撤销 · tell what it would do, and do nothing"
    ),
    as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document"),
) -> None:
    """Take a batch out of the register again; its history stays readable."""
    from xzgis.core.db import transaction
    from xzgis.networks.actions.undo import foreseen, undo_batch
    from xzgis.networks.jobs import LONG_STATEMENT_S

    open_database()
    if dry_run:
        with transaction(acting(), statement_timeout_s=LONG_STATEMENT_S) as session:
            effect = foreseen(session, batch_id=batch)
        _tell_effect(batch, effect, as_json=as_json)
        return
    with transaction(acting(), statement_timeout_s=LONG_STATEMENT_S) as session:
        undone = undo_batch(session, actor=acting(), batch_id=batch, now=datetime.now(UTC))
    if as_json:
        typer.echo(json.dumps({"batch": str(batch), "undone": asdict(undone)}, ensure_ascii=False))
        return
    one = undone
    stripped = one.runs_stripped, one.nodes_stripped
    told = Words(
        f"批次 {batch} 已撤销：取出 {one.runs_removed} 段、{one.nodes_removed} 点、{one.coverage_removed} 块测绘范围"
        f"{f'、{one.roads_removed} 条道路' if one.roads_removed else ''}；"
        f"恢复被它替换的 {one.runs_revived} 段、{one.nodes_revived} 点"
        f"{f'；其他批次的 {stripped[0]} 段、{stripped[1]} 点不再沿用它的内容' if any(stripped) else ''}。历史仍可查询。",
        f"Batch {batch} was undone: {one.runs_removed} lines, {one.nodes_removed} points and "
        f"{one.coverage_removed} areas of coverage{f', {one.roads_removed} roads' if one.roads_removed else ''} "
        f"taken out; {one.runs_revived} lines and {one.nodes_revived} points that it had replaced brought back"
        f"{f'; {stripped[0]} lines and {stripped[1]} points of other batches keep none of its facts any more' * any(stripped)}. "
        "The history stays readable.",
    )
    typer.echo(told.spoken(language()))


def _tell_effect(batch: int, effect: "UndoEffect", *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"batch": str(batch), "would_undo": asdict(effect)}, ensure_ascii=False))
        return
    one = effect
    told = Words(
        f"撤销批次 {batch} 将取出 {one.runs} 段、{one.nodes} 点、{one.coverages} 块测绘范围，"
        f"被它替换的 {one.revived} 段和点恢复；它带来的另 {one.replaced_since} 段和点已被其他批次更新或被人撤去，保持现状；"
        f"其他批次的 {one.stripped} 段和点不再沿用它的内容。现在没有改动任何内容。",
        f"Undoing batch {batch} would take out {one.runs} lines, {one.nodes} points and {one.coverages} areas of coverage, "
        f"and bring back {one.revived} lines and points that it replaced; "
        f"{one.replaced_since} more that it brought stay as another batch renewed them or somebody took them out; "
        f"{one.stripped} lines and points of other batches would keep none of its facts. Nothing was changed.",
    )
    typer.echo(told.spoken(language()))
