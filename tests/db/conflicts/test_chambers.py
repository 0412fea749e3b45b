"""Chambers of the register: found now as in the past, and told to nobody who may not see their lines."""

from datetime import timedelta

import numpy as np
import pytest
import shapely

from tests.db.conflicts.test_candidates import a_document
from tests.db.conflicts.test_check import DAY, a_work, everywhere
from tests.db.conflicts.test_seen import CORRIDOR, EXACT, STEP_M, WATER, looking, told
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_line, a_node, a_run
from tests.runs import no_runs
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.rules.chamber_words import words_with_extent
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.downloads import ReportAsked, drawn_report
from xzgis.conflicts.queries.chambers import asked_chambers, chambers_of
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import document
from xzgis.conflicts.reports.formats import FORMATS, rendered
from xzgis.conflicts.rules.chambers import chamber_columns, with_chambers
from xzgis.conflicts.rules.coverage import surveyed_kinds
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Outcome
from xzgis.core.sql import binary_rows
from xzgis.networks.models import SecretRecord
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.placing import place

AWAY_M = 1.73
MARKS = (
    "MARK-POINT",
    "MARK-OWNER",
    "MARK-LABEL",
    "517043",
    "3793001.73",
    "阀门井",
    "检查井",
    "valve chamber",
    "manhole",
)


@pytest.fixture
def chamber(session):
    """A heat chamber beside the work at 43 m whose line goes away from it: the line is clear, the chamber is not."""
    batch = a_batch(points_told=["heat"])
    session.add(batch)
    session.flush()
    node = a_node("heat", x_m=43.0, y_m=AWAY_M, appurtenance="阀门井", point_no="MARK-POINT", owner="MARK-OWNER",
                  object_id=7_100_043, batch_id=batch.id)  # fmt: skip
    session.add(node)
    session.flush()
    line = a_run("heat", axis=a_line(points=((43.0, AWAY_M), (43.0, 90.0))), label="MARK-LABEL", owner="MARK-OWNER",
                 from_node_id=node.object_id, burial="direct_buried", object_id=7_100_044, batch_id=batch.id)  # fmt: skip
    session.add(line)
    everywhere(session)
    return node, line


def asked(session, work=None, *, outlines=(), as_of=None):
    work = work or a_work()
    axes = axes_of(work, catalogue())
    new = place(work, catalogue(), axes=axes, grounds=[None] * len(axes.runs)).runs
    return binary_rows(
        session, "conflicts", *asked_chambers(new, catalogue(), outlines=outlines, as_of=as_of)
    )


def about(result, identity):
    return [one for one in result.findings if one.b is not None and one.b.id == str(identity)]


def keep_back(session, *, line):
    session.add(SecretRecord(object_id=line.object_id, grade=1, reason="试验", since=NOW))
    session.flush()


@pytest.mark.parametrize("as_of", [None, DAY])
def test_the_register_finds_what_its_crews_call_a_chamber(session, as_of):
    told = {
        "underground_chamber": {"appurtenance": "热力小室"}, "manhole": {"feature": "窨井"},
        "septic_tank": {"appurtenance": "三格化粪池"}, "gate_chamber": {"appurtenance": "闸门井"},
        "pumping_station": {"appurtenance": "智能泵站"}, "gully": {"appurtenance": "marker", "feature": "雨水口"},
        "cabinet": {"feature": "机箱"}, "": {"chamber_depth_m": 2.5},
    }  # fmt: skip
    none = [{"appurtenance": 'a,b"c'}, {"feature": "chamber_edge"}, {"appurtenance": "valve"}, {}]
    session.add_all(a_node("heat", x_m=43.0, y_m=AWAY_M, **facts) for facts in [*told.values(), *none])
    session.flush()

    found = chambers_of(asked(session, as_of=as_of), catalogue())

    assert sorted(one.appurtenance for one in found) == sorted([*filter(None, told), "underground_chamber"])


@pytest.mark.parametrize("file_format", sorted(FORMATS))
def test_a_report_beside_a_chamber_is_drawn_in_every_format(session, chamber, file_format):
    checked = check_work(session, a_work(), catalogue=catalogue(), with_clear=True)

    drawn = drawn_report(checked, ReportAsked(file_format), catalogue=catalogue())

    assert "阀门井" in drawn.content.decode(errors="ignore") or file_format == "xlsx"
    assert drawn.what.extent.intersects(shapely.Point(EAST_M + 43.0, NORTH_M + AWAY_M))


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(("widest_mm", "told_mm"), [(1500.0, 1500.0), (None, None)])
def test_a_well_is_sized_by_the_lines_of_every_kind_of_drain(session, as_of, widest_mm, told_mm):
    node = a_node("drainage_foul", x_m=43.0, y_m=AWAY_M, appurtenance="manhole")
    session.add(node)
    session.flush()
    axis = a_line(points=((43.0, AWAY_M), (43.0, 90.0)))
    for kind, width_mm in (("drainage_foul", 300.0), ("drainage_storm", widest_mm), ("gas", 4000.0)):
        session.add(a_run(kind, axis=axis, from_node_id=node.object_id, nominal_width_mm=width_mm,
                          outer_width_mm=None, outer_height_mm=None))  # fmt: skip
    session.flush()

    (found,) = chambers_of(asked(session, as_of=as_of), catalogue())

    assert (found.nominal_mm, found.widest_mm) == (300.0, told_mm)


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(
    ("kind", "off_m", "width_mm", "told_mm"),
    [("drainage_storm", 0.49, 1500.0, 1500.0), ("drainage_foul", 0.0, None, None), ("unknown", 0.0, 1200.0, 1200.0),
     ("drainage_foul", 0.51, 1500.0, 300.0), ("gas", 0.0, 1500.0, 300.0)],
)  # fmt: skip
def test_a_well_is_sized_by_a_drain_that_passes_without_an_end_there(
    session, as_of, kind, off_m, width_mm, told_mm
):
    node = a_node("drainage_foul", x_m=43.0, y_m=AWAY_M, appurtenance="manhole")
    session.add(node)
    session.flush()
    lateral = a_line(points=((43.0, AWAY_M), (43.0, 90.0)))
    main = a_line(points=((3.0, AWAY_M - off_m), (93.0, AWAY_M - off_m)))
    session.add(a_run("drainage_foul", axis=lateral, from_node_id=node.object_id, nominal_width_mm=300.0,
                      outer_width_mm=None, outer_height_mm=None))  # fmt: skip
    session.add(a_run(kind, axis=main, nominal_width_mm=width_mm, outer_width_mm=None, outer_height_mm=None,
                      surveyed_on=None, burial="channel"))  # fmt: skip
    session.flush()

    (found,) = chambers_of(asked(session, as_of=as_of), catalogue())

    # What passes is no line of the chamber: its facts stay those of the lines that end there.
    assert (found.widest_mm, found.nominal_mm) == (told_mm, 300.0)
    assert found.burial != "channel"


@pytest.mark.parametrize("as_of", [None, DAY])
@pytest.mark.parametrize(
    ("burial", "far", "length_m", "reach_m"),
    [("chamber_link", None, 7.0, 7.0), ("direct_buried", "chamber_edge", 7.0, 7.0),
     ("direct_buried", "chamber_edge", 8.1, None), ("direct_buried", "bend", 7.0, None)],
)  # fmt: skip
def test_edges_and_links_inside_tell_how_far_a_chamber_reaches(
    session, as_of, burial, far, length_m, reach_m
):
    node = a_node("heat", x_m=43.0, y_m=AWAY_M, appurtenance="manhole")
    other = a_node("heat", x_m=43.0, y_m=AWAY_M + length_m, feature=far)
    session.add_all([node, other])
    session.flush()
    axis = a_line(points=((43.0, AWAY_M + length_m), (43.0, AWAY_M)))
    session.add(
        a_run("heat", axis=axis, from_node_id=other.object_id, to_node_id=node.object_id, burial=burial)
    )
    session.flush()

    (found,) = chambers_of(asked(session, as_of=as_of), catalogue())

    assert found.reach_m == (None if reach_m is None else pytest.approx(reach_m))


@pytest.mark.parametrize("as_of", [None, DAY])
def test_a_gully_with_edges_is_found_where_one_without_is_too_far(session, as_of):
    def found(with_edge):
        places = [
            (a_node("drainage_storm", x_m=43.0, y_m=float(y), appurtenance="gully"), float(y))
            for y in range(4, 40)
        ]
        session.add_all(node for node, _ in places)
        session.flush()
        if with_edge:
            session.add_all(
                a_run("drainage_storm", axis=a_line(points=((43.0, y), (50.0, y))), from_node_id=node.object_id,
                      burial="chamber_link")
                for node, y in places
            )  # fmt: skip
            session.flush()
        numbers = {node.object_id for node, _ in places}
        return sum(one.node_id in numbers for one in chambers_of(asked(session, as_of=as_of), catalogue()))

    without = found(with_edge=False)

    assert found(with_edge=True) > without > 0


@pytest.mark.parametrize("rights", [(), (EXACT,), (WATER,), (CORRIDOR,)])
def test_a_chamber_of_a_line_that_is_kept_back_is_told_nowhere(session, chamber, rights):
    node, line = chamber
    keep_back(session, line=line)
    true = check_work(session, a_work(), catalogue=catalogue(), with_clear=True).result

    checked = told(looking(*rights), with_clear=True)

    of_it = [one for one in about(true, node.object_id) if one.outcome is not Outcome.CLEAR]
    assert of_it
    assert checked.result.counts["cannot_judge"] == true.counts["cannot_judge"]
    assert about(checked.result, node.object_id) == []
    assert len(checked.existing.run_id) == 0
    # Before one that is seen as a corridor the measure is said, else not even that; the place is a middle of squares.
    hidden = [one for one in checked.result.findings if one.b is not None and one.b.state == "withheld"]
    assert len(hidden) >= len(of_it)
    for one in hidden:
        assert (one.gap_m, one.gap_range_m, one.b.owner, one.b.label) == (None, None, None, "")
        assert [value % STEP_M for value in one.geometry["coordinates"]] == [STEP_M / 2] * 2
        assert [value % STEP_M for value in one.chainage_m] == [0.0, 0.0]
    for name in sorted(set(FORMATS) - {"xlsx"}):
        for language in ("zh", "en"):
            text = rendered(checked, name, catalogue=catalogue(), title="试验", language=language).decode(
                "utf-8-sig"
            )
            for mark in (*MARKS, str(node.object_id), str(line.object_id)):
                assert mark not in text, (name, language, mark)


def test_a_chamber_is_shown_to_who_sees_it_and_a_line_of_it(session, chamber):
    node, _ = chamber

    shown = about(told(looking(EXACT)).result, node.object_id)

    true = check_work(session, a_work(), catalogue=catalogue()).result
    assert [one.id for one in shown] == [one.id for one in about(true, node.object_id)] != []
    assert shown[0].b.label == "MARK-POINT 阀门井"


def test_what_the_register_knew_of_a_chamber_is_found_in_the_past(session, chamber):
    node, _ = chamber
    # A second line makes the burial differ, a third is of another kind, a fourth came later.
    axis = a_line(points=((43.0, AWAY_M), (60.0, 60.0)))
    session.add_all([
        a_run("heat", axis=axis, from_node_id=node.object_id, burial="channel"),
        a_run("gas", axis=axis, from_node_id=node.object_id),
        a_run("heat", axis=axis, from_node_id=node.object_id, nominal_width_mm=800.0, outer_width_mm=820.0,
              outer_height_mm=820.0, known_from=DAY + timedelta(days=1)),
    ])  # fmt: skip
    session.flush()
    current, then, before = (
        asked(session, **more) for more in ({}, {"as_of": DAY}, {"as_of": NOW - timedelta(1)})
    )

    assert before == []
    assert asked(session, as_of=DAY + timedelta(days=2)) == current
    assert len(current) == len(then) == 1
    burial, widest_mm = 14, 17
    assert (then[0][burial], then[0][widest_mm], current[0][widest_mm]) == (None, 200.0, 800.0)

    at_first = document(
        check_work(session, a_work(), catalogue=catalogue(), sources=Sources(as_of=DAY)).result
    )
    node.known_to = DAY
    session.flush()

    assert asked(session) == asked(session, as_of=DAY) == []
    earlier = Sources(as_of=DAY - timedelta(seconds=1))
    again = document(check_work(session, a_work(), catalogue=catalogue(), sources=earlier).result)
    assert again["findings"] == at_first["findings"] != []
    gone = check_work(session, a_work(), catalogue=catalogue()).result
    assert about(gone, node.object_id) == []


@pytest.mark.parametrize("seed", range(2))
def test_every_chamber_gives_no_verdict_that_the_near_ones_do_not_give(session, seed):
    known, rng = catalogue(), np.random.default_rng(seed)
    names = sorted(words_with_extent(known).tokens)
    session.add_all(
        a_node(
            str(rng.choice(surveyed_kinds(known))), x_m=float(rng.uniform(-20, 120)), y_m=float(rng.uniform(-20, 20)),
            appurtenance=str(rng.choice(names)), sigma_plan_m=float(rng.choice([0.05, 0.25, 0.26, 0.5, 0.8, 2.0, 4.0])),
        )
        for _ in range(150)
    )  # fmt: skip
    session.flush()
    far = np.array([EAST_M, NORTH_M]) + 300.0 * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    for kind in ("gas", "telecom", "drainage_foul"):
        work = a_document(rng).model_copy(update={"excavations": ()})
        work = work.model_copy(update={"runs": (work.runs[0].model_copy(update={"kind": kind}),)})
        axes = axes_of(work, known)
        new = place(work, known, axes=axes, grounds=[None]).runs
        near, every = asked(session, work), asked(session, work, outlines=(far,))

        assert 0 < len(near) < len(every) == 150
        first, second = (_judged(new, rows, known) for rows in (near, every))
        assert first == second != []


def _judged(new, rows, known):
    standing = chamber_columns(chambers_of(rows, known), known, origin_m=new.origin_m)
    existing = with_chambers(no_runs(new.origin_m), standing)
    return [
        (int(existing.run_id[one.b]), one.measure, one.outcome, one.chainage_m, one.gap_m)
        for one in judge(new, existing, known).verdicts
        if one.b is not None
    ]
