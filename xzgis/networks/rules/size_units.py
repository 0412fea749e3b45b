"""Whether the sizes of a table may be in centimetres (R54): no single figure is odd, the whole column is.

60 of a concrete sewer passes as a size, and yet 60, 80 and 100 are centimetres: read as millimetres its crown lies half a
metre too low. A table is asked about where the median of its sizes, by kind and by what they are made of, is below
the least size that such lines have on the whole (``least_…_mm`` of ``layers/limits.toml``). One small lateral among sound
sizes moves no median. Who writes the unit is believed down to half of it. A block of ducts is no lateral: however few there
are, they are asked about.
"""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.numbers import plain
from xzgis.networks.rules.sections import TOLD_BY_BORE, UNIT_TOLD
from xzgis.networks.rules.whole_sizes import CHANNEL, DUCT_KINDS
from xzgis.networks.terms import TUNNELS, Shape

DOUBTED_SIZES = "R54"
FEWEST = 3
"""Sizes of one kind and make in one table: fewer may all be laterals. Below half of the least size any number is asked about."""
# Sizes of mains: DN of GB/T 1047, and outer ones of polyethylene (GB/T 13663, GB/T 15558).
_NOMINAL_MM = (
    100, 110, 125, 140, 150, 160, 180, 200, 225, 250, 280, 300, 315, 350, 355, 400, 450, 500, 560, 600, 630, 700, 710,
    800, 900, 1000,
)  # fmt: skip
_IRON = ("cast_iron", "ductile_iron", "asbestos_cement", "concrete")
# What the least size is of, in words.
_OF: Mapping[str, Words] = {
    "least_channel_mm": Words("管沟", "in channels"),
    "least_block_mm": Words("管块、排管", "of duct blocks"),
    "least_concrete_sewer_mm": Words("（混凝土、砖石等）", "of concrete, brick and the like"),
    "least_sewer_mm": Words("", ""),
    "least_iron_main_mm": Words("（铸铁、混凝土等）", "of iron, concrete and the like"),
    "least_pressure_pipe_mm": Words("", ""),
}
# No hole of a block is narrower with what is round it: a lattice duct of nine has 36 mm (own choice).
_LEAST_HOLE_MM = 28.0
_REMEDY = Words(
    "核对管径的单位：如为厘米，在表头写明（如“管径（cm）”）后重交；确为毫米，也请写明（如“管径（mm）”）",
    "Ask for their unit: if it is centimetres, say so in the header, as size (cm), and deliver again; if they are"
    " millimetres, say that, as size (mm)",
)
_BLOCK = "least_block_mm"
BoolArray = npt.NDArray[np.bool_]


def doubted_sizes(rows: pd.DataFrame, lines: pd.DataFrame, catalogue: Catalogue, doubts: Doubts) -> BoolArray:
    """``(n,)`` lines in tables or layers whose sizes look like centimetres, each told once by kind and make.

    ``rows``: ``file sheet row``, ``section`` as told, ``says_unit``, and as read ``shape width_mm height_mm``.
    ``lines``: ``kind material burial holes_total``.
    """
    size_mm = np.fmax(rows["width_mm"].to_numpy(np.float64), rows["height_mm"].to_numpy(np.float64))
    of = _least_names(lines, rows["shape"].to_numpy(dtype=object), catalogue)
    of[_holds_its_holes(rows, lines) & (of == _BLOCK)] = None
    asked: BoolArray = np.isfinite(size_mm) & np.array([name is not None for name in of], dtype=np.bool_)
    if not asked.any():
        return asked
    frame = rows.loc[asked, ["file", "sheet", "row", "section"]].reset_index(drop=True)
    says_unit = rows["says_unit"].to_numpy(np.bool_)[asked] | _says_unit(frame["section"])
    kind, name, told_mm = lines["kind"].to_numpy(dtype=object)[asked], of[asked], pd.Series(size_mm[asked])
    groups = group_numbers(
        frame["file"], frame["sheet"], pd.Series(kind), pd.Series(name), pd.Series(says_unit)
    )
    by_group = told_mm.groupby(groups)
    median_mm, count = (
        by_group.transform("median").to_numpy(np.float64),
        by_group.transform("size").to_numpy(),
    )
    least_mm = np.array([catalogue.limits.values[str(one)] for one in name])
    few = (count < FEWEST) | says_unit
    # What says its unit among blocks is believed: the smallest ones hold one duct (60X40mm).
    in_blocks = name == _BLOCK
    odd = np.where(in_blocks, ~says_unit & (median_mm < least_mm), median_mm < least_mm / 2) | (
        ~few & ((median_mm < least_mm) | _may_be_tenfold(told_mm, groups, name, catalogue))
    )
    for at in np.flatnonzero(odd & ~by_group.cumcount().to_numpy(np.bool_)):
        _tell(frame, int(at), (str(kind[at]), str(name[at]), float(median_mm[at])), catalogue, doubts)
    found = np.zeros(len(lines), dtype=np.bool_)
    found[np.flatnonzero(asked)[odd]] = True
    return found


def _holds_its_holes(rows: pd.DataFrame, lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` blocks with room for the several holes told of them, as the small ones of lamps (60X30 with 2 holes)."""
    holes = np.nan_to_num(lines["holes_total"].to_numpy(np.float64))
    area_mm2 = rows["width_mm"].to_numpy(np.float64) * rows["height_mm"].to_numpy(np.float64)
    found: BoolArray = (holes > 1) & (area_mm2 >= holes * _LEAST_HOLE_MM**2)
    return found


def _may_be_tenfold(
    told_mm: pd.Series, groups: npt.NDArray[np.int64], name: npt.NDArray[np.object_], catalogue: Catalogue
) -> BoolArray:
    """``(n,)`` pipes under pressure in groups of which every size is one that pipes have ten times over: 40, 50 and 63.

    A single 32, 65 or 110 among them shows that all are in millimetres.
    """
    small = told_mm <= catalogue.limits.values["most_centimetres_of_a_pipe"]
    either = small & (told_mm * 10).isin(_NOMINAL_MM)
    found: BoolArray = either.groupby(groups).transform("all").to_numpy(np.bool_) & (
        name == "least_pressure_pipe_mm"
    )
    return found


def _tell(
    frame: pd.DataFrame, at: int, of: tuple[str, str, float], catalogue: Catalogue, doubts: Doubts
) -> None:
    kind, name, median_mm = of
    told, made = catalogue.kinds[kind], _OF[name]
    alone = np.arange(len(frame)) == at
    doubts.rows(
        frame, alone, "section", code=DOUBTED_SIZES, level="warning",
        told=(lambda _value: Words(
                  f"本表{told.zh}{made.zh}管径的中位数为 {median_mm:g} mm，像是以厘米为单位；这些管段的断面尺寸按未知处理",
                  f"The median size of {told.en} {made.en}".rstrip() + f" in this table is {median_mm:g} mm, which looks like"
                  " centimetres; the sizes of these lines are taken as unknown"),
              _REMEDY),
    )  # fmt: skip


def _least_names(
    lines: pd.DataFrame, shape: npt.NDArray[np.object_], catalogue: Catalogue
) -> npt.NDArray[np.object_]:
    """``(n,)`` the limit below which the median of a line's like is asked about, None where nothing is known of it."""
    flow = lines["kind"].map({token: kind.flow for token, kind in catalogue.kinds.items()})
    boxed = pd.Series(shape == Shape.RECTANGLE.value, index=lines.index)
    by_bore = lines["material"].isin(TOLD_BY_BORE)
    names: npt.NDArray[np.object_] = np.full(len(lines), None, dtype=object)
    for mask, name in (
        (flow == "pressure", "least_pressure_pipe_mm"),
        ((flow == "pressure") & lines["material"].isin(_IRON), "least_iron_main_mm"),
        (flow == "gravity", "least_sewer_mm"),
        ((flow == "gravity") & by_bore, "least_concrete_sewer_mm"),
        # A round figure is that of the pipe in the channel, or of one duct.
        (boxed & lines["kind"].isin(DUCT_KINDS), _BLOCK),
        (boxed & flow.notna() & (lines["burial"].isin((CHANNEL, *TUNNELS))), "least_channel_mm"),
    ):
        names[mask.to_numpy(np.bool_)] = name
    return names


def _says_unit(texts: pd.Series) -> BoolArray:
    codes, told = pd.factorize(texts)
    says = [bool(UNIT_TOLD.search(plain(str(text)).casefold())) for text in told]
    return np.array([*says, False], dtype=np.bool_)[codes]
