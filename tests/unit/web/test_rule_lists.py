"""Lists of the rule tables as people read them: names with their codes, conditions as sentences, no empty columns."""

import pytest

from web.language import Speaker
from web.rule_words import cells_under, heads_of, told_row
from xzgis.catalogue.files import edition_of, shipped
from xzgis.catalogue.rules.overlay import rows_of
from xzgis.catalogue.rules.tables import table_called, tables_of
from xzgis.catalogue.terms.changes import Table
from xzgis.core.words import Language

KNOWN = shipped().catalogue


def read(token: str, key: str, language: Language = "zh") -> dict[str, str]:
    """The row as its list shows it, by head, and the code beside its name."""
    table, say = table_called(token, shipped().parts), Speaker(language)
    assert table is not None
    rows = [told_row(say, KNOWN, row, table) for row in rows_of(table, shipped().parts, shipped().parts, ())]
    heads = heads_of(say, table, rows)
    mine = next(row for row in rows if row.row.key == key)
    cells = cells_under(say, KNOWN, table, mine, heads)
    return {head: cell.text for head, cell in zip(heads, cells, strict=True)} | {"beside": cells[0].code}


@pytest.mark.parametrize(
    ("token", "key", "language", "said"),
    [
        ("conditions", "d<=200mm", "zh", {"token": "管径≤200mm", "attribute": "公称直径 ≤ 200 mm", "beside": "d<=200mm"}),
        ("conditions", "not_PE", "zh", {"attribute": "材质不是 聚乙烯塑料"}),
        ("conditions", "steel_duct", "en", {"attribute": "all of: in a duct or duct block, steel conduit material"}),
        ("conditions", "any", "zh", {"attribute": "不分条件"}),
        ("codes.pressure_class", "ZY|medium|GB 50028", "zh",
         {"one_of": "中压A、中压B", "minimum": "0.01–0.4 MPa", "kinds": "燃气", "beside": "ZY · medium"}),
        ("kinds", "drainage_foul", "zh", {"token": "污水", "flow": "重力流", "plausible_cover_m": "0–18",
                                          "beside": "WS · drainage_foul"}),
        ("cover", "C003", "zh", {"kind": "给水（PE 管）", "standard": "GB 50289-2016 表 4.1.1"}),
        ("limits", "dig_hand_zone_m", "zh", {"token": "人工开挖区", "value": "1 m", "least": "0–10", "looser": "减小则放宽"}),
        ("outer_sizes", "any|ductile_iron||1|90", "zh", {"nominal_mm_from": "1–90（公称直径）"}),
    ],
)  # fmt: skip
def test_a_row_is_read_in_words(token: str, key: str, language: Language, said: dict[str, str]) -> None:
    assert said.items() <= read(token, key, language).items()


@pytest.mark.parametrize("table", tables_of(shipped().parts), ids=lambda table: str(table.token))
def test_a_list_has_no_column_that_no_row_fills_and_few_of_them(table: Table) -> None:
    say = Speaker("zh")
    rows = [told_row(say, KNOWN, row, table) for row in rows_of(table, shipped().parts, shipped().parts, ())]
    heads = heads_of(say, table, rows)
    cells = [cells_under(say, KNOWN, table, row, heads) for row in rows]

    assert len(heads) <= 9
    for at in range(len(heads)):
        assert any(row[at].text for row in cells)


def test_what_the_city_changed_stands_beside_what_was_shipped() -> None:
    from tests.unit.catalogue.test_overlay import change

    found = edition_of((change("cover", "C003", cover_m="0.8"),))
    table = table_called("cover", found.parts)
    assert table is not None
    row = next(
        one
        for one in rows_of(table, found.parts, shipped().parts, found.catalogue.changes)
        if one.key == "C003"
    )
    told = told_row(Speaker("zh"), found.catalogue, row, table)

    (cell,) = cells_under(Speaker("zh"), found.catalogue, table, told, ["cover_m"])
    assert (cell.before, cell.text, cell.is_changed) == ("1", "0.8", True)
