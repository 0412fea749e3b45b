"""Makers for verdicts: a work judged against lines beside and across it."""

from typing import Any

from tests.runs import ORIGIN_M, WATER, a_new_run, columns, no_runs
from xzgis.catalogue.files import load
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Judgement, Measure, Verdict
from xzgis.core.settings import ROOT
from xzgis.networks.terms import Conditions

CATALOGUE = load(ROOT / "layers")
EAST = [(0, 0), (60, 0)]


def check(new: dict[str, Any], *others: dict[str, Any], **more: Any) -> Judgement:
    """The verdicts on ``new``, a maker's run, beside ``others``."""
    existing = columns(*others) if others else no_runs(ORIGIN_M)
    return judge(columns(new, first_id=-1), existing, CATALOGUE, **more)


def of(judgement: Judgement, measure: Measure) -> list[Verdict]:
    """The verdicts of one measure."""
    return [verdict for verdict in judgement.verdicts if verdict.measure is measure]


def beside(distance_m: float, facts: Conditions = WATER, **more: Any) -> dict[str, Any]:
    """A line along :data:`EAST`, 20 m longer at both ends, at a distance to its north."""
    return a_new_run([(-20, distance_m), (80, distance_m)], facts, **more)


def across(at_m: float, facts: Conditions = WATER, **more: Any) -> dict[str, Any]:
    """A line across :data:`EAST` at a chainage."""
    return a_new_run([(at_m, -20), (at_m, 20)], facts, **more)
