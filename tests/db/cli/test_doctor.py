"""What is not sound is found, and said with its remedy."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.db.catalogue.test_changes import approved, proposed
from tests.factories import NOW, a_run
from xzgis.catalogue.files import catalogue
from xzgis.cli.keeping import soundness
from xzgis.core.files import keep
from xzgis.core.jobs import defer
from xzgis.core.settings import Settings
from xzgis.keeping.terms import LAST_BACKUP
from xzgis.networks.models import Batch


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    return Settings(var_dir=tmp_path / "var")


def a_batch(session: Session, **values: object) -> Batch:
    given = {"name": "b", "state": "read", "content_digest": "0", "created_by": "tester", "created_at": NOW}
    batch = Batch(**(given | values))
    session.add(batch)
    session.flush()
    return batch


def test_a_new_database_is_sound(session: Session, chosen: Settings) -> None:
    checks = (soundness._batches, soundness._jobs, soundness._topology, soundness._extensions)

    told = [check(session.connection()) for check in checks]

    assert {one.state for one in [*told, soundness._files(chosen, session.connection())]} == {"ok"}


def test_a_file_that_is_missing_or_harmed_is_found(
    session: Session, chosen: Settings, tmp_path: Path
) -> None:
    (tmp_path / "some").write_bytes(b"points")
    with (tmp_path / "some").open("rb") as file:
        kept = keep(chosen, file)
    a_batch(session, files=[{"name": "some", "digest": kept.digest}])
    assert soundness._files(chosen, session.connection()).state == "ok"
    path = next(path for path in (chosen.var_dir / "files").rglob(kept.digest))

    path.write_bytes(b"Points")
    harmed = soundness._files(chosen, session.connection())
    path.unlink()
    missing = soundness._files(chosen, session.connection())

    assert (harmed.state, "缺 0 个、损坏 1 个" in harmed.words.zh) == ("bad", True)
    assert (missing.state, "缺 1 个、损坏 0 个" in missing.words.zh) == ("bad", True)


def test_a_batch_that_no_job_works_on_stands_still(session: Session) -> None:
    batch = a_batch(session, state="reading", created_at=datetime.now(UTC) - timedelta(hours=1))
    assert str(batch.id) in soundness._batches(session.connection()).words.zh

    defer(session, "networks.read_batch", batch_id=batch.id, actor={"name": "tester"})

    assert soundness._batches(session.connection()).state == "ok"


@pytest.mark.parametrize(
    ("change", "state"),
    [
        pytest.param("status = 'doing'", "bad", id="nobody does it"),
        pytest.param("scheduled_at = now() - interval '1 hour'", "bad", id="waits"),
        pytest.param("status = 'failed'", "attention", id="failed"),
    ],
)
def test_a_job_that_does_not_go_on_is_found(session: Session, change: str, state: str) -> None:
    number = defer(session, "audit.seal", timestamp=1)
    session.execute(text(f"update procrastinate_jobs set {change} where id = :id"), {"id": number})

    assert soundness._jobs(session.connection()).state == state


def test_the_age_of_the_newest_backup_is_told(chosen: Settings) -> None:
    assert soundness._backup(chosen, NOW).state == "attention"
    chosen.var_dir.mkdir()
    (chosen.var_dir / LAST_BACKUP).write_text(f'{{"at": "{NOW.isoformat()}", "folder": "x"}}')

    assert soundness._backup(chosen, NOW + timedelta(hours=5)).state == "ok"
    assert soundness._backup(chosen, NOW + timedelta(days=8)).state == "attention"


@pytest.mark.parametrize(
    ("facts", "count"),
    [
        pytest.param({"start_depth_m": 1.0, "start_level_m": 30.0}, 0, id="they agree"),
        pytest.param({"start_depth_m": 2.0, "start_level_m": 30.0}, 1, id="depth and level differ"),
        pytest.param({"end_depth_m": 3.0}, 1, id="a depth alone, and the crown elsewhere"),
        pytest.param({"end_level_m": 42.0}, 1, id="a level alone, and the crown elsewhere"),
        pytest.param(
            {"end_depth_m": 3.0, "crown_m": None, "bottom_m": None}, 0, id="unknown, as an intake leaves it"
        ),
        pytest.param({"end_depth_m": 3.0, "known_to": NOW + timedelta(days=1)}, 0, id="no more current"),
    ],
)
def test_lines_whose_levels_contradict_their_depths_are_listed(
    session: Session, facts: dict[str, Any], count: int
) -> None:
    run = a_run(label="W1-W2", **facts)
    session.add(run)
    session.flush()

    told = soundness._levels(session.connection())

    assert told.state == ("attention" if count else "ok")
    assert (f"{count} 条管段" in told.words.zh and f"W1-W2 (#{run.object_id})" in told.words.zh) is bool(
        count
    )


def test_changes_of_the_tables_are_told_with_the_edition_in_force(session: Session) -> None:
    shipped = catalogue().version
    untouched = soundness._rules(session.connection())
    approved(session, now=NOW)
    proposed(session, key="H040", now=datetime.now(UTC) - timedelta(days=8))

    told = soundness._rules(session.connection())
    waits = soundness._rules_waiting(session.connection())

    assert (untouched.state, shipped in untouched.words.zh) == ("ok", True)
    assert (told.state, "加本市修改的 1 行" in told.words.zh, shipped in told.words.zh) == ("ok", True, True)
    assert (waits.state, "1 项规则修改待批准已超过 7 天" in waits.words.zh) == ("attention", True)


def test_requests_that_failed_by_the_program_are_told_for_a_day(chosen: Settings) -> None:
    now = datetime.now(UTC)
    folder = chosen.var_dir / "logs"
    folder.mkdir(parents=True)
    told = {"timestamp": (now - timedelta(hours=2)).isoformat(), "level": "error", "module": "api.errors",
            "event": "unforeseen", "path": "/works/new", "request": "ab12"}  # fmt: skip
    (folder / "server.jsonl").write_text(json.dumps(told) + "\n", encoding="utf-8")

    found = soundness._failures(chosen, now)

    assert (found.state, "1 次" in found.words.zh) == ("attention", True)
    assert "--request ab12" in found.words.en
    assert soundness._failures(chosen, now + timedelta(days=1)).state == "ok"
