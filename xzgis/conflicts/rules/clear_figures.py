"""What was measured and asked where a pair is clear: told when the clear pairs are listed, never asked to judge."""

from collections.abc import Sequence
from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.kernel.plan import nearest
from xzgis.conflicts.kernel.profile import lowest
from xzgis.conflicts.rules.cover import asked_rules_of, cover_asked, profile_of, stretches_of
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.rules.scene import Pair, Scene, conditions_of, pair_of, scene_of
from xzgis.conflicts.rules.verdict import rounded
from xzgis.conflicts.rules.vertical import crossings_in, figure_of_crossing, judge_vertical
from xzgis.conflicts.terms import AskedRule, Judgement, Measure, SurfaceStretch
from xzgis.networks.terms import RunColumns


@dataclass(frozen=True, slots=True)
class ClearFigure:
    """The least gap of the strictest reading, what is asked of it and by which rules; metres, None: there is none."""

    gap_m: float | None = None
    required_m: float | None = None
    rules: tuple[AskedRule, ...] = ()


NOTHING = ClearFigure()


def clear_figures(
    judgement: Judgement,
    new: RunColumns,
    existing: RunColumns,
    catalogue: Catalogue,
    surfaces: Sequence[SurfaceStretch],
) -> tuple[ClearFigure, ...]:
    """One figure for each of ``judgement.clear``, in its order; parameters as of :func:`xzgis.conflicts.rules.judge.judge`.

    Where a crossing or a joint explains that two lines meet, their distance in plan is none that a rule asks of,
    and none is told.
    """
    book = rule_book(catalogue)
    beside = scene_of(new, existing, book, surfaces=surfaces)
    among = scene_of(new, new, book, is_one_work=True, surfaces=surfaces)
    known: dict[tuple[Measure, int, int], ClearFigure] = {}
    for key in judgement.clear:
        if key not in known:
            measure, a, b = key
            if measure is Measure.COVER:
                known[key] = _of_cover(beside, a, surfaces)
            elif b >= 0:
                known[key] = _of_pair(beside, measure, pair_of(beside, 0, a, b))
            else:
                known[key] = _of_pair(among, measure, pair_of(among, 0, a, -2 - b))
    return tuple(known[key] for key in judgement.clear)


def _of_pair(scene: Scene, measure: Measure, pair: Pair) -> ClearFigure:
    if measure is Measure.HORIZONTAL:
        return _in_plan(scene, pair)
    return _at_crossings(scene, pair) if measure is Measure.VERTICAL else NOTHING


def _in_plan(scene: Scene, pair: Pair) -> ClearFigure:
    asked_m = pair.asked.range_m[1]
    tunnel_m = float(max(scene.new.width_m[pair.a, 1], scene.existing.width_m[pair.b, 1]))
    rules = pair.requirement.asked_rules(asked_m, tunnel_m)
    place = nearest(scene.lines, pair.a, scene.others, pair.b, 0.0, scene.length_m(pair.a))
    is_explained = place.distance_m < pair.strict_m - EQUAL_M
    gap_m = None if is_explained else rounded(place.distance_m - pair.half_m[1])
    return ClearFigure(gap_m, rounded(asked_m) if pair.asked.reached else None, rules)


def _at_crossings(scene: Scene, pair: Pair) -> ClearFigure:
    """The crossing with the least gap of those that are clear."""
    clear = [one for one in crossings_in(scene, [pair]) if judge_vertical(scene, one) is None]
    if not clear:
        return NOTHING
    least = min(clear, key=lambda one: one.gap_m[0])
    range_m, rules = figure_of_crossing(scene, pair)
    return ClearFigure(rounded(least.gap_m[0]), None if range_m is None else rounded(range_m[1]), rules)


def _of_cover(scene: Scene, a: int, surfaces: Sequence[SurfaceStretch]) -> ClearFigure:
    """The stretch with the least to spare."""
    profile, facts = profile_of(scene, a), conditions_of(scene.new, a)
    found: list[tuple[float, ClearFigure]] = []
    named = [one for one in surfaces if one.new == a]
    for span, surface in stretches_of(scene.length_m(a), named):
        asked = cover_asked(scene.book, facts, surface)
        cover_m = float(lowest(profile.chain_m, profile.strict_m, *span))
        need_m = asked.asked.range_m[1]
        found.append(
            (cover_m - need_m, ClearFigure(rounded(cover_m), rounded(need_m), asked_rules_of(asked)))
        )
    return min(found, key=lambda one: one[0], default=(0.0, NOTHING))[1]
