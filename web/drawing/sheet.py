"""From a scene in metres to positions in pixels: scales, ticks, labels that do not lie on each other."""

from dataclasses import dataclass, replace
from math import ceil, floor, log10

from web.drawing.scene import Bar, Link, Mark, Scene, Strip

WIDTH_PX = 1000.0
LEFT_PX, RIGHT_PX, TOP_PX = 60.0, 20.0, 64.0
HEIGHT_PX = 340.0
TALLEST_PX = 4000.0
BAND_PX = 74.0
BAR_PX = 18.0
BAR_TEXT_PX = 30.0
LABEL_PX = (7.2, 15.0)
MM_PER_PX = 25.4 / 96


@dataclass(frozen=True, slots=True)
class Placed:
    """A mark on paper: centre, half sizes, and where its two lines of text stand."""

    mark: Mark
    x: float
    y: float
    rx: float
    ry: float
    text_x: float
    text_y: float
    unknown: bool
    part_known: bool


@dataclass(frozen=True, slots=True)
class Joined:
    """A failing pair on paper."""

    link: Link
    x1: float
    y1: float
    x2: float
    y2: float


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
    bars_top: float
    exaggeration: float
    scale: int
    x_ticks: tuple[tuple[float, float], ...]
    y_ticks: tuple[tuple[float, float], ...]
    ground: str
    ground_shade: str
    strips: tuple[tuple[Strip, str], ...]
    marks: tuple[Placed, ...]
    links: tuple[Joined, ...]
    bars: tuple[tuple[Bar, float, float, float], ...]
    cursor: float | None


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
    has_unknown = any(_unknown(mark) for mark in scene.marks)
    bars_top = floor_px + (BAND_PX if has_unknown else 0)
    rows = _bar_rows(scene.bars, least_m=BAR_TEXT_PX / across)
    marks = _place_marks(scene.marks, scales, band_top=floor_px)
    by_id = {placed.mark.id: placed for placed in marks}
    ground = _ground(scene, scales)
    return Sheet(
        scene=scene, width=WIDTH_PX, height=bars_top + (max(rows, default=-1) + 1) * BAR_PX + 56,
        left=LEFT_PX, right=WIDTH_PX - RIGHT_PX, top=TOP_PX, floor=floor_px,
        band_top=floor_px if has_unknown else None, bars_top=bars_top,
        exaggeration=scales.down / scales.across, scale=round(1000 / (scales.across * MM_PER_PX)),
        x_ticks=tuple((scales.x(at), at) for at in ticks(0, scene.length_m, 18)),
        y_ticks=tuple((scales.y(level), level) for level in ticks(low, high, 9)),
        ground=" ".join(f"{x},{y}" for x, y in ground),
        ground_shade=" ".join(f"{x},{y}" for x, y in [*ground, (ground[-1][0], floor_px), (ground[0][0], floor_px)])
        if ground else "",
        strips=tuple((strip, path) for strip in scene.strips for path in _strip_paths(strip, scales)),
        marks=tuple(marks),
        links=tuple(_joined(link, by_id) for link in scene.links
                    if link.from_id in by_id and link.to_id in by_id),
        bars=tuple((bar, scales.x(bar.from_m), max((bar.to_m - bar.from_m) * across, 4.0), bars_top + row * BAR_PX)
                   for bar, row in zip(scene.bars, rows, strict=True)),
        cursor=None if scene.cursor_m is None else scales.x(scene.cursor_m),
    )  # fmt: skip


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


def _place_marks(marks: tuple[Mark, ...], scales: Scales, *, band_top: float) -> list[Placed]:
    taken: list[tuple[float, float, float, float]] = []
    placed = [_shape(mark, scales, band_top) for mark in marks]
    taken += [
        (each.x - each.rx, each.y - each.ry, each.x + each.rx, each.y + each.ry)
        for each in placed
        if not each.unknown
    ]
    answer = []
    for each in placed:
        text_x, text_y = _text_place(each, taken, limit=None if each.unknown else band_top)
        answer.append(replace(each, text_x=text_x, text_y=text_y))
    return answer


def _shape(mark: Mark, scales: Scales, band_top: float) -> Placed:
    """Centre and half sizes of a mark; what is only half known is drawn at its known edge."""
    x = scales.x(mark.at_m)
    rx = max((mark.width_m or 0.0) * scales.across / 2, 2.5)
    if mark.crown_m is not None and mark.bottom_m is not None:
        y1, y2 = scales.y(mark.crown_m), scales.y(mark.bottom_m)
        return Placed(
            mark, x, (y1 + y2) / 2, rx, max((y2 - y1) / 2, 2.5), 0, 0, unknown=False, part_known=False
        )
    if _unknown(mark):
        return Placed(mark, x, band_top + 14, rx, 8, 0, 0, unknown=True, part_known=False)
    edge = scales.y(mark.crown_m if mark.crown_m is not None else mark.bottom_m or 0.0)
    return Placed(mark, x, edge, max(rx, 6.0), 6, 0, 0, unknown=False, part_known=True)


def _text_place(
    each: Placed, taken: list[tuple[float, float, float, float]], *, limit: float | None
) -> tuple[float, float]:
    """Where the two lines of text stand: below, above, then aside, the first place that is free."""
    half = max(len(each.mark.caption) * LABEL_PX[0], len(each.mark.note) * LABEL_PX[0], 30) / 2
    tall = 2 * LABEL_PX[1]
    below, above = each.y + each.ry + 2, each.y - each.ry - tall - 4
    tries = [
        (each.x + dx, base + dy)
        for dy in (0.0, 18.0, 36.0, 54.0)
        for dx in (0.0, -half - 4, half + 4)
        for base, dy in ((below, dy), (above, -dy))
    ]
    for x, y in tries:
        x = min(max(x, LEFT_PX + half), WIDTH_PX - RIGHT_PX - half)
        box = (x - half, y, x + half, y + tall)
        fits = y > TOP_PX - 20 and (limit is None or y + tall < limit)
        if fits and not any(_overlap(box, other) for other in taken):
            taken.append(box)
            return round(x, 2), round(y + LABEL_PX[1] - 3, 2)
    # No free place: beneath the mark all the same; the table beside the drawing says everything.
    return round(min(max(each.x, LEFT_PX + half), WIDTH_PX - RIGHT_PX - half), 2), round(
        below + LABEL_PX[1], 2
    )


def _overlap(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]


def _joined(link: Link, by_id: dict[str, Placed]) -> Joined:
    one, other = by_id[link.from_id], by_id[link.to_id]
    return Joined(link=link, x1=one.x, y1=one.y, x2=other.x, y2=other.y)
