"""How far a check looks for lines with protection or control zones, beyond what clearances ask (decision 0078)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.conflicts.rules.reach import Bounds, dig_reach_m, grown_boxes, largest_requirement_m, ordinary
from xzgis.conflicts.rules.zones import dug_m, zoning_of
from xzgis.networks.terms import FloatArray, IntArray, RunColumns

#: What the partial index ``ix_networks_run_trunk`` leaves out (migration 2026_11_23_0800): gas of these pressures that is
#: no wider than this; whatever else is of these kinds it holds.
TRUNK_KINDS = frozenset({"gas", "industrial"})
LOW_GAS = frozenset({"low", "medium", "medium_A", "medium_B"})
SLIM_MM = 2000.0


@dataclass(frozen=True, slots=True)
class ZoneLooks:
    """How much farther than for clearances lines with zones are looked for, metres; None: no farther.

    ``trunk_m``: those in the index of trunks. ``near_kinds``: kinds that are not left behind for being narrow.
    ``other_m``: lines of ``other_kinds``, where the ordinary boxes do not hold their zones.
    """

    trunk_m: float | None
    near_kinds: tuple[str, ...]
    other_m: float | None
    other_kinds: tuple[str, ...]


def zone_looks(catalogue: Catalogue) -> ZoneLooks:
    """Where the zones of the tables are found; the boxes of runs and of excavations (:func:`hole_more_m`) hold the near ones."""
    far = [rule for rule in catalogue.zones if _is_indexed(rule)]
    beside = [rule for rule in catalogue.zones if not _is_indexed(rule) and _more_m(catalogue, rule) > 0.0]
    other = [rule for rule in beside if not _is_slim(catalogue, rule)]
    return ZoneLooks(
        trunk_m=max((_more_m(catalogue, rule) for rule in far), default=None),
        near_kinds=tuple(sorted({rule.kind for rule in (*far, *beside)})),
        other_m=max((_more_m(catalogue, rule) for rule in other), default=None),
        other_kinds=tuple(sorted({rule.kind for rule in other})),
    )


def _is_indexed(rule: ZoneRule) -> bool:
    """Whether every line that the row may speak of stands in the index of trunks."""
    return rule.kind == "industrial" or (
        rule.kind in TRUNK_KINDS and bool(rule.pressure_classes) and not LOW_GAS & set(rule.pressure_classes)
    )


def looked_m(catalogue: Catalogue) -> float:
    """How far beside the wall of any new run, at least, clearances have lines looked for."""
    least = min(
        (largest_requirement_m(kind, catalogue, tunnel_m=0.0) for kind in catalogue.kinds), default=0.0
    )
    return max(least, dig_reach_m(catalogue))


def _more_m(catalogue: Catalogue, rule: ZoneRule) -> float:
    return rule.distance_m + dug_m(catalogue) - looked_m(catalogue)


def _is_slim(catalogue: Catalogue, rule: ZoneRule) -> bool:
    """Whether the ordinary boxes, made for wide lines, hold the zone of a line that is never so wide."""
    spare_m = (ordinary().width_m - SLIM_MM / 1000.0) / 2.0
    is_gas = rule.kind == "gas"  # a wider one stands in the index of trunks
    widest_mm = catalogue.kinds[rule.kind].plausible_outer_width_mm[1]
    return is_gas and widest_mm <= SLIM_MM and _more_m(catalogue, rule) <= spare_m


def hole_more_m(catalogue: Catalogue) -> float:
    """How much the boxes of excavations are grown so that they hold what those of runs hold."""
    return max(looked_m(catalogue) - dig_reach_m(catalogue), 0.0) if catalogue.zones else 0.0


def zone_boxes(
    new: RunColumns, outlines: Sequence[FloatArray], catalogue: Catalogue, bounds: Bounds
) -> FloatArray:
    """``(n, 4)`` boxes of runs and excavations grown by the widest zone, for lines within ``bounds``; storage CRS."""
    widest_m = max((rule.distance_m for rule in catalogue.zones), default=0.0)
    factor = catalogue.limits.sigma_factor
    beside_m = widest_m + dug_m(catalogue) + bounds.width_m / 2.0 + factor * bounds.sigma_m
    boxes = grown_boxes(new, beside_m + new.width_m[:, 1] / 2.0 + factor * new.sigma_plan_m)
    holes = [np.concatenate([ring.min(axis=0) - beside_m, ring.max(axis=0) + beside_m]) for ring in outlines]
    return np.concatenate([boxes, np.array(holes, dtype=np.float64).reshape(-1, 4)])


def with_zones(runs: RunColumns, catalogue: Catalogue) -> IntArray:
    """Places of the runs that have a zone by the tables."""
    has = np.array([zoning_of(catalogue, facts).reach_m > 0.0 for facts in runs.conditions], dtype=np.bool_)
    return np.flatnonzero(has[runs.condition] if len(runs.run_id) else has[:0]).astype(np.int64)
