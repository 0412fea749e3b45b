"""Which sorts of to-dos and notices there are, what each says, and how one is told and read."""

from xzgis.notices.terms.sorts import SORTS, Kind, Sort
from xzgis.notices.terms.telling import (
    WHATS,
    Addressee,
    Counts,
    Facts,
    Telling,
    Told,
    What,
    what_of,
    word,
)

__all__ = [
    "SORTS",
    "WHATS",
    "Addressee",
    "Counts",
    "Facts",
    "Kind",
    "Sort",
    "Telling",
    "Told",
    "What",
    "what_of",
    "word",
]
