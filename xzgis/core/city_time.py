"""The time of the city: China has one, eight hours before UTC, all year."""

from datetime import timedelta, timezone

CITY_TIME = timezone(timedelta(hours=8))
