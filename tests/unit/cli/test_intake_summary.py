"""The last sentence of an import says how much went in, and how much did not."""

from typing import Any

import pytest

from xzgis.cli import frame
from xzgis.cli.deliveries.progress import Display
from xzgis.cli.deliveries.telling import tell
from xzgis.core.words import Words
from xzgis.networks.terms import IntakeFinding


@pytest.fixture(autouse=True)
def chinese(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(frame._chosen, "lang", "zh")


def told(left_out: dict[str, int]) -> dict[str, Any]:
    counts = {"error": 1, "warning": 0, "info": 0}
    return {"counts": counts, "accepted": True, "batch": "7", "points": 3, "lines": 2, "left_out": left_out}


def test_rows_left_out_are_counted_in_the_last_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    tell(told({"points": 0, "lines": 1}), (), {}, as_json=False)

    assert "3 点，1 段；交来的另 0 点、1 段不入库；" in capsys.readouterr().out


def test_what_is_kept_as_registered_is_not_counted_as_gone_in(capsys: pytest.CaptureFixture[str]) -> None:
    kept = {"kept_as_registered": 2, "points_kept_as_registered": 1}
    tell(told({"points": 0, "lines": 0}) | kept, (), {}, as_json=False)

    assert "2 点，0 段；1 点、2 段与现有相同，保留现有；" in capsys.readouterr().out


def test_a_whole_delivery_is_not_said_to_lack_anything(capsys: pytest.CaptureFixture[str]) -> None:
    tell(told({"points": 0, "lines": 0}), (), {}, as_json=False)

    assert "不入库" not in capsys.readouterr().out


def test_what_was_replaced_is_said_and_an_empty_remedy_is_not(capsys: pytest.CaptureFixture[str]) -> None:
    lone = IntakeFinding("S01", "error", Words("管点表缺失。", "No points."), Words("", ""))

    tell(
        told({"points": 0, "lines": 0})
        | {"replaced": {"points": 1, "lines": 2}, "unchanged": {"points": 0, "lines": 1}},
        (lone,),
        {},
        as_json=False,
    )

    said = capsys.readouterr().out
    assert "替换现有 1 点、2 段（其中 0 点、1 段内容未变）" in said
    assert "→" not in said


@pytest.mark.parametrize(
    ("lang", "lines"),
    [
        ("zh", ["  0% 读取 a.csv", " 50% 读取 b.csv", " 90% 写入登记库"]),
        ("en", ["  0% read a.csv", " 50% read b.csv", " 90% write to the register"]),
    ],
)
def test_steps_are_told_once_in_the_language_asked_for_and_never_go_back(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, lang: str, lines: list[str]
) -> None:
    monkeypatch.setitem(frame._chosen, "lang", lang)
    display = Display()

    for percent, step in ((0, "a.csv"), (0, "a.csv"), (50, "b.csv"), (50.4, "b.csv"), (90, "accept")):
        display.tell(percent, step)
    display.end()

    assert capsys.readouterr().err.splitlines() == lines


def test_a_terminal_shows_one_line_written_over(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    display = Display()

    for percent, step in ((0, "a-long-name.csv"), (50, "b.csv")):
        display.tell(percent, step)
    display.end()

    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert said.split("\r")[-1].rstrip() == " 50% 读取 b.csv"
    assert len(said.split("\r")[-1].rstrip("\n")) >= len("  0% 读取 a-long-name.csv")


def test_the_crews_own_head_goes_before_our_word(capsys: pytest.CaptureFixture[str]) -> None:
    words = Words("高程相差 1 m", "levels differ by 1 m")
    one = IntakeFinding(
        "S13", "warning", words, Words("核对", "compare"), file="a.csv", row=7, field="point_no", value="J1"
    )

    tell(told({"points": 0, "lines": 0}), (one,), {"a.csv": {"point_no": "井号牌"}}, as_json=False)

    assert "a.csv #7 井号牌（物探点号）  高程相差 1 m（值：J1）  → 核对" in capsys.readouterr().out


def test_facts_that_were_not_told_are_said_by_what_became_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    facts = {
        "facts_kept": {"points": {"appurtenance": 2}, "lines": {}},
        "facts_lost": {"points": {}, "lines": {"level": 1}},
    }

    tell(told({"points": 0, "lines": 0}) | facts, (), {}, as_json=False)

    said = capsys.readouterr().out
    assert "本次未给出、沿用登记值：附属物 2 个管点" in said
    assert "本次未给出、成为未知：标高 1 条管段" in said


def test_findings_of_one_kind_are_one_line_with_their_rows(capsys: pytest.CaptureFixture[str]) -> None:
    alike = [
        IntakeFinding(
            "S17", "warning", Words(f"管段长 {70 + row}.5 m，超出 0.05–75 m", "long"), Words("核对", "See"),
            file="a.csv", row=row, field="length_m", value=f"{70 + row}.5",
        )
        for row in range(2, 42)
    ]  # fmt: skip
    other = IntakeFinding(
        "R05", "warning", Words("“埋”不在代码表", "in no list"), Words("", ""), file="a.csv", value="埋"
    )

    tell(told({"points": 0, "lines": 0}), (*alike, other), {}, as_json=False)

    captured = capsys.readouterr()
    lines = captured.out.splitlines()
    assert len(lines) == 3
    assert "（同类共 40 条：#2 #3 #4 #5 #6 …）  → 核对" in lines[0]
    assert "R05" in lines[1]
    assert "同类" not in lines[1]
    assert "同类的合为一行" in captured.err
    assert "另有" not in captured.err


def test_kinds_beyond_what_is_shown_are_counted_finding_by_finding(
    capsys: pytest.CaptureFixture[str],
) -> None:
    kinds = [
        IntakeFinding("R05", "warning", Words(f"值{chr(0x4E00 + at)}", "?"), Words("", ""), row=row)
        for at in range(42)
        for row in (2, 3)
    ]

    tell(told({"points": 0, "lines": 0}), tuple(kinds), {}, as_json=False)

    assert "另有 4 条" in capsys.readouterr().err


@pytest.mark.parametrize(("accepted", "is_said"), [(False, True), (True, False)])
def test_what_leaving_out_errors_would_leave_out_is_said_before_it_is_chosen(
    capsys: pytest.CaptureFixture[str], accepted: bool, is_said: bool
) -> None:
    would = {"accepted": accepted, "would_leave_out": {"points": 12, "lines": 8}}

    tell(told({"points": 0, "lines": 0}) | would, (), {}, as_json=False)

    said = capsys.readouterr().out
    assert ("带错行不入库时：管点 12 个、管线 8 条不入库" in said) == is_said
    assert ("--leave-out-errors" in said) == is_said
