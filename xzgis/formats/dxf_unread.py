"""What a drawing holds and the reading leaves alone: lines inside blocks, multilines, lines in paper space.

Each may be a pipe. A manhole symbol is a block of strokes too, so only blocks that reach farther than a symbol count.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ezdxf.bbox
from ezdxf.entities.insert import Insert
from ezdxf.math import BoundingBox, Matrix44, Vec3

from xzgis.core.words import Words
from xzgis.formats.features import Note

# Multilines, shapes of other programs behind a proxy, spirals and traces: lines that are not read as such.
MAY_BE_LINES = frozenset({"MLINE", "ACAD_PROXY_ENTITY", "HELIX", "TRACE"})
# No symbol of a survey drawing is as large as this at its scale; a street section of a line, in how many pieces ever, is.
LONG_M = 5.0
_LINES = frozenset({"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "ELLIPSE", "SPLINE", "MLINE"})
# What a line may be drawn as though it is none; inside a block nobody counts it, so its reach is told as a line's is.
_STRIPS = frozenset({"LEADER", "HATCH", "SOLID", "TRACE", "3DFACE"})
_DEEPEST = 8
XREF = "XREF"
# Flags of a block (DXF reference, BLOCK group 70): 4 an external reference, 8 an overlay of one.
_EXTERNAL = 4 | 8
# Coordinates beyond these are no metres of any plane system, zone prefix included: the drawing is in its own unit.
LARGEST_METRES = 1e8
_METRES_PER_MM = 0.001


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that stands for a line nobody read: its layer, number from 1, handle, and what it is."""

    layer: str
    row: int
    handle: str
    what: str


class ExternalFiles:
    """Which block references of a drawing stand for other drawings: their lines lie in those files alone."""

    def __init__(self, document: Any) -> None:
        self._blocks = document.blocks
        self._files: dict[str, str | None] = {}

    def named_by(self, insert: Insert, *, with_inner: bool) -> str | None:
        """The file of an external reference, ``with_inner`` also of one inside the block; None where there is none."""
        name = str(insert.dxf.name)
        return self._file(name, 0) if with_inner else self._own(name)

    def _own(self, name: str) -> str | None:
        layout = self._blocks.get(name)
        head = None if layout is None else layout.block
        if head is None or not head.dxf.get("flags", 0) & _EXTERNAL:
            return None
        return str(head.dxf.get("xref_path", "") or name)

    def _file(self, name: str, depth: int) -> str | None:
        if name in self._files:
            return self._files[name]
        # Against a block that holds itself.
        self._files[name] = self._own(name)
        if self._files[name] is None and depth < _DEEPEST:
            parts = (one for one in self._blocks.get(name, ()) if isinstance(one, Insert))
            inner = (self._file(str(one.dxf.name), depth + 1) for one in parts)
            self._files[name] = next((one for one in inner if one is not None), None)
        return self._files[name]


class LongBlocks:
    """Which block references of a drawing hold lines that together reach farther than a symbol's."""

    def __init__(self, document: Any) -> None:
        self._blocks = document.blocks
        self._boxes: dict[str, BoundingBox] = {}

    def has_long_lines(self, insert: Insert) -> bool:
        """Whether the lines inside the referenced block, one or many, reach farther than a symbol's as inserted."""
        at = insert.dxf.insert
        is_mm = max(abs(at.x), abs(at.y)) > LARGEST_METRES
        box = _inserted(self._box(str(insert.dxf.name), 0), insert)
        reach = float(box.size.magnitude) if box.has_data else 0.0
        return reach * (_METRES_PER_MM if is_mm else 1.0) > LONG_M

    def _box(self, name: str, depth: int) -> BoundingBox:
        """The box around the lines of a block, in its own system; nested blocks count."""
        if name in self._boxes:
            return self._boxes[name]
        # Against a block that holds itself: it has no line of its own there.
        self._boxes[name] = BoundingBox()
        box = BoundingBox()
        for entity in self._blocks.get(name, ()) if depth < _DEEPEST else ():
            if isinstance(entity, Insert):
                box.extend(_inserted(self._box(str(entity.dxf.name), depth + 1), entity))
            elif entity.dxftype() in _LINES or entity.dxftype() in _STRIPS:
                box.extend(ezdxf.bbox.extents([entity], fast=True))
        self._boxes[name] = box
        return box


def _inserted(box: BoundingBox, insert: Insert) -> BoundingBox:
    """The box around a block's box where ``insert`` puts it, every place of an array."""
    if not box.has_data:
        return BoundingBox()
    corners = list(insert.matrix44().transform_vertices(box.cube_vertices()))
    if insert.mcount > 1:
        # The array runs along the turned axes of the block.
        along, across = insert.dxf.get("column_spacing", 0.0), insert.dxf.get("row_spacing", 0.0)
        far = Vec3(along * (insert.dxf.column_count - 1), across * (insert.dxf.row_count - 1))
        turned = Matrix44.z_rotate(math.radians(insert.dxf.get("rotation", 0.0))).transform_direction(far)
        corners += [corner + turned for corner in corners]
    return BoundingBox(corners)


def unread_notes(unread: Sequence[Unread]) -> Iterator[Note]:
    """One error per row that holds a line nobody read."""
    for one in unread:
        if one.what.startswith(XREF):
            yield _external_note(one)
            continue
        in_block = one.what.startswith("INSERT")
        yield Note(
            "R37",
            "error",
            Words(
                f"图元 {one.handle}（{one.what}）内有延伸超过 {LONG_M:g} m 的线，未读取"
                if in_block
                else f"图元 {one.handle}（{one.what}）可能是管线，未读取",
                f"entity {one.handle} ({one.what}) holds lines that reach over {LONG_M:g} m, which were not read"
                if in_block
                else f"entity {one.handle} ({one.what}) may be a line and was not read",
            ),
            Words(
                "选择“读取块内的线”后重新读取，或在 CAD 中炸开该块；确认不是管线的，可选择带错行不入库",
                "read again with the lines inside blocks, or explode it in CAD; if it is no line, leave its row out",
            )
            if in_block
            else Words(
                "在 CAD 中转为多段线（EXPLODE）；确认不是管线的，可选择带错行不入库",
                "turn it into polylines in CAD (EXPLODE); if it is no line, leave its row out",
            ),
            layer=one.layer,
            row=one.row,
            value=one.handle,
        )


def _external_note(one: Unread) -> Note:
    """The error of a row that stands for another drawing."""
    name = one.what.removeprefix(XREF).strip()
    return Note(
        "R37",
        "error",
        Words(
            f"图元 {one.handle} 是外部参照 {name}：其中的线不在本文件，未读取",
            f"entity {one.handle} is the external reference {name}: its lines are not in this file and were not read",
        ),
        Words(
            "在 CAD 中绑定外部参照（XREF → 绑定）后另存 DXF，或另行导入该图；确认其中没有管线的，可选择带错行不入库",
            "bind it in CAD (XREF, Bind) and save again, or import that drawing too; if it holds no line, leave its row out",
        ),
        layer=one.layer,
        row=one.row,
        value=one.handle,
    )


def left_out_notes(left_out: Mapping[tuple[str, str], int]) -> Iterator[Note]:
    """One note per layer: how many entities of what type are neither lines nor points to the reading.

    Whether one may be a pipe hangs on what its layer is for, which no reader knows; ``value`` lists them alone.
    """
    for layer in sorted({layer for layer, _ in left_out}):
        listed = ", ".join(f"{what} {left_out[of, what]}" for of, what in sorted(left_out) if of == layer)
        yield Note(
            "R37",
            "info",
            Words(f"图层 {layer} 中未读取的图元：{listed}", f"entities not read in layer {layer}: {listed}"),
            Words(
                "如其中有管线，请在 CAD 中炸开（EXPLODE）或转为多段线",
                "explode them in CAD (EXPLODE) or turn them into polylines if they are lines to be read",
            ),
            layer=layer,
            value=listed,
        )


def paper_notes(document: Any) -> Iterator[Note]:
    """A warning for every sheet of paper space with lines on it: a frame mostly, but it may be a pipe."""
    for name in document.layout_names():
        if name == "Model":
            continue
        layers = Counter(
            str(entity.dxf.get("layer", "0"))
            for entity in document.layout(name)
            if entity.dxftype() in _LINES or entity.dxftype() in MAY_BE_LINES
        )
        if layers:
            count, listed = sum(layers.values()), "、".join(sorted(layers)[:10])
            yield Note(
                "R37",
                "warning",
                Words(
                    f"图纸空间“{name}”中有 {count} 条线（图层 {listed}）未读取：只读模型空间",
                    f"{count} lines in paper space {name!r} (layers {listed}) were not read: only model space is",
                ),
                Words(
                    "如其中有管线，请移到模型空间", "move them to model space if they are lines to be read"
                ),
                value=name,
            )
