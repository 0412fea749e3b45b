"""Canonical points of a survey delivery."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.accuracy import accuracy_classes, point_sigmas_m
from xzgis.networks.rules.coarse_places import is_too_short
from xzgis.networks.rules.codes import KindChoice
from xzgis.networks.rules.no_heights import COMPARE_GROUND, known_heights, odd_ground, odd_ground_words
from xzgis.networks.rules.numbers import FloatArray, parse_numbers, text_or_none
from xzgis.networks.rules.sources import sources_of
from xzgis.networks.rules.standing import chambers_beside, named_by_layer, with_appurtenances
from xzgis.networks.rules.understanding import (
    ObjectArray,
    Understanding,
    codes_of,
    dates_of,
    kinds_of,
    numbers_of,
    survey_dates,
    words_or_text,
)
from xzgis.networks.terms import empty_points

_BUILT = "built"


def canonical_points(
    raw: pd.DataFrame, choices: Mapping[str, KindChoice], how: Understanding
) -> pd.DataFrame:
    """Points of the text frame ``raw``, row by row; east and north are filled by the placing.

    The chamber depth comes from its own column, else from ground less chamber bottom.
    """
    points = empty_points(len(raw))
    for name in ("file", "sheet", "row", "code", "attributes"):
        points[name] = raw[name]
    points["row"] = raw["row"].astype(np.int64)
    kinds = kinds_of(raw["code"], choices)
    raw = with_appurtenances(raw, kinds, how.catalogue)
    points["kind"] = kinds
    points["point_no"] = text_or_none(raw["point_no"])
    points["x_raw"], points["y_raw"] = _coordinate(raw, "north_m", how), _coordinate(raw, "east_m", how)
    points["ground_m"] = _ground(raw, how)
    points["chamber_depth_m"] = _chamber_depth(raw, points, how)
    for name in ("feature", "appurtenance"):
        told = codes_of(raw, name, name, kinds, how)
        points[name] = words_or_text(told, raw[name])
    points = named_by_layer(points, how.catalogue)
    how.doubts.found += chambers_beside(points, how.catalogue)
    for name in ("element_code", "owner", "road"):
        points[name] = text_or_none(raw[name])
    points["offset_point_no"] = text_or_none(raw["offset_point"])
    points["offset_point_no"] = points["offset_point_no"].where(points["offset_point_no"] != "0", None)
    points["life_state"] = life_states(raw, kinds, how)
    points["built_on"] = dates_of(raw, "built_on", how)
    points["surveyed_on"] = survey_dates(raw, how)
    visibility = codes_of(raw, "visibility", "visibility", kinds, how).tokens()
    source = sources_of(raw, kinds, how)
    points["is_told"] = [
        word is not None or told is not None for word, told in zip(visibility, source, strict=True)
    ]
    points["is_visible"] = pd.array(
        [None if word is None else word == "visible" for word in visibility], dtype="boolean"
    )
    points["accuracy_class"] = accuracy_classes(visibility, source)
    plan, level = point_sigmas_m(
        points["accuracy_class"].to_numpy(dtype=object),
        points["chamber_depth_m"].to_numpy(np.float64),
        how.catalogue.accuracy,
        how.catalogue.limits.values,
    )
    points["sigma_plan_m"], points["sigma_level_m"] = plan, level
    return points


def _coordinate(raw: pd.DataFrame, column: str, how: Understanding) -> FloatArray:
    """One delivered coordinate; a cell that holds a way to say nothing (NaN, /, -9999, 0) is told with what it holds.

    Elsewhere such a cell is an empty one. A point without a coordinate is an error: whoever mends it looks for that cell.
    """
    value = numbers_of(raw, column, how, zero_is_null=True)
    short = is_too_short(raw[column]) & np.isfinite(value)  # what is no figure at all was told
    how.doubts.rows(
        raw, short, column, code="S03", level="error",
        told=(lambda text: Words(f"“{text}”是科学计数，位数不到米，此点没有位置",
                                 f"{text!r} has an exponent and fewer digits than metres; the point has no place"),
              Words("请把坐标单元格设为数值格式、保留三位小数后重新导出",
                    "Format the cells as numbers with three decimals and export again")),
    )  # fmt: skip
    value = np.where(short, np.nan, value)
    silent = np.isnan(value) & raw[column].notna().to_numpy(np.bool_)
    silent &= ~short
    silent[silent] = ~parse_numbers(raw[column][silent], unit="m", zero_is_null=True).bad
    how.doubts.rows(
        raw, silent, column, code="S03", level="error",
        told=(lambda text: Words(f"“{text}”不是坐标，此点没有位置", f"{text!r} is no coordinate; the point has no place"),
              Words("填入测得的坐标；没有测到的点请删去", "Fill in the measured coordinate, or delete a point that has none")),
    )  # fmt: skip
    return value


def _ground(raw: pd.DataFrame, how: Understanding) -> FloatArray:
    """Ground levels; one that no ground of the city has is unknown and told."""
    ground = numbers_of(raw, "ground_m", how, zero_is_null=True)
    limits = how.catalogue.limits.values
    odd = odd_ground(ground, limits)
    how.doubts.rows(
        raw, odd, "ground_m", code="R14", level="warning",
        told=(lambda value: odd_ground_words(value, limits), COMPARE_GROUND),
    )  # fmt: skip
    return np.where(odd, np.nan, ground)


def _chamber_depth(raw: pd.DataFrame, points: pd.DataFrame, how: Understanding) -> FloatArray:
    depth, bottom = (
        known_heights(numbers_of(raw, name, how)) for name in ("chamber_depth_m", "chamber_bottom_m")
    )
    return np.where(np.isfinite(depth), depth, points["ground_m"].to_numpy(np.float64) - bottom)


def life_states(raw: pd.DataFrame, kinds: ObjectArray, how: Understanding) -> ObjectArray:
    """``(n,)`` life state of each row; what a survey found without saying is built."""
    tokens = codes_of(raw, "status", "status", kinds, how).tokens()
    tokens[np.array([token is None for token in tokens], dtype=np.bool_)] = _BUILT
    return tokens
