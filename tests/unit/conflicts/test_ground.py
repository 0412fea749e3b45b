"""The ground along a work: from the work, the terrain, the nearest levels."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from tests.unit.works.test_placing import a_new_run
from xzgis.conflicts.queries.believed import agrees_with_survey, believed
from xzgis.conflicts.queries.terrain import Plausible, Terrain, terrain
from xzgis.conflicts.rules.ground import (
    FARTHEST_LEVEL_M,
    filled,
    ground_of_levels,
    ground_of_survey,
    stations,
)
from xzgis.core.errors import Invalid, Unavailable
from xzgis.works.rules.levels import along, ground_of_work, told_ground
from xzgis.works.terms import GroundAlong, GroundSource

AXIS = np.array([[0.0, 0.0], [100.0, 0.0]])
CHAIN = np.array([0.0, 100.0])


def levels(*rows):
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


GROUND = Plausible(0.0, 400.0)


def a_raster(path, cells, *, crs="EPSG:4548", nodata=-9999.0, dtype="float32", scale=1.0, unit=None):
    """A raster of 2 m cells whose upper left corner is at (1000, 2000)."""
    data = np.array(cells, dtype=dtype)
    with rasterio.open(
        path, "w", driver="GTiff", width=data.shape[1], height=data.shape[0], count=1, dtype=dtype,
        crs=crs, transform=Affine(2.0, 0.0, 1000.0, 0.0, -2.0, 2000.0), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(data, 1)
        raster.scales, raster.units = (scale,), (unit,)
    return path


def test_the_nearest_level_is_taken_and_distance_makes_it_vaguer():
    at, where = stations(AXIS, 10.0)

    near = ground_of_survey(at, where, levels((50, 1, 30.0, 0.03)))
    far = ground_of_survey(at, where, levels((50, 35, 30.0, 0.03)))

    assert near is not None
    assert far is not None
    assert near.source is GroundSource.SURVEYED
    assert far.sigma_m > near.sigma_m - 1e-9
    assert np.isnan(near.level_m[0])


def test_a_level_too_far_away_says_nothing():
    at, where = stations(AXIS, 10.0)

    assert ground_of_survey(at, where, levels((50, FARTHEST_LEVEL_M + 1, 30.0, 0.03))) is None
    assert ground_of_survey(at, where, levels()) is None


def test_equally_near_levels_give_the_same_ground_in_any_order():
    at, where = stations(AXIS, 10.0)
    rows = [(50, 5, 30.0, 0.03), (50, -5, 29.0, 0.03)]

    one = ground_of_survey(at, where, levels(*rows))
    other = ground_of_survey(at, where, levels(*rows[::-1]))

    assert one is not None
    assert other is not None
    assert np.array_equal(one.level_m, other.level_m, equal_nan=True)
    assert np.nanmax(one.level_m) == 29.0


def test_the_work_itself_knows_best():
    said = ground_of_work(a_new_run(ground_m=(31.0, None)), CHAIN, np.array([True, True]))

    assert said is not None
    assert said.source is GroundSource.WORK
    assert said.level_m[0] == 31.0
    assert np.isnan(said.level_m[1])
    assert ground_of_work(a_new_run(), CHAIN, np.array([True, True])) is None


def test_holes_of_the_better_source_are_filled_and_the_worse_is_named():
    said = GroundAlong(np.array([0.0, 100.0]), np.array([31.0, np.nan]), GroundSource.WORK, 0.0)
    other = GroundAlong(np.array([0.0, 100.0]), np.array([30.0, 30.5]), GroundSource.TERRAIN, 0.15)

    whole = filled(said, other)

    assert whole is not None
    # From the next station on: nobody told how far the ground that is said reaches.
    assert (whole.chainage_m.tolist(), whole.level_m.tolist()) == ([0.0, 10.0, 100.0], [31.0, 30.05, 30.5])
    assert (whole.source, whole.sigma_m) == (GroundSource.TERRAIN, 0.15)


@pytest.mark.parametrize(
    ("length_m", "terrain_m", "middle_m"),
    [
        pytest.param(75.0, None, 30.5, id="75 m: as near as the points of a survey"),
        pytest.param(76.0, None, None, id="farther: nobody told"),
        pytest.param(200.0, (30.0, 29.0, 31.0), 29.0, id="what the terrain says between"),
        pytest.param(200.0, (30.0, 29.0, 31.3), 29.0, id="within k sigma of both ends"),
        pytest.param(200.0, (30.0, 29.0, 32.0), None, id="the ground told is not the terrain: a planned one"),
    ],
)
def test_between_levels_told_far_apart_the_ground_is_not_drawn_straight(length_m, terrain_m, middle_m):
    at = np.array([0.0, length_m])
    said = told_ground(GroundAlong(at, np.array([30.0, 31.0]), GroundSource.WORK, 0.0))
    places = np.array([0.0, length_m / 2, length_m])
    terrain = terrain_m and GroundAlong(places, np.array(terrain_m), GroundSource.TERRAIN, 0.15)

    whole = filled(said, terrain)

    found = along(places, whole.chainage_m, whole.level_m)
    assert found[[0, 2]].tolist() == [30.0, 31.0]
    assert np.isnan(found[1]) if middle_m is None else found[1] == pytest.approx(middle_m, abs=0.02)
    assert whole.source is (
        GroundSource.WORK if terrain_m is None or middle_m is None else GroundSource.TERRAIN
    )


def test_nothing_known_is_no_ground():
    assert ground_of_levels(np.array([0.0, 1.0]), np.full(2, np.nan), GroundSource.TERRAIN, 0.1) is None


def test_terrain_is_read_between_the_middles_of_its_cells(tmp_path):
    raster = Terrain(a_raster(tmp_path / "t.tif", [[10, 20, 30], [40, 50, 60], [70, 80, 90]]))

    found = raster.levels(np.array([[1001.0, 1999.0], [1002.0, 1998.0], [1004.0, 1997.0]]), GROUND)

    assert found.tolist() == pytest.approx([10.0, 30.0, 55.0])


def test_terrain_says_nothing_beyond_its_edge_or_without_data(tmp_path):
    raster = Terrain(a_raster(tmp_path / "t.tif", [[10, 20, 30], [40, -9999, 60], [70, 80, 90]]))

    found = raster.levels(np.array([[900.0, 1999.0], [1003.0, 1997.5], [1004.6, 1994.0]]), GROUND)

    assert np.isnan(found).all()
    assert np.isnan(raster.levels(np.array([[5000.0, 5000.0]]), GROUND)).all()


def test_terrain_in_another_system_is_refused(tmp_path):
    with pytest.raises(Unavailable, match="4548"):
        Terrain(a_raster(tmp_path / "t.tif", [[1, 2], [3, 4]], crs="EPSG:4547"))


def test_terrain_that_is_no_raster_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "t.tif").write_text("nothing")

    with pytest.raises(Unavailable, match="XZGIS_TERRAIN"):
        Terrain(tmp_path / "t.tif")


@pytest.mark.parametrize("odd", [-9999.0, -32768.0, 0.0, 3.4e38, 4590.0])
def test_a_level_that_no_ground_has_is_unknown_and_nothing_is_interpolated_to_it(tmp_path, odd):
    cells = [[30, 30, odd, 30, 30]] * 3
    raster = Terrain(a_raster(tmp_path / "t.tif", cells, nodata=None))

    found = raster.levels(
        np.array([[1002.0, 1997.0], [1003.5, 1997.0], [1005.0, 1997.0], [1008.0, 1997.0]]), GROUND
    )

    assert np.array_equal(found, [30.0, np.nan, np.nan, 30.0], equal_nan=True)


def test_scale_and_offset_of_the_band_are_applied(tmp_path):
    path = a_raster(tmp_path / "t.tif", np.full((3, 3), 3000), dtype="int16", scale=0.01, nodata=None)
    with rasterio.open(path, "r+") as raster:
        raster.offsets = (1.5,)

    assert Terrain(path).levels(np.array([[1003.0, 1997.0]]), GROUND).tolist() == pytest.approx([31.5])


def test_cells_without_a_value_stay_unknown_in_a_raster_of_whole_numbers(tmp_path):
    raster = Terrain(a_raster(tmp_path / "t.tif", [[30, -1, 30]] * 2, dtype="int16", nodata=-1))

    assert np.isnan(raster.levels(np.array([[1002.5, 1998.0]]), GROUND)).all()


def test_a_long_diagonal_is_read_in_small_blocks(tmp_path, monkeypatch):
    count = 2000
    rows, columns = np.mgrid[0:count, 0:count]
    raster = Terrain(a_raster(tmp_path / "t.tif", 20.0 + rows / 100.0 + columns / 50.0))
    read, sizes = raster._cells, []
    monkeypatch.setattr(
        raster, "_cells", lambda window: (sizes.append(window.width * window.height), read(window))[1]
    )
    step = np.linspace(0.0, count - 1.0, 3001)
    places = np.column_stack([1001.0 + 2.0 * step, 1999.0 - 2.0 * step])

    found = raster.levels(places, GROUND)

    assert found == pytest.approx(20.0 + step * 0.03, abs=1e-4)
    assert max(sizes) <= 257 * 257
    assert sum(sizes) < count * count / 4


def test_a_replaced_raster_is_read_anew(tmp_path):
    path = a_raster(tmp_path / "t.tif", [[30, 30], [30, 30]])
    first, again = terrain(path), terrain(path)
    digest = first.digest
    a_raster(tmp_path / "new.tif", [[35, 35], [35, 35]]).replace(path)
    place = np.array([[1002.0, 1998.0]])

    assert first is again
    assert terrain(path).levels(place, GROUND).tolist() == [35.0]
    assert terrain(path).digest != digest


@pytest.mark.parametrize(
    ("given", "word"),
    [
        pytest.param({"unit": "cm"}, "cm", id="levels in centimetres"),
        pytest.param({"crs": "EPSG:4548+5773"}, "5773", id="heights of another datum"),
    ],
)
def test_heights_of_another_unit_or_datum_are_refused(tmp_path, given, word):
    with pytest.raises(Unavailable, match=word):
        Terrain(a_raster(tmp_path / "t.tif", [[30, 30], [30, 30]], **given))


def test_heights_that_say_the_datum_are_taken(tmp_path):
    raster = Terrain(a_raster(tmp_path / "t.tif", [[30, 30], [30, 30]], crs="EPSG:4548+5737", unit="metre"))

    assert raster.levels(np.array([[1002.0, 1998.0]]), GROUND).tolist() == [30.0]


def test_a_picture_is_no_terrain(tmp_path):
    with rasterio.open(
        tmp_path / "t.tif", "w", driver="GTiff", width=2, height=2, count=3, dtype="uint8", crs="EPSG:4548",
        transform=Affine(2.0, 0.0, 1000.0, 0.0, -2.0, 2000.0), photometric="rgb",
    ) as raster:  # fmt: skip
        raster.write(np.full((3, 2, 2), 30, dtype=np.uint8))

    with pytest.raises(Unavailable, match="波段"):
        Terrain(tmp_path / "t.tif")


def test_a_raster_of_levels_that_no_ground_has_is_refused_with_its_cell(tmp_path):
    cells = [[30, 3000, 3100], [3050, 3010, 30]]

    with pytest.raises(Invalid) as refused:
        believed(Terrain(a_raster(tmp_path / "t.tif", cells)), "t.tif", GROUND)

    (fault,) = refused.value.faults
    assert fault.loc == ("t.tif", "row", 0, "column", 1)
    assert "3000 m" in fault.words.zh
    assert "东 1003.00，北 1999.00" in fault.words.zh
    assert fault.remedy is not None


def test_a_raster_without_any_level_is_refused(tmp_path):
    with pytest.raises(Invalid, match="没有一个格网"):
        believed(Terrain(a_raster(tmp_path / "t.tif", np.full((2, 2), -9999.0))), "t.tif", GROUND)


def test_a_few_odd_cells_are_counted_and_taken(tmp_path):
    raster = Terrain(a_raster(tmp_path / "t.tif", [[30, -9999, 30], [30, -1, 30]]))

    cells = believed(raster, "t.tif", GROUND)

    assert (cells.count, cells.told, cells.implausible) == (6, 5, 1)


@pytest.mark.parametrize(
    ("level_m", "nodes", "is_refused"),
    [
        pytest.param(300.0, 10, True, id="decimetres unsaid"),
        pytest.param(300.0, 9, False, id="too few to tell"),
        pytest.param(34.0, 10, False, id="a rough terrain"),
        pytest.param(24.0, 10, True, id="another datum"),
    ],
)
def test_a_raster_off_the_surveyed_ground_is_refused(tmp_path, level_m, nodes, is_refused):
    raster = Terrain(a_raster(tmp_path / "t.tif", np.full((3, 3), level_m)))
    west, south, east, north = raster.bounds_m
    surveyed = np.tile([(west + east) / 2, (south + north) / 2, 30.0, 0.05], (nodes, 1))

    if is_refused:
        with pytest.raises(Invalid, match=r"实测 30.00 m"):
            agrees_with_survey(raster, "t.tif", GROUND, surveyed)
    else:
        agrees_with_survey(raster, "t.tif", GROUND, surveyed)
