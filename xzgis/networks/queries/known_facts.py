"""What the records know that a delivery replaces: what tells the thing itself, and how lines stand."""

from typing import Any

import numpy as np
import pandas as pd
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from xzgis.networks.models import Batch, Node, Run
from xzgis.networks.rules.known_facts import LINE_FACTS, POINT_FACTS
from xzgis.networks.rules.likeness import Standing
from xzgis.networks.rules.marks import TOLD_APART_BY
from xzgis.networks.terms import IntArray

_OF_EVERY = ("batch_id", "attributes")
_POINT = (*POINT_FACTS, "ground_m", *_OF_EVERY)
_SIZES = ("outer_width_mm", "outer_height_mm", "outer_spread_mm", "nominal_width_mm")
_LINE = tuple(dict.fromkeys((*LINE_FACTS, *TOLD_APART_BY, "burial", "sigma_level_m", *_SIZES, *_OF_EVERY)))
_LEVELS = ("crown_a", "crown_b", "bottom_a", "bottom_b")
_NUMBERS = (*_LEVELS, *_SIZES, "sigma_level_m", "voltage_kv")


def known_of_points(session: Session, identity: IntArray) -> pd.DataFrame:
    """Rows in the order of ``identity`` for :func:`xzgis.networks.rules.known_facts.filled_points`."""
    asked = [getattr(Node, name) for name in _POINT]
    return _rows(session, Node, asked, _POINT, identity, numbers=("chamber_depth_m", "ground_m"))


def points_told(session: Session, points: pd.DataFrame) -> pd.Series:
    """``(n,)`` of which ``points`` (``kind``, ``object_id``) a batch that the register holds told what stands there."""
    identity = [int(one) for one in points["object_id"].dropna()]
    asked = (
        select(Node.object_id)
        .join(Batch, Batch.id == Node.batch_id)
        .where(
            Node.known_to.is_(None),
            Node.object_id == func.any(cast(identity, ARRAY(BigInteger))),
            Node.kind == func.any(Batch.points_told),
        )
    )
    return points["object_id"].isin(session.scalars(asked).all())


def known_of_lines(session: Session, identity: IntArray) -> tuple[pd.DataFrame, Standing]:
    """Rows in the order of ``identity`` for :func:`xzgis.networks.rules.known_facts.filled_lines`, and how they stand."""
    ends = [one[at] for one in (Run.crown_m, Run.bottom_m) for at in (1, func.cardinality(one))]
    asked = [*(getattr(Run, name) for name in _LINE), *ends]
    held = _rows(session, Run, asked, (*_LINE, *_LEVELS), identity, numbers=_NUMBERS)
    levels = held[list(_LEVELS)].to_numpy(np.float64)
    return held, Standing(
        levels[:, :2],
        levels[:, 2:],
        held["sigma_level_m"].to_numpy(np.float64),
        held[["outer_width_mm", "outer_height_mm"]].to_numpy(np.float64),
        held["outer_spread_mm"].to_numpy(np.float64),
        held[list(TOLD_APART_BY)],
    )


def _rows(
    session: Session,
    table: type[Run] | type[Node],
    asked: list[Any],
    names: tuple[str, ...],
    identity: IntArray,
    *,
    numbers: tuple[str, ...],
) -> pd.DataFrame:
    """One row per identity, missing values where it is 0."""
    wanted = cast([int(one) for one in identity[identity > 0]], ARRAY(BigInteger))
    found = session.execute(
        select(table.object_id, *asked).where(table.known_to.is_(None), table.object_id == func.any(wanted))
    ).all()
    held = pd.DataFrame([tuple(row) for row in found], columns=["identity", *names], dtype=object)
    held = held.set_index("identity").reindex(identity).reset_index(drop=True)
    return held.astype(dict.fromkeys(numbers, np.float64))
