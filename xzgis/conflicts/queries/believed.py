"""Whether a terrain raster can be the ground of the city, before it is taken in or read."""

import numpy as np
from sqlalchemy.orm import Session

from xzgis.conflicts.queries.surroundings import surveyed_ground
from xzgis.conflicts.queries.terrain import Cells, Plausible, Terrain
from xzgis.core.errors import Fault, Invalid, Unavailable
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray

MOST_IMPLAUSIBLE = 0.5
"""A share of odd cells above this is no matter of undeclared gaps: unit or datum are others than said."""

LEAST_NODES = 10
"""So many surveyed levels under a raster tell whether it speaks of the same ground."""
MOST_APART_M = 5.0
"""Own choice: half of the surveyed ground farther than this from the raster is no error of either, but a unit or datum."""


Reasons = tuple[Words, Words]
"""What is wrong, and what to do about it."""


def agrees_with_survey(raster: Terrain, name: str, within: Plausible, surveyed: FloatArray) -> None:
    """Refuse a raster that lies off the ground surveyed in its area, however plausible its levels by themselves.

    Parameters
    ----------
    surveyed
        ``(n, 4)`` east, north (storage CRS), ground level and sigma, metres; a few tell nothing.

    Raises
    ------
    Invalid
        Half of the surveyed levels lie more than :data:`MOST_APART_M` off it: decimetres, or heights of another datum.
    """
    reasons = _off_survey(raster, within, surveyed)[1]
    if reasons is not None:
        raise _refused(name, ("cells",), *reasons)


def check_setting(session: Session, raster: Terrain, within: Plausible) -> None:
    """Refuse the raster of the settings where it lies off the ground surveyed in its area, as one that comes in.

    Asked until enough levels were surveyed there; then once for as long as the file stays the same.

    Raises
    ------
    Unavailable
        Half of the surveyed levels lie more than :data:`MOST_APART_M` off it; nothing is checked against it.
    """
    if raster.agrees_with_survey:
        return
    is_told, reasons = _off_survey(raster, within, surveyed_ground(session, np.array([raster.bounds_m])))
    raster.agrees_with_survey = is_told and reasons is None
    if reasons is None:
        return
    words, remedy = reasons
    raise Unavailable(
        Words(f"设置 XZGIS_TERRAIN 的地形栅格 {raster.name} 不能作为地面，不作检查：{words.zh}{remedy.zh}或去掉此设置。",
              f"The terrain raster {raster.name} of XZGIS_TERRAIN cannot be the ground, so nothing was checked: {words.en} "
              f"{remedy.en} Or leave the setting out.")
    )  # fmt: skip


def _off_survey(raster: Terrain, within: Plausible, surveyed: FloatArray) -> tuple[bool, Reasons | None]:
    """Whether the survey tells of the raster at all, and why the raster is none where it lies off the survey."""
    levels = raster.levels(surveyed[:, :2], within)
    told = np.isfinite(levels) & np.isfinite(surveyed[:, 2])
    if told.sum() < LEAST_NODES:
        return False, None
    apart_m = float(np.median(np.abs(levels[told] - surveyed[told, 2])))
    if apart_m <= MOST_APART_M:
        return True, None
    count, here, there = int(told.sum()), float(np.median(levels[told])), float(np.median(surveyed[told, 2]))
    return True, (
        Words(f"{count} 个实测地面高程有一半以上与它相差超过 {MOST_APART_M:g} m"
              f"（中位数：栅格 {here:.2f} m，实测 {there:.2f} m）。",
              f"Half of the {count} surveyed ground levels lie more than {MOST_APART_M:g} m off it "
              f"(medians: raster {here:.2f} m, survey {there:.2f} m)."),
        Words("核对单位（米）与高程基准；分米可用 gdal_translate -a_scale 0.1 说明。",
              "Look at its unit (metres) and datum: gdal_translate -a_scale 0.1 tells of decimetres."),
    )  # fmt: skip


def believed(raster: Terrain, name: str, within: Plausible) -> Cells:
    """What the cells of ``raster`` hold; odd ones in the minority are unknown later, not ground.

    Raises
    ------
    Invalid
        No cell has a value, or most of those that have one cannot be ground; with file, cell, value and remedy.
    """
    cells = raster.looked_through(within)
    if cells.told == 0:
        raise _refused(
            name,
            ("cells",),
            Words("没有一个格网有高程。", "None of its cells has a level."),
            Words("核对栅格的无数据值与掩膜。", "Look at its nodata value and mask."),
        )
    if cells.odd is None or cells.implausible <= MOST_IMPLAUSIBLE * cells.told:
        return cells
    row, column, level_m = cells.odd
    east_m, north_m = raster.place_of(row, column)
    least, most = f"{within.lowest_m:g}", f"{within.highest_m:g}"
    raise _refused(
        name,
        ("row", row, "column", column),
        Words(f"{cells.told} 个有值格网中 {cells.implausible} 个不可能是地面高程（应大于 {least} m、不超过 {most} m），"
              f"例如第 {row} 行第 {column} 列（东 {east_m:.2f}，北 {north_m:.2f}）的 {level_m:g} m。",
              f"{cells.implausible} of {cells.told} cells with a value cannot be ground (above {least} m, at most {most} m), "
              f"for one row {row}, column {column} (east {east_m:.2f}, north {north_m:.2f}) with {level_m:g} m."),
        Words("核对单位（米）与高程基准；厘米可用 gdal_translate -a_scale 0.01 说明，无数据值用 gdal_translate -a_nodata 说明；"
              "界限见 layers/limits.toml 的 lowest_ground_m、highest_ground_m。",
              "Look at its unit (metres) and datum: gdal_translate -a_scale 0.01 tells of centimetres, -a_nodata of cells "
              "without a value; the bounds are lowest_ground_m and highest_ground_m of layers/limits.toml."),
    )  # fmt: skip


def _refused(name: str, loc: tuple[str | int, ...], words: Words, remedy: Words) -> Invalid:
    return Invalid(
        Words(f"地形栅格 {name} 没有导入：{words.zh}{remedy.zh}",
              f"The terrain raster {name} was not taken in: {words.en} {remedy.en}"),
        faults=(Fault((name, *loc), words, remedy),),
    )  # fmt: skip
