"""How kinds look in tables and on the map of a report."""

from dataclasses import dataclass

from xzgis.core.words import Words


@dataclass(frozen=True)
class Dress:
    """How kinds are named and drawn: their words and screen colours by token."""

    kinds: dict[str, Words]
    colours: dict[str, str]
