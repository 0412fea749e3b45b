"""What a crossing or a joint explains: the part of a stretch that is near by necessity."""

import heapq
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.rules.verdict import Range
from xzgis.networks.terms import RunColumns

Key = tuple[object, ...]
Direction = tuple[float, float]
END_DIGITS = 4
HERE_M = 1e-3
"""An end this near to a place, along its run, is that place."""
PAST_M = 1.0
"""A loose end this near behind a joint was drawn past it."""


class Anchor(NamedTuple):
    """Chainage on a run, the way along the lines used to get there, and in which directions that left the place."""

    place_m: float
    used_m: float
    left: tuple[Direction, ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """A crossing or joint, and the runs of both sides that its length reaches over joints.

    ``is_turned``: seen from the other side, so that what a joint explains beside it lies along ``a``.
    """

    sine: float
    is_joint: bool
    on_a: dict[int, list[Anchor]]
    on_b: dict[int, list[Anchor]]
    is_turned: bool = False

    def concerns(self, a: int, b: int) -> bool:
        """Whether its length reaches both runs at all."""
        return a in self.on_a and b in self.on_b

    def of_pair(self, a: int, b: int, least: float) -> list["Explanation"]:
        """What is left of it for two runs, which lie along each other where they left it nearer than sine ``least``.

        Of a joint, or a crossing, between others both may go on in one direction: it tells nothing of the two. A crossing
        of their own does.
        """
        if not self.concerns(a, b):
            return []
        if not self.is_joint and (a, b) == (next(iter(self.on_a)), next(iter(self.on_b))):
            return [self]
        parted = [
            (one, [other for other in self.on_b[b] if not _is_along(one.left, other.left, least)])
            for one in self.on_a[a]
        ]
        if all(len(others) == len(self.on_b[b]) for _, others in parted):
            return [self]
        return [replace(self, on_a={a: [one]}, on_b={b: others}) for one, others in parted if others]

    def window(self, a: int, b: int, reach_m: float) -> "Window | None":
        """What of ``a`` and of ``b`` is near because of it, when ``reach_m`` is the axis distance asked."""
        if a not in self.on_a or b not in self.on_b:
            return None
        length = reach_m / self.sine
        # At a crossing both sides reach as far, so that the two may change places. Beside a joint a place of b
        # nearer than the reach to an explained place of a is no farther from it than this.
        beside_m = reach_m if self.is_joint else 0.0
        more = (beside_m, 0.0) if self.is_turned else (0.0, beside_m)
        on_a, on_b = _around(self.on_a[a], length + more[0]), _around(self.on_b[b], length + more[1])
        if not on_a or not on_b:
            return None
        return Window(on_a, on_b, begins_on_b=any(anchor.used_m == 0.0 for anchor in self.on_b[b]))


@dataclass(frozen=True, slots=True)
class Window:
    """What one crossing or joint explains: places of ``on_a`` against places of ``on_b``, chainages.

    ``begins_on_b``: it lies on ``b`` itself, not on a run that goes on into ``b``.
    """

    on_a: tuple[Range, ...]
    on_b: tuple[Range, ...]
    begins_on_b: bool

    def holds_a(self, at_m: float) -> bool:
        """Whether a chainage of ``a`` is explained."""
        return any(low - EQUAL_M <= at_m <= high + EQUAL_M for low, high in self.on_a)

    def meets_b(self, first_m: float, last_m: float) -> bool:
        """Whether a part of ``b`` touches what is explained."""
        return any(low - EQUAL_M <= last_m and first_m <= high + EQUAL_M for low, high in self.on_b)


def _around(anchors: Sequence[Anchor], length_m: float) -> tuple[Range, ...]:
    return tuple(
        (place - (length_m - used), place + (length_m - used))
        for place, used, _ in anchors
        if used <= length_m + EQUAL_M
    )


@dataclass
class Net:
    """How the runs of one set go on into each other: by shared node, or by ends of one kind in one place."""

    runs: RunColumns
    lines: Lines
    _at: dict[Key, list[tuple[int, bool]]] = field(default_factory=lambda: defaultdict(list))
    _known: set[int] = field(default_factory=set)

    def add(self, runs: Iterable[int]) -> None:
        """Take note of the ends of ``runs``."""
        for run in runs:
            if run in self._known:
                continue
            self._known.add(run)
            for is_last in (False, True):
                for key in self.keys(run, is_last):
                    self._at[key].append((run, is_last))

    def keys(self, run: int, is_last: bool) -> list[Key]:
        """The places where the first or last end of ``run`` may meet another end."""
        row = self.lines.offset[run + 1] - 1 if is_last else self.lines.offset[run]
        kind = self.runs.conditions[int(self.runs.condition[run])].kind
        keys: list[Key] = [
            (
                kind,
                round(float(self.lines.x_m[row]), END_DIGITS),
                round(float(self.lines.y_m[row]), END_DIGITS),
            )
        ]
        node = int(self.runs.to_node[run] if is_last else self.runs.from_node[run])
        if node:
            keys.append((node,))
        return keys

    def nodes(self, run: int) -> dict[int, float]:
        """Identity and chainage of the end nodes of ``run`` that have one."""
        ends = ((int(self.runs.from_node[run]), 0.0), (int(self.runs.to_node[run]), self.length_m(run)))
        return {node: chainage for node, chainage in ends if node}

    def length_m(self, run: int) -> float:
        """Plan length of ``run``."""
        return float(self.lines.chain_m[self.lines.offset[run + 1] - 1])

    def reached(self, run: int, chainage_m: float, limit_m: float) -> dict[int, list[Anchor]]:
        """Runs within ``limit_m`` along the lines of a place on ``run``, each with its nearest places."""
        done: dict[tuple[int, bool], float] = {}
        queue = [(way_m, run, is_last, left) for way_m, is_last, left in self._left_by(run, chainage_m)]
        anchors = {run: [Anchor(chainage_m, 0.0, tuple(one for *_, left in queue for one in left))]}
        heapq.heapify(queue)
        while queue:
            used, at, is_last, left = heapq.heappop(queue)
            if used > limit_m or (at, is_last) in done:
                continue
            done[at, is_last] = used
            for key in self.keys(at, is_last):
                for other, other_last in self._at[key]:
                    if (other, other_last) in done or other == run:
                        continue
                    length = self.length_m(other)
                    end = length if other_last else 0.0
                    # From the place itself it goes out by the other run, whatever lies on the far side of it.
                    out = left if used > HERE_M else tuple(_ways(self.lines, other, end))
                    anchors.setdefault(other, []).append(Anchor(end, used, out))
                    # Its near end too, which other keys may join on; done with, no way comes back over the place.
                    heapq.heappush(queue, (used, other, other_last, out))
                    heapq.heappush(queue, (used + length, other, not other_last, out))
        return anchors

    def _left_by(self, run: int, chainage_m: float) -> Iterator[tuple[float, bool, tuple[Direction, ...]]]:
        """The way from a place on ``run`` to either end, and in which direction it leaves the place.

        None where the end is there, nor where a loose end is drawn a little past the place: the line ends with the joint.
        """
        ways_m = chainage_m, self.length_m(run) - chainage_m
        for is_last in (False, True):
            way_m, back_m = ways_m[is_last], ways_m[not is_last]
            is_past = way_m <= PAST_M + EQUAL_M and back_m > HERE_M and self._is_loose(run, is_last)
            left = () if is_past else tuple(_ways(self.lines, run, chainage_m, is_back=not is_last))
            yield way_m, is_last, left

    def _is_loose(self, run: int, is_last: bool) -> bool:
        return all(other == run for key in self.keys(run, is_last) for other, _ in self._at[key])


def subtract(parts: Sequence[Range], away: Sequence[Range]) -> list[Range]:
    """``parts`` without ``away``; what is left shorter than a micrometre by cutting is gone."""
    left = list(parts)
    for low, high in away:
        cut: list[Range] = []
        for first, last in left:
            if high < first or low > last:
                cut.append((first, last))
                continue
            cut += [piece for piece in ((first, low), (high, last)) if piece[1] - piece[0] > EQUAL_M]
        left = cut
    return left


def merged(parts: Iterable[Range]) -> list[Range]:
    """``parts`` in order; those that touch within a micrometre are one."""
    joined: list[Range] = []
    for low, high in sorted(parts):
        if joined and low <= joined[-1][1] + EQUAL_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined


def joint_sine(lines: Lines, a: int, at_a: float, others: Lines, b: int, at_b: float, least: float) -> float:
    """Sine that stands for a joint: of the sharpest angle between the ways that leave it.

    Ways that part by more than 90° leave each other as fast as they can (1). Those that part by less than ``least`` lie
    along each other: nothing is explained of them (:meth:`Explanation.of_pair`), and of others with them as if by 90°.
    """
    best = 1.0
    for ux, uy in _ways(lines, a, at_a):
        for vx, vy in _ways(others, b, at_b):
            if ux * vx + uy * vy > 0.0:
                best = min(best, abs(ux * vy - uy * vx))
    return best if best >= least else 1.0


def _is_along(one: Sequence[Direction], other: Sequence[Direction], least: float) -> bool:
    """Whether some of the directions part by less than the angle of sine ``least``."""
    return any(
        ux * vx + uy * vy > 0.0 and abs(ux * vy - uy * vx) < least for ux, uy in one for vx, vy in other
    )


def _ways(lines: Lines, run: int, at_m: float, *, is_back: bool | None = None) -> list[Direction]:
    """Directions in which ``run`` leaves the chainage ``at_m``: of both, or ``is_back`` that to its start or its end."""
    ways = []
    for row in range(lines.offset[run], lines.offset[run + 1] - 1):
        low, high = float(lines.chain_m[row]), float(lines.chain_m[row + 1])
        if high - low <= 0.0 or at_m < low - EQUAL_M or at_m > high + EQUAL_M:
            continue
        length = high - low
        ux = float(lines.x_m[row + 1] - lines.x_m[row]) / length
        uy = float(lines.y_m[row + 1] - lines.y_m[row]) / length
        if at_m < high - EQUAL_M and is_back is not True:
            ways.append((ux, uy))
        if at_m > low + EQUAL_M and is_back is not False:
            ways.append((-ux, -uy))
    return ways


def shallow_sine(angle_deg: float) -> float:
    """Sine of the angle below which a crossing explains nothing."""
    return math.sin(math.radians(angle_deg))
