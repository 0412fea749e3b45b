"""What is told of lines on the course of a record: named one by one up to a bound, then counted."""

import numpy as np
import pandas as pd
import pytest

from xzgis.networks.rules import same_findings
from xzgis.networks.rules.likeness import Standing
from xzgis.networks.rules.marks import TOLD_APART_BY
from xzgis.networks.rules.same_findings import answered, other_lines, still_asked
from xzgis.networks.terms import IntakeFinding


def told_of(count: int) -> list[IntakeFinding]:
    """D03 of ``count`` lines that the register holds 1.7 m lower: delivered on another height datum."""
    lines = pd.DataFrame({"file": "L.csv", "sheet": None, "row": np.arange(count) + 2})
    marks = pd.DataFrame({name: pd.Series([None] * count, dtype=object) for name in TOLD_APART_BY})
    ends, one = np.full((count, 2), 30.0), np.full(count, 0.1)
    here = Standing(ends, ends - 0.3, one, np.full((count, 2), 300.0), one, marks)
    there = Standing(ends - 1.7, ends - 2.0, one, np.full((count, 2), 300.0), one, marks)
    return other_lines(lines, here, there, [None] * count, np.zeros((count, 2)), {}, sigma_factor=2.0)


def test_lines_on_the_course_of_a_record_are_named_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(same_findings, "MOST_NAMED", 20)
    found = told_of(320)

    assert [one.row for one in found] == [*range(2, 22), None]
    assert {(one.code, one.level) for one in found} == {("D03", "error")}
    assert "300 条" in found[-1].words.zh
    assert {one.field for one in found[:-1]} == {"crown_m"}
    told = still_asked(found)
    assert told is not None
    assert "请选择“替换”“保留”或“并列”" in told.zh
    assert {one.level for one in answered(found, "replace")} == {"warning"}


def test_few_are_all_named() -> None:
    assert [one.row for one in told_of(2)] == [2, 3]
