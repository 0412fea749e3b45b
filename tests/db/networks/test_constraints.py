"""What must never be false, the database itself refuses."""

import math
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests import shapes
from tests.factories import NOW, a_coverage, a_line, a_node, a_run
from xzgis.core.db import stored

LATER = NOW + timedelta(days=1)
THREE_POINTS = a_line(points=[(0, 0), (50, 0), (100, 0)])


def test_a_sound_run_is_kept(session: Session) -> None:
    session.add(a_run("gas", axis=THREE_POINTS, crown_m=[30.0, None, 31.0], bottom_m=[29.8, 29.0, None]))

    session.flush()


def test_a_run_with_no_level_at_all_is_kept(session: Session) -> None:
    session.add(
        a_run("gas", crown_m=None, bottom_m=None, ground_m=None, outer_width_mm=None, outer_height_mm=None)
    )

    session.flush()


@pytest.mark.parametrize(
    ("facts", "broken"),
    [
        pytest.param({"crown_m": [29.0, 30.0]}, "levels_sound", id="crown below bottom"),
        pytest.param({"crown_m": [30.0]}, "levels_sound", id="one level too few"),
        pytest.param({"bottom_m": [29.0, 29.0, 29.0]}, "levels_sound", id="one level too many"),
        pytest.param({"crown_m": [[30.0, 30.0]]}, "levels_sound", id="levels in two dimensions"),
        pytest.param({"crown_m": [math.nan, 30.0]}, "levels_bounded", id="not a number as crown"),
        pytest.param(
            {"bottom_m": [math.nan, 29.8], "crown_m": None}, "levels_bounded", id="not a number as bottom"
        ),
        pytest.param({"ground_m": [31.0]}, "ground_fits", id="ground does not fit"),
        pytest.param({"kind": "moon_cheese"}, "fk_networks_run_kind", id="kind does not exist"),
        pytest.param({"batch_id": 999_999}, "fk_networks_run_batch_id", id="batch does not exist"),
        pytest.param({"life_state": "dreamt"}, "life_state", id="life state does not exist"),
        pytest.param({"shape": "star"}, "ck_networks_run_shape", id="shape does not exist"),
        pytest.param({"outer_width_mm": 0.0}, "outer_positive", id="no width"),
        pytest.param({"outer_height_mm": math.nan}, "outer_positive", id="height not a number"),
        pytest.param({"sigma_plan_m": -0.1}, "sigma_positive", id="negative sigma"),
        pytest.param({"sigma_level_m": math.nan}, "sigma_positive", id="sigma not a number"),
        pytest.param(
            {"true_from": date(2020, 2, 1), "true_to": date(2020, 1, 1)}, "true_in_order", id="true dates"
        ),
        pytest.param({"known_to": NOW - timedelta(days=1)}, "known_in_order", id="record times"),
        pytest.param({"axis": stored(shapes.NO_LENGTH)}, "has_length", id="no length"),
        pytest.param({"axis": stored(shapes.WITH_NAN)}, "has_length", id="coordinate not a number"),
        pytest.param({"axis": stored(shapes.WITH_INFINITY)}, "has_length", id="coordinate infinite"),
        pytest.param({"axis": stored(shapes.WITH_Z)}, "Z dimension", id="a Z in the geometry"),
    ],
)
def test_a_run_that_cannot_be_is_refused(session: Session, facts: dict[str, Any], broken: str) -> None:
    session.add(a_run(**({"kind": "gas"} | facts)) if "axis" not in facts else _run_on(facts["axis"]))

    with pytest.raises(DBAPIError, match=broken):
        session.flush()


def _run_on(axis: Any) -> Any:
    run = a_run("gas", crown_m=None, bottom_m=None, ground_m=None)
    run.axis = axis
    return run


def test_two_current_versions_of_one_object_are_refused(session: Session) -> None:
    session.add_all([a_run(object_id=7), a_run(object_id=7)])

    with pytest.raises(DBAPIError, match="uq_networks_run_current"):
        session.flush()


def test_a_past_and_a_current_version_are_kept(session: Session) -> None:
    session.add_all([a_run(object_id=7, known_to=LATER), a_run(object_id=7, known_from=LATER)])

    session.flush()


@pytest.mark.parametrize(
    ("record", "broken"),
    [
        pytest.param(lambda: a_node(x_m=math.inf), "place_bounded", id="node at infinity"),
        pytest.param(lambda: a_node(x_m=math.nan), "place_bounded", id="node nowhere"),
        pytest.param(lambda: a_node(kind="moon_cheese"), "fk_networks_node_kind", id="node of no kind"),
        pytest.param(lambda: a_coverage(area=shapes.BOW_TIE), "area_valid", id="coverage crossing itself"),
    ],
)
def test_a_node_or_area_that_cannot_be_is_refused(session: Session, record: Any, broken: str) -> None:
    session.add(record())

    with pytest.raises(DBAPIError, match=broken):
        session.flush()
