"""The plan of a checked work without map or script: lines around it, its own line, the numbers of its findings."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any

from web.drawing.sketch import round_length
from xzgis.conflicts.reports.drawing import drawing_of, local
from xzgis.conflicts.reports.sections.spoken import TONES
from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.terms import Finding

WIDTH, HEIGHT, MARGIN = 960.0, 480.0, 40.0
AROUND_M = 6.0
BAR_SHARE = 0.25
STROKES = {"bad": "#b00020", "warn": "#8a5300", "ask": "#3d3a6b", "plain": "#16202b"}
NEW, OTHER = "#16202b", "#6b7885"
NEAR_PX = 18.0


@dataclass(frozen=True)
class Plan:
    """Strokes as colour, width and path, numbers as place, colour and text; all in pixels, north up."""

    strokes: tuple[tuple[str, float, str], ...]
    numbers: tuple[tuple[float, float, str, int], ...]
    bar_m: float
    bar: float
    width: float = WIDTH
    height: float = HEIGHT


def plan_of(checked: Checked, numbered: list[tuple[int, Finding]], colours: Mapping[str, str]) -> Plan:
    """The plan that fits the new lines and a strip around them."""
    drawing = drawing_of(checked.work.runs, checked.existing)
    holes = [hole.outline_m.tolist() for hole in checked.work.holes]
    own = [one["geometry"]["coordinates"] for one in drawing.new] + [[*hole, hole[0]] for hole in holes]
    every = list(chain.from_iterable(own)) or [[0.0, 0.0]]
    west, east = min(at[0] for at in every) - AROUND_M, max(at[0] for at in every) + AROUND_M
    south, north = min(at[1] for at in every) - AROUND_M, max(at[1] for at in every) + AROUND_M
    scale = min((WIDTH - 2 * MARGIN) / (east - west), (HEIGHT - 2 * MARGIN) / (north - south))
    left, top = (WIDTH - (east - west) * scale) / 2, (HEIGHT - (north - south) * scale) / 2

    def spot(place: Any) -> tuple[float, float]:
        return round(left + (place[0] - west) * scale, 1), round(top + (north - place[1]) * scale, 1)

    def path(line: Any) -> str:
        return "M" + "L".join(f"{x} {y}" for x, y in map(spot, line))

    strokes = [
        (colours.get(one["properties"]["kind"], OTHER), 2.0, path(one["geometry"]["coordinates"]))
        for one in drawing.existing
    ]
    strokes += [(NEW, 5.0, path(line)) for line in own]
    numbers: list[tuple[float, float, str, int]] = []
    for number, one in numbered:
        if one.advisory or one.outcome not in TONES:
            continue
        lines = _lines(local(one.geometry, drawing.origin_m))
        colour = STROKES[TONES[one.outcome]]
        strokes += [(colour, 3.0, path(line if len(line) > 1 else [*line, *line])) for line in lines]
        x, y = spot([sum(end) / 2 for end in zip(lines[0][0], lines[0][-1], strict=True)])
        same = sum(abs(x - other[0]) < NEAR_PX for other in numbers)
        numbers.append((x, y - 8 - 15 * same, colour, number))
    bar_m = round_length(WIDTH * BAR_SHARE / scale)
    return Plan(tuple(strokes), tuple(numbers), bar_m, bar_m * scale)


def _lines(shape: Mapping[str, Any]) -> list[list[list[float]]]:
    """The lines of a finding's geometry, a point as a line of one place."""
    at = shape["coordinates"]
    if shape["type"] == "Point":
        return [[at]]
    return [at] if shape["type"] == "LineString" else at
