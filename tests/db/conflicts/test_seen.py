"""A check for who may not see every line: the verdict stays, the line does not show."""

import json
from dataclasses import replace

import numpy as np
import pytest
from shapely import LineString, MultiPolygon, box
from sqlalchemy import select

from tests.db.conflicts.test_check import a_work, everywhere
from tests.factories import EAST_M, NORTH_M, NOW, a_coverage, a_line, a_node, a_run
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.seen import check_for
from xzgis.conflicts.queries.ground import grounds_of
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import document, verdict
from xzgis.conflicts.reports.formats import FORMATS, rendered
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.core.actor import Actor
from xzgis.core.db import stored, transaction
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.models import SecretRecord
from xzgis.works.terms import Excavation, WorkDocument

STEP_M = 20.0
EXACT, CORRIDOR = DataRight("exact"), DataRight("corridor")
WATER = replace(EXACT, kinds=frozenset({"water"}))


def looking(*rights: DataRight) -> Actor:
    return Actor(name="looker", via="page", sight=Sight(rights, STEP_M))


@pytest.fixture
def secret(session):
    """A power cable beside the work, much too near, and marked as secret."""
    cable = a_run("power", axis=a_line(y_m=0.31, x_m=33.0, length_m=21.0), label="MARK-LABEL", owner="MARK-OWNER",
                  voltage_kv=10.0)  # fmt: skip
    session.add_all([cable, a_run("water", axis=a_line(y_m=0.5), label="SW1-SW2", owner="样例水务")])
    everywhere(session)
    session.add(SecretRecord(object_id=cable.object_id, grade=1, reason="试验", since=NOW))
    session.flush()
    return cable


def told(actor, *, with_clear=False):
    with transaction(actor) as session:
        return check_for(session, actor, a_work(), catalogue=catalogue(), with_clear=with_clear)


def true_one(session, *, with_clear=False):
    return check_work(session, a_work(), catalogue=catalogue(), with_clear=with_clear)


def test_who_sees_everything_is_told_what_the_check_says(session, secret):
    everything = Actor(name="root", via="command")

    assert document(told(everything).result) == document(true_one(session).result)


def test_who_sees_every_line_around_is_told_the_same(session, secret):
    cleared = looking(replace(EXACT, secrecy=1))

    for with_clear in (False, True):
        expected = document(true_one(session, with_clear=with_clear).result)
        assert document(told(cleared, with_clear=with_clear).result) == expected


@pytest.mark.parametrize("rights", [(), (EXACT,), (WATER,), (WATER, CORRIDOR), (CORRIDOR,)])
def test_nothing_turns_clear(session, secret, rights):
    true, masked = true_one(session).result, told(looking(*rights)).result

    assert verdict(masked) == verdict(true) == "findings"
    for outcome in Outcome:
        if outcome is not Outcome.CLEAR:
            assert masked.counts.get(outcome.value, 0) == true.counts.get(outcome.value, 0)
    assert [one.outcome for one in masked.findings] == [one.outcome for one in true.findings]
    assert {one.id for one in masked.findings if one.b and one.b.state == "withheld"}.isdisjoint(
        one.id for one in true.findings
    )


def test_a_hidden_line_is_nothing_but_its_verdict_and_whom_to_ask(secret):
    hidden = [one for one in told(looking(EXACT)).result.findings if one.b and one.b.state == "withheld"]

    assert any(one.outcome is Outcome.BREACH for one in hidden)
    for one in hidden:
        assert (one.b.id, one.b.kind, one.b.owner, one.b.label, one.b.batch) == (
            "withheld",
            "unknown",
            None,
            "",
            None,
        )
        assert one.measure is Measure.WITHHELD
        assert (
            one.gap_m
            is one.gap_range_m
            is one.required_m
            is one.angle_deg
            is one.mend
            is one.gives_way
            is None
        )
        assert one.rules == one.missing == one.duties == ()
        assert "权属单位" in one.words.zh
        assert [value % STEP_M for value in one.geometry["coordinates"]] == [STEP_M / 2] * 2
        assert one.chainage_m[1] - one.chainage_m[0] >= STEP_M
        assert [value % STEP_M for value in one.chainage_m] == [0.0, 0.0]


def test_a_corridor_tells_its_kind_and_measure(secret):
    secret_too = replace(CORRIDOR, secrecy=1)
    shown = [
        one for one in told(looking(WATER, secret_too)).result.findings if one.b and one.b.state == "withheld"
    ]

    assert {one.b.kind for one in shown} == {"power"}
    assert Measure.WITHHELD not in {one.measure for one in shown}
    assert {one.gap_m for one in shown} == {None}


@pytest.fixture
def clear_secret(session):
    """A water main in reach of the work but far enough, marked as secret; a disused and a live one are not."""
    main = a_run("water", axis=a_line(y_m=-0.87), label="MARK-LABEL")
    session.add(a_run("water", axis=a_line(y_m=0.86), label="SW3-SW4", life_state="disused"))
    session.add_all([main, a_run("water", axis=a_line(y_m=0.5), label="SW1-SW2")])
    everywhere(session)
    session.add(SecretRecord(object_id=main.object_id, grade=1, reason="试验", since=NOW))
    session.flush()
    return main


@pytest.mark.parametrize("with_clear", [True, False])
def test_clear_pairs_with_hidden_lines_are_neither_named_nor_counted(session, clear_secret, with_clear):
    """The answer is word for word the one of a register without the hidden line, but for the duties of digging."""
    true = true_one(session, with_clear=True).result
    hidden = [one for one in true.findings if one.b is not None and one.b.id == str(clear_secret.object_id)]
    clear = [one for one in hidden if not one.advisory]
    masked = document(told(looking(EXACT), with_clear=with_clear).result)
    clear_secret.known_to = NOW.replace(year=2027)
    session.flush()
    without = document(true_one(session, with_clear=with_clear).result)

    assert {one.outcome for one in clear} == {Outcome.CLEAR}
    assert masked["counts"] == without["counts"]
    assert masked["counts"]["clear"] == true.counts["clear"] - len(clear)
    assert masked["verdict"] == without["verdict"]
    for of_it in ("pairs", "by_kind", "left_out", "clear_by_unverified_figures"):
        assert masked["checked"][of_it] == without["checked"][of_it], of_it
    assert masked["checked"]["left_out"] == {"disused": 1}
    assert masked["checked"]["withheld"]["findings"] == len(hidden) - len(clear)
    shown = [one["id"] for one in masked["findings"] if (one["b"] or {}).get("state") != "withheld"]
    assert shown == [one["id"] for one in without["findings"]]


def test_a_line_without_some_attributes_is_withheld(secret):
    without_depth = DataRight(
        "exact", secrecy=1, attributes=frozenset({"size", "owner", "pressure", "other"})
    )

    checked = told(looking(without_depth))

    assert len(checked.existing.run_id) == 0
    assert all(one.gap_m is None for one in checked.result.findings if one.b is not None)


@pytest.mark.parametrize("name", sorted(FORMATS))
@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_format_tells_of_a_hidden_line(secret, name, language):
    checked = told(looking(EXACT), with_clear=True)

    content = rendered(checked, name, catalogue=catalogue(), title="试验", language=language)

    if name == "xlsx":
        content = all_cells(content)
    text = content.decode("utf-8-sig")
    for mark in (
        "MARK-LABEL",
        "MARK-OWNER",
        "517033",
        "517054",
        "3793000.31",
        f'"{secret.object_id}"',
        "0.31",
    ):
        assert mark not in text
    if name == "json":
        assert json.loads(text)["checked"]["withheld"]["step_m"] == STEP_M


def all_cells(content: bytes) -> bytes:
    from io import BytesIO

    from openpyxl import load_workbook

    book = load_workbook(BytesIO(content))
    return "\n".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    ).encode()


def test_a_check_that_kept_something_back_is_in_the_trail_with_its_place(session, secret):
    told(looking(EXACT))

    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.check.masked")).one()
    assert entry.place is not None


def test_a_check_that_kept_nothing_back_writes_nothing(session, secret):
    told(looking(replace(EXACT, secrecy=3)))

    assert session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.check.masked")).all() == []


def with_secret_survey(session):
    """A secret cable across the work, and the only survey for power: made round that cable and as secret."""
    axis = LineString([(EAST_M + 47.3, NORTH_M - 80), (EAST_M + 47.3, NORTH_M + 80)])
    cable = a_run("power", axis=axis, voltage_kv=10.0)
    survey = a_coverage("power")
    survey.area = stored(MultiPolygon([axis.buffer(15.0)]))
    session.add_all([cable, survey])
    everywhere(session, without=("power",))
    for one in (cable, survey):
        session.add(SecretRecord(object_id=one.object_id, grade=1, reason="试验", since=NOW))
    session.flush()


def test_the_survey_of_a_hidden_line_does_not_show_at_the_edges_of_what_nobody_looked_at(session):
    with_secret_survey(session)
    true = true_one(session).result

    masked = told(looking(EXACT)).result

    assert len(true.not_covered) == 2
    assert [(part.kind, part.run, part.chainage_m) for part in masked.not_covered] == [
        ("power", "new:1", (0.0, 100.0))
    ]
    assert told(looking(replace(EXACT, secrecy=1))).result.not_covered == true.not_covered


def test_a_secret_survey_of_everything_is_not_told_and_nothing_is_clear_by_it(session):
    everywhere(session, without=("power",))
    survey = a_coverage("power")
    session.add(survey)
    session.flush()
    session.add(SecretRecord(object_id=survey.object_id, grade=1, reason="试验", since=NOW))
    session.flush()

    masked = told(looking(EXACT)).result

    assert verdict(true_one(session).result) == "clear"
    assert verdict(masked) == "cannot_judge"
    assert [part.kind for part in masked.not_covered] == ["power"]


@pytest.mark.parametrize("rights", [(WATER, CORRIDOR), (CORRIDOR,)])
def test_an_ordinary_survey_of_lines_seen_as_corridors_counts_without_its_place(session, rights):
    """Clear where everybody looked; where nobody looked for a stretch, the whole run is told, not the edge."""
    everywhere(session, without=("power", "water"))
    half = box(EAST_M - 100, NORTH_M - 100, EAST_M + 50, NORTH_M + 100)
    session.add_all([a_coverage("power", area=half), a_coverage("water")])
    session.flush()

    (part,) = told(looking(*rights)).result.not_covered
    assert (part.kind, part.chainage_m) == ("power", (0.0, 100.0))

    session.add(a_coverage("power"))
    session.flush()
    assert verdict(told(looking(*rights)).result) == verdict(true_one(session).result) == "clear"


def test_an_excavation_is_told_by_the_surveys_that_are_seen(session):
    with_secret_survey(session)
    places = [(EAST_M + x, NORTH_M + y) for x, y in ((46, -1), (48, -1), (48, 1), (46, 1))]
    work = WorkDocument(name="坑", excavations=(Excavation(outline=tuple(places), depth_m=1.0),))

    true = check_work(session, work, catalogue=catalogue()).result
    with transaction(looking(EXACT)) as opened:
        masked = check_for(opened, looking(EXACT), work, catalogue=catalogue()).result

    assert true.not_covered == ()
    assert [(part.kind, part.run) for part in masked.not_covered] == [("power", "hole:1")]


def withheld(result):
    return [one for one in result.findings if one.b and one.b.state == "withheld"]


@pytest.mark.parametrize("rights", [(EXACT,), (CORRIDOR,)])
def test_the_name_of_a_masked_finding_cannot_be_tried_out(session, secret, rights):
    """The true name is a plain hash of the measure, the new run and the number of the line."""
    true = {
        one.id
        for one in true_one(session, with_clear=True).result.findings
        if one.b and one.b.id == str(secret.object_id)
    }

    first, again = (withheld(told(looking(*rights)).result) for _ in range(2))
    other = withheld(told(replace(looking(*rights), name="another")).result)

    names = [one.id for one in first]
    assert len(names) == len(set(names)) > 1
    assert names == [one.id for one in again]
    assert true.isdisjoint(names)
    assert set(names).isdisjoint(one.id for one in other)


def test_masked_findings_stand_in_the_order_of_what_they_show(session, secret):
    """After the others of their outcome: among them they would tell their measure."""
    findings = told(looking(EXACT)).result.findings
    true = [one for one in true_one(session).result.findings if one.b is None or one.b.kind != "power"]

    assert [one.id for one in findings if one not in withheld(told(looking(EXACT)).result)] == [
        one.id for one in true
    ]
    for outcome in Outcome:
        marks = [
            one.b is not None and one.b.state == "withheld" for one in findings if one.outcome is outcome
        ]
        assert marks == sorted(marks)
        hidden = [
            (one.advisory, one.chainage_m, one.id)
            for one in findings
            if one.b is not None and one.b.state == "withheld" and one.outcome is outcome
        ]
        assert hidden == sorted(hidden)


def test_the_ground_of_a_drawing_is_not_taken_from_a_node_that_is_not_seen(session):
    node = a_node(ground_m=33.3)
    session.add(node)
    session.flush()
    session.add(SecretRecord(object_id=node.object_id, grade=1, reason="试验", since=NOW))
    session.flush()
    cut = np.array([(EAST_M, NORTH_M), (EAST_M + 2.0, NORTH_M)])

    def drawn(actor):
        with transaction(actor) as opened:
            return grounds_of(opened, catalogue(), Sources()).beside(cut)

    cleared = drawn(looking(replace(EXACT, secrecy=1)))
    assert cleared is not None
    assert cleared.level_m[0] == pytest.approx(33.3)
    hidden = drawn(looking(EXACT))
    assert hidden is None or np.isnan(hidden.level_m).all()
