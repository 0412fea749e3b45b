"""One word of a work for the surface above all of it, beside what the road register knows of parts of it."""

from collections.abc import Iterable
from dataclasses import replace

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.cover import cover_asked, dry_surfaces
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.terms import SurfaceStretch
from xzgis.networks.terms import RunColumns

OF_ROADS = ("carriageway", "non_motor_or_footway")
"""What the road register tells."""


def asks_roads(stated: str | None, runs: RunColumns, catalogue: Catalogue) -> bool:
    """Whether the road register may ask more cover of one of ``runs`` than the surface that the work names."""
    if stated is None:
        return True
    if stated not in dry_surfaces(rule_book(catalogue)):
        return False  # cover below a bed is counted from the bed, whatever bridge stands above
    return any(
        _asked_m(road, run, runs, catalogue) > _asked_m(stated, run, runs, catalogue) + EQUAL_M
        for road in OF_ROADS
        for run in range(len(runs.run_id))
    )


def stricter(
    found: Iterable[SurfaceStretch], stated: str, runs: RunColumns, catalogue: Catalogue
) -> tuple[SurfaceStretch, ...]:
    """``found`` of the road register with the surface that the work names, wherever that asks as much cover or more."""
    return tuple(
        one
        if one.surface is not None
        and _asked_m(one.surface, one.new, runs, catalogue)
        > _asked_m(stated, one.new, runs, catalogue) + EQUAL_M
        else replace(one, surface=stated)
        for one in found
    )


def _asked_m(surface: str, run: int, runs: RunColumns, catalogue: Catalogue) -> float:
    """The strictest cover asked of a run under a surface; infinite where no table says it, so that it is never clear."""
    facts = runs.conditions[int(runs.condition[run])]
    asked = cover_asked(rule_book(catalogue), facts, surface).asked
    return asked.range_m[1] if asked.reached and not asked.beyond else float("inf")
