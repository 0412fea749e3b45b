"""Is this installation sound: each check answers with one plain sentence, and the remedy where something is not."""

import json
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, NullPool, create_engine, text
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from xzgis.audit.jobs import verify_trail
from xzgis.audit.queries.protected import TRAIL_PROTECTED
from xzgis.catalogue import queries
from xzgis.catalogue.files import Edition, as_laid, shipped
from xzgis.catalogue.rules.clashing import in_force as in_force_at
from xzgis.catalogue.terms.changes import ChangeState
from xzgis.cli.start.ready import newest, revision
from xzgis.core import cluster, db
from xzgis.core.actor import SYSTEM
from xzgis.core.cluster.databases import EXTENSIONS
from xzgis.core.cluster.server import VIEWER
from xzgis.core.errors import Refusal
from xzgis.core.settings import Settings
from xzgis.core.wall import WALL_ROLE
from xzgis.core.words import Words
from xzgis.keeping.queries.copies import hash_of
from xzgis.keeping.queries.logs import failures
from xzgis.keeping.terms import LAST_BACKUP

State = Literal["ok", "attention", "bad"]
# A batch is read or accepted by a job; without one it stands still for good.
STUCK_AFTER = "10 minutes"
SILENCE = "1 minute"
WAITED_LONG = "10 minutes"
LEAST_FREE_BYTES, ENOUGH_FREE_BYTES = 2 << 30, 10 << 30
BACKUP_DAYS = 7
UNDECIDED_DAYS = 7
FILES_NAMED = text(
    "select file ->> 'digest' from networks_batch, jsonb_array_elements(files) as file "
    "where not is_invented "  # the invented city lies in data/, not in the store
    "union select delivery_file from networks_batch where delivery_file is not null"
)
STUCK = text(
    "select coalesce(array_agg(id order by id), '{}') from networks_batch as batch "
    "where state in ('received', 'reading', 'accepting') and created_at < now() - cast(:after as interval) "
    "and not exists (select from procrastinate_jobs where status in ('todo', 'doing') "
    "and args ->> 'batch_id' = batch.id::text)"
)
JOBS = text(
    "select (select count(*) from procrastinate_jobs as job left join procrastinate_workers as worker "
    "on worker.id = job.worker_id where job.status = 'doing' and (worker.id is null or "
    "worker.last_heartbeat < now() - cast(:silence as interval))) as stalled, "
    "(select count(*) from procrastinate_jobs as job where status = 'todo' "
    "and coalesce(scheduled_at, (select max(at) from procrastinate_events where job_id = job.id)) "
    "< now() - cast(:waited as interval)) as late, "
    "(select count(*) from procrastinate_jobs as job where status = 'failed' and exists (select from "
    "procrastinate_events where job_id = job.id and at > now() - interval '1 day')) as failed"
)
TOPOLOGY = text(
    "select (select count(*) from networks_run where known_to is null and not st_isvalid(axis)) as invalid, "
    "(select count(*) from networks_run as run where run.known_to is null and exists ("
    "select from unnest(array[run.from_node_id, run.to_node_id]) as named(node) where node is not null "
    "and not exists (select from networks_node as held where held.object_id = node and held.known_to is null)"
    ")) as dangling"
)
# Believed levels at an end of a current run that its recorded depth and level do not bear out (decision 0051): an intake
# makes them unknown, so they came in before it did, or past it.
CONTRADICTED = text(
    "with ends as (select object_id, label, batch_id, coalesce(outer_height_mm, 0) / 1000 as height_m, side.* "
    "from networks_run, lateral (values (start_depth_m, start_level_m, ground_m[1], crown_m[1], bottom_m[1]), "
    "(end_depth_m, end_level_m, ground_m[cardinality(ground_m)], crown_m[cardinality(crown_m)], "
    "bottom_m[cardinality(bottom_m)])) as side(depth_m, level_m, ground_m, crown_m, bottom_m) "
    "where known_to is null and (start_depth_m is not null or start_level_m is not null or end_depth_m is not null "
    "or end_level_m is not null)), "
    "contradicted as (select distinct object_id, label, batch_id from ends "
    "where (crown_m is not null or bottom_m is not null) and (abs(ground_m - depth_m - level_m) > :tolerance_m "
    "or coalesce(level_m, ground_m - depth_m) < least(crown_m, bottom_m) - :tolerance_m - height_m "
    "or coalesce(level_m, ground_m - depth_m) > greatest(crown_m, bottom_m) + :tolerance_m + height_m)) "
    "select count(*), (array_agg(label || ' (#' || object_id || ')' order by object_id))[1:5], "
    "(array_agg(distinct batch_id order by batch_id))[1:5] from contradicted"
)


@dataclass(frozen=True, slots=True)
class Told:
    """What one check found. ``attention`` leaves the installation sound; ``bad`` does not."""

    check: str
    state: State
    words: Words


def examine(settings: Settings) -> Iterator[Told]:
    """Every check, one after another; where the database cannot be had, only those that need none."""
    try:
        url = cluster.ensure(settings)
    except Refusal as refusal:
        yield Told("cluster", "bad", refusal.words)
    else:
        yield _ok("cluster", "数据库已启动，可以连接。", "The database runs and answers.")
        yield from _database(settings, url)
    yield _space(settings)
    yield _backup(settings, datetime.now(UTC))
    yield _failures(settings, datetime.now(UTC))


def _database(settings: Settings, url: str) -> Iterator[Told]:
    at = revision(url)
    engine = create_engine(url, poolclass=NullPool)
    asked: list[tuple[str, Callable[[Connection], Told]]] = [
        ("extensions", _extensions), ("leakproof", _leakproof),
    ]  # fmt: skip
    if at != newest():
        yield _migrations(at)
    else:
        yield _ok("migrations", f"表结构为最新（{at}）。", f"The schema is the newest ({at}).")
        asked += [
            ("trail_protected", lambda connection: _protected(settings, connection)),
            ("files", lambda connection: _files(settings, connection)),
            ("wall", _wall), ("batches", _batches), ("jobs", _jobs), ("topology", _topology), ("levels", _levels),
            ("rules", _rules), ("rules_waiting", _rules_waiting),
        ]  # fmt: skip
    try:
        for name, check in asked:
            yield _answered(name, engine.connect, check)
    finally:
        engine.dispose()
    if at == newest():
        yield _trail(settings, url)


def _answered(name: str, connect: Callable[[], Connection], check: Callable[[Connection], Told]) -> Told:
    try:
        with connect() as connection:
            return check(connection)
    except Refusal as refusal:  # layers/ themselves are not sound
        return Told(name, "bad", refusal.words)
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", error)).split())[:200]
        return _bad(name, f"检查没有做完（{reason}）；请排除原因后重试。",
                    f"The check did not come to its end ({reason}): mend the cause and try again.")  # fmt: skip


def _extensions(connection: Connection) -> Told:
    there = set(connection.scalars(text("select extname from pg_extension")))
    missing = [name for name in EXTENSIONS if name not in there]
    if missing:
        names = ", ".join(missing)
        return _bad("extensions", f"数据库缺少扩展 {names}；请由管理员执行 CREATE EXTENSION。",
                    f"The database lacks {names}: let its administrator run CREATE EXTENSION.")  # fmt: skip
    return _ok("extensions", "数据库扩展齐全。", "The extensions of the database are there.")


def _leakproof(connection: Connection) -> Told:
    marked = connection.scalar(
        text("select bool_and(proleakproof) from pg_proc where proname = 'geometry_overlaps' and pronargs = 2 "
             "and proargtypes[0] = 'geometry'::regtype and proargtypes[1] = 'geometry'::regtype")
    )  # fmt: skip
    if marked:
        return _ok("leakproof", "空间比较函数已标记 leakproof。", "The spatial operator is marked leakproof.")
    return Told("leakproof", "attention", Words(
        "空间比较函数未标记 leakproof，行级权限下地图会变慢；请由管理员执行 "
        "ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF。",
        "The spatial operator is not marked leakproof and maps are slow under row security: let the administrator "
        "run ALTER FUNCTION geometry_overlaps(geometry, geometry) LEAKPROOF.",
    ))  # fmt: skip


def _wall(connection: Connection) -> Told:
    if connection.scalar(text(WALL_ROLE)) == VIEWER:
        return _ok(
            "wall", "涉密记录由数据库行级权限再次把关。", "Row security stands before secret records too."
        )
    return Told("wall", "attention", Words(
        "数据库没有角色 xzgis_viewer，涉密记录只由程序把关；请由管理员执行 CREATE ROLE xzgis_viewer; "
        "GRANT xzgis_viewer TO 程序的角色，再运行 xzgis db migrate（docs/decisions/0066）。",
        "The server has no role xzgis_viewer and the program alone keeps secret records: let the administrator run "
        "CREATE ROLE xzgis_viewer; GRANT xzgis_viewer TO the program's role, then xzgis db migrate "
        "(docs/decisions/0066).",
    ))  # fmt: skip


def _migrations(at: str | None) -> Told:
    return _bad("migrations", f"表结构为 {at or '空'}，程序需要 {newest()}；请运行 xzgis db migrate。",
                f"The schema is at {at or 'nothing'} and the program needs {newest()}: run xzgis db migrate.")  # fmt: skip


def _protected(settings: Settings, connection: Connection) -> Told:
    if connection.scalar(TRAIL_PROTECTED):
        return _ok(
            "trail_protected", "程序的角色只能追加和读取审计记录。", "The program can only add to the trail."
        )
    return Told("trail_protected", "attention" if settings.database_url else "bad", Words(
        "程序的数据库角色能够改动审计记录；请由管理员为其另设所有者角色（docs/decisions/0025）。",
        "The program's role could change the trail: let the administrator give it an owner of its own "
        "(docs/decisions/0025).",
    ))  # fmt: skip


def _trail(settings: Settings, url: str) -> Told:
    engine = db.connect(url, settings)
    try:
        verdict = verify_trail(settings, actor=SYSTEM)
    except Refusal as refusal:
        return Told("trail", "bad", refusal.words)
    finally:
        engine.dispose()
    first = verdict.first()
    if first is None:
        return _ok("trail", f"审计记录完好：{verdict.rows} 条，待封签 {verdict.waiting} 条。",
                   f"The trail is sound: {verdict.rows} rows, {verdict.waiting} wait for the next seal.")  # fmt: skip
    told = first.words()
    return _bad("trail", f"审计记录不完好，共 {verdict.harmed} 处，最早：{told.zh}；请运行 xzgis trail verify 并报告审计管理员。",
                f"The trail is not sound in {verdict.harmed} places, first: {told.en}. Run xzgis trail verify and tell "
                "the audit administrator.")  # fmt: skip


def _files(settings: Settings, connection: Connection) -> Told:
    folder = settings.var_dir / "files"
    named = {str(digest) for digest in connection.scalars(FILES_NAMED) if digest}
    there = {path.name: path for path in folder.rglob("*") if path.is_file() and len(path.name) == 64}
    missing = sorted(named - there.keys())
    harmed = sorted(name for name, path in there.items() if hash_of(path) != name)
    if not missing and not harmed:
        return _ok("files", f"文件库 {len(there)} 个文件与其摘要相符，批次引用的都在。",
                   f"All {len(there)} files of the store are as their digests say, and every named one is there.")  # fmt: skip
    example = (missing or harmed)[0][:12]
    return _bad("files", f"文件库缺 {len(missing)} 个、损坏 {len(harmed)} 个文件（如 {example}…）；请从备份取回到 var/files。",
                f"The store lacks {len(missing)} files and {len(harmed)} are harmed (as {example}…): take them from a "
                "backup into var/files.")  # fmt: skip


def _batches(connection: Connection) -> Told:
    stuck = list(connection.scalar(STUCK, {"after": STUCK_AFTER}) or ())
    if not stuck:
        return _ok("batches", "没有停滞的批次。", "No batch stands still.")
    names = ", ".join(str(number) for number in stuck[:5])
    return _bad("batches", f"{len(stuck)} 个批次停滞且没有任务在处理（{names}）；请在批次页面重新读取或放弃。",
                f"{len(stuck)} batches stand still and no job works on them ({names}): read them again or give them "
                "up on their page.")  # fmt: skip


def _jobs(connection: Connection) -> Told:
    stalled, late, failed = connection.execute(JOBS, {"silence": SILENCE, "waited": WAITED_LONG}).one()
    if stalled or late:
        return _bad("jobs", f"后台任务停滞 {stalled} 个、久等 {late} 个；请确认 xzgis run 或 xzgis worker 在运行。",
                    f"{stalled} jobs are stalled and {late} have waited long: see that xzgis run or xzgis worker "
                    "runs.")  # fmt: skip
    if failed:
        return Told("jobs", "attention", Words(
            f"一天内有 {failed} 个后台任务失败；用 xzgis jobs list --state failed 查看，原因见日志。",
            f"{failed} jobs failed within a day: see xzgis jobs list --state failed; the worker's log says why.",
        ))  # fmt: skip
    return _ok("jobs", "后台任务没有停滞或失败。", "No job is stalled or failed.")


def _topology(connection: Connection) -> Told:
    invalid, dangling = connection.execute(TOPOLOGY).one()
    if invalid or dangling:
        return _bad("topology", f"登记库有 {invalid} 条无效图形、{dangling} 条管段的端点不存在；请撤出并重新导入相应批次。",
                    f"The register holds {invalid} invalid shapes and {dangling} lines whose end is not there: undo "
                    "and import those batches again.")  # fmt: skip
    return _ok("topology", "管段图形有效，端点齐全。", "Lines are valid and have their ends.")


def _levels(connection: Connection) -> Told:
    with Session(connection) as session:
        known = _in_force(session, datetime.now(UTC)).catalogue
    tolerance_m = known.limits.values["point_to_level_tolerance_m"] + 1e-9
    count, lines, batches = connection.execute(CONTRADICTED, {"tolerance_m": tolerance_m}).one()
    if not count:
        return _ok("levels", "管段的高程与埋深没有矛盾。", "The levels of lines agree with their depths.")
    named, of = ", ".join(lines), ", ".join(str(batch) for batch in batches or ())
    return Told("levels", "attention", Words(
        f"{count} 条管段的高程与其埋深矛盾（{named}{'…' if count > len(lines) else ''}；批次 {of or '无'}），"
        "冲突检查按所记高程判定，可能判错；请核对后改正，或撤销并重新导入这些批次。",
        f"The levels of {count} lines contradict their depths ({named}{'…' if count > len(lines) else ''}; batches "
        f"{of or 'none'}), and checks judge by the levels as they stand: compare and correct them, or undo and import "
        "those batches again.",
    ))  # fmt: skip


def _in_force(session: Session, now: datetime) -> Edition:
    """The tables of now, though they clash with newer files: what is looked at must not stop the doctor."""
    return as_laid(in_force_at(queries.approved(session), now))[0]


def _rules(connection: Connection) -> Told:
    """By which tables is judged, and whether every approved change fits the files, now and when its time comes."""
    now = datetime.now(UTC)
    with Session(connection) as session:
        faults = queries.clashing(session, now)
        every = queries.approved(session)
        in_force = _in_force(session, now).catalogue
    ground = shipped().catalogue.version
    if faults:
        first = faults[0]
        remedy = first.remedy or Words("", "")
        return Told("rules", "bad", Words(
            f"{len(faults)} 项已批准的修改与 layers/（版本 {ground}）不符，检查与入库不能进行；"
            f"首项：{first.words.zh}。{remedy.zh}",
            f"{len(faults)} approved changes clash with layers/ (version {ground}) and nothing can be judged; the first: "
            f"{first.words.en}. {remedy.en}",
        ))  # fmt: skip
    later = sum(change.in_force_from > now for change in every)
    if in_force.version == ground and not later:
        return _ok("rules", f"现行规则即出厂的 layers/（版本 {ground}）。",
                   f"The tables in force are layers/ as shipped (version {ground}).")  # fmt: skip
    return _ok("rules", f"现行规则版本 {in_force.version}：layers/（版本 {ground}）加本市修改的 {len(in_force.changes)} 行，"
               f"另有 {later} 项修改待生效，均与 layers/ 相符。",
               f"The tables in force, version {in_force.version}, are layers/ (version {ground}) with {len(in_force.changes)} "
               f"rows of the city's; {later} changes wait for their time; all fit.")  # fmt: skip


def _rules_waiting(connection: Connection) -> Told:
    """Proposals that nobody decided for long."""
    with Session(connection) as session:
        waiting = queries.changes(session, state=ChangeState.PROPOSED.value, limit=1000)
        since = datetime.now(UTC) - timedelta(days=UNDECIDED_DAYS)
        old = sorted(one.id for one in waiting if one.proposed_at < since)
    if not old:
        return _ok("rules_waiting", f"待批准的规则修改 {len(waiting)} 项，没有超过 {UNDECIDED_DAYS} 天的。",
                   f"{len(waiting)} changes of the tables wait, none longer than {UNDECIDED_DAYS} days.")  # fmt: skip
    named = ", ".join(map(str, old[:5]))
    return Told("rules_waiting", "attention", Words(
        f"{len(old)} 项规则修改待批准已超过 {UNDECIDED_DAYS} 天（{named}）；请审批人在“规则”页批准或驳回。",
        f"{len(old)} changes of the tables have waited for approval longer than {UNDECIDED_DAYS} days ({named}): approve "
        "or refuse them on the page Rules.",
    ))  # fmt: skip


def _space(settings: Settings) -> Told:
    settings.var_dir.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(settings.var_dir).free
    words = Words(
        f"{settings.var_dir} 所在磁盘剩余 {free / 1e9:.1f} GB",
        f"{free / 1e9:.1f} GB are free for {settings.var_dir}",
    )
    if free >= ENOUGH_FREE_BYTES:
        return _ok("disk", f"{words.zh}。", f"{words.en}.")
    return Told("disk", "bad" if free < LEAST_FREE_BYTES else "attention",
                Words(f"{words.zh}；请腾出空间。", f"{words.en}: make room."))  # fmt: skip


def _backup(settings: Settings, now: datetime) -> Told:
    try:
        note = json.loads((settings.var_dir / LAST_BACKUP).read_text(encoding="utf-8"))
        days = (now - datetime.fromisoformat(note["at"])).total_seconds() / 86_400
    except (OSError, ValueError, KeyError, TypeError):
        return Told("backup", "attention", Words("还没有做过备份；请运行 xzgis backup 目录。",
                                                 "There is no backup yet: run xzgis backup DIR."))  # fmt: skip
    if days > BACKUP_DAYS:
        return Told("backup", "attention", Words(f"最近的备份是 {days:.0f} 天前的；请运行 xzgis backup 目录。",
                                                 f"The newest backup is {days:.0f} days old: run xzgis backup DIR."))  # fmt: skip
    return _ok(
        "backup",
        f"最近的备份是 {days * 24:.0f} 小时前的。",
        f"The newest backup is {days * 24:.0f} hours old.",
    )


def _failures(settings: Settings, now: datetime) -> Told:
    found = failures(settings, since=now - timedelta(days=1))
    if not found:
        return _ok(
            "failures",
            "一天内没有因程序出错而失败的请求。",
            "No request failed by an error of the program within a day.",
        )
    last = found[0]
    path, number = last.facts.get("path", "?"), last.request or "?"
    return Told("failures", "attention", Words(
        f"一天内因程序出错而失败的请求：{len(found)} 次，最近一次 {path}；用 xzgis logs --request {number} 查看出错位置。",
        f"Requests failed by an error of the program within a day: {len(found)}, the last at {path}; "
        f"xzgis logs --request {number} says where.",
    ))  # fmt: skip


def _ok(check: str, zh: str, en: str) -> Told:
    return Told(check, "ok", Words(zh, en))


def _bad(check: str, zh: str, en: str) -> Told:
    return Told(check, "bad", Words(zh, en))
