"""Months of the trail: names of partitions, and how long they stay."""

import re
from datetime import UTC, date, datetime, timedelta

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

# Network logs are kept six months at least: Cybersecurity Law of the PRC, article on log retention.
LEAST_DAYS = 180
AHEAD = 3
NAME = re.compile(r"^audit_trail_(\d{4})_(\d{2})$")


def month_of(moment: datetime) -> date:
    """The first day of the month of a moment, in UTC."""
    there = moment.astimezone(UTC)
    return date(there.year, there.month, 1)


def after(month: date, months: int = 1) -> date:
    """The first day of a later month."""
    count = month.year * 12 + month.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def wanted(now: datetime) -> list[date]:
    """The months there must be a partition for: this one and the next ones."""
    first = month_of(now)
    return [after(first, step) for step in range(AHEAD + 1)]


def name_of(month: date) -> str:
    """The partition of a month."""
    return f"audit_trail_{month:%Y_%m}"


def bounds_of(name: str) -> tuple[datetime, datetime] | None:
    """Begin and end of the month of a partition; None for a table that is no month."""
    found = NAME.match(name)
    if found is None:
        return None
    first = date(int(found[1]), int(found[2]), 1)
    last = after(first)
    return datetime(first.year, first.month, 1, tzinfo=UTC), datetime(last.year, last.month, 1, tzinfo=UTC)


def day_of(text: str) -> date:
    """The day written as year-month-day.

    Raises
    ------
    Invalid
        It is none.
    """
    try:
        return date.fromisoformat(text.strip())
    except ValueError as error:
        raise Invalid(
            Words(f"“{text}”不是日期（年-月-日）。", f"{text!r} is no date (year-month-day).")
        ) from error


def check_retention(before: date, *, now: datetime, online_days: int) -> None:
    """Refuse to archive what must still be online.

    Raises
    ------
    Invalid
        ``before`` is less than the kept days ago.
    """
    days = max(online_days, LEAST_DAYS)
    latest = (now.astimezone(UTC) - timedelta(days=days)).date()
    if before > latest:
        raise Invalid(
            Words(
                f"审计记录须在线保存至少 {days} 天，只能归档 {latest} 之前的记录；请改用更早的日期。",
                f"The trail stays online for at least {days} days: only what is before {latest} can be archived; "
                "give an earlier date.",
            )
        )
