"""The trail takes what happened, and never gives it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.audit.record import Event, record
from xzgis.core.actor import Actor


@dataclass(frozen=True)
class ThingMoved(Event):
    """A thing was moved."""

    name: ClassVar[str] = "tests.thing.moved"
    about: ClassVar[str] = "thing"
    by_m: float


def test_record_keeps_who_what_and_when(session: Session, actor: Actor, now: datetime) -> None:
    record(session, actor=actor, event=ThingMoved(object_id="7", by_m=1.5), now=now)
    session.flush()

    entry = session.scalars(select(TrailEntry)).one()

    assert (entry.actor, entry.event, entry.object_id) == ("tester", "tests.thing.moved", "7")
    assert entry.details == {"by_m": 1.5}
    assert entry.happened_at == now


@pytest.mark.parametrize(
    "statement",
    ["update audit_trail set actor = 'nobody'", "delete from audit_trail", "truncate audit_trail"],
)
def test_trail_refuses_to_be_changed(session: Session, actor: Actor, now: datetime, statement: str) -> None:
    record(session, actor=actor, event=ThingMoved(object_id="7", by_m=1.5), now=now)
    session.flush()

    with pytest.raises(ProgrammingError, match="append-only"):
        session.execute(text(statement))
