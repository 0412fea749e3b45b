"""Old months leave as files that verify alone; the trail they leave verifies without them."""

import gzip
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from tests.factories import an_actor
from tests.trails import ThingMoved, seal_now, verdict_of
from xzgis.audit.jobs import archive_trail
from xzgis.audit.queries.archived import verify_archive
from xzgis.audit.queries.outside import archive_folder, known_keys
from xzgis.audit.record import record
from xzgis.audit.terms import Harm
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import Settings

LONG_AGO = datetime(2025, 3, 10, tzinfo=UTC)
BEFORE = date(2025, 5, 1)
NAME = "audit_trail_2025_03"


@pytest.fixture
def old(chosen: Settings, own_engine: object) -> Settings:
    """Rows of March and April 2025, mixed as transactions mix, then of today; all sealed, five to a seal."""
    with transaction(an_actor()) as session:
        for month in (date(2025, 3, 1), date(2025, 4, 1)):
            session.execute(text("select audit_add_partition(:month)"), {"month": month})
    for number in range(24):
        at = LONG_AGO + timedelta(days=number * 2 + (number % 3) * 7)
        with transaction(an_actor()) as session:
            record(session, actor=an_actor(), event=ThingMoved(str(number), by_m=1), now=at)
    seal_now(chosen, most=5)
    with transaction(an_actor()) as session:
        record(session, actor=an_actor(), event=ThingMoved("now", by_m=1), now=datetime.now(UTC))
    seal_now(chosen)
    return chosen


def test_a_month_leaves_as_a_file_that_verifies_alone(old: Settings) -> None:
    left = archive_trail(old, actor=an_actor(), before=BEFORE)

    alone = verify_archive(archive_folder(old) / left[0].file, {})
    assert [one.partition for one in left] == [NAME, "audit_trail_2025_04"]
    assert alone.sound
    assert alone.rows == left[0].rows > 0
    assert "file alone" in alone.notes[0].en
    assert verify_archive(archive_folder(old) / left[0].file, known_keys(old)).notes == []


def test_the_trail_verifies_without_the_months_that_left(old: Settings) -> None:
    left = archive_trail(old, actor=an_actor(), before=BEFORE)
    seal_now(old)

    verdict = verdict_of(old)

    assert verdict.as_document()["findings"] == []
    assert verdict.archived_rows == sum(one.rows for one in left)
    with transaction(an_actor()) as session:
        assert session.scalar(text("select to_regclass(:name)"), {"name": NAME}) is None


def _changed(path: Path, old: bytes, new: bytes) -> Path:
    content = gzip.decompress(path.read_bytes())
    assert old in content
    path.write_bytes(gzip.compress(content.replace(old, new, 1)))
    return path


@pytest.mark.parametrize(
    ("old_text", "new_text", "harm"),
    [
        pytest.param(b'"tester"', b'"nobody"', Harm.ALTERED, id="row altered"),
        pytest.param(b'"link",3', b'"link",4', Harm.LINK_REMOVED, id="link moved"),
        pytest.param(b'"rows":', b'"rows":9', Harm.ARCHIVE, id="head altered"),
    ],
)
def test_a_changed_archive_is_found(old: Settings, old_text: bytes, new_text: bytes, harm: Harm) -> None:
    left = archive_trail(old, actor=an_actor(), before=BEFORE)
    path = archive_folder(old) / left[0].file

    verdict = verify_archive(_changed(path, old_text, new_text), known_keys(old))

    assert harm in {one.harm for one in verdict.findings}
    seal_now(old)
    assert {one.harm for one in verdict_of(old).findings} == {Harm.ARCHIVE}


def test_a_cut_archive_is_found(old: Settings) -> None:
    left = archive_trail(old, actor=an_actor(), before=BEFORE)
    path = archive_folder(old) / left[0].file
    lines = gzip.decompress(path.read_bytes()).splitlines(keepends=True)
    path.write_bytes(gzip.compress(b"".join(lines[:-2])))

    assert not verify_archive(path, known_keys(old)).sound


def test_something_else_is_no_archive(tmp_path: Path) -> None:
    (tmp_path / "some.txt").write_text("hello")

    with pytest.raises(Invalid, match="归档"):
        verify_archive(tmp_path / "some.txt", {})


def test_a_row_of_a_kept_month_cannot_be_passed_off_as_archived(
    old: Settings, tamper: Callable[..., None]
) -> None:
    archive_trail(old, actor=an_actor(), before=BEFORE)
    seal_now(old)
    tamper(f"delete from audit_trail_{datetime.now(UTC):%Y_%m} where object_id = 'now'")
    tamper("update audit_link set happened_at = '2025-03-20' where entry_id = 25")

    verdict = verdict_of(old)

    assert {one.harm for one in verdict.findings} == {Harm.ARCHIVE}


def test_what_must_stay_online_stays(old: Settings) -> None:
    with pytest.raises(Invalid, match="180"):
        archive_trail(old, actor=an_actor(), before=datetime.now(UTC).date())


@pytest.mark.parametrize("name", [NAME, "audit_trail_default", "audit_seal", "works_work"])
def test_the_database_releases_only_what_was_archived(old: Settings, name: str) -> None:
    with (
        pytest.raises(DatabaseError, match=r"not archived|no month"),
        transaction(an_actor()) as session,
    ):
        session.execute(text("select audit_release_partition(:name)"), {"name": name})
