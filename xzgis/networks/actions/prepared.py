"""Records that are already in the shape of the register: in as one accepted batch, without reading and checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pandas as pd
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.catalogue.queries import catalogue as catalogue_in_force
from xzgis.core.actor import Actor
from xzgis.networks.actions.beside import cover_as_told, write_roads
from xzgis.networks.actions.receiving import receive_batch
from xzgis.networks.actions.register import Written, write_records
from xzgis.networks.events import BatchAccepted
from xzgis.networks.models import Batch
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.told_points import kinds_told
from xzgis.networks.terms import BatchState
from xzgis.spatial.extent import extent_of


@dataclass(frozen=True)
class Prepared:
    """Frames in the shape of the register, geometry in the storage CRS.

    ``nodes`` and ``runs`` as :func:`xzgis.networks.actions.register.write_records` takes them; ``roads`` with
    ``part``, ``name``, ``shape``; ``coverage`` with ``kind``, ``area`` (multipolygon) and the facts of a coverage.
    """

    nodes: pd.DataFrame
    runs: pd.DataFrame
    roads: pd.DataFrame
    coverage: pd.DataFrame


def accept_prepared(
    session: Session,
    prepared: Prepared,
    *,
    actor: Actor,
    files: Sequence[dict[str, Any]],
    digest: str,
    options: dict[str, Any],
    now: datetime,
) -> tuple[Batch, Written]:
    """Take prepared records into the register as one batch that can be undone like any other.

    Raises
    ------
    WrongState
        The same contents (``digest``) are in the register already.
    Invalid
        The database refuses a record; nothing is written.
    """
    batch = receive_batch(session, actor=actor, files=files, digest=digest, options=options, now=now)
    written = write_records(session, batch_id=batch.id, nodes=prepared.nodes, runs=prepared.runs, now=now)
    write_roads(session, prepared.roads, batch_id=batch.id)
    cover_as_told(session, prepared.coverage, batch_id=batch.id, actor=actor, now=now)
    batch.state, batch.accepted_at, batch.progress_percent = BatchState.ACCEPTED, now, 100
    batch.points_told = sorted(
        kinds_told(prepared.nodes, prepared.runs, PartialCodes.of(catalogue_in_force()))
    )
    batch.crs = {"decided": "EPSG:4548", "how": "given", "evidence": [], "swapped_axes": False}
    batch.summary = {"points": len(prepared.nodes), "lines": len(prepared.runs)}
    event = BatchAccepted(
        object_id=str(batch.id),
        nodes=len(prepared.nodes),
        runs=len(prepared.runs),
        points_left_out=0,
        lines_left_out=0,
    )
    place = extent_of(prepared.nodes["place"], prepared.runs["axis"])
    record(session, actor=actor, event=event, now=now, place=place)
    session.flush()
    return batch, written
