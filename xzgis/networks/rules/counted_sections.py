"""Two figures of power and telecom that are no width and height: a count and a diameter, or centimetres.

``12X110`` is twelve ducts of 110 mm, never a block 12 mm wide; ``60X40`` without a unit may be centimetres or forty ducts.
A block that cannot hold the holes told of it is of unknown size (docs/decisions/0092).
"""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts, Saying
from xzgis.networks.rules.numbers import plain
from xzgis.networks.rules.sections import UNIT_TOLD, Sections
from xzgis.networks.rules.whole_sizes import DUCT_BURIALS, DUCT_KINDS
from xzgis.networks.terms import Shape

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# Own choices: no bank of more than 48 ducts of one size; below 90 mm the larger figure may be centimetres of a block; no
# side of a block and no duct is below 20 mm; more than five cores × mm² has no cable.
_MOST_DUCTS, _LEAST_SURE_MM, _LEAST_MM, _MOST_CORES = 48, 90.0, 20.0, 5
_SPARE = 1.02
_UNSURE_REMEDY = Words(
    "宽X高请写明单位（600X400mm、60X40cm）；多孔或多根请写单孔直径，另填总孔数或电缆条数",
    "Write width X height with its unit (600X400mm, 60X40cm); of several ducts or cables write the diameter of one, and"
    " their count in its own column",
)
_HOLDS_REMEDY = Words(
    "核对断面、总孔数和孔径，改正后重交",
    "Compare section, count of holes and their diameter, and deliver again",
)


def counted(sections: Sections, lines: pd.DataFrame, *, says_unit: BoolArray) -> tuple[Sections, BoolArray]:
    """``sections`` with those that are count × diameter told as ``Φ110×12`` is, and which are neither one nor the other.

    ``lines``: ``kind burial holes_total``. Where another count of holes stands beside it, both figures are of the block.
    """
    small = np.fmin(sections.width_mm, sections.height_mm)
    large = np.fmax(sections.width_mm, sections.height_mm)
    asked = sections.bare & lines["kind"].isin(DUCT_KINDS).to_numpy(np.bool_)
    holes = np.nan_to_num(lines["holes_total"].to_numpy(np.float64))
    # Too many for ducts, and centimetres all the same.
    boxed = asked & (sections.shape == Shape.RECTANGLE.value)
    may_be_cm = boxed & (small > _MOST_DUCTS) & (large < _LEAST_SURE_MM) & ~says_unit & ~(holes > 1)
    asked &= (small <= _MOST_DUCTS) & (small == np.round(small))
    asked &= ~((small >= _LEAST_MM) & (holes > 1) & (holes != small))
    is_low = asked & (large < _LEAST_SURE_MM)
    # A unit told in words is that of a side; of a count it would say nothing.
    asked &= ~(is_low & says_unit & (small >= _LEAST_MM))
    may_be_cores = lines["kind"].eq("power") & ~lines["burial"].isin(DUCT_BURIALS)
    unsure = (is_low & (small >= 10)) | ((small <= _MOST_CORES) & may_be_cores.to_numpy(np.bool_))
    unsure &= asked & ~(holes == small)
    several = asked & ~unsure
    unsure |= may_be_cm
    shape = sections.shape.copy()
    shape[several] = Shape.CIRCLE.value
    return replace(
        sections,
        shape=shape,
        width_mm=np.where(several, large, sections.width_mm),
        height_mm=np.where(several, large, sections.height_mm),
        wall_mm=np.where(several & (small > 1), small, sections.wall_mm),
    ), unsure


def says_units(texts: pd.Series, says_unit: BoolArray) -> BoolArray:
    """``(n,)`` sections whose unit is told, by ``says_unit`` for their column or by themselves."""
    codes, told = pd.factorize(texts)
    own = np.array([*(bool(UNIT_TOLD.search(plain(str(one)).casefold())) for one in told), False])[codes]
    found: BoolArray = says_unit | own.astype(np.bool_)
    return found


def tell_unsure(frame: pd.DataFrame, unsure: BoolArray, doubts: Doubts) -> None:
    """R04 for the sections of which :func:`counted` cannot say what they are."""
    doubts.distinct(
        frame, unsure, "section", code="R04", level="warning",
        told=(lambda value: Words(
                  f"断面“{value}”看不出是宽X高（是否厘米）还是根数X直径（芯数X截面），按未知处理",
                  f"The section {value!r} may be width X height (in centimetres?) or a count X a diameter (cores X mm²);"
                  " taken as unknown"), _UNSURE_REMEDY),
    )  # fmt: skip


def cannot_hold(
    shape: npt.NDArray[np.object_],
    sides_mm: tuple[FloatArray, FloatArray],
    lines: pd.DataFrame,
    hole_mm: FloatArray,
) -> BoolArray:
    """``(n,)`` blocks of which width and height are told and whose holes, each of ``hole_mm``, find no room in them.

    Without a diameter told a hole takes the least there is. ``lines``: ``burial holes_total``.
    """
    holes = np.nan_to_num(lines["holes_total"].to_numpy(np.float64))
    one_mm = np.where(hole_mm > 0, hole_mm, _LEAST_MM)
    boxed = (shape == Shape.RECTANGLE.value) & lines["burial"].isin(DUCT_BURIALS).to_numpy(np.bool_)
    lacks = (holes * one_mm**2 > sides_mm[0] * sides_mm[1] * _SPARE) | (one_mm > np.fmin(*sides_mm) * _SPARE)
    found: BoolArray = boxed & (holes > 0) & lacks
    return found


def tell_too_small(frame: pd.DataFrame, too_small: BoolArray, lines: pd.DataFrame, doubts: Doubts) -> None:
    """R04 for the blocks that :func:`cannot_hold` what is told of them, by section and count of holes."""
    for count in pd.unique(lines["holes_total"][too_small]):
        doubts.distinct(
            frame, too_small & lines["holes_total"].eq(count).to_numpy(np.bool_), "section", code="R04", level="warning",
            told=(_too_small(float(count)), _HOLDS_REMEDY),
        )  # fmt: skip


def _too_small(count: float) -> Saying:
    return lambda value: Words(
        f"断面“{value}”容不下所填的 {count:g} 孔，按未知处理",
        f"The section {value!r} cannot hold the {count:g} holes told; taken as unknown",
    )
