"""Units that the format of a cell shows behind its figure: what a person reads there is what is read."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from xzgis.formats.workbook import read_xlsx


@pytest.mark.parametrize(
    ("shown_as", "value", "text"),
    [
        ('0" cm"', 150, "150cm"), ('0.00"m"', 1.2, "1.2m"), ('#,##0.0"厘米"', 120, "120厘米"), (r"0\m\m", 300, "300mm"),
        ('0"cm";-0"cm"', 60, "60cm"), ('0"CM"', 60, "60CM"), ("0.00", 1.2, "1.2"), ("General", 300, "300"),
        ('"DN"0', 300, "300"), ('0"个"', 3, "3"), ('0"cm"', "d300", "d300"), ('0"cm"', None, None),
    ],
)  # fmt: skip
def test_a_unit_that_a_cell_shows_is_read(
    tmp_path: Path, shown_as: str, value: float | str | None, text: str | None
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet["A1"], sheet["B1"] = "管径", "材质"
    sheet["A2"], sheet["B2"] = value, "钢"
    sheet["A2"].number_format = shown_as
    book.save(tmp_path / "book.xlsx")

    ((_, rows, _),) = ((name, list(rows), odd) for name, rows, odd in read_xlsx(tmp_path / "book.xlsx"))

    assert rows == [(1, ["管径", "材质"]), (2, [text, "钢"])]
