"""What an excavation touches: duties along the trench of open-cut runs."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.pairs import crossings_of_pairs, near_pairs, shared_spans_of_pairs
from xzgis.conflicts.rules.book import is_overhead
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import merged, subtract
from xzgis.conflicts.rules.scene import NOWHERE_M, Scene, conditions_of, only_known, only_unknown
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.words import missing_words, pair_words, sentence
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, IntArray, Method, RunColumns

BoolArray = npt.NDArray[np.bool_]
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


@dataclass(frozen=True, slots=True)
class Zones:
    """Spans of one line and one excavation.

    ``sure``: hit for certain, whatever the sizes that are not known. ``perhaps``: hit with the largest sizes, or within
    the tolerance of that. ``unknown``: beside a level that is not known. ``hand``, ``owner``: the zones of both duties.
    ``sizes``: the sizes that are not known; with any, ``strict``: hit for certain with the largest, and ``mild``: hit
    within the tolerance with the smallest sizes.
    """

    sure: list[Range]
    perhaps: list[Range]
    unknown: list[Range]
    hand: list[Range]
    owner: list[Range]
    strict: list[Range] = field(default_factory=list)
    mild: list[Range] = field(default_factory=list)
    sizes: tuple[str, ...] = ()

    @property
    def any_depth(self) -> list[Range]:
        """Where the line may be hit, at whatever depth it lies."""
        return merged([*self.perhaps, *self.unknown])


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
    """Duties along the trenches of the open-cut new runs. A run without a method is taken as open cut.

    Of chambers only those that a trench may touch: the duties beside it are those of their lines (decision 0075).
    """
    sizes = digging(scene)
    beside_m = 0.0 if scene.is_of_chambers else max(sizes.owner_m, sizes.hand_m)
    own = scene.new.width_m[:, 1] / 2.0 + scene.factor * scene.new.sigma_plan_m
    theirs = scene.existing.width_m[:, 1] / 2.0 + scene.factor * scene.existing.sigma_plan_m
    fixed = np.full(
        (max(len(scene.new.conditions), 1), max(len(scene.existing.conditions), 1)),
        sizes.working_m + beside_m,
    )
    pairs = near_pairs(
        scene.lines, scene.others, fixed, scene.new.condition, scene.existing.condition, own, theirs
    )
    kept = np.array(
        [
            (a, b)
            for a, b in pairs.tolist()
            if is_open_cut(scene, a)
            and is_buried(scene, b)
            and scene.new.run_id[a] != scene.existing.run_id[b]
        ],
        dtype=np.int64,
    ).reshape(-1, 2)
    if not len(kept):
        return []
    places: dict[int, list[float]] = defaultdict(list)
    for row in crossings_of_pairs(scene.lines, scene.others, kept).tolist():
        places[int(row[0])].append(row[1])
    drafts = []
    for number, zones in _zones(scene, sizes, kept).items():
        drafts += _trench_drafts(scene, (int(kept[number, 0]), int(kept[number, 1])), zones, places[number])
    return drafts


def is_open_cut(scene: Scene, a: int) -> bool:
    """Whether a new run is laid in an open trench, as one without a method is taken to be."""
    return conditions_of(scene.new, a).method in (None, Method.OPEN_CUT)


def is_buried(scene: Scene, b: int) -> bool:
    """Whether an existing run lies in the ground."""
    return not is_overhead(conditions_of(scene.existing, b))


def _trench(lines: Lines, sizes: Digging) -> Lines:
    """The new runs as trenches: from the bedding up to everything above."""
    return lines._replace(
        crown_m=np.full(len(lines.x_m), NOWHERE_M), bottom_m=lines.bottom_m - sizes.bedding_m
    )


def _zones(scene: Scene, sizes: Digging, pairs: IntArray) -> dict[int, Zones]:
    """The zones of every pair, by its number, that has any."""
    a, b = pairs[:, 0], pairs[:, 1]
    new, old = scene.new, scene.existing
    trench, small = (_trench(each[0], sizes) for each in (scene.strict, scene.mild))
    strict, mild = scene.strict[1], scene.mild_known[1]
    plan = scene.factor * np.hypot(new.sigma_plan_m[a], old.sigma_plan_m[b])
    level = scene.factor * np.hypot(new.sigma_level_m[a], old.sigma_level_m[b])
    low, high = ((new.width_m[a, which] + old.width_m[b, which]) / 2.0 + sizes.working_m for which in (0, 1))
    every = np.arange(len(pairs))
    is_open = _are_sizes_open(scene, pairs)
    of_size = np.flatnonzero(is_open.any(axis=1))
    of_trench = np.flatnonzero(_has_unknown(trench, trench.bottom_m)[a])
    of_line = np.flatnonzero(_has_unknown(strict, strict.crown_m)[b])

    def spans(
        sides: tuple[Lines, Lines], of: IntArray, reach_m: FloatArray, slack_m: FloatArray
    ) -> dict[int, list[Range]]:
        found: dict[int, list[Range]] = defaultdict(list)
        if len(of):
            # What is exactly at the wall of the trench is not in it, whichever way the last bit falls.
            rows = shared_spans_of_pairs(*sides, pairs[of], reach_m[of] - JUST_BELOW_M, slack_m[of])
            for number, first, last in rows.tolist():
                found[int(of[int(number)])].append((first, last))
        return found

    def zone(wide_m: float) -> dict[int, list[Range]]:
        return spans((trench, strict), every, high + np.maximum(plan, wide_m), -np.maximum(level, wide_m))

    deep, shallow = (only_known(trench), scene.strict_known[1]), (only_known(small), mild)
    sure, perhaps = spans(shallow, every, low - plan, level), spans(deep, every, high + plan, -level)
    # Asked of the segments: along the trench what is known of one part would hide another that is not.
    open_trench = spans((only_unknown(trench), strict), of_trench, high + plan, -level)
    open_line = spans((trench, only_unknown(strict)), of_line, high + plan, -level)
    hand, owner = zone(sizes.hand_m), zone(sizes.owner_m)
    certain, slight = spans(deep, of_size, high - plan, level), spans(shallow, of_size, low + plan, -level)
    return {
        k: Zones(
            sure[k],
            perhaps[k],
            merged([*open_trench[k], *open_line[k]]),
            hand[k],
            owner[k],
            certain[k],
            slight[k],
            tuple(f"{side}.size" for side, one in zip("ab", is_open[k], strict=True) if one),
        )
        for k in sorted(owner)
    }


def _are_sizes_open(scene: Scene, pairs: IntArray) -> BoolArray:
    """Of every pair, whether the trench and the line hang on a size that is not known: ``(n, 2)``.

    The trench is open above: of the line in it only the crown counts, of the new run its bottom.
    """
    sides = (
        is_size_open(scene.new, scene.lines, scene.lines.bottom_m),
        is_size_open(scene.existing, scene.others, scene.others.crown_m),
    )
    return np.column_stack([side[runs] for side, runs in zip(sides, pairs.T, strict=True)])


def is_size_open(runs: RunColumns, lines: Lines, levels: FloatArray) -> BoolArray:
    """Of every run, whether its outer width, or a level that follows from its height, is not known."""
    width, height = runs.width_m, runs.height_m
    is_wide_open, is_high_open = width[:, 1] > width[:, 0], height[:, 1] > height[:, 0]
    return is_wide_open | (is_high_open & _has_unknown(lines, levels) if is_high_open.any() else is_high_open)


def _has_unknown(lines: Lines, levels: FloatArray) -> BoolArray:
    """Of every run, whether one of ``levels`` at its vertices is not known."""
    if not len(levels):
        return np.zeros(0, dtype=np.bool_)
    return np.logical_or.reduceat(np.isnan(levels), lines.offset[:-1])


def _trench_drafts(scene: Scene, pair: tuple[int, int], zones: Zones, places: Sequence[float]) -> list[Draft]:
    a, b = pair

    def draft(span: Range, outcome: Outcome, duties: tuple[str, ...], missing: tuple[str, ...]) -> Draft:
        hangs = STRIKE in duties and any(span[0] - EQUAL_M <= place <= span[1] + EQUAL_M for place in places)
        return _draft(scene, (a, b), span, (outcome, (*duties, SUPPORT) if hangs else duties, missing))

    return by_zone(zones, _unknown_depths(scene, pair) if zones.unknown else (), draft)


def by_zone(
    zones: Zones,
    depths: tuple[str, ...],
    draft: Callable[[Range, Outcome, tuple[str, ...], tuple[str, ...]], Draft],
) -> list[Draft]:
    """Each part said once, by its gravest duty; the margins of a hit are left to the pack for the trench."""
    drafts, gravest = [], []
    for span in zones.perhaps:
        outcome, missing = _hit(zones, span)
        gravest += [span] if outcome is not Outcome.WITHIN_TOLERANCE else []
        drafts.append(draft(span, outcome, (STRIKE, HAND_DIG, OWNER_PRESENT), missing))
    any_depth = zones.any_depth
    drafts += [
        draft(span, Outcome.CANNOT_JUDGE, (HAND_DIG, OWNER_PRESENT), depths)
        for span in subtract(zones.unknown, gravest)
    ]
    beside = [span for span in zones.hand if not _meet(span, any_depth)]
    drafts += [draft(span, Outcome.CLEAR, (HAND_DIG, OWNER_PRESENT), ()) for span in beside]
    drafts += [
        draft(span, Outcome.CLEAR, (OWNER_PRESENT,), ())
        for span in zones.owner
        if not _meet(span, zones.hand)
    ]
    return drafts


def _hit(zones: Zones, span: Range) -> tuple[Outcome, tuple[str, ...]]:
    """The outcome of a span that is hit or may be, and the sizes that it hangs on."""
    if _meet(span, zones.sure):
        return Outcome.BREACH, ()
    if zones.sizes and _meet(span, zones.strict):
        return Outcome.CANNOT_JUDGE, zones.sizes
    is_open = bool(zones.sizes) and not _meet(span, zones.mild)
    return Outcome.WITHIN_TOLERANCE, zones.sizes if is_open else ()


def _meet(span: Range, others: Sequence[Range]) -> bool:
    return any(low <= span[1] + EQUAL_M and high >= span[0] - EQUAL_M for low, high in others)


def _unknown_depths(scene: Scene, pair: tuple[int, int]) -> tuple[str, ...]:
    """The sides of which the level that counts is not known somewhere: the bottom of the trench, the crown in it."""
    (new, existing), missing = scene.strict, []
    for side, lines, levels, run in (
        ("a", new, new.bottom_m, pair[0]),
        ("b", existing, existing.crown_m, pair[1]),
    ):
        if np.isnan(levels[lines.offset[run] : lines.offset[run + 1]]).any():
            missing.append(f"{side}.depth")
    return tuple(missing)


def _draft(
    scene: Scene, pair: tuple[int, int], span: Range, said: tuple[Outcome, tuple[str, ...], tuple[str, ...]]
) -> Draft:
    outcome, duties, missing = said
    a, b = pair
    kinds = (conditions_of(scene.new, a).kind, conditions_of(scene.existing, b).kind)
    chamber = conditions_of(scene.existing, b).chamber
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
            pair_words(scene.catalogue, kinds, chamber),
            Measure.DIG,
            outcome,
            *(DUTIES[duty] for duty in duties),
            *([missing_words(missing)] if missing else []),
        ),
    )
