"""Rows of real deliveries in the register, against another reader of the same files: pyogrio, without the product.

What is compared, row by row within each code, owner and size: the length to 1 mm, in plane metres of the source (for
degrees: of the city's projection moved to the source's longitude, by pyproj). Displaced deliveries keep their lengths.
"""

import io
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import pyproj
import pytest
import shapely
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.applications import with_pages
from tests.factories import an_actor
from xzgis.core import settings as settings_module
from xzgis.networks import jobs
from xzgis.networks.models import Batch, Node, Run

MM_M = 0.001


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def accepted(session: Session, path: Path) -> tuple[Batch, pd.DataFrame]:
    """The batch of a delivery put down in the city, and its rows of the register."""
    sent = [(path.name, io.BytesIO(path.read_bytes()))]
    number = jobs.upload_batch(an_actor(), files=sent, options={"displace": True})
    jobs.read_batch(number)
    jobs.accept_batch(number, leave_out_errors=True)
    columns = (
        Run.code, Run.owner, Run.nominal_width_mm, Run.nominal_height_mm, Run.outer_width_mm, Run.axis,
        Run.voltage_kv,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Run.batch_id == number, Run.known_to.is_(None))).all()
    frame = pd.DataFrame(rows, columns=[one.key for one in columns])
    frame["length_m"] = shapely.length(shapely.from_wkb([bytes(one.data) for one in frame["axis"]]))
    batch = session.get(Batch, number)
    assert batch is not None
    return batch, frame


def layer(path: Path, folder: Path, name: str | None = None) -> Any:
    """A layer as GDAL reads it, from a copy: GDAL writes beside its sources."""
    # Not the rights of the original: a copy that may only be read cannot be copied over.
    copy = Path(shutil.copyfile(path, folder / path.name))
    return geopandas.read_file(copy, layer=name, engine="pyogrio")


def same(ours: pd.DataFrame, theirs: pd.DataFrame, *by: str) -> None:
    """Both hold the same rows: as many of each ``by``, of the same lengths."""

    def grouped(frame: pd.DataFrame) -> dict[Any, Any]:
        told = frame[[*by, "length_m"]].copy()
        for column in by:
            told[column] = told[column].map(lambda value: "" if pd.isna(value) else str(value))
        return {key: np.sort(rows["length_m"]) for key, rows in told.groupby(list(by))}

    left, right = grouped(ours), grouped(theirs)
    assert left
    assert {key: len(rows) for key, rows in left.items()} == {key: len(rows) for key, rows in right.items()}
    for key, lengths in left.items():
        assert np.abs(lengths - right[key]).max() < MM_M, key


def in_mm(values: pd.Series, units: pd.Series) -> pd.Series:
    """Sizes in whole millimetres from values beside their own units; zero and less is unknown."""
    factor = (
        units.fillna("")
        .str.rpartition("::")[2]
        .str.rpartition(":")[2]
        .str.lower()
        .map({"cm": 10.0})
        .fillna(1.0)
    )
    size = pd.to_numeric(values, errors="coerce") * factor
    return size.where(size > 0).round(3)


KLIC = ["22G003181_1", "22G003182_1", "22O000518_1", "22O000525_1"]


@pytest.mark.parametrize("request_", KLIC)
def test_klic_rows_are_those_of_the_flat_copy(
    client: Any, session: Session, shared_data: Path, tmp_path: Path, request_: str
) -> None:
    # 22G003181_1 shows 1 637 points in its file and 2 220 in the register: the other 583 are ends of lines where the
    # delivery has no point; a line needs a node at each end, so they are put there.
    folder = shared_data / "imkl_klic_nl"
    theirs = layer(folder / f"flat_{request_}.gpkg", tmp_path, "utility_line")
    points = layer(folder / f"flat_{request_}.gpkg", tmp_path, "utility_point")

    client = with_pages(client)
    batch, ours = accepted(session, folder / f"Levering_{request_}.zip")

    theirs = theirs.assign(code=theirs["theme"], length_m=theirs.length)
    theirs["size"] = in_mm(theirs["pipe_diameter"], theirs["pipe_diameter_uom"])
    ours["size"] = ours["nominal_width_mm"]
    same(ours, theirs, "code", "owner", "size")
    nodes = (
        session.scalar(select(func.count()).where(Node.batch_id == batch.id, Node.known_to.is_(None))) or 0
    )
    counted = batch.summary["points_counted"]
    assert counted == {"delivered": len(points), "added": nodes - len(points)}
    for page in (f"/intake/{batch.id}", f"/intake/{batch.id}/preview"):
        assert f"{nodes} 点中，文件给出 {len(points)} 点" in client.get(page).text


def test_giswater_rows_are_those_of_its_layers(session: Session, shared_data: Path, tmp_path: Path) -> None:
    path = shared_data / "giswater_santboi" / "giswater_santboi.gpkg"
    sewer, water = layer(path, tmp_path, "sewer_arc"), layer(path, tmp_path, "water_arc")
    links = [layer(path, tmp_path, "sewer_link"), layer(path, tmp_path, "water_link")]
    # SWMM: the first figure is the height, the second the width; of a circle only the first is told.
    tall = (sewer["cat_geom1_m"] * 1000).where(sewer["cat_geom1_m"] > 0)
    wide = (sewer["cat_geom2_m"] * 1000).where(sewer["cat_geom2_m"] > 0).fillna(tall)
    theirs = pd.concat([
        sewer.assign(code="HS", owner=None, width=wide, height=tall, length_m=sewer.length),
        water.assign(code="JS", owner=water["ownercat_id"], width=water["cat_dext"], height=water["cat_dext"],
                     length_m=water.length),
        *(link.assign(code=code, owner=None, width=np.nan, height=np.nan, length_m=link.length)
          for link, code in zip(links, ("HS", "JS"), strict=True)),
    ])[["code", "owner", "width", "height", "length_m"]]  # fmt: skip

    _, ours = accepted(session, path)

    ours = ours.rename(columns={"nominal_width_mm": "width", "nominal_height_mm": "height"})
    for frame in (ours, theirs):
        frame[["width", "height"]] = frame[["width", "height"]].astype(float).round(3)
    same(ours, theirs, "code", "owner", "width", "height")


def test_oberrhein_rows_have_the_lengths_of_their_own_projection(
    session: Session, shared_data: Path, tmp_path: Path
) -> None:
    theirs = layer(shared_data / "power_mv_oberrhein" / "mv_lines_epsg4326.geojson", tmp_path)
    vertices = theirs.get_coordinates().to_numpy()
    lon, lat = np.round(np.median(vertices, axis=0), 1)
    plane = theirs.to_crs(f"+proj=tmerc +lat_0={lat} +lon_0={lon} +k=1 +x_0=0 +y_0=0 +ellps=GRS80")
    theirs = theirs.assign(length_m=plane.length, voltage_kv=theirs["voltage_kv"].astype(float))

    _, ours = accepted(session, shared_data / "power_mv_oberrhein" / "mv_lines_epsg4326.geojson")

    ours["voltage_kv"] = ours["voltage_kv"].astype(float)
    same(ours, theirs, "voltage_kv")
    # Against the ellipsoid itself, as a second opinion: 1 part in 10 000 over 15 km around the middle.
    geodesic = theirs.geometry.map(_geodesic_m)
    assert np.allclose(np.sort(ours["length_m"]), np.sort(geodesic), rtol=1e-4)


def _geodesic_m(line: shapely.LineString) -> float:
    told: float = pyproj.Geod(ellps="GRS80").geometry_length(line)
    return told
