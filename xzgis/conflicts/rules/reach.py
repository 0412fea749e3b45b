"""How far from its axis a new run can meet anything: the bound for looking up candidates."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.boxes import looked_boxes
from xzgis.networks.terms import FloatArray, RunColumns

ANY_KINDS = frozenset({"any", "any_pipeline"})
ORDINARY_SIGMA_M = 0.5
# With the spread. Wider lines stand in partial indexes, lines of no known size by their kind.
ORDINARY_WIDTH_M = 5.0
NARROW_SIGMA_M = 0.25
NARROW_WIDTH_M = 1.2
TOGETHER_M = 40.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """The largest outer width (with its spread) and plan sigma that a look-up has to expect, metres."""

    width_m: float
    sigma_m: float


def ordinary() -> Bounds:
    """Bounds of an ordinary run; beyond them a run is found through the indexes of the unusual."""
    return Bounds(width_m=ORDINARY_WIDTH_M, sigma_m=ORDINARY_SIGMA_M)


def narrow() -> Bounds:
    """Bounds of most runs of a city: of those beyond the reach for these bounds only the wider and vaguer matter."""
    return Bounds(width_m=NARROW_WIDTH_M, sigma_m=NARROW_SIGMA_M)


def largest_requirement_m(kind: str, catalogue: Catalogue, *, tunnel_m: float) -> float:
    """How far any verdict on the plan clearance of ``kind`` may look, whatever the conditions.

    At least as far as the largest figure between lines, so that what an expert must see is found. ``tunnel_m``
    stands for rules that ask one outer diameter of a tunnel.
    """
    figure_m, asks_tunnel = _figures(catalogue)[kind]
    return max(figure_m, tunnel_m) if asks_tunnel else figure_m


_known: list[tuple[Catalogue, dict[str, tuple[float, bool]]]] = []


def _figures(catalogue: Catalogue) -> dict[str, tuple[float, bool]]:
    """By kind: the largest figure, and whether some rule asks the diameter of a tunnel; the latest few are kept."""
    for held, figures in _known:
        if held is catalogue:
            return figures
    figures = {kind: _figure(kind, catalogue) for kind in catalogue.kinds}
    _known[:] = [*_known[-3:], (catalogue, figures)]
    return figures


def _figure(kind: str, catalogue: Catalogue) -> tuple[float, bool]:
    definition = catalogue.kinds[kind]
    own = {definition.rule_kind, *definition.rule_kind_by_burial.values()} - {None}
    lines = _kinds_of_lines(catalogue)
    between = [rule for rule in catalogue.horizontal if {rule.kind_a, rule.kind_b} <= lines]
    # A line beyond the tables (gas above 1.6 MPa, an unidentified line) may lie near any new work: an expert or a
    # missing fact decides, as far as any figure between lines goes. So the figures of all kinds count.
    figures = [rule.clearance_m for rule in between if not isinstance(rule.clearance_m, str)]
    asks_tunnel = any(
        isinstance(rule.clearance_m, str) and (not own or (own | ANY_KINDS) & {rule.kind_a, rule.kind_b})
        for rule in between
    )
    return max(figures, default=0.0), asks_tunnel


def reaches_m(runs: RunColumns, catalogue: Catalogue, bounds: Bounds) -> FloatArray:
    """``(n,)`` how far from its axis each new run can concern a run within ``bounds``, metres.

    Largest requirement (or what digging beside the run asks, if that is more), both half widths, k sigma of
    both (their sum bounds the root of squares).
    """
    factor = catalogue.limits.sigma_factor
    dig_m = dig_reach_m(catalogue)
    # Plain numbers: a work has a handful of runs, and a call into numpy costs more than one of them.
    return np.array(
        [
            max(largest_requirement_m(kind, catalogue, tunnel_m=max(width, bounds.width_m)), dig_m)
            + (width + bounds.width_m) / 2.0
            + factor * (sigma + bounds.sigma_m)
            for kind, width, sigma in _kind_width_sigma(runs)
        ],
        dtype=np.float64,
    )


def _kind_width_sigma(runs: RunColumns) -> Iterator[tuple[str, float, float]]:
    """Kind, largest outer width and plan sigma of every run."""
    kinds = [runs.conditions[condition].kind for condition in runs.condition.tolist()]
    return zip(kinds, runs.width_m[:, 1].tolist(), runs.sigma_plan_m.tolist(), strict=True)


def dig_reach_m(catalogue: Catalogue) -> float:
    """How far beside a run its trench concerns others: working space and the widest zone of care."""
    values = catalogue.limits.values
    return values["dig_working_space_m"] + max(values["dig_hand_zone_m"], values["dig_owner_present_m"])


def hole_reach_m(catalogue: Catalogue, bounds: Bounds) -> float:
    """How far from its outline an excavation can concern a run within ``bounds``, metres."""
    return dig_reach_m(catalogue) + bounds.width_m / 2.0 + catalogue.limits.sigma_factor * bounds.sigma_m


def hole_boxes(outlines: Sequence[FloatArray], catalogue: Catalogue, bounds: Bounds) -> FloatArray:
    """``(n, 4)`` box of every excavation ``(k, 2)``, storage CRS, grown by all it can concern."""
    grow = hole_reach_m(catalogue, bounds)
    boxes = [np.concatenate([outline.min(axis=0) - grow, outline.max(axis=0) + grow]) for outline in outlines]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def grown_boxes(runs: RunColumns, reach_m: FloatArray) -> FloatArray:
    """``(s, 4)`` boxes of the segments of ``runs``, grown by the reach of their run; storage CRS, not local.

    Short segments that follow each other share a box, one for each ``TOGETHER_M`` of chainage: a finely drawn
    line is not asked for vertex by vertex.
    """
    return looked_around(runs, np.array((reach_m, np.zeros(len(reach_m)))))[:4].T


def looked_around(runs: RunColumns, ways_m: FloatArray) -> FloatArray:
    """``(5, s)`` west, south, east, north of those boxes, and how much smaller each is for what lies nearer.

    ``ways_m`` is ``(2, n)``: how far each run is looked around, and how much less for what lies nearer.
    """
    return looked_boxes(runs.offset, np.ascontiguousarray(runs.xy_m), TOGETHER_M, *runs.origin_m, ways_m)


def _kinds_of_lines(catalogue: Catalogue) -> frozenset[str]:
    """Rule kinds that buried lines carry, with the words for any line."""
    kinds = {kind.rule_kind for kind in catalogue.kinds.values() if kind.is_buried_line}
    for kind in catalogue.kinds.values():
        kinds |= set(kind.rule_kind_by_burial.values())
    return frozenset(token for token in kinds if token is not None) | ANY_KINDS
