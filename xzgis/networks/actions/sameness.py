"""What of a delivery the register holds already, and what therefore becomes of it: replaced, kept, or new (decision 0021)."""

from dataclasses import dataclass
from typing import Literal

import pandas as pd
from sqlalchemy.orm import Session

from xzgis.core.errors import Invalid
from xzgis.core.lens import as_it_is, sight_of
from xzgis.core.words import Words
from xzgis.networks.actions.records import rows_to_write
from xzgis.networks.queries.batches import owed_to
from xzgis.networks.queries.intake import flat, same_nodes, same_runs
from xzgis.networks.terms import Delivery, IntakeFinding, IntArray

Same = Literal["replace", "keep"]
HELD_UNSEEN = Words(
    "登记库在本批范围内已有您无权查看的记录，本批不能由您入库；请由有相应数据权限的管理员入库。",
    "The register already holds records on this ground which you may not see; a keeper with the right to see them "
    "must accept this batch.",
)


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many records of the register a batch replaces, how many of its lines stay as registered, how many are new."""

    points_replaced: int
    lines_replaced: int
    lines_kept: int
    points_new: int
    lines_new: int


def foreseen(
    session: Session, delivery: Delivery, findings: tuple[IntakeFinding, ...], same: Same
) -> Outcome:
    """What accepting ``delivery`` would do at this moment, without the rows that have errors; nothing is changed."""
    rows = rows_to_write(delivery, findings)
    nodes, runs, kept = matched_frames(session, rows.nodes, rows.runs, same)
    points = int(nodes["object_id"].notna().sum())
    lines = int(runs["object_id"].notna().sum()) if "object_id" in runs else 0
    return Outcome(points, lines, sum(kept.values()), len(nodes) - points, len(runs) - lines)


def matched_frames(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, same: Same
) -> tuple[pd.DataFrame, pd.DataFrame, dict[str, int]]:
    """The frames with the identities of records they are the same as; how many lines stay as which batch has them.

    Raises
    ------
    Invalid
        Some of these records may not be seen by whoever accepts: they are neither doubled nor replaced by him.
    """
    kind, course = runs["kind"].to_numpy(object), flat(runs["axis"].to_numpy(object))
    alike, ends = same_runs(session, kind, *course), same_nodes(session, nodes)
    if sight_of(session) is not None:
        with as_it_is(session):
            truth = same_runs(session, kind, *course), same_nodes(session, nodes)
        if (truth[0] != alike).any() or (truth[1] != ends).any():
            raise Invalid(HELD_UNSEEN)
    held = alike > 0
    nodes = nodes.assign(object_id=_identity(ends))
    if same == "keep":
        return nodes, runs[~held].reset_index(drop=True), owed_to(session, alike[held])
    return nodes, runs.assign(object_id=_identity(alike)), {}


def _identity(numbers: IntArray) -> pd.Series:
    return pd.Series(numbers, dtype="Int64").replace(0, pd.NA)
