"""The register's own export, understood again without loss: levels per vertex, nodes, coverage, roads, marks.

Pure: takes what the readers gave and gives a :class:`Delivery`. Layers are known by their columns, as a file of
GeoJSON has no layer's name; identities and batches of the other register are not taken over.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.doubts import Doubts, Where
from xzgis.networks.rules.feature_delivery import Placing
from xzgis.networks.rules.invented import INVENTED, is_told
from xzgis.networks.rules.own_values import (
    EDITED,
    assumptions_of,
    check_coverage,
    displacement_of,
    identities,
    tell_foreign,
    tell_unreadable,
    tell_unsound,
    whole_numbers,
)
from xzgis.networks.rules.survey import city_extent, tell_place
from xzgis.networks.terms import (
    HIGHEST_LEVEL_M,
    LINE_COLUMNS,
    LOWEST_LEVEL_M,
    POINT_COLUMNS,
    DeliveredFile,
    Delivery,
    FloatArray,
    IntArray,
    Vertices,
    conformed,
    empty_lines,
    empty_points,
)
from xzgis.spatial.crs import CrsDecision
from xzgis.spatial.placing import PlaceQuestion, place, placed

INTAKE = "xzgis_register"
DISPLACED = "displaced"
LEVELS = ("crown_m", "bottom_m", "ground_m")
# What tells a layer of ours from any other: columns no other program writes together.
SIGNS: Mapping[str, frozenset[str]] = {
    "runs": frozenset({"object_id", "known_from", "from_node_id", "to_node_id", "outer_is_assumed", *LEVELS}),
    "nodes": frozenset({"object_id", "known_from", "point_no", "chamber_depth_m", "is_visible", "sigma_plan_m"}),
    "coverage": frozenset({"object_id", "known_from", "surveyed_by", "method", "quality"}),
    "roads": frozenset({"road_id", "part", "name", "batch_id"}),
}  # fmt: skip
COVERAGE_FACTS = ("kind", "surveyed_on", "surveyed_by", "method", "quality", "note")
Mask = npt.NDArray[np.bool_]


def is_own_export(files: Sequence[FeatureFile]) -> bool:
    """Whether every layer with features is one that ``xzgis export`` writes, and one holds lines or points."""
    roles = [_role(layer) for file in files for layer in file.layers if len(layer.row)]
    return all(role is not None for role in roles) and bool({"runs", "nodes"} & set(roles))


def _role(layer: Layer) -> str | None:
    columns = set(layer.frame.columns)
    return next((role for role, signs in SIGNS.items() if signs <= columns), None)


def deliver_own_export(files: Sequence[FeatureFile], placing: Placing, catalogue: Catalogue) -> Delivery:
    """The delivery that an export of the register makes up: every value as it was, nothing derived anew.

    Raises
    ------
    Invalid
        The files are not an export of a register.
    """
    if not is_own_export(files):
        raise Invalid(
            Words(
                "文件不是本系统导出的登记库（xzgis export）。请改选其他导入格式。",
                "The files are no export of a register (xzgis export). Choose another intake.",
            )
        )
    doubts = Doubts()
    parts = {role: _layers(files, role) for role in SIGNS}
    node_rows, node_shapes = _rows(parts["nodes"])
    run_rows, run_shapes = _rows(parts["runs"])
    decision = _decided(parts, placing, catalogue)
    tell_place(decision, doubts, where=Where(files[0].file))
    points = _points(node_rows, node_shapes, decision, doubts)
    lines, vertices = _lines(run_rows, run_shapes, decision, catalogue, doubts)
    _link(lines, run_rows, points, node_rows, doubts)
    for frame in (points, lines):
        tell_unsound(frame, catalogue, doubts)
    return Delivery(
        intake=INTAKE,
        files=_counted(files),
        crs=_as_marked(decision, parts),
        points=conformed(points, POINT_COLUMNS),
        lines=conformed(lines, LINE_COLUMNS),
        vertices=vertices,
        findings=tuple(doubts.found),
        facts=_facts(parts, node_rows, run_rows, decision, catalogue),
    )


Parts = Mapping[str, Sequence[tuple[FeatureFile, Layer]]]


def _layers(files: Sequence[FeatureFile], role: str) -> list[tuple[FeatureFile, Layer]]:
    return [(file, layer) for file in files for layer in file.layers if _role(layer) == role]


def _rows(layers: Sequence[tuple[FeatureFile, Layer]]) -> tuple[pd.DataFrame, npt.NDArray[np.object_]]:
    """The rows of several layers with file, layer and row number, and their shapes."""
    if not layers:
        blank = pd.DataFrame({name: [] for name in ("file", "sheet", "row", *LEVELS)})
        return blank, np.empty(0, dtype=object)
    frames = [one.frame.assign(file=file.file, sheet=one.name, row=one.row) for file, one in layers]
    shapes = np.concatenate([one.geometry for _, one in layers])
    return pd.concat(frames, ignore_index=True), shapely.force_2d(shapes)


def _decided(parts: Parts, placing: Placing, catalogue: Catalogue) -> CrsDecision:
    layers = [layer for role in ("runs", "nodes") for _, layer in parts[role] if len(layer.row)]
    # Of coverage and roads too: moved like the lines, in another system they would lie elsewhere.
    told = {layer.crs for role in SIGNS for _, layer in parts[role] if len(layer.row)}
    if len(told) > 1:
        raise Invalid(
            Words("各图层的坐标系不一致，请分开导入。", "The layers differ in CRS; import them apart.")
        )
    xy = shapely.get_coordinates(np.concatenate([layer.geometry for layer in layers]))
    question = PlaceQuestion(
        first=xy[:, 0],
        second=xy[:, 1],
        declared=placing.crs,
        attached=told.pop(),
        displace=placing.displace,
        axes_known=True,
    )
    return place(question, city_extent(catalogue))


def _as_marked(decision: CrsDecision, parts: Parts) -> CrsDecision:
    """The decision with the mark of displaced test data, when a record came from such a batch."""
    for role in SIGNS:
        for _, layer in parts[role]:
            told = layer.frame[DISPLACED].dropna() if DISPLACED in layer.frame else pd.Series(dtype=object)
            if len(told) and decision.displaced is None:
                marked = displacement_of(told.iloc[0])
                # Already in the storage CRS: the mark is told, the shift is not made once more.
                return CrsDecision(
                    decision.decided,
                    decision.how,
                    decision.evidence,
                    decision.swapped_axes,
                    decision.warnings,
                    displaced=marked,
                )
    return decision


def _points(
    rows: pd.DataFrame, shapes: npt.NDArray[np.object_], decision: CrsDecision, doubts: Doubts
) -> pd.DataFrame:
    points = _typed(empty_points(len(rows)), rows, POINT_COLUMNS, doubts)
    xy = np.column_stack([shapely.get_x(shapes), shapely.get_y(shapes)]).astype(np.float64)
    points["x_raw"], points["y_raw"] = xy[:, 0], xy[:, 1]
    points[["east_m", "north_m"]] = placed(decision, xy[:, 0], xy[:, 1])
    return points


def _lines(
    rows: pd.DataFrame,
    shapes: npt.NDArray[np.object_],
    decision: CrsDecision,
    catalogue: Catalogue,
    doubts: Doubts,
) -> tuple[pd.DataFrame, Vertices]:
    lines = _typed(empty_lines(len(rows)), rows, LINE_COLUMNS, doubts)
    lines["bank"] = whole_numbers(rows, "bank_id", doubts)
    lines["flow"] = whole_numbers(rows, "flow", doubts)
    lines["assumptions"] = assumptions_of(rows, catalogue, doubts)
    # Another program may have made every line a collection of one.
    one = np.asarray(
        [
            shapely.get_geometry(shape, 0) if shapely.get_num_geometries(shape) == 1 else None
            for shape in shapes
        ],
        dtype=object,
    )
    broken = ~np.isin(shapely.get_type_id(one), [1])
    doubts.rows(
        lines, broken, "label", code="G01", level="error",
        told=(lambda value: Words(f"管段 {value} 没有线", f"Line {value} has no course"), EDITED),
    )  # fmt: skip
    one[broken] = None
    counts = shapely.get_num_points(one).astype(np.int64)
    offset = np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)
    xy = shapely.get_coordinates(one)
    levels = {name: _levels(rows, name, offset, lines, doubts) for name in LEVELS}
    return lines, Vertices(offset=offset, xy_m=placed(decision, xy[:, 0], xy[:, 1]), **levels)


def _levels(
    rows: pd.DataFrame, name: str, offset: IntArray, lines: pd.DataFrame, doubts: Doubts
) -> FloatArray:
    """``(v,)`` levels of a column of JSON lists; a list that does not fit its line is told as an error."""
    levels = np.full(int(offset[-1]), np.nan)
    unfit = np.zeros(len(rows), np.bool_)
    for at, cell in enumerate(rows[name]):
        told = _list(cell)
        if told is None:
            continue
        first, last = int(offset[at]), int(offset[at + 1])
        if len(told) != last - first:
            unfit[at] = True
            continue
        levels[first:last] = told
    doubts.rows(
        lines.assign(**{name: rows[name]}), unfit, name, code="R35", level="error",
        told=(lambda value: Words(
            f"高程表 {value} 与线的顶点数不符", f"The levels {value} do not fit the vertices of the line"), EDITED),
    )  # fmt: skip
    # Asked here, before any rule leaves levels out that contradict others: nothing is left out of an export.
    outside = np.flatnonzero(~np.isnan(levels) & ~((levels > LOWEST_LEVEL_M) & (levels < HIGHEST_LEVEL_M)))
    beyond = np.zeros(len(rows), np.bool_)
    beyond[np.searchsorted(offset, outside, side="right") - 1] = True
    tell_foreign(lines.assign(**{name: rows[name]}), beyond, name, doubts)
    return levels


def _list(cell: Any) -> list[float] | None:
    """The levels in a cell, NaN where unknown; None where nothing is told, an empty list where it is no list."""
    if isinstance(cell, str):
        try:
            cell = json.loads(cell)
        except ValueError:
            return []
    if isinstance(cell, np.ndarray):
        cell = cell.tolist()
    if not isinstance(cell, list):
        return None if cell is None or pd.isna(cell) else []
    try:
        return [np.nan if one is None else float(one) for one in cell]
    except (TypeError, ValueError):
        return []


def _typed(
    blank: pd.DataFrame, rows: pd.DataFrame, columns: Mapping[str, str], doubts: Doubts
) -> pd.DataFrame:
    """``blank`` with the columns of ``rows`` that have the same name, each in its type."""
    skipped = {"from_point", "to_point", "flow", "bank", "assumptions"}
    names = [name for name in columns if name in rows and name not in skipped]
    told: dict[str, Any] = {name: _column(rows[name], columns[name]) for name in names}
    typed = blank.assign(**told)
    for name in names:
        if columns[name] in ("number", "date"):
            strange = (rows[name].notna() & typed[name].isna()).to_numpy(np.bool_)
            tell_unreadable(rows, strange, name, doubts)
    return typed


def _column(values: pd.Series, kind: str) -> Any:
    if kind == "number":
        return pd.to_numeric(values, errors="coerce").astype(np.float64)
    if kind == "date":
        days = pd.to_datetime(values, errors="coerce", format="ISO8601").dt.date
        return days.astype(object).where(values.notna(), None)
    if kind in ("flag", "bool"):
        flags = values.map(is_told, na_action="ignore").astype("boolean")
        return flags if kind == "flag" else flags.fillna(True).to_numpy(np.bool_)
    if kind == "int":
        return pd.to_numeric(values, errors="coerce").fillna(0).astype(np.int64)
    return values.astype(object).map(_text, na_action="ignore")


def _text(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)


def _link(
    lines: pd.DataFrame, runs: pd.DataFrame, points: pd.DataFrame, nodes: pd.DataFrame, doubts: Doubts
) -> None:
    """The ends of the lines: rows and numbers of the points that the export names by identity."""
    row_of = identities(nodes, doubts)
    for end in ("from", "to"):
        ends = pd.Series(whole_numbers(runs, f"{end}_node_id", doubts))
        at = ends.map(row_of).fillna(-1).to_numpy(np.int64)
        lines[f"{end}_point"] = at
        numbers = np.array([*points["point_no"], None], dtype=object)
        lines[f"{end}_no"] = numbers[at]


def _counted(files: Sequence[FeatureFile]) -> tuple[DeliveredFile, ...]:
    def count(file: FeatureFile, role: str) -> int:
        return sum(len(layer.row) for layer in file.layers if _role(layer) == role)

    return tuple(
        DeliveredFile(
            file=file.file,
            format=file.format.lower(),
            rows_read=file.rows_read,
            points=count(file, "nodes"),
            lines=count(file, "runs"),
        )
        for file in files
    )


def _facts(
    parts: Parts, nodes: pd.DataFrame, runs: pd.DataFrame, decision: CrsDecision, catalogue: Catalogue
) -> dict[str, Any]:
    """What stands beside points and lines: coverage and roads as records, the years of truth, the marks."""
    facts: dict[str, Any] = {"true_days": {"points": _true_days(nodes), "lines": _true_days(runs)}}
    check_coverage(*_rows(parts["coverage"]), catalogue)
    if parts["coverage"] and decision.displaced is None:
        facts["coverage"] = _records(parts["coverage"], COVERAGE_FACTS, decision)
    if parts["roads"] and decision.displaced is None:
        facts["roads"] = _records(parts["roads"], ("part", "name"), decision)
    frames = [layer.frame for role in SIGNS for _, layer in parts[role]]
    if any(frame[INVENTED].map(is_told).any() for frame in frames if INVENTED in frame):
        facts[INVENTED] = True
    return facts


def _true_days(rows: pd.DataFrame) -> list[list[Any]]:
    """``[row, from, to]`` of the few records whose days of truth are told."""
    if "true_from" not in rows or "true_to" not in rows:
        return []
    days = {name: _column(rows[name], "date") for name in ("true_from", "true_to")}
    told = np.flatnonzero(days["true_from"].notna() | days["true_to"].notna())
    return [[int(at), *(_day(column.iloc[at]) for column in days.values())] for at in told]


def _day(value: Any) -> str | None:
    return None if value is None or pd.isna(value) else str(value)


def _records(
    layers: Sequence[tuple[FeatureFile, Layer]], names: Sequence[str], decision: CrsDecision
) -> list[dict[str, Any]]:
    rows, shapes = _rows(layers)
    if DISPLACED in rows:
        # Where test data of another place was laid nobody looked, and no road runs.
        here = rows[DISPLACED].isna().to_numpy(np.bool_)
        rows, shapes = rows[here].reset_index(drop=True), shapes[here]
    moved = shapely.transform(shapes, lambda xy: placed(decision, xy[:, 0], xy[:, 1]))
    texts = {
        name: rows[name].astype(object).where(rows[name].notna(), None) for name in names if name in rows
    }
    return [
        {name: None if (cell := texts[name].iloc[at]) is None else str(cell)[:10 if name == "surveyed_on" else None]
         for name in texts} | {"shape": shapely.to_wkb(shape, hex=True)}
        for at, shape in enumerate(moved) if shape is not None
    ]  # fmt: skip
