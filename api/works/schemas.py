"""Shapes of saved works."""

from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from xzgis.works.models import Work, WorkContest
from xzgis.works.terms import WorkDocument


class WorkOut(BaseModel):
    """A saved work. ``version`` is the word of its ``ETag``."""

    id: int
    name: str
    kind: str
    document: WorkDocument
    created_by: str
    created_at: datetime
    changed_at: datetime
    version: str

    @classmethod
    def of(cls, work: Work, document: WorkDocument) -> "WorkOut":
        """The record as it is answered, with its document as far as it may be seen."""
        return cls(
            id=work.id,
            name=work.name,
            kind=work.kind,
            document=document,
            created_by=work.created_by,
            created_at=work.created_at,
            changed_at=work.changed_at,
            version=version_of(work),
        )


class WorkPage(BaseModel):
    """Saved works, the latest first; ``after`` leads to the next page, null when there is none."""

    items: list[WorkOut]
    after: str | None


class ContestIn(BaseModel):
    """“I think this does not apply”: which finding, and why."""

    model_config = ConfigDict(extra="forbid")

    finding_id: str = Field(min_length=1, max_length=64, pattern=r"^[0-9a-f]+$")
    reason: str = Field(min_length=1, max_length=2000, pattern=r"^[^\x00]*$")


class ContestOut(BaseModel):
    """A contest as it is kept; whether it still holds is told beside the finding of a new check.

    ``reason`` is empty where it may speak of a line that the asker does not see.
    """

    finding_id: str
    reason: str
    by: str
    at: datetime

    @classmethod
    def of(cls, contest: WorkContest, *, finding_id: str, is_told: bool = True) -> "ContestOut":
        """The record as it is answered; ``finding_id``: its finding as it is named to the asker."""
        return cls(
            finding_id=finding_id, reason=contest.reason if is_told else "", by=contest.made_by,
            at=contest.made_at,
        )  # fmt: skip


def version_of(work: Work) -> str:
    """A word that changes with every change of the work."""
    return f"{work.changed_at.timestamp():.6f}".replace(".", "-")
