"""What stands at delivered points, wherever the delivery says it: in another column, in the name of its layer."""

import json
import re
from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.rules.chamber_words import ChamberWords, thing_at, thing_named, words_with_extent
from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.codes import resolve_codes
from xzgis.networks.rules.numbers import text_or_none
from xzgis.networks.terms import IntakeFinding

ObjectArray = npt.NDArray[np.object_]
BESIDE = ("feature", "visibility", "object")
"""Columns in which an appurtenance stands as well, each with its own code list if any."""


def with_appurtenances(raw: pd.DataFrame, kinds: ObjectArray, catalogue: Catalogue) -> pd.DataFrame:
    """``raw`` with the appurtenances that stand in columns of :data:`BESIDE`, where their own column says nothing.

    Taken over is what the list of appurtenances knows and that of the column does not.
    """
    if not {"appurtenance", *BESIDE} & set(raw.columns):
        return raw
    raw = raw.copy()
    texts = (
        raw["appurtenance"] if "appurtenance" in raw.columns else pd.Series([None] * len(raw), dtype=object)
    )
    texts = pd.Series(text_or_none(texts).to_numpy(dtype=object), index=raw.index, dtype=object)
    for name in (one for one in BESIDE if one in raw.columns):
        asked = texts.isna() & raw[name].notna()
        if not asked.any():
            continue
        theirs = raw[name].where(asked, None)
        own = resolve_codes(theirs, kinds, catalogue.codes.get(name, ()))
        told = resolve_codes(theirs.where(own.unknown, None), kinds, catalogue.codes.get("appurtenance", ()))
        moved = np.array([value is not None for value in told.value], dtype=np.bool_)
        texts = texts.where(~moved, theirs)
        raw[name] = raw[name].where(~moved, None)
    raw["appurtenance"] = texts
    return raw


def named_by_layer(points: pd.DataFrame, catalogue: Catalogue) -> pd.DataFrame:
    """``points`` with the appurtenance that the name of their layer or sheet tells, where they say none themselves."""
    words = words_with_extent(catalogue)
    silent = points["appurtenance"].isna().to_numpy(np.bool_, copy=True)
    codes, sheets = pd.factorize(points["sheet"])
    things = [thing_named(str(sheet), words) for sheet in sheets]
    if not silent.any() or not any(things):
        return points
    tokens: ObjectArray = np.array([*(thing and thing.token for thing in things), None], dtype=object)[codes]
    silent &= np.array([token is not None for token in tokens], dtype=np.bool_)
    points = points.copy()
    points["appurtenance"] = np.where(silent, tokens, points["appurtenance"].to_numpy(dtype=object))
    return points


def chambers_beside(points: pd.DataFrame, catalogue: Catalogue) -> list[IntakeFinding]:
    """R52, once per column that nothing is judged by and that calls points a chamber which are none by their own words."""
    words = words_with_extent(catalogue)
    last = "".join(sorted({word[-1] for word in words.endings if not word[-1].isascii()}))
    if points.empty or not last or points["attributes"].isna().all():
        return []
    texts = points["attributes"].astype("string")
    suspects = np.flatnonzero(texts.str.contains(f'[{re.escape(last)}]"', na=False).to_numpy(np.bool_))
    found: dict[tuple[str, str, str], list[tuple[int, str]]] = defaultdict(list)
    for at in suspects.tolist():
        point = points.iloc[at]
        if _stands(point, words):
            continue
        for column, text in json.loads(point["attributes"]).items():
            thing = thing_named(text, words) if isinstance(text, str) else None
            if thing is not None and (text in words.tokens or text.endswith(words.endings)):
                place = (str(point["file"]), str(point["sheet"]), column)
                found[place].append((int(point["row"]), text))
    return [_finding(place, rows) for place, rows in found.items()]


def _stands(point: pd.Series, words: ChamberWords) -> bool:
    appurtenance, feature = (
        point[name] if isinstance(point[name], str) else None for name in ("appurtenance", "feature")
    )
    return thing_at(appurtenance, feature, float(point["chamber_depth_m"]), words) is not None


def _finding(place: tuple[str, str, str], rows: list[tuple[int, str]]) -> IntakeFinding:
    file, sheet, column = place
    row, value = rows[0]
    return IntakeFinding(
        "R52",
        "warning",
        Words(
            f"“{column}”列有 {len(rows)} 处写明井室（如“{value}”），但该列不参与判断：这些点不作为井室检查",
            f"{column!r} calls {len(rows)} points a chamber ({value!r}), but is not judged by: they are not checked as one",
        ),
        Words("请在列对应中把该列指定为附属物。", "Map the column to the appurtenance."),
        file=file,
        sheet=sheet,
        row=row,
        field=column,
        value=value,
    )
