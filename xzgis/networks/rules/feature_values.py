"""One field of a layer as a column in our words: numbers, dates, words of the code lists; what is unclear is told."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.burials import FOLLOWS, NOT_UNDERSTOOD, resolve_burials
from xzgis.networks.rules.codes import in_no_list, resolve_codes, shared_digits
from xzgis.networks.rules.dates import parse_dates
from xzgis.networks.rules.feature_accuracy import FIELD as ACCURACY
from xzgis.networks.rules.feature_accuracy import SOURCE, told_classes
from xzgis.networks.rules.feature_fields import ALL_FIELDS
from xzgis.networks.rules.feature_numbers import number_of
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_texts import objects, texts_of
from xzgis.networks.rules.feature_units import section_texts
from xzgis.networks.rules.sources import known_sources, remedy_of_source
from xzgis.networks.rules.understanding import SAY_STATUS, SHARED_STATUS

ObjectArray = npt.NDArray[np.object_]
_CODE_LISTS = {
    "status": "status",
    "material": "material",
    "burial": "burial",
    "pressure_class": "pressure_class",
    "shape": "shape",
    "flow": "flow",
}
_KEPT_AS_TOLD = ("object", "holds", "link", "network", "vertical_position", SOURCE, "note")
"""Texts of which more is said than is judged by, so that the delivered words stay among the attributes."""


def field_column(part: LayerPart, name: str, kind: ObjectArray) -> tuple[object, bool]:
    """One field as a column, and whether it tells all that the delivered column said."""
    what = ALL_FIELDS[name]
    source = part.mapping.fields[name]
    if what == "number":
        return number_of(part, name, source), True
    column = part.layer.frame[source.column]
    if what == "date":
        return objects(_date(part, name, column)), False
    texts = texts_of(column, part.mapping.values.get(name))
    if what == "code":
        return objects(_code(part, name, texts, kind)), False
    return _words(part, name, texts, kind)


def _words(part: LayerPart, name: str, texts: pd.Series, kind: ObjectArray) -> tuple[object, bool]:
    """A field of words as a column, and whether it tells all that they said."""
    source = part.mapping.fields[name]
    if name == "section":
        return section_texts(texts, source), True
    if name == ACCURACY:
        return told_classes(part, texts, source.column)
    if name == SOURCE:
        return objects(_sources(part, texts, kind, source.column)), False
    return texts, name not in _KEPT_AS_TOLD


def _sources(part: LayerPart, texts: pd.Series, kind: ObjectArray, column: str) -> ObjectArray:
    """``(n,)`` source tokens; a word that nobody knows is told, and counts as assumed."""
    listed = part.catalogue.codes.get(SOURCE, ())
    tokens, unknown = known_sources(texts, kind, listed)
    drop_it = Words("在图层对应中不使用此列", "do not use this column in the mapping of the layer")
    part.find_values(
        unknown, "R05", "warning",
        Words("数据来源含义不明，按推测计：精度从宽，所到之处不算已普查",
              "this source is not known; taken as inferred: the widest accuracy, and the ground does not count as surveyed"),
        remedy_of_source(listed, drop_it), field=column, values=texts,
    )  # fmt: skip
    return tokens


def _date(part: LayerPart, name: str, column: pd.Series) -> ObjectArray:
    codes, told = pd.factorize(column)
    trimmed = objects(np.array([*(_day(one) for one in told), None], dtype=object)[codes])
    read = parse_dates(trimmed)
    part.find_values(
        read.bad,
        "R35",
        "warning",
        Words("日期无法识别，按未知处理", "the date is not understood; taken as unknown"),
        Words("写作 YYYY-MM-DD 或 YYYY", "write YYYY-MM-DD or YYYY"),
        field=name,
        values=column,
    )
    part.find_values(
        read.to_come,
        "R09",
        "warning",
        Words("日期晚于今天，按未知处理", "the date is yet to come; taken as unknown"),
        Words("请更正日期", "correct the date"),
        field=name,
        values=column,
    )
    return read.value


def _day(one: object) -> str | None:
    """The day of a time stamp; the first day of the calendar is what programs write for nothing."""
    day = str(one).split("T")[0]
    return None if day == "0001-01-01" else day


def _code(part: LayerPart, name: str, texts: pd.Series, kind: ObjectArray) -> ObjectArray:
    listed = part.catalogue.codes.get(_CODE_LISTS.get(name, name), ())
    if not listed:
        return texts.to_numpy(dtype=object)
    # A mapping may lead straight to a token: write it as the list itself calls it.
    written = {one.token: one.code for one in listed}
    codes, told = pd.factorize(texts)
    texts = objects(np.array([*(written.get(one, one) for one in told), None], dtype=object)[codes])
    if name == "status":
        asked = shared_digits(texts, listed, schemes=part.schemes)
        column = part.mapping.fields[name].column
        part.find_values(asked, "R42", "error", SHARED_STATUS, SAY_STATUS, field=column, values=texts)
        texts = texts.where(~asked, None)
    # Nought in a column of flows tells none, as in the tables of a survey.
    silent = ("0",) if name == "flow" else ()
    if name == "burial":
        read = resolve_burials(texts, kind, listed, schemes=part.schemes)
    else:
        read = resolve_codes(texts, kind, listed, schemes=part.schemes, silent=silent)
    follows = FOLLOWS if name == "burial" else Words("", "")
    part.find_values(
        read.unknown,
        "R42",
        "info" if name == "material" else "warning",
        Words(
            f"此值不在代码表中，按未知处理，原文保留{follows.zh}",
            f"this value is in no code list; taken as unknown, its text is kept{follows.en}",
        ),
        in_no_list(_CODE_LISTS.get(name, name), listed),
        field=part.mapping.fields[name].column,
        values=texts,
    )
    tokens = read.tokens()
    if name == "depth_reference":
        # What a depth is measured to by words of its own is not what the rule of the kind has of it.
        tokens[read.unknown] = "unknown"
    if name == "burial":
        tokens[read.unknown] = NOT_UNDERSTOOD
    return tokens
