"""Which way a drawn line runs: from the point that its row names first to the one it names last (decision 0088).

Figures of the start and the end are told of these points, and who draws a line may begin at either. Where the points
lie is told by the delivered points, else by the ends that lines of the same name share.
"""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.feature_geometry import Axes, groups_of
from xzgis.networks.rules.feature_parts import IN_ORDER, NO_CHAIN, ORDER_OF_PARTS
from xzgis.networks.rules.numbers import number_keys
from xzgis.networks.rules.told_directions import Untold, tell_turned, tell_untold, without_ends
from xzgis.networks.terms import FloatArray, IntArray
from xzgis.spatial.snap import Joined

BoolArray = npt.NDArray[np.bool_]

# A point stands in the middle of its chamber, the line may be drawn to the wall: the largest chambers are wider than
# 5 m by far less than they are long (own choice). Of a short line a quarter of its length, so that it is one end's alone.
_REACH_M = 5.0
_SHARE_OF_SPAN = 0.25
# Two lines that merely follow each other share a node too: they place a name, and turn no line alone (decision 0088).
_FEWEST_LINES, _SURE_LINES = 2, 3
_NO_KIND = "unknown"


@dataclass(frozen=True)
class _Ends:
    """Of n features: ``(n, 2)`` first and last vertex, ``(n,)`` their nodes, and what points the row names (-1: none)."""

    xy_m: tuple[FloatArray, FloatArray]
    node: tuple[IntArray, IntArray]
    name: tuple[IntArray, IntArray]


@dataclass(frozen=True)
class _Named:
    """Numbered points: ``(p,)`` the key of each (its family and number in one), its place and its node."""

    key: IntArray
    xy_m: FloatArray
    node: IntArray


def directed(
    features: pd.DataFrame,
    axes: Axes,
    joined: Joined,
    points: pd.DataFrame,
    catalogue: Catalogue,
    doubts: Doubts,
) -> tuple[pd.DataFrame, Axes, Joined]:
    """The lines turned so that each runs as its row tells; figures of ends that nothing places are unknown.

    ``features``: one row per axis. What is turned and what stays unknown is told (G14, G15).
    """
    named = [name for name in ("from_node", "to_node") if name in features.columns]
    order = _order_of_parts(features)
    if not (named and features[named].notna().any(axis=None)) and order is None:
        return features, axes, joined
    first = np.flatnonzero(axes.part == 0)
    last = np.append(first[1:], len(axes.part)) - 1
    ends, numbered, has_points = _ends(features, axes, joined, points, (first, last), catalogue)
    way, untold = _ways(ends, numbered, has_points, joined, catalogue)
    if order is not None:
        both = (ends.name[0] >= 0) & (ends.name[1] >= 0)
        open_way = (order[first] != IN_ORDER) & ~((way != 0) & ((order[first] != NO_CHAIN) | both))
        untold = replace(untold, parts=open_way & ~untold.any())
        way = np.where(open_way, 0, way)
    features = _named_ends(features, axes, named)
    backwards = (way < 0)[axes.feature]
    if backwards.any():
        tell_turned(features.iloc[first[way < 0]], doubts)
        features, axes, joined = _turned(features, axes, joined, backwards)
    open_rows = untold.any()[axes.feature]
    if open_rows.any():
        features, dropped = without_ends(features, open_rows)
        tell_untold(features.iloc[first], untold, dropped[first], doubts)
    return features, axes, joined


def _order_of_parts(features: pd.DataFrame) -> IntArray | None:
    if ORDER_OF_PARTS not in features.columns:
        return None
    order = features[ORDER_OF_PARTS].fillna(IN_ORDER).to_numpy(np.int64)
    return order if (order != IN_ORDER).any() else None


def _ends(
    features: pd.DataFrame,
    axes: Axes,
    joined: Joined,
    points: pd.DataFrame,
    rows: tuple[IntArray, IntArray],
    catalogue: Catalogue,
) -> tuple[_Ends, _Named, BoolArray]:
    """The ends of the features, the numbered points, and ``(n,)`` whether the family of each has numbered points."""
    count = len(features)
    nothing = np.full(len(rows[0]), None, dtype=object)
    texts = [
        features[name].to_numpy(dtype=object)[at] if name in features.columns else nothing
        for name, at in zip(("from_node", "to_node"), rows, strict=True)
    ]
    number = _numbers_of(np.concatenate([*texts, points["point_no"].to_numpy(dtype=object)]))
    kinds = features["kind"].to_numpy(dtype=object)[rows[0]]
    family = groups_of(np.concatenate([kinds, points["kind"].to_numpy(dtype=object)]), catalogue)
    names = int(number.max(initial=-1)) + 1
    of_lines, of_points = family[: len(kinds)], family[len(kinds) :]
    mine = len(kinds)
    numbers = number[:mine], number[mine : 2 * mine], number[2 * mine :]
    key = [np.where(one >= 0, of_lines * names + one, -1) for one in numbers[:2]]
    xy_m = axes.ends()
    node = joined.node[:count], joined.node[count : 2 * count]
    place = points[["east_m", "north_m"]].to_numpy(np.float64)
    known = (numbers[2] >= 0) & np.isfinite(place).all(axis=1)
    point_key = of_points * names + numbers[2]
    numbered = _Named(point_key[known], place[known], joined.node[2 * count :][known])
    # Points of no kind may be of any line: their keys stand for every family.
    loose = known & (points["kind"].isna() | points["kind"].eq(_NO_KIND)).to_numpy(np.bool_)
    has_points = np.isin(of_lines, of_points[known & ~loose])
    if loose.any():
        has_points |= bool(np.isin(numbers[2][loose], np.concatenate(numbers[:2])).any())
        numbered = _with_loose(
            numbered, loose, (numbers[2], place, joined.node[2 * count :]), of_lines, names
        )
    ends = _Ends((xy_m[0][rows[0]], xy_m[1][rows[1]]), (node[0][rows[0]], node[1][rows[1]]), (key[0], key[1]))
    return ends, numbered, has_points


def _numbers_of(texts: npt.NDArray[np.object_]) -> IntArray:
    """``(n,)`` one number for each point number however wide it is written, -1 for none."""
    number, told = pd.factorize(texts)
    keys, _ = pd.factorize(number_keys(pd.Series(told, dtype=object)))
    found: IntArray = np.append(keys, -1)[number].astype(np.int64)
    return found


def _with_loose(
    numbered: _Named,
    loose: BoolArray,
    points: tuple[IntArray, FloatArray, IntArray],
    of_lines: IntArray,
    names: int,
) -> _Named:
    """The points of no kind once for each family of lines that has no point of that number."""
    number, place, node = points
    key, xy_m, nodes = [numbered.key], [numbered.xy_m], [numbered.node]
    for family in np.unique(of_lines):
        mine = loose & ~np.isin(family * names + number, numbered.key)
        key.append(family * names + number[mine])
        xy_m.append(place[mine])
        nodes.append(node[mine])
    return _Named(np.concatenate(key), np.vstack(xy_m), np.concatenate(nodes))


def _ways(
    ends: _Ends, numbered: _Named, has_points: BoolArray, joined: Joined, catalogue: Catalogue
) -> tuple[IntArray, Untold]:
    """``(n,)`` 1: drawn as told, -1: backwards, 0: nothing tells; and of which the named points do not fit."""
    places = [_places(name, ends, numbered) for name in ends.name]
    names, nodes, lines = _places_by_lines(ends, places)
    few = names[lines < _SURE_LINES]
    is_weak = []
    for at, place in enumerate(places):
        lacking = np.isnan(place[:, 0]) & ~np.isin(ends.name[at], numbered.key)
        place[lacking] = _looked_up(ends.name[at][lacking], names, nodes, joined.xy_m)
        is_weak.append(lacking & np.isin(ends.name[at], few))
    span_m = np.hypot(*(ends.xy_m[1] - ends.xy_m[0]).T)
    near_m = catalogue.limits.values["near_end_m"]
    reach_m = np.fmax(near_m, np.fmin(_REACH_M, _SHARE_OF_SPAN * span_m))
    known = [np.isfinite(place[:, 0]) for place in places]

    def fits(start: int) -> BoolArray:
        found = known[0] | known[1]
        for at, place in enumerate(places):
            apart_m = np.hypot(*(ends.xy_m[at ^ start] - place).T)
            found &= ~known[at] | (apart_m <= reach_m)
        return found

    drawn = np.isfinite(span_m)
    forward = fits(0)
    on_few_lines = (is_weak[0] & ~known[1]) | (is_weak[1] & ~known[0])
    backward = fits(1) & ~forward & ~on_few_lines
    told = known[0] | known[1]
    elsewhere = drawn & told & ~forward & ~backward
    named = (ends.name[0] >= 0) | (ends.name[1] >= 0)
    missing = drawn & named & ~told & has_points
    way = np.where(forward, 1, np.where(backward, -1, 0)).astype(np.int64)
    return way, Untold(elsewhere, missing, np.zeros(len(way), np.bool_))


def _places(name: IntArray, ends: _Ends, numbered: _Named) -> FloatArray:
    """``(n, 2)`` where the point of each name lies; NaN where no point has it, or several and none of them one end's."""
    place = np.full((len(name), 2), np.nan)
    if not len(numbered.key):
        return place
    order = np.argsort(numbered.key, kind="stable")
    keys, start, count = np.unique(numbered.key[order], return_index=True, return_counts=True)
    at = np.minimum(np.searchsorted(keys, name), len(keys) - 1)
    found = keys[at] == name
    one = found & (count[at] == 1)
    place[one] = numbered.xy_m[order[start[at[one]]]]
    several = np.flatnonzero(found & (count[at] > 1))
    if len(several):
        nodes = int(max(numbered.node.max(), *(one.max(initial=0) for one in ends.node))) + 2
        stands = numbered.key * nodes + numbered.node + 1
        here = [np.isin(name[several] * nodes + node[several] + 1, stands) for node in ends.node]
        for end, is_here in enumerate(here):
            mine = several[is_here & ~here[1 - end]]
            place[mine] = ends.xy_m[end][mine]
    return place


def _places_by_lines(ends: _Ends, places: list[FloatArray]) -> tuple[IntArray, IntArray, IntArray]:
    """Names that no point has, the node that all lines of each name touch, where there is just one, and how many do."""
    nothing = np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.int64)
    usable = (ends.node[0] >= 0) & (ends.node[1] >= 0) & (ends.node[0] != ends.node[1])
    usable &= ends.name[0] != ends.name[1]
    asked = [
        usable & (name >= 0) & np.isnan(place[:, 0]) for name, place in zip(ends.name, places, strict=True)
    ]
    name = np.concatenate([ends.name[at][mask] for at, mask in enumerate(asked) for _ in ends.node])
    node = np.concatenate([one[mask] for mask in asked for one in ends.node])
    if not len(name):
        return nothing
    nodes = int(node.max()) + 1
    pair, touched = np.unique(name * nodes + node, return_counts=True)
    names, lines = np.unique(name, return_counts=True)
    of = np.searchsorted(names, pair // nodes)
    # Each line names two nodes for each of its names.
    whole = (touched == lines[of] // 2) & (lines[of] // 2 >= _FEWEST_LINES)
    sure = whole & (np.bincount(of[whole], minlength=len(names))[of] == 1)
    return names[of[sure]], pair[sure] % nodes, lines[of[sure]] // 2


def _looked_up(name: IntArray, names: IntArray, nodes: IntArray, xy_m: FloatArray) -> FloatArray:
    place = np.full((len(name), 2), np.nan)
    if len(names):
        at = np.minimum(np.searchsorted(names, name), len(names) - 1)
        found = names[at] == name
        place[found] = xy_m[nodes[at[found]]]
    return place


def _named_ends(features: pd.DataFrame, axes: Axes, named: list[str]) -> pd.DataFrame:
    """The features with the names of the points at the ends of a whole feature, not of every part."""
    if not (axes.part > 0).any():
        return features
    last = np.append(axes.part[1:] == 0, True)
    mine = {"from_node": axes.part == 0, "to_node": last}
    return features.assign(**{name: features[name].where(mine[name], None) for name in named})


def _turned(
    features: pd.DataFrame, axes: Axes, joined: Joined, backwards: BoolArray
) -> tuple[pd.DataFrame, Axes, Joined]:
    """Features, axes and nodes with the lines ``backwards`` (all parts of a feature) the other way round."""
    rows = _mirrored(axes.feature, backwards)
    counts = np.diff(axes.offset)
    line = np.repeat(np.arange(len(counts)), counts)
    vertices = _mirrored(axes.feature[line], backwards[line])
    offset = np.concatenate([[0], np.cumsum(counts[rows])]).astype(np.int64)
    count = len(rows)
    first, last = joined.node[:count][rows], joined.node[count : 2 * count][rows]
    node = np.concatenate(
        [np.where(backwards, last, first), np.where(backwards, first, last), joined.node[2 * count :]]
    )
    turned = replace(axes, offset=offset, xy_m=np.ascontiguousarray(axes.xy_m[vertices]))
    return _with_drawn_turned(features, backwards), turned, replace(joined, node=node)


def _mirrored(group: IntArray, mask: BoolArray) -> IntArray:
    """Positions with those of each group (a run of equal numbers) under ``mask`` in reverse order."""
    at = np.arange(len(group), dtype=np.int64)
    if not len(at):
        return at
    begins = np.flatnonzero(np.r_[True, group[1:] != group[:-1]])
    sizes = np.diff(np.append(begins, len(at)))
    low = np.repeat(begins, sizes)
    high = np.repeat(begins + sizes - 1, sizes)
    return np.where(mask, low + high - at, at)


def _with_drawn_turned(features: pd.DataFrame, backwards: BoolArray) -> pd.DataFrame:
    """What the heights of the geometry tell stays with its vertex: of a turned line it is of the other end."""
    changed: dict[str, FloatArray] = {}
    for flag in [str(one) for one in features.columns if str(one).endswith("_drawn")]:
        end, what = flag.removesuffix("_drawn").split("_", 1)
        other = f"{'end' if end == 'start' else 'start'}_{what}"
        own = features[f"{end}_{what}_m"].to_numpy(np.float64)
        moved = np.full(len(features), np.nan)
        if f"{other}_drawn" in features.columns:
            drawn = features[f"{other}_drawn"].fillna(value=False).to_numpy(np.bool_)
            moved = np.where(drawn, features[f"{other}_m"].to_numpy(np.float64), np.nan)
        mine = backwards & features[flag].fillna(value=False).to_numpy(np.bool_)
        changed[f"{end}_{what}_m"] = np.where(mine, moved, own)
    return features.assign(**changed) if changed else features
