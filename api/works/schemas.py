"""Shapes of saved works."""

from datetime import datetime

from pydantic import BaseModel

from xzgis.works.models import Work
from xzgis.works.queries.saved import document_of
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
    def of(cls, work: Work) -> "WorkOut":
        """The record as it is answered."""
        return cls(
            id=work.id,
            name=work.name,
            kind=work.kind,
            document=document_of(work),
            created_by=work.created_by,
            created_at=work.created_at,
            changed_at=work.changed_at,
            version=version_of(work),
        )


class WorkPage(BaseModel):
    """Saved works, the latest first; ``after`` leads to the next page, null when there is none."""

    items: list[WorkOut]
    after: str | None


def version_of(work: Work) -> str:
    """A word that changes with every change of the work."""
    return f"{work.changed_at.timestamp():.6f}".replace(".", "-")
