"""How a changed row bears on a check beside the shipped one. What cannot be compared is never called stricter."""

from typing import Any

from pydantic import BaseModel

from xzgis.catalogue.rules.tables import LEVELS
from xzgis.catalogue.terms.changes import Bearing, Column, Table

ORDER = (Bearing.WORDS, Bearing.STRICTER, Bearing.UNCLEAR, Bearing.LOOSER)


def bearing_of(table: Table, shipped: BaseModel | None, row: BaseModel) -> Bearing:
    """The gravest bearing of what differs between ``row`` and the ``shipped`` one; None: the city's own row.

    A new rule is never called stricter: pairs that were referred to an expert may be judged by it.
    """
    if shipped is None:
        return Bearing.UNCLEAR
    if not getattr(row, "enabled", True):
        return Bearing.LOOSER
    found = [
        _of_column(table.column(name) or Column(name), getattr(shipped, name), getattr(row, name))
        if name != "value"
        else _of_limit(row, getattr(shipped, name), getattr(row, name))
        for name in type(row).model_fields
        if getattr(shipped, name) != getattr(row, name)
    ]
    return max(found, key=ORDER.index, default=Bearing.WORDS)


def _of_column(column: Column, old: Any, new: Any) -> Bearing:
    found = Bearing.UNCLEAR
    match column.stricter:
        case "words":
            found = Bearing.WORDS
        case "more":
            found = _more(old, new)
        case "spread" if _more(old, new) is Bearing.LOOSER:
            # Wider, a breach may become one within tolerance; narrower, what was open may become clear.
            found = Bearing.LOOSER
        case "yes":
            found = Bearing.STRICTER if new else Bearing.LOOSER
        case "verified" if new != "verified":
            # The other way: a figure of memory called verified passes works without a remark; somebody answers for it.
            found = Bearing.LOOSER
        case "level":
            found = _more(LEVELS.index(old), LEVELS.index(new))
    return found


def _of_limit(row: Any, old: float, new: float) -> Bearing:
    """Each limit says of itself which way is looser."""
    if row.looser == "unclear":
        return Bearing.UNCLEAR
    if (new < old) == (row.looser == "less"):
        return Bearing.LOOSER
    return Bearing.STRICTER if row.otherwise_stricter else Bearing.UNCLEAR


def _more(old: Any, new: Any) -> Bearing:
    comparable = isinstance(old, int | float) and isinstance(new, int | float)
    return Bearing.STRICTER if comparable and new > old else Bearing.LOOSER
