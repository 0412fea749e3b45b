"""A column of something else taken for codes: told once, and read in a time that grows with its rows alone."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.factories import EAST_M, NORTH_M
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.terms import Catalogue
from xzgis.networks.actions.read_survey import read_survey
from xzgis.networks.rules import understanding
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.understanding import Understanding, choose_kinds
from xzgis.networks.terms import Delivery


def delivered(folder: Path, count: int) -> Delivery:
    """A survey whose lines have a word of their own each for a code."""
    points, lines = folder / "POINT.csv", folder / "LINE.csv"
    rows = "".join(f"{no},{NORTH_M + 20 * no},{EAST_M},35,JS\n" for no in range(count + 1))
    points.write_text(f"物探点号,X,Y,地面高程,管线类别\n{rows}", "utf-8")
    rows = "".join(f"{no},{no + 1},1.2,1.3,管段{no}\n" for no in range(count))
    lines.write_text(f"起点点号,终点点号,起点埋深,终点埋深,管线类别\n{rows}", "utf-8")
    return read_survey([points, lines], catalogue=catalogue())


@pytest.mark.parametrize(("count", "told"), [(50, 0), (51, 1)])
def test_more_than_fifty_words_of_no_kind_are_no_codes(tmp_path: Path, count: int, told: int) -> None:
    asked = [one for one in delivered(tmp_path, count).findings if one.code == "R08"]

    columns = [one for one in asked if one.value is None]
    assert [(one.level, one.field, one.row) for one in columns] == [("warning", "code", None)] * told
    assert all("51 个不同的词" in one.words.zh for one in columns)
    # Every word is asked about all the same: its rows stay out until somebody says its kind.
    errors = {one.value for one in asked if one.level == "error"}
    assert errors == {f"管段{no}" for no in range(count)}


def test_rows_of_a_code_are_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[int, int]] = []
    hints = understanding._hints

    def noted(points: pd.DataFrame, lines: pd.DataFrame, known: Catalogue) -> dict[str, int]:
        seen.append((len(points), len(lines)))
        return hints(points, lines, known)

    monkeypatch.setattr(understanding, "_hints", noted)
    words = {"words": "", "file": "f", "sheet": None, "row": np.arange(6)}
    lines = pd.DataFrame(
        {"code": ["R", "Y", "R", "K", "K2", None], "pressure": "中压", "voltage": None, **words}
    )
    known = catalogue()

    choose_kinds(lines.iloc[:0], lines, Understanding(known, {}, (), Doubts()))

    # Shared codes alone are asked of their own rows: a word of no kind has none among which its rows could choose.
    assert seen == [(0, 2), (0, 1)]
