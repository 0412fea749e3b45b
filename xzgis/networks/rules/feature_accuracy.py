"""How well a feature is known: the class that its column tells, and the standard deviations at its depth."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.accuracy import (
    BY_SOURCE,
    UNKNOWN_DEPTH,
    level_depth_m,
    point_sigmas_m,
    sigmas_m,
    told_sigmas_m,
)
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_texts import objects
from xzgis.networks.rules.levels import EndLevels
from xzgis.networks.rules.surveyed import MEASURED
from xzgis.networks.terms import FloatArray

ObjectArray = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]
FIELD, SOURCE = "accuracy_class", "data_source"
_NO_COLUMN = "digitised"
UNCLEAR = "assumed"
ROUNDING = "rounding_m"
"""Column of a feature: the standard deviation of writing its vertices, metres."""
OF_ACCURACY = (FIELD, SOURCE)
"""What tells how well a feature is known: where the column that should say it is not there, nobody says it."""
_UNMEASURED = ("digitised", "design", UNCLEAR)


def told_classes(part: LayerPart, texts: pd.Series, column: str) -> tuple[pd.Series, bool]:
    """Classes by the texts of a column (token or name in either language), and whether all were understood.

    A text in no table, or none where other rows of the column tell one: nobody says how well that line is known, so
    it counts as assumed, and a finding says so.
    """
    table = part.catalogue.accuracy
    token_of = {
        name.strip().casefold(): one.token for one in table.values() for name in (one.token, one.zh, one.en)
    }
    codes, told = pd.factorize(texts)
    tokens: ObjectArray = np.array(
        [*(token_of.get(str(one).strip().casefold()) for one in told), None], dtype=object
    )
    empty = codes < 0
    unclear = pd.isna(tokens[codes]) & ~empty
    zh, en = "、".join(one.zh for one in table.values()), ", ".join(table)
    remedy = Words(f"请填写：{zh}", f"write one of: {en}")
    part.find_values(
        unclear, "R42", "warning",
        Words("此精度类别不在表中，按推测处理，原文保留",
              "this class of accuracy is in no table; taken as assumed, its text is kept"),
        remedy, field=column, values=texts,
    )  # fmt: skip
    missing = empty & (not empty.all())
    part.find_values(
        missing, "R42", "warning",
        Words("此行未填精度类别，而其他行已填：按推测处理",
              "no class of accuracy here, while other rows tell theirs; taken as assumed"),
        remedy, field=column, values=objects(np.full(len(texts), "", dtype=object)),
    )  # fmt: skip
    classes = tokens[codes]
    classes[unclear | missing] = UNCLEAR
    return objects(classes), not unclear.any()


def classes_of(features: pd.DataFrame, catalogue: Catalogue) -> ObjectArray:
    """``(n,)`` classes as told; digitised where nothing tells one, assumed where what is told is none.

    A source that measured nothing takes a measured class away, and what was only inferred is assumed whatever is told.
    """
    if FIELD in features.columns:
        codes, told = pd.factorize(features[FIELD])
        sound = [one if one in catalogue.accuracy else UNCLEAR for one in told]
        classes: ObjectArray = np.array([*sound, _NO_COLUMN], dtype=object)[codes]
    else:
        classes = np.full(len(features), _NO_COLUMN, dtype=object)
    source = _source_classes(features)
    inferred = source == UNCLEAR
    unmeasured = np.isin(classes.astype(str), MEASURED) & np.isin(source.astype(str), _UNMEASURED)
    return np.where(inferred | unmeasured, source, classes)


def _source_classes(features: pd.DataFrame) -> ObjectArray:
    """``(n,)`` class by the source that a row tells (its token), None where it tells none."""
    if SOURCE not in features.columns:
        return np.full(len(features), None, dtype=object)
    codes, tokens = pd.factorize(features[SOURCE])
    classes: ObjectArray = np.array([*(BY_SOURCE.get(str(one)) for one in tokens), None], dtype=object)[codes]
    return classes


def fill_lines(
    lines: pd.DataFrame,
    features: pd.DataFrame,
    ends: Sequence[tuple[FloatArray, EndLevels]],
    guessed: BoolArray,
    catalogue: Catalogue,
) -> FloatArray:
    """Class and standard deviations of ``lines``, in situ: as told, else of the class, at the worse of both ends.

    ``ends``: depth of the centre, metres, and levels of the envelope at each. ``guessed``: a depth that nobody
    measured there makes the level an assumed one, and tells no more of how deep the line lies than no depth at all.
    Returns the standard deviation of measuring levels.
    """
    table, limits = catalogue.accuracy, catalogue.limits.values
    unknown_m = limits[UNKNOWN_DEPTH]
    plan_classes = classes_of(features, catalogue)
    classes = plan_classes.copy()
    classes[guessed] = UNCLEAR
    plan, level = np.zeros(len(lines)), np.zeros(len(lines))
    for depth, levels in ends:
        untold = np.where(guessed, np.fmax(depth, unknown_m), depth)
        at_end, _ = sigmas_m(plan_classes, untold, table, depth_when_unknown_m=unknown_m)
        told = level_depth_m(depth, levels, limits)
        _, of_level = sigmas_m(classes, told, table, depth_when_unknown_m=unknown_m)
        plan, level = np.maximum(plan, at_end), np.maximum(level, of_level)
    lines[FIELD] = objects(classes)
    lines["sigma_plan_m"] = told_sigmas_m(features, "sigma_plan_m", _rounded(plan, features))
    told_m = told_sigmas_m(features, "sigma_level_m", level)
    # How well a level was measured says nothing of a depth that nobody measured.
    return np.where(guessed, np.maximum(told_m, level), told_m)


def fill_points(points: pd.DataFrame, features: pd.DataFrame, catalogue: Catalogue) -> None:
    """Class and standard deviations of ``points``, in situ: as ``features`` tell them, row by row, else of the class."""
    classes = classes_of(features, catalogue)
    plan, level = point_sigmas_m(
        classes,
        points["chamber_depth_m"].to_numpy(np.float64),
        catalogue.accuracy,
        catalogue.limits.values,
    )
    points[FIELD] = objects(classes)
    points["sigma_plan_m"] = told_sigmas_m(features, "sigma_plan_m", _rounded(plan, features))
    points["sigma_level_m"] = told_sigmas_m(features, "sigma_level_m", level)


def _rounded(plan_m: FloatArray, features: pd.DataFrame) -> FloatArray:
    """``plan_m`` of a class, no better than the vertices are written; who tells a figure of his own has counted that."""
    if ROUNDING not in features.columns:
        return plan_m
    rounded: FloatArray = np.hypot(plan_m, features[ROUNDING].to_numpy(np.float64))
    return rounded
