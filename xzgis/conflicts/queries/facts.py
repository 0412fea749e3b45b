"""What findings say of the existing runs they name, and the state of the data a check was computed with."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from xzgis.networks.terms import Conditions, RunFacts


def state_asked(as_of: datetime | None = None) -> tuple[str, dict[str, object]]:
    """The statement of :func:`state_of` and its parameters, for asking it together with others."""
    return ("state", {}) if as_of is None else ("state_as_of", {"as_of": as_of})


def facts_of(rows: Sequence[tuple[Any, ...]], ids: Iterable[int]) -> dict[int, RunFacts]:
    """Facts of the runs ``ids`` by identity, from the ``rows`` of ``candidates.sql`` that hold them; chambers are none."""
    row_of = {row[0]: row for row in rows}
    return {run_id: _facts(row_of[run_id]) for run_id in ids if run_id in row_of}


def _facts(row: tuple[Any, ...]) -> RunFacts:
    kind, pressure_class, voltage_kv, burial, material, nominal_mm = row[5:11]
    label, owner, surveyed_on, batch = row[20:24]
    # Before the name of the batch the statement says whether it is displaced, and whether it is invented.
    displaced, invented, batch = ("0", "0", None) if batch is None else (batch[0], batch[1], batch[2:])
    return RunFacts(
        run_id=row[0], label=label, owner=owner, state=row[16], surveyed_on=surveyed_on, batch=batch, kind=kind,
        conditions=Conditions(kind, pressure_class, voltage_kv, burial, material, nominal_mm),
        is_displaced=displaced == "1", is_invented=invented == "1",
    )  # fmt: skip


def state_of(rows: Sequence[tuple[Any, ...]]) -> tuple[str, bool]:
    """The version of the data, as the map names it, and whether invented sample data is in the register."""
    ((version, holds_invented),) = rows
    return version, holds_invented
