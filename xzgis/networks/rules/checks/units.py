"""Whether the depths of a table may be in another unit than metres (R50): no single figure is odd, the whole column is.

Decimetres of a water main at 1.2 m are 12, which S16 believes (a drilled main lies so deep). A column is asked about
where the median of its depths, kind by kind, is one that lines of that kind never have on the whole: from
``shallow_kinds_depth_m`` for lines that follow the surface, from ``largest_depth_m`` for gravity sewers and, as the
widest limit, for lines of unknown kind or of none. Not counted are ends whose recorded level confirms the depth, and
lines that are laid deep on purpose or need not be buried (docs/import-findings.md, R50).
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.checks.depths import ENDS, own_ground_m
from xzgis.networks.rules.checks.places import GRAVITY
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.courses import RAISED
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.terms import Delivery

DOUBTED_UNIT = "R50"
FEWEST = 6
"""Depths of one kind in one table: three lines; fewer may all cross one road or river."""
NO_KIND = "unknown"
"""What a line whose kind nobody told is judged as, and so asked as."""
LAID_DEEP = frozenset({"jacked", "drilled", "underwater", "utility_tunnel", "civil_defence", "small_passage"})
UNLIMITED = frozenset({"utility_tunnel"})


def check_depth_units(checker: Checker) -> None:
    """R50: one warning per table and kind whose depths are, on the whole, those of another unit."""
    odd = _doubted(checker)
    first = odd.drop_duplicates(["file", "sheet", "kind"])
    for line, field, kind, median_m in zip(
        first["line"], first["field"], first["kind"], first["median_m"], strict=True
    ):
        named = checker.catalogue.kinds[kind]
        row = checker.row("lines", int(line))
        checker.tell(
            DOUBTED_UNIT,
            row,
            Words(
                f"本表{named.zh}埋深的中位数为 {median_m:g} m，整列可能不是以米为单位（如分米、厘米）；这些管段的标高按未知处理",
                f"The median depth of {named.en} in this table is {median_m:g} m: the column may be in another unit than"
                " metres (such as decimetres or centimetres); the levels of these lines are taken as unknown",
            ),
            Words(
                "核对埋深的单位：不是米的，在表头写明（如“起点埋深（dm）”）后重交，矢量图层也可在“对应关系”中选定单位；确为深埋，请注明埋设方式（顶管、定向钻等）或管线高程",
                "Ask for its unit: if it is not metres, say so in the header, as start depth (dm), and deliver again, or pick"
                " the unit of a layer's column in its mapping; lines that do lie so deep say how they are laid (jacked, drilled)"
                " or their levels",
            ),
            field=field,
            value=row[field],
            level="warning",
        )


def without_doubted_levels(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """``delivery`` with the levels unknown that hang on depths of a doubted unit: ten times too deep is clear of all."""
    checker = Checker(delivery, catalogue, strict=False)
    doubted = np.zeros(len(checker.lines), dtype=np.bool_)
    doubted[_doubted(checker)["line"].to_numpy(np.int64)] = True
    if not doubted.any():
        return delivery
    vertices = delivery.vertices
    unknown = np.repeat(doubted, np.diff(vertices.offset))
    crown, bottom = (np.where(unknown, np.nan, each) for each in (vertices.crown_m, vertices.bottom_m))
    return replace(delivery, vertices=replace(vertices, crown_m=crown, bottom_m=bottom))


def _doubted(checker: Checker) -> pd.DataFrame:
    """The ends of :func:`_depths` in tables whose depths of a kind seem to be in another unit, with ``median_m``."""
    least_m = min(checker.limit("largest_depth_m"), checker.limit("shallow_kinds_depth_m"))
    told_m = checker.lines[[f"{name}_depth_m" for _end, name, _words in ENDS]].to_numpy(np.float64)
    # Written in metres by ourselves; or no depth at all, so no median of any, reaches what is asked about.
    if checker.delivery.intake == OWN_EXPORT or not (told_m >= least_m).any():
        return pd.DataFrame(columns=["file", "sheet", "kind", "line", "field", "depth_m", "median_m"])
    ends = _depths(checker).assign(median_m=np.nan)
    if ends.empty:
        return ends
    table = group_numbers(ends["file"], ends["sheet"], ends["kind"])
    groups = ends["depth_m"].groupby(table, sort=False)
    ends["median_m"] = groups.transform("median")
    deepest = np.where(
        ends["kind"].isin(GRAVITY) | (ends["kind"] == NO_KIND),
        checker.limit("largest_depth_m"),
        checker.limit("shallow_kinds_depth_m"),
    )
    return ends[(groups.transform("size") >= FEWEST) & (ends["median_m"] >= deepest)]


def _depths(checker: Checker) -> pd.DataFrame:
    """Told depths that nothing confirms: ``line, field, file, sheet, kind, depth_m``; no kind is ``NO_KIND``."""
    lines = checker.lines
    asked = (~lines["kind"].isin(UNLIMITED) & ~lines["burial"].isin(LAID_DEEP | RAISED)).to_numpy(np.bool_)
    parts = []
    for end, name, _words in ENDS:
        depth = lines[f"{name}_depth_m"].to_numpy(np.float64)
        at = np.flatnonzero(asked & (depth > 0) & ~_confirmed(checker, end, name, depth))
        part = lines.loc[at, ["file", "sheet", "kind"]].fillna({"kind": NO_KIND})
        parts.append(part.assign(line=at, field=f"{name}_depth_m", depth_m=depth[at]))
    return pd.concat(parts, ignore_index=True)


def _confirmed(
    checker: Checker, end: str, name: str, depth: npt.NDArray[np.float64]
) -> npt.NDArray[np.bool_]:
    """``(n,)`` whether ground, depth and recorded level of one end agree: then all three are in one unit."""
    level = checker.lines[f"{name}_level_m"].to_numpy(np.float64)
    grounds = checker.at_end(end, "ground_m"), own_ground_m(checker, end)
    off = np.fmin(*(np.abs(ground_m - depth - level) for ground_m in grounds))
    agree: npt.NDArray[np.bool_] = off <= checker.limit("point_to_level_tolerance_m") + 1e-9
    return agree
