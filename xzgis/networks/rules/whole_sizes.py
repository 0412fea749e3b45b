"""Whether the one figure told of a line is the size of all of it, or only of what lies inside.

``DN300`` of a 管沟 is the pipe in the trench, ``110`` of a 管块 one of its ducts: of neither is the outer size known. The
whole is known where the burial is that of one pipe or cable, or where width and height are told (docs/decisions/0092).
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.burials import is_open
from xzgis.networks.rules.doubts import Doubts, Saying
from xzgis.networks.rules.hole_counts import UNREAD, is_unread
from xzgis.networks.rules.named_burials import NAMED_BLOCK, NAMED_BOX, is_named, tell_named_parts
from xzgis.networks.terms import TUNNELS, Shape

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

CHANNEL, DUCT_BLOCK = "channel", "duct_block"
DUCT_KINDS = ("power", "telecom")
DUCT_BURIALS = (DUCT_BLOCK, "conduit")
# Of these the cable alone is what lies in the ground.
ONE_CABLE = ("direct_buried", "pipe_buried", "surface", "overhead", "riser", "underwater", "chamber_link")
_CHANNEL_SIZE = Words(
    "请填管沟内净宽X高（1200X1000），单位毫米",
    "Write the inner width X height of the channel (1200X1000) in millimetres",
)
_OPEN_SIZE = Words(
    "请把埋设方式改成登记库的写法（直埋、管沟、管块、定向钻等），或在断面中填外包宽X高，单位毫米",
    "Write the burial as the register does (direct buried, channel, duct block, drilled …), or the outer width X height as"
    " the section, in millimetres",
)
_TUNNEL_SIZE = Words(
    "请填管廊、通道的内净宽X高（3000X2500），单位毫米",
    "Write the inner width X height of the tunnel or passage (3000X2500) in millimetres",
)
_COUNT = Words(
    "请填总孔数（12）、管孔排列（3X4）或电缆条数（4），或在断面中填外包宽X高（900X600），单位毫米",
    "Write the count of holes (12), their layout (3X4) or the count of cables (4), or the outer width X height (900X600) as"
    " the section, in millimetres",
)
_BLOCK_SIZE = Words(
    "请填管块外包宽X高（900X600，单位毫米），或补填总孔数或管孔排列",
    "Write the outer width X height of the block (900X600) in millimetres, or its count or layout of holes",
)


def is_one_figure(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines told by one figure; 600X600 is width and height as 600X599 is."""
    width, height = (lines[f"nominal_{side}_mm"].to_numpy(np.float64) for side in ("width", "height"))
    boxed = lines["shape"].eq(Shape.RECTANGLE.value).to_numpy(np.bool_)
    found: BoolArray = np.isfinite(width) & ~boxed & ~(np.isfinite(height) & (height != width))
    return found


def is_of_a_part(lines: pd.DataFrame, count: FloatArray) -> BoolArray:
    """``(n,)`` lines whose one figure bounds nothing of the whole: of what lies in a channel, of a block of no
    known count, of a burial nobody understands, of a count nobody does.
    """
    in_channel = is_channel(lines)
    in_block = is_block(lines) & (count == 0)
    in_other = is_open(lines) | is_named(lines, NAMED_BOX)
    found: BoolArray = is_one_figure(lines) & (in_channel | in_block | in_other | is_unread(lines))
    return found


def is_channel(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines laid in a channel, tunnel or passage, and channels themselves."""
    found: BoolArray = (lines["burial"].isin((CHANNEL, *TUNNELS)) | lines["kind"].eq("trench")).to_numpy(
        np.bool_
    )
    return found


def is_block(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` duct blocks, by their burial or by their name."""
    told = lines["burial"].eq(DUCT_BLOCK).to_numpy(np.bool_)
    found: BoolArray = told | is_named(lines, NAMED_BLOCK)
    return found


def is_in_tunnel(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines laid in a tunnel or passage; a tunnel of its own kind lies in none."""
    found: BoolArray = (lines["burial"].isin(TUNNELS) & lines["kind"].ne("utility_tunnel")).to_numpy(np.bool_)
    return found


def holds_others(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` channels, tunnels and duct blocks: one figure of such may be that of what lies inside."""
    found: BoolArray = is_channel(lines) | is_block(lines) | is_named(lines, NAMED_BOX)
    return found


def tell_parts(lines: pd.DataFrame, is_part: BoolArray, doubts: Doubts) -> None:
    """R04 for the lines :func:`is_of_a_part`, once per distinct section and burial."""
    is_part = is_part & ~tell_named_parts(lines, is_part, doubts)
    frame = lines.assign(section_text=shown_sections(lines))
    in_tunnel = lines["burial"].isin(TUNNELS).to_numpy(np.bool_)
    in_channel, unclear = is_channel(lines), is_open(lines)
    unread = is_unread(lines) & ~in_channel & ~unclear
    doubts.distinct(
        frame.assign(hole_count=frame.get(UNREAD)), is_part & unread, "hole_count", code="R04", level="warning",
        told=(lambda value: Words(
                  f"孔数、管孔排列或条数“{value}”无法理解：断面只是其中一孔或一根的尺寸，外包尺寸按未知处理",
                  f"The count or layout {value!r} is not understood: the section is that of one duct or cable of so many;"
                  " the outer size is taken as unknown"),
              _COUNT),
    )  # fmt: skip
    for mask, zh, en, remedy in (
        (unclear & ~in_channel, "在埋设方式不明时可能只是其中一部分的尺寸，外包尺寸按未知处理",
         "may be that of a part only, as its burial is not understood; the outer size is taken as unknown", _OPEN_SIZE),
        (in_tunnel, "是管廊、通道内管线的尺寸或只是其一边，管廊、通道的外包尺寸按未知处理",
         "is that of a pipe in the tunnel or passage, or of one side of it; the size of the tunnel is taken as unknown",
         _TUNNEL_SIZE),
        (in_channel & ~in_tunnel, "是沟内管线的尺寸或只是沟的一边，管沟的外包尺寸按未知处理",
         "is that of a pipe in the channel, or of one side of it; the size of the channel is taken as unknown",
         _CHANNEL_SIZE),
        (~in_channel & ~unclear & ~unread, "是单孔尺寸，孔数未知，管块的外包尺寸按未知处理",
         "is that of one duct of a block whose count of holes is unknown; the size of the block is taken as unknown",
         _BLOCK_SIZE),
    ):  # fmt: skip
        doubts.distinct(
            frame, is_part & mask, "section_text", code="R04", level="warning",
            told=(_saying(zh, en), remedy),
        )  # fmt: skip


def _saying(zh: str, en: str) -> Saying:
    return lambda value: Words(f"断面“{value}”{zh}", f"The section {value!r} {en}")


def shown_sections(lines: pd.DataFrame) -> pd.Series:
    """``(n,)`` sections as told; of those told as a bare number that number."""
    told = lines["section_text"].to_numpy(dtype=object, copy=True)
    codes, widths = pd.factorize(lines["nominal_width_mm"])
    figures = np.array([*(f"{one:g}" for one in widths), None], dtype=object)[codes]
    untold = pd.isna(told)
    told[untold] = figures[untold]
    return pd.Series(told, index=lines.index, dtype=object)
