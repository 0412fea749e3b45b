"""Where the words of a drawing stand: beside what they name, on nothing else, with a leader where they are far."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import hypot

Box = tuple[float, float, float, float]
"""Left, top, right, bottom in pixels; y grows downwards."""

LINE_PX = 15.0
AIR_PX = 3.0
LEADER_FROM_PX = 14.0
STEPS = 14
STEP_PX = 17.0
WIDE_EM, NARROW_EM = 1.0, 0.62
SIGNS_FROM = 0x2000


@dataclass(frozen=True, slots=True)
class Label:
    """Lines of text on paper: middle, baseline of the first line, and a leader where the eye needs one."""

    x: float
    y: float
    leader: tuple[float, float, float, float] | None


def text_width(text: str, size_px: float) -> float:
    """Pixels a text takes at most; Chinese characters and signs are square, the rest narrower."""
    return sum(WIDE_EM if ord(sign) >= SIGNS_FROM else NARROW_EM for sign in text) * size_px


def overlap(a: Box, b: Box) -> float:
    """Common area of two boxes, square pixels."""
    return max(0.0, min(a[2], b[2]) - max(a[0], b[0])) * max(0.0, min(a[3], b[3]) - max(a[1], b[1]))


def beaded(x1: float, y1: float, x2: float, y2: float, *, thick: float) -> list[Box]:
    """A slanting line as small boxes, so that words keep off it."""
    count = max(1, round(hypot(x2 - x1, y2 - y1) / 8.0))
    half = thick / 2
    return [
        (x - half, y - half, x + half, y + half)
        for x, y in ((x1 + (x2 - x1) * n / count, y1 + (y2 - y1) * n / count) for n in range(count + 1))
    ]


class Board:
    """The free room of a drawing; every label that is placed takes its part of it."""

    def __init__(self, frame: Box, taken: list[Box]) -> None:
        self.frame = frame
        self.taken = taken

    def put(self, around: Box, *, width: float, lines: int, frame: Box | None = None) -> Label:
        """Place ``lines`` of text of ``width`` near the box ``around``, nearest free place first."""
        frame = frame or self.frame
        tall = lines * LINE_PX
        best: tuple[float, Box] | None = None
        for x, top in _places(around, width, tall):
            x = min(max(x, frame[0] + width / 2), frame[2] - width / 2)
            box = (x - width / 2 - AIR_PX, top, x + width / 2 + AIR_PX, top + tall)
            outside = max(0.0, frame[1] - box[1], box[3] - frame[3]) * width
            cost = outside * 4 + sum(overlap(box, other) for other in self.taken)
            if best is None or cost < best[0]:
                best = (cost, box)
            if cost == 0.0:
                break
        assert best is not None
        box = best[1]
        self.taken.append(box)
        return Label(
            x=round((box[0] + box[2]) / 2, 2),
            y=round(box[1] + LINE_PX - 3.5, 2),
            leader=_leader(around, box),
        )


def _places(around: Box, width: float, tall: float) -> Iterator[tuple[float, float]]:
    """Middles and tops of the places to try: below, above, beside, then rings further out."""
    left, top, right, bottom = around
    middle, level = (left + right) / 2, (top + bottom - tall) / 2
    aside = width / 2 + AIR_PX + 4
    for step in range(STEPS):
        away = step * STEP_PX
        below, above = bottom + 2 + away, top - tall - 2 - away
        yield from ((middle, below), (middle, above))
        yield from ((right + aside + away, level), (left - aside - away, level))
        for shift in (aside, aside + away):
            yield from (
                (right + shift, below),
                (left - shift, below),
                (right + shift, above),
                (left - shift, above),
            )


def _leader(around: Box, box: Box) -> tuple[float, float, float, float] | None:
    """From the nearest point of the label to the middle of what it names; None when they touch."""
    x, y = (around[0] + around[2]) / 2, (around[1] + around[3]) / 2
    near_x, near_y = min(max(x, box[0]), box[2]), min(max(y, box[1]), box[3])
    apart = hypot(
        max(around[0] - box[2], box[0] - around[2], 0.0), max(around[1] - box[3], box[1] - around[3], 0.0)
    )
    if apart < LEADER_FROM_PX:
        return None
    return round(near_x, 2), round(near_y, 2), round(x, 2), round(y, 2)
