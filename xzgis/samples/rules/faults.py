"""Injected violations: extra lines that break one rule each, in windows that are kept free for them."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from xzgis.catalogue.rules import conditions_hold, rule_kinds_of
from xzgis.catalogue.terms import Catalogue
from xzgis.samples.rules.attributes import line_facts, size_of
from xzgis.samples.rules.depths import facts_of
from xzgis.samples.rules.streets import Network, has_kind, place
from xzgis.samples.terms import EAST_WEST, MAINS, OFFSET_M, Band, IntArray, Layout, Line

RUNS_PER_FAULT_SET = 60_000
"""One more of every violation for so many runs."""
PARALLEL_M = (8.0, 22.0)
CROSSING_M = 15.0
GAS, GAS_SMALL = Line(160, "pe", "direct_buried", "medium_A"), Line(110, "pe", "direct_buried", "medium_A")
WATER, WATER_SMALL = Line(200, "ductile_iron", "direct_buried"), Line(110, "pe", "direct_buried")
WIDE = Line(500, "pvc", "conduit")
POWER = Line(110, "pvc", "conduit", voltage_kv=10)
STORM = Line(300, "concrete", "pipe_buried")
STREET_CLASS = 1
"""Violations lie in collectors: no heat main there."""


@dataclass(frozen=True)
class Fault:
    """One violation: what is laid where, what it breaks, and the figures a check must come to.

    ``along_m`` from the middle of the segment, ``across_m`` from the middle of the street; ``crown_m`` depth of
    the crown below ground, None for unknown. ``against`` is the kind of the main it meets, '' for none.
    """

    name: str
    measure: str
    outcome: str
    kind: str
    line: Line
    along_m: tuple[float, float]
    across_m: tuple[float, float]
    crown_m: float | None
    against: str
    gap_m: float | None
    required_m: float | None
    zh: str
    en: str
    also: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Street:
    """Depths and outer sizes of the mains of a collector, metres."""

    catalogue: Catalogue
    bands: Mapping[str, Band]

    def main(self, kind: str) -> Line:
        line = MAINS[kind][STREET_CLASS]
        assert line is not None
        return line

    def outer_m(self, kind: str, line: Line | None = None) -> float:
        return size_of(self.catalogue, kind, line or self.main(kind)).outer_mm / 1000

    def bottom_m(self, kind: str) -> float:
        """Depth of the bottom of the main itself, not of its band."""
        return self.bands[kind].crown_m + self.outer_m(kind)

    def beside(self, kind: str, line: Line, main: str, gap_m: float, side: int) -> float:
        """Across the street, so that ``line`` runs ``gap_m`` from the wall of the main."""
        return OFFSET_M[main] + side * (gap_m + (self.outer_m(kind, line) + self.outer_m(main)) / 2)

    def asked_m(self, table: str, kind: str, line: Line, main: str) -> float:
        """The strictest figure of a table for ``line`` and the main, all facts known."""
        return required_m(self.catalogue, table, (kind, line), (main, self.main(main)))


def required_m(catalogue: Catalogue, table: str, a: tuple[str, Line], b: tuple[str, Line]) -> float:
    """The strictest clearance a table asks between two lines whose facts are all known, metres."""
    sides = facts_of(*a), facts_of(*b)
    asked = [0.0]
    for rule in getattr(catalogue, table):
        for x, y in (sides, sides[::-1]):
            if (
                isinstance(rule.clearance_m, float)
                and rule.kind_a in rule_kinds_of(catalogue, x)
                and rule.kind_b in rule_kinds_of(catalogue, y)
                and conditions_hold(catalogue, rule.condition_a, x) is True
                and conditions_hold(catalogue, rule.condition_b, y) is True
            ):
                asked.append(rule.clearance_m)
    return max(asked)


def faults_of(catalogue: Catalogue, bands: Mapping[str, Band]) -> tuple[Fault, ...]:
    """Every violation once, with its figures."""
    street = _Street(catalogue, bands)
    return (
        *_horizontal(street),
        *_vertical(street),
        *_in_the_ground(street),
        *_order(street),
        *_unknown(street),
    )


def _parallel(
    street: _Street, kind: str, line: Line, main: str, gap_m: float, side: int, **rest: Any
) -> Fault:
    across = street.beside(kind, line, main, gap_m, side)
    if "required_m" not in rest:
        rest["required_m"] = street.asked_m("horizontal", kind, line, main)
    if "crown_m" not in rest:
        rest["crown_m"] = street.bands[kind].crown_m
    return Fault(
        kind=kind, line=line, against=main, along_m=PARALLEL_M, across_m=(across, across), gap_m=gap_m, **rest
    )


def _crossing(kind: str, line: Line, main: str, crown_m: float | None, **rest: Any) -> Fault:
    ends = rest.pop("ends_m", (-1.25, 1.75))
    across = (OFFSET_M[main] + ends[0], OFFSET_M[main] + ends[1])
    return Fault(
        kind=kind,
        line=line,
        against=main,
        along_m=(CROSSING_M, CROSSING_M),
        across_m=across,
        crown_m=crown_m,
        **rest,
    )


def _horizontal(s: _Street) -> list[Fault]:
    near = s.asked_m("horizontal", "gas", GAS, "telecom")
    return [
        _parallel(s, "gas", GAS, "telecom", 0.6, 1, name="gas too near telecom", measure="horizontal",
                  outcome="breach", zh="燃气管距通信管道过近", en="gas main too near a telecom duct"),
        _parallel(s, "water", WATER, "drainage_storm", 0.5, 1, name="water too near storm sewer",
                  measure="horizontal", outcome="breach", zh="给水管距雨水管过近", en="water main too near a storm sewer"),
        _parallel(s, "gas", GAS, "telecom", near + 0.05, 1, name="gas beside telecom, survey too poor",
                  measure="horizontal", outcome="within_tolerance", facts={"accuracy_class": "hidden_point"},
                  zh="净距勉强满足但探测精度不足", en="enough on paper, but the survey is not good enough to tell"),
    ]  # fmt: skip


def _vertical(s: _Street) -> list[Fault]:
    over_storm = s.bands["drainage_storm"].crown_m - 0.12 - s.outer_m("water", WATER_SMALL)
    return [
        _crossing("water", WATER_SMALL, "telecom", s.bottom_m("telecom") + 0.03, name="water just below telecom",
                  measure="vertical", outcome="breach", gap_m=0.03,
                  required_m=s.asked_m("vertical", "water", WATER_SMALL, "telecom"),
                  zh="给水管与通信管道垂直净距不足", en="water pipe crosses just below a telecom duct"),
        _crossing("water", WATER_SMALL, "drainage_storm", over_storm, name="water just above storm sewer",
                  measure="vertical", outcome="breach", gap_m=0.12,
                  required_m=s.asked_m("vertical", "water", WATER_SMALL, "drainage_storm"),
                  zh="给水管与雨水管垂直净距不足", en="water pipe crosses just above a storm sewer"),
    ]  # fmt: skip


def _in_the_ground(s: _Street) -> list[Fault]:
    cover = {(rule.kind, rule.condition, rule.surface): rule.cover_m for rule in s.catalogue.cover}
    within = s.bands["telecom"].crown_m + (s.outer_m("telecom") - s.outer_m("water", WATER)) / 2
    return [
        Fault(name="gas too shallow below the footway", measure="cover", outcome="breach", kind="gas", line=GAS_SMALL,
              along_m=PARALLEL_M, across_m=(18.6, 18.6), crown_m=0.30, against="", gap_m=0.30,
              required_m=cover["gas", "", "non_motor_or_footway"], zh="人行道下燃气管覆土过浅",
              en="gas pipe with too little cover below the footway"),
        Fault(name="water too shallow below the carriageway", measure="cover", outcome="breach", kind="water",
              line=WATER_SMALL, along_m=PARALLEL_M, across_m=(0.0, 0.0), crown_m=0.40, against="", gap_m=0.40,
              required_m=cover["water", "material=PE", "carriageway"], zh="车行道下给水管覆土过浅",
              en="water pipe with too little cover below the carriageway"),
        _parallel(s, "telecom", WIDE, "power", -(s.outer_m("telecom", WIDE) + s.outer_m("power")) / 2, 1, crown_m=1.0,
                  name="telecom laid over power", measure="stacked",
                  outcome="breach", also=("horizontal",), required_m=0.0, zh="通信管道沿电力管道上方敷设",
                  en="telecom duct laid along the top of a power duct"),
        _crossing("water", WATER, "telecom", within, name="water through telecom", measure="collision",
                  outcome="breach", gap_m=-s.outer_m("telecom"),
                  required_m=0.0, also=("vertical", "order"), zh="给水管穿入通信管道", en="water pipe through a telecom duct"),
    ]  # fmt: skip


def _order(s: _Street) -> list[Fault]:
    high = s.bands["water"].crown_m - s.outer_m("drainage_storm", STORM) - 0.75
    over = s.bands["telecom"].crown_m - s.outer_m("gas", GAS_SMALL) - 0.33
    return [
        _crossing("drainage_storm", STORM, "water", high, name="storm sewer over water main", measure="order",
                  outcome="breach", gap_m=0.75, required_m=0.0, ends_m=(-1.2, 1.8), zh="雨水管在给水管之上交叉（应）",
                  en="storm sewer crosses above a water main (must)"),
        _crossing("gas", GAS_SMALL, "telecom", over, name="gas over telecom", measure="order", outcome="breach",
                  gap_m=0.33, required_m=0.0, zh="燃气管在通信管道之上交叉（宜）", en="gas pipe crosses above telecom (should)"),
    ]  # fmt: skip


def _unknown(s: _Street) -> list[Fault]:
    return [
        _crossing("power", POWER, "telecom", None, name="power of unknown depth across telecom",
                  measure="vertical", outcome="cannot_judge", gap_m=None, also=("order", "collision", "cover"),
                  required_m=s.asked_m("vertical", "power", POWER, "telecom"),
                  zh="埋深不明的电力管道穿越通信管道", en="power duct of unknown depth across telecom"),
        _parallel(s, "gas", replace(GAS, pressure_class=None), "drainage_storm", 1.6, 1,
                  name="gas of unknown pressure beside storm sewer", measure="horizontal", outcome="cannot_judge",
                  required_m=2.0, zh="压力级制不明的燃气管邻近雨水管", en="gas of unknown pressure beside a storm sewer"),
        _parallel(s, "industrial", Line(110, "steel", "direct_buried"), "telecom", 1.2, 1, crown_m=3.0,
                  name="industrial pipe beside telecom", measure="horizontal", outcome="refer", required_m=None,
                  zh="工业管道邻近通信管道，表中无规定", en="industrial pipe beside telecom: the tables do not reach"),
    ]  # fmt: skip


def reserved_segments(layout: Layout, segments: pd.DataFrame, *, segments_asked: int, count: int) -> IntArray:
    """Segments for the violations, chosen by seed: collectors with every main they need, away from the edge."""
    fit = (segments["street_class"] == STREET_CLASS).to_numpy(copy=True)
    fit &= ~((segments["direction"] == EAST_WEST) & (segments["j"] == 0)).to_numpy()
    for kind in ("telecom", "power", "gas", "water", "drainage_storm", "drainage_foul"):
        fit &= has_kind(kind, segments)
    sets = max(1, math.ceil(segments_asked / RUNS_PER_FAULT_SET))
    free = np.flatnonzero(fit)
    random = np.random.default_rng([layout.seed, 6])
    return np.sort(random.permutation(free)[: sets * count])


def inject(
    catalogue: Catalogue,
    network: Network,
    layout: Layout,
    reserved: IntArray,
    faults: Sequence[Fault],
    runs: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, list[dict[str, Any]]]:
    """Extra nodes and runs, and what a check must find, one violation in each reserved segment.

    ``runs`` are those of the network with their ``label``. Levels are relative to the ground beside them.
    """
    random = np.random.default_rng([layout.seed, 7])
    order = random.permutation(len(reserved))
    nodes: list[dict[str, Any]] = []
    made: list[dict[str, Any]] = []
    expected: list[dict[str, Any]] = []
    for number, position in enumerate(order):
        fault, segment = faults[number % len(faults)], int(reserved[position])
        middle = float(network.segments["length_m"].iloc[segment]) / 2
        along = np.array(fault.along_m) + middle
        east, north = place(network.segments, np.full(2, segment), along, np.array(fault.across_m))
        label = f"虚构{number + 1:04d}"
        first = len(nodes)
        nodes += [
            {"east_m": east[n], "north_m": north[n], "kind": fault.kind, "role": "end", "segment": segment}
            for n in (0, 1)
        ]
        made.append(
            {
                "from_node": first,
                "to_node": first + 1,
                "kind": fault.kind,
                "segment": segment,
                "label": label,
                "is_lateral": False,
                "fault_crown_m": fault.crown_m,
                **line_facts(catalogue, fault.kind, fault.line),
                "accuracy_class": "as_built",
                **fault.facts,
            }
        )
        other = _met(runs, segment, fault.against, float(along.mean())) if fault.against else None
        expected.append({
            "id": label, "name": fault.name, "measure": fault.measure, "also": list(fault.also),
            "outcome": fault.outcome, "a": label, "a_kind": fault.kind, "b": other, "b_kind": fault.against or None,
            "gap_m": None if fault.gap_m is None else round(fault.gap_m, 3),
            "required_m": fault.required_m, "east_m": round(float(east.mean()), 2),
            "north_m": round(float(north.mean()), 2), "zh": fault.zh, "en": fault.en})  # fmt: skip
    return pd.DataFrame(nodes), pd.DataFrame(made), expected


def _met(runs: pd.DataFrame, segment: int, kind: str, along_m: float) -> str:
    """Label of the main of ``kind`` at a place along a segment."""
    found = runs[
        (runs["segment"] == segment)
        & (runs["kind"] == kind)
        & ~runs["is_lateral"]
        & (runs["from_along_m"] <= along_m)
        & (runs["to_along_m"] >= along_m)
    ]
    return str(found["label"].iloc[0])
