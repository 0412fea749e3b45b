"""Moments as people of the city read them."""

from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from xzgis.core.settings import settings


@lru_cache(maxsize=1)
def city_zone() -> ZoneInfo:
    """The time zone of the city, from the settings; JSON keeps ISO 8601 with its offset."""
    return ZoneInfo(settings().time_zone)


def city_time(moment: datetime) -> str:
    """A moment to the minute in the city's time."""
    return moment.astimezone(city_zone()).strftime("%Y-%m-%d %H:%M")
