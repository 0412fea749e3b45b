"""The frame of the command: quick help, one sentence for an error, exit codes that scripts rely on."""

import re
import subprocess
import sys

import pytest
import typer

from xzgis.cli import frame
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words


def run_with(monkeypatch, command, *arguments):
    app = typer.Typer(rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command("do")(command)
    app.command("other")(lambda: None)
    monkeypatch.setattr(frame, "application", lambda: app)
    return frame.run(["do", *arguments])


def test_help_loads_no_library_that_takes_its_time():
    script = (
        "import sys; from xzgis.cli import frame; frame.application();"
        "print([name for name in ('sqlalchemy', 'numpy', 'fastapi', 'pydantic', 'shapely') if name in sys.modules])"
    )

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    assert loaded == "[]\n"


def test_number_a_command_returns_is_the_exit_code(monkeypatch):
    assert run_with(monkeypatch, lambda: 2) == 2


def test_nothing_returned_is_success(monkeypatch):
    assert run_with(monkeypatch, lambda: None) == 0


def test_refusal_is_its_sentence_and_its_faults_with_remedy(monkeypatch, capsys):
    def refuse() -> None:
        fault = Fault(("a.csv", 17, "终点点号"), Words("没有此点", "no such point"), Words("改正", "mend it"))
        raise Invalid(Words("文件有误。", "The file is wrong."), faults=(fault,))

    code = run_with(monkeypatch, refuse, "--lang", "en")

    shown = capsys.readouterr()
    assert code == frame.EXIT_ERROR
    assert shown.out == ""
    assert shown.err == "The file is wrong.\n  a.csv · 17 · 终点点号: no such point → mend it\n"


@pytest.mark.parametrize(("arguments", "traced"), [([], False), (["--debug"], True)])
def test_defect_shows_its_trace_only_when_asked(monkeypatch, capsys, arguments, traced):
    def fall() -> None:
        raise ZeroDivisionError("made up")

    code = run_with(monkeypatch, fall, *arguments)

    shown = capsys.readouterr().err
    assert code == frame.EXIT_ERROR
    assert "made up" in shown
    assert ("Traceback" in shown) is traced


def test_wrong_command_line_is_an_error_and_not_a_finding(capsys):
    code = frame.run(["no-such-command"])

    assert code == frame.EXIT_ERROR
    assert "no-such-command" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "C.UTF-8"}, "zh"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LC_ALL": "zh_CN.UTF-8", "LANG": "en_US"}, "zh"),
        ({}, "zh"),
    ],
)
def test_language_is_chinese_unless_the_environment_is_english(monkeypatch, environment, expected):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    frame._take_common([])

    assert frame.language() == expected


def test_common_options_end_at_the_double_dash():
    assert frame._take_common(["a", "--debug", "--lang=en", "--", "--debug"]) == ["a", "--", "--debug"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["fly"], "没有命令“fly”"),
        (["check", "--foo"], "没有选项 --foo"),
        (["check"], "缺少 WORK"),
        (["undo", "abc"], "BATCH：应为数字"),
        (["serve", "--port", "99999999"], "--port：不得大于 65535"),
        (["batches", "x"], "多写了：x"),
        (["check", "a.json", "--kind"], "选项 --kind 后面缺少值"),
    ],
)
def test_wrong_command_line_is_said_in_one_language(capsys, monkeypatch, arguments, said):
    code = frame.run([*arguments, "--lang", "zh"])

    shown = capsys.readouterr().err
    assert code == frame.EXIT_ERROR
    assert said in shown
    assert not re.search(r"[A-Za-z]{3,} [A-Za-z]{2,}", shown.partition("。用法")[0])
