"""Shapes of background jobs."""

from datetime import datetime

from pydantic import BaseModel

from xzgis.core.queued import Queued
from xzgis.core.words import Language, Words


class JobOut(BaseModel):
    """A job; ``percent`` while it is being done and tells, ``cause`` once it failed. What it works on is not told."""

    number: int
    job: str
    queue: str
    state: str
    attempts: int
    asked_by: str | None
    percent: int | None
    cause: str | None
    queued_at: datetime | None
    changed_at: datetime | None

    @classmethod
    def of(cls, one: Queued, *, percent: int | None, cause: Words | None, language: Language) -> "JobOut":
        """The job as it is answered."""
        return cls(
            number=one.number, job=one.name, queue=one.queue, state=one.state, attempts=one.attempts,
            asked_by=one.asked_by, percent=percent, cause=None if cause is None else cause.spoken(language),
            queued_at=one.queued_at, changed_at=one.changed_at,
        )  # fmt: skip


class JobPage(BaseModel):
    """Jobs, the latest first; ``before`` leads to the next page."""

    items: list[JobOut]
    before: int | None


class PeriodicOut(BaseModel):
    """What is done when (cron, UTC), when it was last due, and where that job stands."""

    job: str
    cron: str
    last_at: datetime | None
    last_state: str | None


class TimetableOut(BaseModel):
    """The timetable, and how many workers said lately that they live."""

    workers: int
    items: list[PeriodicOut]
