"""Records that go into an empty register while their delivery is still checked: kept with all of it, or gone."""

import io
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Table, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.bench.deliveries import write_geopackage
from tests.db.networks.test_batches import bring, codes, current, state_of, tables, upload
from tests.factories import a_run, an_actor
from xzgis.core import settings as settings_module
from xzgis.core.db import open_session, transaction
from xzgis.networks import jobs
from xzgis.networks.actions import batches, coverage, loading, register
from xzgis.networks.actions.at_work import alone_in_register
from xzgis.networks.jobs import ahead, reading, taking_in
from xzgis.networks.rules import feature_delivery, feature_lines
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")

AFTER_THE_CHECKS = (
    "batches.write_records", "batches.cover_batch", "coverage.copy_rows", "batches.record",
)  # fmt: skip
# Every row of the register beside what it is linked to; identities themselves differ from load to load.
RECORDS = """
    select r.kind, r.label, st_astext(r.axis), a.point_no, st_astext(a.place), b.point_no, st_astext(b.place),
           (to_jsonb(r) - '{version_id,object_id,batch_id,known_from,from_node_id,to_node_id}'::text[])::text,
           (to_jsonb(a) - '{version_id,object_id,batch_id,known_from}'::text[])::text
      from networks_run r left join networks_node a on a.object_id = r.from_node_id
                          left join networks_node b on b.object_id = r.to_node_id order by 1, 2, 3
"""
INDEXES = "select indexname, indexdef from pg_indexes where tablename like 'networks_%' order by 1"
TRIGGERS = """
    select tgname, tgenabled, pg_get_triggerdef(oid) from pg_trigger
     where tgrelid in (cast('networks_node' as regclass), cast('networks_run' as regclass)) and not tgisinternal order by 1
"""
MOMENTS = """
    select count(distinct known_from) from (select known_from from networks_node union all
                                            select known_from from networks_run) records
"""


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Uploaded files go to a folder of the test; three rows are many."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    for module in (loading, ahead):
        monkeypatch.setattr(module, "WORTH_REBUILDING", 1)
    settings_module.settings.cache_clear()
    yield
    settings_module.settings.cache_clear()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many points each writing ahead wrote."""
    seen: list[int] = []
    real = register.write_nodes_ahead

    def watched(*given: Any, **named: Any) -> Any:
        written = real(*given, **named)
        seen.append(len(written.node_ids))
        return written

    monkeypatch.setattr(ahead, "write_nodes_ahead", watched)
    return seen


def asked(question: str) -> list[tuple[Any, ...]]:
    with transaction(an_actor()) as session:
        return [tuple(row) for row in session.execute(text(question))]


def empty() -> None:
    """An empty register that never saw these contents."""
    with transaction(an_actor()) as session:
        session.execute(text("truncate networks_run, networks_node, networks_coverage"))
        session.execute(text("update networks_batch set content_digest = 'other'"))


def counts() -> tuple[int, int, int]:
    with transaction(an_actor()) as session:
        return current(session)


def pages() -> list[tuple[Any, ...]]:
    """Bytes of both tables: a load that was taken back leaves not even dead rows."""
    return asked("select pg_relation_size('networks_node'), pg_relation_size('networks_run')")


@pytest.mark.usefixtures("own_engine")
def test_written_ahead_or_not_the_register_is_the_same(
    begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[int] = []
    real = register.write_runs_ahead

    def watched(*given: Any, **named: Any) -> register.Ahead:
        written = real(*given, **named)
        assert written.run_ids is not None
        lines.append(len(written.run_ids))
        return written

    monkeypatch.setattr(ahead, "write_runs_ahead", watched)
    untouched = (asked(INDEXES), asked(TRIGGERS))
    first = upload(tables())
    jobs.take_in(first)
    ahead_of_all = (asked(RECORDS), codes(first), asked(MOMENTS))
    built = (asked(INDEXES), asked(TRIGGERS))
    empty()
    monkeypatch.setattr(ahead, "WORTH_REBUILDING", 1_000)
    second = upload(tables())
    jobs.take_in(second)

    assert begun == [3]
    assert lines == [2]
    assert ahead_of_all == (asked(RECORDS), codes(second), [(1,)])
    assert len(ahead_of_all[0]) == 2
    assert built == (asked(INDEXES), asked(TRIGGERS)) == untouched
    assert len(untouched[1]) == 8


@pytest.mark.usefixtures("own_engine")
def test_features_go_ahead_as_they_go_behind_the_checks(
    begun: list[int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_geopackage(tmp_path / "city.gpkg", 300)
    content = (tmp_path / "city.gpkg").read_bytes()
    # Points begin before the lines are worked out.
    order: list[str] = []

    def told(step: str, real: Any) -> Any:
        def run(*given: Any, **named: Any) -> Any:
            order.append(step)
            assert open_session() is None  # of which another thread is writing
            return real(*given, **named)

        return run

    monkeypatch.setattr(ahead.RecordsAhead, "begin", told("points", ahead.RecordsAhead.begin))
    monkeypatch.setattr(feature_delivery, "canonical_lines", told("lines", feature_lines.canonical_lines))
    monkeypatch.setattr(taking_in, "keep_delivery", told("kept", reading.keep_delivery))

    def taken_in() -> tuple[Any, ...]:
        number = jobs.upload_batch(an_actor(), files=[("city.gpkg", io.BytesIO(content))], options={})
        assert jobs.take_in(number) is not None
        return asked(RECORDS), codes(number), counts()

    ahead_of_all = taken_in()
    assert (order, len(begun)) == (["points", "lines", "kept"], 1)
    assert open_session() is None
    empty()
    monkeypatch.setattr(ahead, "WORTH_REBUILDING", 10_000)
    assert ahead_of_all == taken_in()
    assert len(begun) == 1
    assert len(ahead_of_all[0]) == 300


@pytest.mark.usefixtures("own_engine")
def test_the_trigger_on_ends_rests_while_many_runs_go_in_and_holds_afterwards(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    resting: list[str] = []
    real = loading._set_aside_triggers

    def watched(session: Session, table: Table) -> list[str]:
        set_aside = real(session, table)
        resting.extend(set_aside)
        return set_aside

    monkeypatch.setattr(loading, "_set_aside_triggers", watched)
    jobs.take_in(upload(tables()))

    names = [definition.split()[2] for definition in resting]
    assert names == [
        "networks_node_versions_follow",
        "networks_run_ends_of_added",
        "networks_run_versions_follow",
    ]
    with transaction(an_actor()) as session:
        session.add(a_run(from_node_id=999_999_999))
        with pytest.raises(DBAPIError, match="does not exist"):
            session.flush()
        session.expunge_all()


@pytest.mark.usefixtures("own_engine")
def test_an_error_takes_back_what_was_written_ahead(begun: list[int]) -> None:
    number = upload(tables(last="9"))

    assert jobs.take_in(number) is None

    assert (begun, state_of(number), counts(), pages()) == ([3], "refused", (0, 0, 0), [(0, 0)])
    assert codes(number)


@pytest.mark.parametrize("are_all_written", [False, True])
@pytest.mark.usefixtures("own_engine")
def test_rows_with_errors_stay_out_also_when_records_were_written_ahead(
    are_all_written: bool, begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    follow, write, wait = ahead.RecordsAhead.follow, register.write_runs_ahead, threading.Event.wait

    def followed(self: ahead.RecordsAhead, delivery: Delivery) -> None:
        follow(self, delivery)
        if are_all_written:
            self._wait()

    def written(*given: Any, before_each: Any, **named: Any) -> Any:
        if not are_all_written:  # not before it is known that they are unwanted
            assert wait(before_each.__self__._unwanted, timeout=60)
        return write(*given, before_each=before_each, **named)

    monkeypatch.setattr(ahead.RecordsAhead, "follow", followed)
    monkeypatch.setattr(ahead, "write_runs_ahead", written)
    apart = bring(tables(last="9"))
    jobs.accept_batch(apart, leave_out_errors=True)
    left_out = (asked(RECORDS), counts())
    empty()

    together = upload(tables(last="9"))
    jobs.take_in(together, leave_out_errors=True)

    assert begun == [3]
    assert (asked(RECORDS), counts()) == left_out
    assert codes(together) == codes(apart)
    # Nothing of the lines that were taken back is left: neither twice, nor dead.
    assert asked("select count(*) from networks_run where known_to is null") == [(1,)]
    assert pages()[0][1] == asked("select current_setting('block_size')::int")[0][0]
    assert asked("select min(ctid)::text from networks_run") == [("(0,1)",)]


@pytest.mark.usefixtures("own_engine")
def test_nothing_goes_ahead_into_a_register_that_holds_something(begun: list[int]) -> None:
    jobs.take_in(upload(tables()))
    jobs.take_in(upload(tables(start_m=517_900.0)))

    assert begun == [3]
    assert counts() == (4, 6, 2)


@pytest.mark.parametrize("step", AFTER_THE_CHECKS)
@pytest.mark.usefixtures("own_engine")
def test_a_failure_after_the_checks_takes_everything_back(
    step: str, begun: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    number = upload(tables())
    module = {"ahead": ahead, "batches": batches, "coverage": coverage}[step.split(".", maxsplit=1)[0]]
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

    assert (begun, state_of(number), counts(), pages()) == ([3], "read", (0, 0, 0), [(0, 0)])
    jobs.accept_batch(number)
    assert (state_of(number), counts()) == ("accepted", (2, 3, 1))


@pytest.mark.parametrize("at", [1, 2])
@pytest.mark.parametrize("step", ["register._load", "loading._check_references", "ahead.rows_to_write"])
@pytest.mark.usefixtures("own_engine")
def test_what_fails_ahead_is_done_again_on_the_ordinary_way(
    step: str, at: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = upload(tables())
    module = {"register": register, "loading": loading, "ahead": ahead}[step.split(".", maxsplit=1)[0]]
    real = getattr(module, step.split(".")[1])
    calls: list[None] = []

    def fail(*given: Any, **named: Any) -> Any:
        calls.append(None)
        if len(calls) == at:
            raise RuntimeError("injected")
        return real(*given, **named)

    monkeypatch.setattr(module, step.split(".")[1], fail)
    jobs.take_in(number)

    assert calls
    assert (state_of(number), counts()) == ("accepted", (2, 3, 1))


@pytest.mark.usefixtures("own_engine")
def test_a_register_somebody_writes_to_is_left_alone(begun: list[int]) -> None:
    number = upload(tables())
    with transaction(an_actor()) as session:
        session.execute(text("lock table networks_run in row exclusive mode"))
        with transaction(an_actor()) as other:
            assert not loading.claim_empty(other)
            assert other.scalar(text("select current_setting('lock_timeout')")) == "2s"
    jobs.take_in(number)

    assert begun == [3]
    assert counts() == (2, 3, 1)


@pytest.mark.usefixtures("own_engine")
def test_a_register_another_batch_goes_into_is_left_alone() -> None:
    with transaction(an_actor()) as going_in:
        alone_in_register(going_in, wait_s=0.0)
        with transaction(an_actor()) as other:
            assert not loading.claim_empty(other)
            # What the other is about to do must not wait for us.
            going_in.execute(text("lock table networks_run in row exclusive mode nowait"))
