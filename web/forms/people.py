"""What forms of people and posts say, as values."""

from datetime import date, datetime, time, timedelta

from xzgis.core.clock import city_zone
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words


def until_of(day: str) -> datetime:
    """The end of a day in the city's time.

    Raises
    ------
    Invalid
        It is no day.
    """
    try:
        return datetime.combine(
            date.fromisoformat(day.strip()) + timedelta(days=1), time(), tzinfo=city_zone()
        )
    except (ValueError, OverflowError) as wrong:
        words = Words("请填写截止日期（年-月-日）。", "Give the last day (year-month-day).")
        raise Invalid(words, faults=(Fault(("until",), words),)) from wrong


def until_or_never(day: str) -> datetime | None:
    """The end of a day; None where none was given."""
    return until_of(day) if day.strip() else None
