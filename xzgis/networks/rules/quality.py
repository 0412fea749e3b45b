"""How good the data of one owner and kind are, as one number from parts that anybody can count again.

The definition is ours (docs/datasets.md, decision 0070): no standard gives one. Shares are of length in plan; what is
unknown counts as bad, never as well.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

#: What each share weighs, by how much a check for conflicts rests on it; together 1.
WEIGHTS: Final[Mapping[str, float]] = MappingProxyType(
    {"levels": 0.35, "size": 0.20, "position": 0.20, "agreement": 0.10, "recent": 0.10, "material": 0.05}
)
#: A level that was taken from a rule or another line, not from this one.
BORROWED_LEVELS: Final = ("standard_depth", "depth_from_one_point")
CONTRADICTED: Final = ("level_column_contradicts_rule",)
RECENT_YEARS: Final = 10


@dataclass(frozen=True, slots=True)
class Dataset:
    """The lines of one kind and owner, as far as the asker sees them whole. Lengths in metres in plan.

    Attributes
    ----------
    owner
        None: nobody said whose.
    bad_m
        By the name of each part of the score, the length that does not have it.
    surveyed_on, undated_m
        The latest day of survey, and the length of lines without one.
    accepted_at
        When the latest delivery with lines of it was accepted.
    grade
        The highest grade of secrecy of a record, 0 to 3.
    left_out
        Rows with an error in the deliveries it came from: they are not in the register.
    """

    kind: str
    owner: str | None
    runs: int
    length_m: float
    bad_m: Mapping[str, float]
    surveyed_on: date | None
    undated_m: float
    accepted_at: datetime | None
    grade: int
    left_out: int
    is_invented: bool

    def share(self, part: str) -> float:
        """The share of the length that has one part of the score, 0 to 1."""
        return 1.0 - self.bad_m[part] / self.length_m

    @property
    def score(self) -> int:
        """0 to 100, never rounded up: the weighted shares, times the share of delivered rows that came in."""
        shares = sum(weight * self.share(part) for part, weight in WEIGHTS.items())
        # A hair's breadth for the sum of the weights, which is 0.9999… in binary.
        return int(100 * shares * self.runs / (self.runs + self.left_out) + 1e-9)
