"""Axes and outlines of a work document in the storage CRS."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from xzgis.catalogue.terms import Catalogue, CityExtent
from xzgis.core.errors import Fault
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray
from xzgis.spatial.crs import STORAGE, to_storage
from xzgis.works.rules.faults import Loc, refuse
from xzgis.works.rules.levels import without_repeats
from xzgis.works.terms import WorkDocument

FAR_M = 1000.0
# Beyond any place on the earth: told by its size alone.
FAR_AWAY_M = 1e9


@dataclass(frozen=True)
class Axes:
    """The shapes of a work in the storage CRS.

    Attributes
    ----------
    runs
        Axis ``(n, 2)`` of each run, no vertex repeated.
    chains
        Chainage ``(n,)`` of the vertices of each run, metres.
    kept
        For each run which of the document's vertices stayed.
    outlines
        Outline ``(n, 2)`` of each excavation, not closed.
    """

    runs: tuple[FloatArray, ...]
    chains: tuple[FloatArray, ...]
    kept: tuple[npt.NDArray[np.bool_], ...]
    outlines: tuple[FloatArray, ...]


def axes_of(work: WorkDocument, catalogue: Catalogue) -> Axes:
    """The shapes of ``work`` in the storage CRS.

    Raises
    ------
    Invalid
        The system is not known, or a place lies far from the city, with the likely reason.
    """
    runs, chains, kept = [], [], []
    for index in range(len(work.runs)):
        axis, chain, mask = without_repeats(_axis(work, index, catalogue))
        runs.append(axis)
        chains.append(chain)
        kept.append(mask)
    outlines = [_outline(work, index, catalogue) for index in range(len(work.excavations))]
    return Axes(tuple(runs), tuple(chains), tuple(kept), tuple(outlines))


def in_storage(work: WorkDocument, catalogue: Catalogue) -> WorkDocument:
    """``work`` with its coordinates in the storage CRS; the same one when they already are.

    Chainages and levels stay: they are told along the axis in the storage CRS whatever ``work.crs`` is.
    """
    if work.crs == STORAGE:
        return work
    # Vertices that repeat the one before stay: the ground may drop there.
    runs = [
        run.model_copy(update={"axis": _pairs(_axis(work, index, catalogue))})
        for index, run in enumerate(work.runs)
    ]
    holes = [
        hole.model_copy(update={"outline": _pairs(_outline(work, index, catalogue))})
        for index, hole in enumerate(work.excavations)
    ]
    return work.model_copy(update={"crs": STORAGE, "runs": tuple(runs), "excavations": tuple(holes)})


def _axis(work: WorkDocument, index: int, catalogue: Catalogue) -> FloatArray:
    axis = np.array(work.runs[index].axis, dtype=np.float64)
    return _placed(axis, work.crs, catalogue.city, ("runs", index, "axis"))


def _outline(work: WorkDocument, index: int, catalogue: Catalogue) -> FloatArray:
    drawn = np.array(work.excavations[index].outline, dtype=np.float64)
    outline = _placed(drawn, work.crs, catalogue.city, ("excavations", index, "outline"))
    return outline[:-1] if (outline[0] == outline[-1]).all() else outline


def _pairs(places: FloatArray) -> tuple[tuple[float, float], ...]:
    return tuple((float(east), float(north)) for east, north in places)


def _placed(places: FloatArray, crs: str, city: CityExtent, loc: Loc) -> FloatArray:
    """``places`` ``(n, 2)`` of ``crs`` in the storage CRS; refused when they lie nowhere near the city."""
    placed = places if crs == STORAGE else to_storage(places, crs)
    if _in_city(placed, city):
        return placed
    swapped = np.ascontiguousarray(places[:, ::-1])
    if crs == STORAGE and _in_city(swapped, city):
        reason = Words(
            "X、Y 像是写反了：测量表中 X 是北、Y 是东。", "East and north look exchanged: survey X is north."
        )
        # Forms and tables ask for X first, the HTTP interface for Y: to exchange the two is right in both.
        remedy = Words("请把每个点的两个数对调。", "Exchange the two numbers of every point.")
    else:
        reason = Words(f"位置在{city.zh}范围以外。", f"The place lies outside {city.en}.")
        remedy = Words(
            f"核对坐标与坐标系（现为 {crs}）。", f"Look at the coordinates and their system (now {crs})."
        )
    at = next((row for row in range(len(placed)) if not _in_city(placed[row : row + 1], city)), 0)
    east, north = (f"{value:.6g}" if abs(value) > FAR_AWAY_M else f"{value:.3f}" for value in places[at])
    first = Words(
        f"（第 {at + 1} 点读作东 {east}、北 {north}）",
        f" (point {at + 1} read as east {east}, north {north})",
    )
    refuse([Fault(loc, Words(f"{reason.zh}{first.zh}", f"{reason.en}{first.en}"), remedy)])
    return placed


def _in_city(placed: FloatArray, city: CityExtent) -> bool:
    # What is no number is the least and the largest of all, and fails every comparison.
    (west, south), (east, north) = np.minimum.reduce(placed).tolist(), np.maximum.reduce(placed).tolist()
    return bool(
        west >= city.east_min_m - FAR_M
        and south >= city.north_min_m - FAR_M
        and east <= city.east_max_m + FAR_M
        and north <= city.north_max_m + FAR_M
    )
