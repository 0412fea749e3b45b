"""Delivered lines placed in the storage CRS, cut into single clean axes, and joined at their ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, IntakeFinding, IntArray, Level
from xzgis.spatial.crs import CrsDecision
from xzgis.spatial.named_systems import known_crs
from xzgis.spatial.placing import placed
from xzgis.spatial.snap import Joined, join_ends

# Below it two vertices of one axis are the same vertex: a tenth of what deliveries can carry.
_SAME_VERTEX_M = 0.0001
_MOST_NAMED = 200
_PLAIN_LINE = 1
_LARGEST_LONGITUDE, _LARGEST_LATITUDE = 180.0, 90.0
_SHARE_OF_STRAYS = 0.2


@dataclass(frozen=True)
class Axes:
    """Single axes of n lines in the storage CRS.

    Attributes
    ----------
    feature
        ``(n,)`` row of the delivered feature each line came from; ``part`` counts its parts from 0.
    offset, xy_m
        Vertices as in :class:`xzgis.networks.terms.Vertices`.
    """

    feature: IntArray
    part: IntArray
    offset: IntArray
    xy_m: FloatArray

    def ends(self) -> tuple[FloatArray, FloatArray]:
        """First and last vertex of every line, NaN where a line has no axis."""
        has = np.diff(self.offset) > 0
        first, last = np.full((len(self.feature), 2), np.nan), np.full((len(self.feature), 2), np.nan)
        first[has] = self.xy_m[self.offset[:-1][has]]
        last[has] = self.xy_m[self.offset[1:][has] - 1]
        return first, last

    def lengths_m(self) -> FloatArray:
        """``(n,)`` length of every line, metres; 0 where a line has no axis."""
        counts = np.diff(self.offset)
        if not len(self.xy_m):
            return np.zeros(len(counts))
        step = np.concatenate([np.hypot(*np.diff(self.xy_m, axis=0).T), [0.0]])
        step[self.offset[1:][counts > 0] - 1] = 0.0
        line = np.repeat(np.arange(len(counts)), counts)
        length: FloatArray = np.bincount(line, np.nan_to_num(step), minlength=len(counts)).astype(np.float64)
        return length

    def shares(self) -> tuple[FloatArray, IntArray]:
        """For every vertex its share of the length of its line, exactly 0 and 1 at the ends, and its line."""
        counts = np.diff(self.offset)
        line = np.repeat(np.arange(len(counts), dtype=np.int64), counts)
        if not len(line):
            return np.empty(0), line
        step = np.concatenate([[0.0], np.hypot(*np.diff(self.xy_m, axis=0).T)])
        first = np.zeros(len(line), dtype=np.bool_)
        first[self.offset[:-1][counts > 0]] = True
        step[first] = 0.0
        running = np.cumsum(np.nan_to_num(step))
        start = np.repeat(running[self.offset[:-1][counts > 0]], counts[counts > 0])
        total = np.repeat(running[self.offset[1:][counts > 0] - 1], counts[counts > 0]) - start
        share = np.divide(running - start, total, out=np.zeros(len(line)), where=total > 0)
        share[self.offset[1:][counts > 0] - 1] = 1.0
        return share, line


def axes_of(geometry: npt.NDArray[np.object_], decision: CrsDecision, *, scale: float = 1.0) -> Axes:
    """Every line of every feature as one axis: parts told apart, placed, doubled vertices taken out.

    A feature without a line keeps one row without vertices, and so does a line of no length. ``scale`` turns
    drawing units into the units of the CRS first.
    """
    parts, owner = _single_lines(geometry)
    pieces = np.bincount(owner, minlength=len(geometry))
    feature = np.repeat(np.arange(len(geometry), dtype=np.int64), np.maximum(pieces, 1))
    starts = np.concatenate([[0], np.cumsum(np.maximum(pieces, 1))])[:-1]
    part = np.arange(len(feature), dtype=np.int64) - starts[feature]
    row_of_part = starts[owner] + _counted(owner)
    coordinates, at = shapely.get_coordinates(parts, return_index=True)
    line = row_of_part[at]
    xy_m = placed(decision, coordinates[:, 0] * scale, coordinates[:, 1] * scale)
    keep = _kept(xy_m, line)
    xy_m, line = xy_m[keep], line[keep]
    counts = np.bincount(line, minlength=len(feature))
    too_short = counts < 2
    keep = ~too_short[line]
    counts[too_short] = 0
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    return Axes(feature, part, offset, np.ascontiguousarray(xy_m[keep]))


def _single_lines(geometry: npt.NDArray[np.object_]) -> tuple[npt.NDArray[np.object_], IntArray]:
    types = shapely.get_type_id(geometry)
    if (types == _PLAIN_LINE).all() and not shapely.is_empty(geometry).any():
        # A million plain lines need not be taken apart.
        return geometry, np.arange(len(geometry), dtype=np.int64)
    parts, owner = shapely.get_parts(geometry, return_index=True)
    # A collection may hold multi-lines: take those apart once more.
    inner, of = shapely.get_parts(parts, return_index=True)
    owner = owner[of]
    is_line = np.isin(shapely.get_type_id(inner), (1, 2)) & ~shapely.is_empty(inner)
    return inner[is_line], owner[is_line].astype(np.int64)


def _counted(owner: IntArray) -> IntArray:
    """0, 1, 2 … within each run of equal owners (which come sorted)."""
    if not len(owner):
        return owner
    starts = np.r_[True, owner[1:] != owner[:-1]]
    first = np.maximum.accumulate(np.where(starts, np.arange(len(owner)), 0))
    return np.arange(len(owner), dtype=np.int64) - first


def _kept(xy_m: FloatArray, line: IntArray) -> npt.NDArray[np.bool_]:
    """Vertices that differ from the one before them on the same line; unknown places are all kept."""
    if not len(xy_m):
        return np.empty(0, dtype=np.bool_)
    same = (np.abs(np.diff(xy_m, axis=0)) < _SAME_VERTEX_M).all(axis=1) & (line[1:] == line[:-1])
    return np.concatenate([[True], ~same])


def geometry_findings(
    axes: Axes, lines: pd.DataFrame, delivered: npt.NDArray[np.object_]
) -> list[IntakeFinding]:
    """What was changed or left out on the way to single clean axes; ``lines`` are the delivered features."""
    has = np.diff(axes.offset) > 0
    lost = ~has & ~shapely.is_missing(delivered[axes.feature]) & ~shapely.is_empty(delivered[axes.feature])
    found = _named(
        lines,
        axes.feature[lost],
        "G05",
        "error",
        Words("此线长度为零，不能入库", "a line of no length cannot go in"),
        Words("在来源处改正或删除", "correct or delete it at the source"),
    )
    several = np.unique(axes.feature[axes.part > 0])
    left = int(shapely.get_num_coordinates(delivered[axes.feature[lost]]).sum())
    doubled = int(shapely.get_num_coordinates(delivered).sum()) - len(axes.xy_m) - left
    unused_z = shapely.has_z(delivered) & ~_is_drawn(lines)
    nothing = Words("无需处理", "nothing to do")
    map_z = Words("如 Z 确为管线高程，请在对应关系中指定 @z 列", "map @z if they are levels of the line")
    for is_so, code, zh, en, remedy in (
        (len(several) > 0, "G03", f"{len(several)} 个多部分要素已拆为单线",
         f"{len(several)} features of several parts were split into single lines", nothing),
        (doubled > 0, "G04", f"去除了 {doubled} 个重复顶点", f"{doubled} doubled vertices were taken out", nothing),
        (bool(unused_z.any()), "G07", "几何中的高度（Z）未作为管线高程使用",
         "heights in the geometry (Z) are not taken as levels", map_z),
    ):  # fmt: skip
        if is_so and len(lines):
            first = int(np.argmax(unused_z)) if code == "G07" else 0
            found.append(IntakeFinding(code, "info", Words(zh, en), remedy, **_first_place(lines, first)))
    return found


def _is_drawn(lines: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """``(n,)`` features of which the heights of the geometry fill some field."""
    drawn = np.zeros(len(lines), dtype=np.bool_)
    for name in lines.columns:
        if str(name).endswith("_drawn"):
            drawn |= lines[name].fillna(False).to_numpy(dtype=np.bool_)
    return drawn


def degrees_among_metres(
    lines: pd.DataFrame, delivered: npt.NDArray[np.object_], crs: str | None
) -> list[IntakeFinding]:
    """Lines whose coordinates are degrees although the file declares a system of metres."""
    if crs is None or known_crs(crs).is_geographic or not len(lines):
        return []
    bounds = np.abs(shapely.bounds(delivered))
    small = (bounds[:, [0, 2]] <= _LARGEST_LONGITUDE).all(axis=1) & (
        bounds[:, [1, 3]] <= _LARGEST_LATITUDE
    ).all(axis=1)
    if small.mean() > _SHARE_OF_STRAYS:
        return []  # A drawing of small local figures is no file with strays.
    words = Words(
        "坐标像是经纬度，而文件声明的是平面坐标系", "the coordinates look like degrees in a file of metres"
    )
    return _named(
        lines,
        np.flatnonzero(small),
        "G12",
        "error",
        words,
        Words("在来源处转换为声明的坐标系后重新导出", "convert them to the declared system and export again"),
    )


def _first_place(lines: pd.DataFrame, at: int) -> dict[str, Any]:
    return {"file": lines["file"].iloc[at], "sheet": lines["sheet"].iloc[at]}


def _named(
    lines: pd.DataFrame, rows: IntArray, code: str, level: Level, words: Words, remedy: Words
) -> list[IntakeFinding]:
    # A row can be left out only where its error names it.
    named = len(rows) if level == "error" else _MOST_NAMED
    found = [
        IntakeFinding(
            code, level, words, remedy, row=int(lines["row"].iloc[at]), **_first_place(lines, int(at))
        )
        for at in rows[:named]
    ]
    if len(rows) > named:
        more = len(rows) - named
        found.append(
            IntakeFinding(
                code, level, Words(f"{words.zh}（另有 {more} 条）", f"{words.en} ({more} more)"), remedy
            )
        )
    return found


def groups_of(kinds: npt.NDArray[np.object_], catalogue: Catalogue) -> IntArray:
    """``(n,)`` number of the family of each kind: kinds that share a rule kind (the three sewers) may join."""
    families = {token: kind.rule_kind or token for token, kind in catalogue.kinds.items()}
    number, told = pd.factorize(kinds, use_na_sentinel=False)
    # One step per kind, not per end: there are a dozen kinds and a million ends.
    family, _ = pd.factorize(
        pd.Series([families.get(kind, kind) for kind in told], dtype=object), use_na_sentinel=False
    )
    return family.astype(np.int64)[number]


def joined_ends(
    axes: Axes,
    line_kinds: npt.NDArray[np.object_],
    point_xy_m: FloatArray,
    point_kinds: npt.NDArray[np.object_],
    catalogue: Catalogue,
) -> Joined:
    """Nodes of all line ends (first ends, last ends) and then of all delivered points, in that order."""
    first, last = axes.ends()
    xy_m = np.vstack([first, last, point_xy_m])
    group = groups_of(np.concatenate([line_kinds, line_kinds, point_kinds]), catalogue)
    values = catalogue.limits.values
    return join_ends(
        xy_m,
        group,
        snap_m=values["snap_m"],
        near_m=values["near_end_m"],
    )


def near_findings(joined: Joined, files: Sequence[str]) -> list[IntakeFinding]:
    """Ends that come close to another end of their kind without meeting it."""
    words = Words("线端彼此靠近但未相接", "line ends near each other that do not meet")
    remedy = Words(
        "如应相接，请在来源处捕捉到同一点", "snap them to one point at the source if they should meet"
    )
    file = files[0] if files else None
    found = [
        IntakeFinding(
            "G11",
            "warning",
            words,
            remedy,
            file=file,
            value=f"{apart:.3f} m",
            east_m=float(joined.xy_m[a, 0]),
            north_m=float(joined.xy_m[a, 1]),
        )
        for (a, _), apart in zip(joined.near[:_MOST_NAMED], joined.near_m[:_MOST_NAMED], strict=True)
    ]
    if len(joined.near) > _MOST_NAMED:
        more = len(joined.near) - _MOST_NAMED
        found.append(
            IntakeFinding(
                "G11",
                "warning",
                Words(f"{words.zh}（另有 {more} 处）", f"{words.en} ({more} more)"),
                remedy,
                file=file,
            )
        )
    return found
