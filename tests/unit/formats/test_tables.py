"""Tables keep exact text and exact row numbers, whatever the container."""

from pathlib import Path

import pytest
from openpyxl import Workbook

from xzgis.core.errors import Invalid
from xzgis.formats.delimited import read_delimited, read_plain
from xzgis.formats.encoding import decode
from xzgis.formats.headers import find_header
from xzgis.formats.tables import read_tables

TEXT = "点号,X,备注\n甲1,3793900.10,管线\n\n甲2,3793900.20,\n"


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le", "utf-16-be"]
)
def test_chinese_text_is_decoded_from_any_usual_encoding(encoding: str) -> None:
    decoded = decode((TEXT * 5).encode(encoding), name="a.csv")

    assert decoded.text.lstrip("\ufeff") == TEXT * 5
    assert decoded.why.zh


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "shift_jis"])
def test_other_encodings_are_refused_not_mistaken(encoding: str) -> None:
    text = "ひらがなとカタカナのデータ" if encoding == "shift_jis" else "déjà vu, où êtes-vous, Größe, niño"

    with pytest.raises(Invalid):
        decode(text.encode(encoding), name="a.csv")


def test_a_said_encoding_is_held_to() -> None:
    with pytest.raises(Invalid):
        decode("管线".encode("gbk"), name="a.csv", encoding="utf-8")


def test_blank_rows_and_quoted_line_breaks_keep_the_row_numbers(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"two\nlines"\n\n3,4\n', encoding="utf-8")

    (table,) = read_tables([path])

    assert table.row.tolist() == [2, 4]
    assert table.frame["b"].tolist() == ["two\nlines", "4"]


@pytest.mark.parametrize("delimiter", ["\t", ";", "|", ","])
def test_the_delimiter_is_found(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "a.txt"
    path.write_text(delimiter.join(("a", "b")) + "\n" + delimiter.join(("1", "x y")) + "\n", encoding="utf-8")

    (table,) = read_tables([path])

    assert table.frame.to_dict("list") == {"a": ["1"], "b": ["x y"]}


def test_cells_beyond_the_header_are_kept_and_named(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4,5\n", encoding="utf-8")

    (table,) = read_tables([path])

    assert table.ragged == (3,)
    assert table.frame["column 3"].tolist()[-1] == "5"


def test_a_broken_quote_names_the_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n1,"x"y\n', encoding="utf-8")

    with pytest.raises(Invalid) as caught:
        read_tables([path])

    assert "第 2 行" in caught.value.words.zh


def test_a_large_plain_file_reads_the_same_at_once_and_row_by_row(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = "".join(
        f"点{number}, {number}.50 ,\n" + ("\n" if number % 1000 == 0 else "") for number in range(150_000)
    )
    path.write_text("点号,值,空\n" + rows, encoding="gb18030")
    slow, decoded = read_delimited(path)
    expected = [(number, cells) for number, cells in slow if any(cells)][1:]

    (table,) = read_tables([path])

    assert read_plain(decoded.text, after_row=1, names=("点号", "值", "空")) is not None, (
        "the fast way is taken"
    )
    assert table.row.tolist() == [number for number, _ in expected]
    assert table.frame["点号"].tolist() == [cells[0] for _, cells in expected]
    assert table.frame["值"].tolist() == [cells[1] for _, cells in expected]


def test_a_header_of_two_rows_joins_whole_and_part() -> None:
    header = find_header(
        [
            ["成果表", None, None, None],
            ["点号", "高程", None, "备注"],
            [None, "地面", "管顶", None],
            ["J1", "12.1", "11.0", None],
        ]
    )

    assert header is not None
    assert (header.first, header.end) == (1, 3)
    assert header.names == ("点号", "高程/地面", "高程/管顶", "备注")


def test_doubled_and_nameless_columns_stay_apart() -> None:
    header = find_header([["a", "a", None], ["1", "2", "3"]])

    assert header is not None
    assert header.names[:2] == ("a", "a (2)")


def test_equal_cells_of_a_column_are_held_once(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("a,b\n" + "1,铸铁\n2,\n3,铸铁\n", encoding="utf-8")

    (table,) = read_tables([path])

    first, empty, third = table.frame["b"]
    assert (first, empty) == ("铸铁", None)
    assert first is third


def test_text_rows_under_a_head_with_a_gap_are_data() -> None:
    rows = [
        ["起点点号", "终点点号", "管径", "起点埋深", "终点埋深", "材质", None],
        ["RQ1", "RQ2", "DN200", "1.2m", None, "钢", "见备注"],
        ["RQ2", "RQ3", "DN200", "1.2m", "1.3m", "钢", None],
    ]

    header = find_header(rows)

    assert header is not None
    assert (header.first, header.end, header.names[0], header.untitled) == (0, 1, "起点点号", ("column 7",))


@pytest.mark.parametrize(
    ("rows", "names"),
    [
        pytest.param(
            [["点号", "坐标", None, "埋深", None, "备注"], [None, "X", "Y", "起点", "终点", None]],
            ("点号", "坐标/X", "坐标/Y", "埋深/起点", "埋深/终点", "备注"),
            id="merged cells",
        ),
        pytest.param(
            [["点号", "坐标", None, "高程", "材质"], [None, "X(m)", "Y(m)", "(m)", None]],
            ("点号", "坐标/X(m)", "坐标/Y(m)", "高程/(m)", "材质"),
            id="with units",
        ),
    ],
)
def test_parts_under_merged_cells_are_still_parts(
    rows: list[list[str | None]], names: tuple[str, ...]
) -> None:
    header = find_header([*rows, ["J1", "3793900.1", "517800.2", "30.1", "1.2", "x"]])

    assert header is not None
    assert (header.end, header.names) == (2, names)


def test_a_workbook_called_a_text_is_read_as_what_it_is(tmp_path: Path) -> None:
    book = Workbook()
    for row in (["点号", "X"], ["甲1", "3793900.10"]):
        book.active.append(row)
    book.save(tmp_path / "points.csv")

    (table,) = read_tables([tmp_path / "points.csv"])

    assert (table.format, table.encoding) == ("xlsx", None)
    assert table.frame["点号"].tolist() == ["甲1"]
