"""The unit of each column of a layer: what a person picked, what its name tells, what the format defines."""

from collections.abc import Mapping

import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.feature_fields import UNIT_OF, unit_by_name, unit_column
from xzgis.networks.rules.feature_mapping import FieldMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.header_units import spelt_out
from xzgis.networks.rules.numbers import plain
from xzgis.networks.rules.units import LENGTHS_MM, factor

TWO_UNITS = "R55"
SIZES = ("section", "diameter_mm", "width_mm", "height_mm", "cable_diameter_mm", "outer_diameter_mm")
# What DN and De say is millimetres by their meaning.
_MILLIMETRES_BY_NAME = ("dn", "de", "od")
# A person's own choice is sure, a proposal by names that many layers have is not.
_SURE = 0.9


def unit_of(field: str, source: FieldMapping) -> str | None:
    """The unit that ``field`` is read in: of a mere proposal what the column's own name tells goes first."""
    by_name = unit_by_name(field, source.column)
    return by_name if by_name is not None and not _is_picked(source) else source.unit or by_name


def size_unit_told(fields: Mapping[str, FieldMapping], columns: pd.Index) -> bool:
    """Whether whoever maps or delivers a layer tells the unit of every column of sizes, and nobody another one."""
    sizes = [(name, fields[name]) for name in SIZES if name in fields]
    return all(
        (
            _is_picked(one)
            or unit_by_name(name, one.column) is not None
            or unit_column(one.column) in columns
            or plain(one.column).casefold() in _MILLIMETRES_BY_NAME
        )
        and not _is_contradicted(name, one)
        for name, one in sizes
    )


def section_texts(texts: pd.Series, source: FieldMapping) -> pd.Series:
    """The texts with their unit behind every bare figure that is not in millimetres; a strange scale leaves none readable."""
    unit = unit_of("section", source)
    if source.scale != 1.0:
        unit = next((name for name, mm in LENGTHS_MM.items() if mm == source.scale), f"倍{source.scale:g}")
    return texts if factor("mm", unit) == 1.0 else spelt_out(texts, str(unit))


def tell_two_units(part: LayerPart) -> None:
    """Warns of every column whose name tells another unit than the mapping; the mapping is followed."""
    for name, one in part.mapping.fields.items():
        if not _is_contradicted(name, one) or one.column not in part.layer.frame.columns:
            continue
        told, picked = unit_by_name(name, one.column), one.unit or f"×{one.scale:g}"
        part.find(
            TWO_UNITS,
            "warning",
            Words(
                f"列名写明单位是 {told}，对应关系却写 {picked}；按对应关系读取",
                f"the name of the column says {told}, the mapping {picked}; the mapping was followed",
            ),
            Words(
                "核对单位，并在对应关系中改正",
                "find out which is right, and correct the mapping if it is not",
            ),
            field=one.column,
            value=picked,
        )


def _is_picked(source: FieldMapping) -> bool:
    return (source.unit is not None and source.confidence >= _SURE) or source.scale != 1.0


def _is_contradicted(field: str, source: FieldMapping) -> bool:
    by_name, ours = unit_by_name(field, source.column), UNIT_OF.get(field, "mm")
    if by_name is None or not _is_picked(source):
        return False
    picked = source.scale if source.scale != 1.0 else factor(ours, source.unit)
    return picked != factor(ours, by_name)
