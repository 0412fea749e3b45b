"""The military cable of the invented city: one may see it, everybody is stopped by it."""

import json

import pytest
from sqlalchemy import select

from tests.db.samples.test_load import a_store
from tests.factories import NOW, an_actor
from xzgis.catalogue.actions import sync_kinds
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.seen import check_for
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.settings import ROOT
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.models import Run
from xzgis.samples.actions.load import load_if_empty
from xzgis.samples.rules.secret import GRADE, OWNER, WORK_NAME
from xzgis.works.terms import WorkDocument

SHIPPED = ROOT / "data" / "sample"
CLEARED, ORDINARY = GRADE, 0


@pytest.fixture
def city(session, tmp_path):
    """The shipped sample, as a first start loads it."""
    sync_kinds(session, catalogue())
    load_if_empty(session, SHIPPED, actor=an_actor(), now=NOW, store=a_store(tmp_path))


def looking(grade: int) -> Actor:
    return Actor(name="looker", via="page", sight=Sight((DataRight("exact", secrecy=grade),), 20.0))


def seen(grade: int) -> set[str]:
    with transaction(looking(grade)) as session:
        return set(session.scalars(select(Run.label).where(Run.owner == OWNER)))


def checked(grade: int) -> tuple[dict[str, int], str]:
    """Counts of the check of the work that meets the cable, and its table as told to who asked."""
    document = WorkDocument.model_validate_json((SHIPPED / "works" / f"{WORK_NAME}.json").read_text("utf-8"))
    with transaction(looking(grade)) as session:
        found = check_for(session, looking(grade), document, catalogue=catalogue())
    return found.result.counts, json.dumps(str(found.result), ensure_ascii=False)


def test_the_cleared_alone_see_it_and_the_check_stops_everybody(city):
    assert seen(CLEARED) == {"JY-1", "JY-2"}
    assert seen(ORDINARY) == set()
    (true, told), (masked, kept) = checked(CLEARED), checked(ORDINARY)

    assert masked["breach"] == true["breach"] > 0
    assert OWNER in told
    assert [mark for mark in (OWNER, "JY-") if mark in kept] == []
