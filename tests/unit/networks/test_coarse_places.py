"""A place is known no better than its figures are written: whole metres are half a metre either way."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.formats.features import as_geometries
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules.coarse_places import decimals_of
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

WHOLE_M = 1 / np.sqrt(12)


def survey(folder: Path, *places: tuple[str, str]) -> Delivery:
    """A water main through ``places``, north and east as written."""
    points = "".join(
        f"J{at},{north},{east},30.00,直线点,,明显点\n" for at, (north, east) in enumerate(places, start=1)
    )
    lines = "".join(f"J{at},J{at + 1},1.0,1.0,200,铸铁,直埋\n" for at in range(1, len(places)))
    texts = {
        "JSPOINT.csv": "物探点号,X,Y,地面高程,特征,附属物,管点类型\n" + points,
        "JSLINE.csv": "起点点号,终点点号,起点埋深,终点埋深,管径,材质,埋设方式\n" + lines,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    return read_survey([folder / name for name in texts], catalogue=catalogue())


def told(delivery: Delivery, code: str) -> list[tuple[str, str | None]]:
    return [(one.level, one.file) for one in delivery.findings if one.code == code]


def test_whole_metres_widen_the_plan_and_are_told(tmp_path: Path) -> None:
    fine = survey(tmp_path, ("3793900.000", "517800.000"), ("3793900.000", "517830.000"))
    coarse = survey(tmp_path, ("3793900", "517800"), ("3793900", "517830"))

    for frame in ("points", "lines"):
        sharp = getattr(fine, frame)["sigma_plan_m"].to_numpy()
        blunt = getattr(coarse, frame)["sigma_plan_m"].to_numpy()
        assert blunt == pytest.approx(np.hypot(sharp, WHOLE_M))
    assert told(fine, "R56") == []
    assert told(coarse, "R56") == [("warning", "JSPOINT.csv")]


def test_tenths_widen_it_a_little_and_are_not_told(tmp_path: Path) -> None:
    fine = survey(tmp_path, ("3793900.00", "517800.00"), ("3793900.00", "517830.00"))
    tenths = survey(tmp_path, ("3793900.1", "517800.1"), ("3793900.1", "517830"))

    sharp, blunt = (one.lines["sigma_plan_m"].to_numpy() for one in (fine, tenths))
    assert blunt == pytest.approx(np.hypot(sharp, WHOLE_M / 10))
    assert told(tenths, "R56") == []


@pytest.mark.parametrize("whole", ["north", "east"])
def test_of_two_columns_the_coarser_decides(tmp_path: Path, whole: str) -> None:
    north, east = ("3793900", "517800.123") if whole == "north" else ("3793900.123", "517800")
    delivery = survey(tmp_path, (north, east), (north, east.replace("517800", "517830")))

    assert told(delivery, "R56") == [("warning", "JSPOINT.csv")]
    assert (delivery.lines["sigma_plan_m"] >= WHOLE_M).all()


def test_degrees_are_counted_in_metres(tmp_path: Path) -> None:
    coarse = survey(tmp_path, ("34.26011", "117.18011"), ("34.26011", "117.18051"))
    fine = survey(tmp_path, ("34.2601101", "117.1801101"), ("34.2601101", "117.1805101"))

    assert told(coarse, "R56") == [("warning", "JSPOINT.csv")]
    assert coarse.lines["sigma_plan_m"].iloc[0] > 0.3
    assert told(fine, "R56") == []


def test_an_exponent_without_the_metres_is_no_place(tmp_path: Path) -> None:
    delivery = survey(tmp_path, ("3.79390E+06", "517800.123"), ("3793900.123", "517830.123"))

    (found,) = [one for one in delivery.findings if one.code == "S03"]
    assert (found.level, found.row, found.value) == ("error", 2, "3.79390E+06")
    assert "数值格式" in found.remedy.zh
    assert delivery.points["north_m"].isna().tolist() == [True, False]


@pytest.mark.parametrize(
    ("text", "decimals"),
    [
        ("3793900", 0),
        ("3793900.10", 2),
        ("3.7939001E+06", 1),
        ("3.7939E6", -2),
        ("３７９３９００．５", 1),
        ("北", None),
    ],
)
def test_the_decimals_of_a_figure(text: str, decimals: int | None) -> None:
    assert decimals_of(text) == decimals


@pytest.mark.parametrize(("step", "added_m"), [(1.0, WHOLE_M), (0.1, WHOLE_M / 10), (0.01, 0.0)])
@pytest.mark.parametrize("known", ["visible_point", "digitised"])
def test_measured_vertices_of_a_layer_likewise(step: float, added_m: float, known: str) -> None:
    sharp, blunt = (
        delivered(
            a_file(a_layer("给水", [a_line((0, 0), (20 + shift, 0))], accuracy_class=[known], depth_m=[1.0])),
            catalogue(),
        )
        for shift in (0.123, step)
    )

    sigma = (one.lines["sigma_plan_m"].iloc[0] for one in (sharp, blunt))
    added = added_m if known == "visible_point" else 0.0
    assert next(sigma) == pytest.approx(np.sqrt(next(sigma) ** 2 - added**2))
    assert bool(told(blunt, "R56")) == (added > 0.1)


@pytest.mark.parametrize(("decimals", "least_m"), [(4, 3.0), (5, 0.3), (8, 0.0)])
def test_degrees_of_few_decimals_count_in_layers_of_every_class(decimals: int, least_m: float) -> None:
    places = [(round(117.1801137 + at * 1e-3, decimals), round(34.2601153, decimals)) for at in range(2)]
    layer = a_layer("给水管线", [None], crs="EPSG:4490")
    layer = replace(layer, geometry=as_geometries([a_line(*places)]))

    delivery = delivered(a_file(layer), catalogue())

    assert (delivery.lines["sigma_plan_m"] >= least_m).all()
    assert bool(told(delivery, "R56")) == (least_m > 0)
