"""Checks of depths and levels (S12, S13, S18, S19, S27)."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.checks.depths import ENDS, own_ground_m, unbelievable
from xzgis.networks.rules.checks.places import GRAVITY, line_lengths
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.levels import FROM_ABOVE, FROM_BELOW
from xzgis.networks.terms import Delivery

FloatArray = npt.NDArray[np.float64]


def check_identity(checker: Checker) -> None:
    """S12: ground = depth + level. It holds for either depth reference, so it does not tell which was used.

    Where a head says that the level is of the other side of the line than the depths of its kind, the depth may be to
    either side: it agrees when it reaches one of them.
    """
    for end, name, words in ENDS:
        off = _contradiction_m(checker, end, name)
        for row in checker.rows("lines", np.isfinite(off), "S12"):
            amount = off[row["index"]]
            checker.tell(
                "S12",
                row,
                Words(
                    f"{words.zh}：地面高程 ≠ 埋深 + 管线高程，差 {amount:+.3f} m，该端高程按未知处理",
                    f"At the {words.en} ground differs from depth plus level by {amount:+.3f} m; its level is taken as unknown",
                ),
                Words("核对埋深与高程，二者必有一错", "Compare depth and level; one of them is wrong"),
                field=f"{name}_level_m",
                value=row[f"{name}_level_m"],
            )


def _contradiction_m(checker: Checker, end: str, name: str) -> FloatArray:
    """Ground minus depth minus level at one end of each line, NaN where they agree or one is not told."""
    depth = checker.lines[f"{name}_depth_m"].to_numpy(np.float64)
    level = checker.lines[f"{name}_level_m"].to_numpy(np.float64)
    contradiction = np.full(len(depth), np.nan)
    # The ground that the line tells of itself, and that of its point: the figures have to agree with both.
    for ground_m in (checker.at_end(end, "ground_m"), own_ground_m(checker, end)):
        off = ground_m - depth - level
        agrees = ~np.isfinite(off) | (np.abs(off) <= checker.limit("point_to_level_tolerance_m") + 1e-9)
        agrees |= _reaches_other_side(checker, end, ground_m - depth)
        contradiction = np.where(agrees, contradiction, off)
    return contradiction


def _reaches_other_side(checker: Checker, end: str, reached_m: FloatArray) -> npt.NDArray[np.bool_]:
    """``(n,)`` whether a depth that comes to ``reached_m`` is to the side of the line that its level is not told of.

    Asked of lines whose levels follow a head against the rule of their kind: a water main with its depth to the crown
    and the level of its inner bottom. Wall and bore may be off as far as both sizes are apart.
    """
    lines, vertices = checker.lines, checker.delivery.vertices
    kinds = {token: kind.depth_reference for token, kind in checker.catalogue.kinds.items()}
    rule = lines["kind"].map(kinds)
    to_crown = (rule.isin(FROM_ABOVE) & lines["depth_reference"].isin(FROM_BELOW)).to_numpy(
        np.bool_, copy=True
    )
    to_bottom = (rule.isin(FROM_BELOW) & lines["depth_reference"].isin(FROM_ABOVE)).to_numpy(
        np.bool_, copy=True
    )
    if not (to_crown | to_bottom).any():
        return to_crown
    at = vertices.offset[:-1] if end == "from" else vertices.offset[1:] - 1
    has = vertices.offset[:-1] < vertices.offset[1:]
    crown_m, bottom_m = np.full(len(lines), np.nan), np.full(len(lines), np.nan)
    crown_m[has], bottom_m[has] = vertices.crown_m[at[has]], vertices.bottom_m[at[has]]
    walls_m = (lines["outer_height_mm"] - lines["nominal_height_mm"]).to_numpy(np.float64) / 1000.0
    off_m = checker.limit("point_to_level_tolerance_m") + np.nan_to_num(walls_m) / 2.0
    off_m += np.nan_to_num(lines["outer_spread_mm"].to_numpy(np.float64)) / 1000.0
    inside_m = bottom_m + np.nan_to_num(walls_m) / 2.0
    to_crown &= np.abs(reached_m - crown_m) <= off_m
    to_bottom &= np.abs(reached_m - inside_m) <= off_m
    reaches: npt.NDArray[np.bool_] = to_crown | to_bottom
    return reaches


def without_contradicted_levels(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """The delivery with the levels unknown at every line end where depth and level contradict each other.

    One of the two is wrong and nothing tells which: neither may decide that a crossing is clear. The same for a
    depth that cannot be (120, meant as centimetres; -1.2 of a buried line) and that no recorded level confirms,
    and for a level told alone that lies where no such line can.
    """
    checker = Checker(delivery, catalogue, strict=False)
    vertices = delivery.vertices
    crown, bottom = vertices.crown_m.copy(), vertices.bottom_m.copy()
    for end, name, _words in ENDS:
        unsure = np.isfinite(_contradiction_m(checker, end, name)) | unbelievable(checker, end, name)
        lines = np.flatnonzero(unsure)
        at = vertices.offset[lines] if end == "from" else vertices.offset[lines + 1] - 1
        has = vertices.offset[lines] < vertices.offset[lines + 1]
        crown[at[has]] = np.nan
        bottom[at[has]] = np.nan
        # Between the ends levels are drawn straight from one to the other: what hangs on an unknown end is unknown.
        count = np.diff(vertices.offset)
        inner = np.repeat(unsure & (count > 2), count)
        inner[vertices.offset[:-1][count > 0]] = False
        inner[vertices.offset[1:][count > 0] - 1] = False
        crown[inner] = np.nan
        bottom[inner] = np.nan
    return replace(delivery, vertices=replace(vertices, crown_m=crown, bottom_m=bottom))


def check_agreement(checker: Checker) -> None:
    """S13: lines of one kind meet at a point at the same level, drop manholes and tees in chambers aside."""
    ends = _levels_at_points(checker)
    if ends.empty:
        return
    spread = ends.groupby("point")["level"].agg(["min", "max", "count"])
    wide = spread[
        (spread["count"] > 1) & (spread["max"] - spread["min"] > checker.limit("meeting_level_tolerance_m"))
    ]
    in_chamber = checker.points["appurtenance"].notna().to_numpy(np.bool_)
    for point, low, high in zip(wide.index, wide["min"], wide["max"], strict=True):
        if in_chamber[int(point)]:
            continue
        row = checker.row("points", int(point))
        checker.tell(
            "S13",
            row,
            Words(
                f"交于此点的管段高程相差 {high - low:.2f} m",
                f"Lines meet here at levels {high - low:.2f} m apart",
            ),
            Words("核对各管段在此点的埋深", "Compare the depths of the lines at this point"),
            field="point_no",
            value=row["point_no"],
        )


def _levels_at_points(checker: Checker) -> pd.DataFrame:
    vertices = checker.delivery.vertices
    gravity = checker.lines["kind"].isin(GRAVITY).to_numpy(np.bool_)
    parts = []
    for end, _name, _words in ENDS:
        crown, bottom = checker.at_vertex(end, vertices.crown_m), checker.at_vertex(end, vertices.bottom_m)
        parts.append(pd.DataFrame({"point": checker.ends(end), "level": np.where(gravity, bottom, crown)}))
    ends = pd.concat(parts)
    return pd.DataFrame(ends[(ends["point"] >= 0) & np.isfinite(ends["level"])])


def check_fall(checker: Checker) -> None:
    """S18: a gravity line falls in its flow direction."""
    lines = checker.lines
    vertices = checker.delivery.vertices
    fall = checker.at_vertex("from", vertices.bottom_m) - checker.at_vertex("to", vertices.bottom_m)
    flow = lines["flow"].to_numpy(np.int64)
    gravity = lines["kind"].isin(GRAVITY).to_numpy(np.bool_) & lines["pressure_class"].isna().to_numpy(
        np.bool_
    )
    rising = gravity & (flow != 0) & np.isfinite(fall) & (fall * flow < -checker.limit("uphill_tolerance_m"))
    for row in checker.rows("lines", rising, "S18"):
        amount = abs(fall[row["index"]])
        checker.tell(
            "S18",
            row,
            Words(
                f"重力管沿流向升高 {amount:.2f} m", f"A gravity line rises by {amount:.2f} m along its flow"
            ),
            Words("核对流向或两端高程", "Compare the flow direction or the levels"),
            field="flow",
            value=row["flow"],
        )
    _check_steps(checker, gravity)


def _check_steps(checker: Checker, gravity: npt.NDArray[np.bool_]) -> None:
    ends = _levels_at_points(checker)
    ends = ends[
        ends["point"].isin(np.concatenate([checker.ends("from")[gravity], checker.ends("to")[gravity]]))
    ]
    if ends.empty:
        return
    spread = ends.groupby("point")["level"].agg(["min", "max", "count"])
    step = spread[(spread["count"] > 1) & (spread["max"] - spread["min"] > checker.limit("chamber_step_m"))]
    drop = checker.points["appurtenance"].eq("drop_manhole").to_numpy(np.bool_)
    for point, low, high in zip(step.index, step["min"], step["max"], strict=True):
        row = checker.row("points", int(point))
        if drop[int(point)] or row["appurtenance"] is None:
            continue
        checker.tell(
            "S18",
            row,
            Words(
                f"井内各管底相差 {high - low:.2f} m，未注明跌水井",
                f"Inverts in this chamber are {high - low:.2f} m apart, and it is no drop manhole",
            ),
            Words("核对管底，或注明跌水井", "Compare the inverts, or mark a drop manhole"),
            field="appurtenance",
            value=row["appurtenance"],
            level="warning",
        )


def check_downstream_size(checker: Checker) -> None:
    """S19: the largest line that leaves a point is smaller than the largest that comes in."""
    lines = checker.lines
    gravity = lines["kind"].isin(GRAVITY).to_numpy(np.bool_)
    vertices = checker.delivery.vertices
    fall = checker.at_vertex("from", vertices.bottom_m) - checker.at_vertex("to", vertices.bottom_m)
    flow = lines["flow"].to_numpy(np.int64)
    sense = np.where(flow != 0, flow, np.where(np.isfinite(fall), np.sign(fall), 0)).astype(np.int64)
    use = gravity & (sense != 0) & lines["nominal_width_mm"].notna().to_numpy(np.bool_)
    upper = np.where(sense > 0, checker.ends("from"), checker.ends("to"))[use]
    lower = np.where(sense > 0, checker.ends("to"), checker.ends("from"))[use]
    size = lines["nominal_width_mm"].to_numpy(np.float64)[use]
    coming = np.full(len(checker.points), -np.inf)
    leaving = np.full(len(checker.points), -np.inf)
    np.maximum.at(coming, lower[lower >= 0], size[lower >= 0])
    np.maximum.at(leaving, upper[upper >= 0], size[upper >= 0])
    smaller = np.isfinite(coming) & np.isfinite(leaving) & (leaving < coming)
    for row in checker.rows("points", smaller, "S19"):
        index = row["index"]
        checker.tell(
            "S19",
            row,
            Words(
                f"下游管径 {leaving[index]:g} mm 小于上游 {coming[index]:g} mm",
                f"Downstream {leaving[index]:g} mm after upstream {coming[index]:g} mm",
            ),
            Words("核对管径与流向", "Compare sizes and flow direction"),
            field="point_no",
            value=row["point_no"],
        )


def check_chamber_bottom(checker: Checker) -> None:
    """S27: a line's outer bottom lies below the bottom of its chamber."""
    vertices = checker.delivery.vertices
    tolerance = checker.limit("below_chamber_tolerance_m")
    for end, _name, words in ENDS:
        floor = checker.at_end(end, "ground_m") - checker.at_end(end, "chamber_depth_m")
        bottom = checker.at_vertex(end, vertices.bottom_m)
        wall = _wall_below_m(checker)
        below = np.isfinite(floor) & np.isfinite(bottom) & (bottom + wall < floor - tolerance)
        for row in checker.rows("lines", below & (line_lengths(checker) > 0), "S27"):
            checker.tell(
                "S27",
                row,
                Words(
                    f"{words.zh}管底低于井底",
                    f"At the {words.en} the line lies below the bottom of its chamber",
                ),
                Words("核对井底深与埋深", "Compare the chamber's depth with the line's"),
                field=f"{end}_no",
                value=row[f"{end}_no"],
            )


def _wall_below_m(checker: Checker) -> FloatArray:
    lines = checker.lines
    wall = (lines["outer_height_mm"] - lines["nominal_height_mm"].fillna(lines["nominal_width_mm"])) / 2000
    half: FloatArray = np.nan_to_num(wall.to_numpy(np.float64), nan=0.0)
    return half
