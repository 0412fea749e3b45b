"""Real places in a wrong system: data of 114° in a city of 117°, and map coordinates that look like true ones."""

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from tests.unit.spatial.test_placing import XUZHOU
from xzgis.spatial.crs import FloatArray, from_storage, to_storage
from xzgis.spatial.placing import PlaceQuestion, place, placed


@pytest.fixture
def districts(shared_data: Path) -> FloatArray:
    """Longitude and latitude of every vertex of the city's districts (Amap: GCJ-02, written like WGS 84)."""
    told = json.loads((shared_data / "xuzhou_admin" / "320300_full.json").read_text(encoding="utf-8"))
    shapes = [shapely.from_geojson(json.dumps(one["geometry"])) for one in told["features"]]
    degrees: FloatArray = shapely.get_coordinates(shapes)
    return degrees


@pytest.fixture
def excerpt(shared_data: Path) -> FloatArray:
    """East and north of the survey excerpt, moved as a whole into the city."""
    path = shared_data / "cn_pipe_survey_excerpt" / "管点调查表_utf8bom.csv"
    rows: list[dict[str, Any]] = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    names = [name for name in rows[0] if name.strip().upper() in ("X", "Y") or "坐标" in name]
    figures = np.array([[float(row[name]) for name in names[:2]] for row in rows if row[names[0]]])
    east_north = figures[:, ::-1]
    middle = np.array([XUZHOU.centre_east_m, XUZHOU.centre_north_m])
    moved: FloatArray = east_north - east_north.mean(axis=0) + middle
    return moved


def said(words: Any) -> str:
    return " ".join(one.en for one in words)


@pytest.mark.parametrize("north_first", [True, False])
def test_districts_of_the_city_in_114_degrees_are_asked_with_figures(
    districts: FloatArray, north_first: bool
) -> None:
    moved = from_storage(to_storage(districts, "EPSG:4490"), "EPSG:4547")
    first, second = (moved[:, 1], moved[:, 0]) if north_first else (moved[:, 0], moved[:, 1])

    decision = place(PlaceQuestion(first, second), XUZHOU)

    assert (decision.decided, decision.how) == (None, "asked")
    assert "EPSG:4547" in decision.candidates
    inside = int(XUZHOU.holds(to_storage(districts, "EPSG:4490")).sum())
    assert f"{inside} of the {len(districts)} points tried" in said(decision.evidence)
    assert f"EPSG:4548 (CGCS2000 / CM 117E) 0 of the {len(districts)} points" in said(decision.evidence)
    assert np.isnan(placed(decision, first, second)).all()


def test_districts_of_114_degrees_declared_as_117_are_not_taken(districts: FloatArray) -> None:
    moved = from_storage(to_storage(districts, "EPSG:4490"), "EPSG:4547")

    decision = place(PlaceQuestion(moved[:, 1], moved[:, 0], declared="EPSG:4548"), XUZHOU)

    counted = f"of the {len(districts)} points tried"
    assert counted in said(decision.evidence)
    assert "not taken" in said(decision.evidence)
    assert decision.decided is None


def test_a_survey_of_the_city_in_114_degrees_is_asked(excerpt: FloatArray) -> None:
    moved = from_storage(excerpt, "EPSG:4547")

    decision = place(PlaceQuestion(moved[:, 1], moved[:, 0]), XUZHOU)

    assert decision.decided is None
    assert f"{len(excerpt)} of the {len(excerpt)} points tried (100.0%)" in said(decision.evidence)


@pytest.mark.parametrize("declared", [None, "EPSG:4490", "EPSG:4326"])
def test_map_coordinates_are_never_placed_without_a_warning(
    districts: FloatArray, excerpt: FloatArray, declared: str | None
) -> None:
    # 0.0053° east and -0.0013° north: what GCJ-02 adds in Xuzhou, some 540 m.
    shifted = from_storage(excerpt, "EPSG:4490") + np.array([0.0053, -0.0013])
    for degrees in (districts, shifted):
        decision = place(PlaceQuestion(degrees[:, 0], degrees[:, 1], declared=declared), XUZHOU)

        assert any("GCJ-02" in one.en for one in decision.warnings)
        assert any("540 m" in one.zh for one in decision.warnings)


def test_map_coordinates_that_say_so_are_asked(districts: FloatArray) -> None:
    decision = place(PlaceQuestion(districts[:, 0], districts[:, 1], words="来源：高德地图 GCJ-02"), XUZHOU)

    assert decision.decided is None
