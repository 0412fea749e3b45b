"""A search of the trail as a person writes it: days of the city, a record as kind and number, a box on the map."""

from datetime import datetime, time, timedelta
from math import isfinite

from xzgis.audit.rules.months import day_of
from xzgis.audit.terms import Search
from xzgis.core.city_time import CITY_TIME
from xzgis.core.errors import Invalid
from xzgis.core.words import Words

# Where the storage CRS can be at all (EPSG:4548 over China), metres.
EAST_M = (200_000.0, 800_000.0)
NORTH_M = (1_500_000.0, 6_000_000.0)
LONGEST = 200


def search_of(
    *,
    person: str | None = None,
    event: str | None = None,
    record: str | None = None,
    since: str | None = None,
    until: str | None = None,
    box: str | None = None,
    result: str | None = None,
) -> Search:
    """The search; empty text stands for nothing asked.

    Parameters
    ----------
    record
        Kind and number as ``works.work/12``, or a kind alone.
    since, until
        Days as year-month-day in the city's time, both included.
    box
        West, south, east, north in metres, storage CRS, with commas between.

    Raises
    ------
    Invalid
        A day, a box or a result that is none.
    """
    kind, _, number = (record or "").strip().partition("/")
    if result not in (None, "", "done", "refused"):
        raise Invalid(Words("结果只能是 done 或 refused。", "The result is done or refused."))
    return Search(
        person=_text(person),
        event=_text(event),
        object_kind=_text(kind),
        object_id=_text(number),
        since=_begin(since) if since else None,
        until=_end(until) if until else None,
        result=result or None,
        box_m=box_of(box) if box and box.strip() else None,
    )


def box_of(text: str) -> tuple[float, float, float, float]:
    """West, south, east, north out of four numbers with commas between."""
    try:
        west, south, east, north = (float(part) for part in text.replace("，", ",").split(","))
    except ValueError:
        west = south = east = north = float("nan")
    numbers = (west, south, east, north)
    inside = EAST_M[0] <= west <= east <= EAST_M[1] and NORTH_M[0] <= south <= north <= NORTH_M[1]
    if not all(isfinite(one) for one in numbers) or not inside:
        raise Invalid(
            Words(
                f"“{text[:80]}”不是范围；请写西、南、东、北四个数，用逗号隔开（米，EPSG:4548）。",
                f"{text[:80]!r} is no box: write west,south,east,north in metres, EPSG:4548.",
            )
        )
    return numbers


def _text(given: str | None) -> str | None:
    cut = (given or "").replace("\0", "").strip()[:LONGEST]
    return cut or None


def _begin(text: str) -> datetime:
    return datetime.combine(day_of(text), time(), tzinfo=CITY_TIME)


def _end(text: str) -> datetime:
    try:
        return _begin(text) + timedelta(days=1)
    except OverflowError as error:
        raise Invalid(Words(f"“{text}”太晚。", f"{text!r} is too late.")) from error
