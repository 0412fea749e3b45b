"""A delivery that replaces records does not make unknown what they know of the thing itself (decision 0079)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy.orm import Session

from xzgis.catalogue.queries import catalogue
from xzgis.core.lens import as_it_is
from xzgis.networks.actions.register import LINKS
from xzgis.networks.queries.known_facts import known_of_lines, known_of_points, points_told
from xzgis.networks.rules.finding_words import canonical_field
from xzgis.networks.rules.known_facts import (
    FIELDS_TELLING,
    LINE_FACTS,
    POINT_FACTS,
    Filled,
    Telling,
    Untold,
    filled_lines,
    filled_points,
    untold,
)
from xzgis.networks.rules.likeness import Standing, framed_standing
from xzgis.networks.rules.same_findings import Same
from xzgis.networks.terms import IntArray

Facts = Mapping[str, Any]


def with_known_facts(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, facts: Facts, sigma_factor: float
) -> tuple[pd.DataFrame, pd.DataFrame, Untold]:
    """Frames of :func:`xzgis.networks.actions.sameness.matched_frames` with what their records know besides.

    ``facts`` of the delivery. What the actor may not see of a record stays with it all the same.
    """
    with as_it_is(session):
        points = points_known(session, nodes, _identities(nodes))
        which = _identities(runs)
        rows = np.flatnonzero(which > 0)
        if not len(rows):
            return points.frame, runs, untold(points, Filled(runs, {}, {}))
        replacing = runs.iloc[rows]
        standing = framed_standing(replacing)
        lines = lines_known(session, replacing, which[rows], standing, facts, sigma_factor=sigma_factor)
    return points.frame, _put(runs, lines, rows), untold(points, lines)


def kinds_told_before(
    session: Session, nodes: pd.DataFrame, runs: pd.DataFrame, same: Same | None
) -> frozenset[str]:
    """Kinds of the frames of :func:`with_known_facts` of which the register was told what stands at every point.

    Of lines measured again what stood there is known as before. A point that is new, or that came with a batch without a
    word, leaves it open, and so does a line without points. What ``keep`` left as registered is in the frames no longer.
    """
    if nodes.empty or same == "keep":
        return frozenset()
    with as_it_is(session):
        told = points_told(session, nodes).groupby(nodes["kind"]).all()
    tied = (runs[list(LINKS)].astype("Int64").fillna(-1) >= 0).all(axis=1).groupby(runs["kind"]).all()
    loose = frozenset(tied.index[~tied])
    return frozenset(told.index[told]) - loose


def points_known(session: Session, points: pd.DataFrame, identity: IntArray) -> Filled:
    """The points with what the records of ``identity`` (0: none) know of them."""
    if not (identity > 0).any():
        return Filled(points, {}, {})
    features = {code.token for code in catalogue().codes.get("feature", ())}
    held = known_of_points(session, identity)
    filled = filled_points(points.reset_index(drop=True), held, features, _telling(held, POINT_FACTS))
    return Filled(filled.frame.set_index(points.index), filled.kept, filled.lost)


def lines_known(
    session: Session,
    lines: pd.DataFrame,
    identity: IntArray,
    standing: Standing,
    facts: Facts,
    *,
    sigma_factor: float,
) -> Filled:
    """The lines with what the records of ``identity``, one for each, know of them."""
    if not len(identity):
        return Filled(lines, {}, {})
    held, there = known_of_lines(session, identity)
    plain = lines.reset_index(drop=True)
    telling = _telling(held, LINE_FACTS)
    filled = filled_lines(plain, held, (standing, there), heads_of(facts), telling, sigma_factor=sigma_factor)
    return Filled(filled.frame.set_index(lines.index), filled.kept, filled.lost)


def heads_of(facts: Facts) -> dict[str, Sequence[str]] | None:
    """By field the heads of the columns that were taken for it, whatever table; None where a delivery has no tables."""
    tables: Mapping[str, Mapping[str, str]] | None = facts.get("columns")
    if tables is None:
        return None
    heads: dict[str, list[str]] = {}
    for mapped in tables.values():
        for name, head in mapped.items():
            heads.setdefault(name, []).append(head)
    return dict(heads)


def _telling(held: pd.DataFrame, facts: Collection[str]) -> Telling:
    return telling_of((one for one in held["attributes"] if isinstance(one, dict)), facts)


def telling_of(attributes: Iterable[Mapping[str, Any]], facts: Collection[str]) -> Telling:
    """Which heads of these attributes hold the delivered words of which facts, by what the heads mean."""
    heads = {head for one in attributes for head in one}
    fields = {head: canonical_field(head, catalogue()) for head in heads}
    told = {
        head: frozenset(fact for fact in facts if field in FIELDS_TELLING.get(fact, (fact,)))
        for head, field in fields.items()
    }
    return {head: found for head, found in told.items() if found}


def _identities(frame: pd.DataFrame) -> IntArray:
    if "object_id" not in frame.columns:
        return np.zeros(len(frame), np.int64)
    ids: IntArray = np.array(frame["object_id"].astype("Int64").fillna(0), np.int64)
    return ids


def _put(runs: pd.DataFrame, lines: Filled, rows: IntArray) -> pd.DataFrame:
    """``runs`` with the columns that :func:`lines_known` filled, in the rows that replace a record."""
    changed = [name for name, mask in lines.kept.items() if mask.any()]
    if not changed:
        return runs
    columns = {}
    for name in (*changed, "attributes"):
        values = runs[name].to_numpy(copy=True)
        values[rows] = lines.frame[name].to_numpy()
        columns[name] = pd.Series(values, index=runs.index, dtype=runs[name].dtype)
    return runs.assign(**columns)
