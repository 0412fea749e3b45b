"""Batches that meet in the register: two of one line at the same moment, and one that another leans on."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.db.networks.test_batches import bring, current, state_of, tables
from tests.factories import NOW, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.core.errors import WrongState
from xzgis.networks import jobs
from xzgis.networks.actions import at_work
from xzgis.networks.actions.undo import undo_batch

pytestmark = pytest.mark.usefixtures("read_here")


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


@pytest.mark.usefixtures("own_engine")
def test_two_deliveries_of_the_same_lines_at_once_are_one() -> None:
    numbers = [bring(tables(), name="一"), bring(tables(size="800"), name="二")]

    with ThreadPoolExecutor(max_workers=2) as both:
        list(both.map(partial(jobs.accept_batch, same="replace"), numbers))

    with transaction(an_actor()) as session:
        assert current(session)[:2] == (2, 3)
    assert [state_of(number) for number in numbers] == ["accepted", "accepted"]


@pytest.mark.usefixtures("own_engine")
def test_nothing_is_undone_while_another_batch_goes_in(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("xzgis.networks.actions.undo.PATIENCE_S", 0.0)
    number = bring(tables())
    jobs.accept_batch(number)

    with transaction(an_actor()) as going_in, transaction(an_actor()) as undoing:
        at_work.alone_in_register(going_in, wait_s=0.0)
        with pytest.raises(at_work.RegisterBusy):
            undo_batch(undoing, actor=an_actor(), batch_id=number, now=NOW)
    assert state_of(number) == "accepted"


def test_a_batch_that_another_leans_on_is_undone_after_it(session: Session) -> None:
    first = bring(tables(), name="一")
    jobs.accept_batch(first)
    second = bring(tables(size="800"), name="二")
    jobs.accept_batch(second, same="keep")

    told = session.scalars(
        select(TrailEntry.details)
        .where(TrailEntry.event == "networks.batch.accepted")
        .order_by(TrailEntry.id)
    ).all()[-1]
    assert (told["same"], told["kept_from"]) == ("keep", {str(first): 2})

    with pytest.raises(WrongState, match=str(second)):
        undo_batch(session, actor=an_actor(), batch_id=first, now=NOW)
    assert current(session)[0] == 2

    undo_batch(session, actor=an_actor(), batch_id=second, now=NOW)
    undo_batch(session, actor=an_actor(), batch_id=first, now=NOW)
    assert current(session) == (0, 0, 0)
