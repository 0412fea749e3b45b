"""How large the things may be that stand at points (layers/chambers.csv)."""

import math
from collections.abc import Sequence

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.obstacles import UNNAMED, ChamberSize

MM_PER_M = 1000.0
UNKNOWN_KIND = "unknown"
WALL_M = 0.4
"""The thickest wall of a chamber of brick (0.37 m) and its render, outside of a surveyed point of its edge."""
BY_M = 0.5
"""A drawn line that passes a point by no more passes through what stands there."""


def widest_m(catalogue: Catalogue) -> float:
    """The largest width that a chamber may have, metres."""
    return max(widths_m(catalogue).values(), default=0.0)


def widths_m(catalogue: Catalogue) -> dict[str, float]:
    """By token of what stands at a point the largest width that such a thing may have, whatever its kind; metres."""
    widest: dict[str, float] = {}
    for size in catalogue.chambers:
        widest[size.appurtenance] = max(widest.get(size.appurtenance, 0.0), size.width_mm_to / MM_PER_M)
    if UNNAMED in widest:
        widest[UNNAMED] = max(widest.values())
    return widest


def sized_by_lines(catalogue: Catalogue) -> frozenset[str]:
    """Kinds whose wells are the larger the wider their lines are: to the well of one of them comes any other.

    A line of an unknown kind may be one of them.
    """
    names = {row.kind for row in catalogue.chambers if row.line_mm_from > 0.0}
    drains = (token for token, kind in catalogue.kinds.items() if {token, kind.rule_kind} & names)
    return frozenset([*drains, UNKNOWN_KIND])


def with_edges(size: ChamberSize, reach_m: float | None, *, widest_m: float) -> ChamberSize:
    """``size``, at its largest no smaller than a square box whose walls stand ``reach_m`` from the point.

    No larger than ``widest_m``: as far does a check look for chambers, and a link inside one that is longer is none.
    """
    if reach_m is None:
        return size
    diagonal_mm = 2.0 * math.sqrt(2.0) * (reach_m + WALL_M) * MM_PER_M
    proven_mm = min(diagonal_mm, widest_m * MM_PER_M)
    return size.model_copy(update={"width_mm_to": max(size.width_mm_to, proven_mm)})


def size_of(
    catalogue: Catalogue, kind: str, appurtenance: str, widest_mm: float | None = None
) -> ChamberSize | None:
    """The row for such a thing: of its kind before its rule kind before any; of several sizes of line all of them.

    Of an unknown kind, and of one that no row is for, every row of such a thing. What nobody names may be anything
    that stands at points of its kind. ``widest_mm``: nominal size of the widest line that ends there or passes (of a
    kind that is known). None where layers/chambers.csv has no row for such a thing.
    """
    known = catalogue.kinds.get(kind)
    names = (kind, "" if known is None else known.rule_kind or "", "any")
    if appurtenance == UNNAMED:
        is_any = kind == UNKNOWN_KIND
        of_kind = [row for row in catalogue.chambers if is_any or row.kind in names]
        return _hull(of_kind, named=appurtenance) if of_kind else None
    rows = [row for row in catalogue.chambers if row.appurtenance == appurtenance]
    if kind != UNKNOWN_KIND:
        for name in names:
            if of_name := [row for row in rows if row.kind == name]:
                rows = of_name
                break
    fitting = [
        row
        for row in rows
        if kind != UNKNOWN_KIND and widest_mm is not None and row.line_mm_from <= widest_mm < row.line_mm_to
    ]
    return _hull(fitting or rows, named=appurtenance) if rows else None


def _hull(rows: Sequence[ChamberSize], *, named: str) -> ChamberSize:
    """One row that stands for all of ``rows``: from the smallest to the largest of each size."""
    if len(rows) == 1:
        return rows[0]
    sizes = ("width", "depth", "base")
    low = {f"{what}_mm_from": min(getattr(row, f"{what}_mm_from") for row in rows) for what in sizes}
    high = {f"{what}_mm_to": max(getattr(row, f"{what}_mm_to") for row in rows) for what in sizes}
    return rows[0].model_copy(update={"appurtenance": named} | low | high)
