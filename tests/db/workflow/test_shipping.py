"""What comes with the product: the first version is in force, a later delivery waits for somebody to decide."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.db.workflow.test_changing import CHIEF, approved, number_at, proposed
from tests.factories import NOW
from tests.processes import a_process
from xzgis.catalogue.files import process_files
from xzgis.core.errors import Invalid
from xzgis.workflow import queries
from xzgis.workflow.actions.changing import decide_version
from xzgis.workflow.actions.shipping import sync_processes
from xzgis.workflow.models import ProcessVersion

FILE = "workflow/trial.bpmn"


def test_every_shipped_process_is_version_1_and_comes_once(session: Session) -> None:
    came = sync_processes(session, process_files(), now=NOW)

    assert len(came) == len(process_files()) == 4
    assert {one.number for one in queries.in_force(session, NOW)} == {1}
    assert sync_processes(session, process_files(), now=NOW) == ()
    assert queries.unknown_files(session, process_files()) == {}


def test_a_later_delivery_waits_and_changes_nothing_by_itself(session: Session) -> None:
    sync_processes(session, {FILE: a_process()}, now=NOW)
    approved(session, a_process(said="收件"), now=NOW)
    newer = {FILE: a_process(said="登记")}

    (waiting,) = sync_processes(session, newer, now=NOW)

    assert number_at(session, NOW) == 2
    assert sync_processes(session, newer, now=NOW) == ()
    made = decide_version(session, actor=CHIEF, version_id=waiting, approved=True, reason="已核对", now=NOW)
    assert (made.number, made.is_shipped, made.proposed_by) == (3, True, "system")


def test_a_delivery_that_was_refused_does_not_come_back(session: Session) -> None:
    sync_processes(session, {FILE: a_process()}, now=NOW)
    newer = {FILE: a_process(said="登记")}
    (waiting,) = sync_processes(session, newer, now=NOW)
    decide_version(session, actor=CHIEF, version_id=waiting, approved=False, reason="不适用", now=NOW)

    assert sync_processes(session, newer, now=NOW + timedelta(days=1)) == ()


def test_a_delivery_waits_behind_a_proposal_of_the_city(session: Session) -> None:
    sync_processes(session, {FILE: a_process()}, now=NOW)
    proposed(session, a_process(said="收件"))

    assert sync_processes(session, {FILE: a_process(said="登记")}, now=NOW) == ()


def test_a_file_that_is_not_sound_is_named(session: Session) -> None:
    with pytest.raises(Invalid, match=r"layers/workflow/trial\.bpmn"):
        sync_processes(session, {FILE: b"<a/>"}, now=NOW)
    assert session.scalar(select(func.count()).select_from(ProcessVersion)) == 0
