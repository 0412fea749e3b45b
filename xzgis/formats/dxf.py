"""DXF drawings, text and binary: one layer of features per drawing layer, curves stroked.

A drawing has no CRS unless it carries GEODATA, and its header's unit is often a default nobody chose: both
are told as facts and decided later, against the city's extent. Coordinates stay in drawing units (or, with
GEODATA, in the CRS it leads to).
"""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import ezdxf.filemanagement
import ezdxf.path
import ezdxf.recover
import numpy as np
import pandas as pd
import shapely
from ezdxf.entities.dxfentity import DXFEntity, DXFTagStorage
from ezdxf.entities.insert import Insert
from ezdxf.lldxf.const import DXFError
from ezdxf.math import Vec3

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.dxf_unread import (
    LARGEST_METRES,
    MAY_BE_LINES,
    XREF,
    ExternalFiles,
    LongBlocks,
    Unread,
    left_out_notes,
    paper_notes,
    unread_notes,
)
from xzgis.formats.features import FeatureFile, Layer, Note, as_geometries, capped, is_gap, sound_geometry

FLATTENING_M = 0.001
"""How far a stroke may lie off its curve: nothing that the accuracy of a line would have to know of."""
_PIECES_OF_ARC = 16
"""Cubic pieces at least for an arc; one for each quarter would lie 2.7 cm off a circle of 100 m."""
MAX_ENTITIES = 2_000_000
MAX_BLOCK_DEPTH = 8
MAX_PLACES = 10_000
"""Places of one reference that repeats its block in rows and columns."""
_CURVES = frozenset({"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "CIRCLE", "ELLIPSE", "SPLINE"})
_TEXTS = frozenset({"TEXT", "MTEXT", "ATTDEF"})
# Metres per drawing unit by $INSUNITS (DXF reference, header variables).
METRES_PER_UNIT = {1: 0.0254, 2: 0.3048, 4: 0.001, 5: 0.01, 6: 1.0, 7: 1000.0, 14: 0.1, 21: 1200 / 3937}
_UNIT_NAMES = {
    0: "unitless",
    1: "inch",
    2: "foot",
    4: "mm",
    5: "cm",
    6: "m",
    7: "km",
    14: "dm",
    21: "US foot",
}


def read(path: Path, *, file: str, explode_blocks: bool = False) -> FeatureFile:
    """The drawing's model space, one layer per drawing layer.

    Lines, polylines, arcs, circles, ellipses and splines become lines (stroked within 1 mm); points, block
    references and texts become points with ``block``, ``text`` and their attributes. With
    ``explode_blocks`` the lines inside blocks are read too; without it a reference to a block with long lines
    is an error of its row, and so is what may be a line but cannot be read (MLINE). Lines in paper space are
    a warning; other entities are counted in a note.
    """
    document, notes = _opened(path, file)
    space = document.modelspace()
    unit = int(document.header.get("$INSUNITS", 0) or 0)
    metres = METRES_PER_UNIT.get(unit, 1.0)
    if len(space) > MAX_ENTITIES:
        raise _refused(file, f"图元超过 {MAX_ENTITIES} 个", f"more than {MAX_ENTITIES} entities")
    collected = _Collected(metres, None if explode_blocks else LongBlocks(document), ExternalFiles(document))
    for entity in space:
        collected.take(entity, 0)
    encoding = _encoding(document, collected)
    if encoding is not None:
        notes.append(encoding)
    facts: dict[str, Any] = {
        "insunits": _UNIT_NAMES.get(unit, str(unit)),
        "metres_per_unit": metres if unit else None,
        "version": document.dxfversion,
    }
    crs, matrix = _geodata(space, notes)
    layers, unsound = _layers(collected, crs, matrix)
    notes += [*unread_notes(collected.unread), *_left_out(collected), *unsound, *paper_notes(document)]
    return FeatureFile(file, "DXF", layers, capped(notes), facts)


def _opened(path: Path, file: str) -> tuple[Any, list[Note]]:
    try:
        try:
            return ezdxf.filemanagement.readfile(str(path)), []
        except DXFError:
            document, auditor = ezdxf.recover.readfile(str(path))
            note = Note(
                "R38",
                "warning",
                Words(
                    f"图形有 {len(auditor.fixes)} 处结构错误，已按恢复方式读取",
                    f"{len(auditor.fixes)} structural faults; read by recovery",
                ),
                Words("在 CAD 中核查（AUDIT）后重新保存", "run AUDIT in CAD and save again"),
            )
            return document, [note]
    except Exception as broken:  # ezdxf answers a stranger's bytes with any exception there is
        raise _refused(
            file, "图形已损坏或被截断", f"the drawing is damaged or cut off ({type(broken).__name__})"
        ) from broken


class _Collected:
    """Entities as rows: geometry and attributes, in drawing units."""

    def __init__(self, metres: float, long_blocks: LongBlocks | None, external: ExternalFiles) -> None:
        """``metres``: of one unit, by the header. ``long_blocks``: None when blocks are exploded."""
        self._external = external
        self._metres = metres
        self._long_blocks = long_blocks
        self.rows: list[dict[str, Any]] = []
        self.geometry: list[shapely.Geometry | None] = []
        self.left_out: Counter[tuple[str, str]] = Counter()
        self.unread: list[Unread] = []
        self.stroked = 0
        self.broken: list[tuple[str, str]] = []

    def take(self, entity: DXFEntity, depth: int) -> None:
        """Keep one entity, or count it as left out."""
        kind = entity.dxftype()
        try:
            if kind in _CURVES:
                self._curve(entity, kind)
            elif kind == "POINT":
                self._keep(entity, shapely.Point(tuple(entity.dxf.location)))
            elif kind in _TEXTS:
                self._keep(entity, shapely.Point(tuple(entity.dxf.insert)), text=_text(entity))
            elif isinstance(entity, Insert):
                self._block(entity, depth)
            elif kind in MAY_BE_LINES:
                self._keep(entity, None)
                self._unread(entity, kind)
            else:
                self._leave_out(entity, kind)
        except (
            DXFError,
            ValueError,
            TypeError,
            AttributeError,
            ArithmeticError,
            shapely.errors.ShapelyError,
        ) as wrong:
            self.broken.append((str(entity.dxf.get("handle", "?")), f"{kind}: {type(wrong).__name__}"))
        if len(self.rows) > MAX_ENTITIES:
            raise ValueError("too many entities after exploding blocks")

    def _curve(self, entity: DXFEntity, kind: str) -> None:
        if kind == "POLYLINE" and (entity.is_poly_face_mesh or entity.is_polygon_mesh):  # type: ignore[attr-defined]  # a polyline has it
            self._leave_out(entity, "MESH")
            return
        outline = ezdxf.path.make_path(entity, segments=_PIECES_OF_ARC)
        distance = _distance(outline.start, self._metres)
        positions = [(point.x, point.y, point.z) for point in outline.flattening(distance)]
        if outline.has_curves:
            self.stroked += 1
        line = shapely.linestrings(positions) if len(positions) > 1 else None
        self._keep(entity, line, closed=bool(outline.is_closed) and len(positions) > 3)

    def _block(self, insert: Insert, depth: int) -> None:
        attributes = {str(one.dxf.tag): str(one.dxf.text) for one in insert.attribs}
        self._keep(insert, shapely.Point(tuple(insert.dxf.insert)), block=str(insert.dxf.name), **attributes)
        reference = self._external.named_by(insert, with_inner=self._long_blocks is not None)
        if reference is not None:
            self._unread(insert, f"{XREF} {reference}")
            return
        if self._long_blocks is not None:
            if self._long_blocks.has_long_lines(insert):
                self._unread(insert, f"INSERT {insert.dxf.name}")
            return
        if depth >= MAX_BLOCK_DEPTH:
            self._leave_out(insert, "nested block")
            return
        if insert.mcount > MAX_PLACES:
            self._unread(insert, f"INSERT {insert.dxf.name}, {insert.mcount} places")
            return
        for place in insert.multi_insert() if insert.mcount > 1 else (insert,):
            for part in place.virtual_entities():
                if part.dxf.get("layer", "0") == "0":
                    # What is drawn on layer 0 of a block lies on the layer of its reference.
                    part.dxf.layer = insert.dxf.get("layer", "0")
                self.take(part, depth + 1)

    def _leave_out(self, entity: DXFEntity, what: str) -> None:
        # Of an entity that ezdxf has no class for, only these properties tell the layer.
        known = entity.graphic_properties() if isinstance(entity, DXFTagStorage) else entity.dxf
        layer = known.get("layer", "0")
        self.left_out[str(layer), what] += 1

    def _unread(self, entity: DXFEntity, what: str) -> None:
        """The row that was kept last holds a line that was not read."""
        dxf = entity.dxf
        self.unread.append(
            Unread(str(dxf.get("layer", "0")), len(self.rows), str(dxf.get("handle", "?")), what)
        )

    def _keep(self, entity: DXFEntity, geometry: shapely.Geometry | None, **more: object) -> None:
        dxf = entity.dxf
        row = {
            "layer": str(dxf.get("layer", "0")),
            "entity": entity.dxftype(),
            "handle": dxf.get("handle"),
            "color": dxf.get("color", 256),
            "linetype": dxf.get("linetype"),
            **more,
        }
        extended = _extended(entity)
        if extended:
            row["xdata"] = extended
        self.rows.append(row)
        self.geometry.append(geometry)


def _distance(start: Vec3, metres: float) -> float:
    """How far a stroke may lie off its curve, in drawing units.

    The header often says millimetres of a drawing in metres, and only the city's extent decides that, later: so a unit
    below the metre holds where no coordinate can be metres.
    """
    is_own_unit = max(abs(start.x), abs(start.y)) > LARGEST_METRES
    return FLATTENING_M / (metres if is_own_unit else max(metres, 1.0))


def _text(entity: Any) -> str:
    text = entity.plain_text()
    return str(text).strip()[:500]


def _extended(entity: DXFEntity) -> str | None:
    """Extended data (where Chinese survey software keeps its codes) as JSON text."""
    data = getattr(entity, "xdata", None)
    if data is None or not data.data:
        return None
    plain = {
        name: [str(tag.value)[:200] for tag in tags[1:]] for name, tags in data.data.items() if name != "ACAD"
    }
    return json.dumps(plain, ensure_ascii=False) if plain else None


def _encoding(document: Any, collected: _Collected) -> Note | None:
    """Repair texts of a GBK drawing that does not say so; None when nothing was to be repaired."""
    if document.dxfversion >= "AC1021" or str(document.encoding).lower() in (
        "gbk",
        "gb2312",
        "cp936",
        "gb18030",
    ):
        return None
    texts = [
        value
        for told in (
            *(row.values() for row in collected.rows),
            (one.layer for one in collected.unread),
            (layer for layer, _ in collected.left_out),
        )
        for value in told
        if isinstance(value, str) and not value.isascii()
    ]
    try:
        repaired = {
            text: text.encode(document.encoding, "surrogateescape").decode("gb18030") for text in set(texts)
        }
    except (UnicodeError, LookupError):
        return None
    if not repaired:
        return None
    for row in collected.rows:
        for key, value in row.items():
            if isinstance(value, str):
                row[key] = repaired.get(value, value)
    collected.unread = [replace(one, layer=repaired.get(one.layer, one.layer)) for one in collected.unread]
    collected.left_out = Counter({
        (repaired.get(layer, layer), what): count for (layer, what), count in collected.left_out.items()
    })  # fmt: skip
    return Note(
        "R26",
        "warning",
        Words(
            "图中文字未声明代码页，已按 GBK/GB18030 严格解码",
            "the drawing names no code page; texts read strictly as GBK/GB18030",
        ),
        Words("请核对图层与注记的汉字", "check the names of layers and texts"),
    )


def _geodata(space: Any, notes: list[Note]) -> tuple[str | None, Any]:
    """The CRS of a geo-referenced drawing and the matrix that leads to it."""
    geodata = space.get_geodata()
    if geodata is None:
        return None, None
    try:
        matrix, epsg = geodata.get_crs_transformation(no_checks=True)
    except (DXFError, ValueError, TypeError, AttributeError) as wrong:
        notes.append(
            Note(
                "R39",
                "warning",
                Words(
                    "GEODATA 无法识别，坐标系需另行确认",
                    f"the GEODATA is not understood ({type(wrong).__name__}); say the CRS",
                ),
                Words("请指定坐标系", "name the CRS"),
            )
        )
        return None, None
    notes.append(
        Note(
            "R39",
            "info",
            Words(f"按图中 GEODATA 定位到 EPSG:{epsg}", f"placed in EPSG:{epsg} by the drawing's GEODATA"),
            Words("无需处理", "nothing to do"),
        )
    )
    return f"EPSG:{epsg}", np.array([list(row) for row in matrix.rows()])


def _layers(collected: _Collected, crs: str | None, matrix: Any) -> tuple[tuple[Layer, ...], list[Note]]:
    geometry = as_geometries(collected.geometry)
    if matrix is not None:
        geometry = shapely.transform(geometry, lambda xyz: _moved(xyz, matrix), include_z=True)
    frame = pd.DataFrame.from_records(collected.rows, index=range(len(collected.rows)))
    if frame.empty:
        return (), []
    layers: list[Layer] = []
    notes: list[Note] = []
    for name, rows in frame.groupby("layer", sort=True):
        at = rows.index.to_numpy()
        part = rows.dropna(axis=1, how="all").drop(columns="layer").reset_index(drop=True)
        layer, unsound = sound_geometry(
            Layer(str(name), _typed(part), geometry[at], at + 1, crs, "geodata" if crs else None)
        )
        layers.append(layer)
        notes += unsound
    return tuple(layers), notes


def _typed(frame: pd.DataFrame) -> pd.DataFrame:
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = [None if is_gap(value) else str(value) for value in frame[column]]
            frame[column] = frame[column].astype(pd.StringDtype("pyarrow", na_value=np.nan))
    return frame


def _moved(xyz: Any, matrix: Any) -> Any:
    flat = np.column_stack([np.nan_to_num(xyz), np.ones(len(xyz))])
    return (flat @ matrix)[:, :3]


def _left_out(collected: _Collected) -> Iterator[Note]:
    yield from left_out_notes(collected.left_out)
    if collected.stroked:
        yield Note(
            "G08",
            "info",
            Words(
                f"{collected.stroked} 条曲线已按 1 mm 弦差展为折线",
                f"{collected.stroked} curves stroked within 1 mm",
            ),
            Words("无需处理", "nothing to do"),
        )
    for handle, what in collected.broken:
        yield Note(
            "R20",
            "error",
            Words(f"图元 {handle}（{what}）无法读取", f"entity {handle} ({what}) cannot be read"),
            Words("在 CAD 中修复或删除该图元", "mend or delete the entity in CAD"),
            value=handle,
        )


def _refused(file: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {file} 无法读取：{zh}。请在 CAD 中核查（AUDIT）后另存为 R2018 ASCII DXF。",
            f"File {file} cannot be read: {en}. Run AUDIT in CAD and save it as an R2018 ASCII DXF.",
        )
    )
