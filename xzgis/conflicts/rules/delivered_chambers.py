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
from xzgis.conflicts.rules.chambers import LIFE, Chamber
from xzgis.networks.rules.invented import INVENTED
from xzgis.networks.terms import Delivery, IntArray, LifeState

ASSUMED = "assumed"
CHAMBER_LINK = "chamber_link"
CHAMBER_EDGE = "chamber_edge"
COMMON = ("pressure_class", "voltage_kv", "burial", "material")
End = tuple[int, int]
"""Row of a line, and the row of its vertex at the point."""


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
    return [
        _chamber(delivery, catalogue, (int(row), thing), (ends[int(row)], passing[int(row)]), node_id)
        for row in rows
        if (thing := things[row]) is not None
    ]


def _passing(delivery: Delivery, rows: IntArray, drains: frozenset[str]) -> dict[int, list[int]]:
    """By the row of a point of a drain the lines of drains that pass it, whether or not they end there."""
    found: dict[int, list[int]] = defaultdict(list)
    wells = rows[[(_text(kind) or UNKNOWN_KIND) in drains for kind in delivery.points["kind"].iloc[rows]]]
    offset, xy_m = delivery.vertices.offset, delivery.vertices.xy_m
    are_drains = np.array(
        [(_text(kind) or UNKNOWN_KIND) in drains for kind in delivery.lines["kind"]], dtype=np.bool_
    )
    counts = np.diff(offset)
    lines = np.flatnonzero(are_drains & (counts > 1))
    if not len(wells) or not len(lines):
        return found
    used = np.repeat(are_drains & (counts > 1), counts)
    axes = np.asarray(
        shapely.linestrings(xy_m[used], indices=np.repeat(np.arange(len(lines)), counts[lines]))
    )
    places = shapely.points(delivery.points[["east_m", "north_m"]].to_numpy(np.float64)[wells])
    near = shapely.STRtree(axes).query(places, predicate="dwithin", distance=BY_M)
    for well, line in near.T.tolist():
        found[int(wells[well])].append(int(lines[line]))
    return found


def _ends(delivery: Delivery) -> dict[int, list[End]]:
    """The ends of lines at every point, by its row."""
    found: dict[int, list[End]] = defaultdict(list)
    offset = delivery.vertices.offset
    for column, vertices in (("from_point", offset[:-1]), ("to_point", offset[1:] - 1)):
        for line, point in enumerate(delivery.lines[column].to_numpy(np.int64).tolist()):
            if point >= 0 and offset[line + 1] > offset[line]:
                found[point].append((line, int(vertices[line])))
    return found


def _chamber(
    delivery: Delivery,
    catalogue: Catalogue,
    at: tuple[int, Thing],
    beside: tuple[Sequence[End], Sequence[int]],
    node_id: int,
) -> Chamber:
    """``at``: the row of the point, and what stands there; ``beside``: the lines that end there, that pass."""
    (row, thing), (ends, passing) = at, beside
    point = delivery.points.iloc[row]
    kind = _text(point["kind"]) or UNKNOWN_KIND
    assumed = catalogue.accuracy[ASSUMED]
    life = _text(point["life_state"])
    kinds = [_text(delivery.lines["kind"].iat[line]) or UNKNOWN_KIND for line, _ in ends]
    mine = [end for end, of_line in zip(ends, kinds, strict=True) if of_line == kind]
    drains = sized_by_lines(catalogue)
    alike = [
        end for end, of_line in zip(ends, kinds, strict=True) if of_line == kind or {kind, of_line} <= drains
    ]
    by = dict.fromkeys([*(line for line, _ in alike), *passing])
    sigma_plan_m, sigma_level_m = _number(point["sigma_plan_m"]), _number(point["sigma_level_m"])
    ground_m = _number(point["ground_m"])
    of_lines = _of_lines(delivery, mine)
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
        reach_m=_reach_m(delivery, row, alike, widest_m(catalogue) / 2.0),
        **{name: value for name, value in of_lines.items() if name != "ground_m"},
    )


def _reach_m(delivery: Delivery, row: int, ends: Sequence[End], edge_m: float) -> float | None:
    """How far from the point its links inside go, and lines shorter than ``edge_m`` to a point at its edge."""
    lines, vertices = delivery.lines, delivery.vertices
    features = delivery.points["feature"]
    place = delivery.points[["east_m", "north_m"]].iloc[row].to_numpy(np.float64)
    found = []
    froms, tos = (lines[name].to_numpy(np.int64) for name in ("from_point", "to_point"))
    for line, _ in ends:
        xy_m = vertices.xy_m[vertices.offset[line] : vertices.offset[line + 1]]
        other = int(froms[line] + tos[line]) - row
        is_edge = other >= 0 and features.iat[other] == CHAMBER_EDGE
        length_m = float(np.hypot(*np.diff(xy_m, axis=0).T).sum())
        if lines["burial"].iat[line] == CHAMBER_LINK or (is_edge and length_m < edge_m):
            found.append(float(np.hypot(*(xy_m - place).T).max()))
    return max((each for each in found if each == each), default=None)


def _of_lines(delivery: Delivery, ends: Sequence[End]) -> dict[str, Any]:
    """What is common to the lines that end there, and the levels of their ends."""
    lines, vertices = delivery.lines, delivery.vertices
    told: dict[str, Any] = {
        name: _common([_value(lines[name].iat[line]) for line, _ in ends]) for name in COMMON
    }
    widths = [_number(lines["nominal_width_mm"].iat[line]) for line, _ in ends]
    bottoms = [_number(vertices.bottom_m[vertex]) for _, vertex in ends]
    grounds = [_number(vertices.ground_m[vertex]) for _, vertex in ends]
    days = [day for line, _ in ends if isinstance(day := lines["surveyed_on"].iat[line], date)]
    return told | {
        "nominal_mm": _common(widths),
        "lowest_m": min((level for level in bottoms if level is not None), default=None),
        "ground_m": max((level for level in grounds if level is not None), default=None),
        "surveyed_on": max(days, default=None),
    }


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
