"""How many ducts or pipes one recorded line is, and between which bounds their outer size lies.

``Φ110×6`` of a duct bank is six ducts of 110 mm and no wall of 6 mm; a bank of 36 holes with one figure told is a
block of at least one duct's size and at most all of them in one row. Unknown between the bounds, never one pipe.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.burials import is_open
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.hole_counts import is_unread
from xzgis.networks.rules.whole_sizes import (
    DUCT_BURIALS,
    DUCT_KINDS,
    is_block,
    is_channel,
    is_one_figure,
    shown_sections,
)

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

# A second figure below both is no wall: steel of 150 mm and more has walls of 4.5 mm and more (GB/T 3091, GB/T 21835).
_THINNEST_SHARE, _THINNEST_MM = 0.02, 5.0
# Of one duct or pipe beside the next, and of what is round them all: sockets, spacers, concrete (own choice, wide).
_SOCKET_SHARE, _APART_MM, _ENCASED_MM = 1.1, 50.0, 150.0
# Twin mains lie up to 300 mm apart (CJJ/T 81, recalled).
_PIPES_APART_MM = 300.0
# Cables in the ground lie 100 mm apart up to 10 kV, above that 250 mm (GB 50217, recalled).
_LOW_KV, _LOW_APART_MM, _HIGH_APART_MM = 10.0, 100.0, 250.0
_WIDEST_MM = 20_000.0


def pieces(lines: pd.DataFrame, second_mm: FloatArray) -> FloatArray:
    """``(n,)`` number of ducts, cables or pipes that each line is, 0 where it is one or a size of the whole is told.

    ``lines`` has ``kind burial shape nominal_width_mm nominal_height_mm`` and perhaps ``holes_total cables``; ``second_mm``
    is the second figure of ``Φ110×6``. In a channel they tell nothing of its size.
    """
    width = lines["nominal_width_mm"].to_numpy(np.float64)
    in_duct_kind = lines["kind"].isin(DUCT_KINDS).to_numpy(np.bool_)
    in_block = is_block(lines)
    whole = np.isfinite(second_mm) & (second_mm == np.round(second_mm)) & (second_mm >= 2)
    counted = whole & (in_duct_kind | in_block | is_no_wall(second_mm, width))
    count = np.where(counted, second_mm, 0.0)
    holes, cables = _told(lines, "holes_total"), _told(lines, "cables")
    banked = is_banked(lines)
    one_figure = is_one_figure(lines)
    count = np.where(banked & one_figure & (holes > 1), np.maximum(count, holes), count)
    # Cables side by side, each of the size told. Of a block they say nothing: not every hole holds one.
    bundled = one_figure & (count == 0) & (holes == 0) & ~in_block & (cables > 1)
    count = np.asarray(np.where(bundled, cables, count), dtype=np.float64)
    count[is_channel(lines) | is_open(lines) | is_unread(lines)] = 0.0
    return count


def is_banked(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines of which holes are counted, by their ``kind`` and ``burial``."""
    found: BoolArray = (lines["burial"].isin(DUCT_BURIALS) | lines["kind"].isin(DUCT_KINDS)).to_numpy(
        np.bool_
    )
    return found


def _told(lines: pd.DataFrame, name: str) -> FloatArray:
    """``(n,)`` a count of ``lines``, 0 where none is told."""
    if name not in lines.columns:
        return np.zeros(len(lines))
    told: FloatArray = np.nan_to_num(pd.to_numeric(lines[name], errors="coerce").to_numpy(np.float64))
    return told


def is_no_wall(second_mm: FloatArray, width_mm: FloatArray) -> BoolArray:
    """``(n,)`` second figures too thin for a wall of a pipe so wide."""
    thin: BoolArray = (second_mm < _THINNEST_SHARE * width_mm) & (second_mm < _THINNEST_MM)
    return thin


def widest_mm(
    one_mm: FloatArray, count: FloatArray, lines: pd.DataFrame, kinds: Mapping[str, NetworkKind]
) -> FloatArray:
    """``(n,)`` the most that ``count`` ducts of the outer size ``one_mm`` take on either side, millimetres.

    All in a row with what is round them, or as wide as the kind can be. The least is one duct: all stand one above
    the other. ``lines``: ``kind burial`` and perhaps ``voltage_kv``.
    """
    kind = lines["kind"]
    of_ducts = kind.isin(DUCT_KINDS).to_numpy(np.bool_)
    row = count * (_SOCKET_SHARE * one_mm + np.where(of_ducts, _APART_MM, _PIPES_APART_MM)) + 2 * _ENCASED_MM
    voltage_kv = lines["voltage_kv"].to_numpy(np.float64) if "voltage_kv" in lines.columns else np.nan
    is_low = kind.eq("telecom").to_numpy(np.bool_) | (voltage_kv <= _LOW_KV)
    cables = count * (_SOCKET_SHARE * one_mm + np.where(is_low, _LOW_APART_MM, _HIGH_APART_MM))
    row = np.where(of_ducts & lines["burial"].eq("direct_buried").to_numpy(np.bool_), cables, row)
    widest = np.array(
        [kinds[str(one)].plausible_outer_width_mm[1] if str(one) in kinds else _WIDEST_MM for one in kind],
        dtype=np.float64,
    )
    return np.minimum(row, widest)


def tell_pieces(lines: pd.DataFrame, count: FloatArray, doubts: Doubts) -> None:
    """R04 for the lines that are several ducts or pipes, once per distinct section."""
    doubts.distinct(
        lines.assign(section_text=shown_sections(lines)), count > 0, "section_text", code="R04", level="warning",
        told=(lambda value: Words(
                  f"断面“{value}”为多孔或多根，外包尺寸只知上下限：最小为一根，最大为并排一行",
                  f"The section {value!r} is several ducts or pipes: their outer size is only known to lie between one of "
                  "them and all in a row"),
              Words("请填外包尺寸，宽X高（900X600），单位毫米；如为壁厚，请只写外径（如 D219）",
                    "Write the outer width X height (900X600) in millimetres; if the second figure is a wall, write the "
                    "outer diameter alone (D219)")),
    )  # fmt: skip
