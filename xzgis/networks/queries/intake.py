"""What the register already holds where a delivery lies."""

import numpy as np
import pandas as pd
import shapely
from shapely import Polygon, box
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Node, Run
from xzgis.networks.rules.matching import course_keys, matched, place_keys
from xzgis.networks.terms import IntArray


def same_runs(session: Session, runs: pd.DataFrame) -> IntArray:
    """Identity of the current run that has the kind and the course of each row, 0 where none has.

    ``runs`` holds ``kind`` and ``axis`` (shapely, storage CRS).
    """
    if runs.empty:
        return np.zeros(0, np.int64)
    found = session.execute(
        select(Run.object_id, Run.kind, func.st_asbinary(Run.axis)).where(
            Run.known_to.is_(None),
            Run.axis.op("&&")(stored(_ground(runs["axis"].to_numpy()))),
            Run.kind.in_(runs["kind"].unique().tolist()),
        )
    ).all()
    if not found:
        return np.zeros(len(runs), np.int64)
    there = pd.DataFrame(found, columns=["identity", "kind", "axis"])
    axes = shapely.from_wkb([bytes(one) for one in there["axis"]])
    return matched(
        course_keys(runs["kind"].to_numpy(object), *_flat(runs["axis"].to_numpy())),
        course_keys(there["kind"].to_numpy(object), *_flat(axes)),
        there["identity"].to_numpy(np.int64),
    )


def same_nodes(session: Session, nodes: pd.DataFrame) -> IntArray:
    """Identity of the current node that has the kind, number and place of each row, 0 where none has."""
    if nodes.empty:
        return np.zeros(0, np.int64)
    found = session.execute(
        select(Node.object_id, Node.kind, Node.point_no, func.st_x(Node.place), func.st_y(Node.place)).where(
            Node.known_to.is_(None),
            Node.place.op("&&")(stored(_ground(nodes["place"].to_numpy()))),
            Node.kind.in_(nodes["kind"].unique().tolist()),
        )
    ).all()
    if not found:
        return np.zeros(len(nodes), np.int64)
    there = pd.DataFrame(found, columns=["identity", "kind", "number", "east", "north"])
    return matched(
        place_keys(
            nodes["kind"].to_numpy(object),
            nodes["point_no"].to_numpy(object),
            shapely.get_coordinates(nodes["place"].to_numpy()),
        ),
        place_keys(
            there["kind"].to_numpy(object),
            there["number"].to_numpy(object),
            there[["east", "north"]].to_numpy(),
        ),
        there["identity"].to_numpy(np.int64),
    )


def nodes_near(session: Session, ground: Polygon) -> pd.DataFrame:
    """Current nodes on ``ground``: ``kind, point_no, east_m, north_m`` (for edge matching)."""
    found = session.execute(
        select(Node.kind, Node.point_no, func.st_x(Node.place), func.st_y(Node.place)).where(
            Node.known_to.is_(None), Node.place.op("&&")(stored(ground))
        )
    ).all()
    return pd.DataFrame(found, columns=["kind", "point_no", "east_m", "north_m"])


def _ground(geometries: "np.ndarray[tuple[int], np.dtype[np.object_]]") -> Polygon:
    return ground_round(geometries, reach_m=1.0)


def ground_round(geometries: "np.ndarray[tuple[int], np.dtype[np.object_]]", *, reach_m: float) -> Polygon:
    """The box round ``geometries``, ``reach_m`` wider on every side.

    Not by buffering: the box of a line along an axis has no area, and its mitred buffer is half of what it should be.
    """
    west, south, east, north = shapely.total_bounds(geometries)
    ground: Polygon = box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    return ground


def _flat(axes: object) -> "tuple[IntArray, np.ndarray[tuple[int, int], np.dtype[np.float64]]]":
    _kind, coordinates, offsets = shapely.to_ragged_array(np.asarray(axes, dtype=object))
    return np.asarray(offsets[0], np.int64), np.asarray(coordinates[:, :2], np.float64)
