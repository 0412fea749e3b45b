"""The invented district as files: GeoPackages, a terrain raster, what a check must find, and a manifest."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import rasterio
from affine import Affine

from xzgis.catalogue.terms import Catalogue
from xzgis.core.db import STORAGE_SRID
from xzgis.networks.rules.invented import INVENTED
from xzgis.samples.rules.district import sample_of
from xzgis.samples.rules.layout import ground_m
from xzgis.samples.rules.secret import WORK_NAME, secret_of, work_beside_secret
from xzgis.samples.rules.works import works_of
from xzgis.samples.terms import WITHHELD_FILE, Layout, Sample

GENERATOR_VERSION = 3
"""Raised whenever the same seed gives other files."""
CELL_M = 5.0
TERRAIN_FILE = "terrain.tif"
TERRAIN_SIGMA_M = 0.02
"""Standard deviation said of the raster: cells of 5 m read between their centres are off by 5 mm at most."""
ROWS_AT_ONCE = 256
#: File name → layers in it: no file of the shipped district passes 1.5 MB.
FILES = {
    "runs.gpkg": ("runs",),
    "nodes.gpkg": ("nodes",),
    "land.gpkg": ("roads", "parcels", "buildings", "coverage"),
}


@dataclass(frozen=True)
class Built:
    """What was written: the manifest, and where."""

    folder: Path
    manifest: dict[str, Any]


def build_sample(catalogue: Catalogue, folder: Path, *, segments: int, seed: int) -> Built:
    """Write an invented district of about ``segments`` runs to ``folder``; same seed, same bytes.

    Files: ``runs.gpkg``, ``nodes.gpkg``, ``land.gpkg``, ``terrain.tif``, ``secret.json``, ``works/*.json``,
    ``expected.json``, ``manifest.json``. All in EPSG:4548, east and north in metres.
    """
    folder.mkdir(parents=True, exist_ok=True)
    sample = sample_of(catalogue, segments=segments, seed=seed)
    _write_layers(sample, folder, with_index=segments > ROWS_WITHOUT_INDEX)
    _write_terrain(sample.layout, folder / TERRAIN_FILE)
    _write_json(folder / WITHHELD_FILE, secret_of(sample.layout))
    works = works_of(catalogue, sample) | {WORK_NAME: work_beside_secret(sample)}
    (folder / "works").mkdir(exist_ok=True)
    for name, document in works.items():
        _write_json(folder / "works" / f"{name}.json", document)
    _write_json(folder / "expected.json", sample.expected)
    manifest = {
        "invented": True, "note": sample.expected["note"], "generator": GENERATOR_VERSION, "seed": seed,
        "segments_asked": segments, "rules": catalogue.version, "crs": f"EPSG:{STORAGE_SRID}",
        "terrain": {"file": TERRAIN_FILE, "sigma_m": TERRAIN_SIGMA_M},
        "counts": {name: len(getattr(sample, name)) for layers in FILES.values() for name in layers},
        "files": {str(path.relative_to(folder)): _digest(path) for path in sorted(folder.rglob("*"))
                  if path.is_file() and path.name != "manifest.json"},
    }  # fmt: skip
    _write_json(folder / "manifest.json", manifest)
    return Built(folder=folder, manifest=manifest)


ROWS_WITHOUT_INDEX = 20_000
"""A small file is quicker read whole than by an index, and half as large."""


def _write_layers(sample: Sample, folder: Path, *, with_index: bool) -> None:
    # GDAL would write the time of the day into the file: the same seed must give the same bytes.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": "2026-01-01T00:00:00.000Z"})
    try:
        for file, layers in FILES.items():
            (folder / file).unlink(missing_ok=True)
            for name in layers:
                # A file copied out of its folder loses its manifest: each row says what it is.
                frame = _plain(getattr(sample, name).assign(**{INVENTED: True}))
                pyogrio.write_dataframe(
                    frame,
                    folder / file,
                    layer=name,
                    driver="GPKG",
                    use_arrow=True,
                    SPATIAL_INDEX="YES" if with_index else "NO",
                )
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def _plain(frame: pd.DataFrame) -> gpd.GeoDataFrame:
    """The frame as a GeoPackage holds it: unknown is NULL."""
    columns: dict[str, Any] = {}
    for name in frame.columns:
        column = frame[name]
        is_text = column.dtype == object and name != "geometry"
        columns[name] = column.where(column.notna(), None) if is_text else column
    return gpd.GeoDataFrame(columns, geometry="geometry", crs=f"EPSG:{STORAGE_SRID}")


def _write_terrain(layout: Layout, path: Path) -> None:
    """Ground levels in cells of 5 m, centimetres kept, a few rows at a time."""
    west, south, east, north = layout.box_m
    width, height = round((east - west) / CELL_M), round((north - south) / CELL_M)
    profile = {
        "driver": "GTiff", "dtype": "float32", "count": 1, "width": width, "height": height, "nodata": -9999.0,
        "crs": f"EPSG:{STORAGE_SRID}", "transform": Affine(CELL_M, 0.0, west, 0.0, -CELL_M, north), "tiled": True,
        "blockxsize": 256, "blockysize": 256, "compress": "deflate", "predictor": 3,
    }  # fmt: skip
    x = west + CELL_M * (np.arange(width, dtype=np.float64) + 0.5)
    with rasterio.open(path, "w", **profile) as raster:
        for first in range(0, height, ROWS_AT_ONCE):
            rows = np.arange(first, min(first + ROWS_AT_ONCE, height), dtype=np.float64)
            y = north - CELL_M * (rows + 0.5)
            levels = ground_m(layout, x[None, :], y[:, None]).round(2)
            raster.write(levels.astype(np.float32), 1, window=((int(rows[0]), int(rows[-1]) + 1), (0, width)))


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
