"""Why a file cannot be read stands in one finding, the same on the page and on the command line."""

import pytest

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.networks.rules.unreadable import MEND_FILE, unreadable


def refusal(zh: str, *faults: Fault) -> Invalid:
    return Invalid(Words(zh, "English"), faults=faults)


@pytest.mark.parametrize(
    ("zh", "names", "file"),
    [
        pytest.param("文件 b.dwg 是 DWG。", ["a.csv", "b.dwg"], "b.dwg", id="the one it speaks of"),
        pytest.param("打不开。", ["a.csv"], "a.csv", id="the only one"),
        pytest.param("打不开。", ["a.csv", "b.csv"], None, id="nobody knows which"),
        pytest.param("a.csv 与 b.csv 不同。", ["a.csv", "b.csv"], None, id="two"),
    ],
)
def test_the_finding_names_the_file_it_is_about(zh: str, names: list[str], file: str | None) -> None:
    assert unreadable(refusal(zh), names).file == file


def test_what_the_first_fault_adds_is_said_once() -> None:
    more = Fault(("x",), Words("第 3 行不对。", "Row 3."), Words("改第 3 行", "mend row 3"))

    told = unreadable(refusal("文件 a.csv 打不开。", more), ["a.csv"])
    again = unreadable(refusal("文件 a.csv 打不开：第 3 行不对。", more), ["a.csv"])

    assert (told.words.zh, told.remedy.zh) == ("文件 a.csv 打不开。第 3 行不对。", "改第 3 行")
    assert again.words.zh == "文件 a.csv 打不开：第 3 行不对。"
    assert unreadable(refusal("打不开。"), ["a.csv"]).remedy == MEND_FILE
