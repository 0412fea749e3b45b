"""Where somebody looked, and where nobody did."""

from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest
import shapely
from shapely import MultiPolygon, Point, Polygon, box
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests import shapes
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_node, a_run, an_actor, an_area
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid, NotFound
from xzgis.networks.actions.coverage import area_of, cover_batch, remove_coverage, set_coverage
from xzgis.networks.models import Coverage

LATER = NOW + timedelta(days=3)


def test_a_batch_covers_each_kind_within_reach_of_its_lines(session: Session) -> None:
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add_all([a_run("gas", batch_id=batch.id, surveyed_on=date(2024, 5, 1)), a_run("water", y_m=500)])
    session.add_all(
        [
            a_run("gas", batch_id=batch.id, y_m=200, surveyed_on=date(2011, 2, 3)),
            a_run("power", batch_id=batch.id, y_m=700, code="LD"),
        ]
    )
    session.add_all([a_node("heat", x_m=900, batch_id=batch.id)])
    session.flush()

    cover_batch(session, actor=an_actor(), batch_id=batch.id, reach_m=15, now=NOW)

    gas, heat = session.scalars(select(Coverage).order_by(Coverage.kind))
    assert (gas.kind, heat.kind) == ("gas", "heat")
    assert area_of(gas).contains(Point(EAST_M + 50, NORTH_M + 14.9))
    assert not area_of(gas).intersects(Point(EAST_M + 50, NORTH_M + 15.1))
    assert not area_of(gas).intersects(Point(EAST_M + 50, NORTH_M + 100))
    assert area_of(gas).contains(Point(EAST_M + 50, NORTH_M + 190))
    assert area_of(heat).area == pytest.approx(15**2 * np.pi, rel=0.03)
    assert (gas.surveyed_on, gas.batch_id, heat.surveyed_on) == (date(2011, 2, 3), batch.id, None)
    assert len(session.scalars(select(TrailEntry)).all()) == 2


def test_a_changed_coverage_keeps_its_old_version(session: Session) -> None:
    drawn = set_coverage(
        session,
        actor=an_actor(),
        object_id=None,
        area=an_area(),
        facts={"kind": "gas", "note": "甲"},
        now=NOW,
        catalogue=catalogue(),
    )

    changed = set_coverage(
        session,
        actor=an_actor(),
        object_id=drawn.object_id,
        area=an_area(size_m=10),
        facts={"note": "乙"},
        now=LATER,
        catalogue=catalogue(),
    )

    versions = session.scalars(select(Coverage).order_by(Coverage.known_from)).all()
    assert [(one.kind, one.note, one.known_to) for one in versions] == [
        ("gas", "甲", LATER),
        ("gas", "乙", None),
    ]
    assert area_of(changed).area == pytest.approx(100)


def test_a_withdrawn_coverage_stays_in_the_history(session: Session) -> None:
    drawn = set_coverage(
        session,
        actor=an_actor(),
        object_id=None,
        area=an_area(),
        facts={"kind": "gas"},
        now=NOW,
        catalogue=catalogue(),
    )

    remove_coverage(session, actor=an_actor(), object_id=drawn.object_id, reason="未入户", now=LATER)

    assert session.scalars(select(Coverage)).one().known_to == LATER
    with pytest.raises(NotFound):
        remove_coverage(session, actor=an_actor(), object_id=drawn.object_id, reason="", now=LATER)


@pytest.mark.parametrize(
    ("area", "facts", "field"),
    [
        pytest.param(box(117.1, 34.2, 117.2, 34.3), {}, "area", id="degrees"),
        pytest.param(shapely.transform(an_area(), lambda xy: xy[:, ::-1]), {}, "area", id="X and Y swapped"),
        pytest.param(box(300_000, 2_000_000, 700_000, 5_000_000), {}, "area", id="half of the country"),
        pytest.param(an_area(), {"surveyed_on": date(2999, 1, 1)}, "surveyed_on", id="a day to come"),
        pytest.param(an_area(), {"kind": "road_centreline"}, "kind", id="nothing buried"),
    ],
)
def test_nobody_looked_there_or_then(
    session: Session, area: Polygon, facts: dict[str, Any], field: str
) -> None:
    with pytest.raises(Invalid) as refused:
        set_coverage(
            session, actor=an_actor(), object_id=None, area=area, facts={"kind": "gas"} | facts, now=NOW,
            catalogue=catalogue(),
        )  # fmt: skip

    assert [one.loc for one in refused.value.faults] == [("body", field)]


@pytest.mark.parametrize(
    ("area", "said"),
    [
        pytest.param(shapes.BOW_TIE, "Self-intersection", id="crosses itself"),
        pytest.param(shapes.TWO_POINTS, "面", id="a line"),
        pytest.param(shapes.EMPTY_AREA, "面", id="empty"),
        pytest.param(Polygon(), "面", id="empty polygon"),
        pytest.param(Point(0, 0).buffer(9, quad_segs=6000), "20000", id="too many vertices"),
        pytest.param(MultiPolygon([an_area(), an_area(size_m=10)]), "合法", id="parts on one another"),
    ],
)
def test_an_area_that_cannot_be_is_refused_not_repaired(session: Session, area: Any, said: str) -> None:
    with pytest.raises(Invalid, match=said):
        set_coverage(
            session,
            actor=an_actor(),
            object_id=None,
            area=area,
            facts={"kind": "gas"},
            now=NOW,
            catalogue=catalogue(),
        )
