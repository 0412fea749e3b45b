"""The plan beside an answer draws a finding wherever it is."""

from types import SimpleNamespace

import pytest

from tests.runs import ORIGIN_M, WATER, a_new_run, columns
from tests.unit.conflicts.answers import a_finding
from web.drawing.plan import plan_of

EAST_M, NORTH_M = ORIGIN_M


@pytest.mark.parametrize(
    ("sort", "shapes"),
    [("Point", [[(5, 0)]]), ("LineString", [[(0, 0), (9, 0)]]), ("MultiLineString", [[(0, 0), (9, 0)], [(20, 0), (30, 0)]])],
)  # fmt: skip
def test_every_part_of_a_finding_is_drawn_and_its_number_stands_at_the_first(sort, shapes):
    whole = [[[EAST_M + x, NORTH_M + y] for x, y in line] for line in shapes]
    at = whole[0][0] if sort == "Point" else whole[0] if sort == "LineString" else whole
    new = columns(a_new_run([(0, 0), (60, 0)], WATER), first_id=-1)
    checked = SimpleNamespace(
        work=SimpleNamespace(runs=new, holes=()), existing=columns(a_new_run([(0, 3), (60, 3)]))
    )

    told = plan_of(checked, [(4, a_finding(geometry={"type": sort, "coordinates": at}))], {})

    assert len(told.strokes) == 2 + len(shapes)
    assert [number for *_, number in told.numbers] == [4]
