"""Events and verdicts of tests of the trail."""

from dataclasses import dataclass
from typing import ClassVar

from tests.factories import an_actor
from xzgis.audit.jobs import verify_trail
from xzgis.audit.record import Event
from xzgis.audit.terms import Verdict
from xzgis.core.settings import Settings


@dataclass(frozen=True)
class ThingMoved(Event):
    """A thing was moved."""

    name: ClassVar[str] = "tests.thing.moved"
    about: ClassVar[str] = "thing"
    by_m: float


def verdict_of(chosen: Settings) -> Verdict:
    """What a verification of the whole trail says now."""
    return verify_trail(chosen, actor=an_actor())
