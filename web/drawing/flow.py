"""A process as a drawing without script: the places of the BPMN file, the usual signs, names broken into lines."""

import re
from dataclasses import dataclass

from xzgis.core.words import Language
from xzgis.workflow.terms import Box, Definition, Node, NodeKind, Point

MARGIN = 24.0
LINE, SIZE = 16.0, 13.0
#: Width of a Latin letter beside a Chinese one.
NARROW = 0.56
PART = re.compile(r"[\u0000-\u2e7f]+? +|[\u0000-\u2e7f]+|[\u2e80-\U0010ffff][、，。；：）》”]*")
SIGNS = {NodeKind.EXCLUSIVE: "×", NodeKind.PARALLEL: "+", NodeKind.INCLUSIVE: "○"}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text: where its middle or its left end stands."""

    x: float
    y: float
    text: str
    anchor: str = "middle"


@dataclass(frozen=True, slots=True)
class Shape:
    """A node or a remark: what it is, its box, its lines; ``diamond`` of a gateway, ``sign`` inside it."""

    node: Node | None
    box: Box
    lines: tuple[Line, ...]

    @property
    def x(self) -> float:
        """Its middle."""
        return self.box.x + self.box.width / 2

    @property
    def y(self) -> float:
        """Its middle."""
        return self.box.y + self.box.height / 2

    @property
    def sign(self) -> str:
        """What stands in a gateway."""
        return "" if self.node is None else SIGNS.get(self.node.kind, "")

    @property
    def diamond(self) -> str:
        """The outline of a gateway."""
        left, right = self.box.x, self.box.x + self.box.width
        top, bottom = self.box.y, self.box.y + self.box.height
        return f"M{left:g} {self.y:g}L{self.x:g} {top:g}L{right:g} {self.y:g}L{self.x:g} {bottom:g}Z"


@dataclass(frozen=True, slots=True)
class Way:
    """A flow: its path, its name, and the stroke across its beginning where it is a default."""

    path: str
    lines: tuple[Line, ...]
    stroke: str = ""


@dataclass(frozen=True, slots=True)
class Picture:
    """The whole drawing; ``view`` is its frame."""

    view: Box
    shapes: tuple[Shape, ...]
    ways: tuple[Way, ...]


def picture_of(found: Definition, language: Language) -> Picture:
    """The drawing of a definition, named in ``language``."""
    drawn = found.drawing
    shapes = [_shape(found, node, language) for node in found.nodes.values()]
    shapes += [
        Shape(None, box, tuple(_block(box.x + 8, box.y + box.height / 2, note.text, box.width - 12, "start")))
        for note in found.notes.values()
        if (box := drawn.boxes.get(note.id)) is not None
    ]
    defaults = {node.default for node in found.nodes.values()}
    ways = []
    for flow in found.flows.values():
        points = drawn.ways[flow.id]
        name, place = flow.name.spoken(language), drawn.labels.get(flow.id)
        ways.append(
            Way(_path(points), _label(name, place, points), _stroke(points) if flow.id in defaults else "")
        )
    boxes = [*drawn.boxes.values(), *(_around(shape.lines) for shape in shapes if shape.lines)]
    boxes += [_around(way.lines) for way in ways if way.lines]
    return Picture(
        _frame(boxes, [point for points in drawn.ways.values() for point in points]),
        tuple(shapes),
        tuple(ways),
    )


def _shape(found: Definition, node: Node, language: Language) -> Shape:
    box, name = found.drawing.boxes[node.id], node.name.spoken(language)
    if node.kind.is_step:
        lines = _block(box.x + box.width / 2, box.y + box.height / 2, name, box.width - 16)
    elif (place := found.drawing.labels.get(node.id)) is not None:
        lines = _beside(box, place, name)
    else:
        lines = _block(box.x + box.width / 2, box.y + box.height + LINE, name, 8 * SIZE)
    return Shape(node, box, tuple(lines))


def _beside(box: Box, place: Box, name: str) -> list[Line]:
    """A name at its place beside an event or a gateway: what needs more lines grows away from it."""
    width = max(place.width, 8 * SIZE)
    more = (len(broken(name, width)) - 1) * LINE / 2
    away = 1 if place.y > box.y + box.height / 2 else -1
    return _block(place.x + place.width / 2, place.y + place.height / 2 + away * more, name, width)


def _label(name: str, place: Box | None, points: tuple[Point, ...]) -> tuple[Line, ...]:
    if not name:
        return ()
    if place is not None:
        return (Line(place.x, place.y + place.height - 2, name, "start"),)
    (x1, y1), (x2, y2) = points[0], points[1]
    return (Line((x1 + x2) / 2, (y1 + y2) / 2 - 6, name),)


def width_of(text: str) -> float:
    """How wide a line is, in pixels."""
    return sum(SIZE if ord(sign) > 0x2E7F else SIZE * NARROW for sign in text)


def broken(text: str, width: float) -> list[str]:
    """``text`` in as few lines as fit ``width``, of about one length."""
    count = len(_lines(text, width))
    fair = width_of(text) / max(count, 1)
    while fair < width and len(_lines(text, fair)) > count:
        fair += SIZE / 2
    return _lines(text, min(fair, width))


def _lines(text: str, width: float) -> list[str]:
    """Broken between words, and between Chinese signs."""
    lines, at = [], ""
    for part in _parts(text):
        if at and width_of(at + part.rstrip()) > width:
            lines.append(at.rstrip())
            at = ""
        at += part
    return [*lines, at.rstrip()] if at.strip() else lines


def _parts(text: str) -> list[str]:
    """What stays together on a line: a word with the space behind it, or a Chinese sign with what closes it."""
    return PART.findall(text)


def _block(x: float, y: float, text: str, width: float, anchor: str = "middle") -> list[Line]:
    lines = broken(text, width)
    top = y - (len(lines) - 1) * LINE / 2 + SIZE * 0.36
    return [Line(x, top + number * LINE, line, anchor) for number, line in enumerate(lines)]


def _path(points: tuple[Point, ...]) -> str:
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points)


def _stroke(points: tuple[Point, ...]) -> str:
    """A short stroke across a way, near where it begins."""
    (x1, y1), (x2, y2) = points[0], points[1]
    length = max(abs(x2 - x1) + abs(y2 - y1), 1.0)
    x, y = x1 + (x2 - x1) / length * 12, y1 + (y2 - y1) / length * 12
    return f"M{x - 4:g} {y + 6:g}L{x + 4:g} {y - 6:g}"


def _around(lines: tuple[Line, ...]) -> Box:
    wide = max(width_of(line.text) for line in lines)
    left = min(line.x - (wide / 2 if line.anchor == "middle" else 0.0) for line in lines)
    top = min(line.y for line in lines) - LINE
    return Box(left, top, wide, max(line.y for line in lines) - top + 4)


def _frame(boxes: list[Box], points: list[Point]) -> Box:
    left = min([box.x for box in boxes] + [x for x, _ in points]) - MARGIN
    top = min([box.y for box in boxes] + [y for _, y in points]) - MARGIN
    right = max([box.x + box.width for box in boxes] + [x for x, _ in points]) + MARGIN
    bottom = max([box.y + box.height for box in boxes] + [y for _, y in points]) + MARGIN
    return Box(round(left, 1), round(top, 1), round(right - left, 1), round(bottom - top, 1))
