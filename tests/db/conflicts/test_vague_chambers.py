"""Chambers whose place is vague are looked for as far as their own sigma asks, whatever else the register holds."""

import pytest

from tests.db.conflicts.test_chambers import asked
from tests.db.conflicts.test_check import DAY, a_work, check, everywhere
from tests.factories import EAST_M, NORTH_M, a_line, a_node, a_run
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import verdict
from xzgis.works.terms import Excavation, WorkDocument

A_HOLE = WorkDocument(
    name="h",
    runs=(),
    excavations=(
        Excavation(
            outline=(
                (EAST_M, NORTH_M),
                (EAST_M + 5, NORTH_M),
                (EAST_M + 5, NORTH_M - 5),
                (EAST_M, NORTH_M - 5),
            ),
            depth_m=3.0,
        ),
    ),
    surface="non_motor_or_footway",
)
WORKS = {"run": a_work(surface="non_motor_or_footway"), "hole": A_HOLE}


@pytest.mark.parametrize("as_of", [None, DAY], ids=["now", "then"])
@pytest.mark.parametrize(
    ("new", "thing", "sigma_m", "y_m"),
    [
        ("run", "manhole", 20.0, 28.0),
        ("run", "manhole", 32.0, 50.0),
        ("hole", "manhole", 10.0, 18.0),
        ("hole", "septic_tank", 5.0, 13.0),
    ],
)
def test_a_vague_chamber_is_found_without_a_vague_line_in_the_register(
    session, as_of, new, thing, sigma_m, y_m
):
    node = a_node(
        "drainage_foul", x_m=2.0, y_m=y_m, appurtenance=thing, chamber_depth_m=3.0, sigma_plan_m=sigma_m
    )
    session.add(node)
    everywhere(session)

    alone = check(session, WORKS[new], sources=Sources(as_of=as_of)).result
    session.add(a_run("telecom", axis=a_line(y_m=9000.0), sigma_plan_m=40.0))
    session.flush()
    beside = check(session, WORKS[new], sources=Sources(as_of=as_of)).result

    assert verdict(alone) != "clear"
    assert {one.b.id for one in alone.findings if one.b is not None} == {str(node.object_id)}
    assert alone.findings == beside.findings


@pytest.mark.parametrize("as_of", [None, DAY], ids=["now", "then"])
def test_one_vague_point_makes_no_other_be_looked_for_as_far(session, as_of):
    session.add_all(
        a_node("heat", x_m=2.0, y_m=y_m, appurtenance="manhole", sigma_plan_m=sigma_m)
        for y_m, sigma_m in ((700.0, 400.0), (60.0, 1.0), (3.0, 1.0))
    )
    session.flush()

    work = a_work()

    assert sorted(row[7] for row in asked(session, work, as_of=as_of)) == [1.0, 400.0]
