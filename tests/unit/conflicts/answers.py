"""Made-up answers of a check, for tests of reports."""

from xzgis.conflicts.reports.drawing import Drawing
from xzgis.conflicts.terms import AskedRule, CheckResult, Finding, Measure, NotCovered, Outcome, Party
from xzgis.core.words import Words

EAST_M, NORTH_M = 517_000.0, 3_793_000.0
KINDS = {"gas": Words("燃气", "gas"), "power": Words("电力", "power"), "water": Words("给水", "water")}


def a_finding(**facts):
    """A breach of a gas main beside a power line."""
    given = {
        "id": "a1b2",
        "outcome": Outcome.BREACH,
        "measure": Measure.HORIZONTAL,
        "a": Party("new:1", "gas", None, "new", label="主干管"),
        "b": Party("17", "power", "供电公司", "built", label="L1-L2"),
        "chainage_m": (12.0, 18.5),
        "geometry": {"type": "LineString", "coordinates": [[EAST_M + 12, NORTH_M], [EAST_M + 18.5, NORTH_M]]},
        "angle_deg": None,
        "gap_m": 0.31,
        "gap_range_m": (0.31, 0.31),
        "required_m": 0.5,
        "required_range_m": (0.5, 0.5),
        "shortfall_m": 0.19,
        "sigma_m": 0.11,
        "probability": 0.96,
        "rules": (AskedRule("H1", "GB 50289-2016", "4.1.9", 0.5, "verified", decides=True),),
        "missing": (),
        "gives_way": {"who": "a", "why": "新建让现有"},
        "mend": {"move_m": 0.19, "side": "left"},
        "words": Words("燃气与电力：水平净距不满足", "gas and power: too close"),
    }
    return Finding(**(given | facts))


def an_answer(*findings, not_covered=(), counts=None, **checked):
    """An answer with these findings; one pair compared."""
    counted = dict.fromkeys((outcome.value for outcome in Outcome), 0)
    for finding in findings:
        counted[finding.outcome.value] += 1
    return CheckResult(
        versions={"rules": "r1", "data": "d1", "program": "0.1.0", "terrain": "none"},
        counts=counts or counted,
        findings=findings,
        not_covered=tuple(not_covered),
        checked={"pairs": 1, "by_kind": {}, "left_out": {}, **checked},
    )


def nobody_looked(kind="water"):
    """A part of the work that nobody surveyed for a kind."""
    return NotCovered(kind=kind, run="new:1", chainage_m=(40.0, 55.0))


def a_drawing():
    """The gas main and the power line of :func:`a_finding`."""

    def line(kind, run, state, *points):
        return {
            "type": "Feature",
            "geometry": {"type": "LineString", "coordinates": [list(point) for point in points]},
            "properties": {"kind": kind, "run": run, "state": state},
        }

    return Drawing(
        origin_m=(EAST_M, NORTH_M),
        new=(line("gas", "new:1", "new", (0, 0), (100, 0)),),
        existing=(line("power", "17", "built", (0, 1), (100, 0.4)),),
    )
