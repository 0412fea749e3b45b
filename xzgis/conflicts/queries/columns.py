"""Rows of runs to plain arrays, with as little Python per row as possible."""

import math
import struct
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.columns import bounds_m, no_runs, plausible_mm
from xzgis.networks.terms import Conditions, FloatArray, IntArray, LifeState, RunColumns

EWKB_HEADER = 13
ARRAY_HEADER = 20
ELEMENT_BYTES = 12
HEADER_WORDS, ELEMENT_WORDS = 5, 3
NO_HEADER = bytes(ARRAY_HEADER)
UNKNOWN_ELEMENT = struct.pack(">id", 8, math.nan)
LIFE = {state.value: index for index, state in enumerate(LifeState)}
CHAMBER_LINK = "chamber_link"


def columns_of(
    rows: Sequence[tuple[Any, ...]], catalogue: Catalogue, *, origin_m: tuple[float, float]
) -> RunColumns:
    """``rows`` of ``candidates.sql`` as columns, in ascending order of identity.

    Parameters
    ----------
    rows
        As PostgreSQL sends them in binary: axis as little-endian EWKB of a line string, levels as the
        wire form of ``float8[]``. What findings say beside (:mod:`xzgis.conflicts.queries.facts`) is not looked at.
    origin_m
        East and north to subtract.
    """
    if not rows:
        return no_runs(origin_m)
    (
        ids, axes, crowns, bottoms, grounds, kinds, pressures, voltages, burials, materials, nominals, widths, heights,
        spreads, sigma_plan, sigma_level, lives, from_nodes, to_nodes, banks, *_,
    ) = zip(*sorted(rows, key=lambda row: row[0]), strict=True)  # fmt: skip
    counts = np.array([(len(axis) - EWKB_HEADER) // 16 for axis in axes], dtype=np.int64)
    conditions, condition = _conditions(
        zip(kinds, pressures, voltages, burials, materials, nominals, strict=True)
    )
    plausible = plausible_mm(conditions, catalogue)[condition]
    spread = np.array(spreads, dtype=np.float64)
    crown, bottom, ground = _levels((*crowns, *bottoms, *grounds), np.tile(counts, 3)).reshape(3, -1)
    return RunColumns(
        origin_m=origin_m,
        conditions=conditions,
        run_id=np.array(ids, dtype=np.int64),
        condition=condition,
        offset=np.concatenate(([0], np.cumsum(counts))).astype(np.int64),
        xy_m=_positions(axes) - np.array(origin_m),
        crown_m=crown,
        bottom_m=bottom,
        ground_m=ground,
        width_m=bounds_m(np.array(widths, dtype=np.float64), spread, plausible),
        height_m=bounds_m(np.array(heights, dtype=np.float64), spread, plausible),
        sigma_plan_m=np.array(sigma_plan, dtype=np.float64),
        sigma_level_m=np.array(sigma_level, dtype=np.float64),
        life=np.array([LIFE[life] for life in lives], dtype=np.int8),
        from_node=_identities(from_nodes),
        to_node=_identities(to_nodes),
        bank=_identities(banks),
        chamber_link=np.array([burial == CHAMBER_LINK for burial in burials], dtype=np.bool_),
    )


def _conditions(keys: Iterable[tuple[Any, ...]]) -> tuple[tuple[Conditions, ...], npt.NDArray[np.int32]]:
    """Equal facts once, and for each run the number of its facts."""
    told = list(keys)
    place_of = {key: index for index, key in enumerate(dict.fromkeys(told))}
    condition = np.array([place_of[key] for key in told], dtype=np.int32)
    return tuple(Conditions(*key) for key in place_of), condition


def _positions(axes: Sequence[bytes]) -> FloatArray:
    """``(v, 2)`` east and north of all vertices, from EWKB line strings with their SRID."""
    body = b"".join([axis[EWKB_HEADER:] for axis in axes])
    return np.frombuffer(body, dtype="<f8").reshape(-1, 2)


def _levels(arrays: Sequence[bytes | None], counts: IntArray) -> FloatArray:
    """Levels of all vertices, one array after another; NaN where an array or its element is null."""
    body = b"" if None in arrays else b"".join(arrays)  # type: ignore[arg-type]  # none is None
    if len(body) != ARRAY_HEADER * len(arrays) + ELEMENT_BYTES * int(counts.sum()):
        body = b"".join([_whole(array, int(count)) for array, count in zip(arrays, counts, strict=True)])
    # Words of four bytes: five of a header before each array, then its elements: length, upper and lower half.
    words = np.frombuffer(body, dtype=">u4")
    before = HEADER_WORDS * np.repeat(np.arange(1, len(arrays) + 1), counts)
    at = before + np.arange(1, ELEMENT_WORDS * len(before), ELEMENT_WORDS)
    levels: FloatArray = ((words[at].astype(np.uint64) << np.uint64(32)) | words[at + 1]).view(np.float64)
    return levels


def _whole(array: bytes | None, count: int) -> bytes:
    """An array that may be null, be empty or hold nulls, with NaN in their place; the header says nothing."""
    parts, at = [NO_HEADER], ARRAY_HEADER
    if array is None or len(array) <= ARRAY_HEADER:
        return NO_HEADER + UNKNOWN_ELEMENT * count
    while at < len(array):
        if array[at : at + 4] == b"\xff\xff\xff\xff":
            parts.append(UNKNOWN_ELEMENT)
            at += 4
        else:
            parts.append(array[at : at + ELEMENT_BYTES])
            at += ELEMENT_BYTES
    return b"".join(parts)


def _identities(values: Sequence[int | None]) -> IntArray:
    """``(n,)`` identities, 0 where there is none."""
    return np.array([value or 0 for value in values], dtype=np.int64)
