"""A report that is taken out stands in the trail, with its place."""

from typing import Any

import shapely
from geoalchemy2.shape import to_shape
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.works.test_actions import saved
from tests.factories import an_actor
from xzgis.audit.models import TrailEntry
from xzgis.networks.queries.tiles import data_version


def test_a_report_that_leaves_is_an_event_and_a_look_is_none(client: Any, session: Session) -> None:
    work = saved(session, an_actor())
    version = data_version(session)

    looked = client.get(f"/api/works/{work.id}/check")
    taken = client.get(f"/api/works/{work.id}/check", params={"format": "csv"})

    kept = session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.left")).one()
    assert (looked.status_code, taken.status_code) == (200, 200)
    assert kept.object_kind == "exports.export"
    assert (kept.details["dataset"], kept.details["file_format"]) == ("report", "csv")
    assert kept.details["subject"].startswith(str(work.id))
    assert kept.place is not None
    assert shapely.covers(to_shape(kept.place), to_shape(work.axis))
    assert data_version(session) == version
