"""Points with an extent in a delivery read from files, as the register would give them."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import shapely

from xzgis.catalogue.rules.chamber_words import Thing, thing_at, words_with_extent
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.chamber_sizes import BY_M, UNKNOWN_KIND, sized_by_lines, widest_m
from xzgis.conflicts.rules.chambers import DEEPEST_M, LIFE, MM_PER_M, OVERHEAD, Chamber
from xzgis.conflicts.rules.delivered_edges import (
    CHAMBER_EDGE,
    CHAMBER_LINK,
    axis_m,
    edge_reach_m,
    loose_reaches_m,
    of_one_kind,
    place_m,
)
from xzgis.networks.rules.invented import INVENTED
from xzgis.networks.rules.levels import FROM_BELOW
from xzgis.networks.terms import Delivery, IntArray, LifeState

ASSUMED = "assumed"
COMMON = ("pressure_class", "voltage_kv", "burial", "material")
RESTATED_M = 0.02
"""A level farther than this and the size from ground less depth contradicts the depth; as in sql/chambers.sql."""
End = tuple[int, int, str]
"""Row of a line, the row of its vertex at the point, and which of its ends that is: ``start end``."""


def chambers_delivered(delivery: Delivery, catalogue: Catalogue, *, node_id: int) -> list[Chamber]:
    """The points of ``delivery`` with an extent and a place; the first point would have the identity ``node_id``."""
    points = delivery.points
    words = words_with_extent(catalogue)
    depths = points["chamber_depth_m"].to_numpy(np.float64)
    known: dict[tuple[str | None, str | None, bool], Thing | None] = {}
    things: list[Thing | None] = []
    for text, feature, depth in zip(points["appurtenance"], points["feature"], depths, strict=True):
        asked = (_text(text), _text(feature), bool(depth > 0.0))
        if asked not in known:
            known[asked] = thing_at(asked[0], asked[1], depth, words)
        things.append(known[asked])
    has_extent = np.array([thing is not None for thing in things], dtype=np.bool_)
    has_place = np.isfinite(points[["east_m", "north_m"]].to_numpy(np.float64)).all(axis=1)
    rows = np.flatnonzero(has_extent & has_place)
    if not len(rows):
        return []
    ends, passing = _ends(delivery), _passing(delivery, rows, sized_by_lines(catalogue))
    loose = loose_reaches_m(delivery, catalogue, rows, passing)
    return [
        _chamber(
            delivery,
            catalogue,
            (int(row), thing),
            (ends[int(row)], passing[int(row)]),
            node_id,
            loose.get(int(row)),
        )
        for row in rows
        if (thing := things[row]) is not None
    ]


def _passing(delivery: Delivery, rows: IntArray, drains: frozenset[str]) -> dict[int, list[int]]:
    """By the row of a point the lines that pass it, whether or not they end there, of those that may tell its size.

    Of drains any drain; of every kind the links inside chambers and the lines with an end at an edge, of its kind.
    """
    found: dict[int, list[int]] = defaultdict(list)
    lines, points, vertices = delivery.lines, delivery.points, delivery.vertices
    kinds = [_text(kind) or UNKNOWN_KIND for kind in lines["kind"]]
    counts = np.diff(vertices.offset)
    edges = np.append((points["feature"] == CHAMBER_EDGE).to_numpy(np.bool_), False)  # -1: no point
    tell = np.array([kind in drains for kind in kinds], dtype=np.bool_)
    tell |= (lines["burial"] == CHAMBER_LINK).to_numpy(np.bool_)
    for column in ("from_point", "to_point"):
        tell |= edges[np.maximum(lines[column].to_numpy(np.int64), -1)]
    tell &= counts > 1
    asked = np.flatnonzero(tell)
    if not len(asked):
        return found
    axes = np.asarray(
        shapely.linestrings(
            vertices.xy_m[np.repeat(tell, counts)], indices=np.repeat(np.arange(len(asked)), counts[asked])
        )
    )
    places = shapely.points(points[["east_m", "north_m"]].to_numpy(np.float64)[rows])
    near = shapely.STRtree(axes).query(places, predicate="dwithin", distance=BY_M)
    of_points = [_text(kind) or UNKNOWN_KIND for kind in points["kind"].iloc[rows]]
    for point, at in near.T.tolist():
        line = int(asked[at])
        if of_one_kind(of_points[point], kinds[line], drains):
            found[int(rows[point])].append(line)
    return found


def _ends(delivery: Delivery) -> dict[int, list[End]]:
    """The ends of lines at every point, by its row."""
    found: dict[int, list[End]] = defaultdict(list)
    offset = delivery.vertices.offset
    for column, end, vertices in (("from_point", "start", offset[:-1]), ("to_point", "end", offset[1:] - 1)):
        for line, point in enumerate(delivery.lines[column].to_numpy(np.int64).tolist()):
            if point >= 0 and offset[line + 1] > offset[line]:
                found[point].append((line, int(vertices[line]), end))
    return found


def _chamber(
    delivery: Delivery,
    catalogue: Catalogue,
    at: tuple[int, Thing],
    beside: tuple[Sequence[End], Sequence[int]],
    node_id: int,
    loose_m: float | None,
) -> Chamber:
    """The chamber at a point.

    Parameters
    ----------
    at
        The row of the point, and what stands there.
    beside
        The lines that end there, that pass.
    loose_m
        How far the edges lie that no line gives to a chamber.
    """
    (row, thing), (ends, passing) = at, beside
    point = delivery.points.iloc[row]
    kind = _text(point["kind"]) or UNKNOWN_KIND
    assumed = catalogue.accuracy[ASSUMED]
    life = _text(point["life_state"])
    kinds = [_text(delivery.lines["kind"].iat[line]) or UNKNOWN_KIND for line, *_ in ends]
    mine = [end for end, of_line in zip(ends, kinds, strict=True) if of_line == kind]
    drains = sized_by_lines(catalogue)
    alike = [end for end, of_line in zip(ends, kinds, strict=True) if of_one_kind(kind, of_line, drains)]
    tied = [line for line, *_ in alike]
    by = dict.fromkeys([*tied, *(passing if kind in drains else ())])
    sigma_plan_m, sigma_level_m = _number(point["sigma_plan_m"]), _number(point["sigma_level_m"])
    ground_m = _number(point["ground_m"])
    of_lines = _of_lines(delivery, mine)
    proven_m = _reach_m(delivery, row, (tied, passing), widest_m(catalogue) / 2.0)
    of_lines["widest_mm"] = _widest_mm(delivery, list(by)) if thing.is_named else None
    return Chamber(
        node_id=node_id + row,
        east_m=float(point["east_m"]),
        north_m=float(point["north_m"]),
        kind=kind,
        appurtenance=thing.token,
        ground_m=of_lines.pop("ground_m") if ground_m is None else ground_m,
        depth_m=_number(point["chamber_depth_m"]),
        sigma_plan_m=assumed.plan_base_m if sigma_plan_m is None else sigma_plan_m,
        sigma_level_m=assumed.level_base_m if sigma_level_m is None else sigma_level_m,
        life_state=life if life in LIFE else LifeState.BUILT.value,
        label=_text(point["point_no"]) or str(node_id + row),
        owner=_text(point["owner"]),
        batch=_text(point["file"]) or delivery.intake,
        is_displaced=delivery.crs.displaced is not None,
        is_invented=bool(delivery.facts.get(INVENTED)),
        reach_m=max((each for each in (proven_m, loose_m) if each is not None), default=None),
        **{name: value for name, value in of_lines.items() if name != "ground_m"},
    )


def _reach_m(
    delivery: Delivery, row: int, beside: tuple[Sequence[int], Sequence[int]], edge_m: float
) -> float | None:
    """How far from the point its links inside go, and the edge points nearer than ``edge_m`` to which lines go.

    ``beside``: the lines that end there, that pass. Of an edge, lines that pass tell alone.
    """
    tied, passing = beside
    links = delivery.lines["burial"]
    place = place_m(delivery, row)
    found = []
    for line in dict.fromkeys([*tied, *passing]):
        xy_m = axis_m(delivery, line)
        if links.iat[line] == CHAMBER_LINK:
            found.append(float(np.hypot(*(xy_m - place).T).max()))
        elif line in passing:
            found.append(edge_reach_m(delivery, row, line, edge_m))
    return max((each for each in found if each == each), default=None)


def _of_lines(delivery: Delivery, ends: Sequence[End]) -> dict[str, Any]:
    """What is common to the lines that end there, and the levels of their ends."""
    lines, vertices = delivery.lines, delivery.vertices
    told: dict[str, Any] = {
        name: _common([_value(lines[name].iat[line]) for line, *_ in ends]) for name in COMMON
    }
    widths = [_number(lines["nominal_width_mm"].iat[line]) for line, *_ in ends]
    levels = [
        (_number(vertices.bottom_m[vertex]), _number(vertices.crown_m[vertex])) for _, vertex, _ in ends
    ]
    grounds = [_number(vertices.ground_m[vertex]) for _, vertex, _ in ends]
    depths = [
        _told_m(delivery, end) for end, (bottom_m, _) in zip(ends, levels, strict=True) if bottom_m is None
    ]
    lowest = [crown_m if bottom_m is None else bottom_m for bottom_m, crown_m in levels]
    days = [day for line, *_ in ends if isinstance(day := lines["surveyed_on"].iat[line], date)]
    return told | {
        "nominal_mm": _common(widths),
        "lowest_m": min((level for level in lowest if level is not None), default=None),
        "told_m": max((depth for depth, _ in depths if depth is not None), default=None),
        "is_open": any(is_open for _, is_open in depths),
        "ground_m": max((level for level in grounds if level is not None), default=None),
        "surveyed_on": max(days, default=None),
    }


def _told_m(delivery: Delivery, end: End) -> tuple[float | None, bool]:
    """The depth of the underside told of an end whose bottom is unknown, and whether it may lie anywhere.

    None that can be, none without a size, none that its level contradicts: then it may, unless the line is disused or
    hangs in the air.
    """
    line, vertex, name = end
    lines = delivery.lines
    ground_m = _number(delivery.vertices.ground_m[vertex])
    depth_m, level_m = (_number(lines[f"{name}_{what}_m"].iat[line]) for what in ("depth", "level"))
    outer_mm, inner_mm = (_number(lines[f"{size}_height_mm"].iat[line]) for size in ("outer", "nominal"))
    above_mm = 0.0
    if lines["depth_reference"].iat[line] in FROM_BELOW and outer_mm is not None and inner_mm is not None:
        above_mm = min(inner_mm, outer_mm)
    by_level_m = None if ground_m is None or level_m is None else ground_m - level_m
    told = [each for each in (depth_m, by_level_m) if each is not None]
    below_m = ((outer_mm or 0.0) - above_mm) / MM_PER_M
    deepest_m = max(told) + below_m if told and 0.0 <= max(told) <= DEEPEST_M else None
    is_sure = depth_m is not None and 0.0 <= depth_m <= DEEPEST_M and outer_mm is not None
    if is_sure and by_level_m is not None and depth_m is not None:
        is_sure = abs(depth_m - by_level_m) <= (outer_mm or 0.0) / MM_PER_M + RESTATED_M
    is_out = lines["life_state"].iat[line] == LifeState.DISUSED or lines["burial"].iat[line] == OVERHEAD
    return deepest_m, not is_sure and not is_out


def _widest_mm(delivery: Delivery, lines: Sequence[int]) -> float | None:
    """The larger side of the widest of ``lines``; None where one has no size."""
    widths, heights = (delivery.lines[name] for name in ("nominal_width_mm", "nominal_height_mm"))
    known = [_number(widths.iat[line]) for line in lines]
    sides = [
        max(width, _number(heights.iat[line]) or 0.0)
        for width, line in zip(known, lines, strict=True)
        if width
    ]
    return max(sides) if sides and len(sides) == len(lines) else None


def _common(values: Sequence[Any]) -> Any:
    """The value of all, None where they differ or one has none."""
    return values[0] if values and all(value == values[0] for value in values) else None


def _value(value: Any) -> Any:
    return _text(value) if isinstance(value, str) else _number(value)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _number(value: Any) -> float | None:
    if value is None or isinstance(value, str):
        return None
    number = float(value)
    return None if number != number else number
