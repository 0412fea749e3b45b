"""The ground along a work: from the work, the terrain, the nearest levels."""

import numpy as np
import pytest
import rasterio
from affine import Affine

from tests.unit.works.test_placing import a_new_run
from xzgis.conflicts.queries.terrain import Terrain
from xzgis.conflicts.rules.ground import (
    FARTHEST_LEVEL_M,
    filled,
    ground_of_levels,
    ground_of_survey,
    ground_of_work,
    stations,
)
from xzgis.core.errors import Unavailable
from xzgis.works.terms import GroundAlong, GroundSource

AXIS = np.array([[0.0, 0.0], [100.0, 0.0]])


def levels(*rows):
    return np.array(rows, dtype=np.float64).reshape(-1, 4)


def a_raster(path, cells, *, epsg=4548, nodata=-9999.0):
    """A raster of 2 m cells whose upper left corner is at (1000, 2000)."""
    data = np.array(cells, dtype=np.float32)
    with rasterio.open(
        path, "w", driver="GTiff", width=data.shape[1], height=data.shape[0], count=1, dtype="float32",
        crs=f"EPSG:{epsg}", transform=Affine(2.0, 0.0, 1000.0, 0.0, -2.0, 2000.0), nodata=nodata,
    ) as raster:  # fmt: skip
        raster.write(data, 1)
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
    said = ground_of_work(a_new_run(ground_m=(31.0, None)), AXIS, np.array([True, True]))

    assert said is not None
    assert said.source is GroundSource.WORK
    assert said.level_m[0] == 31.0
    assert np.isnan(said.level_m[1])
    assert ground_of_work(a_new_run(), AXIS, np.array([True, True])) is None


def test_holes_of_the_better_source_are_filled_and_the_worse_is_named():
    said = GroundAlong(np.array([0.0, 100.0]), np.array([31.0, np.nan]), GroundSource.WORK, 0.0)
    other = GroundAlong(np.array([0.0, 100.0]), np.array([30.0, 30.5]), GroundSource.TERRAIN, 0.15)

    whole = filled(said, other)

    assert whole is not None
    assert whole.level_m.tolist() == [31.0, 30.5]
    assert (whole.source, whole.sigma_m) == (GroundSource.TERRAIN, 0.15)


def test_nothing_known_is_no_ground():
    assert ground_of_levels(np.array([0.0, 1.0]), np.full(2, np.nan), GroundSource.TERRAIN, 0.1) is None


def test_terrain_is_read_between_the_middles_of_its_cells(tmp_path):
    terrain = Terrain(a_raster(tmp_path / "t.tif", [[10, 20, 30], [40, 50, 60], [70, 80, 90]]))

    found = terrain.levels(np.array([[1001.0, 1999.0], [1002.0, 1998.0], [1004.0, 1997.0]]))

    assert found.tolist() == pytest.approx([10.0, 30.0, 55.0])


def test_terrain_says_nothing_beyond_its_edge_or_without_data(tmp_path):
    terrain = Terrain(a_raster(tmp_path / "t.tif", [[10, 20, 30], [40, -9999, 60], [70, 80, 90]]))

    found = terrain.levels(np.array([[900.0, 1999.0], [1003.0, 1997.5], [1004.6, 1994.0]]))

    assert np.isnan(found).all()
    assert np.isnan(terrain.levels(np.array([[5000.0, 5000.0]]))).all()


def test_terrain_in_another_system_is_refused(tmp_path):
    with pytest.raises(Unavailable, match="4548"):
        Terrain(a_raster(tmp_path / "t.tif", [[1, 2], [3, 4]], epsg=4547))


def test_terrain_that_is_no_raster_is_refused_in_a_sentence(tmp_path):
    (tmp_path / "t.tif").write_text("nothing")

    with pytest.raises(Unavailable, match="XZGIS_TERRAIN"):
        Terrain(tmp_path / "t.tif")
