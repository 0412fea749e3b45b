"""Which moments can be restored, by the names of the files of the log of changes."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.keeping.queries.backups import copies, wal, window
from xzgis.keeping.rules.places import backup_folder
from xzgis.keeping.rules.window import gaps, number_of, reached_from
from xzgis.keeping.terms import CopyFound

FIRST = "0000000100000000000000FE"
FOLLOWING = [FIRST + ".gz", "0000000100000000000000FF", "000000020000000100000000.gz"]
COPY = CopyFound("xzgis-a", datetime(2026, 11, 23, 1, tzinfo=UTC), 1, "1", FIRST)


def test_files_follow_one_another_over_logs_and_lines_of_time() -> None:
    assert reached_from(FIRST, FOLLOWING) == FOLLOWING[-1]
    assert gaps(FIRST, FOLLOWING) == 0
    assert number_of("00000002.history") is None


def test_a_missing_file_ends_the_way_and_is_counted() -> None:
    with_gap = [FOLLOWING[0], FOLLOWING[2], "000000020000000100000003.gz"]

    assert reached_from(FIRST, with_gap) == FOLLOWING[0]
    assert gaps(FIRST, with_gap) == 3
    assert reached_from(FIRST, FOLLOWING[1:]) is None


def test_the_window_ends_where_the_log_does(tmp_path: Path) -> None:
    import os

    for number, name in enumerate(FOLLOWING):
        (tmp_path / name).write_bytes(b"x")
        os.utime(tmp_path / name, (2e9 + number, 2e9 + number))
    (tmp_path / ".half.new").write_bytes(b"x")

    found = wal(tmp_path, FIRST)
    assert found is not None
    assert (found.files, found.missing, found.last) == (3, 0, FOLLOWING[-1])
    assert window((COPY,), tmp_path) == (COPY.ended_at, datetime.fromtimestamp(2e9 + 2, UTC))
    (tmp_path / FOLLOWING[1]).unlink()
    assert window((COPY,), tmp_path) == (COPY.ended_at, datetime.fromtimestamp(2e9, UTC))
    assert window((COPY,), None) == (COPY.ended_at, COPY.ended_at)
    assert window((), tmp_path) is None


def test_what_is_no_whole_copy_is_passed_over(tmp_path: Path) -> None:
    for name in ("xzgis-1.partial", "xzgis-2"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "manifest.json").write_text("{}")

    assert copies(tmp_path) == ()
    assert copies(None) == ()


@pytest.mark.parametrize("given", [{}, {"database_url": "postgresql://x/y", "backup_dir": "/b"}])
def test_without_a_folder_or_with_another_server_there_is_nothing_to_ask(given: dict[str, str]) -> None:
    with pytest.raises(Unavailable):
        backup_folder(Settings(**given))  # type: ignore[arg-type]  # a path as text
