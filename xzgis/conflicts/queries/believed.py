"""Whether a terrain raster can be the ground of the city, before it is taken in."""

from xzgis.conflicts.queries.terrain import Cells, Plausible, Terrain
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

MOST_IMPLAUSIBLE = 0.5
"""A share of odd cells above this is no matter of undeclared gaps: unit or datum are others than said."""


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
