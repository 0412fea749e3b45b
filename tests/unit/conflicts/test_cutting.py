"""Cutting a run, changing places and turning round: the same outcomes, and those of an oracle that shares no code."""

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import pytest

from tests.runs import GAS, ORIGIN_M, SEWER, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, check
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Judgement, Measure, Outcome
from xzgis.networks.terms import Conditions

POWER, TELECOM, RECLAIMED = (
    Conditions("power"),
    Conditions("telecom"),
    Conditions("reclaimed", nominal_mm=300.0),
)
# GB 50289-2016 table 4.1.9: what all readings ask. The burial of the cables is not known.
ASKED_M = {
    (GAS, SEWER): (1.2, 1.2), (GAS, POWER): (1.0, 1.5), (GAS, TELECOM): (0.5, 1.0), (WATER, SEWER): (1.5, 1.5),
    (WATER, POWER): (0.5, 1.5), (WATER, TELECOM): (1.0, 1.0), (SEWER, RECLAIMED): (0.5, 0.5), (SEWER, POWER): (0.5, 1.5),
}  # fmt: skip
# Table 4.1.1 and CJJ for gas, over every dry surface: nobody says which lies above.
COVER_M = {GAS: (0.3, 0.9), WATER: (0.6, 1.0), SEWER: (0.6, 0.7)}
GROUND_M, FACTOR, CASES = 30.0, 2.0, 40
PLAN = (Measure.HORIZONTAL, Measure.STACKED, Measure.COLLISION, Measure.VERTICAL, Measure.ORDER)
WORST = (Outcome.BREACH, Outcome.CANNOT_JUDGE, Outcome.REFER, Outcome.WITHIN_TOLERANCE, Outcome.CLEAR)


def worst(outcomes) -> Outcome:
    return min(outcomes, key=WORST.index, default=Outcome.CLEAR)


def told(judgement: Judgement, measures=(*PLAN, Measure.COVER)) -> dict[Measure, Outcome]:
    """The worst outcome of each measure between the new line and the other."""
    return {
        measure: worst(v.outcome for v in judgement.verdicts if v.measure is measure and not v.b_is_new)
        for measure in measures
    }


def an_axis(rng: np.random.Generator) -> np.ndarray:
    way, place = rng.uniform(0.0, 2.0 * np.pi), rng.uniform(-8.0, 8.0, 2)
    points = [place]
    for _ in range(rng.integers(1, 5)):
        way += rng.normal(0.0, 0.8)
        place = place + rng.choice([0.3, 1.5, 6.0, 15.0]) * np.array([np.cos(way), np.sin(way)])
        points.append(place)
    return np.array(points)


def a_case_run(rng: np.random.Generator, facts: Conditions) -> dict[str, Any]:
    """A run of bends and slopes; now and then a level, every level or the width is not known."""
    axis = an_axis(rng)
    crown = 29.0 + rng.uniform(-1.0, 1.0) + rng.normal(0.0, 0.2, len(axis)).cumsum()
    if rng.random() < 0.15:
        crown[rng.integers(len(crown))] = np.nan
    if rng.random() < 0.1:
        crown[:] = np.nan
    width, height = float(rng.choice([0.1, 0.5, 1.5, 3.0])), float(rng.choice([0.1, 0.5, 1.5]))
    return a_new_run(axis, facts, width=(0.3 * width, width) if rng.random() < 0.2 else width, height=height,
                     crown=list(crown), ground=GROUND_M, sigma=float(rng.choice([0.0, 0.05, 0.3])),
                     sigma_level=float(rng.choice([0.0, 0.05, 0.2])))  # fmt: skip


def chainages(axis) -> np.ndarray:
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(np.asarray(axis), axis=0).T))))


def cut(rng: np.random.Generator, run: dict[str, Any], first_node: int) -> list[dict[str, Any]]:
    """The run in two to four runs joined at nodes, cut at vertices or between them."""
    axis, crown, chain = np.asarray(run["axis"]), np.asarray(run["crown"]), chainages(run["axis"])
    shares = rng.uniform(0.02, 0.98, rng.integers(1, 4)) * chain[-1]
    at_vertex = (rng.random(len(shares)) < 0.3) & (len(chain) > 2)
    places = np.where(at_vertex, rng.choice(chain[1:-1] if len(chain) > 2 else chain, len(shares)), shares)
    ends = np.unique(np.concatenate(([0.0], places, [chain[-1]])))
    parts = []
    for number, (low, high) in enumerate(itertools.pairwise(ends)):
        at = np.concatenate(([low], chain[(chain > low) & (chain < high)], [high]))
        xy = np.column_stack([np.interp(at, chain, axis[:, 0]), np.interp(at, chain, axis[:, 1])])
        # A vertex that is not known says nothing of a vertex that is.
        levels = [
            crown[np.flatnonzero(chain == s)[0]] if s in chain else np.interp(s, chain, crown) for s in at
        ]
        parts.append(
            run | {"axis": xy, "crown": levels, "nodes": (first_node + number, first_node + number + 1)}
        )
    return parts


def turned(run: dict[str, Any]) -> dict[str, Any]:
    return run | {"axis": np.asarray(run["axis"])[::-1], "crown": run["crown"][::-1]}


@dataclass(frozen=True)
class Oracle:
    """What the definitions ask, by small steps along both axes; an empty answer where steps are too coarse to say."""

    a: dict[str, Any]
    b: dict[str, Any]

    def _walked(self, run, steps: int = 400) -> np.ndarray:
        """East, north and crown in small steps, NaN between a known level and an unknown one."""
        axis, chain = np.asarray(run["axis"]), chainages(run["axis"])
        at = np.union1d(np.linspace(0.0, chain[-1], steps), chain)
        return np.column_stack([np.interp(at, chain, each) for each in (*axis.T, np.asarray(run["crown"]))])

    def _sizes(self) -> tuple[np.ndarray, float, float]:
        """Smallest and largest sum of half widths; tolerance in plan and in level."""
        half = (
            sum(np.broadcast_to(np.asarray(run["width"], dtype=float), (2,)) for run in (self.a, self.b))
            / 2.0
        )
        plan, level = (FACTOR * np.hypot(self.a[name], self.b[name]) for name in ("sigma", "sigma_level"))
        return half, plan, level

    def cover(self) -> set[Outcome]:
        """Piecewise linear between vertices: every cover between the two of a segment is met."""
        (low, high), spread = COVER_M[self.a["facts"]], FACTOR * self.a["sigma_level"]
        bounds = sorted({low - spread, low + spread, high - spread, high + spread})
        found = []
        for pair in zip(
            GROUND_M - np.array(self.a["crown"])[:-1], GROUND_M - np.array(self.a["crown"])[1:], strict=True
        ):
            if np.isnan(pair).any():
                found.append(Outcome.CANNOT_JUDGE)
                continue
            corners = [min(pair), *(bound for bound in bounds if min(pair) < bound < max(pair)), max(pair)]
            middles = [(one + other) / 2.0 for one, other in itertools.pairwise(corners)]
            found += [read(one, one, (low, high), spread) for one in middles]
        return {worst(found)}

    def horizontal(self) -> set[Outcome]:
        """From the least distance, exact for axes that do not meet."""
        apart = least_apart(np.asarray(self.a["axis"]), np.asarray(self.b["axis"]))
        if apart is None:
            return set()
        half, spread, _ = self._sizes()
        asked = ASKED_M[self.a["facts"], self.b["facts"]]
        return {read(apart - half[1] + by, apart - half[0] + by, asked, spread) for by in (-2e-6, 2e-6)}

    def collision(self) -> set[Outcome]:
        """The outcomes that steps of some centimetres do not rule out."""
        a, b = self._walked(self.a), self._walked(self.b)
        half, plan, level = self._sizes()
        step = max(np.hypot(*np.diff(each[:, :2], axis=0).T).max() for each in (a, b))
        slopes = [np.nan_to_num(np.abs(np.diff(each[:, 2]))).max() for each in (a, b)]
        near, tall = 2.0 * step, 2.0 * max(slopes)
        apart = np.hypot(a[:, None, 0] - b[None, :, 0], a[:, None, 1] - b[None, :, 1])
        gap = np.maximum(
            a[:, None, 2] - self.a["height"] - b[None, :, 2], b[None, :, 2] - self.b["height"] - a[:, None, 2]
        )
        possible = set(WORST) - {Outcome.REFER}
        if ((apart < half[0] - plan - near) & (gap < -level - tall)).any():
            return {Outcome.BREACH}
        if not ((apart < half[0] - plan + near) & (gap < -level + tall)).any():
            possible -= {Outcome.BREACH}
        if (apart < half[1] + plan - near)[np.isnan(gap) | (gap < level - tall)].any():
            possible -= {Outcome.CLEAR}
        if not (apart < half[1] + plan + near)[np.isnan(gap) | (gap < level + tall)].any():
            possible = {Outcome.CLEAR}
        return possible


def read(strict_m: float, mild_m: float, asked_m: tuple[float, float], spread_m: float) -> Outcome:
    """One gap, in the strictest and the mildest reading, against the strictest and the mildest figure."""
    if mild_m + spread_m < asked_m[0]:
        return Outcome.BREACH
    if strict_m - spread_m >= asked_m[1]:
        return Outcome.CLEAR
    return Outcome.WITHIN_TOLERANCE if strict_m + spread_m >= asked_m[1] else Outcome.CANNOT_JUDGE


def least_apart(a: np.ndarray, b: np.ndarray) -> float | None:
    """Least distance of two axes; None when they meet."""
    found = []
    for one, other in ((a, b), (b, a)):
        for p, q in itertools.pairwise(other):
            share = np.clip(((one - p) @ (q - p)) / ((q - p) @ (q - p)), 0.0, 1.0)
            found.append(np.hypot(*(one - p - share[:, None] * (q - p)).T).min())
    for p, q in itertools.pairwise(a):
        for r, s in itertools.pairwise(b):
            u, v, w = q - p, s - r, r - p
            cross = u[0] * v[1] - u[1] * v[0]
            if cross != 0.0:
                on_a, on_b = (w[0] * v[1] - w[1] * v[0]) / cross, (w[0] * u[1] - w[1] * u[0]) / cross
                if -1e-9 <= on_a <= 1 + 1e-9 and -1e-9 <= on_b <= 1 + 1e-9:
                    return None
    return min(found)


@pytest.mark.parametrize("seed", range(8))
def test_cutting_swapping_and_turning_change_no_outcome(seed):
    rng = np.random.default_rng(seed)
    for _ in range(CASES):
        facts = list(ASKED_M)[rng.integers(len(ASKED_M))]
        a, b = (a_case_run(rng, each) for each in facts)
        oracle = Oracle(a, b)

        whole = told(check(a, b))

        for measure, allowed in ((Measure.HORIZONTAL, oracle.horizontal()), (Measure.COVER, oracle.cover()),
                                 (Measure.COLLISION, oracle.collision())):  # fmt: skip
            assert not allowed or whole[measure] in allowed, (measure, a, b)
        others = {
            "new run cut": judge(columns(*cut(rng, a, 100), first_id=-1), columns(b), CATALOGUE),
            "other run cut": judge(columns(a, first_id=-1), columns(*cut(rng, b, 200)), CATALOGUE),
            "both turned": check(turned(a), turned(b)),
        }
        for name, judgement in others.items():
            assert told(judgement) == whole, (name, a, b)
        changed = told(check(b, a), PLAN)
        assert changed == {measure: whole[measure] for measure in PLAN}, (a, b)


def told_of_one_work(*lines: list[dict[str, Any]]) -> dict[Measure, Outcome]:
    """The worst outcome of each measure between two lines of one new work, each in one run or in several."""
    runs = [run for line in lines for run in line]
    line_of = [number for number, line in enumerate(lines) for _ in line]
    found = judge(columns(*runs, first_id=-1), no_runs(ORIGIN_M), CATALOGUE)
    return {
        measure: worst(
            v.outcome for v in found.verdicts
            if v.measure is measure and v.b is not None and line_of[v.a] != line_of[v.b]
        )
        for measure in PLAN
    }  # fmt: skip


@pytest.mark.parametrize("at_m", [29.6, 30.0, 30.4])
@pytest.mark.parametrize("lean_m", [-3.0, 0.0, 3.0])
def test_a_crossing_inside_one_work_explains_over_the_joints_of_a_cut_line(at_m, lean_m):
    gas = a_new_run([(0, 0), (60, 0)], GAS, crown=30.0 - 1.0)
    sewer = a_new_run([(30, -20), (30 + lean_m, 20)], SEWER, width=0.7, crown=27.5)
    parts = [gas | {"axis": axis} for axis in ([(0, 0), (at_m, 0)], [(at_m, 0), (60, 0)])]

    for one, other in ((parts, [sewer]), ([sewer], parts)):
        assert set(told_of_one_work(one, other).values()) == {Outcome.CLEAR}


@pytest.mark.parametrize("seed", range(4))
def test_cutting_a_line_of_one_work_changes_no_outcome(seed):
    rng = np.random.default_rng(seed)
    for _ in range(CASES // 4):
        facts = list(ASKED_M)[rng.integers(len(ASKED_M))]
        a, b = (a_case_run(rng, each) for each in facts)
        of_two = told(check(a, b), PLAN)

        assert told_of_one_work([a], [b]) == of_two, (a, b)
        assert told_of_one_work(cut(rng, a, 100), [b]) == of_two, (a, b)
        assert told_of_one_work(cut(rng, a, 100), cut(rng, b, 200)) == of_two, (a, b)
