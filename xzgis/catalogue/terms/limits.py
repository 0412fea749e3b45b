"""What ``layers/limits.toml`` says of each limit: its value, its bounds, and which way more may pass."""

from typing import Literal

from pydantic import Field

from xzgis.catalogue.terms import Named


class LimitValue(Named):
    """One limit or factor of layers/limits.toml: its value in ``unit`` between ``least`` and ``most``.

    ``looser``: which way more may pass; the other way is stricter only where ``otherwise_stricter`` says so.
    """

    value: float
    unit: str = ""
    least: float
    most: float
    looser: Literal["less", "more", "unclear"]
    otherwise_stricter: bool = False
    source: str = Field(min_length=1)
