"""The limits and factors of checks, put together from the rows that people read."""

from collections.abc import Iterable

from xzgis.catalogue.terms import Limits
from xzgis.catalogue.terms.limits import LimitValue

FIELDS = ("sigma_factor", "shallow_angle_deg")


def limits_of(rows: Iterable[LimitValue]) -> Limits:
    """Every limit by its name; those without which nothing is judged as fields of their own."""
    known = {row.token: row for row in rows}
    return Limits(
        **{name: known[name].value for name in FIELDS if name in known},
        values={name: row.value for name, row in known.items() if name not in FIELDS},
        sources={name: row.source for name, row in known.items()},
    )
