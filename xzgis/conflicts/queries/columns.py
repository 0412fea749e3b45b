"""Rows of runs to plain arrays, with as little Python per row as possible."""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.kernel.rows import NO_ARRAY, axes_of_rows, levels_of_rows
from xzgis.conflicts.rules.columns import bounds_m, no_runs, plausible_mm
from xzgis.networks.terms import Conditions, LifeState, RunColumns

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

    Raises
    ------
    ValueError
        A run is no line string, or has another number of levels than of vertices.
    """
    if not rows:
        return no_runs(origin_m)
    (
        ids, axes, crowns, bottoms, grounds, kinds, pressures, voltages, burials, materials, nominals, widths, heights,
        spreads, sigma_plan, sigma_level, lives, from_nodes, to_nodes, banks, *_,
    ) = zip(*sorted(rows, key=itemgetter(0)), strict=True)  # fmt: skip
    conditions, condition = _conditions(
        zip(kinds, pressures, voltages, burials, materials, nominals, strict=True)
    )
    offset, xy_m = axes_of_rows(np.frombuffer(b"".join(axes), dtype=np.uint8), len(ids), *origin_m)
    levels = b"".join([array or NO_ARRAY for array in (*crowns, *bottoms, *grounds)])
    crown, bottom, ground = levels_of_rows(np.frombuffer(levels, dtype=np.uint8), offset, 3)
    identities = np.array((ids, from_nodes, to_nodes, banks), dtype=np.int64)
    numbers = np.array((widths, heights, spreads, sigma_plan, sigma_level), dtype=np.float64)
    width_m, height_m = bounds_m(
        numbers[:2], numbers[2], lambda: plausible_mm(conditions, catalogue)[condition]
    )
    links = np.array([each.burial == CHAMBER_LINK for each in conditions], dtype=np.bool_)
    return RunColumns(
        origin_m=origin_m,
        conditions=conditions,
        run_id=identities[0],
        condition=condition,
        offset=offset,
        xy_m=xy_m,
        crown_m=crown,
        bottom_m=bottom,
        ground_m=ground,
        width_m=width_m,
        height_m=height_m,
        sigma_plan_m=numbers[3],
        sigma_level_m=numbers[4],
        life=np.array([LIFE[life] for life in lives], dtype=np.int8),
        from_node=identities[1],
        to_node=identities[2],
        bank=identities[3],
        chamber_link=links[condition],
    )


def _conditions(keys: Iterable[tuple[Any, ...]]) -> tuple[tuple[Conditions, ...], npt.NDArray[np.int32]]:
    """Equal facts once, and for each run the number of its facts."""
    place_of: dict[tuple[Any, ...], int] = {}
    condition = [place_of.setdefault(key, len(place_of)) for key in keys]
    return tuple([_facts(*key) for key in place_of]), np.array(condition, dtype=np.int32)


@lru_cache(maxsize=4096)
def _facts(*key: Any) -> Conditions:
    """The same object for the same facts: a city has few hundred, and a check meets a dozen of them."""
    return Conditions(*key)
