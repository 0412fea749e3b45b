"""Delivered points of features, and the nodes that arise where line ends meet."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.codes import resolve_codes
from xzgis.networks.rules.feature_accuracy import fill_points
from xzgis.networks.rules.feature_sections import positive
from xzgis.networks.rules.feature_texts import objects
from xzgis.networks.rules.features import Understood
from xzgis.networks.rules.standing import named_by_layer, with_appurtenances
from xzgis.networks.terms import FloatArray, IntArray, empty_points
from xzgis.spatial.crs import CrsDecision
from xzgis.spatial.placing import placed
from xzgis.spatial.snap import Joined

ObjectArray = npt.NDArray[np.object_]


@dataclass(frozen=True)
class Nodes:
    """Points with the nodes that no delivered point marks, and which point each line end is (-1 none)."""

    points: pd.DataFrame
    from_point: IntArray
    to_point: IntArray
    from_no: ObjectArray
    to_no: ObjectArray


def canonical_points(
    understood: Understood, decision: CrsDecision, scale: float, catalogue: Catalogue
) -> pd.DataFrame:
    """Delivered points, row by row, placed in the storage CRS."""
    raw, geometry = understood.points, understood.point_geometry
    if not raw.empty:
        raw = with_appurtenances(raw, raw["kind"].to_numpy(dtype=object), catalogue)
    points = empty_points(len(raw))
    if raw.empty:
        return points
    for name in (
        "file",
        "sheet",
        "code",
        "kind",
        "point_no",
        "element_code",
        "owner",
        "road",
        "built_on",
        "surveyed_on",
        "attributes",
    ):
        if name in raw.columns:
            points[name] = objects(raw[name].to_numpy(dtype=object))
    points["row"] = raw["row"].to_numpy(np.int64)
    x, y = _first_positions(geometry)
    points["x_raw"], points["y_raw"] = x, y
    xy_m = placed(decision, x * scale, y * scale)
    points["east_m"], points["north_m"] = xy_m[:, 0], xy_m[:, 1]
    if "ground_m" in raw.columns:
        points["ground_m"] = raw["ground_m"].to_numpy(np.float64)
    points["chamber_depth_m"] = _chamber_depth(raw, points)
    for name in ("feature", "appurtenance"):
        if name in raw.columns:
            told = resolve_codes(raw[name], raw["kind"].to_numpy(dtype=object), catalogue.codes.get(name, ()))
            points[name] = np.where(told.unknown, raw[name].to_numpy(dtype=object), told.tokens())
    points = named_by_layer(points, catalogue)
    state = (
        raw["status"].to_numpy(dtype=object)
        if "status" in raw.columns
        else np.full(len(raw), None, dtype=object)
    )
    points["life_state"] = np.where(pd.isna(state), "built", state)
    fill_points(points, raw, catalogue)
    return points


def _chamber_depth(raw: pd.DataFrame, points: pd.DataFrame) -> FloatArray:
    """From the ground to the inner bottom, told itself or by the level of the bottom; metres."""
    depth = positive(raw, "chamber_depth_m")
    if "chamber_bottom_m" not in raw.columns:
        return depth
    below = points["ground_m"].to_numpy(np.float64) - raw["chamber_bottom_m"].to_numpy(np.float64)
    return np.where(np.isfinite(depth), depth, np.where(below > 0.0, below, np.nan))


def _first_positions(geometry: ObjectArray) -> tuple[FloatArray, FloatArray]:
    """First coordinates of every geometry, NaN where it has none."""
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    x, y = np.full(len(geometry), np.nan), np.full(len(geometry), np.nan)
    first, at = np.unique(owner, return_index=True)
    x[first], y[first] = coordinates[at, 0], coordinates[at, 1]
    return x, y


def nodes_of(joined: Joined, features: pd.DataFrame, points: pd.DataFrame, catalogue: Catalogue) -> Nodes:
    """Which point each end of ``features`` is; where none was delivered a node is made, with row 0 and no file.

    ``joined`` holds the first ends, the last ends and the delivered points, in this order. Nodes made here are
    called ``@1``, ``@2`` … in the delivery.
    """
    count, delivered = len(features), len(points)
    node = joined.node
    point_of_node = np.full(len(joined.xy_m), -1, dtype=np.int64)
    own = node[2 * count :]
    # The first delivered point of a place is its node; further ones stay points without lines.
    known = np.flatnonzero(own >= 0)[::-1]
    point_of_node[own[known]] = known
    ends = node[: 2 * count]
    used = np.zeros(len(joined.xy_m), dtype=np.bool_)
    used[ends[ends >= 0]] = True
    made = np.flatnonzero(used & (point_of_node < 0))
    point_of_node[made] = delivered + np.arange(len(made))
    all_points = _with_nodes(points, joined, made, features, ends, catalogue)
    # The last entry answers for ends without a node: -1.
    rows = np.append(point_of_node, -1)[ends]
    numbers = all_points["point_no"].to_numpy(dtype=object)
    named: ObjectArray = np.array([*numbers, None], dtype=object)
    names = named[rows]
    told = [
        _told(features, name, names[part])
        for name, part in (("from_node", slice(0, count)), ("to_node", slice(count, None)))
    ]
    return Nodes(all_points, rows[:count], rows[count:], told[0], told[1])


def _told(features: pd.DataFrame, name: str, found: ObjectArray) -> ObjectArray:
    """The point number an end was delivered with, else that of the point found there."""
    if name not in features.columns:
        return found
    given = features[name].to_numpy(dtype=object)
    result: ObjectArray = np.where(pd.isna(given), found, given)
    return result


def _with_nodes(
    points: pd.DataFrame,
    joined: Joined,
    made: IntArray,
    features: pd.DataFrame,
    ends: IntArray,
    catalogue: Catalogue,
) -> pd.DataFrame:
    if not len(made):
        return points
    count = len(features)
    line_of_node = np.zeros(len(joined.xy_m), dtype=np.int64)
    has = np.flatnonzero(ends >= 0)
    line_of_node[ends[has]] = has % count
    lines = line_of_node[made]
    nodes = empty_points(len(made))
    for name in ("code", "kind"):
        nodes[name] = objects(features[name].to_numpy(dtype=object)[lines])
    nodes["point_no"] = objects([f"@{number}" for number in range(1, len(made) + 1)])
    nodes["east_m"], nodes["north_m"] = joined.xy_m[made, 0], joined.xy_m[made, 1]
    nodes["life_state"] = objects(np.full(len(made), "built", dtype=object))
    fill_points(nodes, features.iloc[lines], catalogue)
    return pd.concat([points, nodes], ignore_index=True) if len(points) else nodes
