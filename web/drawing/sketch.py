"""Lines of a delivery as a small plan drawing: no map, no script."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 960.0
HEIGHT = 540.0
MARGIN = 24.0
GREY = "#6b7885"
BAR_SHARE = 0.25


@dataclass(frozen=True)
class Sketch:
    """``lines``: colour and path of each; ``bar``: length in metres and in drawing units of the scale bar."""

    lines: tuple[tuple[str, str], ...]
    bar_m: float
    bar: float
    width: float = WIDTH
    height: float = HEIGHT


def sketch(features: Sequence[Mapping[str, Any]], colours: Mapping[str, str]) -> Sketch:
    """The lines ``features`` (GeoJSON in the storage CRS) fitted into the sheet, north up."""
    every = [place for one in features for place in one["geometry"]["coordinates"]]
    if not every:
        return Sketch((), 0.0, 0.0)
    west, east = min(place[0] for place in every), max(place[0] for place in every)
    south, north = min(place[1] for place in every), max(place[1] for place in every)
    scale = min((WIDTH - 2 * MARGIN) / max(east - west, 1.0), (HEIGHT - 3 * MARGIN) / max(north - south, 1.0))
    left = (WIDTH - (east - west) * scale) / 2
    lines = tuple(
        (
            colours.get(str(one["properties"].get("kind")), GREY),
            "M" + "L".join(
                f"{left + (place[0] - west) * scale:.1f} {MARGIN + (north - place[1]) * scale:.1f}"
                for place in one["geometry"]["coordinates"]
            ),
        )
        for one in features
    )  # fmt: skip
    bar_m = round_length(WIDTH * BAR_SHARE / scale)
    return Sketch(lines, bar_m, bar_m * scale)


def round_length(most_m: float) -> float:
    """The longest of 1, 2, 5 times a power of ten that is not above ``most_m`` metres."""
    power = 1.0
    while power * 10 <= most_m:
        power *= 10
    while power > most_m:
        power /= 10
    return max(step * power for step in (1, 2, 5) if step * power <= most_m)
