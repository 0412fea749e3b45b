"""Whatever fails while a batch goes in, nothing of it stays; and whatever is written stands in the trail."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from tests.db.networks.test_batches import bring, codes, current, state_of, tables, upload
from tests.factories import NOW, an_actor, an_area
from xzgis.catalogue.files import catalogue
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.networks import jobs
from xzgis.networks.actions import batches, coverage, register
from xzgis.networks.actions.undo import undo_batch
from xzgis.networks.models import Run

pytestmark = pytest.mark.usefixtures("read_here")

STEPS = (
    "batches.rows_to_write", "batches.matched_frames", "batches.write_records",
    "register._identities", "register._load", "register.copy_rows", "batches.cover_batch", "coverage.copy_rows",
    "batches.record",
)  # fmt: skip
# Rows whose writing transaction is in no entry of the trail; xmin holds the low half of its number.
UNTOLD = """
    select count(*) from {table} r
     where not exists (select from audit_trail t
                        where cast(t.transaction_id as bigint) % 4294967296 = cast(cast(r.xmin as text) as bigint))
"""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


def asked(number: int) -> None:
    with transaction(an_actor()) as session:
        batches.ask_acceptance(
            session, actor=an_actor(), batch_id=number, leave_out_errors=False, same="replace"
        )


def go_in(number: int) -> None:
    jobs.accept_batch_job(batch_id=number, actor="tester", leave_out_errors=False, same="replace")


def counts() -> tuple[tuple[int, int, int], int]:
    with transaction(an_actor()) as session:
        told = session.scalar(
            text("select count(*) from audit_trail where event = 'networks.batch.accepted'")
        )
        return current(session), int(told or 0)


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.usefixtures("own_engine")
def test_a_failure_at_any_step_leaves_nothing_and_the_batch_can_go_in_again(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = bring(tables())
    asked(number)
    module = {"batches": batches, "register": register, "coverage": coverage}[step.split(".", maxsplit=1)[0]]

    def fail(*_given: Any, **_named: Any) -> None:
        raise RuntimeError("injected")

    with monkeypatch.context() as spoilt:
        spoilt.setattr(module, step.split(".")[1], fail)
        with pytest.raises(RuntimeError, match="injected"):
            go_in(number)
    after_failure = (state_of(number), counts())
    asked(number)
    go_in(number)

    assert after_failure == ("read", ((0, 0, 0), 0))
    assert (state_of(number), counts()) == ("accepted", ((2, 3, 1), 1))


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.usefixtures("own_engine")
def test_what_was_read_stays_when_reading_and_writing_go_together_and_writing_fails(
    step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = upload(tables())
    module = {"batches": batches, "register": register, "coverage": coverage}[step.split(".", maxsplit=1)[0]]
    real = getattr(module, step.split(".")[1])
    once: list[None] = []

    def fail(*given: Any, **named: Any) -> Any:
        if once:
            return real(*given, **named)
        once.append(None)
        raise RuntimeError("injected")

    with monkeypatch.context() as spoilt:
        spoilt.setattr(module, step.split(".")[1], fail)
        with pytest.raises(RuntimeError, match="injected"):
            jobs.take_in(number)
    after_failure = (state_of(number), counts(), codes(number))
    jobs.accept_batch(number)

    assert after_failure == ("read", ((0, 0, 0), 0), codes(number))
    assert (state_of(number), counts()) == ("accepted", ((2, 3, 1), 1))


@pytest.mark.usefixtures("own_engine")
def test_reading_and_writing_together_leave_what_the_two_steps_leave() -> None:
    apart, together = bring(tables()), upload(tables(start_m=517_900.0))
    jobs.accept_batch(apart)
    jobs.take_in(together)

    assert (state_of(together), codes(together)) == ("accepted", codes(apart))
    assert counts() == ((4, 6, 2), 2)


@pytest.mark.usefixtures("own_engine")
def test_an_error_keeps_reading_and_writing_together_out_of_the_register() -> None:
    number = upload(tables(last="9"))

    assert jobs.take_in(number) is None
    assert (state_of(number), counts()) == ("refused", ((0, 0, 0), 0))

    jobs.accept_batch(number, leave_out_errors=True)
    assert (state_of(number), counts()[1]) == ("accepted", 1)


@pytest.mark.usefixtures("own_engine")
def test_every_row_of_the_register_was_written_in_a_transaction_of_the_trail() -> None:
    first, second = bring(tables()), bring(tables(start_m=517_900.0))
    jobs.accept_batch(first)
    jobs.accept_batch(second)
    with transaction(an_actor()) as session:
        run = session.query(Run).filter(Run.batch_id == first).first()
        assert run is not None
        changed = run.object_id
    for change in (
        lambda session: register.replace_record(
            session,
            Run,
            actor=an_actor(),
            object_id=changed,
            changes={"owner": "港华"},
            reason="更正",
            now=NOW,
        ),
        lambda session: register.remove_record(
            session, Run, actor=an_actor(), object_id=changed, reason="拆除", now=NOW
        ),
        lambda session: coverage.set_coverage(
            session,
            actor=an_actor(),
            object_id=None,
            area=an_area(),
            facts={"kind": "gas"},
            now=NOW,
            catalogue=catalogue(),
        ),
        lambda session: undo_batch(session, actor=an_actor(), batch_id=second, now=NOW),
    ):
        with transaction(an_actor()) as session:
            change(session)

    with transaction(an_actor()) as session:
        untold = {
            table: session.scalar(text(UNTOLD.format(table=table)))
            for table in ("networks_run", "networks_node", "networks_coverage")
        }

    assert untold == {"networks_run": 0, "networks_node": 0, "networks_coverage": 0}
