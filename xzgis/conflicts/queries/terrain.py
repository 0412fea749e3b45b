"""Ground levels from a terrain raster, read block by block and believed only where they can be ground."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import file_digest
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
import rasterio
from pyproj import CRS
from rasterio.enums import ColorInterp
from rasterio.windows import Window

from xzgis.core.errors import Unavailable
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray

STORAGE_EPSG = 4548
HEIGHTS_EPSG = 5737
"""1985 national height datum, metres."""
TILE_CELLS = 256
"""Cells along a side of what is read at once: a long diagonal stays small in memory."""
METRES = ("", "m", "metre", "metres", "meter", "meters", "米")
PICTURES = (ColorInterp.red, ColorInterp.palette, ColorInterp.hue, ColorInterp.cyan)


@dataclass(frozen=True, slots=True)
class Plausible:
    """Levels between which the ground of the city lies; ``lowest_m`` itself is a way to say nothing (0)."""

    lowest_m: float
    highest_m: float

    def holds(self, level_m: FloatArray) -> npt.NDArray[np.bool_]:
        """Which levels can be ground; NaN cannot."""
        fits: npt.NDArray[np.bool_] = (level_m > self.lowest_m) & (level_m <= self.highest_m)
        return fits


@dataclass(frozen=True, slots=True)
class Cells:
    """What the cells of a raster hold: how many, how many with a value, how many that cannot be ground.

    ``odd``: row, column (from 0) and level of the first that cannot.
    """

    count: int
    told: int
    implausible: int
    odd: tuple[int, int, float] | None


def plausible_ground(limits: Mapping[str, float]) -> Plausible:
    """The bounds of the ground from the limits of ``layers/limits.toml``."""
    return Plausible(limits["lowest_ground_m"], limits["highest_ground_m"])


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
        _check_system(path.name, self._raster.crs)
        _check_band(path.name, self._raster)
        self._path = path
        self._digest: str | None = None
        self._lock = Lock()
        self.agrees_with_survey = False
        """Whether it was held against the ground surveyed in its area and lies on it."""

    def levels(self, places: FloatArray, within: Plausible) -> FloatArray:
        """Ground level at places ``(n, 2)``, storage CRS, bilinear between cell centres.

        NaN outside, and wherever one of the four cells around has no value or one that is not ``within`` the
        bounds of ground: nothing is interpolated across it.
        """
        inverse = ~self._raster.transform
        east, north = places[:, 0], places[:, 1]
        column = inverse.a * east + inverse.b * north + inverse.c - 0.5
        row = inverse.d * east + inverse.e * north + inverse.f - 0.5
        found = np.full(len(places), np.nan)
        width, height = self._raster.width, self._raster.height
        inside = np.flatnonzero((column >= 0) & (column <= width - 1) & (row >= 0) & (row <= height - 1))
        if width < 2 or height < 2 or len(inside) == 0:
            return found
        column, row = column[inside], row[inside]
        i = np.minimum(column.astype(np.int64), width - 2)
        j = np.minimum(row.astype(np.int64), height - 2)
        tile = (j // TILE_CELLS) * (width // TILE_CELLS + 1) + i // TILE_CELLS
        for each in np.unique(tile):
            at = np.flatnonzero(tile == each)
            left, top = int(i[at].min()), int(j[at].min())
            right, bottom = int(i[at].max()) + 2, int(j[at].max()) + 2
            cells = self._cells(Window(left, top, right - left, bottom - top))
            cells[~within.holds(cells)] = np.nan
            found[inside[at]] = _bilinear(
                cells, i[at] - left, j[at] - top, column[at] - i[at], row[at] - j[at]
            )
        return found

    def looked_through(self, within: Plausible) -> Cells:
        """Every cell looked at once, block by block."""
        told = implausible = 0
        odd: tuple[int, int, float] | None = None
        for _, window in self._raster.block_windows(1):
            cells = self._cells(window)
            known = np.isfinite(cells)
            wrong = known & ~within.holds(cells)
            told, implausible = told + int(known.sum()), implausible + int(wrong.sum())
            if odd is None and wrong.any():
                row, column = (int(each[0]) for each in np.nonzero(wrong))
                odd = (int(window.row_off) + row, int(window.col_off) + column, float(cells[row, column]))
        return Cells(self._raster.width * self._raster.height, told, implausible, odd)

    def place_of(self, row: int, column: int) -> tuple[float, float]:
        """East and north of the middle of a cell, storage CRS."""
        to, x, y = self._raster.transform, column + 0.5, row + 0.5
        return float(to.a * x + to.b * y + to.c), float(to.d * x + to.e * y + to.f)

    @property
    def name(self) -> str:
        """Name of the file."""
        return self._path.name

    @property
    def digest(self) -> str:
        """SHA-256 of the file, hex; read once."""
        if self._digest is None:
            with self._path.open("rb") as content:
                self._digest = file_digest(content, "sha256").hexdigest()
        return self._digest

    @property
    def bounds_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north in the storage CRS."""
        west, south, east, north = self._raster.bounds
        return west, south, east, north

    @property
    def cell_m(self) -> float:
        """Width of a cell."""
        return float(abs(self._raster.transform.a))

    def _cells(self, window: Window) -> FloatArray:
        """Levels in metres with the scale and offset of the band; NaN where the raster says it has no value."""
        with self._lock:
            cells = self._raster.read(1, window=window, masked=True)
        level: FloatArray = (
            np.ma.getdata(cells).astype(np.float64) * self._raster.scales[0] + self._raster.offsets[0]
        )
        level[np.ma.getmaskarray(cells)] = np.nan
        return level


def _check_system(name: str, crs: Any) -> None:
    """Refuse a raster that is not in the storage CRS, or says heights of another datum or unit."""
    plan, heights = _systems(crs)
    if plan != STORAGE_EPSG:
        raise Unavailable(
            Words(f"地形栅格 {name} 的坐标系是 {_named(plan)}，需要 EPSG:4548；可用 gdalwarp -t_srs EPSG:4548 转换。",
                  f"The terrain raster {name} is in {_named(plan)}, it must be in EPSG:4548; "
                  "gdalwarp -t_srs EPSG:4548 converts it.")
        )  # fmt: skip
    if heights != HEIGHTS_EPSG:
        raise Unavailable(
            Words(f"地形栅格 {name} 的高程基准是 {_named(heights)}，需要 1985 国家高程基准（EPSG:5737，米）；请先换算高程。",
                  f"The heights of the terrain raster {name} are on {_named(heights)}, they must be on the 1985 datum "
                  "(EPSG:5737, metres); convert them first.")
        )  # fmt: skip


def _systems(crs: Any) -> tuple[int | None, int | None]:
    """EPSG codes in plan and height; heights that are not spoken of are on the 1985 datum."""
    if crs is None:
        return None, HEIGHTS_EPSG
    known = CRS.from_user_input(crs)
    if known.is_compound:
        plan, heights = known.sub_crs_list[:2]
        return plan.to_epsg(), heights.to_epsg()
    return known.to_epsg(), HEIGHTS_EPSG


def _check_band(name: str, raster: Any) -> None:
    """Refuse pictures, and levels that say another unit than metres."""
    values = [each for each in raster.colorinterp if each is not ColorInterp.alpha]
    what = "、".join(each.name for each in values)
    if len(values) != 1 or values[0] in PICTURES or raster.dtypes[0].startswith("complex"):
        raise Unavailable(
            Words(f"地形栅格 {name} 有 {len(values)} 个波段（{what}），需要只有一个高程波段；影像或晕渲图不是地形。",
                  f"The terrain raster {name} has {len(values)} band(s) ({what.replace('、', ', ')}); it must have "
                  "one, of levels. A picture or a hillshade is no terrain.")
        )  # fmt: skip
    unit = (raster.units[0] or "").strip().lower()
    if unit not in METRES:
        raise Unavailable(
            Words(f"地形栅格 {name} 的高程单位是“{unit}”，需要米；请换算后重试。",
                  f"The levels of the terrain raster {name} are in “{unit}”, they must be in metres; convert them.")
        )  # fmt: skip


def _named(epsg: int | None) -> str:
    return "—" if epsg is None else f"EPSG:{epsg}"


def terrain(path: Path) -> Terrain:
    """The raster at ``path``, opened once for as long as the file stays the same."""
    try:
        found = path.stat()
    except OSError:
        return Terrain(path)  # says why
    return _opened(path, found.st_mtime_ns, found.st_size, found.st_ino)


@lru_cache(maxsize=8)
def _opened(path: Path, _changed_ns: int, _bytes: int, _inode: int) -> Terrain:
    return Terrain(path)


def _bilinear(
    cells: FloatArray, i: npt.NDArray[np.int64], j: npt.NDArray[np.int64], u: FloatArray, v: FloatArray
) -> FloatArray:
    """Values between the cells ``(j, i)`` and the next; NaN where one of the four is missing."""
    upper = cells[j, i] * (1 - u) + cells[j, i + 1] * u
    lower = cells[j + 1, i] * (1 - u) + cells[j + 1, i + 1] * u
    level: FloatArray = upper * (1 - v) + lower * v
    return level
