"""Hints name the command that the person typed: ``./xz`` in a folder that was only unpacked, else ``xzgis``."""

import subprocess

import pytest

from xzgis.cli import frame
from xzgis.core.settings import ROOT
from xzgis.core.words import Words

STOPPED = Words("数据库没有运行；用 xzgis db start 启动。", "It does not run; use xzgis db start.")


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frame._chosen, "lang", "zh")


def test_a_hint_names_the_installed_command_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("XZGIS_CALLED_AS", raising=False)

    assert frame.spoken_here(STOPPED) == STOPPED.zh


def test_a_hint_names_the_script_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XZGIS_CALLED_AS", "./xz")

    frame.say(STOPPED)

    assert capsys.readouterr().err == "数据库没有运行；用 ./xz db start 启动。\n"


@pytest.mark.parametrize(
    ("said", "typed"),
    [
        ("see that xzgis run or xzgis worker goes", "see that ./xz run or ./xz worker goes"),
        ("stop xzgis and the database (xzgis db stop)", "stop xzgis and the database (./xz db stop)"),
        ("CREATE ROLE xzgis_viewer; /opt/xzgis db", "CREATE ROLE xzgis_viewer; /opt/xzgis db"),
        ("用 xzgis people reset-password 重置", "用 ./xz people reset-password 重置"),
    ],
)
def test_only_commands_are_put_under_the_name_that_was_typed(
    monkeypatch: pytest.MonkeyPatch, said: str, typed: str
) -> None:
    monkeypatch.setenv("XZGIS_CALLED_AS", "./xz")

    assert frame.as_typed(said) == typed


def test_the_way_to_the_help_and_the_usage_name_it_too(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("XZGIS_CALLED_AS", "/srv/xz")

    frame.run(["db", "--no-such"])
    frame.run(["export", "--help"])

    shown = capsys.readouterr()
    assert "/srv/xz db --help" in shown.err
    assert "Usage: /srv/xz export" in shown.out
    assert "/srv/xz exports ask" in " ".join(shown.out.split())


@pytest.mark.parametrize(
    ("typed", "called"), [("./xz", "./xz"), ("/srv/xzgis/xz", "/srv/xzgis/xz"), ("xz", "./xz")]
)
def test_the_script_says_under_which_name_it_was_typed(typed: str, called: str) -> None:
    lines = (ROOT / "xz").read_text(encoding="utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.strip().startswith("case $0 in"))
    said = "\n".join([*lines[start : start + 2], 'printf %s "$XZGIS_CALLED_AS"'])

    told = subprocess.run(["/bin/sh", "-c", said, typed], capture_output=True, text=True, check=True)

    assert told.stdout == called
