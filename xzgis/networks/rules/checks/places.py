"""Checks of position: coincident points, the city's extent, length and slope, illicit connections (S05, S17, S20, S26)."""

import numpy as np
import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.networks.rules.checks.report import Checker
from xzgis.spatial.placing import told_figure


def check_same_place(checker: Checker) -> None:
    """S05: two points of one kind on the same place and level."""
    if not checker.is_survey:
        return
    points = checker.points
    place = points[["kind", "x_raw", "y_raw", "ground_m"]]
    twice = place.duplicated(keep="first").to_numpy(np.bool_) & points["x_raw"].notna().to_numpy(np.bool_)
    for row in checker.rows("points", twice, "S05"):
        checker.tell(
            "S05",
            row,
            Words(
                f"点“{row['point_no']}”与另一点平面位置和高程完全相同",
                f"Point {row['point_no']} lies exactly on another one",
            ),
            Words("核对是否为同一点的两个点号", "See whether one point has two numbers"),
            field="point_no",
            value=row["point_no"],
        )


def check_inside_city(checker: Checker) -> None:
    """S20: a point outside the city's extent (for displaced foreign data the extent says nothing)."""
    if checker.delivery.crs.displaced:
        return
    city = checker.catalogue.city
    points = checker.points
    east, north = points["east_m"].to_numpy(np.float64), points["north_m"].to_numpy(np.float64)
    inside = (
        (east >= city.east_min_m)
        & (east <= city.east_max_m)
        & (north >= city.north_min_m)
        & (north <= city.north_max_m)
    )
    for row in checker.rows("points", np.isfinite(east) & np.isfinite(north) & ~inside, "S20"):
        first, second = (told_figure(row[name], 3) for name in ("x_raw", "y_raw"))
        checker.tell(
            "S20",
            row,
            Words(
                f"坐标 X={first} Y={second} 不在{city.zh}范围内", f"X={first} Y={second} is outside {city.en}"
            ),
            Words(
                "核对 X（北）与 Y（东）是否颠倒、带号和中央子午线",
                "See whether X (north) and Y (east) are swapped, the zone and the central meridian",
            ),
            field="x_raw",
            value=row["x_raw"],
        )


def check_length_and_slope(checker: Checker) -> None:
    """S17: segments too long, too short, or too steep."""
    length = line_lengths(checker)
    longest, shortest = checker.limit("longest_segment_m"), checker.limit("shortest_segment_m")
    rows = checker.lines
    odd = np.isfinite(length) & ((length < shortest) | (checker.is_survey & (length > longest)))
    for row in checker.rows("lines", odd, "S17"):
        metres = length[row["index"]]
        checker.tell(
            "S17",
            row,
            Words(
                "管段两端同位，没有平面长度，不入库",
                "Both ends lie in one place: the line has no length and stays out",
            )
            if metres <= 0
            else Words(
                f"管段长 {metres:.2f} m，超出 {shortest:g}–{longest:g} m",
                f"The line is {metres:.2f} m long, not {shortest:g} to {longest:g} m",
            ),
            Words("核对两端坐标", "Compare the coordinates of both ends"),
            field="length_m",
            value=f"{metres:.2f}",
            # What stays out stays out by somebody's decision.
            level="error" if metres <= 0 else None,
        )
    if not checker.is_survey:
        _tell_long_segments(checker, longest)
    fall = checker.at_vertex("from", checker.delivery.vertices.crown_m) - checker.at_vertex(
        "to", checker.delivery.vertices.crown_m
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        slope_deg = np.degrees(np.arctan2(np.abs(fall), length))
    steep = np.where(
        rows["kind"].isin(GRAVITY).to_numpy(np.bool_),
        checker.limit("steep_slope_deg"),
        checker.limit("too_steep_slope_deg"),
    )
    for row in checker.rows("lines", np.isfinite(slope_deg) & (slope_deg > steep) & (length >= 1.0), "S17"):
        degree = slope_deg[row["index"]]
        checker.tell(
            "S17",
            row,
            Words(f"管段坡度 {degree:.0f}°", f"The line slopes by {degree:.0f}°"),
            Words("核对两端埋深", "Compare the depths of both ends"),
            field="end_depth_m",
            value=row["end_depth_m"],
        )


def _tell_long_segments(checker: Checker, longest_m: float) -> None:
    """S17 of drawn lines: straight pieces longer than a survey's points may lie apart.

    Drawings have many that are meant: of each layer the longest are named, the rest counted.
    """
    length = longest_pieces(checker)
    odd = np.flatnonzero(length > longest_m)
    if not len(odd):
        return
    layer = pd.factorize(checker.lines["file"].astype(str) + "\x00" + checker.lines["sheet"].astype(str))[0]
    for number in np.unique(layer[odd]):
        mine = odd[layer[odd] == number]
        mine = mine[np.argsort(-length[mine], kind="stable")]
        rest = len(mine) - MOST_LONG_NAMED
        for index in mine[:MOST_LONG_NAMED].tolist():
            more = rest > 0 and index == mine[0]
            checker.tell(
                "S17",
                checker.row("lines", index),
                Words(
                    f"单段直线长 {length[index]:.2f} m，超过 {longest_m:g} m"
                    + (f"（此图层共 {len(mine)} 条，此为最长）" if more else ""),
                    f"A straight piece is {length[index]:.2f} m long, more than {longest_m:g} m"
                    + (f" ({len(mine)} lines of this layer; this is the longest)" if more else ""),
                ),
                Words(
                    "核对是否漏点、跳点或折点坐标有误",
                    "See whether vertices are missing, or one of them lies elsewhere",
                ),
                field="length_m",
                value=f"{length[index]:.2f}",
            )


def longest_pieces(checker: Checker) -> np.ndarray:
    """The longest straight piece of each line in metres, 0 where it has no place."""
    vertices = checker.delivery.vertices
    step = np.zeros(len(vertices.xy_m))
    if len(step) > 1:
        step[1:] = np.hypot(*np.diff(vertices.xy_m, axis=0).T)
    starts, has = vertices.offset[:-1], np.diff(vertices.offset) > 0
    step[starts[has]] = 0.0
    longest = np.zeros(len(starts))
    if has.any():
        longest[has] = np.maximum.reduceat(np.nan_to_num(step), starts[has])
    return longest


MOST_LONG_NAMED = 20
GRAVITY = frozenset({"drainage_storm", "drainage_foul", "drainage_combined"})


def line_lengths(checker: Checker) -> np.ndarray:
    """Plan length of each line in metres, NaN where it has no place."""
    vertices = checker.delivery.vertices
    step = np.zeros(len(vertices.xy_m))
    if len(step) > 1:
        step[1:] = np.hypot(*np.diff(vertices.xy_m, axis=0).T)
    starts = vertices.offset[:-1]
    has = vertices.offset[1:] > starts
    step[starts[has]] = 0.0
    total = np.concatenate([[0.0], np.cumsum(step)])
    return np.where(has, total[vertices.offset[1:]] - total[starts], np.nan)


def check_illicit_connections(checker: Checker) -> None:
    """S26: the end of a storm line in a foul manhole."""
    points = checker.points
    placed = points["east_m"].notna() & points["north_m"].notna()
    foul = points[(points["kind"] == "drainage_foul") & points["appurtenance"].notna() & placed]
    storm = checker.lines["kind"] == "drainage_storm"
    if foul.empty or not storm.any():
        return
    tree = shapely.STRtree(
        np.array(shapely.points(foul[["east_m", "north_m"]].to_numpy(np.float64)), dtype=object, ndmin=1)
    )
    for end in ("from", "to"):
        east, north = checker.at_end(end, "east_m"), checker.at_end(end, "north_m")
        index = np.flatnonzero(storm.to_numpy(np.bool_) & np.isfinite(east) & np.isfinite(north))
        hits = tree.query(
            shapely.points(east[index], north[index]),
            predicate="dwithin",
            distance=checker.limit("edge_match_m"),
        )
        for line, manhole in zip(index[hits[0]], hits[1], strict=True):
            row = checker.row("lines", int(line))
            number = foul["point_no"].iloc[manhole]
            checker.tell(
                "S26",
                row,
                Words(
                    f"雨水管段 {row['label']} 的端点在污水井 {number} 内：疑似混接",
                    f"Storm line {row['label']} ends in foul manhole {number}: an illicit connection?",
                ),
                Words("现场核实", "Look on site"),
                field=f"{end}_no",
                value=row[f"{end}_no"],
            )


def dangling_ends(checker: Checker) -> pd.DataFrame:
    """Free line ends near the edge of the delivery: ``kind, row, east_m, north_m`` (for edge matching, S25)."""
    count = np.zeros(len(checker.points), np.int64)
    for end in ("from", "to"):
        index = checker.ends(end)
        np.add.at(count, index[index >= 0], 1)
    points = checker.points[count == 1]
    return pd.DataFrame(points[["kind", "row", "file", "sheet", "point_no", "east_m", "north_m"]])
