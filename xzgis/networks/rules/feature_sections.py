"""Sizes of features from whichever of the size fields are told, and which of them cannot be meant."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.counted_sections import (
    cannot_hold,
    counted,
    says_units,
    tell_too_small,
    tell_unsure,
)
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.feature_fields import FloatArray
from xzgis.networks.rules.sections import Sections, odd_sizes, parse_sections
from xzgis.networks.rules.size_units import doubted_sizes
from xzgis.networks.rules.whole_sizes import ONE_CABLE, holds_others

ObjectArray = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]
_UNIT = Words("核对断面的单位（应为毫米）", "Compare the unit of sizes (millimetres)")
_FORM = Words(
    "圆形写直径（300），矩形写宽X高（900X600），单位毫米",
    "Write a diameter (300) or width X height (900X600) in millimetres",
)

_OF_A_CABLE = (
    Words("是电缆或管孔的外径，不是管沟、管块或套管的外包尺寸",
          "is that of a cable or hole inside, not of the channel, block or conduit"),
    Words("请在断面中填外包宽X高（900X600）或套管外径，单位毫米；直埋电缆请填埋设方式",
          "Write the outer width X height (900X600) or the diameter of the conduit as the section, in millimetres; of a"
          " cable in the ground write its burial"),
)  # fmt: skip
_NO_HEIGHT = (
    Words("（毫米）只有宽，没有高", "(in millimetres) is a width, its height is not told"),
    Words(
        "请补填高（毫米），或写宽X高（900X600）",
        "Write the height in millimetres, or width X height (900X600)",
    ),
)
_ONE_OF_A_BOX = (
    Words(
        "（毫米）是矩形断面的一个数，不知是宽还是高",
        "(in millimetres) is one figure of a box, its width or its height",
    ),
    Words("矩形写宽X高（900X600），单位毫米", "Write width X height (900X600) in millimetres"),
)


def sections_of(
    frame: pd.DataFrame, lines: pd.DataFrame
) -> tuple[ObjectArray, FloatArray, FloatArray, ObjectArray]:
    """Shape, width and height in mm of each line, and what these figures are: ``nominal outer inner``.

    Order: outer diameter, width and height, diameter, width or height alone, section text, cable diameter. Zero and less
    is unknown. ``lines``: ``kind burial holes_total``, which say what a cable diameter and a lone figure are the size of.
    """
    count = len(frame)
    shape: ObjectArray = np.full(count, None, dtype=object)
    width, height = np.full(count, np.nan), np.full(count, np.nan)
    says: ObjectArray = np.full(count, "nominal", dtype=object)

    def fill(
        new_shape: ObjectArray | str, new_width: FloatArray, new_height: FloatArray, said: ObjectArray | str
    ) -> None:
        use = ~np.isfinite(width) & np.isfinite(new_width) & (new_width > 0)
        width[use], height[use] = new_width[use], new_height[use]
        shape[use] = new_shape[use] if isinstance(new_shape, np.ndarray) else new_shape
        says[use] = said[use] if isinstance(said, np.ndarray) else said

    given = positive(frame, "outer_diameter_mm")
    fill("circle", given, given, "outer")
    both, tall = positive(frame, "width_mm"), positive(frame, "height_mm")
    fill("rectangle", np.where(np.isfinite(tall), both, np.nan), tall, "nominal")
    across = positive(frame, "diameter_mm")
    fill("circle", across, across, "nominal")
    told = frame["shape"].to_numpy(dtype=object) if "shape" in frame.columns else shape.copy()
    # The width alone of a box, a channel or a block says nothing of its height.
    in_box = (told == "rectangle") | holds_others(lines)
    fill("rectangle", np.where(in_box, both, np.nan), np.full(count, np.nan), "nominal")
    fill("circle", both, both, "nominal")
    # A height alone is the diameter of a pipe (SWMM's first figure); of what is said to be a box it is no width.
    alone = np.where(told == "rectangle", np.nan, tall)
    fill("circle", alone, alone, "nominal")
    if "section" in frame.columns:
        read, _ = _read_sections(frame, lines)
        fill(read.shape, read.width_mm, read.height_mm, read.says)
    # Of a conduit, block or channel it is the cable or hole inside, never the outer size.
    cable = np.where(lines["burial"].isin(ONE_CABLE), positive(frame, "cable_diameter_mm"), np.nan)
    fill("circle", cable, cable, "outer")
    is_round = (told == "circle") & np.isfinite(width)
    shape[is_round], height[is_round] = "circle", width[is_round]
    return shape, width, height, says


def positive(frame: pd.DataFrame, name: str) -> FloatArray:
    """Column ``name`` with NaN where it is missing, zero or negative (``0`` and ``-1`` mean unknown)."""
    if name not in frame.columns:
        return np.full(len(frame), np.nan)
    values = frame[name].to_numpy(dtype=np.float64)
    return np.where(values > 0, values, np.nan)


def _read_sections(frame: pd.DataFrame, lines: pd.DataFrame) -> tuple[Sections, BoolArray]:
    """The section texts, and those nobody can tell count × diameter or width × height of."""
    says_unit = says_units(frame["section"], frame["says_size_unit"].to_numpy(np.bool_))
    return counted(parse_sections(frame["section"]), lines, says_unit=says_unit)


def second_figures(frame: pd.DataFrame, lines: pd.DataFrame, width_mm: FloatArray) -> FloatArray:
    """``(n,)`` the second figure of a section such as ``D219×6`` where it gave the width; NaN elsewhere."""
    if "section" not in frame.columns:
        return np.full(len(frame), np.nan)
    read, _ = _read_sections(frame, lines)
    gave = (read.width_mm == width_mm) & np.isnan(positive(frame, "outer_diameter_mm"))
    return np.where(gave, read.wall_mm, np.nan)


def believed_sizes(
    frame: pd.DataFrame, lines: pd.DataFrame, catalogue: Catalogue, doubts: Doubts
) -> tuple[ObjectArray, FloatArray, FloatArray, ObjectArray]:
    """:func:`sections_of` with the sizes unknown that a line of its kind cannot have; each is told (R04, R54).

    A diameter of 0.3 is meant in metres, of 60 000 in tenths: as millimetres either would decide a clearance. What
    is unknown is taken as anything plausible of its kind. ``lines``: ``kind material burial``.
    """
    shape, width, height, says = sections_of(frame, lines)
    cable = positive(frame, "cable_diameter_mm")
    inside = np.isfinite(cable) & ~np.isfinite(width)
    _tell(frame, inside, _as_texts(cable, cable, inside), doubts, _OF_A_CABLE, field="cable_diameter_mm")
    if "section" in frame.columns:
        unread = parse_sections(frame["section"]).bad & ~np.isfinite(width)
        _tell(frame, unread, frame["section"], doubts, (Words("无法理解", "cannot be understood"), _FORM))
    told = frame[["file", "sheet", "row"]].assign(
        section=_as_told(frame, width),
        says_unit=frame["says_size_unit"].astype(np.bool_),
        is_text=frame["section"].notna() if "section" in frame.columns else False,
        shape=shape,
        width_mm=width,
        height_mm=height,
    )
    unknown = _not_of_blocks(told, lines, cable, doubts) | _half_told(frame, told, lines, doubts)
    odd = odd_sizes(width, height, frame["kind"], catalogue.kinds) & ~unknown
    if odd.any():
        words = Words("（毫米）对该管类不合理", "(in millimetres) cannot be of this kind")
        _tell(frame, odd, _as_texts(width, height, odd), doubts, (words, _UNIT))
    odd |= unknown
    odd |= doubted_sizes(told, lines, catalogue, doubts)
    if odd.any():
        width, height, shape = np.where(odd, np.nan, width), np.where(odd, np.nan, height), shape.copy()
        shape[odd] = None
    return shape, width, height, np.where(odd, "nominal", says).astype(object)


def _not_of_blocks(told: pd.DataFrame, lines: pd.DataFrame, hole_mm: FloatArray, doubts: Doubts) -> BoolArray:
    """``(n,)`` figures that may be a count, and blocks too small for their holes; each is told (R04)."""
    told = told.reset_index(drop=True)
    shape, sides_mm = told["shape"].to_numpy(dtype=object), (told["width_mm"], told["height_mm"])
    width_mm, height_mm = (one.to_numpy(np.float64) for one in sides_mm)
    texts = told["section"].where(told["is_text"])
    read, unsure = _read_sections(told.assign(section=texts, says_size_unit=told["says_unit"]), lines)
    # Width and height of their own columns are no text.
    unsure &= (read.width_mm == width_mm) & (read.height_mm == height_mm)
    tell_unsure(told, unsure, doubts)
    too_small = cannot_hold(shape, (width_mm, height_mm), lines, hole_mm) & ~unsure
    told["section"] = told["section"].where(told["is_text"], _as_texts(width_mm, height_mm, too_small))
    tell_too_small(told, too_small, lines, doubts)
    found: BoolArray = unsure | too_small
    return found


def _half_told(frame: pd.DataFrame, told: pd.DataFrame, lines: pd.DataFrame, doubts: Doubts) -> BoolArray:
    """``(n,)`` boxes told by one figure that is not their width, of unknown size; they and lone widths are told (R04)."""
    shape = told["shape"].to_numpy(dtype=object)
    width, height = (told[f"{side}_mm"].to_numpy(np.float64) for side in ("width", "height"))
    lone = (shape == "rectangle") & np.isfinite(width) & ~np.isfinite(height)
    _tell(frame, lone, _as_texts(width, height, lone), doubts, _NO_HEIGHT, field="width_mm")
    if "shape" not in frame.columns:
        return np.zeros(len(frame), dtype=np.bool_)
    boxed: BoolArray = (frame["shape"] == "rectangle").to_numpy(np.bool_) & (shape == "circle")
    boxed &= ~holds_others(lines)
    _tell(frame, boxed, _as_texts(width, height, boxed), doubts, _ONE_OF_A_BOX)
    return boxed


def _as_told(frame: pd.DataFrame, width_mm: FloatArray) -> ObjectArray:
    codes, widths = pd.factorize(width_mm)
    figures: ObjectArray = np.array([*(f"{one:g}" for one in widths), None], dtype=object)[codes]
    if "section" not in frame.columns:
        return figures
    texts = frame["section"].to_numpy(dtype=object)
    return np.where(pd.isna(texts), figures, texts)


def _as_texts(width_mm: FloatArray, height_mm: FloatArray, mask: BoolArray) -> pd.Series:
    sizes: ObjectArray = np.full(len(mask), None, dtype=object)
    sizes[mask] = [
        f"{across:g}" if across == tall or np.isnan(tall) else f"{across:g}X{tall:g}"
        for across, tall in zip(width_mm[mask], height_mm[mask], strict=True)
    ]
    return pd.Series(sizes)


def _tell(
    frame: pd.DataFrame,
    mask: BoolArray,
    values: pd.Series,
    doubts: Doubts,
    told: tuple[Words, Words],
    *,
    field: str = "section",
) -> None:
    """R04 once per distinct value under ``mask``."""
    if not mask.any():
        return
    rows = frame[["file", "sheet", "row"]].reset_index(drop=True)
    what, remedy = told
    doubts.distinct(
        rows.assign(**{field: values.to_numpy(object)}), mask, field, code="R04", level="warning",
        told=(lambda value: Words(f"断面“{value}”{what.zh}，按未知处理",
                                  f"The section {value!r} {what.en}; taken as unknown"), remedy),
    )  # fmt: skip
