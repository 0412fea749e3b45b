"""A delivery as rows of the register: what goes in, and what is left out because of an error."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.copying import ragged
from xzgis.networks.rules.asked_codes import of_asked_kind
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.terms import ASIDE, Delivery, IntakeFinding, LifeState

Mask = npt.NDArray[np.bool_]

RUN_COLUMNS = (
    "kind", "label", "code", "owner", "life_state", "shape", "nominal_width_mm", "nominal_height_mm", "outer_width_mm",
    "outer_height_mm", "outer_spread_mm", "outer_is_assumed", "pressure_class", "voltage_kv", "burial", "material",
    "start_depth_m", "end_depth_m", "start_level_m", "end_level_m", "depth_reference", "accuracy_class", "sigma_plan_m",
    "sigma_level_m", "built_on", "surveyed_on", "road", "attributes",
)  # fmt: skip
NODE_COLUMNS = (
    "kind", "point_no", "code", "owner", "life_state", "ground_m", "feature", "appurtenance", "chamber_depth_m",
    "is_visible", "accuracy_class", "sigma_plan_m", "sigma_level_m", "road", "attributes",
)  # fmt: skip


def placeless(delivery: Delivery) -> tuple[Mask, Mask]:
    """Points and lines that no register of places can hold, whatever the checks say of them."""
    places = delivery.points[["east_m", "north_m"]].to_numpy(np.float64)
    return ~np.isfinite(places).all(axis=1), without_place(delivery)


def refused_rows(delivery: Delivery, findings: tuple[IntakeFinding, ...]) -> tuple[Mask, Mask]:
    """Which points and which lines an error names or whose kind is asked about, and the lines that hang on a refused point."""
    errors = [one for one in findings if one.level == "error" and one.row is not None]
    points = _named(delivery.points, errors, "points") | of_asked_kind(delivery.points, findings)
    lines = _named(delivery.lines, errors, "lines") | of_asked_kind(delivery.lines, findings)
    for end in ("from_point", "to_point"):
        index = delivery.lines[end].to_numpy(np.int64)
        if len(points):
            lines |= (index >= 0) & points[np.maximum(index, 0)]
    return points, lines


@dataclass(frozen=True)
class Rows:
    """What of a delivery goes into the register, and which of its points and lines stay out.

    ``point_days``: the day of survey of each of ``nodes``, which the register does not keep. ``out`` (``kind``,
    ``place``): where what stays out lies, as far as anybody can say; not what lies on the very course of a row that goes in.
    """

    nodes: pd.DataFrame
    runs: pd.DataFrame
    points_out: Mask
    lines_out: Mask
    point_days: npt.NDArray[np.object_]
    out: pd.DataFrame


def rows_to_write(delivery: Delivery, findings: tuple[IntakeFinding, ...]) -> Rows:
    """The rows of a delivery, but for those that an error names or that have no place."""
    refused, nowhere = refused_rows(delivery, findings), placeless(delivery)
    out = refused[0] | nowhere[0], refused[1] | nowhere[1]
    days = delivery.points["surveyed_on"].to_numpy(object)[~out[0]]
    nodes, runs = register_frames(delivery, without=out)
    return Rows(nodes, runs, *out, days, _staying_out(delivery, out, nodes, runs))


def _staying_out(
    delivery: Delivery, out: tuple[Mask, Mask], nodes: pd.DataFrame, runs: pd.DataFrame
) -> pd.DataFrame:
    """``Rows.out``: points and lines with a place, the known ends of lines without one, and what is neither."""
    points, lines = out
    aside = delivery.facts.get(ASIDE, ())
    if not (points.any() or lines.any() or aside):
        return pd.DataFrame({"kind": [], "place": []}, dtype=object)
    nowhere = without_place(delivery)
    there = delivery.points[["east_m", "north_m"]].to_numpy(np.float64)
    point_kind, line_kind = (frame["kind"].to_numpy(object) for frame in (delivery.points, delivery.lines))
    parts = [
        _but_those(point_kind[points], _points(there[points]), nodes["kind"], nodes["place"]),
        _but_those(
            line_kind[lines & ~nowhere], _axes(delivery, lines & ~nowhere), runs["kind"], runs["axis"]
        ),
    ]
    for end in ("from_point", "to_point"):
        at = delivery.lines[end].to_numpy(np.int64)
        known = lines & nowhere & (at >= 0)
        # Of the line, not the point itself: that goes in perhaps, and the line is no better known for it.
        ends = shapely.multipoints(_points(there[at[known]])[:, None]) if known.any() else _points(there[:0])
        parts.append((line_kind[known], np.asarray(ends, dtype=object)))
    shapes = shapely.from_wkb([bytes.fromhex(one["place"]) for one in aside])
    parts.append((np.array([one["kind"] for one in aside], dtype=object), np.asarray(shapes, dtype=object)))
    kinds, places = (np.concatenate(each) for each in zip(*parts, strict=True))
    told = np.isfinite(shapely.bounds(places)).all(axis=1)
    return pd.DataFrame({"kind": kinds[told], "place": places[told]}, dtype=object)


def _but_those(
    kinds: npt.NDArray[np.object_], places: npt.NDArray[np.object_], in_kinds: pd.Series, in_places: pd.Series
) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
    """Kinds and places without those that go in all the same, as a line that was delivered twice."""
    known = set(zip(in_kinds, shapely.to_wkb(in_places.to_numpy(object)), strict=True))
    mine = zip(kinds, shapely.to_wkb(places), strict=True)
    new = np.fromiter((one not in known for one in mine), np.bool_, len(places))
    return kinds[new], places[new]


def left_out(delivery: Delivery, findings: tuple[IntakeFinding, ...]) -> dict[str, int]:
    """How many points and lines of a delivery would not go in with it."""
    refused, nowhere = refused_rows(delivery, findings), placeless(delivery)
    return {"points": int((refused[0] | nowhere[0]).sum()), "lines": int((refused[1] | nowhere[1]).sum())}


def _named(frame: pd.DataFrame, errors: list[IntakeFinding], table: str) -> Mask:
    places = {(one.file, one.sheet, one.row) for one in errors if one.table in (None, table)}
    if not places or frame.empty:
        return np.zeros(len(frame), np.bool_)
    rows = zip(frame["file"], frame["sheet"], frame["row"], strict=True)
    return np.fromiter((place in places for place in rows), np.bool_, len(frame))


def register_frames(delivery: Delivery, *, without: tuple[Mask, Mask]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Nodes and runs of a delivery for :func:`xzgis.networks.actions.register.write_records`.

    ``without`` masks the points and the lines that are left out. A line without a place cannot be written and
    must be masked.
    """
    keep_points, keep_lines = ~without[0], ~without[1]
    runs = _runs(delivery, keep_points, keep_lines)
    days = delivery.facts.get("true_days", {}).get("lines")
    return node_frame(delivery, without=without[0]), _dated(runs, days, keep_lines)


def node_frame(delivery: Delivery, *, without: Mask) -> pd.DataFrame:
    """The nodes of a delivery, but for the points in ``without``."""
    kept = ~without
    nodes = delivery.points.loc[kept, list(NODE_COLUMNS)].reset_index(drop=True)
    nodes["source_row"] = delivery.points.loc[kept, "row"].to_numpy()
    nodes["life_state"] = nodes["life_state"].where(nodes["life_state"].notna(), LifeState.BUILT.value)
    nodes["place"] = _column(
        shapely.points(
            delivery.points.loc[kept, "east_m"].to_numpy(np.float64),
            delivery.points.loc[kept, "north_m"].to_numpy(np.float64),
        )
    )
    return _dated(nodes, delivery.facts.get("true_days", {}).get("points"), kept)


def _dated(frame: pd.DataFrame, true_days: list[list[Any]] | None, kept: Mask) -> pd.DataFrame:
    """The frame with the days of truth of the few rows (``[row of the delivery, from, to]``) that have them."""
    if not true_days:
        return frame
    position = np.cumsum(kept) - 1
    days = {name: np.full(len(frame), None, dtype=object) for name in ("true_from", "true_to")}
    for row, *told in true_days:
        for name, day in zip(days, told, strict=True):
            if kept[row] and day is not None:
                days[name][position[row]] = date.fromisoformat(day)
    return frame.assign(**days)


def _runs(delivery: Delivery, keep_points: Mask, keep_lines: Mask) -> pd.DataFrame:
    lines, vertices = delivery.lines, delivery.vertices
    runs = lines.loc[keep_lines, list(RUN_COLUMNS)].reset_index(drop=True)
    runs["life_state"] = runs["life_state"].where(runs["life_state"].notna(), LifeState.BUILT.value)
    runs["assumptions"] = _tokens(
        lines.loc[keep_lines, "assumptions"], was_kept=delivery.intake != OWN_EXPORT
    )
    runs["source_row"] = lines.loc[keep_lines, "row"].to_numpy()
    flow = lines.loc[keep_lines, "flow"].to_numpy(np.int64)
    runs["flow"] = pd.array(flow, dtype="Int64")
    runs.loc[flow == 0, "flow"] = pd.NA
    numbers = lines.loc[keep_lines, "bank"].to_numpy(np.int64)
    bank = pd.array(numbers, dtype="Int64")
    bank[numbers == 0] = pd.NA
    runs["bank"] = bank
    position = np.cumsum(keep_points) - 1
    for end in ("from", "to"):
        index = lines.loc[keep_lines, f"{end}_point"].to_numpy(np.int64)
        known = (index >= 0) & (keep_points[np.maximum(index, 0)] if len(keep_points) else False)
        runs[f"{end}_node"] = pd.array(
            np.where(known, position[np.maximum(index, 0)] if len(position) else -1, -1), dtype="Int64"
        )
    counts = np.diff(vertices.offset)
    used = np.repeat(keep_lines, counts)
    offset = np.concatenate([[0], np.cumsum(counts[keep_lines])]).astype(np.int64)
    runs["axis"] = _column(_axes(delivery, keep_lines))
    for name in ("crown_m", "bottom_m", "ground_m"):
        runs[name] = ragged(getattr(vertices, name)[used], offset)
    return runs


def _axes(delivery: Delivery, keep: Mask) -> npt.NDArray[np.object_]:
    """The axes of the lines ``keep``, storage CRS; each has a place."""
    counts = np.diff(delivery.vertices.offset)
    line_of = np.repeat(np.arange(int(keep.sum())), counts[keep])
    xy_m = delivery.vertices.xy_m[np.repeat(keep, counts)]
    return np.asarray(shapely.linestrings(xy_m, indices=line_of) if len(line_of) else [], dtype=object)


def _points(xy_m: npt.NDArray[np.float64]) -> npt.NDArray[np.object_]:
    return np.asarray(shapely.points(xy_m), dtype=object)


def _tokens(joined: pd.Series, *, was_kept: bool) -> pd.Series:
    """Tokens joined by semicolons as lists; few combinations, so each is one list.

    ``was_kept``: a missing text means that nothing was assumed, else that nobody kept what was.
    """
    number, texts = pd.factorize(joined)
    told = [*(str(text).split(";") if text else [] for text in texts), [] if was_kept else None]
    return _column(np.fromiter(told, object, len(told))[number])


def _column(geometries: object) -> pd.Series:
    return pd.Series(np.asarray(geometries, dtype=object), dtype=object)


def without_place(delivery: Delivery) -> Mask:
    """Lines without at least two different vertices: they cannot be in a register of places."""
    vertices = delivery.vertices
    step = np.zeros(len(vertices.xy_m))
    if len(step) > 1:
        step[1:] = np.hypot(*np.diff(vertices.xy_m, axis=0).T)
        starts = vertices.offset[:-1]
        step[starts[starts < len(step)]] = 0.0
    total = np.concatenate([[0.0], np.cumsum(step)])
    nowhere: Mask = ~((total[vertices.offset[1:]] - total[vertices.offset[:-1]]) > 0)
    return nowhere
