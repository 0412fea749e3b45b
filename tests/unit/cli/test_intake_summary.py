"""The last sentence of an import says how much went in, and how much did not."""

from typing import Any

import pytest

from xzgis.cli import frame
from xzgis.cli.intake import _progress, _tell
from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frame._chosen, "lang", "zh")


def told(left_out: dict[str, int]) -> dict[str, Any]:
    counts = {"error": 1, "warning": 0, "info": 0}
    return {"counts": counts, "accepted": True, "batch": "7", "points": 3, "lines": 2, "left_out": left_out}


def test_rows_left_out_are_counted_in_the_last_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(told({"points": 0, "lines": 1}), (), False)

    assert "2 段；其中 0 点、1 段不入库；" in capsys.readouterr().out


def test_a_whole_delivery_is_not_said_to_lack_anything(capsys: pytest.CaptureFixture[str]) -> None:
    _tell(told({"points": 0, "lines": 0}), (), False)

    assert "不入库" not in capsys.readouterr().out


def test_what_was_replaced_is_said_and_an_empty_remedy_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    lone = IntakeFinding("S01", "error", Words("管点表缺失。", "No points."), Words("", ""))

    _tell(told({"points": 0, "lines": 0}) | {"replaced": {"points": 1, "lines": 2}}, (lone,), False)

    said = capsys.readouterr().out
    assert "替换现有 1 点、2 段" in said
    assert "→" not in said


def test_steps_are_told_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    _progress(0, "read")

    assert "0% 读取文件" in capsys.readouterr().err
