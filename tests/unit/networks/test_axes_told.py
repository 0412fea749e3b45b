"""Axes other than heads or drawings promise are a warning that asks, and a mapping of columns confirms them."""

from pathlib import Path

import numpy as np
import pytest

from tests.factories import EAST_M, NORTH_M
from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.axes_told import tell_drawn_axes
from xzgis.networks.rules.doubts import NOWHERE, Doubts
from xzgis.networks.rules.survey import SurveyOptions, city_extent
from xzgis.networks.terms import IntakeFinding
from xzgis.spatial.crs import CrsDecision
from xzgis.spatial.placing import PlaceQuestion, place

pytestmark = pytest.mark.usefixtures("read_here")

HABIT, TURNED = (NORTH_M, EAST_M), (EAST_M, NORTH_M)


def told(folder: Path, first: tuple[float, float], **options: object) -> list[IntakeFinding]:
    x, y = first
    (folder / "JSPOINT.csv").write_text(
        f"物探点号,X,Y,地面高程\n1,{x},{y},35\n2,{x + 9},{y + 9},35\n", "utf-8"
    )
    (folder / "JSLINE.csv").write_text("起点点号,终点点号,起点埋深,终点埋深\n1,2,1.2,1.3\n", "utf-8")
    paths = [folder / "JSPOINT.csv", folder / "JSLINE.csv"]
    delivery = read_survey(paths, catalogue=catalogue(), options=SurveyOptions(crs="EPSG:4548", **options))  # type: ignore[arg-type]  # of each test
    np.testing.assert_allclose(delivery.points[["east_m", "north_m"]].iloc[0], [EAST_M, NORTH_M])
    return [one for one in delivery.findings if one.code == "C02"]


def test_x_that_holds_the_east_asks(tmp_path: Path) -> None:
    (found,) = told(tmp_path, TURNED)

    assert (found.level, found.file, found.row, found.field) == ("warning", "JSPOINT.csv", 2, "north_m")
    assert found.value == f"{EAST_M}, {NORTH_M}"
    assert found.remedy.command == "--column X=east_m --column Y=north_m"


def test_the_habit_of_surveys_and_a_confirmed_order_ask_nothing(tmp_path: Path) -> None:
    assert told(tmp_path, HABIT) == []
    assert told(tmp_path, TURNED, overrides={"X": "east_m", "Y": "north_m"}) == []


def test_a_drawing_with_the_north_first_asks() -> None:
    for swapped in (True, False):
        doubts = Doubts()
        tell_drawn_axes(CrsDecision("EPSG:4548", "ranges", swapped_axes=swapped), doubts, where=NOWHERE)
        assert [one.level for one in doubts.found] == ["warning"] * swapped


def test_a_system_in_which_both_orders_fit_says_so() -> None:
    middle = city_extent(catalogue())
    # A grid whose false origin makes east and north of the city the same figures.
    shift = middle.centre_north_m - middle.centre_east_m
    system = f"+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0={500_000 + shift} +y_0=0 +datum=WGS84 +units=m"
    figures = np.full(3, middle.centre_north_m)

    decision = place(PlaceQuestion(figures, figures, declared=system), middle)

    assert "两种轴序" in decision.warnings[0].zh
