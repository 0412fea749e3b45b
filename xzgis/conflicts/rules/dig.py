"""What an excavation touches: duties along the trench of open-cut runs, and in declared holes."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import cast

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.kernel.hole import spans_in_hole
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import crossings_of_pairs, near_pairs, shared_spans_of_pairs
from xzgis.conflicts.kernel.profile import below, unknown
from xzgis.conflicts.rules.cover import OVERHEAD
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.identity import digest
from xzgis.conflicts.rules.scene import NOWHERE_M, Scene, conditions_of, only_known, part_of
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.words import missing_words, pair_words, sentence
from xzgis.conflicts.terms import Hole, Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, IntArray, Method

STRIKE, HAND_DIG, OWNER_PRESENT, SUPPORT = "strike", "hand_dig", "owner_present", "support"
DUTIES = {
    STRIKE: Words("在开挖范围内，机械开挖会触及", "inside the excavation, a machine would hit it"),
    HAND_DIG: Words("人工开挖", "dig by hand"),
    OWNER_PRESENT: Words("权属单位到场", "owner present"),
    SUPPORT: Words("悬吊或支托保护", "support it"),
}


@dataclass(frozen=True, slots=True)
class Digging:
    """Sizes of excavations, metres (layers/limits.toml)."""

    working_m: float
    bedding_m: float
    hand_m: float
    owner_m: float


Zones = tuple[list[Range], list[Range], list[Range], list[Range], list[Range]]
"""Spans hit for certain, hit perhaps, hit if deep enough, in the hand-dig zone, in the owner's zone."""


def digging(scene: Scene) -> Digging:
    """The sizes that the limits give."""
    values = scene.catalogue.limits.values
    return Digging(
        working_m=values["dig_working_space_m"],
        bedding_m=values["dig_bedding_m"],
        hand_m=values["dig_hand_zone_m"],
        owner_m=values["dig_owner_present_m"],
    )


def judge_trenches(scene: Scene) -> list[Draft]:
    """Duties along the trenches of the open-cut new runs. A run without a method is taken as open cut."""
    sizes = digging(scene)
    own = scene.new.width_m[:, 1] / 2.0 + scene.factor * scene.new.sigma_plan_m
    theirs = scene.existing.width_m[:, 1] / 2.0 + scene.factor * scene.existing.sigma_plan_m
    fixed = np.full(
        (max(len(scene.new.conditions), 1), max(len(scene.existing.conditions), 1)),
        sizes.working_m + max(sizes.owner_m, sizes.hand_m),
    )
    pairs = near_pairs(
        scene.lines, scene.others, fixed, scene.new.condition, scene.existing.condition, own, theirs
    )
    kept = np.array(
        [
            (a, b)
            for a, b in pairs.tolist()
            if _is_open_cut(scene, a)
            and _is_buried(scene, b)
            and scene.new.run_id[a] != scene.existing.run_id[b]
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    if not len(kept):
        return []
    places: dict[int, list[float]] = defaultdict(list)
    for row in crossings_of_pairs(scene.lines, scene.others, kept).tolist():
        places[int(row[0])].append(row[1])
    zones = _zones(scene, sizes, kept)
    drafts = []
    for number, (a, b) in enumerate(kept.tolist()):
        if zones[-1].get(number):
            mine = tuple(zone.get(number, []) for zone in zones)
            drafts += _trench_drafts(scene, (a, b), cast(Zones, mine), places[number])
    return drafts


def _is_open_cut(scene: Scene, a: int) -> bool:
    return conditions_of(scene.new, a).method in (None, Method.OPEN_CUT)


def _is_buried(scene: Scene, b: int) -> bool:
    return OVERHEAD not in (conditions_of(scene.existing, b).burial, conditions_of(scene.existing, b).method)


@dataclass(frozen=True, slots=True)
class Trench:
    """The new runs as trenches; ``known`` has unknown depths out of the way."""

    any: Lines
    known: Lines


def _trench(scene: Scene, sizes: Digging) -> Trench:
    """The new runs as trenches: from the bedding up to everything above."""
    lines = scene.strict[0]
    dug = lines._replace(
        crown_m=np.full(len(lines.x_m), NOWHERE_M), bottom_m=lines.bottom_m - sizes.bedding_m
    )
    return Trench(any=dug, known=only_known(dug))


def _zones(scene: Scene, sizes: Digging, pairs: IntArray) -> list[dict[int, list[Range]]]:
    """Spans of :data:`Zones` by pair number."""
    a, b = pairs[:, 0], pairs[:, 1]
    new, old, trench, strict = scene.new, scene.existing, _trench(scene, sizes), scene.strict[1]
    half = new.width_m[a, 1] / 2.0 + sizes.working_m
    plan = scene.factor * np.hypot(new.sigma_plan_m[a], old.sigma_plan_m[b])
    level = scene.factor * np.hypot(new.sigma_level_m[a], old.sigma_level_m[b])
    low, high = half + old.width_m[b, 0] / 2.0, half + old.width_m[b, 1] / 2.0

    def spans(dug: Lines, others: Lines, reach_m: FloatArray, slack_m: FloatArray) -> dict[int, list[Range]]:
        found: dict[int, list[Range]] = defaultdict(list)
        for number, first, last in shared_spans_of_pairs(dug, others, pairs, reach_m, slack_m).tolist():
            found[int(number)].append((first, last))
        return found

    def zone(wide_m: float) -> dict[int, list[Range]]:
        return spans(trench.any, strict, high + np.maximum(plan, wide_m), -np.maximum(level, wide_m))

    return [
        spans(trench.known, scene.mild_known[1], low - plan, level),
        spans(trench.known, scene.strict_known[1], high + plan, -level),
        spans(trench.any, strict, high + plan, -level),
        zone(sizes.hand_m),
        zone(sizes.owner_m),
    ]


def _trench_drafts(scene: Scene, pair: tuple[int, int], zones: Zones, places: Sequence[float]) -> list[Draft]:
    a, b = pair

    def draft(span: Range, outcome: Outcome, duties: tuple[str, ...]) -> Draft:
        hangs = STRIKE in duties and any(span[0] - EQUAL_M <= place <= span[1] + EQUAL_M for place in places)
        missing = _unknown_depths(scene, pair) if outcome is Outcome.CANNOT_JUDGE else ()
        return _draft(scene, (a, b), span, (outcome, (*duties, SUPPORT) if hangs else duties, missing))

    return _by_zone(zones, draft)


def _by_zone(zones: Zones, draft: Callable[[Range, Outcome, tuple[str, ...]], Draft]) -> list[Draft]:
    """Each part said once, by its gravest duty; the margins of a hit are left to the pack for the trench."""
    sure, perhaps, any_depth, hand, owner = zones
    drafts = []
    for span in perhaps:
        is_sure = _meet(span, sure)
        drafts.append(
            draft(
                span,
                Outcome.BREACH if is_sure else Outcome.WITHIN_TOLERANCE,
                (STRIKE, HAND_DIG, OWNER_PRESENT),
            )
        )
    drafts += [
        draft(span, Outcome.CANNOT_JUDGE, (HAND_DIG, OWNER_PRESENT)) for span in subtract(any_depth, perhaps)
    ]
    beside = [span for span in hand if not _meet(span, any_depth)]
    drafts += [draft(span, Outcome.CLEAR, (HAND_DIG, OWNER_PRESENT)) for span in beside]
    drafts += [draft(span, Outcome.CLEAR, (OWNER_PRESENT,)) for span in owner if not _meet(span, hand)]
    return drafts


def _meet(span: Range, others: Sequence[Range]) -> bool:
    return any(low <= span[1] + EQUAL_M and high >= span[0] - EQUAL_M for low, high in others)


def _unknown_depths(scene: Scene, pair: tuple[int, int]) -> tuple[str, ...]:
    missing = []
    for side, lines, run in (("a", scene.lines, pair[0]), ("b", scene.others, pair[1])):
        rows = slice(lines.offset[run], lines.offset[run + 1])
        if np.isnan(lines.crown_m[rows] + lines.bottom_m[rows]).any():
            missing.append(f"{side}.depth")
    return tuple(missing)


def _draft(
    scene: Scene, pair: tuple[int, int], span: Range, said: tuple[Outcome, tuple[str, ...], tuple[str, ...]]
) -> Draft:
    outcome, duties, missing = said
    a, b = pair
    kinds = (conditions_of(scene.new, a).kind, conditions_of(scene.existing, b).kind)
    return Draft(
        measure=Measure.DIG,
        outcome=outcome,
        a=a,
        b=b,
        chainage_m=span,
        points=scene.points(a, *span),
        missing=missing,
        advisory=True,
        duties=duties,
        words=sentence(
            pair_words(scene.catalogue, kinds),
            Measure.DIG,
            outcome,
            *(DUTIES[duty] for duty in duties),
            *([missing_words(missing)] if missing else []),
        ),
    )


def judge_holes(scene: Scene, holes: Sequence[Hole]) -> list[Draft]:
    """Duties of every existing run in or near a declared excavation; chainage along the existing run."""
    drafts = []
    sizes = digging(scene)
    for number, hole in enumerate(holes):
        ring = _ring(scene, hole)
        for b in filter(partial(_is_buried, scene), range(len(scene.existing.run_id))):
            drafts += _hole_drafts(scene, sizes, (number, hole, ring), b)
    return drafts


def _ring(scene: Scene, hole: Hole) -> Lines:
    xy = np.array(hole.outline, dtype=np.float64) - np.array(scene.origin_m)
    if not np.array_equal(xy[0], xy[-1]):
        xy = np.vstack([xy, xy[:1]])
    chain = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    box = np.array([[*xy.min(axis=0), *xy.max(axis=0)]])
    flat = np.zeros(len(xy))
    return Lines(
        np.array([0, len(xy)]),
        np.ascontiguousarray(xy[:, 0]),
        np.ascontiguousarray(xy[:, 1]),
        chain,
        flat,
        flat,
        flat,
        box,
    )


def _hole_drafts(scene: Scene, sizes: Digging, place: tuple[int, Hole, Lines], b: int) -> list[Draft]:
    number, hole, ring = place
    plan = scene.factor * float(scene.existing.sigma_plan_m[b])
    level = scene.factor * float(scene.existing.sigma_level_m[b])
    low, high = (float(width) / 2.0 for width in scene.existing.width_m[b])
    strict, mild = (_above_bottom(scene, hole, b, others) for others in (scene.strict[1], scene.mild[1]))
    chain = scene.others.chain_m[scene.others.offset[b] : scene.others.offset[b + 1]]

    def spans(reach_m: float, value: FloatArray, bound: float, *, known: bool) -> list[Range]:
        in_plan = [(s, e) for s, e in spans_in_hole(scene.others, b, ring, 0, max(reach_m, 0.0)).tolist()]
        deep = [(s, e) for s, e in below(chain, value, bound - EQUAL_M).tolist()]
        if not known:
            deep += [(s, e) for s, e in unknown(chain, value).tolist()]
        return _both(in_plan, deep)

    zones: Zones = (
        spans(low - plan, mild, -level, known=True),
        spans(high + plan, strict, level, known=True),
        spans(high + plan, strict, level, known=False),
        spans(high + sizes.hand_m, strict, sizes.hand_m, known=False),
        spans(high + sizes.owner_m, strict, sizes.owner_m, known=False),
    )
    kind = conditions_of(scene.existing, b).kind
    hole_key = "hole:" + digest([hole.outline, hole.bottom_level_m, hole.depth_m])
    length = float(chain[-1])

    def draft(span: Range, outcome: Outcome, duties: tuple[str, ...]) -> Draft:
        missing = ("b.depth",) if outcome is Outcome.CANNOT_JUDGE else ()
        hangs = (SUPPORT,) if STRIKE in duties else ()
        return Draft(
            measure=Measure.DIG,
            outcome=outcome,
            a=number,
            b=b,
            chainage_m=span,
            a_is_hole=True,
            points=part_of(scene.others, b, *span, scene.origin_m),
            missing=missing,
            advisory=outcome is Outcome.CLEAR,  # decision 0019: no other measure speaks of a line in a hole
            duties=(*duties, *hangs),
            extra={"hole": hole_key, "length_m": length},
            words=sentence(
                pair_words(scene.catalogue, (kind, None)),
                Measure.DIG,
                outcome,
                *(DUTIES[duty] for duty in (*duties, *hangs)),
                *([missing_words(missing)] if missing else []),
            ),
        )

    return _by_zone(zones, draft)


def _above_bottom(scene: Scene, hole: Hole, b: int, others: Lines) -> FloatArray:
    """Bottom of the hole minus crown of run ``b`` at its vertices: below zero where the hole reaches it."""
    rows = slice(scene.others.offset[b], scene.others.offset[b + 1])
    crown = others.crown_m[rows]
    if hole.bottom_level_m is not None:
        return hole.bottom_level_m - crown
    depth = np.nan if hole.depth_m is None else hole.depth_m
    return scene.others.ground_m[rows] - depth - crown


def _both(first: Sequence[Range], second: Sequence[Range]) -> list[Range]:
    """Common parts of two lists of intervals, joined and in order."""
    parts = sorted(
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in first
        for b in second
        if min(a[1], b[1]) >= max(a[0], b[0])
    )
    joined: list[Range] = []
    for low, high in parts:
        if joined and low <= joined[-1][1] + EQUAL_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
