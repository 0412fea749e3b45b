"""Heads of levels and depths at the ends of lines: each usual one is mapped, and read as the surface it names."""

from itertools import product

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.level_words import word_of
from xzgis.networks.rules.mapping import ColumnMap, map_columns

SURVEYS = ("survey_tables", "one_table", "result_table")
MAPPINGS = [one for one in catalogue().intakes.values() if one.reads in SURVEYS]
SURFACES = {
    "": None, "管": None, "管线": None, "管道": None,
    "管顶": "top", "管外顶": "top", "外顶": "top", "沟顶": "top", "管块顶": "top",
    "管内顶": "inner_top", "内顶": "inner_top", "管底": "bottom", "沟底": "bottom", "管(沟)底": "bottom",
    "管内底": "inner", "内底": "inner", "管沟内底": "inner", "管（沟块）内底": "inner", "管外底": "outer", "外底": "outer",
    "管顶(底)": None, "管中心": "centre", "中心": "centre", "管道轴线": "centre", "管心": "centre", "管中": "centre",
    "中线": "centre", "管道中线": "centre", "轴心": "centre",
}  # fmt: skip
FIELDS = {"高程": "level", "标高": "level", "埋深": "depth"}


def lines_of(*heads: str) -> ColumnMap:
    return map_columns(["起点点号", "终点点号", *heads], MAPPINGS)


@pytest.mark.parametrize(("surface", "word"), SURFACES.items())
def test_every_surface_at_an_end_is_mapped_and_read_as_itself(surface: str, word: str | None) -> None:
    for end, (said, what), unit in product(("起点", "终点", "起始点", "终止点"), FIELDS.items(), ("", "(m)")):
        head = f"{end}{surface}{said}{unit}"
        field = f"{'start' if end[0] == '起' else 'end'}_{what}_m"

        assert lines_of(head).line_columns.get(field) == head, head
        assert word_of(head) == word, head


@pytest.mark.parametrize(
    ("head", "field"),
    [
        ("起点/埋深", "start_depth_m"), ("终点/埋深", "end_depth_m"), ("埋深(m)/终点", "end_depth_m"),
        ("高程(m)/起点管内底", "start_level_m"), ("终点/管底高程", "end_level_m"), ("管顶高程(起点)", "start_level_m"),
        ("起点管底高程(内)", "start_level_m"), ("终点深度", "end_depth_m"), ("S_Deep", "start_depth_m"), ("E_H", "end_level_m"),
    ],
)  # fmt: skip
def test_an_end_may_stand_over_beside_or_behind_it(head: str, field: str) -> None:
    assert {name: column for name, column in lines_of(head).line_columns.items() if column == head} == {
        field: head
    }


@pytest.mark.parametrize(
    "head",
    [
        "起点井底高程", "起点地面高程", "终点地面标高", "起点井中心高程", "起点井中线高程", "起点沟心高程", "起点沟深",
        "起终点高差", "起点终点高程", "起点埋深方式", "管底高程", "起点管顶覆土", "起点高程差",
    ],
)  # fmt: skip
def test_what_is_no_surface_of_the_line_at_an_end_is_left_to_a_person(head: str) -> None:
    assert head in lines_of(head).unmapped


def test_a_listed_name_goes_before_one_that_says_more() -> None:
    found = lines_of("起点管内底高程", "起点高程", "终点管内底高程", "终点管顶标高")

    assert found.line_columns["start_level_m"] == "起点高程"
    assert found.line_columns["end_level_m"] == "终点管内底高程"
