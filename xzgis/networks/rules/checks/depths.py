"""Whether depths and levels at the ends of lines can be at all (S16), whatever else is told of them."""

import numpy as np
import numpy.typing as npt

from xzgis.core.words import Words
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.courses import RAISED
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT

FloatArray = npt.NDArray[np.float64]
DEEPEST_M = 20.0
# A level told without a depth may stand this far above a ground that is known less well.
ABOVE_GROUND_M = 0.5
ENDS = (("from", "start", Words("起点", "start")), ("to", "end", Words("终点", "end")))


def own_ground_m(checker: Checker, end: str) -> FloatArray:
    """The ground at one end as the row of the line tells it; NaN in our own export, whose ground may be a terrain's."""
    if checker.delivery.intake == OWN_EXPORT:
        return np.full(len(checker.lines), np.nan)
    return checker.at_vertex(end, checker.delivery.vertices.ground_m)


def check_depth_range(checker: Checker) -> None:
    """S16: a depth beyond the plausible one of its kind, or negative without being raised.

    Where only a level is told, the depth that it makes below the ground.
    """
    for end, name, words in ENDS:
        unsure = unbelievable(checker, end, name)
        _tell_odd_levels(checker, end, name, words)
        for row in checker.rows("lines", _odd_depth(checker, name), "S16"):
            value = row[f"{name}_depth_m"]
            unknown = bool(unsure[row["index"]])
            checker.tell(
                "S16",
                row,
                Words(
                    f"{words.zh}埋深 {value:g} m 不合理{'，该端高程按未知处理' if unknown else ''}",
                    f"The depth at the {words.en}, {value:g} m, is not plausible"
                    f"{'; its level is taken as unknown' if unknown else ''}",
                ),
                Words(
                    "核对埋深及其单位（应为米）；架空或上架的管线应注明埋设方式",
                    "Compare the depth and its unit (metres); a raised line needs its burial method",
                ),
                field=f"{name}_depth_m",
                value=value,
            )


def _tell_odd_levels(checker: Checker, end: str, name: str, words: Words) -> None:
    remedy = Words(
        "核对高程的单位（应为米）与高程系统；架空或上架的管线应注明埋设方式",
        "Compare its unit (metres) and height system; a raised line needs its burial method",
    )
    made, level_m = _made_depth_m(checker, end, name), _told_level_m(checker, end, name)
    odd = _odd_level(checker, end, name)
    for row in checker.rows("lines", _outside_city(checker, end, name) & ~odd, "S16"):
        value = level_m[row["index"]]
        checker.tell(
            "S16",
            row,
            Words(
                f"{words.zh}管线高程 {value:g} m 不在本市可能的范围内，按未知处理",
                f"The level at the {words.en}, {value:g} m, is none that a line of this city can have; it is taken as unknown",
            ),
            remedy,
            field=f"{name}_level_m",
            value=value,
        )
    for row in checker.rows("lines", odd, "S16"):
        depth = made[row["index"]]
        checker.tell(
            "S16",
            row,
            Words(
                f"{words.zh}管线高程在地面下 {depth:.2f} m，不合理，按未知处理",
                f"The level at the {words.en} lies {depth:.2f} m below the ground, which is not plausible; "
                "it is taken as unknown",
            ),
            remedy,
            field=f"{name}_level_m",
            value=row[f"{name}_level_m"] if np.isfinite(row[f"{name}_level_m"]) else None,
        )


def _made_depth_m(checker: Checker, end: str, name: str) -> FloatArray:
    """Ground minus the level at one end of each line, NaN where a depth is told or either is not."""
    vertices = checker.delivery.vertices
    level = checker.lines[f"{name}_level_m"].to_numpy(np.float64)
    for own in (vertices.crown_m, vertices.bottom_m):
        level = np.where(np.isfinite(level), level, checker.at_vertex(end, own))
    ground = checker.at_vertex(end, vertices.ground_m)
    ground = np.where(np.isfinite(ground), ground, checker.at_end(end, "ground_m"))
    told = np.isfinite(checker.lines[f"{name}_depth_m"].to_numpy(np.float64))
    made: FloatArray = np.where(told, np.nan, ground - level)
    return made


def _odd_level(checker: Checker, end: str, name: str) -> npt.NDArray[np.bool_]:
    """``(n,)`` lines of no told depth whose level makes one that cannot be; little above the ground is none."""
    made = _made_depth_m(checker, end, name)
    return _odd(checker, np.where((made < 0) & (made > -ABOVE_GROUND_M), np.nan, made))


def _outside_city(checker: Checker, end: str, name: str) -> npt.NDArray[np.bool_]:
    """``(n,)`` lines of no told ground whose level no ground of the city allows; by a told one it is judged otherwise."""
    vertices = checker.delivery.vertices
    grounds = checker.at_end(end, "ground_m"), checker.at_vertex(end, vertices.ground_m)
    level_m = np.where(np.isfinite(np.fmax(*grounds)), np.nan, _told_level_m(checker, end, name))
    kinds, lines = checker.catalogue.kinds, checker.lines
    deepest = lines["kind"].map({token: kind.plausible_cover_m[1] for token, kind in kinds.items()})
    lowest_m = checker.limit("lowest_ground_m") - deepest.fillna(DEEPEST_M).to_numpy(np.float64)
    above = level_m > checker.limit("highest_ground_m") + ABOVE_GROUND_M
    outside: npt.NDArray[np.bool_] = (level_m < lowest_m) | (above & ~lines["burial"].isin(RAISED).to_numpy())
    return outside


def _told_level_m(checker: Checker, end: str, name: str) -> FloatArray:
    """The level told of one end of each line, else that of its envelope where no depth makes it; NaN where none is."""
    vertices = checker.delivery.vertices
    level = checker.lines[f"{name}_level_m"].to_numpy(np.float64)
    by_depth = np.isfinite(checker.lines[f"{name}_depth_m"].to_numpy(np.float64))
    for own in (vertices.crown_m, vertices.bottom_m):
        level = np.where(np.isfinite(level) | by_depth, level, checker.at_vertex(end, own))
    return level


def _odd_depth(checker: Checker, name: str) -> npt.NDArray[np.bool_]:
    """``(n,)`` lines whose depth at one end is beyond the plausible one of the kind, or negative though buried."""
    return _odd(checker, checker.lines[f"{name}_depth_m"].to_numpy(np.float64))


def _odd(checker: Checker, depth: FloatArray) -> npt.NDArray[np.bool_]:
    kinds, lines = checker.catalogue.kinds, checker.lines
    limits = {token: kind.plausible_cover_m[1] for token, kind in kinds.items()}
    # Few lines lie deeper than the shallowest limit of any kind: only of those the kind is asked.
    odd: npt.NDArray[np.bool_] = np.isfinite(depth) & (
        (depth > min([DEEPEST_M, *limits.values()])) | (depth < 0)
    )
    some = lines.loc[odd, ["kind", "burial"]]
    deepest = some["kind"].map(limits).fillna(DEEPEST_M).to_numpy(np.float64)
    raised = some["burial"].isin(RAISED).to_numpy(np.bool_)
    odd[odd] = (depth[odd] > deepest) | ((depth[odd] < 0) & ~raised)
    return odd


def unbelievable(checker: Checker, end: str, name: str) -> npt.NDArray[np.bool_]:
    """``(n,)`` odd depths that no recorded level confirms: they may be centimetres, or have a false sign."""
    depth = checker.lines[f"{name}_depth_m"].to_numpy(np.float64)
    level = checker.lines[f"{name}_level_m"].to_numpy(np.float64)
    grounds = checker.at_end(end, "ground_m"), own_ground_m(checker, end)
    off = np.fmin(*(np.abs(ground_m - depth - level) for ground_m in grounds))
    confirmed = off <= checker.limit("point_to_level_tolerance_m") + 1e-9
    unsure: npt.NDArray[np.bool_] = (_odd_depth(checker, name) & ~confirmed) | _odd_level(checker, end, name)
    return unsure | _outside_city(checker, end, name)
