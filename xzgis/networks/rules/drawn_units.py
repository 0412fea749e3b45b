"""The unit of a drawing, once it is known: its heights are written in it, as its coordinates are."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.feature_fields import HEIGHT_COLUMN
from xzgis.networks.rules.feature_mapping import FeatureMapping, FieldMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.numbers import BoolArray, FloatArray

_DRAWN_UNIT = "drawn_unit_m"
SAY_UNIT = Words(
    "请在图层对应中为 @z 写明单位（如 m、mm）后重读",
    "say the unit of @z in the mapping, such as m or mm, and read again",
)


def has_drawn_heights(mapping: FeatureMapping) -> bool:
    """Whether the heights of a geometry fill any field."""
    return any(
        one.column == HEIGHT_COLUMN for layer in mapping.layers.values() for one in layer.fields.values()
    )


def in_drawn_unit(files: Sequence[FeatureFile], unit_m: float) -> tuple[FeatureFile, ...]:
    """``files`` whose drawings know that one unit of theirs is ``unit_m``."""
    return tuple(
        replace(one, facts={**one.facts, _DRAWN_UNIT: unit_m}) if one.format == "DXF" else one
        for one in files
    )


def drawn_unit_m(part: LayerPart, source: FieldMapping) -> float:
    """Metres in one unit of the drawing of ``part``; 1 where a person says the unit of ``source``, or nothing is known."""
    is_said = bool(source.unit) or source.scale != 1.0
    return 1.0 if is_said else float(part.file.facts.get(_DRAWN_UNIT, 1.0))


def known_in_unit(part: LayerPart, height: FloatArray, highest_m: float) -> FloatArray:
    """``height`` as drawn, without what may as well be metres; that is told.

    Who draws in millimetres may type a height in metres all the same: thirty is then a level of the city, and read in
    millimetres it would put the line out of the way of every other.
    """
    may_be_metres: BoolArray = (height != 0.0) & (np.abs(height) <= highest_m)
    part.find_rows(
        may_be_metres,
        "R36",
        "error",
        Words(
            "图形单位不是米，而此高度像是米，单位不明，数值未采用",
            "the drawing is not in metres and this height may be; its unit is in doubt and it is not used",
        ),
        SAY_UNIT,
        field=HEIGHT_COLUMN,
        values=pd.Series(height),
    )
    return np.where(may_be_metres, np.nan, height)
