"""Where a check reads the ground, roads and versions: as of a time, from which terrain."""

from datetime import timedelta

import numpy as np
import pytest
import rasterio
from affine import Affine
from shapely import box

from tests.db.conflicts.test_check import DAY, a_work, check, everywhere, of
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run, an_actor
from tests.unit.conflicts.test_ground import a_raster
from xzgis.audit.record import record
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.queries.terrain import Terrain
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.core.db import stored
from xzgis.core.errors import Unavailable
from xzgis.core.files import keep
from xzgis.core.settings import Settings
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.events import RecordRemoved
from xzgis.networks.models import Road
from xzgis.works.terms import Excavation, GroundSource, WorkDocument


def test_the_ground_of_a_past_moment_is_the_one_known_then(session):
    session.add(a_node("water", x_m=50.0, y_m=3.0, ground_m=31.5, known_to=DAY))
    session.add(a_node("water", x_m=50.0, y_m=3.0, ground_m=51.5, known_from=DAY))
    everywhere(session)

    now = check(session, a_work(ground_m=None)).work.runs
    then = check(session, a_work(ground_m=None), sources=Sources(as_of=NOW)).work.runs

    assert np.nanmax(now.ground_m) == 51.5
    assert np.nanmax(then.ground_m) == 31.5


def test_the_roads_of_a_past_moment_are_those_that_stood_then(session):
    batch = a_batch(accepted_at=DAY)
    session.add(batch)
    session.flush()
    lane = box(EAST_M - 10, NORTH_M - 3, EAST_M + 200, NORTH_M + 3)
    session.add(Road(part="carriageway", shape=stored(lane), batch_id=batch.id))
    everywhere(session)

    now = check(session, a_work(surface=None)).result
    then = check(session, a_work(surface=None), sources=Sources(as_of=NOW)).result

    assert now.checked["surface"] == {"carriageway": 100.0}
    assert then.checked["surface"] == {"unknown": 100.0}


def test_the_roads_of_an_undone_batch_are_those_of_every_moment_before_that(session):
    batch = a_batch(accepted_at=NOW)
    session.add(batch)
    session.flush()
    lane = box(EAST_M - 10, NORTH_M - 3, EAST_M + 200, NORTH_M + 3)
    session.add(Road(part="carriageway", shape=stored(lane), batch_id=batch.id))
    everywhere(session)
    undo_batch(session, actor=an_actor(), batch_id=batch.id, now=DAY)

    now = check(session, a_work(surface=None)).result
    before = check(session, a_work(surface=None), sources=Sources(as_of=DAY - timedelta(seconds=1))).result

    assert now.checked["surface"] == {"unknown": 100.0}
    assert before.checked["surface"] == {"carriageway": 100.0}


def test_the_version_of_a_past_moment_stays_when_something_is_recorded_later(session):
    def told(moment):
        event = RecordRemoved(object_id="1", record_kind="run", reason="x")
        record(session, actor=an_actor(), event=event, now=moment)
        session.flush()

    told(NOW)
    first = check(session, a_work()).result.versions["data"]
    told(DAY)
    session.add(a_batch(is_invented=True, accepted_at=DAY))
    session.flush()
    then = check(session, a_work(), sources=Sources(as_of=NOW)).result

    assert then.versions["data"] == first
    assert check(session, a_work()).result.versions["data"] != first
    assert then.checked["invented"] is False


def test_the_version_names_the_terrain_and_its_sigma(session, tmp_path):
    everywhere(session)
    raster = Terrain(a_raster(tmp_path / "t.tif", [[30, 30], [30, 30]]))
    other = Terrain(a_raster(tmp_path / "u.tif", [[30, 30], [30, 31]]))

    def version(**sources):
        return check(session, a_work(), sources=Sources(**sources)).result.versions["terrain"]

    told = [
        version(),
        version(terrain=raster),
        version(terrain=other),
        version(terrain=raster, terrain_sigma_m=0.2),
    ]

    assert told[0] == "none"
    assert len(set(told)) == 4
    assert version(terrain=raster) == told[1]


def a_terrain(session, folder, name, level_m, *, east_m, width_m, **facts):
    """A raster of 5 m cells around the work from ``east_m`` on, brought by a batch of its own."""
    cells = np.full((20, int(width_m / 5)), level_m, dtype=np.float32)
    path = folder / name
    with rasterio.open(
        path, "w", driver="GTiff", width=cells.shape[1], height=20, count=1, dtype="float32", crs="EPSG:4548",
        transform=Affine(5.0, 0.0, EAST_M + east_m, 0.0, -5.0, NORTH_M + 50.0),
    ) as raster:  # fmt: skip
        raster.write(cells, 1)
    store = Settings(var_dir=folder / "var")
    with path.open("rb") as content:
        kept = keep(store, content)
    session.add(a_batch(options={"terrain": {"name": name, "digest": kept.digest, "sigma_m": 0.1}}, **facts))
    session.flush()
    return Sources(files=store)


def test_a_newer_raster_of_a_district_leaves_the_older_of_the_city_around_it(session, tmp_path):
    everywhere(session)
    a_terrain(session, tmp_path, "sample.tif", 90.0, east_m=-500, width_m=2000, is_invented=True)
    a_terrain(session, tmp_path, "city.tif", 30.0, east_m=-50, width_m=200)
    sources = a_terrain(session, tmp_path, "district.tif", 35.0, east_m=50, width_m=30)

    placed = check(session, a_work(ground_m=None), sources=sources).work
    beyond = a_work(ground_m=None, axis=((EAST_M + 300, NORTH_M), (EAST_M + 400, NORTH_M)))

    x = placed.runs.xy_m[:, 0] + placed.runs.origin_m[0] - EAST_M
    assert placed.ground == (GroundSource.TERRAIN,)
    inside = (x > 53) & (x < 77)
    assert set(placed.runs.ground_m[inside].tolist()) == {35.0}
    assert set(placed.runs.ground_m[(x < 50) | (x > 80)].tolist()) == {30.0}
    assert check(session, beyond, sources=sources).work.ground == (GroundSource.UNKNOWN,)


def test_undeclared_gaps_of_the_terrain_leave_the_work_unjudged(session, tmp_path):
    session.add(a_run("water", axis=a_line(points=((50, -20), (50, 20)))))
    everywhere(session)
    sources = a_terrain(session, tmp_path, "gaps.tif", -9999.0, east_m=-50, width_m=200)

    result = check(session, a_work(ground_m=None), sources=sources).result

    (finding,) = of(result, Measure.VERTICAL)
    assert finding.outcome is Outcome.CANNOT_JUDGE
    assert result.checked["ground"] == ["unknown"]


def test_a_hole_is_surveyed_only_with_the_ground_that_digging_concerns(session):
    everywhere(session, without=("gas", "heat"))
    session.add(a_coverage("gas", area=box(EAST_M - 1.99, NORTH_M - 50, EAST_M + 50, NORTH_M + 50)))
    session.add(a_coverage("heat", area=box(EAST_M - 2.0, NORTH_M - 50, EAST_M + 3, NORTH_M + 50)))
    session.add(a_coverage("heat", area=box(EAST_M + 3, NORTH_M - 50, EAST_M + 50, NORTH_M + 50)))
    session.flush()
    outline = tuple((EAST_M + x, NORTH_M + y) for x, y in ((0, 0), (10, 0), (10, 5), (0, 5)))
    work = WorkDocument(excavations=(Excavation(outline=outline, depth_m=2.0),))

    (part,) = check(session, work).result.not_covered

    assert (part.kind, part.run, part.chainage_m) == ("gas", "hole:1", (0.0, 30.0))


def test_a_gap_inside_a_hole_leaves_it_unsurveyed(session):
    everywhere(session, without=("gas",))
    area = box(EAST_M - 50, NORTH_M - 50, EAST_M + 50, NORTH_M + 50).difference(
        box(EAST_M + 9, NORTH_M + 9, EAST_M + 11, NORTH_M + 11)
    )
    session.add(a_coverage("gas", area=area))
    session.flush()
    outline = tuple((EAST_M + x, NORTH_M + y) for x, y in ((0, 0), (20, 0), (20, 20), (0, 20)))

    (part,) = check(
        session, WorkDocument(excavations=(Excavation(outline=outline, depth_m=2.0),))
    ).result.not_covered

    assert (part.kind, part.run) == ("gas", "hole:1")


@pytest.mark.parametrize(
    ("level_m", "nodes", "is_refused"),
    [
        pytest.param(300.0, 10, True, id="decimetres unsaid"),
        pytest.param(300.0, 9, False, id="too few to tell"),
        pytest.param(33.0, 10, False, id="a rough terrain"),
    ],
)
def test_the_raster_of_the_settings_is_held_against_the_surveyed_ground(
    session, tmp_path, level_m, nodes, is_refused
):
    cells = np.full((20, 20), level_m, dtype=np.float32)
    place = Affine.translation(EAST_M - 10, NORTH_M + 50) @ Affine.scale(5.0, -5.0)
    with rasterio.open(tmp_path / "t.tif", "w", driver="GTiff", width=20, height=20, count=1, dtype="float32",
                       crs="EPSG:4548", transform=place) as raster:  # fmt: skip
        raster.write(cells, 1)
    for number in range(nodes):
        session.add(a_node("water", x_m=5.0 * number, y_m=8.0, ground_m=30.0))
    everywhere(session)
    sources = Sources(terrain=Terrain(tmp_path / "t.tif"))

    if is_refused:
        with pytest.raises(Unavailable, match=r"XZGIS_TERRAIN .*t\.tif .*实测 30.00 m"):
            check(session, a_work(ground_m=None), sources=sources)
        return
    found = check(session, a_work(ground_m=None), sources=sources).result

    assert found.versions["terrain"] != "none"
    assert sources.terrain.agrees_with_survey is (nodes >= 10)
