"""Everything the rules look at while they judge: both sets of runs near one origin, and the tables."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.lines import Lines, lines_of
from xzgis.conflicts.rules.book import UNKNOWN_KIND, Requirement, RuleBook
from xzgis.conflicts.rules.verdict import Asked, Range
from xzgis.conflicts.terms import SurfaceStretch
from xzgis.networks.terms import Conditions, FloatArray, IntArray, LifeState, RunColumns

DISUSED = tuple(LifeState).index(LifeState.DISUSED)
METRE_GRID = 1.0
NOWHERE_M = 1e9
"""A level that no envelope reaches."""


@dataclass(frozen=True)
class Scene:
    """New runs ``new`` and others ``existing`` with their axes near ``origin_m``, the tables and their limits.

    ``is_one_work``: both sets are the runs of one new work, judged against each other. ``surfaces``: what lies above
    the new runs. ``ground_sigma_m``: ``(n,)`` standard deviation of the ground above them with that of setting out,
    None: that of their levels.
    """

    new: RunColumns
    existing: RunColumns
    lines: Lines
    others: Lines
    origin_m: tuple[float, float]
    book: RuleBook
    is_one_work: bool = False
    surfaces: Sequence[SurfaceStretch] = ()
    ground_sigma_m: FloatArray | None = None

    @property
    def catalogue(self) -> Catalogue:
        """The definitions that are asked."""
        return self.book.catalogue

    @property
    def factor(self) -> float:
        """Factor k of: clear when gap - k sigma >= required."""
        return self.catalogue.limits.sigma_factor

    @cached_property
    def strict(self) -> tuple[Lines, Lines]:
        """Both sides with the largest heights where a level follows from a height."""
        return filled(self.lines, self.new, strict=True), filled(self.others, self.existing, strict=True)

    @cached_property
    def mild(self) -> tuple[Lines, Lines]:
        """Both sides with the smallest heights where a level follows from a height."""
        return filled(self.lines, self.new, strict=False), filled(self.others, self.existing, strict=False)

    @cached_property
    def strict_known(self) -> tuple[Lines, Lines]:
        """:attr:`strict` with unknown levels out of the way."""
        return only_known(self.strict[0]), only_known(self.strict[1])

    @cached_property
    def mild_known(self) -> tuple[Lines, Lines]:
        """:attr:`mild` with unknown levels out of the way."""
        return only_known(self.mild[0]), only_known(self.mild[1])

    @cached_property
    def kinds(self) -> tuple[IntArray, IntArray]:
        """A number for the kind of every run of both sides."""
        number: dict[str, int] = {}
        new, existing = (
            np.array([number.setdefault(one.kind, len(number)) for one in runs.conditions], dtype=np.int64)
            for runs in (self.new, self.existing)
        )
        return new[self.new.condition], existing[self.existing.condition]

    @cached_property
    def sides(self) -> dict[int, Any]:
        """What moving a new run to a side needs, by run, kept by :mod:`xzgis.conflicts.rules.moving`."""
        return {}

    def ground_sigma(self, a: int) -> float:
        """Standard deviation of the ground above new run ``a``."""
        return float(self.new.sigma_level_m[a] if self.ground_sigma_m is None else self.ground_sigma_m[a])

    def length_m(self, a: int) -> float:
        """Plan length of new run ``a``."""
        return float(self.lines.chain_m[self.lines.offset[a + 1] - 1])

    def points(self, a: int, first_m: float, last_m: float) -> tuple[tuple[float, float], ...]:
        """The axis of new run ``a`` between two chainages, storage CRS; one point where they are equal."""
        return part_of(self.lines, a, first_m, last_m, self.origin_m)


def filled(lines: Lines, runs: RunColumns, *, strict: bool) -> Lines:
    """``lines`` with a level that follows from the other and the height: the largest height when ``strict``."""
    height = np.repeat(runs.height_m[:, 1 if strict else 0], np.diff(lines.offset))
    crown = np.where(np.isnan(lines.crown_m), lines.bottom_m + height, lines.crown_m)
    bottom = np.where(np.isnan(lines.bottom_m), lines.crown_m - height, lines.bottom_m)
    return lines._replace(crown_m=crown, bottom_m=bottom)


def only_known(lines: Lines) -> Lines:
    """``lines`` with every unknown level out of the way, so that only what is known shares space."""
    return lines._replace(
        crown_m=np.where(np.isnan(lines.crown_m), -NOWHERE_M, lines.crown_m),
        bottom_m=np.where(np.isnan(lines.bottom_m), NOWHERE_M, lines.bottom_m),
    )


def only_unknown(lines: Lines) -> Lines:
    """``lines`` with every known level out of the way, so that only segments with a level not known meet anything."""
    is_known = ~np.isnan(lines.crown_m + lines.bottom_m)
    return lines._replace(
        crown_m=np.where(is_known, -NOWHERE_M, np.nan), bottom_m=np.where(is_known, NOWHERE_M, np.nan)
    )


def scene_of(
    new: RunColumns,
    existing: RunColumns,
    book: RuleBook,
    *,
    is_one_work: bool = False,
    surfaces: Sequence[SurfaceStretch] = (),
    ground_sigma_m: FloatArray | None = None,
) -> Scene:
    """Both sets near one origin on the metre grid, so that the arithmetic does not depend on the caller's origin."""
    origin = (0.0, 0.0)
    some = new if len(new.xy_m) else existing
    if len(some.xy_m):
        east, north = np.minimum.reduce(some.xy_m).tolist()
        origin = (
            math.floor((east + some.origin_m[0]) / METRE_GRID) * METRE_GRID,
            math.floor((north + some.origin_m[1]) / METRE_GRID) * METRE_GRID,
        )
    return Scene(
        new=new,
        existing=existing,
        lines=lines_of(new, origin_m=origin),
        others=lines_of(existing, origin_m=origin),
        origin_m=origin,
        book=book,
        is_one_work=is_one_work,
        surfaces=surfaces,
        ground_sigma_m=ground_sigma_m,
    )


def part_of(
    lines: Lines, run: int, first_m: float, last_m: float, origin_m: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    """The axis of ``run`` between two chainages with its vertices in between, rounded to 1 mm."""
    rows = slice(int(lines.offset[run]), int(lines.offset[run + 1]))
    # Plain lists: a run has few vertices, and a call into numpy costs more than all of them.
    chain: list[float] = lines.chain_m[rows].tolist()
    x: list[float] = lines.x_m[rows].tolist()
    y: list[float] = lines.y_m[rows].tolist()
    inner = range(bisect_right(chain, first_m), bisect_left(chain, last_m))
    points = [_place(chain, x, y, first_m, origin_m)]
    points += [(round(x[k] + origin_m[0], 3), round(y[k] + origin_m[1], 3)) for k in inner]
    points += [_place(chain, x, y, last_m, origin_m)] if last_m > first_m else []
    return tuple(p for k, p in enumerate(points) if k == 0 or p != points[k - 1])


def _place(
    chain: list[float], x: list[float], y: list[float], at_m: float, origin_m: tuple[float, float]
) -> tuple[float, float]:
    """The point at a chainage of an axis, rounded to 1 mm."""
    row = min(max(bisect_right(chain, at_m) - 1, 0), len(chain) - 2)
    length = chain[row + 1] - chain[row]
    share = (at_m - chain[row]) / length if length > 0.0 else 0.0
    east, north = x[row] + share * (x[row + 1] - x[row]), y[row] + share * (y[row + 1] - y[row])
    return round(east + origin_m[0], 3), round(north + origin_m[1], 3)


@dataclass(frozen=True, slots=True)
class Pair:
    """One pair of runs with what is asked of it in plan. Lengths in metres; ranges are mildest, strictest."""

    number: int
    a: int
    b: int
    asked: Asked
    requirement: Requirement
    half_m: Range
    sigma_m: float
    is_disused: bool
    search_m: float

    @property
    def mild_m(self) -> float:
        """Axis distance below which even the mildest reading is below what is asked."""
        return self.asked.range_m[0] + self.half_m[0]

    @property
    def strict_m(self) -> float:
        """Axis distance below which the strictest reading is below what is asked."""
        return self.strict_required_m + self.half_m[1]

    @property
    def strict_required_m(self) -> float:
        """The strictest figure, or how far the tables could ask where they do not say."""
        if self.asked.beyond:
            return max(self.asked.range_m[1], self.search_m)
        return self.asked.range_m[1]

    def reach_m(self, factor: float) -> float:
        """Axis distance from which the pair is clear for certain, also where an expert or a missing fact decides."""
        return self.strict_m + factor * self.sigma_m

    def gap_m(self, distance_m: float) -> Range:
        """Plan gap at an axis distance: with the largest and with the smallest sections."""
        return distance_m - self.half_m[1], distance_m - self.half_m[0]


def pair_of(scene: Scene, number: int, a: int, b: int) -> Pair:
    """What is asked in plan of new run ``a`` and existing run ``b``."""
    facts_a, facts_b = conditions_of(scene.new, a), conditions_of(scene.existing, b)
    requirement = scene.book.horizontal(facts_a, facts_b)
    width_a, width_b = _range(scene.new.width_m[a]), _range(scene.existing.width_m[b])
    asked = asked_of(requirement, (facts_a, facts_b), requirement.range_m(width_a, width_b))
    widest_m = max(width_a[1], width_b[1])
    return Pair(
        number=number,
        a=a,
        b=b,
        asked=asked,
        requirement=requirement,
        half_m=((width_a[0] + width_b[0]) / 2.0, (width_a[1] + width_b[1]) / 2.0),
        sigma_m=math.hypot(float(scene.new.sigma_plan_m[a]), float(scene.existing.sigma_plan_m[b])),
        is_disused=bool(scene.new.life[a] == DISUSED or scene.existing.life[b] == DISUSED),
        search_m=max(requirement.search_m, widest_m if requirement.is_any_kind else 0.0),
    )


def asked_of(requirement: Requirement, facts: Sequence[Conditions], range_m: Range) -> Asked:
    """``requirement`` as the verdict needs it."""
    known = all(fact.kind != UNKNOWN_KIND for fact in facts)
    return Asked(
        range_m=range_m, beyond=requirement.beyond, reached=bool(requirement.reached), kind_known=known
    )


def conditions_of(runs: RunColumns, run: int) -> Conditions:
    """The facts of one run that rules ask for."""
    return runs.conditions[int(runs.condition[run])]


def facts_of(scene: Scene, pair: Pair) -> tuple[Conditions, Conditions]:
    """The facts of both runs of a pair."""
    return conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b)


def _range(bounds: "np.typing.NDArray[np.float64]") -> Range:
    return float(bounds[0]), float(bounds[1])
