"""What stays out of the register is unknown, not surveyed: its ground never counts as looked at."""

import pytest
from shapely import Point
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from tests.db.networks.test_batches import bring
from tests.factories import an_actor
from xzgis.core.db import transaction
from xzgis.networks import jobs
from xzgis.networks.actions.coverage import area_of
from xzgis.networks.models import Coverage
from xzgis.networks.queries.batches import batch_of

pytestmark = pytest.mark.usefixtures("read_here", "own_engine")

POINTS = "管线点编号,X坐标,Y坐标,地面高程,管线点特征,附属物,管线代码\n"
LINES = "起点点号,连接点号,起点埋深,终点埋深,管径或断面尺寸,材质,埋设方式,压力,管线代码\n"


def taken_in(points: str, lines: str) -> tuple[dict[str, int], dict[str, BaseGeometry]]:
    """What stayed out of the register, and the covered ground by kind."""
    number = bring({"管线点.csv": POINTS + points, "管线.csv": LINES + lines})
    jobs.accept_batch(number, leave_out_errors=True)
    with transaction(an_actor()) as session:
        batch = batch_of(session, number)
        assert batch.summary["would_leave_out"] == batch.summary["left_out"]
        areas = session.scalars(select(Coverage).where(Coverage.batch_id == number)).all()
        return batch.summary["left_out"], {one.kind: area_of(one) for one in areas}


def test_the_points_of_a_line_left_out_show_nothing() -> None:
    """Depths that cannot be read keep the main out; its sound points go in."""
    points = "".join(f"A{i},3793006,{517000 + 20 * i},31.0,直线点,,RQ\n" for i in range(4))
    points += "C0,3793100,517000,31.0,直线点,,JS\nC1,3793100,517040,31.0,直线点,,JS\n"
    lines = "".join(f"A{i},A{i + 1},一米三,1.3,200,钢,直埋,中压A,RQ\n" for i in range(2))
    lines += "A2,A3,1.3,1.3,200,钢,直埋,中压A,RQ\nC0,C1,1.3,1.3,200,球墨铸铁,直埋,,JS\n"

    out, covered = taken_in(points, lines)

    assert out == {"points": 0, "lines": 2}
    assert not covered["gas"].intersects(Point(517020, 3793006).buffer(15.0))
    assert covered["gas"].covers(Point(517058, 3793006))
    assert covered["water"].covers(Point(517020, 3793100))


def test_the_ground_of_a_code_in_question_counts_for_no_kind() -> None:
    """R is gas or heat: nobody said which, and a gas main lies 6 m beside."""
    points = "".join(
        f"A{i},3793000,{517000 + 50 * i},31.0,直线点,,RQ\nB{i},3793006,{517000 + 50 * i},31.0,直线点,,R\n"
        for i in range(3)
    )
    lines = "".join(
        f"A{i},A{i + 1},1.3,1.3,200,钢,直埋,中压A,RQ\nB{i},B{i + 1},1.3,1.3,200,钢,直埋,,R\n"
        for i in range(2)
    )

    out, covered = taken_in(points, lines)

    assert out == {"points": 3, "lines": 2}
    assert not covered["gas"].intersects(Point(517050, 3793006).buffer(14.9))
    assert covered["gas"].covers(Point(517050, 3792988))


def test_a_line_with_one_known_end_leaves_that_end_unknown() -> None:
    points = "".join(f"A{i},3793006,{517000 + 40 * i},31.0,直线点,,RQ\n" for i in range(3))
    lines = "A0,A1,1.3,1.3,200,钢,直埋,中压A,RQ\nA2,A9,1.3,1.3,200,钢,直埋,中压A,RQ\n"

    out, covered = taken_in(points, lines)

    assert out["lines"] == 1
    assert not covered["gas"].intersects(Point(517080, 3793006).buffer(15.0))
    assert covered["gas"].covers(Point(517020, 3793006))
