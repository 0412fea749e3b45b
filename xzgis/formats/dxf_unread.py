"""What a drawing holds and the reading leaves alone: lines inside blocks, multilines, lines in paper space.

Each may be a pipe. A manhole symbol is a block of short strokes too, so only long lines in a block count.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from ezdxf.entities.insert import Insert

from xzgis.core.words import Words
from xzgis.formats.features import Note

# Multilines, shapes of other programs behind a proxy, spirals and traces: lines that are not read as such.
MAY_BE_LINES = frozenset({"MLINE", "ACAD_PROXY_ENTITY", "HELIX", "TRACE"})
# No symbol of a survey drawing is as long as this at its scale; a street section of a line is longer.
LONG_M = 5.0
_LINES = frozenset({"LINE", "LWPOLYLINE", "POLYLINE", "ARC", "ELLIPSE", "SPLINE", "MLINE"})
_DEEPEST = 8
# Coordinates beyond these are no metres of any plane system, zone prefix included: the drawing is in its own unit.
_LARGEST_METRES = 1e8
_METRES_PER_MM = 0.001


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that stands for a line nobody read: its layer, number from 1, handle, and what it is."""

    layer: str
    row: int
    handle: str
    what: str


class LongBlocks:
    """Which block references of a drawing hold lines longer than five metres."""

    def __init__(self, document: Any) -> None:
        self._blocks = document.blocks
        self._lengths: dict[str, float] = {}

    def has_long_lines(self, insert: Insert) -> bool:
        """Whether a line inside the referenced block is longer than a symbol's, at the scale of ``insert``."""
        at = insert.dxf.insert
        is_mm = max(abs(at.x), abs(at.y)) > _LARGEST_METRES
        longest = self._longest(str(insert.dxf.name), 0) * _scale(insert)
        return bool(longest * (_METRES_PER_MM if is_mm else 1.0) > LONG_M)

    def _longest(self, name: str, depth: int) -> float:
        """The extent of the largest line in a block, in units of the block; nested blocks count."""
        if name in self._lengths:
            return self._lengths[name]
        # Against a block that holds itself: it has no line of its own there.
        self._lengths[name] = 0.0
        longest = 0.0
        for entity in self._blocks.get(name, ()) if depth < _DEEPEST else ():
            if isinstance(entity, Insert):
                longest = max(longest, self._longest(str(entity.dxf.name), depth + 1) * _scale(entity))
            elif entity.dxftype() in _LINES:
                longest = max(longest, _extent(entity))
        self._lengths[name] = longest
        return longest


def _scale(insert: Insert) -> float:
    return float(max(abs(insert.dxf.get("xscale", 1.0)), abs(insert.dxf.get("yscale", 1.0))))


def _extent(entity: Any) -> float:
    """The diagonal of the box around a line; 0 for one that cannot be drawn."""
    import ezdxf.bbox

    box = ezdxf.bbox.extents([entity], fast=True)
    return float(box.size.magnitude) if box.has_data else 0.0


def unread_notes(unread: Sequence[Unread]) -> Iterator[Note]:
    """One error per row that holds a line nobody read."""
    for one in unread:
        in_block = one.what.startswith("INSERT")
        yield Note(
            "R37",
            "error",
            Words(
                f"图元 {one.handle}（{one.what}）内有长于 {LONG_M:g} m 的线，未读取"
                if in_block
                else f"图元 {one.handle}（{one.what}）可能是管线，未读取",
                f"entity {one.handle} ({one.what}) holds lines longer than {LONG_M:g} m, which were not read"
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
