"""Chambers, shafts and boxes at points as upright solids of their own: columns of axes without length.

A chamber stands upright from the ground to its underside; in plan it is the disc of its size about its point
(docs/decisions/0075). Where nobody recorded its size or depth, layers/chambers.csv gives the smallest and the largest.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.obstacles import ChamberSize
from xzgis.conflicts.rules.chamber_sizes import size_of, widest_m, with_edges
from xzgis.networks.terms import Conditions, LifeState, RunColumns, RunFacts

MM_PER_M = 1000.0
LIFE = {state.value: index for index, state in enumerate(LifeState)}
OVERHEAD = "overhead"
DEEPEST_M = 40.0
"""A recorded depth beyond this, or none above zero, is no depth."""


@dataclass(frozen=True, slots=True)
class Chamber:
    """A point with an extent, and what is common to the lines of its kind that end there; None where unknown.

    ``widest_mm``: nominal size of the widest of these lines; ``lowest_m``: lowest bottom of their ends, the crown of one
    without; ``told_m``: the largest depth below ground told of an end whose level is unknown; ``is_open``: how deep the
    bottom of one lies there, nobody told; ``reach_m``: how far from the point its links inside and its edge points go.
    Metres, storage CRS.
    """

    node_id: int
    east_m: float
    north_m: float
    kind: str
    appurtenance: str
    ground_m: float | None
    depth_m: float | None
    sigma_plan_m: float
    sigma_level_m: float
    life_state: str
    label: str
    owner: str | None
    pressure_class: str | None = None
    voltage_kv: float | None = None
    burial: str | None = None
    material: str | None = None
    nominal_mm: float | None = None
    widest_mm: float | None = None
    lowest_m: float | None = None
    told_m: float | None = None
    is_open: bool = False
    reach_m: float | None = None
    surveyed_on: date | None = None
    batch: str | None = None
    is_displaced: bool = False
    is_invented: bool = False

    @property
    def conditions(self) -> Conditions:
        """What rules ask for: the facts of its lines. The chamber itself stands in the ground, whatever hangs above."""
        burial = None if self.burial == OVERHEAD else self.burial
        return Conditions(
            self.kind, self.pressure_class, self.voltage_kv, burial, self.material, self.nominal_mm,
            chamber=self.appurtenance,
        )  # fmt: skip


def chamber_columns(
    chambers: Sequence[Chamber], catalogue: Catalogue, *, origin_m: tuple[float, float]
) -> RunColumns | None:
    """``chambers`` as columns of axes without length, ascending by identity; None where there is none.

    Both end nodes are the point. The ground is the crown; the height holds every depth that the underside may have.
    """
    sizes: dict[tuple[str, str, float | None], ChamberSize | None] = {}
    limit_m = widest_m(catalogue)
    found = []
    for one in sorted(chambers, key=lambda each: each.node_id):
        same = (one.kind, one.appurtenance, one.widest_mm)
        if same not in sizes:
            is_line = one.kind in catalogue.kinds and catalogue.kinds[one.kind].is_buried_line
            sizes[same] = size_of(catalogue, *same) if is_line else None
        if (size := sizes[same]) is not None:
            found.append((one, with_edges(size, one.reach_m, widest_m=limit_m)))
    if not found:
        return None
    count = len(found)
    each = [one.conditions for one, _ in found]
    conditions = tuple(dict.fromkeys(each))
    place_of = {condition: at for at, condition in enumerate(conditions)}
    ground = np.repeat([np.nan if one.ground_m is None else one.ground_m for one, _ in found], 2)
    nodes = np.array([one.node_id for one, _ in found], dtype=np.int64)
    places = np.array([(one.east_m, one.north_m) for one, _ in found]) - np.array(origin_m)
    return RunColumns(
        origin_m=origin_m,
        conditions=conditions,
        run_id=nodes,
        condition=np.array([place_of[condition] for condition in each], dtype=np.int32),
        offset=np.arange(0, 2 * count + 2, 2, dtype=np.int64),
        xy_m=np.repeat(places, 2, axis=0),  # twice the same vertex: drawings want lines
        crown_m=ground,
        bottom_m=np.full(2 * count, np.nan),
        ground_m=ground.copy(),
        width_m=np.array([(size.width_mm_from, size.width_mm_to) for _, size in found]) / MM_PER_M,
        height_m=np.array(
            [
                _heights_m(one, size, catalogue.kinds[one.kind].plausible_outer_width_mm[1])
                for one, size in found
            ]
        ),
        sigma_plan_m=np.array([one.sigma_plan_m for one, _ in found]),
        sigma_level_m=np.array([one.sigma_level_m for one, _ in found]),
        life=np.array([LIFE[one.life_state] for one, _ in found], dtype=np.int8),
        from_node=nodes,
        to_node=nodes.copy(),
        bank=np.zeros(count, dtype=np.int64),
        chamber_link=np.zeros(count, dtype=np.bool_),
    )


def _heights_m(one: Chamber, size: ChamberSize, line_mm: float) -> tuple[float, float]:
    """From the ground to the underside: recorded to the inner bottom, else as the table; never above its lines.

    ``line_mm``: the widest line of its kind, which hangs below its crown where nobody told its bottom.
    """
    line_m = _line_m(one)
    reached_m = max(line_m, one.told_m or 0.0)
    if one.is_open and reached_m > 0.0:
        reached_m += line_mm / MM_PER_M
    if one.depth_m is not None and 0.0 < one.depth_m <= DEEPEST_M:
        low, high = (one.depth_m + base / MM_PER_M for base in (size.base_mm_from, size.base_mm_to))
        # Silt, or a depth to the water: the chamber reaches down to its lines all the same, wherever they lie.
        untold_m = size.depth_mm_to / MM_PER_M if one.is_open else 0.0
        return low, max(high, reached_m, untold_m)
    low, high = max(size.depth_mm_from / MM_PER_M, line_m), size.depth_mm_to / MM_PER_M
    return low, max(low, high, reached_m)


def _line_m(one: Chamber) -> float:
    """From the ground to the lowest bottom of its lines, 0 where that is unknown or cannot be."""
    if one.ground_m is None or one.lowest_m is None:
        return 0.0
    depth_m = one.ground_m - one.lowest_m
    return depth_m if depth_m <= DEEPEST_M else 0.0


_PER_RUN = (
    "run_id", "condition", "width_m", "height_m", "sigma_plan_m", "sigma_level_m", "life", "from_node", "to_node",
    "bank", "chamber_link",
)  # fmt: skip
_PER_VERTEX = ("xy_m", "crown_m", "bottom_m", "ground_m")


def with_chambers(runs: RunColumns, chambers: RunColumns | None) -> RunColumns:
    """Runs and after them the chambers, as one set of columns; both have the same origin."""
    if chambers is None:
        return runs
    moved = replace(chambers, condition=chambers.condition + np.int32(len(runs.conditions)))
    joined: dict[str, Any] = {
        name: np.concatenate([getattr(runs, name), getattr(moved, name)])
        for name in (*_PER_RUN, *_PER_VERTEX)
    }
    return replace(
        runs,
        conditions=(*runs.conditions, *chambers.conditions),
        offset=np.concatenate([runs.offset, runs.offset[-1] + chambers.offset[1:]]),
        **joined,
    )


def parted(existing: RunColumns) -> tuple[RunColumns, RunColumns | None]:
    """The runs and the chambers of :func:`with_chambers`; None where there is no chamber.

    Raises
    ------
    ValueError
        A run stands after a chamber.
    """
    if not any(condition.chamber for condition in existing.conditions):
        return existing, None
    stands = np.array([condition.chamber is not None for condition in existing.conditions])[
        existing.condition
    ]
    first = len(stands) - int(stands.sum())
    if not stands[first:].all():
        raise ValueError("Chambers stand after the runs.")
    row = int(existing.offset[first])
    parts = []
    for at, vertices in ((slice(0, first), slice(0, row)), (slice(first, None), slice(row, None))):
        cut: dict[str, Any] = {name: getattr(existing, name)[at] for name in _PER_RUN}
        cut |= {name: getattr(existing, name)[vertices] for name in _PER_VERTEX}
        offset = existing.offset[at.start : len(stands) + 1 if at.stop is None else at.stop + 1]
        parts.append(replace(existing, offset=offset - offset[0], **cut))
    return parts[0], parts[1]


def facts_of_chambers(
    chambers: Sequence[Chamber], ids: Iterable[int], catalogue: Catalogue
) -> dict[int, RunFacts]:
    """What findings say of the chambers ``ids``: the point number and what stands there."""
    asked = set(ids)
    words = {code.token: code.zh for code in catalogue.codes["appurtenance"]}
    return {
        one.node_id: RunFacts(
            run_id=one.node_id, kind=one.kind, label=f"{one.label} {words.get(one.appurtenance, one.appurtenance)}",
            owner=one.owner, state=one.life_state, surveyed_on=one.surveyed_on, batch=one.batch,
            conditions=one.conditions, is_displaced=one.is_displaced, is_invented=one.is_invented,
        )
        for one in chambers
        if one.node_id in asked
    }  # fmt: skip
