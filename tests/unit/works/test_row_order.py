"""The rows of a list of positions become the line one after the other: their own numbers say whether they may."""

import pytest

from xzgis.core.errors import Invalid
from xzgis.works.rules.list_columns import columns_of

AS_TEXT = ("J1", "J10", "J11", "J2", "J3", "J4", "J5", "J6", "J7", "J8", "J9")


def rows(**columns: tuple[str, ...]) -> list[tuple[int, list[str | None]]]:
    told: list[list[str | None]] = [[*columns, "X", "Y"]]
    told += [
        [*cells, f"{3_792_600 + at}", "517000"]
        for at, cells in enumerate(zip(*columns.values(), strict=True))
    ]
    return list(enumerate(told, start=1))


@pytest.mark.parametrize(
    "head", ["点号", "物探点号", "编号", "井号", "No.", "point", "point_no", "ID", "点名(现场)"]
)
def test_a_list_sorted_as_text_is_refused_at_its_first_row_out_of_order(head: str) -> None:
    with pytest.raises(Invalid) as refused:
        columns_of(rows(**{head: AS_TEXT}), "w.csv")

    zh, en = refused.value.words.zh, refused.value.words.en
    assert all(word in zh for word in ("w.csv", "第 5 行", head, "“J2”", "“J11”", "删去这一列"))
    assert all(word in en for word in ("w.csv, row 5", head, "“J2”", "“J11”", "Sort the rows"))


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        ("序号", ("1", "10", "2", "3")),
        ("序号", ("1", "2", "3", "1", "2")),
        ("点号", ("J3", "J1", "J2")),
        ("点号", ("J1-1", "J1-10", "J1-2", "J1-3")),
        ("点号", ("Ｊ１", "Ｊ１０", "Ｊ２", "Ｊ３", "Ｊ４", "Ｊ５", "Ｊ６")),
        ("点号", ("J10", "J100", "J20", "J200", "J30")),
        ("点号", ("起点", "J1", "J10", "J11", "J2", "终点")),
        ("点号", ("J9", "J8", "J7", "J11", "J10")),
        ("桩号", ("K0+000", "K0+100", "K0+1000", "K0+200")),
        ("桩号", ("K0+980", "K1+020", "K0+995")),
        ("里程(m)", ("0", "100", "1000", "20.5")),
        ("chainage_m", ("0", "40", "20")),
        ("station", ("0+020", "0+060", "0+040")),
        ("点号", ("JS1", "JS1-1", "JS1-10", "JS1-11", "JS1-12", "JS1-2", "JS1-3")),
        ("图上点号", ("J1", "J10", "J11", "J2", "J3")),
        ("标号", ("1", "10", "11", "2", "3")),
        ("stake", ("0", "100", "1000", "200")),
    ],
)
def test_numbers_that_do_not_run_one_way_refuse_the_list(head: str, numbers: tuple[str, ...]) -> None:
    with pytest.raises(Invalid) as refused:
        columns_of(rows(**{head: numbers}), "w.csv")

    assert f"“{head}”" in refused.value.words.zh


@pytest.mark.parametrize(
    ("head", "numbers"),
    [
        ("点号", ("J1", "J2", "J9", "J10", "J11")),
        ("点号", ("J11", "J10", "J9", "J2", "J1")),
        ("点号", ("J1", "J1", "J2", "J2")),
        ("点号", ("J1", "J2", "J3", "J4", "J1")),
        ("点号", ("J1", "J2", "J2-1", "J2-2", "J3")),
        ("点号", ("J2", "J1")),
        ("点号", ("起点", "转角", "阀门", "终点")),
        ("点号", ("J1023", "J567", "J890", "J12", "J4410")),
        ("点号", ("A7", "C2", "B5", "D1", "C1")),
        ("点号", ("J1", "T3", "J2", "T1", "J3", "T2", "J4")),
        ("点号", ("", "", "", "")),
        ("桩号", ("K0+000", "K0+020", "K0+980", "K1+020")),
        ("桩号", ("K1+020", "K0+980", "K0+020", "K0+000")),
        ("桩号", ("K0+000", "K0+020", "AK0+000", "AK0+015")),
        ("里程", ("0", "20", "20", "100.5")),
        ("名称", ("起点", "45°弯头", "90°弯头", "45°弯头", "终点")),
        ("名称", ("DN300", "DN400", "DN300", "DN300")),
        ("上游点号", ("J2", "J10", "J1", "J3")),
        ("间距", ("20", "10", "15", "12")),
        ("下游点号", ("J2", "J4", "J3", "J1")),
        ("备注", ("1", "3", "2", "4")),
        ("井深", ("1", "3", "2", "4")),
    ],
)
def test_an_ordinary_list_is_read(head: str, numbers: tuple[str, ...]) -> None:
    assert len(columns_of(rows(**{head: numbers}), "w.csv").rows) == len(numbers)


def test_stations_that_run_one_way_stand_over_the_numbers_of_points() -> None:
    stations = tuple(f"K0+{20 * at:03d}" for at in range(len(AS_TEXT)))

    assert columns_of(rows(点号=AS_TEXT, 桩号=stations), "w.csv")
    with pytest.raises(Invalid):
        columns_of(rows(点号=AS_TEXT, 桩号=(*stations[:-1], "")), "w.csv")


def test_an_ordinal_of_its_own_stands_over_the_names_of_manholes_but_not_over_a_sort_by_text() -> None:
    through = tuple(map(str, range(1, 5)))
    assert columns_of(rows(序号=through, 井号=("J12", "J13", "J10", "J11")), "w.csv")

    with pytest.raises(Invalid, match="井号"):
        columns_of(rows(序号=through, 井号=("J1", "J10", "J2", "J3")), "w.csv")
