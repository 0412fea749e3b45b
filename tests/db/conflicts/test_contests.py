"""A finding is contested: kept in one transaction with its trail, never changing the answer, lapsing with the facts."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import select, update

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_run
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.contest import (
    FindingNotFound,
    Objection,
    contest_finding,
    lapsed_contests,
    with_contests_of,
)
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.document import document
from xzgis.conflicts.reports.labels import contest_words
from xzgis.conflicts.terms import Outcome
from xzgis.core.errors import Invalid, NotFound
from xzgis.works.actions import change_work, remove_work, save_work, withdraw_contest
from xzgis.works.models import WorkContest
from xzgis.works.queries.saved import contests_of
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument


def a_document(off_m=0.4):
    run = NewRun(
        kind="gas", axis=((EAST_M + 5, NORTH_M + off_m), (EAST_M + 60, NORTH_M + off_m)),
        section=Section(diameter_mm=200), depth=Depth(cover_m=1.0), pressure_class="medium_A",
        ground_m=(31.0, 31.0),
    )  # fmt: skip
    return WorkDocument(name="近水管", runs=(run,))


@pytest.fixture
def work(session, actor):
    """A gas main beside a water main, saved."""
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add(a_run("water", batch_id=batch.id))
    session.flush()
    return save_work(session, actor=actor, document=a_document(), catalogue=catalogue(), now=NOW)


def checked(session, work_id, off_m=0.4):
    found = check_work(session, a_document(off_m), catalogue=catalogue())
    return with_contests_of(session, found, work_id).result


def breach_of(result):
    return next(one for one in result.findings if one.outcome is Outcome.BREACH)


def contest(session, actor, work, finding_id, reason="两管同沟，已有专项设计"):
    return contest_finding(
        session, actor=actor, work_id=work.id, said=Objection(finding_id, reason), catalogue=catalogue(),
        sources=Sources(), now=NOW,
    )  # fmt: skip


def test_a_contest_is_dated_by_the_day_of_the_city(session, actor, work):
    finding = breach_of(checked(session, work.id))
    late = datetime(2026, 11, 22, 20, 0, tzinfo=UTC)  # four in the morning of the next day
    contest_finding(
        session, actor=actor, work_id=work.id, said=Objection(finding.id, "已有专项设计"), catalogue=catalogue(),
        sources=Sources(), now=late,
    )  # fmt: skip

    contested = breach_of(checked(session, work.id))

    assert datetime.fromisoformat(contested.contest.at) == late
    assert "2026-11-23" in contest_words(contested, "zh")


def test_a_contest_stands_beside_the_finding_and_changes_no_count(session, actor, work):
    before = checked(session, work.id)
    finding = breach_of(before)

    contest(session, actor, work, finding.id)

    after = checked(session, work.id)
    assert after.counts == before.counts
    assert breach_of(after).outcome is Outcome.BREACH
    told = next(one for one in document(after)["findings"] if one["id"] == finding.id)
    assert told["contest"]["reason"] == "两管同沟，已有专项设计"
    assert told["contest"]["by"] == actor.name
    entry = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert (entry.event, entry.object_id) == ("works.finding.contested", str(work.id))
    assert entry.details["finding_id"] == finding.id


def test_a_contest_lapses_when_the_facts_change(session, actor, work):
    finding = breach_of(checked(session, work.id))
    contest(session, actor, work, finding.id)
    # What the finding rests on is another thing now.
    session.execute(update(WorkContest).values(facts="0" * 16))

    assert all(one.contest is None for one in checked(session, work.id).findings)


def test_a_lapsed_contest_is_told_apart_from_the_findings(session, actor, work):
    finding = breach_of(checked(session, work.id))
    contest(session, actor, work, finding.id, reason="已有专项设计")
    found = check_work(session, a_document(), catalogue=catalogue())
    standing = lapsed_contests(session, with_contests_of(session, found, work.id), work.id)
    session.execute(update(WorkContest).values(facts="0" * 16))

    (lapsed,) = lapsed_contests(session, with_contests_of(session, found, work.id), work.id)

    assert standing == ()
    assert (lapsed.finding_id, lapsed.contest.reason) == (finding.id, "已有专项设计")


def test_moving_the_line_leaves_the_contest_behind(session, actor, work):
    contest(session, actor, work, breach_of(checked(session, work.id)).id)

    change_work(
        session, actor=actor, work_id=work.id, document=a_document(0.5), catalogue=catalogue(), now=NOW
    )

    assert all(one.contest is None for one in checked(session, work.id, 0.5).findings)


def test_a_contest_is_withdrawn_and_its_reason_stays_in_the_trail(session, actor, work):
    finding = breach_of(checked(session, work.id))
    contest(session, actor, work, finding.id)

    withdraw_contest(session, actor=actor, work_id=work.id, finding_id=finding.id, now=NOW)

    assert breach_of(checked(session, work.id)).contest is None
    entry = session.scalars(select(TrailEntry).order_by(TrailEntry.id.desc())).first()
    assert entry.event == "works.contest.withdrawn"
    assert entry.details["reason"] == "两管同沟，已有专项设计"
    with pytest.raises(NotFound):
        withdraw_contest(session, actor=actor, work_id=work.id, finding_id=finding.id, now=NOW)


def test_without_a_reason_or_a_finding_nothing_is_kept(session, actor, work):
    finding = breach_of(checked(session, work.id))

    with pytest.raises(Invalid):
        contest(session, actor, work, finding.id, reason="  ")
    with pytest.raises(FindingNotFound):
        contest(session, actor, work, "f" * 16)

    assert contests_of(session, work.id) == []


def test_a_removed_work_takes_its_contests_along(session, actor, work):
    contest(session, actor, work, breach_of(checked(session, work.id)).id)

    remove_work(session, actor=actor, work_id=work.id, now=NOW)

    assert contests_of(session, work.id) == []
