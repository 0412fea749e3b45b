"""Outer sizes from nominal ones, and how well a position is known."""

import math
from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue, OuterSize


@dataclass(frozen=True, slots=True)
class OuterEnvelope:
    """Outer size of a line across one dimension.

    Attributes
    ----------
    outer_mm
        Most likely outer size.
    wall_mm
        Wall on one side that was added.
    spread_mm
        The outer size may be off by this much, either way.
    assumed
        True when a table or a rule of thumb gave it, not a measurement.
    source
        Where the wall comes from.
    """

    outer_mm: float
    wall_mm: float
    spread_mm: float
    assumed: bool
    source: str


@dataclass(frozen=True, slots=True)
class Sigma:
    """Standard deviations of plan position and level, metres."""

    plan_m: float
    level_m: float


def outer_size(
    catalogue: Catalogue,
    *,
    kind: str,
    nominal_mm: float,
    material: str | None = None,
    burial: str | None = None,
) -> OuterEnvelope | None:
    """The outer size of a line of ``nominal_mm``; of a rectangle ask width and height apart.

    The first fitting row decides, in this order: the kind itself, its rule kind, any kind; a row for the
    burial before one for all; a row for the material before one for all. None when no row fits.
    """
    network = catalogue.kinds.get(kind)
    rule_kind = network.rule_kind if network is not None else None
    rows = [
        row
        for row in catalogue.outer_sizes
        if row.kind in (kind, rule_kind, "any")
        and row.material in (material, "")
        and row.burial in (burial, "")
        and row.nominal_mm_from <= nominal_mm < row.nominal_mm_to
    ]
    if not rows:
        return None

    def rank(row: OuterSize) -> tuple[bool, bool, int]:
        return (not row.burial, not row.material, (kind, rule_kind, "any").index(row.kind))

    best = min(rows, key=rank)
    wall_mm = best.wall_mm if best.wall_mm is not None else nominal_mm * (best.wall_ratio or 0.0)
    return OuterEnvelope(
        outer_mm=nominal_mm + 2 * wall_mm,
        wall_mm=wall_mm,
        spread_mm=2 * best.wall_spread_mm,
        assumed=best.assumed,
        source=best.source,
    )


def sigma(catalogue: Catalogue, accuracy_class: str, depth_m: float | None) -> Sigma:
    """Standard deviations of a line known by ``accuracy_class`` whose centre lies ``depth_m`` deep.

    Source: CJJ 61 via reference/survey_tables.md section 7. A depth that is unknown is taken as
    ``depth_when_unknown_m`` of layers/limits.toml; a class that is unknown counts as ``assumed``.
    """
    known = catalogue.accuracy.get(accuracy_class) or catalogue.accuracy["assumed"]
    depth = catalogue.limits.values["depth_when_unknown_m"] if depth_m is None else depth_m
    lever = max(abs(depth), known.depth_floor_m)
    return Sigma(
        plan_m=math.hypot(known.plan_base_m, known.plan_per_depth * lever),
        level_m=math.hypot(known.level_base_m, known.level_per_depth * lever),
    )
