"""The log: one JSON document a line, whatever is in the values."""

import json

import pytest
import structlog

from xzgis.core.logs import configure_logs


@pytest.fixture(autouse=True)
def restored():
    yield
    structlog.reset_defaults()


def test_line_breaks_in_a_value_do_not_make_a_second_line(capsys):
    configure_logs(quiet=False)

    structlog.get_logger().info("file_refused", name="a\n{forged: true}", street="解放路")

    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    written = json.loads(lines[0])
    assert (written["name"], written["street"], written["level"]) == ("a\n{forged: true}", "解放路", "info")


def test_quiet_keeps_warnings_only(capsys):
    configure_logs(quiet=True)
    log = structlog.get_logger()

    log.info("told_nobody")
    log.warning("told")

    assert [json.loads(line)["event"] for line in capsys.readouterr().err.splitlines()] == ["told"]
