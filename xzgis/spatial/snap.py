"""Joining line ends that meet: the same place exactly, then within a tolerance; what is merely near is told."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import shapely

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Coordinates closer than this are one place: deliveries carry millimetres at best.
_SAME_M = 0.001
_GROUP_BITS = 8
# Squares no finer than this keep their numbers within 64 bits over a whole continent.
_LEAST_CELL_M = 0.01
_CELL_BITS = 27


@dataclass(frozen=True)
class Joined:
    """Which node every end belongs to.

    Attributes
    ----------
    node
        ``(e,)`` number of the node of each end, -1 where the end has no place.
    xy_m
        ``(k, 2)`` place of each node: that of the first end found there.
    group
        ``(k,)`` group of each node; ends of different groups never share one.
    near
        ``(p, 2)`` pairs of nodes that are near but not joined, each pair once, and how far apart in ``near_m``.
    """

    node: IntArray
    xy_m: FloatArray
    group: IntArray
    near: IntArray
    near_m: FloatArray


def join_ends(xy_m: FloatArray, group: IntArray, *, snap_m: float, near_m: float) -> Joined:
    """Nodes of the ends ``(e, 2)`` in metres; NaN ends stay without node.

    Ends in one place (to the millimetre) are one node. A node where only one end lies is joined to the nearest
    other node of its group within ``snap_m``; one that finds its nearest between ``snap_m`` and ``near_m`` is
    listed as near.
    """
    known = np.isfinite(xy_m).all(axis=1)
    node = np.full(len(xy_m), -1, dtype=np.int64)
    places, groups = xy_m[known], group[known]
    number, first = _same_place(places, groups)
    nodes, node_groups = places[first], groups[first]
    loose = np.bincount(number, minlength=len(nodes)) == 1
    pairs, apart = _pairs_near(nodes, node_groups, np.flatnonzero(loose), max(snap_m, near_m))
    close = apart <= snap_m
    target = _merged(len(nodes), pairs[close])
    kept, renumbered = np.unique(target, return_inverse=True)
    node[known] = renumbered[number]
    near = renumbered[pairs[~close]]
    still_apart = near[:, 0] != near[:, 1]
    return Joined(node, nodes[kept], node_groups[kept], near[still_apart], apart[~close][still_apart])


def _same_place(xy_m: FloatArray, group: IntArray) -> tuple[IntArray, IntArray]:
    """``(e,)`` number of each end's place, and the first end of each place."""
    if not len(xy_m):
        return np.empty(0, np.int64), np.empty(0, np.int64)
    low = xy_m.min(axis=0)
    cells = np.round((xy_m - low) / _SAME_M).astype(np.int64)
    if cells.max() < 1 << _CELL_BITS and group.max() < 1 << _GROUP_BITS:
        # Everything in one number: sorting a million single numbers is ten times faster than rows of three.
        key = (group << 2 * _CELL_BITS) | (cells[:, 0] << _CELL_BITS) | cells[:, 1]
        _, first, number = np.unique(key, return_index=True, return_inverse=True)
    else:
        keys = np.column_stack([group, cells])
        _, first, number = np.unique(keys, axis=0, return_index=True, return_inverse=True)
    return number.ravel().astype(np.int64), first.astype(np.int64)


def _pairs_near(
    xy_m: FloatArray, group: IntArray, loose: IntArray, within_m: float
) -> tuple[IntArray, FloatArray]:
    """For every loose node its nearest other node of the group within ``within_m``; each pair once."""
    none = np.empty((0, 2), np.int64), np.empty(0)
    if not len(loose) or within_m <= 0:
        return none
    others = _beside(xy_m, loose, within_m)
    places = np.asarray(shapely.points(xy_m[others]), dtype=object)
    asked, found = shapely.STRtree(places).query(
        shapely.points(xy_m[loose]), predicate="dwithin", distance=within_m
    )
    a, b = loose[asked], others[found]
    keep = (a != b) & (group[a] == group[b])
    a, b = a[keep], b[keep]
    if not len(a):
        return none
    apart = np.hypot(*(xy_m[a] - xy_m[b]).T)
    order = np.lexsort((b, apart, a))
    a, b, apart = a[order], b[order], apart[order]
    nearest = np.r_[True, a[1:] != a[:-1]]
    pairs = np.sort(np.column_stack([a[nearest], b[nearest]]), axis=1)
    pairs, at = np.unique(pairs, axis=0, return_index=True)
    return pairs, apart[nearest][at]


def _beside(xy_m: FloatArray, loose: IntArray, within_m: float) -> IntArray:
    """The nodes in a square with a loose node or in one next to it: all that can be within reach of one."""
    cell = np.floor((xy_m - xy_m.min(axis=0)) / max(within_m, _LEAST_CELL_M)).astype(np.int64) + 1
    wide = int(cell[:, 1].max()) + 2
    number = cell[:, 0] * wide + cell[:, 1]
    steps = np.array([east * wide + north for east in (-1, 0, 1) for north in (-1, 0, 1)])
    near = np.unique((number[loose][:, None] + steps).ravel())
    return np.flatnonzero(np.isin(number, near))


def _merged(count: int, pairs: IntArray) -> IntArray:
    """``(count,)`` the smallest node that each node is joined to, over chains of pairs."""
    target = np.arange(count, dtype=np.int64)
    while len(pairs):
        low = np.minimum(target[pairs[:, 0]], target[pairs[:, 1]])
        before = target.copy()
        np.minimum.at(target, pairs.ravel(), np.repeat(low, 2))
        target = target[target]
        if (target == before).all():
            break
    return target
