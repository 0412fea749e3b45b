"""The log in files: written by several processes, turned over, read from the end, searched."""

import json
import logging
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import structlog

from xzgis.core import logs
from xzgis.core.errors import Invalid
from xzgis.core.settings import Settings
from xzgis.keeping.queries.logs import as_file, failures, log_lines
from xzgis.keeping.rules.asked import log_asked
from xzgis.keeping.terms import LogAsked

AT = datetime(2026, 11, 23, 2, tzinfo=UTC)
EVERYTHING = LogAsked(level="debug")


@pytest.fixture
def chosen(tmp_path: Path) -> Iterator[Settings]:
    before = list(logging.getLogger().handlers)
    yield Settings(var_dir=tmp_path, log_mb=1, log_files=2)
    logs.close_logs()
    logging.getLogger().handlers = before
    structlog.reset_defaults()


def written(folder: Path, name: str, *lines: dict[str, object]) -> None:
    (folder / "logs").mkdir(exist_ok=True)
    with (folder / "logs" / name).open("a", encoding="utf-8") as file:
        file.writelines(json.dumps(line) + "\n" for line in lines)


def line(second: int, **facts: object) -> dict[str, object]:
    at = (AT + timedelta(seconds=second)).isoformat()
    return {"timestamp": at, "level": "info", "module": "api.metrics", "event": f"e{second}"} | facts


def events(settings: Settings, asked: LogAsked, limit: int = 100) -> list[str]:
    return [one.event for one in log_lines(settings, asked, limit=limit).lines]


def test_what_is_written_is_found_with_its_module_and_without_its_secrets(chosen: Settings, capsys) -> None:
    logs.configure_logs(quiet=True, settings=chosen, process="server")
    with structlog.contextvars.bound_contextvars(request="job-7"):
        structlog.get_logger().info("moved", to="39512345.678", password="x")
        logging.getLogger("some.library").warning("it broke at %s", "117.18371")

    library, ours = log_lines(chosen, EVERYTHING, limit=10).lines
    assert (ours.event, ours.request, ours.process, ours.level) == ("moved", "job-7", "server", "info")
    assert ours.module == "tests.unit.keeping.test_logs"
    assert ours.facts == {"to": "…", "password": "…"}
    assert (library.module, library.facts["text"]) == ("some.library", "it broke at …")
    assert "moved" not in capsys.readouterr().err  # a terminal is shown warnings alone
    assert (chosen.var_dir / "logs" / "server.jsonl").stat().st_mode & 0o077 == 0


def test_files_are_turned_over_and_the_oldest_go(chosen: Settings) -> None:
    logs.configure_logs(quiet=True, settings=chosen, process="server")
    log = structlog.get_logger()
    for number in range(700):
        log.info("filled", number=number, text="x y" * 1300)

    sizes = {path.name: path.stat().st_size for path in (chosen.var_dir / "logs").glob("server*")}
    found = log_lines(chosen, EVERYTHING, limit=10_000).lines
    assert set(sizes) == {"server.jsonl", "server.jsonl.1"}
    assert max(sizes.values()) <= 1_000_000
    assert [one.facts["number"] for one in found] == list(range(699, 699 - len(found), -1))


def test_two_of_a_kind_do_not_share_a_file(chosen: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    logs.configure_logs(quiet=True, settings=chosen, process="worker")
    monkeypatch.setattr(logs, "_held", {})  # as another process sees it
    logs.configure_logs(quiet=True, settings=chosen, process="worker")
    structlog.get_logger().info("second")

    assert [one.process for one in log_lines(chosen, EVERYTHING, limit=9).lines] == ["worker-2"]


def test_the_lines_of_all_processes_come_in_the_order_of_time(tmp_path: Path) -> None:
    chosen = Settings(var_dir=tmp_path)
    written(tmp_path, "server.jsonl.1", line(1), line(3))
    written(tmp_path, "server.jsonl", line(5), {"half": "a line"})
    (tmp_path / "logs" / "server.jsonl.1.gz").write_bytes(b"packed by hand")
    written(tmp_path, "worker.jsonl", line(2), line(4))

    assert events(chosen, EVERYTHING) == ["e5", "e4", "e3", "e2", "e1"]
    first = log_lines(chosen, EVERYTHING, limit=2)
    assert ([one.event for one in first.lines], first.more) == (["e5", "e4"], True)
    assert events(chosen, LogAsked(until=first.lines[-1].at)) == ["e3", "e2", "e1"]
    assert [json.loads(one)["event"] for one in as_file(first).splitlines()] == ["e4", "e5"]


def test_the_log_is_searched_by_level_time_module_and_request(tmp_path: Path) -> None:
    chosen = Settings(var_dir=tmp_path)
    written(tmp_path, "server.jsonl", line(1, level="error"), line(2, module="xzgis.networks.jobs.reading"),
            line(3, module="xzgis.networksx"), line(4, request="job-12"), line(5, request="job-1"))  # fmt: skip

    assert events(chosen, LogAsked(level="warning")) == ["e1"]
    assert events(chosen, LogAsked(module="xzgis.networks")) == ["e2"]
    assert events(chosen, LogAsked(request="job-1")) == ["e5"]
    assert events(chosen, LogAsked(since=AT + timedelta(seconds=4))) == ["e5", "e4"]


@pytest.mark.parametrize(
    "typed",
    [
        {"level": "loud"},
        {"since": "yesterday"},
        {"until": "9999-12-31T23:59"},
        {"module": "../x"},
        {"request": "1'"},
    ],
)
def test_what_cannot_be_understood_names_its_field(typed: dict[str, str]) -> None:
    from zoneinfo import ZoneInfo

    with pytest.raises(Invalid) as refused:
        log_asked(zone=ZoneInfo("America/Los_Angeles"), **typed)

    assert refused.value.faults[0].loc == (next(iter(typed)),)


def test_requests_that_failed_are_counted_in_every_file_since_a_moment(chosen: Settings) -> None:
    failed = {"event": "unforeseen", "level": "error", "path": "/map"}
    written(chosen.var_dir, "server.jsonl.1", line(1, **failed), line(5, **failed, request="r5"), line(6))
    written(chosen.var_dir, "server-2.jsonl", line(9, **failed), line(10, said="unforeseen"))

    found = failures(chosen, since=AT + timedelta(seconds=5))

    assert [(one.at - AT).seconds for one in found] == [9, 5]
    assert found[1].request == "r5"
