"""Outer sizes from nominal ones, and how well a position is known."""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue, NetworkKind, OuterSize

SizesByName = Mapping[tuple[str, str, str], Sequence[OuterSize]]
"""Rows of outer sizes by kind, material and burial, each in the order of the table."""


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

    None when no row fits; which row decides says :func:`size_row`.
    """
    best = size_row(
        sizes_by_name(catalogue.outer_sizes),
        kind=catalogue.kinds.get(kind),
        material=material,
        burial=burial,
        nominal_mm=nominal_mm,
    )
    if best is None:
        return None
    wall_mm = best.wall_mm if best.wall_mm is not None else nominal_mm * (best.wall_ratio or 0.0)
    return OuterEnvelope(
        outer_mm=nominal_mm + 2 * wall_mm,
        wall_mm=wall_mm,
        spread_mm=2 * best.wall_spread_mm,
        assumed=best.assumed,
        source=best.source,
    )


def sizes_by_name(sizes: Sequence[OuterSize]) -> SizesByName:
    """Rows of outer sizes as :func:`size_row` asks for them: make it once for many lines."""
    index: dict[tuple[str, str, str], list[OuterSize]] = defaultdict(list)
    for size in sizes:
        index[size.kind, size.material, size.burial].append(size)
    return index


def size_row(
    sizes: SizesByName,
    *,
    kind: NetworkKind | None,
    material: str | None,
    burial: str | None,
    nominal_mm: float,
) -> OuterSize | None:
    """The row that decides for a line of ``nominal_mm``, known or new; None when no row fits.

    A row for the burial before one for all, then a row for the material before one for all, then the kind
    itself before its rule kind before any kind. A range holds its lower end, not its upper one.
    """
    names = [kind.token, kind.rule_kind or "", "any"] if kind is not None else ["any"]
    for material_asked, burial_asked in ((material, burial), ("", burial), (material, ""), ("", "")):
        for name in names:
            for size in sizes.get((name, material_asked or "", burial_asked or ""), ()):
                if size.nominal_mm_from <= nominal_mm < size.nominal_mm_to:
                    return size
    return None


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
