"""Tiles and the style over HTTP: what is in them, and that no stale copy is ever taken for the register."""

import pytest

from api.map import routes
from api.map.cache import TileCache
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run, an_actor
from xzgis.catalogue.files import catalogue
from xzgis.core.db import stored
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Road
from xzgis.networks.queries import tiles


def tile_path(zoom: int) -> str:
    """The tile in which the test street begins."""
    grid = catalogue().grid
    wide_m = grid.extent_m / 2**zoom
    column = int((EAST_M + 1 - grid.origin_east_m) / wide_m)
    row = int((grid.origin_north_m - NORTH_M) / wide_m)
    return f"/api/map/tiles/{zoom}/{column}/{row}"


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Each test rolls back, so that equal versions here mean different registers."""
    monkeypatch.setattr(routes, "CACHE", TileCache())


@pytest.fixture
def street(session):
    """A batch with a water main and what stands around it."""
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add_all([
        a_run("water", batch_id=batch.id, label="J7-J8"),
        a_node("water", point_no="J7", batch_id=batch.id),
        a_coverage("water", batch_id=batch.id),
        Road(part="centreline", name="测试街", shape=stored(a_line()), batch_id=batch.id),
    ])  # fmt: skip
    session.flush()
    return batch


def test_a_large_scale_tile_holds_every_record(client, street):
    data = client.get(tile_path(10)).content

    for part in (b"runs", b"nodes", b"roads", b"coverage", b"J7-J8", b"DN200", "测试街".encode()):
        assert part in data
    assert b"streets" not in data


def test_a_small_scale_tile_holds_streets_and_says_so(client, street):
    data = client.get(tile_path(7)).content

    assert b"streets" in data
    assert b"overview" in data
    assert b"J7-J8" not in data


def test_no_tile_holds_the_roads_of_an_undone_batch(client, session, street):
    assert all("测试街".encode() in client.get(tile_path(zoom)).content for zoom in (7, 10))

    undo_batch(session, actor=an_actor(), batch_id=street.id, now=NOW)
    session.flush()

    assert not any("测试街".encode() in client.get(tile_path(zoom)).content for zoom in (7, 10))


def test_an_unknown_depth_is_told(client, session, street):
    session.add(a_run("gas", y_m=3.0, crown_m=None, batch_id=street.id))
    session.flush()

    labels = client.get("/api/map/style/workbench").json()["layers"]
    assert b"depth_unknown" in client.get(tile_path(10)).content
    assert any(
        "埋深?" in str(layer["layout"].get("text-field")) for layer in labels if layer["type"] == "symbol"
    )


def test_the_browser_is_told_when_nothing_changed(client, street):
    first = client.get(tile_path(10))

    again = client.get(tile_path(10), headers={"If-None-Match": first.headers["etag"]})

    assert again.status_code == 304
    assert first.headers["cache-control"] == "private, no-cache"


def test_a_change_of_the_register_changes_the_tile(client, session, street):
    before = client.get(tile_path(10))

    undo_batch(session, actor=an_actor(), batch_id=street.id, now=NOW)
    session.flush()
    after = client.get(tile_path(10), headers={"If-None-Match": before.headers["etag"]})

    assert after.status_code == 200
    assert b"J7-J8" not in after.content


def test_a_tile_that_would_be_too_large_is_generalised(client, session, street, monkeypatch):
    monkeypatch.setattr(tiles, "TILE_LIMIT_BYTES", 100)
    grid = catalogue().grid
    _, _, _, _, zoom, column, row = tile_path(10).split("/")

    made = tiles.tile(session, grid, z=int(zoom), x=int(column), y=int(row))

    assert made.cell_m is not None
    assert b"overview" in made.data


@pytest.mark.parametrize("path", ["/api/map/tiles/3/8/0", "/api/map/tiles/20/0/0", "/api/map/style/nowhere"])
def test_what_is_not_in_the_grid_is_not_found(client, path):
    assert client.get(path).status_code == 404


def test_the_style_draws_every_kind_of_line_in_the_citys_grid(client):
    style = client.get("/api/map/style/workbench").json()
    kinds = [kind.token for kind in catalogue().kinds.values() if kind.is_buried_line]
    drawn = {layer["id"] for layer in style["layers"]}

    assert style["projection"] == {"type": "EPSG:4548"}
    assert "glyphs" not in style
    assert set(kinds) <= drawn
    assert {f"{kind}-streets" for kind in kinds} <= drawn
