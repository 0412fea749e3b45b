"""A file leaves with its record and its trail event, or not at all; ground is counted, approved, withdrawn."""

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW
from xzgis.audit.models import TrailEntry
from xzgis.catalogue.files import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, NotAllowed, WrongState
from xzgis.exports import queries
from xzgis.exports.actions import keeping
from xzgis.exports.actions.leaving import HeldBack, begin_export, exporting, finish_export, left_file
from xzgis.exports.models import Export
from xzgis.exports.terms import Begun, Leaving, Standing
from xzgis.identity.permissions import CONSOLE, Permission

RULES = catalogue().exports
ME = Actor(name="li", via="page", permissions=frozenset({Permission.EXPORTS_READ}))
CHIEF = Actor(name="chief", via="page", permissions=CONSOLE)


def square(km: float, *, at_km: float = 0.0) -> MultiPolygon:
    """A square of ``km`` kilometres a side, so far east of the middle of the test city."""
    west = EAST_M + at_km * 1000
    return MultiPolygon([box(west, NORTH_M, west + km * 1000, NORTH_M + km * 1000)])


def leaving(extent: MultiPolygon | None = None, **facts: Any) -> Leaving:
    given: dict[str, Any] = {"dataset": "register", "file_format": "gpkg", "records": 3, "reason": "验收"}
    return Leaving(extent=extent, **(given | facts))


def leave(
    session: Session, what: Leaving, *, actor: Actor = ME, content: bytes = b"x", now: Any = NOW
) -> Begun:
    begun = begin_export(session, actor=actor, what=what, rules=RULES, now=now)
    finish_export(session, actor=actor, begun=begun, files=[left_file("a.gpkg", content)])
    return begun


def approve(session: Session, km2: float, *, asker: Actor = ME, by: Actor = CHIEF) -> None:
    asked = keeping.ask_for_ground(session, actor=asker, km2=km2, reason="全区普查", now=NOW)
    keeping.decide_ground(
        session, actor=by, number=asked.id, approved=True, reason="已核", rules=RULES, now=NOW
    )


def test_what_left_is_kept_with_its_hash_and_stands_in_the_trail(session: Session) -> None:
    begun = leave(session, leaving(square(1)), content=b"content")

    kept = queries.export_of(session, begun.mark.number, actor=ME)
    told = session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.left")).one()
    assert (kept.person, kept.reason, kept.grade, kept.records) == ("li", "验收", "internal", 3)
    assert kept.files[0].sha256 == "ed7002b439e9ac845f22357d822bac1444730fbdb6016d3ec9432297b9ec9f73"
    assert (told.object_id, told.details["files"]["a.gpkg"]) == (str(kept.number), kept.files[0].sha256)
    assert told.place is not None
    assert begun.warning is None


@pytest.mark.parametrize("reason", ["", "  ", "x", "长" * 501, "\n\t"])
def test_no_reason_is_no_reason(session: Session, reason: str) -> None:
    with pytest.raises(Invalid):
        begin_export(session, actor=ME, what=leaving(reason=reason), rules=RULES, now=NOW)


def test_a_report_needs_no_reason_until_a_line_in_it_is_secret(session: Session) -> None:
    report = leaving(dataset="report", reason="", about="12 中山路")

    begun = leave(session, report)

    assert (begun.mark.grade, begun.what.reason) == ("internal", "")
    with pytest.raises(Invalid):
        begin_export(session, actor=ME, what=replace(report, record_grade=1), rules=RULES, now=NOW)


@pytest.mark.parametrize(
    ("record_grade", "grade"), [(0, "internal"), (1, "secret"), (2, "highly_secret"), (3, "top_secret")]
)
def test_the_grade_is_the_highest_of_what_is_in_it(session: Session, record_grade: int, grade: str) -> None:
    assert leave(session, leaving(record_grade=record_grade)).mark.grade == grade


def test_ground_is_warned_of_from_twenty_and_stopped_above_twenty_five(session: Session) -> None:
    first = leave(session, leaving(square(4)))  # 16 km²
    second = leave(session, leaving(square(2, at_km=4)))  # 20 km² together
    third = leave(session, leaving(square(5**0.5, at_km=6)))  # 25 km² exactly

    assert (first.warning, second.warning is None, third.warning is None) == (None, False, False)
    assert third.ground.with_km2 == pytest.approx(25.0)
    with pytest.raises(HeldBack):
        leave(session, leaving(square(0.1, at_km=6 + 5**0.5)))
    # The same ground again is no more ground.
    assert leave(session, leaving(square(4))).ground.with_km2 == pytest.approx(25.0)


def test_ground_elsewhere_of_others_and_of_long_ago_does_not_count(session: Session) -> None:
    leave(session, leaving(square(4.9)))

    assert leave(session, leaving(square(4.9, at_km=10))).warning is not None
    assert leave(session, leaving(square(4.9, at_km=5)), actor=replace(ME, name="wang")).ground.with_km2 < 25
    later = NOW + timedelta(days=366)
    assert leave(session, leaving(square(4.9, at_km=5)), now=later).ground.with_km2 < 25


def test_the_ground_held_now_is_the_largest_that_lies_together(session: Session) -> None:
    leave(session, leaving(square(2)))
    leave(session, leaving(square(1, at_km=2.1)))
    leave(session, leaving(square(2.1, at_km=9)))

    assert queries.held_km2(session, ME, rules=RULES, now=NOW) == pytest.approx(5.0)


def test_withdrawn_ground_counts_on(session: Session) -> None:
    begun = leave(session, leaving(square(4.9)))
    keeping.withdraw_export(session, actor=CHIEF, number=begun.mark.number, reason="误发", now=NOW)

    with pytest.raises(HeldBack):
        leave(session, leaving(square(2, at_km=4.9)))


def test_an_approval_reaches_as_far_as_it_says_for_some_days_and_makes_the_file_secret(
    session: Session,
) -> None:
    approve(session, 40)

    begun = leave(session, leaving(square(6)))  # 36 km²

    assert (begun.mark.grade, begun.ground.approved_km2) == ("secret", 40)
    with pytest.raises(HeldBack):
        leave(session, leaving(square(3, at_km=6)))
    with pytest.raises(HeldBack):
        leave(session, leaving(square(6)), now=NOW + timedelta(days=RULES.approval_days))
    with pytest.raises(HeldBack):
        leave(session, leaving(square(6)), actor=replace(ME, name="wang"))


def test_nobody_approves_his_own_request(session: Session) -> None:
    with pytest.raises(NotAllowed):
        approve(session, 40, asker=CHIEF)
    with pytest.raises(NotAllowed):
        approve(session, 40, by=replace(CHIEF, acting_for="li"))
    with pytest.raises(NotAllowed):
        approve(session, 40, by=replace(ME, name="wang"))


def test_the_database_itself_keeps_the_two_persons_apart(session: Session) -> None:
    asked = keeping.ask_for_ground(session, actor=ME, km2=40, reason="全区普查", now=NOW)
    asked.state, asked.decided_by, asked.decided_at, asked.until = "approved", "li", NOW, NOW

    with pytest.raises(IntegrityError):
        session.flush()


def test_a_request_is_decided_once(session: Session) -> None:
    asked = keeping.ask_for_ground(session, actor=ME, km2=40, reason="全区普查", now=NOW)
    said = {"actor": CHIEF, "number": asked.id, "reason": "不需要", "rules": RULES, "now": NOW}
    keeping.decide_ground(session, approved=False, **said)

    with pytest.raises(WrongState):
        keeping.decide_ground(session, approved=True, **said)
    with pytest.raises(HeldBack):
        leave(session, leaving(square(6)))


def test_what_was_held_back_leaves_nothing_but_the_try(session: Session) -> None:
    with pytest.raises(HeldBack), exporting(ME, now=NOW) as inner:
        leave(inner, leaving(square(6)))

    told = session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.held_back")).one()
    assert (told.result, told.actor, told.details["with_km2"]) == ("refused", "li", 36.0)
    assert session.scalar(select(func.count()).select_from(Export)) == 0


def test_a_withdrawn_file_is_told_by_hash_and_number(session: Session) -> None:
    begun = leave(session, leaving(), content=b"one")
    digest = queries.export_of(session, begun.mark.number, actor=ME).files[0].sha256
    before = keeping.verified(session, sha256=digest)

    keeping.withdraw_export(session, actor=CHIEF, number=begun.mark.number, reason="误发", now=NOW)

    assert (before.standing, before.by_content) == (Standing.VALID, True)
    assert keeping.verified(session, sha256=digest.upper()).standing is Standing.WITHDRAWN
    assert keeping.verified(session, number=begun.mark.number).standing is Standing.WITHDRAWN
    assert keeping.verified(session, sha256="0" * 64).standing is Standing.UNKNOWN
    assert session.scalars(select(TrailEntry).where(TrailEntry.event == "audit.export.withdrawn")).one()
    with pytest.raises(WrongState):
        keeping.withdraw_export(session, actor=CHIEF, number=begun.mark.number, reason="又一次", now=NOW)


def test_others_exports_are_not_there(session: Session) -> None:
    begun = leave(session, leaving())

    with pytest.raises(queries.ExportNotFound):
        queries.export_of(session, begun.mark.number, actor=replace(ME, name="wang"))
    assert queries.exports(session, actor=replace(ME, name="wang")) == []
    assert [one.number for one in queries.exports(session, actor=CHIEF)] == [begun.mark.number]


@pytest.mark.usefixtures("own_engine")
def test_two_at_once_do_not_both_find_room() -> None:
    start, outcomes = Barrier(2), []

    def take(at_km: float) -> None:
        start.wait()
        try:
            with transaction(ME) as session:
                leave(session, leaving(square(4, at_km=at_km)))
            outcomes.append("left")
        except HeldBack:
            outcomes.append("held")

    both = [Thread(target=take, args=(at_km,)) for at_km in (0.0, 4.0)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert sorted(outcomes) == ["held", "left"]
