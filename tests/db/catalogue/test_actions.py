"""The database follows the kinds of layers/."""

from sqlalchemy import func, select

from xzgis.audit.models import TrailEntry
from xzgis.catalogue.actions import sync_kinds
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.models import Kind


def _entries(session) -> int:
    return session.scalar(
        select(func.count()).select_from(TrailEntry).where(TrailEntry.event == "catalogue.kinds.synchronised")
    )


def test_sync_kinds_writes_once_and_repairs(session):
    sync_kinds(session, catalogue())
    before = _entries(session)

    assert sync_kinds(session, catalogue()) is False
    assert _entries(session) == before
    session.get(Kind, "gas").zh = "煤气"
    session.flush()
    assert sync_kinds(session, catalogue()) is True
    assert session.get(Kind, "gas").zh == "燃气"
    assert set(session.scalars(select(Kind.token))) >= set(catalogue().kinds)
    assert _entries(session) == before + 1
