"""The background keeps months ahead, seals, and verifies for those who ask; commands leave with the right code."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from tests.factories import NOW, an_actor
from tests.trails import ThingMoved, seal_now
from xzgis import worker
from xzgis.audit.actions import checks
from xzgis.audit.actions.keys import signing_key
from xzgis.audit.actions.months import add_months
from xzgis.audit.queries import outside
from xzgis.audit.queries.state import check_of, trail_state
from xzgis.audit.record import record
from xzgis.cli import trail
from xzgis.core import settings as settings_module
from xzgis.core.db import transaction
from xzgis.core.errors import Unavailable
from xzgis.core.jobs import QUEUE, load_jobs
from xzgis.core.settings import Settings

LATE = datetime(2027, 9, 9, tzinfo=UTC)


def test_missing_months_take_the_rows_that_were_outside(session: Session) -> None:
    record(session, actor=an_actor(), event=ThingMoved("late", by_m=1), now=LATE)
    session.flush()
    assert trail_state(session).outside_months == 1

    made = add_months(session, now=LATE)

    assert made == [f"audit_trail_{month}" for month in ("2027_09", "2027_10", "2027_11", "2027_12")]
    assert trail_state(session).outside_months == 0
    assert session.scalar(text("select object_id from audit_trail_2027_09")) == "late"
    assert add_months(session, now=LATE) == []


def test_a_month_made_later_refuses_changes_too(session: Session) -> None:
    add_months(session, now=LATE)

    assert session.scalar(
        text("select tgenabled from pg_trigger where tgrelid = 'audit_trail_2027_09'::regclass")
    ) in ("O", b"O")
    with pytest.raises(Exception, match=r"append-only|permission denied"):
        session.execute(text("delete from audit_trail_2027_09"))


def test_a_month_that_left_is_not_made_again(session: Session) -> None:
    session.execute(
        text("insert into audit_archive values ('audit_trail_2020_01', now(), now(), 0, 0, 0, '', 'sha256', '', '', "
             "now(), '', '')")
    )  # fmt: skip

    with pytest.raises(Exception, match="was archived"):
        session.execute(text("select audit_add_partition(:month)"), {"month": date(2020, 1, 1)})


def test_every_line_of_the_timetable_names_a_job() -> None:
    load_jobs()

    assert set(worker.TIMETABLE) <= set(QUEUE.tasks)


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The settings of the process write into a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield settings_module.settings()
    settings_module.settings.cache_clear()


def test_a_verification_somebody_asked_for_is_done(
    own_engine: Engine, own_database: str, installed: Settings
) -> None:
    with transaction(an_actor()) as session:
        record(session, actor=an_actor(), event=ThingMoved("1", by_m=1), now=NOW)
        number = checks.ask(session, actor=an_actor("auditor"), now=NOW)
    seal_now(installed)

    worker.work(own_database, wait=False)

    with transaction(an_actor()) as session:
        found = check_of(session, number)
        assert found.verdict is not None
        assert found.verdict["sound"] is True
        told = session.execute(
            text("select actor from audit_trail where event = 'audit.trail.verified'")
        ).scalar_one()
    assert told == "auditor"


@pytest.mark.parametrize(("harm", "code"), [(None, 0), ("update audit_seal set hash = ''", 1)])
def test_the_command_leaves_with_one_when_the_trail_is_not_sound(
    own_engine: Engine,
    tamper: Callable[..., None],
    installed: Settings,
    monkeypatch: pytest.MonkeyPatch,
    capsys: Any,
    harm: str | None,
    code: int,
) -> None:
    with transaction(an_actor()) as session:
        record(session, actor=an_actor(), event=ThingMoved("1", by_m=1), now=NOW)
    seal_now(installed)
    if harm:
        tamper(harm)
    monkeypatch.setattr(trail, "open_database", lambda: own_engine)

    given = trail.verify(file=None, seals=None, as_json=True)

    assert given == code
    assert json.loads(capsys.readouterr().out)["sound"] is (code == 0)


def test_the_key_is_made_once_and_for_us_alone(installed: Settings) -> None:
    first, second = signing_key(installed), signing_key(installed)

    path = outside.trail_folder(installed) / "seal.key"
    assert first.private_bytes_raw() == second.private_bytes_raw()
    assert path.stat().st_mode & 0o777 == 0o600
    assert len(outside.known_keys(installed)) == 1
    path.chmod(0o644)
    with pytest.raises(Unavailable, match="chmod"):
        signing_key(installed)
