"""What findings say of the existing runs they name, and the state of the data a check was computed with."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from xzgis.core.sql import binary_rows
from xzgis.networks.terms import Conditions, RunFacts


def run_facts(session: Session, ids: Sequence[int], *, as_of: datetime | None = None) -> dict[int, RunFacts]:
    """Facts of the runs ``ids`` by identity, as known now or at ``as_of``."""
    if not ids:
        return {}
    parameters: dict[str, object] = {"ids": list(ids)}
    if as_of is not None:
        parameters["as_of"] = as_of
    rows = binary_rows(session, "conflicts", "facts" if as_of is None else "facts_as_of", parameters)
    return {
        row[0]: RunFacts(
            run_id=row[0], label=row[1], owner=row[2], state=row[3], surveyed_on=row[4], batch=row[5], kind=row[6],
            conditions=Conditions(row[6], row[7], row[8], row[9], row[10], row[11]),
        )
        for row in rows
    }  # fmt: skip


def state_of_data(session: Session) -> tuple[str, bool]:
    """The version of the data, as the map names it, and whether invented sample data is in the register."""
    ((version, holds_invented),) = binary_rows(session, "conflicts", "state", {})
    return version, holds_invented
