"""Where two runs are near each other, and what of it crossings and joints explain."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np

from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import Nearest, nearest, stretches
from xzgis.conflicts.kernel.ways import distances_left
from xzgis.conflicts.rules.explain import Anchor, Explanation, Window, merged, subtract
from xzgis.conflicts.rules.scene import Pair, Scene
from xzgis.conflicts.rules.verdict import Range
from xzgis.networks.terms import FloatArray

_READ_SIZES = tuple(step / 8.0 for step in range(9))
"""Shares of the way from the smallest to the largest of unknown sizes at which the explained length is taken."""
_SIZE_HALVINGS = 40
"""Until a size is known to the picometre."""


@dataclass(frozen=True)
class Near:
    """The stretches of one pair at its levels, and what explains parts of them."""

    scene: Scene
    pair: Pair
    mild: Sequence[Range]
    strict: Sequence[Range]
    reach: Sequence[Range]
    overlap: Sequence[Range]
    explanations: Sequence[Explanation]

    def unexplained(
        self, parts: Sequence[Range], reach_m: float, *, nearer_m: float | None = None
    ) -> list[Range]:
        """``parts`` nearer than ``nearer_m`` without what crossings and joints explain at ``reach_m``.

        Both are axis distances; ``nearer_m`` is ``reach_m`` unless it is given.
        """
        return self._without(parts, self._windows(reach_m), reach_m if nearer_m is None else nearer_m)

    def left_in_any_reading(self, slack_m: float) -> "Left":
        """Parts nearer than some reading may ask, plus ``slack_m``, that its own explained length leaves.

        The explained length grows with what is asked: the strictest reading alone would excuse what a milder
        one does not.
        """
        strict = Level(self.pair.strict_required_m, self.pair.half_m[1])
        parts = self.strict if slack_m == 0.0 else self.reach
        found = [(strict, self.unexplained(parts, strict.axis_m + slack_m))]
        if self._windows(strict.axis_m + slack_m):
            for level in self._levels(slack_m):
                reach_m = level.axis_m + slack_m
                nearer = self._stretches(self.scene.others, self.pair.b, reach_m)
                found.append((level, self.unexplained(nearer, reach_m)))
        return Left(self, found, slack_m, nearer_m=strict.axis_m + slack_m)

    def stacked_in_any_reading(self) -> "Left":
        """Parts where the envelopes overlap in plan that the explained length of some reading leaves."""
        strict = Level(self.pair.strict_required_m, self.pair.half_m[1])
        found = [(strict, self.unexplained(self.overlap, strict.axis_m, nearer_m=strict.half_m))]
        if self._windows(strict.axis_m):
            for level in self._levels():
                nearer = self._stretches(self.scene.others, self.pair.b, level.half_m)
                found.append((level, self.unexplained(nearer, level.axis_m, nearer_m=level.half_m)))
        return Left(self, found, 0.0, nearer_m=strict.half_m)

    @cached_property
    def is_read_many_ways(self) -> bool:
        """Whether readings of what is not known ask, or explain, different lengths."""
        return self.pair.strict_m - self._lowest_m > EQUAL_M

    def places(self, parts: Sequence[Range], nearer_m: float) -> list[Range]:
        """``parts``, those nearer than ``nearer_m``, without what crossings and joints explain in every reading.

        What different readings leave of one such part is one place to whoever looks at it.
        """
        return self.unexplained(parts, self._lowest_m, nearer_m=nearer_m)

    @cached_property
    def _lowest_m(self) -> float:
        """The least axis distance that a reading asks."""
        asked = min((level.axis_m for level in self._levels_at(0.0)), default=self.pair.strict_m)
        return min(asked, self.pair.strict_m)

    def joints(self) -> list[Window]:
        """Parts of both runs that joints explain: there the two lines are one."""
        return self._windows(self.pair.strict_m, joints_only=True)

    def is_beside_joints(self, span: Range) -> bool:
        """Whether the envelopes overlap in plan somewhere on ``span`` where no joint makes them one."""
        left = self._without([span], self.joints(), self.pair.half_m[1])
        return any(low <= span[1] and high >= span[0] for low, high in left)

    def _windows(self, reach_m: float, *, joints_only: bool = False) -> list[Window]:
        pair = self.pair
        found = [
            e.window(pair.a, pair.b, reach_m) for e in self.explanations if e.is_joint or not joints_only
        ]
        return [window for window in found if window is not None]

    def _levels(self, slack_m: float = 0.0) -> list["Level"]:
        """What single readings ask, below the strictest; none when nothing is open.

        Of a size that is not known some readings stand for all, and those in which the explained length may end
        before what is near, ``slack_m`` more on either.
        """
        pair = self.pair
        is_open = pair.half_m[1] - pair.half_m[0] > EQUAL_M
        levels = {level for share in (_READ_SIZES if is_open else (0.0,)) for level in self._levels_at(share)}
        if is_open:
            lowest = min((level.axis_m for level in levels), default=pair.strict_m)
            for axis_m in self._distances_left((lowest + slack_m, pair.strict_m + slack_m)):
                levels |= self._levels_of(axis_m - slack_m)
        return sorted(level for level in levels if level.axis_m < pair.strict_m)

    @cached_property
    def _askings(self) -> tuple[tuple[float, str], ...]:
        """What readings ask: a constant, and whose outer width if that is more."""
        pair, book = self.pair, self.scene.book
        asked = [(reading.least_m, reading.tunnel) for reading in pair.requirement.asking]
        if pair.asked.beyond or not asked:
            # Where no table reaches one looks as far in every size.
            asked.append((pair.strict_required_m, ""))
        if pair.requirement.is_any_kind:
            asked += [*((figure_m, "") for figure_m in sorted(book.figures_m)), (0.0, "a"), (0.0, "b")]
        return tuple(dict.fromkeys(asked))

    @cached_property
    def _widths_m(self) -> tuple[Range, Range]:
        """Smallest and largest outer width of both."""
        pair = self.pair
        one, other = self.scene.new.width_m[pair.a].tolist(), self.scene.existing.width_m[pair.b].tolist()
        return (one[0], one[1]), (other[0], other[1])

    def _level_at(self, share: float, asking: tuple[float, str]) -> "Level":
        """What one asking comes to with sizes so far on the way from the smallest to the largest."""
        a, b = (low + share * (high - low) for low, high in self._widths_m)
        least_m, tunnel = asking
        return Level(max(least_m, a if tunnel == "a" else b) if tunnel else least_m, (a + b) / 2.0)

    def _levels_at(self, share: float) -> list["Level"]:
        """What readings ask with sizes so far on the way from the smallest to the largest."""
        return [self._level_at(share, asking) for asking in self._askings]

    def _levels_of(self, axis_m: float) -> set["Level"]:
        """The readings that ask an axis distance, each with the size in which it does."""
        found = set()
        for asking in self._askings:
            low, high = 0.0, 1.0
            if not self._level_at(low, asking).axis_m <= axis_m <= self._level_at(high, asking).axis_m:
                continue
            for _ in range(_SIZE_HALVINGS):
                middle = (low + high) / 2.0
                low, high = (
                    (middle, high) if self._level_at(middle, asking).axis_m < axis_m else (low, middle)
                )
            found.add(self._level_at(high, asking))
        return found

    def _distances_left(self, between: Range) -> list[float]:
        """Axis distances at which something may be near along one line that is no longer explained along it."""
        pair, lines, others = self.pair, self.scene.lines, self.scene.others
        found: set[float] = set()
        for one in self.explanations:
            if not one.concerns(pair.a, pair.b):
                continue
            # Beside a joint the length along b is longer by the distance itself; seen from its other side that along a.
            shares = [one.sine, 1.0 / (1.0 / one.sine + 1.0) if one.is_joint else one.sine]
            shares = shares[::-1] if one.is_turned else shares
            on_a, on_b = _placed(one.on_a[pair.a]), _placed(one.on_b[pair.b])
            found |= {
                *distances_left(lines, pair.a, others, pair.b, on_a, shares[0], between).tolist(),
                *distances_left(others, pair.b, lines, pair.a, on_b, shares[1], between).tolist(),
            }
        return sorted(found)

    def _stretches(self, others: Lines, b: int, reach_m: float) -> list[Range]:
        found = stretches(self.scene.lines, self.pair.a, others, b, reach_m - JUST_BELOW_M)
        return [(low, high) for low, high in found.tolist()]

    def _without(self, parts: Sequence[Range], windows: Sequence[Window], reach_m: float) -> list[Range]:
        if not windows:
            return list(parts)
        left = subtract(parts, [span for window in windows for span in window.on_a])
        return merged([*left, *self._comes_back(windows, reach_m)])

    def nearest(self, span: Range, reach_m: float) -> Nearest | None:
        """Where the two are nearest on ``span``, left aside what crossings and joints explain at ``reach_m``.

        None where they explain all of it.
        """
        scene, pair, windows = self.scene, self.pair, self._windows(reach_m)
        back = self._back(windows, max(reach_m, pair.reach_m(scene.factor))) if windows else []
        inside = [(max(low, span[0]), min(high, span[1]), part) for (low, high), part in back]
        beside = subtract([span], [held for window in windows for held in window.on_a])
        found = [nearest(scene.lines, pair.a, scene.others, pair.b, *rest) for rest in beside]
        found += [
            nearest(scene.lines, pair.a, part, 0, low, high) for low, high, part in inside if low < high
        ]
        return min(found, key=_order_of, default=None)

    def nearest_at_all(self, span: Range) -> Nearest:
        """Where the two are nearest on ``span``, explained or not."""
        return nearest(self.scene.lines, self.pair.a, self.scene.others, self.pair.b, *span)

    def _comes_back(self, windows: Sequence[Window], reach_m: float) -> list[Range]:
        """Explained chainages of ``a`` near a part of ``b`` that has left the crossing and comes back.

        Were it cut in two on its way, that part would be judged.
        """
        found: list[Range] = []
        for (low, high), part in self._back(windows, reach_m):
            near = self._stretches(part, 0, reach_m)
            found += [(max(s, low), min(e, high)) for s, e in near if max(s, low) < min(e, high)]
        return found

    def _back(self, windows: Sequence[Window], reach_m: float) -> list[tuple[Range, Lines]]:
        """Parts of ``b`` that nothing explains near what is explained of ``a``, each with those chainages of ``a``."""
        scene, pair = self.scene, self.pair
        whole = stretches(scene.others, pair.b, scene.lines, pair.a, reach_m - JUST_BELOW_M).tolist()
        beside = [(first, last) for first, last in whole]
        if not any(subtract(beside, window.on_b) for window in windows):
            return []  # what is near any part of a is explained; so is what is near the parts below
        is_straight = _is_straight(scene.lines, pair.a) and _is_straight(scene.others, pair.b)
        ends = {end for window in windows for span in window.on_a for end in span}
        within = sorted({min(max(end, 0.0), scene.length_m(pair.a)) for end in ends})
        found: list[tuple[Range, Lines]] = []
        for low, high in pairwise(within):
            held = [window for window in windows if window.holds_a((low + high) / 2.0)]
            if not held or (is_straight and any(window.begins_on_b for window in held)):
                continue
            here = part_of_axis(scene.lines, pair.a, low, high)
            near = stretches(scene.others, pair.b, here, 0, reach_m - JUST_BELOW_M).tolist()
            near = [(first, last) for first, last in near]
            away = subtract(near, [part for window in held for part in window.on_b])
            found += [((low, high), part_of_axis(scene.others, pair.b, *t)) for t in away]
        return found


@dataclass(frozen=True, slots=True, order=True)
class Level:
    """What one reading of the unknown facts asks, between walls, and the sum of both half widths in it."""

    asked_m: float
    half_m: float

    @property
    def axis_m(self) -> float:
        """Axis distance below which this reading is below what it asks."""
        return self.asked_m + self.half_m


@dataclass(frozen=True, slots=True)
class Seen:
    """The nearest place of a part, the least gap of any reading and the largest there is for certain.

    ``is_excused``: the strictest reading explains the part whole.
    """

    place: Nearest
    gap_m: Range
    is_excused: bool


@dataclass(frozen=True)
class Left:
    """What single readings, the strictest first, leave unexplained, each plus ``slack_m``.

    ``nearer_m``: axis distance below which the strictest one finds a place near.
    """

    near: Near
    found: Sequence[tuple[Level, Sequence[Range]]]
    slack_m: float
    nearer_m: float

    @property
    def spans(self) -> list[Range]:
        """What any reading leaves."""
        return merged([span for _, spans in self.found for span in spans])

    def seen(self, span: Range) -> Seen:
        """The gap on ``span``: in each reading that leaves a part of it, where that reading is nearest."""
        pair = self.near.pair
        strict = self.near.nearest(span, pair.strict_m + self.slack_m)
        if strict is not None and strict.distance_m >= self.nearer_m - EQUAL_M:
            strict = None  # what it leaves here is not near: it excuses all that is
        places = [] if strict is None else [(strict.distance_m - pair.half_m[1], strict)]
        for level, spans in self.found[1:]:
            reach_m = level.axis_m + self.slack_m
            for part in _shared(span, spans):
                place = self.near.nearest(part, reach_m)
                places += [] if place is None else [(place.distance_m - level.half_m, place)]
        is_excused = strict is None and bool(places)
        if not places:
            # A sliver that cutting left on the border of what is explained: taken as it lies.
            strict = self.near.nearest_at_all(span)
            places = [(strict.distance_m - pair.half_m[1], strict)]
        gap_m, place = min(places, key=lambda one: (round(one[0], 9), _order_of(one[1])))
        farthest = max(one[1].distance_m for one in places) if strict is None else strict.distance_m
        return Seen(place, (gap_m, max(gap_m, farthest - pair.half_m[0])), is_excused)


def _shared(span: Range, spans: Sequence[Range]) -> list[Range]:
    """The parts of ``spans`` inside ``span``."""
    return [
        (max(low, span[0]), min(high, span[1])) for low, high in spans if low <= span[1] and high >= span[0]
    ]


def _placed(anchors: Sequence[Anchor]) -> FloatArray:
    """``(k, 2)`` chainage and way there of ``anchors``."""
    return np.array([(one.place_m, one.used_m) for one in anchors])


def _order_of(one: Nearest) -> tuple[float, float]:
    """The nearest first; of places equally near the one with the other more to the side."""
    return round(one.distance_m, 9), -abs(one.side)


def _is_straight(lines: Lines, run: int) -> bool:
    """Whether the axis is one segment; two such are near each other at a crossing no farther than it explains."""
    return int(lines.offset[run + 1] - lines.offset[run]) == 2


def part_of_axis(lines: Lines, run: int, first_m: float, last_m: float) -> Lines:
    """The axis of ``run`` between two chainages as a line of its own, without levels."""
    rows = slice(int(lines.offset[run]), int(lines.offset[run + 1]))
    # Plain lists: a run has few vertices, and a call into numpy costs more than all of them.
    chain: list[float] = lines.chain_m[rows].tolist()
    inner = range(bisect_right(chain, first_m), bisect_left(chain, last_m))
    x, y = (
        np.array([_at(chain, v, first_m), *(v[k] for k in inner), _at(chain, v, last_m)])
        for v in (lines.x_m[rows].tolist(), lines.y_m[rows].tolist())
    )
    at = np.array([0.0, *(chain[k] - first_m for k in inner), last_m - first_m])
    nothing = np.full(len(at), np.nan)
    box = np.array([[x.min(), y.min(), x.max(), y.max()]])
    return Lines(np.array([0, len(at)], dtype=np.int64), x, y, at, nothing, nothing, nothing, box)


def _at(chain: Sequence[float], value: Sequence[float], at_m: float) -> float:
    """A value that is linear between vertices, at a chainage; beyond the ends that of the end."""
    if at_m <= chain[0] or at_m >= chain[-1]:
        return value[0] if at_m <= chain[0] else value[-1]
    row = bisect_right(chain, at_m) - 1
    return (value[row + 1] - value[row]) / (chain[row + 1] - chain[row]) * (at_m - chain[row]) + value[row]
