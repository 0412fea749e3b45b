"""Months have names, bounds, and stay as long as the law wants."""

from datetime import UTC, date, datetime

import pytest

from xzgis.audit.rules.months import after, bounds_of, check_retention, name_of, wanted
from xzgis.core.errors import Invalid

NOW = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)


def test_this_month_and_the_next_three_are_wanted() -> None:
    assert wanted(NOW) == [date(2026, 11, 1), date(2026, 12, 1), date(2027, 1, 1), date(2027, 2, 1)]


@pytest.mark.parametrize(
    ("month", "expected"), [(date(2026, 12, 1), date(2027, 1, 1)), (date(2026, 1, 1), date(2026, 2, 1))]
)
def test_a_month_follows_the_one_before(month: date, expected: date) -> None:
    assert after(month) == expected


def test_a_partition_tells_its_month() -> None:
    name = name_of(date(2026, 12, 1))

    assert name == "audit_trail_2026_12"
    assert bounds_of(name) == (datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))
    assert bounds_of("audit_trail_default") is None


def test_exactly_the_kept_days_may_be_archived() -> None:
    check_retention(date(2026, 5, 26), now=NOW, online_days=180)
    with pytest.raises(Invalid, match="180"):
        check_retention(date(2026, 5, 27), now=NOW, online_days=180)


def test_fewer_days_than_the_law_wants_are_not_believed() -> None:
    with pytest.raises(Invalid):
        check_retention(date(2026, 11, 1), now=NOW, online_days=1)
