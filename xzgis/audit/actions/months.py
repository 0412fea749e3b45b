"""Months of the trail: made ahead of time."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from xzgis.audit.rules.months import name_of, wanted

ADD = text("select audit_add_partition(cast(:month as date))")


def add_months(session: Session, *, now: datetime) -> list[str]:
    """Make what is missing of this month and the next three; the names of the partitions made."""
    return [name_of(month) for month in wanted(now) if session.scalar(ADD, {"month": month})]
