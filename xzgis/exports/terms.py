"""Words of exports: what leaves, the mark it bears, what is kept of it, how much ground a person holds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from shapely import MultiPolygon

from xzgis.core.clock import city_time
from xzgis.core.words import Words

M2_PER_KM2 = 1_000_000.0
LONGEST_REASON = 500


class ApprovalState(StrEnum):
    """How a request to take more ground stands."""

    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"


class Standing(StrEnum):
    """What a verification says of a file."""

    VALID = "valid"
    WITHDRAWN = "withdrawn"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Leaving:
    """What is about to leave.

    Attributes
    ----------
    dataset
        Token of ``layers/exports.toml``.
    about
        What it speaks of: name or number of a work, number of a batch; empty for none.
    record_grade
        The highest grade of secrecy of its records, 0 for none.
    extent
        The ground it holds, in whole cells, storage CRS; None where it has no place or is not counted.
    reason
        What the person typed; empty when nothing was.
    """

    dataset: str
    file_format: str
    records: int
    about: str = ""
    record_grade: int = 0
    extent: MultiPolygon | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LeftFile:
    """A file as it left."""

    name: str
    sha256: str
    size_bytes: int


@dataclass(frozen=True, slots=True)
class Mark:
    """The watermark: what every file of an export says of itself. ``token`` is not to be guessed from the number."""

    number: int
    person: str
    acting_for: str | None
    at: datetime
    grade: str
    grade_words: Words
    dataset_words: Words
    token: str

    @property
    def words(self) -> Words:
        """The mark as one line in both languages."""
        who = f"{self.person}（代 {self.acting_for}）" if self.acting_for else self.person
        for_whom = f"{self.person} for {self.acting_for}" if self.acting_for else self.person
        at = city_time(self.at)
        return Words(
            f"导出 {self.number} · {self.grade_words.zh} · {who} · {at} · 未经许可不得转交",
            f"Export {self.number} · {self.grade_words.en} · {for_whom} · {at} · not to be passed on",
        )

    @property
    def line(self) -> str:
        """Both languages on one line."""
        return f"{self.words.zh} | {self.words.en}"

    def document(self) -> dict[str, Any]:
        """The mark as JSON-ready values."""
        return {
            "number": self.number,
            "person": self.person,
            "acting_for": self.acting_for,
            "at": self.at.isoformat(),
            "grade": self.grade,
            "token": self.token,
            "zh": self.words.zh,
            "en": self.words.en,
        }


@dataclass(frozen=True, slots=True)
class Ground:
    """Contiguous ground of a person with a new extent in it, km²: before, with it, and how much of it is approved."""

    before_km2: float
    with_km2: float
    approved_km2: float = 0.0


@dataclass(frozen=True, slots=True)
class Begun:
    """An export that may leave: its mark, the ground its person holds with it, and a warning for the person or None."""

    what: Leaving
    mark: Mark
    ground: Ground
    warning: Words | None
