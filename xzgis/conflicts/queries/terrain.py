"""Ground levels from a terrain raster, read through a small window."""

from functools import lru_cache
from pathlib import Path
from threading import Lock

import numpy as np
import rasterio
from rasterio.windows import Window

from xzgis.core.errors import Unavailable
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray

STORAGE_EPSG = 4548


class Terrain:
    """An open raster. GDAL's handle is not for two threads at once; a lock keeps them apart."""

    def __init__(self, path: Path) -> None:
        try:
            self._raster = rasterio.open(path, driver="GTiff")
        except rasterio.RasterioIOError as error:
            raise Unavailable(
                Words(f"地形栅格 {path.name} 打不开；需要 GeoTIFF（设置 XZGIS_TERRAIN，或用 xzgis terrain import 导入）。",
                      f"The terrain raster {path.name} cannot be opened; it must be a GeoTIFF "
                      "(setting XZGIS_TERRAIN, or xzgis terrain import).")
            ) from error  # fmt: skip
        epsg = self._raster.crs.to_epsg() if self._raster.crs is not None else None
        if epsg != STORAGE_EPSG:
            raise Unavailable(
                Words(f"地形栅格 {path.name} 的坐标系是 {_named(epsg)}，需要 EPSG:4548；可用 gdalwarp -t_srs EPSG:4548 转换。",
                      f"The terrain raster {path.name} is in {_named(epsg)}, it must be in EPSG:4548; "
                      "gdalwarp -t_srs EPSG:4548 converts it.")
            )  # fmt: skip
        self._lock = Lock()

    def levels(self, places: FloatArray) -> FloatArray:
        """Ground level at places ``(n, 2)``, storage CRS, bilinear between cell centres; NaN outside."""
        inverse = ~self._raster.transform
        east, north = places[:, 0], places[:, 1]
        column = inverse.a * east + inverse.b * north + inverse.c - 0.5
        row = inverse.d * east + inverse.e * north + inverse.f - 0.5
        left, top = int(np.floor(column.min())), int(np.floor(row.min()))
        right, bottom = int(np.floor(column.max())) + 2, int(np.floor(row.max())) + 2
        left, top = max(left, 0), max(top, 0)
        right, bottom = min(right, self._raster.width), min(bottom, self._raster.height)
        if right - left < 2 or bottom - top < 2:
            return np.full(len(places), np.nan)
        window = Window(left, top, right - left, bottom - top)
        with self._lock:
            cells = self._raster.read(1, window=window, masked=True)
        return _bilinear(np.asarray(cells.filled(np.nan), dtype=np.float64), column - left, row - top)

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the storage CRS."""
        west, south, east, north = self._raster.bounds
        return west, south, east, north

    @property
    def cell_m(self) -> float:
        """Width of a cell."""
        return float(abs(self._raster.transform.a))


def _named(epsg: int | None) -> str:
    return "—" if epsg is None else f"EPSG:{epsg}"


@lru_cache(maxsize=4)
def terrain(path: Path) -> Terrain:
    """The raster at ``path``, opened once."""
    return Terrain(path)


def _bilinear(cells: FloatArray, column: FloatArray, row: FloatArray) -> FloatArray:
    """Values between the four cells around each place; NaN where one of them is missing."""
    i = np.clip(np.floor(column).astype(int), 0, cells.shape[1] - 2)
    j = np.clip(np.floor(row).astype(int), 0, cells.shape[0] - 2)
    u, v = column - i, row - j
    upper = cells[j, i] * (1 - u) + cells[j, i + 1] * u
    lower = cells[j + 1, i] * (1 - u) + cells[j + 1, i + 1] * u
    inside = (u >= 0) & (u <= 1) & (v >= 0) & (v <= 1)
    return np.where(inside, upper * (1 - v) + lower * v, np.nan)
