"""Pressure and voltage of features, read as tables are: words of the code lists, figures, units; nothing guessed."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.feature_fields import UNIT_OF, unit_column
from xzgis.networks.rules.feature_mapping import FieldMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_texts import objects, texts_of
from xzgis.networks.rules.header_units import spelt_out, unit_in
from xzgis.networks.rules.levels import is_gravity
from xzgis.networks.rules.line_conditions import gas_classes, voltages
from xzgis.networks.rules.sewer_pressure import NAMED, REMEDY, UNCLEAR, named_pressed, pressed_sewers

ObjectArray = npt.NDArray[np.object_]
FIELDS = ("pressure", "voltage")
_SILENT = "tells_no_pressure"


def is_of_words(part: LayerPart, name: str, source: FieldMapping) -> bool:
    """Whether the column of ``name`` is read as a table's: no unit of its own is told by the mapping or row by row."""
    has_unit = source.scale != 1.0 or source.unit not in (None, UNIT_OF.get(name))
    return name in FIELDS and not has_unit and unit_column(source.column) not in part.layer.frame.columns


def tell_conditions(part: LayerPart, columns: dict[str, object], kind: ObjectArray) -> set[str]:
    """Adds ``pressure_class``, ``is_pressed`` and ``voltage`` by the columns of words; those of which all is understood."""
    understood: set[str] = set()
    for name, source in part.mapping.fields.items():
        if name not in FIELDS or source.column not in part.layer.frame.columns:
            continue
        if not is_of_words(part, name, source):
            if name == "pressure":
                figures = np.asarray(columns["pressure"], dtype=np.float64)
                columns.setdefault("is_pressed", figures > 0)
                columns.setdefault(_SILENT, np.isnan(figures))
            continue
        texts = _texts(part, name, source)
        if name == "pressure":
            told = gas_classes(texts, kind, part.catalogue, schemes=part.schemes)
            columns["pressure_class"] = _filled(columns, told.token)
            pressed = pressed_sewers(texts, is_gravity(pd.Series(kind), part.catalogue.kinds))
            columns["is_pressed"], columns["may_be_pressed"] = pressed.sure, pressed.open
            columns[_SILENT] = pressed.silent
            part.find_values(
                pressed.open, "R42", "warning", UNCLEAR, REMEDY, field=source.column, values=texts
            )
            unclear, is_open = told.unclear, pressed.open
        else:
            read = voltages(texts, kind, part.catalogue)
            columns["voltage"], unclear = read.kv, read.unclear
            is_open = np.zeros(len(texts), np.bool_)
        _tell(part, unclear, source.column, texts)
        if not (unclear | is_open).any():
            understood.add(source.column)
    return understood


def tell_named_pressure(part: LayerPart, columns: dict[str, object], kind: ObjectArray) -> None:
    """Leaves open whether the sewers that tell no pressure run under it where their kind, layer or file says pressure."""
    if part.mapping.role != "lines":
        return
    count = len(kind)
    silent = is_gravity(pd.Series(kind, dtype=object), part.catalogue.kinds)
    if _SILENT in columns:
        silent = silent & np.asarray(columns[_SILENT], dtype=np.bool_)
    names = [objects(np.asarray(columns["code"], dtype=object))]
    names += [pd.Series([one] * count, dtype=object) for one in (part.layer.name, part.file.file)]
    named = named_pressed(silent, names)
    may_be = np.asarray(pd.notna(named), dtype=np.bool_)
    part.find_values(may_be, "R42", "warning", NAMED, REMEDY, field="pressure", values=objects(named))
    columns["may_be_pressed"] = may_be | np.asarray(columns.get("may_be_pressed", False), dtype=np.bool_)


def _texts(part: LayerPart, name: str, source: FieldMapping) -> pd.Series:
    texts = texts_of(part.layer.frame[source.column], part.mapping.values.get(name))
    unit = unit_in(source.column)
    ours = str(UNIT_OF[name]).casefold()
    return texts if unit is None or unit in (ours, "兆帕", "千伏") else spelt_out(texts, unit)


def _filled(columns: Mapping[str, object], token: ObjectArray) -> pd.Series:
    """The classes a column of classes tells, else those of the pressure."""
    if "pressure_class" not in columns:
        return objects(token)
    own = objects(np.asarray(columns["pressure_class"], dtype=object))
    return objects(np.where(own.isna(), token, own))


def _tell(part: LayerPart, unclear: npt.NDArray[np.bool_], column: str, texts: pd.Series) -> None:
    part.find_values(
        unclear,
        "R42",
        "warning",
        Words(
            "此值含义不明，按未知处理，原文保留", "this value is unclear; taken as unknown, its text is kept"
        ),
        Words(
            "请写明等级或带单位的数值（如 中压A、10kV）",
            "write the class, or a number with its unit (such as 10kV)",
        ),
        field=column,
        values=texts,
    )
