"""The life of a delivery: received, read, accepted or cancelled. Undoing stands in ``undo.py``.

Each function is one step in one transaction of the caller. Reading itself happens between two of them, outside
any transaction: it may take minutes. A step looks at the state first, so that it may run twice.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import shapely
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.terms import Catalogue
from xzgis.core.actor import Actor, told
from xzgis.core.db import stored
from xzgis.core.errors import Invalid, WrongState
from xzgis.core.jobs import defer
from xzgis.core.lens import as_seen_by
from xzgis.core.words import Words
from xzgis.identity.queries.actors import sight_of_account, sight_of_asker
from xzgis.networks.actions.at_work import GoingIn, alone_in_register, holds_fate
from xzgis.networks.actions.beside import write_beside
from xzgis.networks.actions.coverage import Ground, cover_batch, ground_of
from xzgis.networks.actions.known_facts import kinds_told_before, with_known_facts
from xzgis.networks.actions.reading import Compared, compare_with_register
from xzgis.networks.actions.records import Rows, left_out, rows_to_write
from xzgis.networks.actions.register import Ahead, Written, write_records
from xzgis.networks.actions.sameness import Kept, matched_frames
from xzgis.networks.actions.unknown_ground import after_unknown, leave_unknown
from xzgis.networks.events import BatchAccepted, BatchCancelled, BatchRead
from xzgis.networks.models import Batch, BatchFinding
from xzgis.networks.queries.batches import batch_of, findings_of
from xzgis.networks.rules.invented import INVENTED
from xzgis.networks.rules.known_facts import Untold
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.same_findings import OTHER_LINE, Same, answered, still_asked
from xzgis.networks.rules.told_points import kinds_told
from xzgis.networks.terms import BatchState, Delivery, IntakeFinding

# While another batch goes in; one of a million lines takes about a minute.
LONGEST_WAIT_S = 900.0
OPEN_STATES = (BatchState.RECEIVED, BatchState.READING, BatchState.READ, BatchState.REFUSED)


def ask_acceptance(
    session: Session, *, actor: Actor, batch_id: int, leave_out_errors: bool, same: Same | None = None
) -> Batch:
    """Mark a read batch as about to go in and queue the work, after the refusals that can be said at once."""
    batch = batch_to_change(session, batch_id)
    if batch.state not in (BatchState.READ, BatchState.REFUSED) or batch.delivery_file is None:
        raise _not_now(batch)
    found = answered(findings_of(session, batch_id=batch_id), same)
    check_can_accept(found, leave_out_errors=leave_out_errors)
    batch.state = BatchState.ACCEPTING
    batch.summary = {name: value for name, value in batch.summary.items() if name != "refusal"}
    defer(
        session, "networks.accept_batch", once=f"accept-{batch_id}", batch_id=batch_id, actor=told(actor),
        leave_out_errors=leave_out_errors, same=same,
    )  # fmt: skip
    return batch


def _not_now(batch: Batch) -> WrongState:
    return WrongState(
        Words(
            f"批次 {batch.id} 已{STATE_ZH[batch.state]}，不能入库。",
            f"Batch {batch.id} is {batch.state} and cannot be accepted.",
        )
    )


def refuse_acceptance(session: Session, *, batch_id: int, words: Words, asks_same: bool = False) -> None:
    """The register refused the batch: it waits again, and says why; ``asks_same``: until ``same`` is said."""
    batch = batch_to_change(session, batch_id)
    if batch.state != BatchState.ACCEPTING:
        return
    batch.state = BatchState.REFUSED if batch.summary.get("counts", {}).get("error") else BatchState.READ
    told = {"zh": words.zh, "en": words.en, "asks_same": asks_same}
    batch.summary = batch.summary | {"refusal": told}


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What the person who accepts decides, and how far round a line the ground counts as looked at (and by which codes not).

    ``same``: a line that the register holds already (kind and course) becomes its new version, or stays as it is; one
    of another level, size, owner, voltage or pressure does so too, or with ``beside`` goes in next to it. Not said,
    the latter is refused.
    ``sigma_factor``: by how many standard deviations levels differ that are others.
    """

    coverage_reach_m: float
    sigma_factor: float
    partial_codes: PartialCodes
    leave_out_errors: bool = False
    same: Same | None = None


@dataclass(frozen=True)
class Begun:
    """Points or all records, written into an empty register by the same transaction before, and all that goes in.

    ``ground`` is that of all, None where it is still to be worked out.
    """

    written: Ahead
    rows: Rows
    ground: Ground | None = None


def batch_to_change(session: Session, batch_id: int) -> Batch:
    """The batch, locked until the transaction ends."""
    return batch_of(session, batch_id, lock=True)


def start_reading(session: Session, *, batch_id: int, options: dict[str, Any] | None = None) -> Batch:
    """Mark the batch as being read; ``options`` replace those it came with (another mapping, another CRS)."""
    batch = batch_to_change(session, batch_id)
    if batch.state not in OPEN_STATES:
        raise WrongState(
            Words(
                f"批次 {batch_id} 已{STATE_ZH[batch.state]}，不能重新读取。",
                f"Batch {batch_id} is {batch.state} and cannot be read again.",
            )
        )
    if options is not None:
        batch.options = options
    batch.state = BatchState.READING
    batch.progress_percent, batch.progress_step, batch.cancel_asked = 0, None, False
    return batch


def read_again(session: Session, *, actor: Actor, batch_id: int, options: dict[str, Any]) -> Batch:
    """Queue another reading of the same files with other options."""
    batch = start_reading(session, batch_id=batch_id, options=options)
    defer(session, "networks.read_batch", once=f"read-{batch_id}", batch_id=batch_id, actor=told(actor))
    return batch


STATE_ZH = {
    "received": "收到", "reading": "在读取", "read": "读取", "refused": "被拒收", "accepting": "在入库",
    "accepted": "入库", "undone": "撤销", "cancelled": "取消",
}  # fmt: skip


def tell_progress(session: Session, *, batch_id: int, percent: int, step: str) -> None:
    """Keep how far the reading is; no event, as it changes nothing that counts."""
    session.execute(
        update(Batch).where(Batch.id == batch_id).values(progress_percent=percent, progress_step=step[:200])
    )


def save_reading(
    session: Session,
    *,
    actor: Actor,
    batch_id: int,
    delivery: Delivery,
    findings: Sequence[IntakeFinding],
    delivery_file: str | None,
    now: datetime,
) -> Batch:
    """Keep what was read: state, decision of the CRS, counts, findings. The register is not touched.

    ``delivery_file`` is None when the caller sets it before the transaction ends.
    """
    batch = batch_to_change(session, batch_id)
    if batch.state != BatchState.READING:
        return batch
    counts = {level: sum(one.level == level for one in findings) for level in ("error", "warning", "info")}
    batch.state = BatchState.REFUSED if counts["error"] else BatchState.READ
    batch.intake = delivery.intake
    batch.crs = delivery.crs.as_json()
    # What a file says of itself is never unsaid by the person who brings it.
    batch.is_invented = batch.is_invented or bool(delivery.facts.get(INVENTED))
    batch.delivery_file = delivery_file
    batch.progress_percent = 100
    would = {"would_leave_out": left_out(delivery, tuple(findings))} if counts["error"] else {}
    batch.summary = summary_of(delivery, counts) | would
    _keep_findings(session, batch_id, findings)
    event = BatchRead(
        str(batch_id), len(delivery.points), len(delivery.lines), counts, delivery.crs.decided, batch.options
    )
    record(session, actor=actor, event=event, now=now)
    return batch


def compared(session: Session, batch_id: int, delivery: Delivery, catalogue: Catalogue) -> Compared:
    """What the register says of a delivery, as far as the maker of the batch may see it at this moment.

    He reads the findings whoever lets the batch be read again, so they tell no more than that.
    """
    maker = batch_of(session, batch_id).created_by
    sight = sight_of_account(session, maker, now=datetime.now(UTC))
    with as_seen_by(session, sight, name=maker):
        return compare_with_register(session, delivery, catalogue)


def refuse_reading(
    session: Session, *, actor: Actor, batch_id: int, finding: IntakeFinding, now: datetime
) -> Batch:
    """Keep that the files could not be read at all, and why; a batch given up meanwhile stays so."""
    batch = batch_to_change(session, batch_id)
    if batch.state != BatchState.READING:
        return batch
    batch.state = BatchState.REFUSED
    batch.delivery_file = None
    batch.summary = {"counts": {"error": 1, "warning": 0, "info": 0}, "files": []}
    _keep_findings(session, batch_id, [finding])
    record(
        session, actor=actor, event=BatchRead(str(batch_id), 0, 0, {"error": 1}, None, batch.options), now=now
    )
    return batch


def summary_of(delivery: Delivery, counts: dict[str, int]) -> dict[str, Any]:
    """What the lists of batches and the import document say of a delivery."""
    delivered = sum(one.points for one in delivery.files)
    return {
        "counts": counts,
        "points": len(delivery.points),
        # A line needs a node at each end: where the files have no point, one is put there.
        "points_counted": {"delivered": delivered, "added": len(delivery.points) - delivered},
        "lines": len(delivery.lines),
        "kinds": {str(kind): int(count) for kind, count in delivery.lines["kind"].value_counts().items()},
        "files": [
            {
                "file": one.file,
                "format": one.format,
                "encoding": one.encoding,
                "encoding_why": one.encoding_why,
                "rows_read": one.rows_read,
                "points": one.points,
                "lines": one.lines,
                "length_m_by_code": {code: round(metres, 3) for code, metres in one.length_m_by_code.items()},
            }
            for one in delivery.files
        ],
    }


def _keep_findings(session: Session, batch_id: int, findings: Sequence[IntakeFinding]) -> None:
    session.execute(delete(BatchFinding).where(BatchFinding.batch_id == batch_id))
    session.add_all(
        BatchFinding(
            batch_id=batch_id,
            code=one.code,
            level=one.level,
            file=one.file,
            sheet=one.sheet,
            row=one.row,
            field=one.field,
            value=one.value,
            table_name=one.table,
            message_zh=one.words.zh,
            message_en=one.words.en,
            remedy_zh=one.remedy.zh,
            remedy_en=one.remedy.en,
            place=None
            if one.east_m is None or one.north_m is None
            else stored(shapely.Point(one.east_m, one.north_m)),
        )
        for one in findings
    )


def accept_batch(  # noqa: PLR0913 - what was read, what shall become of it, and what was begun
    session: Session,
    *,
    actor: Actor,
    batch_id: int,
    delivery: Delivery,
    findings: tuple[IntakeFinding, ...],
    options: Acceptance,
    now: datetime,
    begun: Begun | None = None,
) -> Written:
    """Put a read batch into the register: all of it, or nothing, and one batch after another.

    With ``options.leave_out_errors`` the rows that an error names stay out, by the decision of the person who accepts;
    they stay readable as findings. ``begun``: what this transaction holds already.

    Raises
    ------
    WrongState
        The batch is not waiting for acceptance, or has errors and they are not to be left out.
    Invalid
        An error concerns the whole delivery, so that no row can be left out for it; or the register holds some of it
        already where the actor may not see it.
    """
    # Before the row of the batch is locked: who cancels it meanwhile need not wait with it.
    alone_in_register(session, wait_s=LONGEST_WAIT_S)
    batch = batch_to_change(session, batch_id)
    if batch.state not in (BatchState.READ, BatchState.REFUSED, BatchState.ACCEPTING):
        raise _not_now(batch)
    findings = answered(findings, options.same)
    check_can_accept(findings, leave_out_errors=options.leave_out_errors)
    rows = rows_to_write(delivery, findings) if begun is None else begun.rows
    nodes, runs = rows.nodes, rows.runs
    kept, untold, known_before = Kept(), Untold(), frozenset[str]()
    if begun is None:
        with as_seen_by(session, sight_of_asker(session, actor, now=now), name=actor.name):
            nodes, runs, kept = matched_frames(session, nodes, runs, options.same, options.sigma_factor)
            known_before = kinds_told_before(session, nodes, runs, options.same)
            nodes, runs, untold = with_known_facts(session, nodes, runs, delivery.facts, options.sigma_factor)
    if runs.empty and nodes.empty and not kept.lines:
        raise Invalid(Words("没有一行可以入库。", "Not one row can go into the register."))
    with ThreadPoolExecutor(max_workers=1) as aside:
        # The database is waited for while the records are written: the ground is worked out meanwhile.
        reach_m, codes = options.coverage_reach_m, options.partial_codes
        looking = None if begun is None else begun.ground
        grounding = aside.submit(lambda: looking or ground_of(rows, runs, reach_m=reach_m, codes=codes))
        ahead = None if begun is None else begun.written
        written = write_records(session, batch_id=batch_id, nodes=nodes, runs=runs, now=now, ahead=ahead)
    batch.state, batch.accepted_at = BatchState.ACCEPTED, now
    saying = (kinds_told(points, delivery.lines, codes) for points in (delivery.points, rows.nodes))
    batch.points_told = sorted(known_before.union(*saying))
    stays_out = {"points": int(rows.points_out.sum()), "lines": int(rows.lines_out.sum())}
    replaced = {"points": written.nodes_replaced, "lines": written.runs_replaced}
    unchanged = {"points": written.nodes_unchanged, "lines": written.runs_unchanged}
    told = {"left_out": stays_out, "replaced": replaced, "unchanged": unchanged}
    batch.summary = batch.summary | told | kept.as_summary() | untold.as_summary()
    _keep_answered(session, batch, options.same)
    session.flush()
    tells_coverage = write_beside(session, delivery.facts, actor=actor, batch_id=batch_id, now=now)
    # Test data of another place shows nothing of the ground that it was laid over.
    if delivery.crs.displaced is None:
        since, looked = after_unknown(session, now), grounding.result().looked
        if not tells_coverage:
            cover_batch(session, actor=actor, batch_id=batch_id, reach_m=reach_m, now=since, looked=looked)
        leave_unknown(session, actor=actor, batch_id=batch_id, out=rows.out, reach_m=reach_m, now=since)
    event = BatchAccepted(
        str(batch_id), len(nodes), len(runs), stays_out["points"], stays_out["lines"], options.same or "replace",
        replaced, kept.lines_from, kept.points_from,
    )  # fmt: skip
    record(session, actor=actor, event=event, now=now, place=grounding.result().around)
    return written


def _keep_answered(session: Session, batch: Batch, same: Same | None) -> None:
    """Errors that the person who accepts has answered with ``same`` are warnings from now on."""
    of_batch = (
        BatchFinding.batch_id == batch.id,
        BatchFinding.code == OTHER_LINE,
        BatchFinding.level == "error",
    )
    answers = session.scalar(select(func.count()).select_from(BatchFinding).where(*of_batch)) or 0
    if same is None or not answers:
        return
    session.execute(update(BatchFinding).where(*of_batch).values(level="warning"))
    counts = dict(batch.summary.get("counts", {}))
    counts["error"] = max(counts.get("error", 0) - answers, 0)
    counts["warning"] = counts.get("warning", 0) + answers
    batch.summary = batch.summary | {"counts": counts}


def check_can_accept(findings: Sequence[IntakeFinding], *, leave_out_errors: bool) -> None:
    """Refuse a delivery with errors unless they can and shall be left out."""
    errors = [one for one in findings if one.level == "error"]
    whole = [one for one in errors if one.row is None]
    asked = still_asked(errors)
    if asked and all(one.code == OTHER_LINE for one in whole) and (whole or not leave_out_errors):
        raise (Invalid if whole else WrongState)(asked)
    if whole:
        raise Invalid(
            Words(f"整批不能入库：{whole[0].words.zh}", f"The batch cannot go in: {whole[0].words.en}")
        )
    if errors and not leave_out_errors:
        raise WrongState(
            Words(
                f"有 {len(errors)} 个错误，整批不入库；请改正后重新导入，或选择“带错行不入库”。",
                f"There are {len(errors)} errors, so nothing goes in; mend them and import again, "
                "or choose to leave rows with errors out.",
                "--leave-out-errors",
            )
        )


def cancel_batch(session: Session, *, actor: Actor, batch_id: int, reason: str, now: datetime) -> Batch:
    """Give a batch up before it is in the register; a reading under way stops at its next step."""
    # Before what it holds is looked at: who may see it is asked of tables that may be locked by its going in.
    if not holds_fate(session, batch_id, wait_s=0.0):
        raise GoingIn(batch_id)
    batch = batch_to_change(session, batch_id)
    if batch.state not in OPEN_STATES:
        raise WrongState(
            Words(
                f"批次 {batch_id} 已{STATE_ZH[batch.state]}，不能取消。",
                f"Batch {batch_id} is {batch.state} and cannot be cancelled.",
            )
        )
    batch.cancel_asked = True
    batch.state = BatchState.CANCELLED
    record(session, actor=actor, event=BatchCancelled(str(batch_id), reason), now=now)
    return batch
