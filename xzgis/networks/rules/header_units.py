"""Units that a column's header names: carried into the cells, so that 120 under 埋深(cm) is never read as 120 m."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from xzgis.catalogue.terms import IntakeField
from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.numbers import NULL_NUMBERS, is_null_text, plain
from xzgis.networks.rules.units import NAMES
from xzgis.networks.terms import IntakeFinding

_TOLD = re.compile(rf"[(\[](?:单位[::]?)?({NAMES})[)\]]", re.IGNORECASE)
# depth_cm, DIAM_MM: a unit after an underscore. After one letter an m may be anything (D_M).
_ENDING = re.compile(r"(?:_(mm|cm|dm)|[a-z]{3,}_(m))$", re.IGNORECASE)
# A title names one unit or several: 单位：cm, 单位：m、mm, (单位:厘米).
_TITLE = re.compile(rf"(?:(?<=单位:)|(?<=单位为)|(?<=单位)|(?<=[、,/]))({NAMES})(?![a-z])", re.IGNORECASE)
_NO_METRES = frozenset({"mm", "cm", "dm", "毫米", "厘米", "分米"})
_DEPTHS = frozenset({"start_depth_m", "end_depth_m", "start_depth_m_2", "chamber_depth_m"})
# The unit in which each field is read when a cell says none.
_OWN = {
    "m": ("m", "米"),
    "mm": ("mm", "毫米"),
    # Under kV crews write 380 for 380 V all the same: the levels of GB/T 156 decide there.
    "kV": ("kv", "千伏"),
    "MPa": ("mpa", "兆帕"),
}
_UNIT_OF_FIELD = {"start_beside_m": "m", "end_beside_m": "m", "pressure": "MPa", "voltage_or_pressure": "kV"}
_NUMBER = re.compile(r"[+-]?[\d.,]+")


def unit_in(column: str) -> str | None:
    """The last unit in brackets in the name of a column, else the one it ends in, folded; None when it names none."""
    name = plain(column).replace(" ", "")
    told, ending = _TOLD.findall(name), _ENDING.search(name)
    if not told and ending:
        told = [ending[1] or ending[2]]
    return str(told[-1]).casefold() if told else None


def unit_of_title(table: RawTable, columns: Mapping[str, str]) -> IntakeFinding | None:
    """An error where a title (``单位：cm``) names a unit other than the metre that depths may be meant in.

    ``columns``: our field → column of the table. Nothing where the title names metres too, or where every depth
    column names its own unit: then nothing is left to guess.
    """
    named = [
        unit.casefold() for text in table.preamble for unit in _TITLE.findall(plain(text).replace(" ", ""))
    ]
    strange = [unit for unit in named if unit in _NO_METRES]
    bare = [column for field, column in columns.items() if field in _DEPTHS and unit_in(column) is None]
    if not strange or not bare or any(unit in _OWN["m"] for unit in named):
        return None
    told = "、".join(bare)
    return IntakeFinding(
        code="R16",
        level="error",
        words=Words(
            f"表题写明单位为 {strange[0]}，但“{told}”列未注明单位：按米读会差十倍以上，整批不入库。",
            f"The title says that the unit is {strange[0]}, and the columns {', '.join(bare)} name none: "
            "read as metres they would be wrong ten times over, so nothing goes in.",
        ),
        remedy=Words(
            f"在列名中注明单位，例如“{bare[0]}({strange[0]})”或“{bare[0]}(m)”，再重新导入。",
            f"Name the unit in the header of each column, such as {bare[0]}({strange[0]}) or {bare[0]}(m), "
            "and import again.",
        ),
        file=table.file,
        sheet=table.sheet,
        field=bare[0],
        value=strange[0],
    )


def with_header_units(table: RawTable, columns: Mapping[str, str], fields: Sequence[IntakeField]) -> RawTable:
    """The table with the header's unit behind every bare figure of the columns read in another unit.

    ``columns``: our field → column of the table.
    """
    own = {field.field: field.unit for field in fields if field.unit} | _UNIT_OF_FIELD
    changed: dict[str, pd.Series] = {}
    for field, column in columns.items():
        unit, told = own.get(field), unit_in(column)
        if unit is None or told is None or told in _OWN.get(unit, ()):
            continue
        if column in table.frame.columns:
            changed[column] = spelt_out(table.frame[column], told)
    return replace(table, frame=table.frame.assign(**changed)) if changed else table


def spelt_out(cells: pd.Series, unit: str) -> pd.Series:
    """The cells with ``unit`` behind every bare figure that says something."""
    names = {text: _with_unit(str(text), unit) for text in cells.dropna().unique()}
    return cells.map(names).where(cells.notna(), None).astype(object)


def _with_unit(text: str, unit: str) -> str:
    told = plain(text)
    # -9999, -1 and 0 say that nothing is known, in whatever unit.
    if is_null_text(text) or not told[-1:].isdigit():
        return text
    if _NUMBER.fullmatch(told) and _value(told) in (0.0, -1.0, *NULL_NUMBERS):
        return text
    return told + unit


def _value(text: str) -> float:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return float("nan")
