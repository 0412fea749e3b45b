"""The storage CRS and the way in and out of it.

Storage is EPSG:4548 (CGCS2000, 3 degrees, central meridian 117 E, metres, east first). Transformers are
built with ``always_xy=True``. PROJ silently fakes unknown datum changes by copying latitude and longitude
("ballpark"); those are refused. Source: docs/decisions, coordinates notes section 3 (run on PROJ 9.5.1).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Transformer
from pyproj.exceptions import CRSError, ProjError
from pyproj.transformer import TransformerGroup

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

FloatArray = npt.NDArray[np.float64]
How = Literal["given", "header", "ranges", "extent", "asked", "displaced"]

STORAGE = "EPSG:4548"
GEOGRAPHIC = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class Displacement:
    """A delivery of another place laid over the city as displaced test data.

    Local metres of ``source`` (east, north) plus ``east_m, north_m`` give the storage CRS. It is no
    coordinate operation and says so wherever the batch is shown.
    """

    source: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True)
class CrsDecision:
    """In which system the delivered coordinates are, how that was decided, and on what evidence.

    ``decided`` is None when a person must say it; then nothing is placed. ``swapped_axes`` is True when
    the first delivered coordinate is the northing. ``warnings`` cannot be settled by figures alone.
    """

    decided: str | None
    how: How
    evidence: tuple[Words, ...] = ()
    swapped_axes: bool = False
    warnings: tuple[Words, ...] = ()
    displaced: Displacement | None = None
    candidates: tuple[str, ...] = ()
    height_datum: str = "unknown"
    extra: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """The decision as kept with the batch and printed by ``xzgis import --json``."""
        told: dict[str, Any] = {
            "decided": self.decided,
            "how": self.how,
            "evidence": [str(words) for words in self.evidence],
            "evidence_en": [words.en for words in self.evidence],
            "warnings": [str(words) for words in self.warnings],
            "warnings_en": [words.en for words in self.warnings],
            "swapped_axes": self.swapped_axes,
            "height_datum": self.height_datum,
        }
        if self.displaced is not None:
            told["displaced"] = {
                "source": self.displaced.source,
                "east_m": self.displaced.east_m,
                "north_m": self.displaced.north_m,
            }
        if self.candidates:
            told["candidates"] = list(self.candidates)
        return told
