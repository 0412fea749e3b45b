"""A batch given up on its way: nothing of it stands in the register, and who comes too late is told at once."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from tests.db.networks.test_batches import bring, current, state_of, tables, upload
from tests.db.networks.test_points_ahead import begun, pages, store  # noqa: F401 - the fixtures beside it
from tests.factories import NOW, an_actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.networks import jobs
from xzgis.networks.actions import batches
from xzgis.networks.actions.at_work import GoingIn, holds_fate, release_abandoned
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.jobs import ahead, reading, taking_in
from xzgis.networks.rules.checks import believed
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")
# Told at once, long before a lock is no longer waited for (2 s).
AT_ONCE_S = 1.0


def give_up(number: int) -> None:
    with transaction(an_actor()) as session:
        batches.cancel_batch(session, actor=an_actor(), batch_id=number, reason="wrong file", now=NOW)


def counts() -> tuple[int, int, int]:
    with transaction(an_actor()) as session:
        return current(session)


def before(
    monkeypatch: pytest.MonkeyPatch,
    place: Any,
    name: str,
    happening: Callable[[], None],
    *,
    once: bool = True,
) -> None:
    """Let something happen before a function of the product is called."""
    real = getattr(place, name)
    done: list[None] = []

    def then(*given: Any, **named: Any) -> Any:
        if not (once and done):
            done.append(None)
            happening()
        return real(*given, **named)

    monkeypatch.setattr(place, name, then)


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> None:
    """What goes ahead is written before the checks go on."""
    real = ahead.RecordsAhead.follow

    def follow(self: ahead.RecordsAhead, delivery: Delivery) -> None:
        real(self, delivery)
        self._wait()

    monkeypatch.setattr(ahead.RecordsAhead, "follow", follow)


@pytest.mark.usefixtures("own_engine")
def test_given_up_before_its_records_go_ahead_none_of_them_does(
    begun: list[int],  # noqa: F811 - the fixture imported
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = upload(tables())
    before(monkeypatch, ahead.RecordsAhead, "follow", lambda: give_up(number))

    assert jobs.take_in(number) is None

    assert (begun, state_of(number), counts(), pages()) == ([], "cancelled", (0, 0, 0), [(0, 0)])


@pytest.mark.usefixtures("own_engine", "written")
def test_records_ahead_of_a_batch_that_does_not_go_in_are_taken_back(
    begun: list[int],  # noqa: F811 - the fixture imported
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    number = upload(tables())

    def past_all_locks() -> None:
        with transaction(an_actor()) as session:
            session.execute(text("set local session_replication_role = replica"))
            session.execute(text("update networks_batch set state = 'cancelled'"))

    before(monkeypatch, taking_in, "save_read", past_all_locks)

    assert jobs.take_in(number) is None

    assert (begun, state_of(number), counts(), pages()) == ([3], "cancelled", (0, 0, 0), [(0, 0)])


@pytest.mark.parametrize("step", ["checks", "save_read", "cover_batch"])
@pytest.mark.parametrize("goes_ahead", [True, False])
@pytest.mark.usefixtures("own_engine", "written")
def test_who_would_give_up_a_batch_going_in_hears_so_at_once_and_may_undo_it(
    step: str,
    goes_ahead: bool,
    begun: list[int],  # noqa: F811 - the fixture imported
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not goes_ahead:
        monkeypatch.setattr(ahead, "WORTH_REBUILDING", 1_000)
    number = upload(tables())
    told: list[tuple[str, bool]] = []

    def too_late() -> None:
        asked = time.monotonic()
        try:
            give_up(number)
        except GoingIn as refusal:
            told.append((refusal.words.zh, time.monotonic() - asked < AT_ONCE_S))

    place, name = {
        "checks": (believed, "findings_of"),
        "save_read": (taking_in, "save_read"),
        "cover_batch": (batches, "cover_batch"),
    }[step]
    before(monkeypatch, place, name, too_late)
    jobs.take_in(number)

    if step == "checks" and not goes_ahead:  # nothing holds it yet: it is given up
        assert (told, state_of(number), counts()) == ([], "cancelled", (0, 0, 0))
        return
    assert told == [(f"批次 {number} 正在入库，现在不能取消；请等待入库结束，入库后可以撤销。", True)]
    assert (state_of(number), counts()) == ("accepted", (2, 3, 1))
    with transaction(an_actor()) as session:
        undo_batch(session, actor=an_actor(), batch_id=number, now=NOW)
    assert (state_of(number), counts()) == ("undone", (0, 0, 0))


@pytest.mark.usefixtures("own_engine")
def test_one_that_the_worker_takes_in_is_not_given_up_either(monkeypatch: pytest.MonkeyPatch) -> None:
    number = bring(tables())
    with transaction(an_actor()) as session:
        batches.ask_acceptance(session, actor=an_actor(), batch_id=number, leave_out_errors=False)

    def too_late() -> None:
        with pytest.raises(GoingIn):
            give_up(number)

    before(monkeypatch, batches, "write_records", too_late)
    jobs.accept_batch_job(batch_id=number, actor="tester", leave_out_errors=False)

    assert (state_of(number), counts()) == ("accepted", (2, 3, 1))


@pytest.mark.usefixtures("own_engine")
def test_one_given_up_whose_files_then_cannot_be_read_stays_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    number = upload(tables())

    def unreadable(*_given: Any, **_named: Any) -> Any:
        give_up(number)
        raise Invalid(Words("读不了", "cannot be read"))

    monkeypatch.setattr(reading, "read_files", unreadable)

    assert jobs.read_batch(number) == "cancelled"
    assert state_of(number) == "cancelled"


@pytest.mark.usefixtures("own_engine")
def test_a_batch_whose_records_the_server_still_holds_is_not_released_before() -> None:
    number = upload(tables())
    with transaction(an_actor()) as session:
        batches.start_reading(session, batch_id=number)
        session.execute(text("delete from procrastinate_jobs"))

    def released() -> list[int]:
        with transaction(an_actor()) as session:
            return release_abandoned(session, actor=an_actor(), now=NOW)

    with transaction(an_actor()) as of_the_dead:
        assert holds_fate(of_the_dead, number, wait_s=0.0)
        assert released() == []
    assert released() == [number]
