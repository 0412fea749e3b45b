"""What the register already holds where a delivery lies."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely
from shapely import Polygon, box
from sqlalchemy import BigInteger, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.networks.models import Node, Run
from xzgis.networks.rules.likeness import Lines, Standing, likened, unknown_standing
from xzgis.networks.rules.marks import TOLD_APART_BY
from xzgis.networks.rules.matching import course_keys, matched, nearly_matched, place_keys
from xzgis.networks.terms import FloatArray, IntArray


@dataclass(frozen=True)
class SameRuns:
    """For each line the identity of the current run that it is, 0 where none is.

    ``unlike``: it has the course of a run and another level, size or owner, or none that tells which of several it is
    (:class:`xzgis.networks.rules.likeness.Likeness`); ``nearest`` is that run then, 0 where another line is nearer to
    it, and ``standing`` how that run stands (unknown where there is none).
    """

    same: IntArray
    unlike: npt.NDArray[np.bool_]
    nearest: IntArray
    standing: Standing


def same_runs(
    session: Session,
    kind: "npt.NDArray[np.object_]",
    course: tuple[IntArray, FloatArray],
    standing: Standing,
    *,
    sigma_factor: float,
) -> SameRuns:
    """Which current run each line is: of its kind and course, and of no other level, size, owner, voltage or pressure.

    Line ``i`` has ``kind[i]`` and the vertices ``xy_m[offset[i]:offset[i + 1]]`` of ``course`` (storage CRS), two at
    least.
    """
    offset, xy_m = course
    there = _runs_round(session, kind, xy_m) if len(kind) else None
    if there is None or there.empty:
        none = np.zeros(len(kind), np.int64)
        return SameRuns(none, none > 0, none, unknown_standing(len(kind)))
    axes = np.asarray(shapely.from_wkb([bytes(one) for one in there["axis"]]), dtype=object)
    identity = there["identity"].to_numpy(np.int64)
    lines = np.asarray(
        shapely.from_ragged_array(shapely.GeometryType.LINESTRING, xy_m, (offset,)), dtype=object
    )
    numbers = there[list(_STANDING)].to_numpy(np.float64)
    # The row behind the last is that of no record.
    numbers = np.vstack([numbers, np.full(len(_STANDING), np.nan)])
    marks = there[list(TOLD_APART_BY)].reindex(range(len(there) + 1))
    held = Standing(numbers[:, :2], numbers[:, 2:4], numbers[:, 4], numbers[:, 5:7], numbers[:, 7], marks)
    found = likened(
        Lines(course_keys(kind, offset, xy_m), lines, standing),
        Lines(course_keys(there["kind"].to_numpy(object), *flat(axes)), axes, held.at(np.arange(len(axes)))),
        sigma_factor=sigma_factor,
    )
    known = np.append(identity, 0)
    return SameRuns(known[found.same], found.unlike, known[found.record], held.at(found.record))


_STANDING = ("crown_a", "crown_b", "bottom_a", "bottom_b", "sigma", "width", "height", "spread")


def _runs_round(session: Session, kind: "npt.NDArray[np.object_]", xy_m: FloatArray) -> pd.DataFrame:
    ends = [one[at] for one in (Run.crown_m, Run.bottom_m) for at in (1, func.cardinality(one))]
    found = session.execute(
        select(
            Run.object_id, Run.kind, func.st_asbinary(Run.axis), *ends, Run.sigma_level_m, Run.outer_width_mm,
            Run.outer_height_mm, Run.outer_spread_mm, *(getattr(Run, name) for name in TOLD_APART_BY),
        ).where(
            Run.known_to.is_(None),
            Run.axis.op("&&")(stored(box_round(xy_m, reach_m=1.0))),
            Run.kind.in_([str(one) for one in pd.unique(kind)]),
        )
    ).all()  # fmt: skip
    there = pd.DataFrame(found, columns=["identity", "kind", "axis", *_STANDING, *TOLD_APART_BY])
    return there.astype(dict.fromkeys(_STANDING, np.float64))


def labels_of(session: Session, runs: IntArray) -> dict[int, str]:
    """Labels of the current runs with these identities."""
    wanted = cast([int(one) for one in runs], ARRAY(BigInteger))
    found = session.execute(
        select(Run.object_id, Run.label).where(Run.known_to.is_(None), Run.object_id == func.any(wanted))
    )
    return {int(identity): str(label) for identity, label in found}


def same_nodes(session: Session, nodes: pd.DataFrame) -> IntArray:
    """Identity of the current node that has the kind, number and place of each row, 0 where none has."""
    if nodes.empty:
        return np.zeros(0, np.int64)
    found = session.execute(
        select(Node.object_id, Node.kind, Node.point_no, func.st_x(Node.place), func.st_y(Node.place)).where(
            Node.known_to.is_(None),
            Node.place.op("&&")(stored(ground_round(nodes["place"].to_numpy(), reach_m=1.0))),
            Node.kind.in_(nodes["kind"].unique().tolist()),
        )
    ).all()
    if not found:
        return np.zeros(len(nodes), np.int64)
    there = pd.DataFrame(found, columns=["identity", "kind", "number", "east", "north"])
    identity = there["identity"].to_numpy(np.int64)
    delivered = place_keys(
        nodes["kind"].to_numpy(object),
        nodes["point_no"].to_numpy(object),
        shapely.get_coordinates(nodes["place"].to_numpy()),
    )
    registered = place_keys(
        there["kind"].to_numpy(object), there["number"].to_numpy(object), there[["east", "north"]].to_numpy()
    )
    return nearly_matched(delivered, registered, identity, matched(delivered, registered, identity))


def nodes_near(session: Session, ground: Polygon) -> pd.DataFrame:
    """Current nodes on ``ground``: ``identity, kind, point_no, east_m, north_m`` (for edge matching)."""
    found = session.execute(
        select(Node.object_id, Node.kind, Node.point_no, func.st_x(Node.place), func.st_y(Node.place)).where(
            Node.known_to.is_(None), Node.place.op("&&")(stored(ground))
        )
    ).all()
    return pd.DataFrame(found, columns=["identity", "kind", "point_no", "east_m", "north_m"])


def ends_of(session: Session, runs: IntArray) -> set[int]:
    """Identities of the nodes at which the current runs with these identities end."""
    wanted = cast([int(one) for one in runs], ARRAY(BigInteger))
    found = session.execute(
        select(Run.from_node_id, Run.to_node_id).where(
            Run.known_to.is_(None), Run.object_id == func.any(wanted)
        )
    )
    return {int(end) for row in found for end in row if end is not None}


def ground_round(geometries: "npt.NDArray[np.object_]", *, reach_m: float) -> Polygon:
    """The box round ``geometries``, ``reach_m`` wider on every side.

    Not by buffering: the box of a line along an axis has no area, and its mitred buffer is half of what it should be.
    """
    west, south, east, north = shapely.total_bounds(geometries)
    ground: Polygon = box(west - reach_m, south - reach_m, east + reach_m, north + reach_m)
    return ground


def box_round(xy_m: FloatArray, *, reach_m: float) -> Polygon:
    """The box round places ``(v, 2)``, ``reach_m`` wider on every side."""
    ground: Polygon = box(*(xy_m.min(axis=0) - reach_m), *(xy_m.max(axis=0) + reach_m))
    return ground


def flat(axes: "npt.NDArray[np.object_]") -> tuple[IntArray, FloatArray]:
    """Lines as offsets and vertices east, north."""
    if not len(axes):
        return np.zeros(1, np.int64), np.empty((0, 2))
    _kind, coordinates, offsets = shapely.to_ragged_array(axes)
    return np.asarray(offsets[0], np.int64), np.asarray(coordinates[:, :2], np.float64)
