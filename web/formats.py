"""How numbers, dates and sizes are written on the pages."""

from collections.abc import Callable
from datetime import datetime
from math import floor
from typing import Any

from xzgis.conflicts.reports.labels import along_other, is_place_withheld
from xzgis.conflicts.reports.mends import mend_words
from xzgis.conflicts.reports.sections.speech import metres, station
from xzgis.core.clock import city_time
from xzgis.core.words import Words
from xzgis.networks.rules.finding_words import head_of, value_words

UNKNOWN = "—"


def number(value: float | None, digits: int = 0) -> str:
    """A count or a measure with thousands separated."""
    return UNKNOWN if value is None else f"{value:,.{digits}f}"


def share(part: float) -> str:
    """A part of 1 in percent: whole, one decimal near the ends; all and nothing are said of nothing less."""
    percent = 100.0 * part + 1e-9
    if part <= 0.0:
        return "0 %"
    if percent < 0.1:
        return "< 0.1 %"
    digits = 1 if percent < 1.0 or 99.0 <= percent < 100.0 else 0
    return f"{floor(percent * 10**digits) / 10**digits:.{digits}f} %"


def moment(value: datetime | None) -> str:
    """A moment in the city's time."""
    return UNKNOWN if value is None else city_time(value)


def known(value: Any) -> str:
    """Any value, a dash when unknown."""
    return UNKNOWN if value is None or value == "" else str(value)


def prefixed(value: str, prefix: str) -> str:
    """``value`` behind ``prefix``: for names of messages in a list."""
    return prefix + value


def spoken(name: str, say: Callable[[str], str]) -> str:
    """The message ``name``."""
    return say(name)


def bearing_tone(bearing: str) -> str:
    """The tone in which a changed row is marked: red what is looser, amber what nobody can compare."""
    return {"looser": "bad", "unclear": "warn", "stricter": "info"}.get(bearing, "plain")


FILTERS: dict[str, Callable[..., str | Words | bool | None]] = {
    "along_other": along_other,
    "is_place_withheld": is_place_withheld,
    "bearing_tone": bearing_tone,
    "metres": metres,
    "number": number,
    "share": share,
    "chainage": station,
    "moment": moment,
    "known": known,
    "mend_words": mend_words,
    "value_words": value_words,
    "head_of": head_of,
    "prefixed": prefixed,
    "spoken": spoken,
}
