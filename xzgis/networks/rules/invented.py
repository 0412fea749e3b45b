"""The mark of invented records that files carry in a column, so that no import loses it."""

from collections.abc import Sequence
from typing import Any

from xzgis.formats.features import FeatureFile

INVENTED = "is_invented"


def is_told(value: Any) -> bool:
    """Whether a cell says yes: formats keep a flag as true, 1 or a word."""
    return str(value).strip().casefold() in ("true", "1", "1.0", "yes", "t")


def says_invented(files: Sequence[FeatureFile]) -> bool:
    """Whether a layer of ``files`` says of any feature that it is invented."""
    frames = [layer.frame for file in files for layer in file.layers]
    return any(frame[INVENTED].map(is_told).any() for frame in frames if INVENTED in frame.columns)
