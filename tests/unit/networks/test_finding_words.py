"""Findings of an intake: our name of the field beside the delivered one, the value in the reader's language."""

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.finding_words import canonical_field, field_word, value_words
from xzgis.networks.rules.import_document import COLUMNS, finding_as_json, findings_table
from xzgis.networks.terms import IntakeFinding


def a_finding(field: str | None, value: str | None) -> IntakeFinding:
    return IntakeFinding(
        "S08", "error", Words("问题", "wrong"), Words("改", "mend it"), field=field, value=value
    )


@pytest.mark.parametrize(
    ("field", "ours"),
    [
        ("终点点号", "to_point"), ("to_no", "to_point"), ("to_point", "to_point"),
        ("kind", "kind"), ("甲方自编列", None), (None, None),
        ("埋设方式", "burial"), ("管线点预编号", None),
    ],
)  # fmt: skip
def test_a_delivered_column_has_our_name_beside_it(field: str | None, ours: str | None) -> None:
    assert canonical_field(field, catalogue()) == ours
    told = finding_as_json(a_finding(field, "J99"), catalogue(), "zh")
    assert (told["field"], told["canonical_field"], told["value"]) == (field, ours, "J99")


@pytest.mark.parametrize(
    ("field", "value", "en"),
    [
        ("kind", catalogue().kinds["gas"].zh, catalogue().kinds["gas"].en),
        ("burial", catalogue().codes["burial"][0].zh, catalogue().codes["burial"][0].en),
        ("管类", "燃气", "燃气"), ("point_no", "J99", "J99"), ("kind", "没有的类", "没有的类"), ("kind", None, None),
    ],
)  # fmt: skip
def test_a_value_that_we_named_is_told_in_the_readers_language(
    field: str, value: str | None, en: str | None
) -> None:
    one = a_finding(field, value)

    assert value_words(one, catalogue(), "en") == en
    assert value_words(one, catalogue(), "zh") == value
    (_, row) = findings_table([one], catalogue(), "en")
    assert row[list(COLUMNS).index("value")] == en


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("section_text", "管径"),
        ("end_depth_m", "终点埋深 m"),
        ("kind", "管类"),
        ("甲方自编列", "甲方自编列"),
        (None, None),
    ],
)
def test_a_list_for_people_heads_fields_in_chinese(field: str | None, told: str | None) -> None:
    (_, row) = findings_table([a_finding(field, None)], catalogue(), "zh")
    assert (row[list(COLUMNS).index("field")] or "").startswith(told or "")
    assert (
        findings_table([a_finding(field, None)], catalogue(), "en")[1][list(COLUMNS).index("field")] == field
    )


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("x_raw", "X坐标（x_raw）"),
        ("ground_m", "地面高程（ground_m）"),
        ("geometry", "geometry"),
        (None, None),
    ],
)
def test_a_field_is_told_by_the_word_of_its_column(field: str | None, told: str | None) -> None:
    assert field_word(field, catalogue(), "zh") == told
    assert field_word(field, catalogue(), "en") == field
