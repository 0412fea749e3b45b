"""Where a finding is cut open: the chainage of its least gap, and the direction in which that gap is measured."""

from dataclasses import dataclass
from math import atan2, cos, degrees, hypot, pi, radians, sin

import numpy as np
import shapely
from shapely import LineString
from shapely.ops import substring

from xzgis.conflicts.rules.findings import run_name
from xzgis.conflicts.terms import Finding, Measure
from xzgis.networks.rules.cut import Pair
from xzgis.networks.terms import FloatArray, RunColumns

EQUAL_M = 0.0005
# An end of the other run just touched by the cut might be missed by rounding: the cut goes this far inside.
INSIDE_M = 0.003
AHEAD_DEG = 75.0
REACH_M = (5.0, 12.0)
ACROSS = (Measure.VERTICAL, Measure.ORDER)


@dataclass(frozen=True, slots=True)
class Place:
    """A cut: chainage along the new run, degrees turned from square, metres to each side.

    ``is_exact``: the cut runs through the two nearest points, so that the gap of the finding lies in it;
    ``foot_m`` is the one on the other run, None at a crossing and for cover.
    """

    chainage_m: float
    turn_deg: float = 0.0
    reach_m: float = REACH_M[1]
    is_exact: bool = False
    foot_m: Pair | None = None


def stations_of(axis_m: FloatArray) -> FloatArray:
    """Chainage of every vertex of an axis ``(n, 2)``."""
    return np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(axis_m, axis=0).T))))


def _stand(axis_m: FloatArray, chainage_m: float) -> tuple[float, float, float]:
    """East and north at a chainage, and the heading there, radians from east."""
    stations = stations_of(axis_m)
    at = int(np.clip(np.searchsorted(stations, chainage_m, side="right") - 1, 0, len(axis_m) - 2))
    (x0, y0), (x1, y1) = axis_m[at], axis_m[at + 1]
    share = (chainage_m - stations[at]) / max(stations[at + 1] - stations[at], 1e-9)
    return float(x0 + share * (x1 - x0)), float(y0 + share * (y1 - y0)), atan2(y1 - y0, x1 - x0)


def cut_at(axis_m: FloatArray, *, chainage_m: float, reach_m: float, turn_deg: float) -> tuple[Pair, Pair]:
    """The cut through a chainage: square to the axis, or turned; its first end lies to the left."""
    length_m = float(np.hypot(*np.diff(axis_m, axis=0).T).sum())
    inside_m = min(INSIDE_M, length_m / 2)
    x, y, along = _stand(axis_m, min(max(chainage_m, inside_m), length_m - inside_m))
    heading = along + pi / 2 + radians(turn_deg)
    dx, dy = cos(heading) * reach_m, sin(heading) * reach_m
    return (x + dx, y + dy), (x - dx, y - dy)


def axis_of(runs: RunColumns, at: int) -> FloatArray:
    """The axis of run ``at`` in the storage CRS."""
    local: FloatArray = runs.xy_m[int(runs.offset[at]) : int(runs.offset[at + 1])]
    return local + np.array(runs.origin_m, dtype=np.float64)


def number_of(finding: Finding) -> int:
    """Which new run of the work a finding speaks of, from 0; an excavation counts as none, -1."""
    return int(finding.a.id.removeprefix("new:")) - 1 if finding.a.id.startswith("new:") else -1


def _other_axis(finding: Finding, new: RunColumns, existing: RunColumns) -> FloatArray | None:
    if finding.b is None:
        return None
    if finding.b.id.isdigit():
        found = np.flatnonzero(existing.run_id == int(finding.b.id))
        return axis_of(existing, int(found[0])) if len(found) else None
    names = [run_name(number) for number in range(len(new.run_id))]
    return axis_of(new, names.index(finding.b.id)) if finding.b.id in names else None


def place_of(finding: Finding, *, new: RunColumns, existing: RunColumns) -> Place:
    """Where ``finding`` is cut: at the crossing, where the cover is least, or through the nearest points in plan."""
    first, last = finding.chainage_m
    at = number_of(finding)
    if not 0 <= at < len(new.run_id):
        return Place((first + last) / 2)
    axis = axis_of(new, at)
    if finding.measure is Measure.COVER:
        return Place(_least_cover(new, at, first, last), reach_m=REACH_M[0], is_exact=True)
    other = _other_axis(finding, new, existing)
    if other is None:
        return Place((first + last) / 2)
    if finding.angle_deg is not None and (finding.measure in ACROSS or last - first < EQUAL_M):
        return Place(first, _bisector(axis, other, first), REACH_M[0], is_exact=True)
    return _nearest(finding, axis, other)


def _least_cover(new: RunColumns, at: int, first: float, last: float) -> float:
    """Chainage of the least cover: linear between vertices, so at one of them or at an end of the stretch."""
    part = slice(int(new.offset[at]), int(new.offset[at + 1]))
    crown, bottom = new.crown_m[part], new.bottom_m[part]
    crown = np.where(np.isnan(crown), bottom + new.height_m[at, 1], crown)
    stations = stations_of(new.xy_m[part])
    inside = stations[(stations > first) & (stations < last)]
    tries = np.array([first, *inside, last])
    cover = np.interp(tries, stations, new.ground_m[part] - crown)
    if np.isnan(cover).all() or np.nanmax(cover) - np.nanmin(cover) <= EQUAL_M:
        return (first + last) / 2
    return float(tries[int(np.nanargmin(cover))])


def _bisector(axis: FloatArray, other: FloatArray, chainage_m: float) -> float:
    """How far to turn the cut at a crossing so that it passes both lines as squarely as it can, degrees."""
    x, y, own = _stand(axis, chainage_m)
    middles = (other[:-1] + other[1:]) / 2
    nearest = int(np.argmin(np.hypot(*(middles - (x, y)).T)))
    step = other[nearest + 1] - other[nearest]
    # Between the two directions, in (-90, 90]; half of it turns the square cut to the bisector.
    between = degrees(atan2(step[1], step[0]) - own) % 180.0
    return round((between if between <= 90.0 else between - 180.0) / 2.0, 1)


def _nearest(finding: Finding, axis: FloatArray, other: FloatArray) -> Place:
    """The cut through the nearest points of a stretch and the other run; the middle where all are as near."""
    origin = axis[0]
    line, beside = LineString(axis - origin), LineString(other - origin)
    first, last = finding.chainage_m
    part = substring(line, first, last)
    gap = shapely.shortest_line(part, beside)
    chainage = line.project(shapely.Point(gap.coords[0]))
    middle = line.interpolate((first + last) / 2)
    if beside.distance(middle) <= gap.length + EQUAL_M:
        chainage = (first + last) / 2
    chainage = round(chainage, 4)
    x, y, along = _stand(axis, chainage)
    stand = shapely.Point(x - origin[0], y - origin[1])
    onto = beside.project(stand)
    within = min(max(onto, INSIDE_M), max(beside.length - INSIDE_M, 0.0))
    foot = beside.interpolate(within)
    distance = hypot(foot.x - stand.x, foot.y - stand.y)
    asked = max(finding.required_m or 0.0, *(finding.required_range_m or (0.0,)))
    reach = float(min(max(REACH_M[0], round(1.5 * (distance + asked) + 1.0)), REACH_M[1]))
    if distance < EQUAL_M:
        return Place(chainage, _bisector(axis, other, chainage), reach, is_exact=True)
    turn = (degrees(atan2(foot.y - stand.y, foot.x - stand.x) - along - pi / 2) + 90.0) % 180.0 - 90.0
    if abs(turn) > AHEAD_DEG:
        return Place(chainage, reach_m=reach)
    at_m = (float(origin[0] + foot.x), float(origin[1] + foot.y))
    return Place(chainage, round(turn, 4), reach, is_exact=True, foot_m=at_m)
