"""What a route may ask for: who acts, the time, the reader's language."""

import getpass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Annotated

from fastapi import Depends, Request

from xzgis.core.actor import Actor
from xzgis.core.words import Language


@lru_cache(maxsize=1)
def _planner() -> str:
    """Name of the person at this installation: the user of the machine who started it."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "planner"


def actor() -> Actor:
    """On whose behalf a request of the API is done."""
    return Actor(name=_planner(), via="api")


def now() -> datetime:
    """The time of the request, with zone; rules are handed it and never ask a clock."""
    return datetime.now(UTC)


def language(request: Request) -> Language:
    """The language of the answer: ``Accept-Language`` by its weights, Chinese when it says nothing."""
    return preferred(request.headers.get("accept-language", ""))


def preferred(header: str) -> Language:
    """The better weighted of Chinese and English in an ``Accept-Language`` header; Chinese when equal."""
    best: tuple[float, Language] = (0.0, "zh")
    for part in header.split(","):
        tag, _, weight = part.strip().partition(";")
        spoken = tag.strip().lower().split("-")[0]
        if spoken not in ("zh", "en"):
            continue
        try:
            value = float(weight.strip().removeprefix("q=")) if weight else 1.0
        except ValueError:
            value = 0.0
        if value > best[0]:
            best = (value, "en" if spoken == "en" else "zh")
    return best[1]


ActorDep = Annotated[Actor, Depends(actor)]
NowDep = Annotated[datetime, Depends(now)]
LanguageDep = Annotated[Language, Depends(language)]
