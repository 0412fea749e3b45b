"""Every verdict on new runs against existing ones: the one entry of live check, re-check and audit."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.lines import lines_of
from xzgis.conflicts.kernel.pairs import meetings_of_pairs, meets, near_pairs
from xzgis.conflicts.rules.assumed import (
    assumed_dry,
    unverified_at_crossing,
    unverified_cover,
    unverified_in_plan,
    unverified_order,
)
from xzgis.conflicts.rules.beside_chambers import beside_chamber, joints_at_chambers, of_chamber
from xzgis.conflicts.rules.book import Requirement, RuleBook, is_overhead
from xzgis.conflicts.rules.chambers import parted
from xzgis.conflicts.rules.collision import Shared, judge_collision, shared_space
from xzgis.conflicts.rules.cover import judge_cover
from xzgis.conflicts.rules.datum import Doubt, doubt_of
from xzgis.conflicts.rules.dig import judge_trenches
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import Explanation
from xzgis.conflicts.rules.fold import folded
from xzgis.conflicts.rules.holes import judge_holes
from xzgis.conflicts.rules.horizontal import judge_horizontal, judge_stacked
from xzgis.conflicts.rules.identity import Keyed, in_order, name_of
from xzgis.conflicts.rules.joints import concerning, explanations_of
from xzgis.conflicts.rules.near import Near
from xzgis.conflicts.rules.scene import DISUSED, Pair, Scene, conditions_of, facts_of, pair_of, scene_of
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.vertical import Crossing, crossings_in, judge_order, judge_vertical
from xzgis.conflicts.rules.zones import judge_zones
from xzgis.conflicts.terms import AssumedDry, Hole, Judgement, Measure, Outcome, SurfaceStretch, TieIn
from xzgis.networks.terms import FloatArray, IntArray, RunColumns


@dataclass
class Tally:
    """What a judgement gathers on its way."""

    drafts: list[Draft] = field(default_factory=list)
    clear: list[tuple[Measure, int, int]] = field(default_factory=list)
    left_out: list[tuple[str, int]] = field(default_factory=list)
    unverified: list[tuple[Measure, str, int]] = field(default_factory=list)
    assumed_dry: list[AssumedDry] = field(default_factory=list)

    def add(self, measure: Measure, pair: Pair, drafts: Sequence[Draft], scene: Scene) -> None:
        """Keep ``drafts``; none of them means that the pair is clear in this measure."""
        self.drafts += drafts
        if drafts:
            return
        self.clear.append((measure, pair.a, pair.b))
        rests_on = UNVERIFIED.get(measure)
        rule_id = None if rests_on is None else rests_on(scene, pair)
        self.unverified += [] if rule_id is None else [(measure, rule_id, pair.b)]

    def add_cover(self, scene: Scene, a: int, surfaces: Sequence[SurfaceStretch]) -> None:
        """Judge and keep the cover of new run ``a``."""
        drafts = judge_cover(scene, a, surfaces)
        self.drafts += drafts
        self.assumed_dry += assumed_dry(scene, a, surfaces)
        if drafts:
            return
        self.clear.append((Measure.COVER, a, -1))
        rule_id = unverified_cover(scene, a, surfaces)
        self.unverified += [] if rule_id is None else [(Measure.COVER, rule_id, -1)]


UNVERIFIED = {
    Measure.HORIZONTAL: unverified_in_plan,
    Measure.VERTICAL: unverified_at_crossing,
    Measure.ORDER: unverified_order,
}


def judge(
    new: RunColumns,
    existing: RunColumns,
    catalogue: Catalogue,
    *,
    surfaces: Sequence[SurfaceStretch] | None = None,
    excavations: Sequence[Hole] | None = None,
    tie_ins: Sequence[TieIn] | None = None,
    ground_sigma_m: FloatArray | None = None,
) -> Judgement:
    """Every verdict on ``new`` against ``existing``.

    Parameters
    ----------
    new, existing
        Runs in the storage CRS, each with its own origin. ``existing`` needs to hold every run within
        :func:`xzgis.conflicts.rules.reach.reaches_m` of the new ones; more do no harm. Chambers stand after the runs
        (:func:`xzgis.conflicts.rules.chambers.with_chambers`).
    surfaces
        Surface by chainage of the new runs; a part that is not named has an unknown surface.
    excavations
        Holes beside the trenches that follow from the open-cut runs.
    tie_ins
        Declared joints of new runs with existing ones.
    ground_sigma_m
        ``(n,)`` standard deviation of the ground above the new runs, None: that of their levels.

    Raises
    ------
    ValueError
        A coordinate, size or accuracy is not a finite number.
    """
    runs, chambers = parted(existing)
    scene = scene_of(new, runs, rule_book(catalogue), surfaces=surfaces or (), ground_sigma_m=ground_sigma_m)
    tally = Tally()
    pairs = _pairs(scene, tally)
    explained = _judge_pairs(scene, pairs, tally, tie_ins or ())
    _judge_new(scene, tally, surfaces or ())
    tally.drafts += judge_trenches(scene) + judge_holes(scene, excavations or ())
    tally.drafts += judge_zones(scene, excavations or ())
    verdicts = in_order(scene, tally.drafts) + _judge_one_work(scene, tally)
    if chambers is not None:
        verdicts += _judge_chambers(scene, chambers, tally, explained, excavations or ())
    return _judgement(scene, pairs, tally, verdicts)


def _judge_one_work(work: Scene, tally: Tally) -> list[Keyed]:
    """The runs of one work against each other, each pair once, whatever their order."""
    new = work.new
    if len(new.run_id) < 2 or bool((new.run_id > 0).any()):
        return []  # registered runs meet each other as existing ones
    scene = scene_of(
        new, new, work.book, is_one_work=True, surfaces=work.surfaces, ground_sigma_m=work.ground_sigma_m
    )
    among = Tally()
    _judge_pairs(scene, _pairs(scene, among), among, ())
    tally.left_out += [(reason, -2 - b) for reason, b in among.left_out]
    tally.clear += [(measure, a, -2 - b) for measure, a, b in among.clear]
    tally.unverified += [(measure, rule_id, -2 - b) for measure, rule_id, b in among.unverified]
    return in_order(scene, among.drafts)


def _judge_chambers(
    work: Scene, chambers: RunColumns, tally: Tally, explained: Sequence[Explanation], holes: Sequence[Hole]
) -> list[Keyed]:
    """The new runs and excavations against ``chambers``, numbered after the existing runs (decision 0075)."""
    others = lines_of(chambers, origin_m=work.origin_m)
    scene = replace(work, existing=chambers, others=others, is_of_chambers=True)
    beside, first = Tally(), len(work.existing.run_id)
    joints = joints_at_chambers(work, scene, explained)
    _judge_pairs(scene, _pairs(scene, beside), beside, (), joints)
    # Duties beside a trench are those beside its lines, and its clearance is judged; a hole has no other measure.
    beside.drafts += [draft for draft in judge_trenches(scene) if draft.outcome is not Outcome.CLEAR]
    beside.drafts += judge_holes(scene, holes)
    tally.left_out += [(reason, first + b) for reason, b in beside.left_out]
    tally.clear += [(measure, a, first + b) for measure, a, b in beside.clear]
    tally.unverified += [(measure, rule_id, first + b) for measure, rule_id, b in beside.unverified]
    return [
        (key, verdict if verdict.b is None else replace(of_chamber(verdict), b=first + verdict.b))
        for key, verdict in in_order(scene, folded(beside.drafts))
    ]


def _judge_new(scene: Scene, tally: Tally, surfaces: Sequence[SurfaceStretch]) -> None:
    """Cover of the new runs that lie in the ground."""
    for a in range(len(scene.new.run_id)):
        facts = conditions_of(scene.new, a)
        if is_overhead(facts):
            tally.left_out.append(("cover of an overhead line", -1))
            continue
        tally.add_cover(scene, a, surfaces)


SAME_RUN = "same run"
_books: list[RuleBook] = []


def rule_book(catalogue: Catalogue) -> RuleBook:
    """The rule book of ``catalogue``, the latest few kept between checks."""
    found = next((book for book in _books if book.catalogue is catalogue), None)
    if found is None:
        found = RuleBook(catalogue)
        _books[:] = [*_books[-3:], found]
    return found


def _pairs(scene: Scene, tally: Tally) -> list[Pair]:
    """Pairs within each other's reach, without those that are left out whole."""
    new, existing = scene.new, scene.existing
    factor = scene.factor
    fixed = np.full((max(len(new.conditions), 1), max(len(existing.conditions), 1)), -np.inf)
    for i in np.unique(new.condition):
        for j in np.unique(existing.condition):
            requirement = scene.book.horizontal(new.conditions[i], existing.conditions[j])
            least = max((r.least_m for r in requirement.reached), default=0.0)
            fixed[i, j] = max(least, requirement.search_m if requirement.beyond else 0.0)
            if _asks_widths(requirement):
                # The widest of all here; what of these pairs is within its own reach is asked below.
                fixed[i, j] = max(
                    fixed[i, j], float(new.width_m[:, 1].max()), float(existing.width_m[:, 1].max())
                )
    own = [runs.width_m[:, 1] / 2.0 + factor * runs.sigma_plan_m for runs in (new, existing)]
    near = near_pairs(scene.lines, scene.others, fixed, new.condition, existing.condition, own[0], own[1])
    kept: list[Pair] = []
    for a, b in near.tolist():
        if not _is_within(scene, a, b, own) or (scene.is_one_work and not _comes_first(scene, a, b)):
            continue
        reason = _left_out(scene, a, b)
        if reason and reason != SAME_RUN:
            tally.left_out.append((reason, b))
        if reason in ("", "disused"):
            kept.append(pair_of(scene, len(kept), a, b))
    return kept


def _asks_widths(requirement: Requirement) -> bool:
    """Whether some reading asks the outer width of a tunnel."""
    return requirement.is_any_kind or any(reading.tunnel for reading in requirement.reached)


def _is_within(scene: Scene, a: int, b: int, own: Sequence[FloatArray]) -> bool:
    """Whether the pair is within a reach that hangs on nothing but itself, where outer widths are asked."""
    requirement = scene.book.horizontal(conditions_of(scene.new, a), conditions_of(scene.existing, b))
    if not _asks_widths(requirement):
        return True
    pair = pair_of(scene, 0, a, b)
    asked_m = pair.strict_required_m + float(own[0][a] + own[1][b])
    return bool(meets(scene.lines, a, scene.others, b, asked_m + EQUAL_M))


def _comes_first(scene: Scene, a: int, b: int) -> bool:
    """Of the two ways to take a pair of one work, the one that does not hang on the order of storage."""
    keys = [(name_of(scene.new, scene.lines, run, scene.origin_m).key, run) for run in (a, b)]
    return keys[0] < keys[1]


def _left_out(scene: Scene, a: int, b: int) -> str:
    """Why the pair is not judged for clearance; '' when it is. Disused runs: collision and zones only."""
    new, existing = scene.new, scene.existing
    if new.run_id[a] == existing.run_id[b]:
        return SAME_RUN
    if new.bank[a] and new.bank[a] == existing.bank[b]:
        return "duct bank"
    if new.chamber_link[a] and existing.chamber_link[b] and _share_node(new, a, existing, b):
        return "inside one chamber"
    if new.life[a] == DISUSED or existing.life[b] == DISUSED:
        return "disused"
    return ""


def _share_node(new: RunColumns, a: int, existing: RunColumns, b: int) -> bool:
    ends = {int(new.from_node[a]), int(new.to_node[a])} - {0}
    return bool(ends & {int(existing.from_node[b]), int(existing.to_node[b])})


def _judge_pairs(
    scene: Scene,
    pairs: Sequence[Pair],
    tally: Tally,
    tie_ins: Sequence[TieIn],
    joints: Sequence[Explanation] = (),
) -> Sequence[Explanation]:
    """Judge ``pairs``; the answer is what explains parts of them: crossings and joints, ``joints`` given."""
    if not pairs:
        return ()
    numbers: IntArray = np.array([(pair.a, pair.b) for pair in pairs], dtype=np.int64)
    found: dict[int, list[Crossing]] = defaultdict(list)
    levels, rows = _meetings(scene, pairs, numbers)
    if scene.is_of_chambers:
        rows = rows[:0]  # a line that meets the middle of a chamber is inside it
    for crossing in crossings_in(scene, pairs, rows):
        found[crossing.pair.number].append(crossing)
    explanations = [*joints, *explanations_of(scene, pairs, found, tie_ins)]
    doubt = doubt_of(scene, pairs, levels[2], rows)
    for own in (scene, doubt.hidden) if doubt.grounds_m else (scene,):
        mine = [pair for pair in pairs if (pair.number in doubt.grounds_m) is (own is not scene)]
        if own is not scene:
            found = _found(own, mine)
        shared = shared_space(own, [pair for pair in mine if pair.is_disused or levels[2].get(pair.number)])
        for pair in mine:
            mild, strict, reach, overlap = (level.get(pair.number, []) for level in levels)
            concerned = concerning(own, explanations, pair)
            near = Near(own, pair, mild, strict, reach, overlap, concerned)
            _judge_pair(near, found[pair.number], shared, (tally, doubt))
    return explanations


def _found(scene: Scene, pairs: Sequence[Pair]) -> dict[int, list[Crossing]]:
    """The crossings of every pair, by its number."""
    found: dict[int, list[Crossing]] = defaultdict(list)
    for crossing in crossings_in(scene, pairs):
        found[crossing.pair.number].append(crossing)
    return found


def _judge_pair(near: Near, found: Sequence[Crossing], shared: Shared, kept: tuple[Tally, Doubt]) -> None:
    """Every measure of one pair but those of the ground."""
    (tally, doubt), scene, pair = kept, near.scene, near.pair

    def add(measure: Measure, drafts: Sequence[Draft]) -> None:
        tally.add(measure, pair, doubt.told(pair, drafts), scene)

    crossings = _crossings_left(near, found, tally)
    hits: list[Draft] = []
    if near.overlap or pair.is_disused or shared.concerns(pair):
        hits = judge_collision(scene, near, shared)
        add(Measure.COLLISION, hits)
    if pair.is_disused:
        return
    if scene.is_of_chambers:
        add(Measure.HORIZONTAL, beside_chamber(near, judge_horizontal(scene, near), hits))
        return
    add(Measure.HORIZONTAL, judge_horizontal(scene, near))
    hangs = any(map(is_overhead, facts_of(scene, pair)))
    if hangs and (near.overlap or crossings):
        tally.left_out.append(("order and stacking of an overhead line", pair.b))
    if near.overlap and not hangs:
        add(Measure.STACKED, judge_stacked(scene, near))
    for crossing in crossings:
        for measure, draft in (
            (Measure.VERTICAL, judge_vertical(scene, crossing)),
            (Measure.ORDER, judge_order(scene, crossing)),
        ):
            if measure is Measure.ORDER and (hangs or not pair.asked.kind_known):
                continue  # no order without a kind: the vertical gap says what is missing
            add(measure, [draft] if draft is not None else [])


def _crossings_left(near: Near, crossings: Sequence[Crossing], tally: Tally) -> list[Crossing]:
    """Crossings that no joint explains."""
    joined = near.joints()
    left = [
        c for c in crossings if not any(w.holds_a(c.at_a_m) and w.meets_b(c.at_b_m, c.at_b_m) for w in joined)
    ]
    if joined:
        tally.left_out.append(("joint", near.pair.b))
    return left


def _meetings(
    scene: Scene, pairs: Sequence[Pair], numbers: IntArray
) -> tuple[list[dict[int, list[Range]]], FloatArray]:
    """Stretches by pair at the mild, strict and reach distance and where the envelopes overlap in plan; crossings."""
    factor = scene.factor
    reaches = np.array([(pair.mild_m, pair.strict_m, pair.reach_m(factor), pair.half_m[1]) for pair in pairs])
    stretches, crossings = meetings_of_pairs(scene.lines, scene.others, numbers, reaches - JUST_BELOW_M)
    found: list[dict[int, list[Range]]] = [defaultdict(list) for _ in range(4)]
    for level, number, low, high in stretches.tolist():
        found[int(level)][int(number)].append((low, high))
    return found, crossings


def _judgement(scene: Scene, pairs: Sequence[Pair], tally: Tally, keyed: Sequence[Keyed]) -> Judgement:
    verdicts = tuple(verdict for _, verdict in sorted(keyed, key=lambda one: one[0]))
    counts = {outcome.value: 0 for outcome in Outcome}
    advice: Counter[str] = Counter()
    for verdict in verdicts:
        if verdict.advisory:
            advice[verdict.measure.value] += 1
        else:
            counts[verdict.outcome.value] += 1
    counts[Outcome.CLEAR.value] = len(tally.clear)
    by_kind = Counter(conditions_of(scene.existing, pair.b).kind for pair in pairs)
    return Judgement(
        verdicts=verdicts,
        counts=counts,
        advice=dict(sorted(advice.items())),
        pairs=len(pairs),
        by_kind=dict(sorted(by_kind.items())),
        left_out=dict(sorted(Counter(reason for reason, _ in tally.left_out).items())),
        left_out_of=tuple(tally.left_out),
        paired=tuple(pair.b for pair in pairs),
        clear=tuple(tally.clear),
        unverified=tuple(tally.unverified),
        assumed_dry=tuple(tally.assumed_dry),
    )
