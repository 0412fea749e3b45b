"""Protection and control zones 保护范围、控制范围: what the law asks of who digs near an existing line (decision 0078).

A zone never says that a work is clear or in breach: whoever digs in it asks the owner first, an expert decides.
"""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.hole import spans_in_hole
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import near_pairs
from xzgis.conflicts.kernel.plan import nearest, stretches
from xzgis.conflicts.rules.dig import is_open_cut
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.holes import hole_key, ring_of
from xzgis.conflicts.rules.scene import DISUSED, Scene, conditions_of, part_of
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.zone_words import Apart, zone_words
from xzgis.conflicts.terms import AskedRule, Hole, Measure, Outcome
from xzgis.networks.terms import Conditions, RunColumns

CONSENT = "consent"
"""The duty to ask the owner before work begins."""
PRESSURE = ("b.pressure_class",)
FROM_WALL = "outer_edge"
PROTECTION = "protection"


@dataclass(frozen=True, slots=True)
class Zoning:
    """The zones of a line: one set of rows for each way its pressure may be, the strictest zone of a set first."""

    readings: tuple[tuple[ZoneRule, ...], ...]

    @property
    def is_open(self) -> bool:
        """Whether the zones hang on a pressure that nobody recorded."""
        return len(self.readings) > 1

    @property
    def reach_m(self) -> float:
        """How far from the line any zone may reach; minus infinity without one."""
        return max((rule.distance_m for rules in self.readings for rule in rules), default=-np.inf)


_NONE = Zoning(((),))
_known: list[tuple[Catalogue, dict[tuple[str, str | None, str | None], Zoning]]] = []


def zoning_of(catalogue: Catalogue, facts: Conditions) -> Zoning:
    """The zones of an existing line by its kind and pressure, an unknown pressure read in every way its material can be.

    A chamber has none of its own: the lines that end there have.
    """
    if facts.chamber is not None:
        return _NONE
    kept = next((found for held, found in _known if held is catalogue), None)
    if kept is None:
        kept = {}
        _known[:] = [*_known[-3:], (catalogue, kept)]
    key = (facts.kind, facts.pressure_class, facts.material)
    if key not in kept:
        kept[key] = _read(catalogue, *key)
    return kept[key]


def _read(catalogue: Catalogue, kind: str, pressure: str | None, material: str | None) -> Zoning:
    rules = [rule for rule in catalogue.zones if rule.kind == kind]
    named = sorted({name for rule in rules for name in rule.pressure_classes})
    readings = []
    told = members(catalogue, pressure)
    for value in told or named or [""]:
        those = [rule for rule in rules if not rule.pressure_classes or value in rule.pressure_classes]
        if not told and any(material in rule.not_materials for rule in those):
            continue
        readings.append(tuple(sorted(those, key=lambda one: (one.zone != PROTECTION, -one.distance_m))))
    return Zoning(tuple(dict.fromkeys(readings)))


def members(catalogue: Catalogue, pressure: str | None) -> list[str]:
    """The classes that a recorded pressure may be: itself, or those its group stands for; none where it says nothing."""
    codes = [code for code in catalogue.codes.get("pressure_class", ()) if code.token == pressure]
    return sorted({name for code in codes for name in code.one_of or (code.token,)})


@dataclass(frozen=True, slots=True)
class Near:
    """How near the ground that is dug lies to a line, metres: axis distance, both half widths, sigma times k.

    ``edge_m``: from the axis of the new run to where it is dug; ``half_m``: of the existing line, smallest and largest.
    """

    distance_m: float
    edge_m: float
    half_m: Range
    slack_m: float

    def gap_m(self, rule: ZoneRule) -> Range:
        """From the ground that is dug to where the zone is counted from: the least and the most."""
        free_m = self.distance_m - self.edge_m
        low, high = (
            free_m - half if rule.measured_from == FROM_WALL else free_m for half in self.half_m[::-1]
        )
        return max(low, 0.0), max(high, 0.0)

    def is_in(self, rule: ZoneRule) -> bool:
        """Whether the work reaches into the zone, or may within the tolerance; its bound is in it."""
        return self.gap_m(rule)[0] - self.slack_m <= rule.distance_m + EQUAL_M


@dataclass(frozen=True, slots=True)
class Hit:
    """Every zone that is reached, the one that decides first: the strictest, of an unknown pressure the widest."""

    rules: tuple[ZoneRule, ...]
    is_open: bool


def hit(zoning: Zoning, near: Near) -> Hit | None:
    """The strictest zone that is reached; None where no reading of the line has one so far away."""
    inside = [tuple(rule for rule in rules if near.is_in(rule)) for rules in zoning.readings]
    if not any(inside):
        return None
    if len({rules[:1] for rules in inside}) == 1:
        return Hit(inside[0], is_open=False)
    every = dict.fromkeys(rule for rules in inside for rule in rules)
    return Hit(tuple(sorted(every, key=lambda one: (-one.distance_m, one.rule_id))), is_open=True)


def judge_zones(scene: Scene, holes: Sequence[Hole]) -> list[Draft]:
    """One draft for each existing line, in use or not, and new run or excavation that reaches into a zone of it.

    A disused line may hold its pressure still: nothing in the register tells that it was emptied.
    """
    if not scene.catalogue.zones or bool((scene.new.run_id > 0).any()):
        return []  # lines of the register are not dug again
    zonings = [zoning_of(scene.catalogue, facts) for facts in scene.existing.conditions]
    if not any(rules for zoning in zonings for rules in zoning.readings):
        return []
    drafts = list(_of_runs(scene, zonings))
    for number, hole in enumerate(holes):
        drafts += _of_hole(scene, zonings, (number, hole))
    return drafts


def dug_m(catalogue: Catalogue) -> float:
    """How far beside its wall a run is dug for in open cut."""
    return catalogue.limits.values["dig_working_space_m"]


def _of_runs(scene: Scene, zonings: Sequence[Zoning]) -> Iterator[Draft]:
    new, old = scene.new, scene.existing
    working_m = dug_m(scene.catalogue)
    dug = np.array([working_m * is_open_cut(scene, a) for a in range(len(new.run_id))])
    edges = new.width_m[:, 1] / 2.0 + dug
    own = [edges + scene.factor * new.sigma_plan_m, old.width_m[:, 1] / 2.0 + scene.factor * old.sigma_plan_m]
    fixed = np.array([[zoning.reach_m for zoning in zonings]])
    anyone = np.zeros(len(new.run_id), dtype=np.int32)
    if not len(new.run_id):
        return
    for a, b in near_pairs(scene.lines, scene.others, fixed, anyone, old.condition, *own).tolist():
        zoning = zonings[int(old.condition[b])]
        found = nearest(scene.lines, a, scene.others, b, 0.0, scene.length_m(a))
        slack_m = scene.factor * math.hypot(new.sigma_plan_m[a], old.sigma_plan_m[b])
        near = Near(float(found.distance_m), float(edges[a]), _halves(old, b), slack_m)
        said = hit(zoning, near)
        if said is None:
            continue
        reach_m = _axis_m(near, said.rules)
        parts = stretches(scene.lines, a, scene.others, b, reach_m + JUST_BELOW_M)
        span = (float(parts[0, 0]), float(parts[-1, 1])) if len(parts) else (found.at_a_m, found.at_a_m)
        yield _draft(scene, (a, b), (near, said, span), scene.points(a, *span))


def _of_hole(scene: Scene, zonings: Sequence[Zoning], place: tuple[int, Hole]) -> Iterator[Draft]:
    number, hole = place
    ring, old = ring_of(scene, hole), scene.existing
    for b in range(len(old.run_id)):
        zoning = zonings[int(old.condition[b])]
        slack_m = scene.factor * float(old.sigma_plan_m[b])
        halves = _halves(old, b)
        if not _is_near(scene, ring, b, zoning.reach_m + halves[1] + slack_m):
            continue
        length_m = float(scene.others.chain_m[scene.others.offset[b + 1] - 1])
        is_inside = len(spans_in_hole(scene.others, b, ring, 0, 0.0)) > 0
        found = nearest(scene.others, b, ring, 0, 0.0, length_m)
        near = Near(0.0 if is_inside else float(found.distance_m), 0.0, halves, slack_m)
        said = hit(zoning, near)
        if said is None:
            continue
        parts = spans_in_hole(scene.others, b, ring, 0, _axis_m(near, said.rules) + JUST_BELOW_M)
        span = (float(parts[0, 0]), float(parts[-1, 1])) if len(parts) else (found.at_a_m, found.at_a_m)
        draft = _draft(
            scene,
            (number, b),
            (near, said, span),
            part_of(scene.others, b, *span, scene.origin_m),
            is_hole=True,
        )
        draft.extra = {"hole": hole_key(hole), "length_m": length_m}
        yield draft


def _is_near(scene: Scene, ring: Lines, b: int, reach_m: float) -> bool:
    """Whether the boxes of an excavation and of run ``b`` are within ``reach_m``."""
    one, other = ring.box_m[0], scene.others.box_m[b]
    return bool((one[:2] - reach_m <= other[2:]).all() and (other[:2] - reach_m <= one[2:]).all())


def _halves(runs: RunColumns, b: int) -> Range:
    return float(runs.width_m[b, 0]) / 2.0, float(runs.width_m[b, 1]) / 2.0


def _axis_m(near: Near, rules: Sequence[ZoneRule]) -> float:
    """Axis distance up to which the work is in any of these zones."""
    walls = (near.half_m[1] if rule.measured_from == FROM_WALL else 0.0 for rule in rules)
    return max(r.distance_m + wall for r, wall in zip(rules, walls, strict=True)) + near.edge_m + near.slack_m


def _draft(
    scene: Scene,
    pair: tuple[int, int],
    said: tuple[Near, Hit, Range],
    points: tuple[tuple[float, float], ...],
    *,
    is_hole: bool = False,
) -> Draft:
    (a, b), (near, found, span) = pair, said
    rule = found.rules[0]
    is_duty = not found.is_open and rule.outcome == "duty"
    gap_m = near.gap_m(rule)
    kinds = (conditions_of(scene.existing, b).kind, None if is_hole else conditions_of(scene.new, a).kind)
    digs = "hole" if is_hole else "trench" if is_open_cut(scene, a) else "wall"
    is_disused = bool(scene.existing.life[b] == DISUSED)
    return Draft(
        measure=Measure.ZONE,
        outcome=Outcome.CANNOT_JUDGE if found.is_open else Outcome.REFER,
        a=a,
        b=b,
        chainage_m=span,
        points=points,
        gap_m=gap_m,
        required_m=(rule.distance_m, rule.distance_m),
        sigma_m=near.slack_m / scene.factor if scene.factor else 0.0,
        rules=tuple(_asked(one, decides=one is rule) for one in found.rules),
        missing=PRESSURE if found.is_open else (),
        needs_checking=rule.confidence == "memory",
        advisory=is_duty,
        duties=(CONSENT,),
        a_is_hole=is_hole,
        words=zone_words(
            scene.catalogue,
            kinds,
            rule,
            Apart(digs, gap_m, near.slack_m),
            is_open=found.is_open,
            is_disused=is_disused,
        ),
    )


def _asked(rule: ZoneRule, *, decides: bool) -> AskedRule:
    return AskedRule(
        rule_id=rule.rule_id,
        standard=rule.standard,
        table=rule.table or rule.clause,
        clearance_m=rule.distance_m,
        confidence=rule.confidence,
        decides=decides,
        note=rule.effect_zh,
    )
