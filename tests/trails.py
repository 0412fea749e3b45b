"""Events and verdicts of tests of the trail."""

import time
from dataclasses import dataclass
from typing import ClassVar

from sqlalchemy import text

from tests.factories import an_actor
from xzgis.audit.actions.seal import MOST_ROWS
from xzgis.audit.jobs import Sealed, seal_trail, verify_trail
from xzgis.audit.record import Event
from xzgis.audit.terms import Verdict
from xzgis.core.db import transaction
from xzgis.core.settings import Settings

PATIENCE_S = 60.0
HELD_BACK = text(
    "select exists (select from audit_trail where transaction_id >= pg_snapshot_xmin(pg_current_snapshot())::text::bigint "
    "and transaction_id < pg_snapshot_xmax(pg_current_snapshot())::text::bigint)"
)


@dataclass(frozen=True)
class ThingMoved(Event):
    """A thing was moved."""

    name: ClassVar[str] = "tests.thing.moved"
    about: ClassVar[str] = "thing"
    by_m: float


def verdict_of(chosen: Settings) -> Verdict:
    """What a verification of the whole trail says now."""
    return verify_trail(chosen, actor=an_actor())


def wait_for_horizon() -> None:
    """Wait until every row may be sealed: a transaction open in any database of the server holds the horizon back."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        with transaction(an_actor()) as session:
            if not session.scalar(HELD_BACK):
                return
        time.sleep(0.05)


def seal_now(chosen: Settings, *, most: int = MOST_ROWS) -> Sealed:
    """Seal once every row may be."""
    wait_for_horizon()
    return seal_trail(chosen, most=most)
