"""Which features of a layer have the geometry that its role asks for, and which stay out, with their places."""

from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.words import Words
from xzgis.formats.features import Layer
from xzgis.networks.rules.feature_kinds import kinds_of
from xzgis.networks.rules.feature_part import LayerPart

ObjectArray = npt.NDArray[np.object_]
_POINT, _COLLECTION = 0, 7


def of_shape(part: LayerPart, wanted: tuple[int, ...]) -> tuple[LayerPart, LayerPart]:
    """The features of the layer that have the wanted geometry, or none at all; and those of another one, which is said.

    The notes of a drawing are among neither.
    """
    types = shapely.get_type_id(part.layer.geometry)
    empty = shapely.is_missing(part.layer.geometry) | shapely.is_empty(part.layer.geometry)
    fits = np.isin(types, (*wanted, _COLLECTION)) | empty
    notes = _drawn_notes(part, (types == _POINT) & ~fits)
    part.find_rows(
        ~fits & ~notes,
        "G02",
        "error",
        Words("要素的几何类型与此图层的用途不符，不入库", "a feature of another geometry type stays out"),
        Words(
            "其中如有管线，请转为线；确认不需要的，可选择带错行不入库",
            "turn it into a line if it is one; leave rows with errors out if they are not wanted",
        ),
    )
    known_bad = {
        note.row
        for note in part.file.notes
        if note.level == "error" and note.layer in (None, part.layer.name)
    }
    silent = np.isin(part.layer.row, [row for row in known_bad if row is not None])
    part.find_rows(
        empty & ~silent,
        "G01",
        "error",
        Words("要素没有几何，不能入库", "a feature without geometry cannot go in"),
        Words("在来源处补绘或删除", "draw it at the source, or delete it"),
    )
    # What the others are called is said where they are left out: of their kind nothing more is.
    others = replace(_chosen(part, ~fits & ~notes), findings=[])
    return (part if fits.all() else _chosen(part, fits)), others


def _chosen(part: LayerPart, mask: npt.NDArray[np.bool_]) -> LayerPart:
    at = np.flatnonzero(mask)
    layer = part.layer
    kept = Layer(
        layer.name,
        layer.frame.iloc[at].reset_index(drop=True),
        layer.geometry[at],
        layer.row[at],
        layer.crs,
        layer.crs_source,
    )
    return replace(part, layer=kept)


def sound(shape: shapely.Geometry) -> shapely.Geometry:
    """``shape``, and instead of one that is not valid all that its corners enclose."""
    return shape if shapely.is_valid(shape) else shapely.convex_hull(shape)


def kinds_and_places(part: LayerPart) -> tuple[pd.DataFrame, ObjectArray]:
    """Kind and place of the features that were left out, in the coordinates they came with."""
    count = len(part.layer.row)
    told = {"kind": kinds_of(part), "file": [part.file.file] * count, "sheet": [part.layer.name] * count}
    frame = pd.DataFrame(told | {"row": part.layer.row, "crs": [part.layer.crs] * count})
    return frame, part.layer.geometry


def _drawn_notes(part: LayerPart, points: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Which of ``points`` among the lines of a layer are notes of a drawing; their number is told.

    Texts, symbols and points of a drawing stand among its lines by custom, and none of them can be a line.
    """
    notes = points & (part.file.format == "DXF")
    if notes.any():
        part.find(
            "G02",
            "info",
            Words(
                f"{int(notes.sum())} 个注记、符号或点未使用：此图层只取线",
                f"{int(notes.sum())} texts, symbols or points were not used: of this layer only lines are",
            ),
            Words(
                "如是管点，请放到单独的图层",
                "put them on a layer of their own if they are points of the lines",
            ),
        )
    return notes
