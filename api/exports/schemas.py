"""Shapes of exports and requests for more ground."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from xzgis.exports.models import Export, ExportApproval
from xzgis.exports.terms import LONGEST_REASON, ApprovalState, Standing

Reason = Annotated[str, Field(min_length=2, max_length=LONGEST_REASON, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class RegisterIn(_In):
    """Which part of the register, and why; no kinds are all, ``box`` west,south,east,north in metres, EPSG:4548."""

    reason: Reason
    kinds: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=60)] = Field(
        default_factory=list
    )
    box: Annotated[str, Field(max_length=200)] | None = None


class ReasonIn(_In):
    """Why."""

    reason: Reason


class GroundIn(_In):
    """How much contiguous ground somebody wants to hold, and why."""

    km2: Annotated[float, Field(gt=0, le=100_000, allow_inf_nan=False)]
    reason: Reason


class DecisionIn(_In):
    """What a second person decides, and why."""

    approved: bool
    reason: Reason


class FileOut(_Out):
    """A file as it left."""

    name: str
    sha256: str
    size_bytes: int


class ExportOut(_Out):
    """What left: who took it, why, how secret; ``held_km2`` is the contiguous ground its person held with it."""

    number: int
    dataset: str
    file_format: str
    about: str
    reason: str | None
    grade: str
    records: int
    held_km2: float
    person: str
    unit_id: int | None
    acting_for: str | None
    via: str
    at: datetime
    withdrawn_at: datetime | None
    withdrawn_by: str | None
    withdrawn_reason: str | None
    files: list[FileOut]

    @classmethod
    def of(cls, export: Export) -> "ExportOut":
        """The export as it is answered."""
        return cls.model_validate(export)


class ExportPage(BaseModel):
    """Exports, the newest first; ``before`` leads to the next page. ``held_km2``: the asker's contiguous ground now."""

    items: list[ExportOut]
    before: int | None
    held_km2: float


class StandingOut(BaseModel):
    """What a file is. ``by_content`` false: found by its number alone, the content may have been altered."""

    standing: Standing
    number: int | None
    grade: str | None
    at: datetime | None
    by_content: bool
    words: str


class ApprovalOut(_Out):
    """A request to hold more contiguous ground, and its decision; an approval holds ``until``."""

    id: int
    asked_by: str
    asked_at: datetime
    reason: str
    km2: float
    state: ApprovalState
    decided_by: str | None
    decided_at: datetime | None
    decided_reason: str | None
    until: datetime | None

    @classmethod
    def of(cls, asked: ExportApproval) -> "ApprovalOut":
        """The request as it is answered."""
        return cls.model_validate(asked)
