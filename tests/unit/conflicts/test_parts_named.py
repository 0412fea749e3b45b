"""What the parts of one work are called where it has several of one kind and size."""

import pytest

from tests.runs import ORIGIN_M, WATER, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE
from xzgis.conflicts.rules.findings import findings_of
from xzgis.conflicts.rules.judge import judge


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
