"""What of a delivery the register holds already, and what therefore becomes of it: replaced, kept, or new (decision 0021)."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from sqlalchemy.orm import Session

from xzgis.core.errors import Invalid
from xzgis.core.lens import as_it_is, sight_of
from xzgis.core.words import Words
from xzgis.networks.actions.known_facts import with_known_facts
from xzgis.networks.actions.records import rows_to_write
from xzgis.networks.actions.register import LINKS
from xzgis.networks.models import Node, Run
from xzgis.networks.queries.batches import KEPT_FROM, LINES_KEPT, POINTS_KEPT, POINTS_KEPT_FROM, owed_to
from xzgis.networks.queries.intake import ends_of, flat, same_nodes, same_runs
from xzgis.networks.rules.known_facts import Untold
from xzgis.networks.rules.likeness import Standing, framed_standing
from xzgis.networks.rules.matching import ends_staying
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
    """How many records of the register a batch replaces, how many it leaves as registered, how many are new.

    ``untold``: what the replaced records know and the batch does not tell.
    """

    points_replaced: int
    lines_replaced: int
    points_kept: int
    lines_kept: int
    points_new: int
    lines_new: int
    untold: Untold


@dataclass(frozen=True)
class Kept:
    """Points and lines of a delivery that stay as registered: how many, and how many of them each batch brought."""

    points: int = 0
    lines: int = 0
    points_from: dict[str, int] = field(default_factory=dict)
    lines_from: dict[str, int] = field(default_factory=dict)

    def as_summary(self) -> dict[str, Any]:
        """What the summary of a batch keeps of it."""
        return {
            LINES_KEPT: self.lines,
            POINTS_KEPT: self.points,
            KEPT_FROM: self.lines_from,
            POINTS_KEPT_FROM: self.points_from,
        }


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
    told = with_known_facts(session, nodes, runs, delivery.facts, sigma_factor)[2]
    return Outcome(points, lines, kept.points, kept.lines, len(nodes) - points, len(runs) - lines, told)


def matched_frames(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, same: Same | None, sigma_factor: float
) -> tuple[pd.DataFrame, pd.DataFrame, Kept]:
    """The frames with the identities of records they are the same as, and what of them stays as registered instead.

    What stays is in the frames no longer. A point stays with the lines that end at it, in the delivery or in the
    register; other lines that end at it name the registered one (``from_node_id``, ``to_node_id``).

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
    if same == "keep":
        return _without_kept(session, nodes, runs, ends, identity)
    return nodes, runs.assign(object_id=_identity(identity)), Kept()


def _without_kept(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, ends: IntArray, identity: IntArray
) -> tuple[pd.DataFrame, pd.DataFrame, Kept]:
    """As :func:`matched_frames` for ``keep``; ``ends`` and ``identity``: which record each point and each line is."""
    held = identity > 0
    stays = ends_staying(
        ends, ends_of(session, identity[held]), np.concatenate([_rows(runs[end])[held] for end in LINKS])
    )
    kept = Kept(
        points=int(stays.sum()),
        lines=int(held.sum()),
        points_from=owed_to(session, Node, ends[stays]),
        lines_from=owed_to(session, Run, identity[held]),
    )
    position = np.append(np.where(stays, -1, np.cumsum(~stays) - 1), -1)
    registered = np.append(np.where(stays, ends, 0), 0)
    runs = runs[~held].reset_index(drop=True)
    for end, link in LINKS.items():
        rows = _rows(runs[end])
        runs[end], runs[link] = pd.array(position[rows], dtype="Int64"), _identity(registered[rows])
    return nodes[~stays].reset_index(drop=True), runs, kept


def _rows(links: pd.Series) -> IntArray:
    """Rows of points as whole numbers, -1 where there is none."""
    return np.maximum(links.astype("Int64").to_numpy(dtype=np.int64, na_value=-1), -1)


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
