"""Counts of holes and cables of features, read as tables are: 12/4, 3X4, 12孔; what is not understood is kept apart."""

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.ducts import is_banked
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_sections import positive
from xzgis.networks.rules.feature_texts import objects, texts_of
from xzgis.networks.rules.hole_counts import add_unread, cable_counts, parse_holes, with_layouts
from xzgis.networks.rules.numbers import parse_numbers

COUNTS = ("hole_count", "cable_count")
_FIELDS = {"holes_total": "hole_count", "holes_used": "holes_used", "cables": "cable_count"}


def tell_counts(part: LayerPart, columns: dict[str, object]) -> set[str]:
    """Adds the counts of ``part`` as numbers and as delivered; returns the columns that tell nothing more."""
    told: set[str] = set()
    for name in COUNTS:
        source = part.mapping.fields.get(name)
        if source is None or source.column not in part.layer.frame.columns:
            continue
        texts = texts_of(part.layer.frame[source.column], part.mapping.values.get(name))
        if name == "hole_count":
            columns[name], used, bad = parse_holes(texts)
            if "holes_used" not in part.mapping.fields:
                columns["holes_used"] = used
        else:
            read = parse_numbers(cable_counts(texts))
            columns[name], bad = read.value, read.bad
        columns[_text(name)] = texts
        part.find_rows(
            bad, "R35", "warning", Words("此值不是数", "this value is no number"),
            Words("改正该值，或在来源处留空", "correct it, or leave it empty at the source"),
            field=source.column, values=texts,
        )  # fmt: skip
        told.add(source.column)
    return told


def add_counts(lines: pd.DataFrame, features: pd.DataFrame) -> None:
    """Fills the counts of ``lines`` in situ (``kind burial`` are told), and what of them nobody understands."""
    for name, field in _FIELDS.items():
        lines[name] = positive(features, field)
    nothing = objects(np.full(len(lines), None, dtype=object))
    texts = [_objects(features.get(name, nothing)) for name in map(_text, COUNTS)]
    layouts = _objects(features.get("hole_layout", nothing))
    lines["holes_total"] = with_layouts(lines["holes_total"].to_numpy(np.float64), layouts)
    add_unread(lines, is_banked(lines), texts[0], layouts, texts[1])


def _text(name: str) -> str:
    return f"{name}_text"


def _objects(column: pd.Series) -> pd.Series:
    return objects(column.to_numpy(dtype=object))
