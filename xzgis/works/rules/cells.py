"""What stands in a cell or a property: a figure, a text, or nothing."""

import math
from typing import Any

import numpy as np

from xzgis.networks.rules.numbers import figure


def as_figure(value: Any) -> float | None:
    """``value`` as a finite number, None where it is none: neither yes and no nor ``0_6`` are."""
    if isinstance(value, str):
        return figure(value)
    if isinstance(value, bool | np.bool_):
        return None
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: Any) -> str | None:
    """``value`` without blanks around it, None where nothing is left or it is no text."""
    return value.strip() or None if isinstance(value, str) else None
