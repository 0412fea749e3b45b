"""A blank row within a list is told, and where it may part two lines refused."""

from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.queries.file import read_work
from xzgis.works.rules.reading import ReadWork, WorkOptions

pytestmark = pytest.mark.usefixtures("read_here")


def read(folder: Path, *rows: str) -> ReadWork:
    path = folder / "list.csv"
    path.write_text("\n".join(["X,Y,管顶高程", *rows]), "utf-8")
    return read_work(path, catalogue(), WorkOptions(kind="gas"), limits=(60, 2048))


@pytest.mark.parametrize("blank", ["", ",,"])
def test_the_end_of_one_line_is_not_joined_to_the_start_of_the_next(tmp_path: Path, blank: str) -> None:
    lines = [f"{3_792_600 + 50 * line},{516_900 + east},28" for line in (0, 1) for east in (0, 60, 100)]
    with pytest.raises(Invalid, match="空行") as refused:
        read(tmp_path, *lines[:3], blank, *lines[3:])

    assert all(part in refused.value.words.en for part in ("list.csv", "row 4", "row 6", "111.80 m"))
    assert not any("Blank" in note.en for note in read(tmp_path, *lines[:3]).notes)


def test_a_blank_row_amid_even_steps_is_told(tmp_path: Path) -> None:
    rows = [f"3792600,{516_900 + east},28" for east in (0, 20, 40, 60)]
    told = read(tmp_path, *rows[:2], "", *rows[2:])

    assert [note.en for note in told.notes if "Blank" in note.en] == [
        "Blank rows stand behind row 3: the points were read on as one line."
    ]
    assert len(told.document.runs[0].axis) == 4
