"""What of a delivery the register holds already, and what therefore becomes of it: replaced, kept, or new (decision 0021)."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from xzgis.core.errors import Invalid
from xzgis.core.lens import as_it_is, sight_of
from xzgis.core.words import Words
from xzgis.networks.actions.known_facts import with_known_facts
from xzgis.networks.actions.records import rows_to_write
from xzgis.networks.queries.batches import owed_to
from xzgis.networks.queries.intake import flat, same_nodes, same_runs
from xzgis.networks.rules.known_facts import Untold
from xzgis.networks.rules.likeness import Standing, framed_standing
from xzgis.networks.rules.same_findings import OTHER_LINE, Same, answered
from xzgis.networks.terms import Delivery, FloatArray, IntakeFinding, IntArray

SHOWN = 5
HELD_UNSEEN = Words(
    "登记库在本批范围内已有您无权查看的记录，本批不能由您入库；请由有相应数据权限的管理员入库。",
    "The register already holds records on this ground which you may not see; a keeper with the right to see them "
    "must accept this batch.",
)


class SameUnsaid(Invalid):
    """A person has to say first whether lines on the course of a record replace it, leave it or stand beside it."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records of the register a batch replaces, how many of its lines stay as registered, how many are new.

    ``untold``: what the replaced records know and the batch does not tell.
    """

    points_replaced: int
    lines_replaced: int
    lines_kept: int
    points_new: int
    lines_new: int
    untold: Untold


def foreseen(
    session: Session,
    delivery: Delivery,
    findings: tuple[IntakeFinding, ...],
    same: Same | None,
    *,
    sigma_factor: float,
) -> Outcome:
    """What accepting ``delivery`` would do at this moment, without the rows that have errors; nothing is changed."""
    rows = rows_to_write(delivery, answered(findings, same))
    runs = rows.runs
    if same is None and any(one.code == OTHER_LINE and one.row is None for one in findings):
        # Too many to be named row by row: nothing becomes of them either before somebody says what they are.
        runs = runs[~same_runs(session, *_course(runs), sigma_factor=sigma_factor).unlike]
    nodes, runs, kept = matched_frames(session, rows.nodes, runs.reset_index(drop=True), same, sigma_factor)
    points = int(nodes["object_id"].notna().sum())
    lines = int(runs["object_id"].notna().sum()) if "object_id" in runs else 0
    told = with_known_facts(session, nodes, runs, delivery.facts, sigma_factor=sigma_factor)[2]
    return Outcome(points, lines, sum(kept.values()), len(nodes) - points, len(runs) - lines, told)


def matched_frames(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, same: Same | None, sigma_factor: float
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """The frames with the identities of records they are the same as; how many lines stay as which batch has them.

    Raises
    ------
    Invalid
        Some of these records may not be seen by whoever accepts: they are neither doubled nor replaced by him. Or the
        register holds another level, size or owner on a course, and ``same`` does not say what the line is
        (:class:`SameUnsaid`).
    """
    course = _course(runs)
    alike = same_runs(session, *course, sigma_factor=sigma_factor)
    ends = same_nodes(session, nodes)
    if sight_of(session) is not None:
        with as_it_is(session):
            truth = same_runs(session, *course, sigma_factor=sigma_factor), same_nodes(session, nodes)
        seen = (alike.same, truth[0].same), (alike.nearest, truth[0].nearest), (ends, truth[1])
        if any((one != other).any() for one, other in seen):
            raise Invalid(HELD_UNSEEN)
    if same is None and alike.unlike.any():
        raise SameUnsaid(_may_be_others(runs["label"].to_numpy(object)[alike.unlike]))
    identity = alike.same if same == "beside" else np.where(alike.unlike, alike.nearest, alike.same)
    nodes = nodes.assign(object_id=_identity(ends))
    held = identity > 0
    if same == "keep":
        return nodes, runs[~held].reset_index(drop=True), owed_to(session, identity[held])
    return nodes, runs.assign(object_id=_identity(identity)), {}


def _course(runs: pd.DataFrame) -> tuple[npt.NDArray[np.object_], tuple[IntArray, FloatArray], Standing]:
    """Kind, axes and standing of the lines of a frame, as the register is asked for them."""
    return runs["kind"].to_numpy(object), flat(runs["axis"].to_numpy(object)), framed_standing(runs)


def _may_be_others(labels: npt.NDArray[np.object_]) -> Words:
    named = ", ".join(str(one) for one in labels[:SHOWN])
    return Words(
        f"{len(labels)} 条管段（{named}{'…' if len(labels) > SHOWN else ''}）与登记库现有记录同类同线位，"
        "而标高、外径、权属、电压、压力级别或状态不同；"
        "请选择替换、保留或并列。",
        f"{len(labels)} lines ({named}{'…' if len(labels) > SHOWN else ''}) have the course of a record of the register "
        "and another level, size, owner, voltage, pressure or state; say whether they replace it, leave it, or stand beside it.",
    )


def _identity(numbers: IntArray) -> pd.Series:
    return pd.Series(numbers, dtype="Int64").replace(0, pd.NA)
