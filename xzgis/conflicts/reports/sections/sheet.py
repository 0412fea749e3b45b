"""From a scene in metres to positions in pixels: scales, ticks, labels that do not lie on each other."""

from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil, floor, log10

from xzgis.conflicts.reports.sections.labels import Board, Box, Label, beaded, text_width
from xzgis.conflicts.reports.sections.scene import Bar, Link, Mark, Scene, Strip
from xzgis.conflicts.reports.sections.speech import station

WIDTH_PX = 1000.0
LEFT_PX, RIGHT_PX, TOP_PX = 60.0, 20.0, 64.0
TITLE_PX, TITLE_AIR_PX = 16.0, 4.0
HEIGHT_PX = 340.0
TALLEST_PX = 4000.0
BAND_PX = 74.0
BAND_MARK_PX = 14.0
BAR_PX = 18.0
BAR_TEXT_PX = 30.0
CAPTION_PX, NOTE_PX, LINK_PX = 12.0, 11.0, 13.0
MM_PER_PX = 25.4 / 96
LONG_M = 2000.0
LEAST_PX = 2.5


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark on paper: centre, half sizes, and where its two lines of text stand.

    ``label`` is None where another mark in the same place says the same: two runs that meet in the cut.
    """

    mark: Mark
    x: float
    y: float
    rx: float
    ry: float
    unknown: bool
    part_known: bool
    label: Label | None = None

    @property
    def box(self) -> Box:
        """What the mark covers."""
        return self.x - self.rx, self.y - self.ry, self.x + self.rx, self.y + self.ry


@dataclass(frozen=True, slots=True)
class Joined:
    """A measured gap on paper, level or upright; ``label`` is None where another in the same place says the same.

    ``beside``: the thin line that leads from its end to a wall that lies higher, lower or aside.
    """

    link: Link
    x1: float
    y1: float
    x2: float
    y2: float
    beside: tuple[float, float, float, float] | None = None
    label: Label | None = None


@dataclass(frozen=True)
class Sheet:
    """A scene on paper, every position in pixels."""

    scene: Scene
    width: float
    height: float
    left: float
    right: float
    top: float
    floor: float
    band_top: float | None
    band_px: float
    bars_top: float
    exaggeration: float
    scale: int
    x_ticks: tuple[tuple[float, str], ...]
    y_ticks: tuple[tuple[float, float], ...]
    ground: str
    ground_shade: str
    strips: tuple[tuple[Strip, str], ...]
    marks: tuple[Placed, ...]
    links: tuple[Joined, ...]
    bars: tuple[tuple[Bar, float, float, float], ...]
    cursor: float | None

    @property
    def title_px(self) -> float:
        """How large the title is written, so that a long one does not run over the right edge."""
        room = self.width - self.left - TITLE_AIR_PX
        return round(min(TITLE_PX, TITLE_PX * room / max(text_width(self.scene.title, TITLE_PX), 1.0)), 2)


def ticks(low: float, high: float, count: int) -> list[float]:
    """Round values between two ends, about ``count`` of them."""
    span = max(high - low, 1e-6)
    power = 10.0 ** floor(log10(span / count))
    step = next(each * power for each in (1, 2, 5, 10) if span / (each * power) <= count)
    first, last = ceil(low / step - 1e-9), floor(high / step + 1e-9)
    return [round(at * step, 6) for at in range(first, last + 1)]


@dataclass(frozen=True, slots=True)
class Scales:
    """Metres to pixels, across and down; ``high_m`` is the level at the top of the frame."""

    across: float
    down: float
    high_m: float

    def x(self, at_m: float) -> float:
        """Pixels from the left for a place on the horizontal axis."""
        return round(LEFT_PX + at_m * self.across, 2)

    def y(self, level_m: float) -> float:
        """Pixels from the top for a level."""
        return round(TOP_PX + (self.high_m - level_m) * self.down, 2)


def lay_out(scene: Scene, *, true_scale: bool) -> Sheet:
    """Put ``scene`` on paper, with the vertical exaggeration that fills it, or none."""
    across = (WIDTH_PX - LEFT_PX - RIGHT_PX) / max(scene.length_m, 0.1)
    low, high = _levels(scene)
    down = across if true_scale else max(across, HEIGHT_PX / (high - low))
    scales = Scales(across=across, down=min(down, TALLEST_PX / (high - low)), high_m=high)
    floor_px = scales.y(low)
    rows = _bar_rows(scene.bars, least_m=BAR_TEXT_PX / across)
    ground = _ground(scene, scales)
    strips = tuple((strip, path) for strip in scene.strips for path in _strip_paths(strip, scales))
    marks, links = _labelled(scene, scales, _obstacles(ground, strips), band_top=floor_px)
    has_unknown = any(mark.unknown for mark in marks)
    band_px = _band(marks, floor_px) if has_unknown else 0.0
    bars_top = floor_px + band_px
    return Sheet(
        scene=scene, width=WIDTH_PX, height=bars_top + (max(rows, default=-1) + 1) * BAR_PX + 56,
        left=LEFT_PX, right=WIDTH_PX - RIGHT_PX, top=TOP_PX, floor=floor_px,
        band_top=floor_px if has_unknown else None, band_px=band_px, bars_top=bars_top,
        exaggeration=scales.down / scales.across, scale=round(1000 / (scales.across * MM_PER_PX)),
        x_ticks=tuple((scales.x(at), _tick_text(scene, at)) for at in ticks(0, scene.length_m, 18)),
        y_ticks=tuple((scales.y(level), level) for level in ticks(low, high, 9)),
        ground=" ".join(f"{x},{y}" for x, y in ground),
        ground_shade=" ".join(f"{x},{y}" for x, y in [*ground, (ground[-1][0], floor_px), (ground[0][0], floor_px)])
        if ground else "",
        strips=strips, marks=tuple(marks), links=tuple(links),
        bars=tuple((bar, scales.x(bar.from_m), max((bar.to_m - bar.from_m) * across, 4.0), bars_top + row * BAR_PX)
                   for bar, row in zip(scene.bars, rows, strict=True)),
        cursor=None if scene.cursor_m is None else scales.x(scene.cursor_m),
    )  # fmt: skip


def _tick_text(scene: Scene, at_m: float) -> str:
    return station(at_m) if scene.is_chainage and scene.length_m > LONG_M else f"{at_m:g}"


def _unknown(mark: Mark) -> bool:
    return mark.crown_m is None and mark.bottom_m is None


def _levels(scene: Scene) -> tuple[float, float]:
    """Lowest and highest level to show, with air around them; at least two metres."""
    found = [level for _, level in scene.ground]
    for mark in scene.marks:
        found += [level for level in (mark.crown_m, mark.bottom_m) if level is not None]
    for strip in scene.strips:
        found += [level for level in (*strip.crown_m, *strip.bottom_m) if level is not None]
    if not found:
        return -2.0, 0.5
    low, high = min(found) - 0.8, max(found) + 0.5
    return (low, high) if high - low >= 2 else (high - 2, high)


def _ground(scene: Scene, scales: Scales) -> list[tuple[float, float]]:
    """The line of the ground; level beyond its first and last known point."""
    if not scene.ground:
        return []
    known = [(0.0, scene.ground[0][1]), *scene.ground, (scene.length_m, scene.ground[-1][1])]
    return [(scales.x(at), scales.y(level)) for at, level in known]


def _strip_paths(strip: Strip, scales: Scales) -> list[str]:
    """One closed outline per stretch of a strip whose crown and bottom are known."""
    paths: list[str] = []
    upper: list[str] = []
    lower: list[str] = []
    for at, crown, bottom in [
        *zip(strip.at_m, strip.crown_m, strip.bottom_m, strict=True),
        (0.0, None, None),
    ]:
        if crown is not None and bottom is not None:
            upper.append(f"{scales.x(at)},{scales.y(crown)}")
            lower.append(f"{scales.x(at)},{scales.y(bottom)}")
            continue
        if len(upper) > 1:
            paths.append(" ".join([*upper, *reversed(lower)]))
        upper, lower = [], []
    return paths


def _bar_rows(bars: tuple[Bar, ...], *, least_m: float) -> list[int]:
    """The row of each bar, so that none lies on another; each takes at least the room of its number."""
    ends: list[float] = []
    rows: list[int] = []
    for bar in bars:
        row = next((at for at, end in enumerate(ends) if end <= bar.from_m), len(ends))
        ends[row : row + 1] = [max(bar.to_m, bar.from_m + least_m) + 1e-9]
        rows.append(row)
    return rows


def _obstacles(ground: list[tuple[float, float]], strips: tuple[tuple[Strip, str], ...]) -> list[Box]:
    """What words keep off besides the marks: the line of the ground, and runs seen from the side."""
    boxes: list[Box] = []
    for (x1, y1), (x2, y2) in pairwise(ground):
        boxes += beaded(x1, y1, x2, y2, thick=3.0)
    for _, path in strips:
        points = [(float(x), float(y)) for x, y in (pair.split(",") for pair in path.split())]
        for (x1, y1), (x2, y2) in pairwise([*points, points[0]]):
            boxes += beaded(x1, y1, x2, y2, thick=3.0)
    return boxes


def _labelled(
    scene: Scene, scales: Scales, taken: list[Box], *, band_top: float
) -> tuple[list[Placed], list[Joined]]:
    """Marks and failing pairs with their words: first the figures of the pairs, then the captions."""
    marks = [_shape(mark, scales, band_top) for mark in scene.marks]
    by_id = {each.mark.id: each for each in marks}
    links = [_joined(link, by_id, scales) for link in scene.links if _ends_known(link, by_id)]
    taken = taken + [each.box for each in marks]
    for link in links:
        taken += beaded(link.x1, link.y1, link.x2, link.y2, thick=4.0)
        taken += beaded(*link.beside, thick=2.0) if link.beside else []
    sides = LEFT_PX, WIDTH_PX - RIGHT_PX
    board = Board((sides[0], TOP_PX - 16, sides[1], band_top), taken)
    below = (sides[0], band_top + BAND_MARK_PX + 6, sides[1], band_top + TALLEST_PX)
    answer: list[Placed] = []
    said: set[tuple[object, ...]] = set()
    for each in sorted(marks, key=lambda each: (each.unknown, each.mark.tone == "plain", each.x)):
        words = each.mark.caption, each.mark.note
        same = (*words, round(each.x / 4), round(each.y / 4))
        if same in said:
            answer.append(each)
            continue
        said.add(same)
        width = max(text_width(words[0], CAPTION_PX), text_width(words[1], NOTE_PX))
        label = board.put(each.box, width=width, lines=2, frame=below if each.unknown else None)
        answer.append(replace(each, label=label))
    order = {mark.id: place for place, mark in enumerate(scene.marks)}
    answer.sort(key=lambda each: order[each.mark.id])
    return answer, _figures(links, board)


def _figures(links: list[Joined], board: Board) -> list[Joined]:
    """The pairs with their figures, each on a line of its own."""
    told: list[Joined] = []
    said: set[tuple[str, int, int]] = set()
    for link in links:
        x, y = (link.x1 + link.x2) / 2, (link.y1 + link.y2) / 2
        same = (link.link.text, round(x / 6), round(y / 6))
        label = None
        if same not in said:
            said.add(same)
            label = board.put((x, y, x, y), width=text_width(link.link.text, LINK_PX), lines=1)
        told.append(replace(link, label=label))
    return told


def _band(marks: list[Placed], top: float) -> float:
    """Height of the band of unknown depth: what its lowest label needs."""
    return max([BAND_PX, *(each.label.y + 14 + 10 - top for each in marks if each.unknown and each.label)])


def _shape(mark: Mark, scales: Scales, band_top: float) -> Placed:
    """Centre and half sizes of a mark; what is only half known is drawn at its known edge."""
    x = scales.x(mark.at_m)
    rx = max((mark.width_m or 0.0) * scales.across / 2, LEAST_PX)
    if mark.crown_m is not None and mark.bottom_m is not None:
        y1, y2 = scales.y(mark.crown_m), scales.y(mark.bottom_m)
        return Placed(
            mark, x, (y1 + y2) / 2, rx, max((y2 - y1) / 2, LEAST_PX), unknown=False, part_known=False
        )
    if _unknown(mark):
        return Placed(mark, x, band_top + BAND_MARK_PX, rx, 8, unknown=True, part_known=False)
    edge = scales.y(mark.crown_m if mark.crown_m is not None else mark.bottom_m or 0.0)
    return Placed(mark, x, edge, max(rx, 6.0), 6, unknown=False, part_known=True)


def _ends_known(link: Link, by_id: dict[str, Placed]) -> bool:
    return link.from_id in by_id and (link.to_id in by_id or link.to_level_m is not None)


def _joined(link: Link, by_id: dict[str, Placed], scales: Scales) -> Joined:
    """The gap between two walls: level from side to side, or upright from bottom to crown."""
    one = by_id[link.from_id]
    if link.to_id not in by_id:
        ground = scales.y(link.to_level_m or 0.0)
        return Joined(link=link, x1=one.x, y1=one.y - one.ry, x2=one.x, y2=ground)
    other = by_id[link.to_id]
    if link.along == "down":
        upper, lower = (one, other) if one.y <= other.y else (other, one)
        y1, y2 = upper.y + _half(upper), lower.y - _half(lower)
        aside = None if abs(upper.x - lower.x) < LEAST_PX else (upper.x, y2, lower.x, y2)
        return Joined(link=link, x1=upper.x, y1=y1, x2=upper.x, y2=y2, beside=aside)
    if one.unknown and not other.unknown:
        one, other = other, one
    way = 1.0 if other.x >= one.x else -1.0
    x1, x2 = one.x + way * _half_width(one, scales), other.x - way * _half_width(other, scales)
    led = None if abs(other.y - one.y) <= other.ry else (x2, one.y, x2, other.y)
    return Joined(link=link, x1=round(x1, 2), y1=one.y, x2=round(x2, 2), y2=one.y, beside=led)


def _half(placed: Placed) -> float:
    """From the middle of a mark to its wall, upright; a mark that is not drawn to scale is met at its middle."""
    return 0.0 if placed.unknown or placed.part_known else placed.ry


def _half_width(placed: Placed, scales: Scales) -> float:
    return (placed.mark.width_m or 0.0) * scales.across / 2
