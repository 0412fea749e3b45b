"""``xzgis trail``: is the trail as it was written; seal it, archive it, take it out as a file."""

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import actor, language, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.audit.terms import Verdict

UNSOUND = 1
FILE = typer.Argument(
    None, help="归档文件，离线校验；不写为校验数据库 · archive to verify alone; the database when left out"
)
SEALS = typer.Option(
    None,
    "--seals",
    help="另存的封签文件；不写为本机 var/trail/seals.jsonl · a copy of the seals kept elsewhere",
)
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
BEFORE = typer.Option(
    ...,
    "--before",
    help="此日（年-月-日）之前的整月；至少 180 天前 · whole months before this day, 180 days ago or earlier",
)
FOLDER = typer.Option(None, "--out", help="归档目录；不写为 var/trail/archive · folder of the archives")
REASON = typer.Option(..., "--reason", help="为何重新起链，写入记录 · why, kept in the trail")
OUT = typer.Option(..., "--out", help="输出文件 · file to write")
FORMAT = typer.Option("csv", "--format", help="csv | json")
PERSON = typer.Option(None, "--person", help="账号（本人或被代理人）· account that acted or was acted for")
EVENT = typer.Option(None, "--event", help="事件名或其开头 · name of an event or its beginning")
RECORD = typer.Option(None, "--record", help="记录，写作 类别/编号 · a record as kind/number, works.work/12")
SINCE = typer.Option(None, "--since", help="起始日 · first day")
UNTIL = typer.Option(None, "--until", help="截止日（含）· last day")
WHY = typer.Option("", "--reason", help="为何导出、给谁用（必填）· why and for whom; required")
BOX = typer.Option(
    None,
    "--box",
    help="西、南、东、北，用逗号隔开（米，EPSG:4548）· west,south,east,north in metres, EPSG:4548",
)
FORCE = typer.Option(False, "--force", help="覆盖已有文件 · replace a file that is there")


def add(app: typer.Typer) -> None:
    """Bring ``trail verify|seal|archive|epoch|export``."""
    group = typer.Typer(no_args_is_help=True, help="审计记录：校验、封签、归档、导出 · the trail")
    group.command("verify", help="校验；完好退出码 0，否则 1 · is it as it was written: exit 0 sound, 1 not")(
        verify
    )
    group.command("seal", help="立即封签 · seal what waits")(seal)
    group.command("archive", help="归档超过在线期限的月份 · let old months leave as files")(archive)
    group.command("epoch", help="恢复数据库后重新起链 · take the chain up anew after a restore")(epoch)
    group.command("export", help="导出查询结果 · what a search finds, as a file")(export)
    app.add_typer(group, name="trail")


def verify(file: Path | None = FILE, seals: Path | None = SEALS, as_json: bool = AS_JSON) -> int:
    """Walk rows, links, seals and the file outside; or an archive by itself, without a database."""
    from xzgis.audit.queries.archived import verify_archive
    from xzgis.audit.queries.outside import known_keys
    from xzgis.core.settings import settings

    verdict = verify_archive(file, known_keys(settings())) if file else _verify_database(seals)
    if as_json:
        typer.echo(json.dumps(verdict.as_document(), ensure_ascii=False))
    _tell(verdict)
    return 0 if verdict.sound else UNSOUND


def seal() -> None:
    """Seal what waits."""
    from xzgis.audit.jobs import seal_trail
    from xzgis.core.settings import settings

    engine = open_database()
    done = seal_trail(settings(), actor=actor())
    engine.dispose()
    say(Words(f"新封签 {done.seals} 个，记录 {done.rows} 条。", f"{done.seals} seals over {done.rows} rows."))


def archive(before: str = BEFORE, out: Path | None = FOLDER) -> None:
    """Write each whole month before a day to a file, verify the file alone, then let the month leave."""
    from xzgis.audit.jobs import archive_trail
    from xzgis.audit.rules.months import day_of
    from xzgis.core.settings import settings

    day = day_of(before)
    engine = open_database()
    left = archive_trail(settings(), actor=actor(), before=day, folder=out)
    engine.dispose()
    for month in left:
        say(Words(f"{month.file}：{month.rows} 条，SHA-256 {month.file_digest}",
                  f"{month.file}: {month.rows} rows, SHA-256 {month.file_digest}"))  # fmt: skip
    if not left:
        say(Words(f"{day} 之前没有整月在库。", f"No whole month before {day} is in the database."))
    else:
        say(Words("文件是这些月份的唯一副本，请另存两处。",
                  "These files are the only copy of those months: keep two more elsewhere."))  # fmt: skip


def epoch(reason: str = REASON) -> None:
    """Declare that the database was restored; the seals it lost stay named in the file outside."""
    from xzgis.audit.jobs import begin_trail_epoch, seal_trail
    from xzgis.core.settings import settings

    engine = open_database()
    begun = begin_trail_epoch(settings(), actor=actor(), reason=reason)
    done = seal_trail(settings(), actor=actor())
    engine.dispose()
    say(Words(f"第 {begun.epoch} 纪元已开始，记录 {done.rows} 条入链。",
              f"Epoch {begun.epoch} has begun with {done.rows} rows."))  # fmt: skip


def export(
    out: Path = OUT,
    file_format: str = FORMAT,
    person: str | None = PERSON,
    event: str | None = EVENT,
    record: str | None = RECORD,
    since: str | None = SINCE,
    until: str | None = UNTIL,
    box: str | None = BOX,
    reason: str = WHY,
    force: bool = FORCE,
) -> None:
    """Write what a search finds; an export, kept in the trail itself."""
    from datetime import UTC, datetime

    from xzgis.audit.rules.asked import search_of
    from xzgis.core.errors import WrongState
    from xzgis.exports.jobs import leave_trail

    if out.exists() and not force:
        raise WrongState(
            Words(f"{out} 已存在；如要覆盖请加 --force。", f"{out} is there: add --force to replace it.")
        )
    asked = search_of(person=person, event=event, record=record, since=since, until=until, box=box)
    engine = open_database()
    fresh = out.with_name(f".{out.name}.new")
    try:
        pieces, told = leave_trail(
            actor(), asked, file_format, reason=reason, now=datetime.now(UTC), name=out.name
        )
        with fresh.open("wb") as file:
            file.writelines(pieces)
        fresh.replace(out)
    finally:
        fresh.unlink(missing_ok=True)
        engine.dispose()
    number, count = told["X-Export-Number"], told["X-Export-Records"]
    say(Words(f"已写入 {out}：{count} 条，导出 {number}。", f"Written {out}: {count} rows, export {number}."))


def _verify_database(seals: Path | None) -> "Verdict":
    from xzgis.audit.jobs import verify_trail
    from xzgis.core.settings import settings

    engine = open_database()
    try:
        return verify_trail(settings(), actor=actor(), tell=_progress, seals=seals)
    finally:
        engine.dispose()


def _progress(done: int, total: int) -> None:
    if done < total and done % 1_000_000 == 0:
        say(Words(f"已校验 {done:,} / {total:,}", f"Verified {done:,} of {total:,}"))


def _tell(verdict: "Verdict") -> None:
    spoken = language()
    for note in verdict.notes:
        say(note)
    first = verdict.first()
    if first is None:
        say(Words(
            f"审计记录完好：{verdict.rows} 条、封签 {verdict.seals} 个、归档 {verdict.archived_rows} 条；"
            f"待封 {verdict.waiting} 条。",
            f"The trail is sound: {verdict.rows} rows, {verdict.seals} seals, {verdict.archived_rows} archived rows; "
            f"{verdict.waiting} wait for the next seal.",
        ))  # fmt: skip
        return
    say(Words(f"审计记录不完好，共 {verdict.harmed} 处；最早的一处：{first.words().zh}。",
              f"The trail is not sound: {verdict.harmed} places; the first: {first.words().en}."))  # fmt: skip
    for finding in verdict.findings:
        typer.echo(f"  {finding.words().spoken(spoken)}", err=True)
