"""Level columns that hold the ground, or now this and now that (R06): of tables and of drawn layers alike."""

from dataclasses import replace

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.doubts import NOWHERE, Doubts, Where, first_where
from xzgis.networks.rules.levels import LevelMeaning, level_meaning
from xzgis.networks.rules.numbers import FloatArray
from xzgis.networks.rules.told_levels import Recorded

_COMPARE = Words(
    "请核对高程列；如填的是地面高程，请在图层对应中改为地面高程（ground_m 等）。",
    "Compare the level columns; if they hold the ground, map them to it (ground_m and its kin).",
)


def tell_no_line_levels(told: LevelMeaning, doubts: Doubts, remedy: Words, where: Where = NOWHERE) -> None:
    """R06 of columns that hold the ground (a note), or that hold this and that or nobody can tell what (a warning)."""
    if told.meaning == "ground":
        doubts.say(
            "R06",
            "info",
            Words(f"起终点高程列实为地面高程：{told.asked} 个端点中 {told.like_ground} 个等于管点地面高程，"
                  f"只有 {told.like_pipe} 个满足 地面 = 埋深 + 管线高程。管线高程改由地面高程减埋深求得。",
                  f"The level columns hold the ground, not the pipe: at {told.like_ground} of {told.asked} ends they equal the "
                  f"point's ground level, at {told.like_pipe} ground = depth + level holds. Pipe levels are ground less depth."),
            remedy,
            where=where,
        )  # fmt: skip
    elif told.meaning == "unproven":
        doubts.say(
            "R06",
            "warning",
            Words(f"起终点高程列的表头没有说明是管顶还是管底，又没有地面高程可核对（{told.asked} 个端点有埋深）："
                  "可能填的是地面高程，均不采用。请补上管点的地面高程，或写明高程的含义。",
                  f"The heads of the level columns do not say crown or bottom, and there is no ground level to compare with "
                  f"({told.asked} ends have a depth): they may hold the ground. None is used. Add the ground levels of the "
                  "points, or say what the levels are."),
            remedy,
            where=where,
        )  # fmt: skip
    else:
        doubts.say(
            "R06",
            "warning",
            Words(f"起终点高程列含义不一：{told.asked} 个端点中 {told.like_ground} 个等于地面，"
                  f"{told.like_pipe} 个合于管线高程；均不采用，改由埋深求得。",
                  f"The level columns mean now this, now that: of {told.asked} ends {told.like_ground} equal the ground and "
                  f"{told.like_pipe} fit a pipe level. None is used; levels come from depths."),
            remedy,
            where=where,
        )  # fmt: skip


def levels_of_lines(
    lines: pd.DataFrame,
    told: tuple[Recorded, Recorded],
    ground_m: tuple[FloatArray, FloatArray],
    doubts: Doubts,
) -> tuple[tuple[Recorded, Recorded], tuple[FloatArray, FloatArray]]:
    """What is told of both ends, by layer and kind without levels that are the ground; these lend it where none is told.

    Of a kind that nothing tells of, beside one whose levels are no levels, they are of unknown meaning.
    """
    unused = np.zeros(len(lines), dtype=np.bool_)
    lent = np.zeros(len(lines), dtype=np.bool_)
    has = np.isfinite(told[0].level_m) | np.isfinite(told[1].level_m)
    if not has.any():
        return told, ground_m
    layer = group_numbers(lines["file"], lines["sheet"], lines["kind"])
    silent: list[np.ndarray] = []
    for number in np.unique(layer[has]):
        at = np.flatnonzero(layer == number)
        figures = [
            np.concatenate([one[at] for one in both])
            for both in (
                ground_m,
                *(tuple(getattr(one, name) for one in told) for name in ("depth_m", "level_m")),
            )
        ]
        found = level_meaning(*figures)
        # A layer names its levels by the field they are mapped to.
        if found.meaning in ("pipe", "none", "unproven"):
            silent += [at] if found.asked == 0 or found.meaning == "unproven" else []
            continue
        unused[at] = True
        lent[at] = found.meaning == "ground"
        mine = np.zeros(len(lines), dtype=np.bool_)
        mine[at] = True
        where = first_where(lines, mine & has, "start_level_m", None)
        tell_no_line_levels(found, doubts, _COMPARE, where)
    if not unused.any():
        return told, ground_m
    sheets = group_numbers(lines["file"], lines["sheet"])
    for at in silent:
        unused[at] = np.isin(sheets[at], sheets[unused])
    kept = [
        replace(
            one,
            level_m=np.where(unused, np.nan, one.level_m),
            beside_m=np.where(unused, np.nan, one.beside_m),
        )
        for one in told
    ]
    grounds = [
        np.where(lent & ~np.isfinite(ground), one.level_m, ground)
        for one, ground in zip(told, ground_m, strict=True)
    ]
    return (kept[0], kept[1]), (grounds[0], grounds[1])
