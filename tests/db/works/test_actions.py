"""Saving, changing and removing planned works."""

import pytest
from sqlalchemy import select

from tests.factories import EAST_M, NORTH_M, NOW
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid, NotFound
from xzgis.works.actions import change_work, remove_work, save_work
from xzgis.works.queries.saved import document_of, saved_work, saved_works
from xzgis.works.terms import Excavation, NewRun, WorkDocument


def a_document(name="主干管", **facts):
    """A gas main of 100 m."""
    run = NewRun(kind="gas", axis=((EAST_M, NORTH_M), (EAST_M + 100, NORTH_M)), **facts)
    return WorkDocument(name=name, runs=(run,))


def saved(session, actor, document=None):
    return save_work(session, actor=actor, document=document or a_document(), catalogue=catalogue(), now=NOW)


def trail(session):
    return [
        (entry.event, entry.object_id)
        for entry in session.scalars(select(TrailEntry).order_by(TrailEntry.id))
    ]


def test_a_saved_work_comes_back_as_it_was(session, actor):
    work = saved(session, actor, a_document(pressure_class="medium_A"))
    session.expire_all()

    assert document_of(saved_work(session, work.id)) == a_document(pressure_class="medium_A")
    assert trail(session)[-1] == ("works.work.saved", str(work.id))


def test_a_change_keeps_both_documents_in_the_trail(session, actor):
    work = saved(session, actor)

    change_work(
        session, actor=actor, work_id=work.id, document=a_document("改线"), catalogue=catalogue(), now=NOW
    )

    entry = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert entry.event == "works.work.changed"
    assert [entry.details[side]["name"] for side in ("before", "after")] == ["主干管", "改线"]


def test_a_removed_work_is_gone_but_its_document_is_not(session, actor):
    work_id = saved(session, actor).id

    remove_work(session, actor=actor, work_id=work_id, now=NOW)

    with pytest.raises(NotFound):
        saved_work(session, work_id)
    entry = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert entry.details["document"]["name"] == "主干管"


def test_an_unsound_work_is_not_saved(session, actor):
    with pytest.raises(Invalid):
        saved(session, actor, a_document(pressure_class="strong"))

    assert saved_works(session, before=None, limit=10) == []


def test_a_mere_hole_can_be_saved(session, actor):
    hole = Excavation(
        outline=((EAST_M, NORTH_M), (EAST_M + 5, NORTH_M), (EAST_M + 5, NORTH_M + 5)), depth_m=2
    )

    assert saved(session, actor, WorkDocument(excavations=(hole,))).kind == "excavation"


def test_works_are_listed_latest_first_and_page_by_page(session, actor):
    ids = [saved(session, actor).id for _ in range(3)]

    first = saved_works(session, before=None, limit=2)
    rest = saved_works(session, before=first[-1].id, limit=2)

    assert [work.id for work in [*first, *rest]] == ids[::-1]
