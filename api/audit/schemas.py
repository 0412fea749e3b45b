"""Shapes of the trail."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel

from xzgis.audit.models import TrailCheck, TrailEntry
from xzgis.audit.queries.state import TrailState
from xzgis.audit.queries.written import as_document
from xzgis.audit.terms import ChainSeal


class EntryOut(BaseModel):
    """One thing that happened. ``place`` is its box: west, south, east, north in metres, EPSG:4548."""

    id: int
    happened_at: datetime
    actor: str
    actor_id: int | None
    acting_for: str | None
    via: str
    address: str | None
    event: str
    object_kind: str | None
    object_id: str | None
    result: str
    place: list[float] | None
    details: dict[str, Any]

    @classmethod
    def of(cls, entry: TrailEntry) -> "EntryOut":
        """The entry as it is answered."""
        return cls.model_validate(as_document(entry))


class EntryPage(BaseModel):
    """Entries, the latest first; ``after`` leads to the next page. ``count`` 10001 is more than ten thousand."""

    items: list[EntryOut]
    after: str | None
    count: int


class SealOut(BaseModel):
    """A signed point of the chain."""

    number: int
    epoch: int
    pos: int
    sealed_at: datetime
    algorithm: str
    key_id: str
    hash: str

    @classmethod
    def of(cls, seal: ChainSeal) -> "SealOut":
        """The seal as it is answered."""
        return cls(
            number=seal.number, epoch=seal.epoch, pos=seal.pos, sealed_at=seal.sealed_at,
            algorithm=seal.algorithm, key_id=seal.key_id, hash=seal.hash.hex(),
        )  # fmt: skip


class StateOut(BaseModel):
    """How the keeping stands. ``waiting`` rows are not sealed yet; ``outside_months`` should be zero."""

    seal: SealOut | None
    sealed_rows: int
    waiting: int
    outside_months: int
    last_month: str | None
    oldest_open_s: float | None
    archived_months: list[str]

    @classmethod
    def of(cls, state: TrailState) -> "StateOut":
        """The state as it is answered."""
        return cls(
            seal=SealOut.of(state.seal) if state.seal else None, sealed_rows=state.sealed_rows,
            waiting=state.waiting, outside_months=state.outside_months, last_month=state.last_month,
            oldest_open_s=state.oldest_open_s, archived_months=[one.partition for one in state.archives],
        )  # fmt: skip


class CheckOut(BaseModel):
    """A verification: how far it is, and its verdict once it has ended."""

    id: int
    asked_by: str
    asked_at: datetime
    done: int
    total: int
    ended_at: datetime | None
    verdict: dict[str, Any] | None

    @classmethod
    def of(cls, check: TrailCheck) -> "CheckOut":
        """The verification as it is answered."""
        return cls.model_validate(check, from_attributes=True)
