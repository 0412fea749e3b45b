"""What happens is told once to whom it concerns, in the transaction of its cause, and goes when its cause is done."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, an_actor
from tests.people import PASSWORD, THE_CONSOLE, a_person, a_post, an_organisation, inside, tries
from xzgis.audit.actions.controlling import note_failure
from xzgis.audit.events import TrailVerified
from xzgis.audit.record import record
from xzgis.core import db
from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.clock import city_time
from xzgis.core.errors import WrongState
from xzgis.core.jobs import defer
from xzgis.core.words import Words
from xzgis.identity import actions as identity
from xzgis.identity.permissions import allowed_to
from xzgis.identity.terms import DelegationAsked, Role
from xzgis.networks.events import BatchAccepted, BatchCancelled, BatchRead
from xzgis.networks.terms import BatchState
from xzgis.notices import queries
from xzgis.notices.actions import telling as actions
from xzgis.notices.rules import sentence_of
from xzgis.notices.terms import Told, What
from xzgis.reactions.actions.coming import look_ahead
from xzgis.reactions.actions.soundness import tell_soundness

FULL = Words("磁盘已满。", "The disk is full.")
LATER = NOW + timedelta(hours=1)


def somebody(number: int, *roles: Role, name: str = "somebody") -> Actor:
    return Actor(name=name, via="page", id=number, permissions=allowed_to(roles))


def seen(session: Session, actor: Actor, what: What = "todo") -> list[Told]:
    return queries.listed(session, actor=actor, what=what)


def kinds(session: Session, actor: Actor, what: What = "notice") -> list[str]:
    return [each.kind for each in seen(session, actor, what)]


def a_read_batch(session: Session, *, maker: str = "surveyor", errors: int = 0) -> str:
    batch = a_batch(name="普查")
    batch.state = BatchState.REFUSED if errors else BatchState.READ
    batch.created_by = maker
    session.add(batch)
    session.flush()
    found = {"error": errors} if errors else {}
    record(session, actor=SYSTEM, event=BatchRead(str(batch.id), 3, 2, found), now=NOW)
    return str(batch.id)


def test_a_batch_waits_once_for_whoever_may_accept(session: Session) -> None:
    number = a_read_batch(session)
    record(session, actor=SYSTEM, event=BatchRead(number, 4, 2, {}), now=LATER)

    for keeper in (somebody(1, Role.DATA_KEEPER), somebody(2, Role.DATA_KEEPER)):
        (waiting,) = seen(session, keeper)
        assert waiting.path == f"/intake/{number}"
        assert waiting.due_at == NOW + timedelta(days=5)
        assert "管点 4" in sentence_of(waiting, "zh", moment=city_time)
    assert seen(session, somebody(3, Role.PLANNER)) == []
    assert seen(session, somebody(4, Role.SYSTEM_ADMIN)) == []


@pytest.mark.parametrize("over", [BatchAccepted("", 1, 1, 0, 0), BatchCancelled("", "重测")])
def test_a_todo_goes_when_anybody_did_it(session: Session, over: object) -> None:
    number = a_read_batch(session)
    event = type(over)(**{**over.__dict__, "object_id": number})

    record(session, actor=an_actor("keeper.two"), event=event, now=LATER)

    keeper = somebody(1, Role.DATA_KEEPER)
    assert seen(session, keeper) == []
    (done,) = seen(session, keeper, "done")
    assert (done.done_by, done.done_at) == ("keeper.two", LATER)
    assert queries.counts(session, actor=keeper, now=LATER).todos == 0


def test_a_batch_that_waits_again_is_there_again(session: Session) -> None:
    number = a_read_batch(session)
    record(session, actor=an_actor(), event=BatchCancelled(number, "x"), now=NOW)

    record(session, actor=SYSTEM, event=BatchRead(number, 9, 9, {}), now=LATER)

    (again,) = seen(session, somebody(1, Role.DATA_KEEPER))
    assert (again.told_at, again.due_at) == (LATER, LATER + timedelta(days=5))


def test_a_clock_runs_out(session: Session) -> None:
    a_read_batch(session)
    keeper = somebody(1, Role.DATA_KEEPER)

    assert queries.counts(session, actor=keeper, now=NOW + timedelta(days=5)).overdue == 0
    assert queries.counts(session, actor=keeper, now=NOW + timedelta(days=6)).overdue == 1


def test_a_refused_batch_waits_for_whoever_brought_it(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "surveyor", Role.SURVEYOR)
    a_read_batch(session, errors=7)

    (waiting,) = seen(session, somebody(person.id, Role.SURVEYOR))
    assert waiting.kind == "batch_to_mend"
    assert "7 errors" in sentence_of(waiting, "en", moment=city_time)
    assert seen(session, somebody(999, Role.DATA_KEEPER)) == []


def test_what_was_undone_was_never_told(own_engine: Engine) -> None:
    def broken() -> None:
        with db.transaction(SYSTEM) as session:
            a_read_batch(session)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()

    with db.transaction(SYSTEM) as session:
        assert session.scalar(text("select count(*) from notices_notice")) == 0


def test_posts_rights_and_loans_are_told(session: Session) -> None:
    an_organisation(session)
    giver, taker = a_person(session, "zhang", Role.PLANNER), a_person(session, "li", Role.CLERK)
    post = a_post(session, "zhang", Role.APPROVER)
    lent = DelegationAsked(post.id, "li", NOW + timedelta(days=4), "出差", from_at=NOW + timedelta(days=1))
    number = identity.delegate(session, actor=THE_CONSOLE, asked=lent, now=NOW)

    assert kinds(session, somebody(giver.id)) == ["lent_of_mine", "post_granted", "post_granted"]
    assert kinds(session, somebody(taker.id)) == ["lent_to_me", "post_granted"]
    newest = seen(session, somebody(taker.id), "notice")[0]
    assert "zhang 的岗位 审批员 交由您代理" in sentence_of(newest, "zh", moment=city_time)

    look_ahead(session, now=NOW + timedelta(days=1, minutes=5))
    look_ahead(session, now=NOW + timedelta(days=1, minutes=65))
    look_ahead(session, now=NOW + timedelta(days=3, minutes=5))
    assert kinds(session, somebody(taker.id))[:2] == ["lending_expires", "lending_begins"]

    identity.end_delegation(session, actor=THE_CONSOLE, delegation_id=number, now=NOW + timedelta(days=3))
    identity.end_post(session, actor=THE_CONSOLE, post_id=post.id, now=NOW + timedelta(days=3))
    assert kinds(session, somebody(giver.id))[:2] == ["post_ended", "lending_ended"]


def test_an_ending_post_is_told_once(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "zhang")
    a_post(session, "zhang", Role.PLANNER, valid_to=NOW + timedelta(days=20))

    for days in (1, 7, 8, 9):
        look_ahead(session, now=NOW + timedelta(days=days))

    assert kinds(session, somebody(person.id)) == ["post_expires", "post_granted"]


def test_a_new_device_is_told_and_the_first_is_none(session: Session) -> None:
    an_organisation(session)
    entered = inside(session, "lihua", Role.PLANNER)
    mine = somebody(entered.person.id)
    assert kinds(session, mine) == ["password_changed", "post_granted"]

    tries(session, "lihua", PASSWORD, device=entered.device)
    assert "new_device" not in kinds(session, mine)
    tries(session, "lihua", PASSWORD, address="192.0.2.99")

    assert kinds(session, mine)[0] == "new_device"
    assert "192.0.2.99" in sentence_of(seen(session, mine, "notice")[0], "zh", moment=city_time)


def test_guesses_are_told_once_a_day(session: Session) -> None:
    an_organisation(session)
    entered = inside(session, "lihua", Role.PLANNER)
    for minute in range(12):
        tries(session, "lihua", "wrong", address="192.0.2.50", now=NOW + timedelta(hours=minute))

    for minute in range(12):
        tries(session, "lihua", "wrong", address=f"192.0.2.{minute}", now=NOW + timedelta(seconds=minute))

    assert kinds(session, somebody(entered.person.id)).count("guessed") == 1


def test_a_failed_job_is_told_to_whoever_started_it(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "zhang")
    number = defer(session, "audit.verify", check_id=1, actor={"name": "zhang", "id": person.id})

    note_failure(session, number=number, name="audit.verify", attempt=1, error=WrongState(FULL), now=NOW)

    assert kinds(session, somebody(person.id)) == ["job_failed"]
    assert seen(session, somebody(2, Role.SYSTEM_ADMIN)) == []


def test_a_failed_job_of_the_timetable_waits_for_the_administrators(session: Session) -> None:
    for second in range(3):
        number = defer(session, "audit.seal", timestamp=second)
        note_failure(
            session, number=number, name="audit.seal", attempt=1, error=ZeroDivisionError(),
            now=NOW + timedelta(minutes=second),
        )  # fmt: skip

    assert kinds(session, somebody(1, Role.SYSTEM_ADMIN), "todo") == ["job_broken"]
    assert kinds(session, somebody(2, Role.AUDIT_ADMIN), "todo") == ["keeping_broken"]
    assert seen(session, somebody(3, Role.SECURITY_ADMIN, Role.DATA_KEEPER)) == []


def test_a_harmed_trail_waits_until_it_verifies(session: Session) -> None:
    auditor = somebody(1, Role.AUDIT_ADMIN)
    record(session, actor=SYSTEM, event=TrailVerified("9", False, 9, 2), now=NOW)
    assert kinds(session, auditor, "todo") == ["trail_harmed"]

    record(session, actor=SYSTEM, event=TrailVerified("9", True, 9, 0), now=LATER)

    assert seen(session, auditor) == []


def test_only_what_no_record_ends_is_called_done_by_hand(session: Session) -> None:
    a_read_batch(session)
    record(session, actor=SYSTEM, event=TrailVerified("9", False, 9, 2), now=NOW)
    both = somebody(1, Role.AUDIT_ADMIN, Role.DATA_KEEPER, name="auditor")
    by_kind = {each.kind: each.id for each in seen(session, both)}

    with pytest.raises(WrongState, match="不能手工办结"):
        actions.call_done(session, by_kind["batch_waits"], actor=both, now=LATER)
    actions.call_done(session, by_kind["trail_harmed"], actor=both, now=LATER)
    with pytest.raises(WrongState, match="已办结"):
        actions.call_done(session, by_kind["trail_harmed"], actor=both, now=LATER)

    assert kinds(session, both, "todo") == ["batch_waits"]
    noted = text("select actor, details ->> 'kind' from audit_trail where event = 'notices.todo.called_done'")
    assert session.execute(noted).all() == [("auditor", "trail_harmed")]


def test_what_is_anothers_is_not_there(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "zhang", Role.PLANNER)
    (notice,) = seen(session, somebody(person.id), "notice")
    stranger = somebody(person.id + 1, *Role)

    for act in (actions.read_one, actions.call_done):
        with pytest.raises(queries.NoticeNotFound):
            act(session, notice.id, actor=stranger, now=LATER)
    assert actions.read_all(session, actor=stranger, up_to=notice.id, now=LATER) == 0


def test_notices_count_until_they_are_read(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "zhang", Role.PLANNER)
    a_post(session, "zhang", Role.CLERK)
    mine = somebody(person.id)
    newest, oldest = seen(session, mine, "notice")
    assert queries.counts(session, actor=mine, now=NOW).unread == 2

    assert actions.read_all(session, actor=mine, up_to=oldest.id, now=LATER) == 1
    assert queries.counts(session, actor=mine, now=NOW).unread == 1
    actions.read_one(session, newest.id, actor=mine, now=LATER)
    assert queries.counts(session, actor=mine, now=NOW).unread == 0


def test_nothing_waits_for_a_leaver(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "surveyor", Role.SURVEYOR)
    a_read_batch(session, errors=1)

    identity.leave_person(session, actor=THE_CONSOLE, account="surveyor", now=LATER)

    found = queries.counts(session, actor=somebody(person.id), now=LATER)
    assert (found.todos, found.unread) == (0, 0)


def test_old_ones_are_forgotten_and_waiting_ones_are_not(session: Session) -> None:
    an_organisation(session)
    person = a_person(session, "zhang", Role.PLANNER)
    a_post(session, "zhang", Role.CLERK)
    mine = somebody(person.id, Role.DATA_KEEPER)
    a_read_batch(session)
    actions.read_one(session, seen(session, mine, "notice")[0].id, actor=mine, now=NOW)

    assert actions.forget_old(session, now=NOW + timedelta(days=181), days=180) == 1

    assert len(seen(session, mine, "notice")) == 1
    assert len(seen(session, mine)) == 1


def test_a_machine_without_rights_sees_nothing(session: Session) -> None:
    a_read_batch(session)

    assert seen(session, Actor(name="nobody", via="command")) == []
    assert len(seen(session, THE_CONSOLE)) == 1


def test_what_the_doctor_finds_waits_until_he_finds_it_well(session: Session) -> None:
    administrator = somebody(1, Role.SYSTEM_ADMIN)
    bad = ("files", True, Words("缺 3 个文件。", "3 files are missing."))
    well = ("jobs", False, Words("正常。", "ok."))

    for _ in range(2):
        tell_soundness(session, [bad, well], now=NOW)
    (waiting,) = seen(session, administrator)
    assert sentence_of(waiting, "zh", moment=city_time) == "系统自检（files）：缺 3 个文件。"

    tell_soundness(session, [("files", False, Words("齐全。", "ok.")), well], now=LATER)
    assert seen(session, administrator) == []
