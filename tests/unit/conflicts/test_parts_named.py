"""What the parts of one work are called where it has several of one kind and size."""

import pytest

from tests.runs import ORIGIN_M, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE
from xzgis.conflicts.rules.clear_figures import NOTHING
from xzgis.conflicts.rules.findings import clear_findings, findings_of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure
from xzgis.networks.terms import RunFacts


def named(parts, label="work.geojson"):
    new = columns(*parts, first_id=-1)
    found = findings_of(judge(new, no_runs(ORIGIN_M), CATALOGUE), new, no_runs(ORIGIN_M), {}, label=label)
    return {party.id: party.label for one in found for party in (one.a, one.b) if party is not None}


def shallow(*, north):
    return a_new_run([(0.0, north), (20.0, north)], WATER, width=0.2, height=0.2, crown=[39.9, 39.9])


@pytest.mark.parametrize(("label", "of_two"), [("work.geojson", "work.geojson #2"), ("", "")])
def test_runs_of_one_kind_are_told_apart_by_their_place_in_the_work(label, of_two):
    assert named([shallow(north=0.0), shallow(north=0.3)], label)["new:2"] == of_two


def test_the_only_run_is_called_as_the_work():
    assert named([shallow(north=0.0)]) == {"new:1": "work.geojson"}


def test_two_clear_crossings_of_one_pair_are_two_findings():
    """A line that goes over a main and comes back over it."""
    over = a_new_run([(0, -30), (20, 30), (40, -30)], WATER, width=0.2, height=0.2, crown=[29.9] * 3)
    new, existing = (
        columns(over, first_id=-1),
        columns(a_new_run([(-50, 0), (90, 0)], WATER, crown=28.0, id=7)),
    )
    judged = judge(new, existing, CATALOGUE)
    figures = [NOTHING for _ in judged.clear]
    facts = {7: RunFacts(7, "water", "J1", None, "built", None, None, WATER)}

    told = clear_findings(judged, new, existing, facts, figures, label="")

    assert [one.measure for one in told].count(Measure.VERTICAL) == 2
    assert len({one.id for one in told}) == len(told)
