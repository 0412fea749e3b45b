"""A list of positions is one line: a column that numbers several refuses it."""

import pytest

from xzgis.core.errors import Invalid
from xzgis.works.rules.list_columns import columns_of


def rows(head: str, *numbers: str) -> list[tuple[int, list[str | None]]]:
    told: list[list[str | None]] = [[head, "X", "Y"]]
    told += [[number, f"{3_792_600 + at}", "517000"] for at, number in enumerate(numbers)]
    return list(enumerate(told, start=1))


@pytest.mark.parametrize("head", ["线号", "管线编号", "线路", "line_no", "Line", "管段号"])
def test_several_lines_in_one_list_are_refused(head: str) -> None:
    with pytest.raises(Invalid) as refused:
        columns_of(rows(head, "1", "1", "2", "2"), "w.csv")

    assert all(word in str(refused.value) for word in ("w.csv", head, "1、2"))


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        ("线号", ("1", "1", "1", "1")),
        ("线号", ("1", "", "", "")),
        ("线号", ("a", "b", "c", "d")),
        ("点号", ("1", "1", "2", "2")),
        ("线型", ("直", "直", "曲", "曲")),
    ],
)
def test_one_line_and_names_of_positions_are_read(head: str, numbers: tuple[str, ...]) -> None:
    assert len(columns_of(rows(head, *numbers), "w.csv").rows) == 4
