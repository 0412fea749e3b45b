"""A delivery of features: understood by its mapping, placed, cut, joined and given levels.

Pure: takes what the readers gave, a mapping and the catalogue, gives a :class:`Delivery`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules import imkl
from xzgis.networks.rules.axes_told import tell_drawn_axes
from xzgis.networks.rules.coarse_places import layer_rounding_m
from xzgis.networks.rules.datum_told import other_height_datum_of_layers
from xzgis.networks.rules.doubts import NOWHERE, Doubts, Where, first_where
from xzgis.networks.rules.drawn_units import has_drawn_heights, in_drawn_unit
from xzgis.networks.rules.feature_accuracy import ROUNDING, classes_of
from xzgis.networks.rules.feature_directions import directed
from xzgis.networks.rules.feature_geometry import (
    Axes,
    axes_of,
    degrees_among_metres,
    geometry_findings,
    joined_ends,
    near_findings,
)
from xzgis.networks.rules.feature_lines import canonical_lines
from xzgis.networks.rules.feature_mapping import FeatureMapping
from xzgis.networks.rules.feature_points import canonical_points, nodes_of
from xzgis.networks.rules.feature_shapes import sound
from xzgis.networks.rules.feature_texts import objects
from xzgis.networks.rules.features import Understood, understand
from xzgis.networks.rules.standing import chambers_beside
from xzgis.networks.rules.survey import city_extent, line_lengths_m, tell_place
from xzgis.networks.rules.unused_layers import NO_SHAPE, has_no_shape, unread_layers
from xzgis.networks.rules.unused_tables import UNREAD_LINES
from xzgis.networks.terms import (
    ASIDE,
    LINE_COLUMNS,
    POINT_COLUMNS,
    DeliveredFile,
    Delivery,
    FloatArray,
    IntakeFinding,
    Vertices,
    conformed,
    empty_lines,
)
from xzgis.spatial.crs import CrsDecision
from xzgis.spatial.placing import PlaceQuestion, place, placed
from xzgis.spatial.snap import Joined

# Formats whose x is east by definition; of the others both orders are tried.
_X_IS_EAST = ("GPKG", "Shapefile", "IMKL", "OSM", "GML")


@dataclass(frozen=True, slots=True)
class Placing:
    """What the user says of the place: a CRS, or that data of another place is to be laid over the city."""

    crs: str | None = None
    displace: bool = False


def deliver(
    files: Sequence[FeatureFile],
    mapping: FeatureMapping,
    placing: Placing,
    catalogue: Catalogue,
    *,
    placed_points: Callable[[Delivery], None] = lambda _delivery: None,
) -> Delivery:
    """The delivery that ``files`` make up under ``mapping``; every feature stays, doubts are findings.

    ``placed_points`` is told the points, and what was found so far, before the lines are worked out: a delivery
    without lines. The points stay as they are.
    """
    understood = understand(files, mapping, catalogue)
    if mapping.intake == "imkl":
        understood = imkl.settle(understood, catalogue)
    doubts = Doubts(list(understood.findings))
    doubts.found += other_height_datum_of_layers(
        files, mapping, declared=placing.crs, is_displaced=placing.displace
    )
    decision, scale = _decided(files, understood, placing, catalogue, doubts)
    if scale != 1.0 and has_drawn_heights(mapping):
        # Only the city's extent tells the unit of a drawing, and its heights are in that unit too.
        first = len(understood.findings)
        understood = understand(in_drawn_unit(files, scale), mapping, catalogue)
        doubts.found[:first] = understood.findings
    has_lines = not understood.lines.empty
    if has_lines or decision.decided is not None:  # what is not used needs no system; R01 below is the cause
        tell_place(decision, doubts, where=_first_place(understood))
        tell_drawn_axes(decision, doubts, where=_first_place(understood))
    _tell_rounding(understood, scale, catalogue, doubts)
    points = canonical_points(understood, decision, scale, catalogue)
    doubts.found += chambers_beside(points, catalogue)
    if not has_lines:
        doubts.say(
            "R01",
            "error",
            Words("没有任何图层被识别为管线。", "No layer was taken for lines."),
            NO_SHAPE
            if all(has_no_shape(layer) for file in files for layer in file.layers)
            else Words(
                "请在图层对应中为管线图层选择管类。", "Choose kinds for the layers of lines in the mapping."
            ),
        )
        lines, vertices, points = empty_lines(0), _no_vertices(), _settled(points, decision, POINT_COLUMNS)
    else:

        def joined(told: pd.DataFrame) -> None:
            none = empty_lines(0), _no_vertices()
            placed_points(Delivery(mapping.intake, (), decision, told, *none, findings=tuple(doubts.found)))

        lines, vertices, points = _lines(understood, points, (decision, scale), catalogue, doubts, joined)
    return Delivery(
        intake=mapping.intake,
        files=_counted(files, points, lines, vertices),
        crs=decision,
        points=points,
        lines=_settled(lines, decision, LINE_COLUMNS),
        vertices=vertices,
        findings=tuple(doubts.found),
        facts=_facts(files, understood, (mapping, catalogue), decision, scale),
    )


def _tell_rounding(understood: Understood, scale: float, catalogue: Catalogue, doubts: Doubts) -> None:
    """How coarsely the vertices of each feature are written, into its frame."""
    for frame, geometry in (
        (understood.lines, understood.line_geometry),
        (understood.points, understood.point_geometry),
    ):
        if len(frame):
            classes = classes_of(frame, catalogue)
            frame[ROUNDING] = layer_rounding_m(frame, geometry, classes, scale, doubts)


def _settled(frame: pd.DataFrame, decision: CrsDecision, columns: Mapping[str, str]) -> pd.DataFrame:
    """Points or lines as they stay, no surer than the CRS is."""
    frame["sigma_plan_m"] = np.hypot(frame["sigma_plan_m"].to_numpy(np.float64), decision.sigma_m)
    return conformed(frame, columns)


def _lines(
    understood: Understood,
    points: pd.DataFrame,
    placing: tuple[CrsDecision, float],
    catalogue: Catalogue,
    doubts: Doubts,
    joined: Callable[[pd.DataFrame], None],
) -> tuple[pd.DataFrame, Vertices, pd.DataFrame]:
    decision, scale = placing
    axes = axes_of(understood.line_geometry, decision, scale=scale)
    doubts.found += geometry_findings(axes, understood.lines, understood.line_geometry)
    doubts.found += degrees_among_metres(understood.lines, understood.line_geometry, _attached(understood))
    features = (
        understood.lines
        if axes_are_features(axes)
        else understood.lines.iloc[axes.feature].reset_index(drop=True)
    )
    meeting = _meeting(features, axes, points, catalogue, doubts)
    features, axes, meeting = directed(features, axes, meeting, points, catalogue, doubts)
    nodes = nodes_of(meeting, features, points, catalogue)
    settled = _settled(nodes.points, decision, POINT_COLUMNS)
    joined(settled)
    ground = points["ground_m"].to_numpy(np.float64)
    at_ends = tuple(_at(ground, rows) for rows in (nodes.from_point, nodes.to_point))
    lines, vertices = canonical_lines(features, axes, (at_ends[0], at_ends[1]), catalogue, doubts)
    lines["from_point"], lines["to_point"] = nodes.from_point, nodes.to_point
    lines["from_no"], lines["to_no"] = objects(nodes.from_no), objects(nodes.to_no)
    return lines, vertices, settled


def _first_place(understood: Understood) -> Where:
    """The first vertex of the delivery, in the coordinates it came with."""
    for frame, geometry in (
        (understood.lines, understood.line_geometry),
        (understood.points, understood.point_geometry),
    ):
        there = ~(shapely.is_missing(geometry) | shapely.is_empty(geometry))
        if there.any():
            x, y = shapely.get_coordinates(geometry[int(np.argmax(there))])[0]
            return first_where(frame, there, None, f"{x:.10g}, {y:.10g}")
    return NOWHERE


def axes_are_features(axes: Axes) -> bool:
    """Whether every feature is one axis, so that nothing has to be repeated."""
    return not (axes.part > 0).any()


def _meeting(
    features: pd.DataFrame, axes: Axes, points: pd.DataFrame, catalogue: Catalogue, doubts: Doubts
) -> Joined:
    """Which line ends and points are one place."""
    place_m = points[["east_m", "north_m"]].to_numpy(np.float64)
    joined = joined_ends(
        axes,
        features["kind"].to_numpy(dtype=object),
        place_m,
        points["kind"].to_numpy(dtype=object),
        catalogue,
    )
    doubts.found += near_findings(joined, list(features["file"].unique()))
    return joined


def _at(values: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    found = np.full(len(rows), np.nan)
    inside = (rows >= 0) & (rows < len(values))
    found[inside] = values[rows[inside]]
    return found


def _no_vertices() -> Vertices:
    return Vertices(np.zeros(1, np.int64), np.empty((0, 2)), np.empty(0), np.empty(0), np.empty(0))


def _decided(
    files: Sequence[FeatureFile],
    understood: Understood,
    placing: Placing,
    catalogue: Catalogue,
    doubts: Doubts,
) -> tuple[CrsDecision, float]:
    """The CRS of the delivery, and what its coordinates are multiplied by (a drawing's unit)."""
    attached = _attached(understood)
    geometry = np.concatenate([understood.line_geometry, understood.point_geometry])
    coordinates = shapely.get_coordinates(geometry)
    if attached is not None and placing.crs is None and not placing.displace:
        _tell_unsaid(understood, attached, doubts)
    named = [file.format for file in files]
    axes_known = attached is not None or (attached is None and all(one in _X_IS_EAST for one in named))
    question = PlaceQuestion(
        first=coordinates[:, 0],
        second=coordinates[:, 1],
        declared=placing.crs,
        attached=attached,
        words=" ".join(_words(files)),
        displace=placing.displace,
        axes_known=axes_known,
        takes_shift=True,
    )
    city = city_extent(catalogue)
    decision = place(question, city)
    unit = _drawing_unit(files)
    if decision.decided is not None or unit in (None, 1.0):
        return decision, 1.0
    assert unit is not None
    scaled = place(replace(question, first=question.first * unit, second=question.second * unit), city)
    if scaled.decided is None:
        return decision, 1.0
    doubts.say(
        "R38",
        "warning",
        Words(
            f"图形单位按文件头换算为米（×{unit:g}）后才落在本市",
            f"only in metres by the header's unit (times {unit:g}) does the drawing lie in the city",
        ),
        Words("请核对图形单位", "make sure of the drawing's unit"),
    )
    return scaled, unit


def _attached(understood: Understood) -> str | None:
    """The CRS that the layers in use declare. Refuses several at once: nothing is ever mixed."""
    told = {
        one
        for frame in (understood.lines, understood.points, understood.aside)
        if len(frame)
        for one in frame["crs"].dropna().unique()
    }
    if len(told) > 1:
        names = "、".join(sorted(one[:60] for one in told))
        raise Invalid(
            Words(
                f"所选图层的坐标系不一致（{names}），请分开导入。",
                f"The chosen layers are in different coordinate systems ({names.replace('、', ', ')}); import them apart.",
            )
        )
    return next(iter(told), None)


def _tell_unsaid(understood: Understood, attached: str, doubts: Doubts) -> None:
    """Layers that declare no CRS beside others that do: what those say was taken for them too, and nothing proves it."""
    frames = [one for one in (understood.lines, understood.points) if len(one)]
    unsaid = [one.loc[one["crs"].isna(), ["file", "sheet", "row"]] for one in frames]
    for (file, sheet), rows in pd.concat(unsaid).groupby(["file", "sheet"], sort=False):
        doubts.say(
            "C02",
            "warning",
            Words(
                f"图层 {sheet} 未写明坐标系，按同批其他图层所写的 {attached[:60]} 读取：仅凭数值无法证实",
                f"Layer {sheet} declares no coordinate system; it was read in {attached[:60]}, which the other layers "
                "declare: figures alone do not prove it",
            ),
            Words(
                "请核对来源；如不同，请分开导入并指定坐标系。",
                "Make sure where it comes from; if it is another system, import it apart and name the system.",
            ),
            where=Where(str(file), str(sheet), int(rows["row"].iloc[0])),
        )


def _words(files: Sequence[FeatureFile]) -> list[str]:
    """Names that may betray a local grid or an old datum."""
    return [name for file in files for name in (file.file, *(layer.name for layer in file.layers))]


def _drawing_unit(files: Sequence[FeatureFile]) -> float | None:
    units = {file.facts.get("metres_per_unit") for file in files if file.format == "DXF"}
    found = units.pop() if len(units) == 1 else None
    return float(found) if isinstance(found, int | float) else None


def _counted(
    files: Sequence[FeatureFile], points: pd.DataFrame, lines: pd.DataFrame, vertices: Vertices
) -> tuple[DeliveredFile, ...]:
    lengths = line_lengths_m(lines, vertices)
    told: list[DeliveredFile] = []
    for file in files:
        mine = (
            (lines["file"] == file.file).to_numpy() if len(files) > 1 else np.ones(len(lines), dtype=np.bool_)
        )
        by_code = pd.Series(lengths[mine]).groupby(lines["code"].to_numpy(dtype=object)[mine]).sum()
        delivered = (points["file"] == file.file) & (points["row"] > 0)
        told.append(
            DeliveredFile(
                file=file.file,
                format=file.format.lower(),
                rows_read=file.rows_read,
                points=int(delivered.sum()),
                lines=int(mine.sum()),
                length_m_by_code={str(code): round(float(metres), 2) for code, metres in by_code.items()},
            )
        )
    return tuple(told)


def _facts(
    files: Sequence[FeatureFile],
    understood: Understood,
    words: tuple[FeatureMapping, Catalogue],
    decision: CrsDecision,
    scale: float,
) -> dict[str, Any]:
    """What else the files say of the whole delivery: their own facts, the mapping used, areas, depth points, what stays out."""
    mapping, catalogue = words

    def moved(one: shapely.Geometry) -> shapely.Geometry:
        return shapely.transform(one, lambda xy: placed(decision, xy[:, 0] * scale, xy[:, 1] * scale))

    is_placed = decision.decided is not None
    # Without a decided system nothing has a place; a ring of unknown places is no ring.
    places = [moved(area) for area in understood.areas] if is_placed else []
    areas = [None if shapely.is_missing(one) else shapely.to_geojson(one) for one in places]
    facts: dict[str, Any] = {
        "mapping": mapping.as_json(),
        UNREAD_LINES: unread_layers(files, mapping, catalogue),
        "by_file": {file.file: file.facts for file in files if file.facts},
    }
    if any(areas):
        facts["areas_geojson"] = [area for area in areas if area]
    if len(understood.aside) and is_placed:
        shapes = zip(understood.aside["kind"], understood.aside_geometry, strict=True)
        facts[ASIDE] = [
            {"kind": kind, "place": shapely.to_wkb(sound(moved(one)), hex=True)} for kind, one in shapes
        ]
    if len(understood.depth_points) and is_placed:
        depth = imkl.depths_of_points(understood.depth_points)
        xy = shapely.get_coordinates(understood.depth_geometry)
        where = placed(decision, xy[:, 0] * scale, xy[:, 1] * scale)
        facts["depth_points"] = [
            {"east_m": float(east), "north_m": float(north), "depth_m": float(one)}
            for (east, north), one in zip(where, depth, strict=True)
        ]
    return facts


__all__ = ["IntakeFinding", "Placing", "axes_are_features", "deliver"]
