"""Collisions: two outer envelopes in one space, for certain or perhaps; the only test of disused runs."""

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.conflicts.kernel.compiled import JUST_BELOW_M
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import shared_spans_of_pairs
from xzgis.conflicts.kernel.plan import nearest
from xzgis.conflicts.kernel.solid import deepest
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import merged, subtract
from xzgis.conflicts.rules.near import Near
from xzgis.conflicts.rules.scene import Pair, Scene, conditions_of, only_unknown
from xzgis.conflicts.rules.settle import Trial, most_telling
from xzgis.conflicts.rules.verdict import Asked, Range, is_open
from xzgis.conflicts.rules.vertical import Envelope, envelope_of, level_sigma_m
from xzgis.conflicts.rules.words import figures, missing_words, pair_words, sentence
from xzgis.conflicts.terms import AskedRule, Measure, Outcome
from xzgis.networks.terms import FloatArray, RunColumns

NO_OVERLAP = AskedRule(
    rule_id="geometry",
    standard="",
    table="",
    clearance_m=0.0,
    confidence="verified",
    decides=True,
    note="两物不得占用同一空间",
)
ASKED = Asked((0.0, 0.0))


@dataclass(frozen=True, slots=True)
class Shared:
    """Where the envelopes of pairs share space, by pair number: for certain, as recorded, within the tolerances
    (``possible``) and on segments of either whose level is not known (``unknown``).

    Of pairs with a size that is not known, also where they do for certain with the largest sections
    (``strict_sure``), and within the tolerances with the smallest (``mild_possible``).
    """

    sure: dict[int, list[Range]]
    recorded: dict[int, list[Range]]
    possible: dict[int, list[Range]]
    unknown: dict[int, list[Range]]
    strict_sure: dict[int, list[Range]]
    mild_possible: dict[int, list[Range]]

    def concerns(self, pair: Pair) -> bool:
        """Whether the two may share space at all, as far as anybody knows."""
        return bool(self.possible.get(pair.number) or self.unknown.get(pair.number))


def shared_space(scene: Scene, pairs: Sequence[Pair]) -> Shared:
    """All collisions of ``pairs``, asked of the kernel in one go."""
    wide = [pair.half_m[1] + scene.factor * pair.sigma_m for pair in pairs]
    open_ = [pair for pair in pairs if _has_open_size(scene, pair)]
    level = [scene.factor * level_sigma_m(scene, pair) for pair in open_]
    return Shared(
        sure=_spans(
            scene.mild_known,
            pairs,
            [pair.half_m[0] - scene.factor * pair.sigma_m for pair in pairs],
            [scene.factor * level_sigma_m(scene, pair) for pair in pairs],
        ),
        recorded=_spans(scene.strict_known, pairs, [pair.half_m[1] for pair in pairs], [0.0] * len(pairs)),
        possible=_spans(
            scene.strict_known,
            pairs,
            wide,
            [-scene.factor * level_sigma_m(scene, pair) for pair in pairs],
        ),
        unknown=_unknown_spans(scene, pairs),
        strict_sure=_spans(
            scene.strict_known,
            open_,
            [pair.half_m[1] - scene.factor * pair.sigma_m for pair in open_],
            level,
        ),
        mild_possible=_spans(
            scene.mild_known,
            open_,
            [pair.half_m[0] + scene.factor * pair.sigma_m for pair in open_],
            [-one for one in level],
        ),
    )


def _unknown_spans(scene: Scene, pairs: Sequence[Pair]) -> dict[int, list[Range]]:
    """Where either's level is not known and the other is near enough in plan.

    Asked of the segments themselves: taken along one run, what is known of another part of the other would hide it.
    """
    new, existing = scene.strict
    sides = ((only_unknown(new), existing), (new, only_unknown(existing)))
    spans: dict[int, list[Range]] = defaultdict(list)
    for which, (one, other) in enumerate(sides):
        concerned = [pair for pair in pairs if _has_unknown((new, existing)[which], (pair.a, pair.b)[which])]
        wide = [pair.half_m[1] + scene.factor * pair.sigma_m for pair in concerned]
        for number, found in _spans((one, other), concerned, wide, [0.0] * len(concerned)).items():
            spans[number] = merged([*spans[number], *found])
    return spans


def judge_collision(scene: Scene, near: Near, shared: Shared) -> list[Draft]:
    """Collisions of one pair: where the envelopes overlap as recorded; elsewhere where they may, within the
    tolerances or because a level is not known.
    """
    number = near.pair.number
    recorded, possible, every = (
        spans.get(number, []) for spans in (shared.recorded, shared.possible, shared.unknown)
    )
    beside = [span for span in possible if not any(_touch(span, said) for said in recorded)]
    known = [(span, *_outcome(scene, near.pair, span, shared)) for span in (*recorded, *beside)]
    unknown = subtract(every, [span for span, outcome, _ in known if outcome is Outcome.BREACH])
    drafts = [_draft(scene, near, span, outcome, missing) for span, outcome, missing in known]
    drafts += [
        _draft(
            scene, near, span, Outcome.CANNOT_JUDGE, _missing_depths(scene, near.pair, span), is_unknown=True
        )
        for span in unknown
    ]
    return [draft for draft in drafts if near.is_beside_joints(draft.chainage_m)]


def _touch(a: Range, b: Range) -> bool:
    return a[0] <= b[1] and b[0] <= a[1]


def _spans(
    sides: tuple[Lines, Lines], pairs: Sequence[Pair], reach_m: Sequence[float], slack_m: Sequence[float]
) -> dict[int, list[Range]]:
    """Shared spans by pair number; what is exactly at the reach is not below it, whichever way it is asked."""
    found: dict[int, list[Range]] = defaultdict(list)
    if not pairs:
        return found
    numbers = np.array([(pair.a, pair.b) for pair in pairs], dtype=np.int64)
    rows = shared_spans_of_pairs(*sides, numbers, np.array(reach_m) - JUST_BELOW_M, np.array(slack_m))
    for row, low, high in rows.tolist():
        found[pairs[int(row)].number].append((low, high))
    return found


def _outcome(scene: Scene, pair: Pair, span: Range, shared: Shared) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome on a part where levels are known, and the sizes on which it hangs.

    A breach with the smallest sections is one; with the largest alone it cannot be judged; what is sure with neither is
    within tolerance, and hangs on the sizes where the smallest keep apart.
    """

    def holds(spans: dict[int, list[Range]]) -> bool:
        return any(_touch(span, held) for held in spans.get(pair.number, []))

    if holds(shared.sure):
        return Outcome.BREACH, ()
    if not _has_open_size(scene, pair):
        return Outcome.WITHIN_TOLERANCE, ()
    if holds(shared.strict_sure):
        return Outcome.CANNOT_JUDGE, _missing_sizes(scene, pair, span)
    missing = () if holds(shared.mild_possible) else _missing_sizes(scene, pair, span)
    return Outcome.WITHIN_TOLERANCE, missing


def _has_open_size(scene: Scene, pair: Pair) -> bool:
    return bool(_open_sizes(scene, pair))


def _draft(
    scene: Scene,
    near: Near,
    span: Range,
    outcome: Outcome,
    missing: tuple[str, ...],
    *,
    is_unknown: bool = False,
) -> Draft:
    pair = near.pair
    if is_unknown:
        at = nearest(scene.lines, pair.a, scene.others, pair.b, *span)
        gap = (pair.gap_m(at.distance_m)[0], math.inf)
    else:
        gap = _least_gap(scene, pair, span)
    kinds = (conditions_of(scene.new, pair.a).kind, conditions_of(scene.existing, pair.b).kind)
    notes = [figures(Measure.COLLISION, gap, (0.0, 0.0))] + ([missing_words(missing)] if missing else [])
    return Draft(
        measure=Measure.COLLISION,
        outcome=outcome,
        a=pair.a,
        b=pair.b,
        chainage_m=span,
        points=scene.points(pair.a, *span),
        gap_m=gap,
        required_m=(0.0, 0.0),
        sigma_m=max(pair.sigma_m, level_sigma_m(scene, pair)),
        rules=(NO_OVERLAP,),
        missing=missing,
        words=sentence(pair_words(scene.catalogue, kinds), Measure.COLLISION, outcome, *notes),
    )


def _least_gap(scene: Scene, pair: Pair, span: Range) -> Range:
    """Where the envelopes overlap the deepest, or come nearest: with the largest sections and with the smallest."""

    def least(sides: tuple[Lines, Lines], half_m: float) -> float:
        return deepest(sides[0], pair.a, sides[1], pair.b, span, half_m)

    low = least(scene.strict_known, pair.half_m[1])
    # Of sizes that are known the largest sections are the smallest.
    high = least(scene.mild_known, pair.half_m[0]) if _has_open_size(scene, pair) else low
    return low, max(low, high)


def _missing_depths(scene: Scene, pair: Pair, span: Range) -> tuple[str, ...]:
    """The levels not known where the two are nearest, else on the way."""
    at = nearest(scene.lines, pair.a, scene.others, pair.b, *span)
    envelopes = (
        _level_at(scene.lines, scene.new, pair.a, at.at_a_m),
        _level_at(scene.others, scene.existing, pair.b, at.at_b_m),
    )
    depths = tuple(f"{side}.depth" for side, one in zip("ab", envelopes, strict=True) if not one.is_known)
    open_a, open_b = _has_unknown(scene.strict[0], pair.a, span), _has_unknown(scene.strict[1], pair.b)
    return depths or (("a.depth",) if open_a else ()) + (("b.depth",) if open_b else ())


def _open_sizes(scene: Scene, pair: Pair) -> tuple[str, ...]:
    """The sides whose width or height has more than one reading."""
    sizes = (("a", scene.new.width_m[pair.a]), ("b", scene.existing.width_m[pair.b]))
    heights = (scene.new.height_m[pair.a], scene.existing.height_m[pair.b])
    return tuple(
        f"{side}.size"
        for (side, width), height in zip(sizes, heights, strict=True)
        if width[1] > width[0] or height[1] > height[0]
    )


def _missing_sizes(scene: Scene, pair: Pair, span: Range) -> tuple[str, ...]:
    """The one size that settles it whichever of its readings is true, as the spread of a known size never does; else
    every open one, the most telling first.
    """
    named = _open_sizes(scene, pair)
    if len(named) < len("ab"):
        return named
    sigma_m = max(pair.sigma_m, level_sigma_m(scene, pair))
    readings = (scene.mild_known, scene.strict_known)
    halves_m = scene.new.width_m[pair.a] / 2.0, scene.existing.width_m[pair.b] / 2.0
    gaps_m = np.array([
        [
            deepest(readings[i][0], pair.a, readings[k][1], pair.b, span, halves_m[0][i] + halves_m[1][k])
            for k in (0, 1)
        ]
        for i in (0, 1)
    ])  # fmt: skip

    def trial(rows: FloatArray) -> Trial:
        return lambda: [
            is_open((float(row.min()), float(row.max())), sigma_m, ASKED, scene.factor) for row in rows
        ]

    return most_telling([("a.size", trial(gaps_m)), ("b.size", trial(gaps_m.T))])


def _has_unknown(lines: Lines, run: int, span: Range = (-np.inf, np.inf)) -> bool:
    """Whether a level of ``run`` is not known at a vertex on ``span``, or at one next to it."""
    first, last = int(lines.offset[run]), int(lines.offset[run + 1])
    chain = lines.chain_m[first:last]
    low = max(int(np.searchsorted(chain, span[0], side="right")) - 1, 0)
    high = int(np.searchsorted(chain, span[1], side="left")) + 1
    return bool(np.isnan(lines.crown_m[first + low : first + high]).any())


def _level_at(lines: Lines, runs: RunColumns, run: int, at_m: float) -> Envelope:
    rows = slice(lines.offset[run], lines.offset[run + 1])
    chain = lines.chain_m[rows]
    crown, bottom = (
        float(np.interp(at_m, chain, values[rows])) for values in (lines.crown_m, lines.bottom_m)
    )
    return envelope_of(runs, run, crown, bottom)
