"""A drawn gas main over the real survey excerpt: the register and the bare files say the same."""

import numpy as np
import pytest

from tests.factories import NOW, a_batch, an_actor
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.check_files import check_against_files
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.actions.coverage import cover_batch
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.actions.records import register_frames, without_place
from xzgis.networks.actions.register import write_records
from xzgis.works.terms import Depth, NewRun, ProfilePoint, Section, WorkDocument

FILES = ("管点调查表_utf8bom.csv", "管线调查表_utf8bom.csv")
AXIS = ((517_780.0, 3_793_900.0), (517_870.0, 3_793_935.0), (517_990.0, 3_793_960.0))
PROFILE = tuple(ProfilePoint(chainage_m=at, level_m=level) for at, level in ((0.0, 12.0), (219.0, 11.6)))


@pytest.fixture
def files(shared_data):
    """The survey tables, in place."""
    return [shared_data / "cn_pipe_survey_excerpt" / name for name in FILES]


@pytest.fixture
def register(session, files):
    """The session over a register that holds the excerpt."""
    delivery = read_survey(files, catalogue=catalogue())
    batch = a_batch()
    session.add(batch)
    session.flush()
    nodes, runs = register_frames(
        delivery, without=(np.zeros(len(delivery.points), np.bool_), without_place(delivery))
    )
    write_records(session, batch_id=batch.id, nodes=nodes, runs=runs, now=NOW)
    reach_m = catalogue().limits.values["coverage_reach_m"]
    cover_batch(session, actor=an_actor(), batch_id=batch.id, reach_m=reach_m, now=NOW)
    return session


def a_main():
    """A medium-pressure gas main of 200 mm across the excerpt, on a profile of crown levels."""
    run = NewRun(
        kind="gas", axis=AXIS, section=Section(diameter_mm=200, is_outer=True), pressure_class="medium_A",
        burial="direct_buried", material="pe", depth=Depth(profile=PROFILE), ground_m=(13.0, 13.0, 13.0),
    )  # fmt: skip
    return WorkDocument(name="试验", runs=(run,), surface="carriageway")


def told(result):
    """What findings say, without the identities that register and files number differently."""
    return sorted(
        (
            one.measure.value, one.outcome.value, one.chainage_m, one.b.kind if one.b else "",
            one.b.label if one.b else "", one.gap_m is None, one.gap_m or 0.0, one.required_m or 0.0,
        )
        for one in result.findings
    )  # fmt: skip


def test_register_and_files_agree_on_every_finding(register, files):
    by_register = check_work(register, a_main(), catalogue=catalogue()).result
    by_files = check_against_files(a_main(), files, catalogue=catalogue()).result

    assert len(by_register.findings) > 20
    assert told(by_register) == told(by_files)
    assert by_register.counts == by_files.counts
    assert by_register.checked["pairs"] == by_files.checked["pairs"]


def test_the_main_that_lies_in_a_storm_sewer_is_found(register):
    result = check_work(register, a_main(), catalogue=catalogue()).result

    breaches = {
        one.b.label
        for one in result.findings
        if one.measure is Measure.HORIZONTAL and one.outcome is Outcome.BREACH
    }
    assert {"Y906-Y910", "J315-J319"} <= breaches
    assert result.checked["by_kind"].keys() >= {"power", "telecom", "water", "drainage_storm", "gas"}


def test_heat_was_surveyed_nowhere_in_the_excerpt(register):
    result = check_work(register, a_main(), catalogue=catalogue()).result

    (part,) = [part for part in result.not_covered if part.kind == "heat"]
    assert part.chainage_m == (0.0, pytest.approx(219.14, abs=0.01))
