"""Changes laid over the shipped rows: what a row becomes, how it bears on a check, what a later delivery keeps."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from xzgis.catalogue.files import edition_of, shipped
from xzgis.catalogue.rules.definitions import Read
from xzgis.catalogue.rules.overlay import lay, rows_of, value_at
from xzgis.catalogue.rules.tables import tables_of
from xzgis.catalogue.rules.typed import cells_of, data_of, typed
from xzgis.catalogue.terms.changes import Bearing, Change
from xzgis.catalogue.terms.closed import CLOSED
from xzgis.core.errors import Invalid

NOW = datetime(2026, 5, 4, tzinfo=UTC)
TABLES = [table for table in tables_of(shipped().parts) if table.token != "kinds"]


def change(table: str, key: str, **after: str) -> Change:
    return Change(7, table, key, (), tuple(after.items()), NOW)


@pytest.mark.parametrize("table", TABLES, ids=lambda table: str(table.token))
def test_every_row_can_be_told_apart_and_read_back_from_its_cells(table) -> None:
    rows = rows_of(table, shipped().parts, shipped().parts, ())

    assert len({row.key for row in rows}) == len(rows) > 0
    assert {column.name for column in table.columns} <= set(table.model.model_fields)
    assert set(table.shown) <= set(table.model.model_fields)
    for read in shipped().parts[table.part]:
        assert typed(table.model, data_of(table.model, cells_of(read.value))) == (read.value, ())


@pytest.mark.parametrize(
    ("table", "key", "after", "bearing"),
    [
        ("horizontal", "H020", {"clearance_m": "0.6"}, Bearing.STRICTER),
        ("horizontal", "H020", {"clearance_m": "0.4"}, Bearing.LOOSER),
        ("horizontal", "H020", {"clearance_m": "=tunnel_outer_diameter"}, Bearing.LOOSER),
        ("horizontal", "H020", {"clearance_m": "0.6", "confidence": "memory"}, Bearing.LOOSER),
        ("horizontal", "H001", {"confidence": "verified"}, Bearing.UNCLEAR),
        ("horizontal", "H020", {"note": "x"}, Bearing.WORDS),
        ("horizontal", "H020", {"enabled": "no"}, Bearing.LOOSER),
        ("cover", "C003", {"cover_m": "0.9"}, Bearing.LOOSER),
        ("order", "O001", {"must": "yes"}, Bearing.STRICTER),
        ("give_way", "Y001", {"enabled": "no"}, Bearing.LOOSER),
        ("give_way", "Y001", {"rank": "9"}, Bearing.UNCLEAR),
        ("outer_sizes", "any|ductile_iron||1|90", {"wall_mm": "8"}, Bearing.LOOSER),
        ("outer_sizes", "any|ductile_iron||1|90", {"wall_spread_mm": "9"}, Bearing.UNCLEAR),
        ("accuracy", "hidden_point", {"plan_base_m": "0.01"}, Bearing.LOOSER),
        ("accuracy", "hidden_point", {"plan_base_m": "0.5"}, Bearing.UNCLEAR),
        ("checks", "S02", {"level": "error"}, Bearing.STRICTER),
        ("checks", "S02", {"level_strict": "info"}, Bearing.LOOSER),
        ("limits", "dig_hand_zone_m", {"value": "0.5"}, Bearing.LOOSER),
        ("limits", "dig_hand_zone_m", {"value": "1.5"}, Bearing.STRICTER),
        ("limits", "coverage_reach_m", {"value": "20"}, Bearing.LOOSER),
        ("limits", "sigma_factor", {"value": "3"}, Bearing.UNCLEAR),
        ("limits", "sigma_factor", {"value": "1"}, Bearing.LOOSER),
        ("limits", "lowest_ground_m", {"value": "10"}, Bearing.UNCLEAR),
        ("codes.material", "ZT|cast_iron|CJJ 61-2017", {"aliases": "生铁管"}, Bearing.UNCLEAR),
    ],
)
def test_what_can_let_more_pass_is_never_called_stricter(table, key, after, bearing) -> None:
    (applied,) = edition_of((change(table, key, **after),)).catalogue.changes

    assert (applied.key, applied.bearing) == (key, bearing)


def test_what_is_as_shipped_again_is_the_shipped_edition() -> None:
    there = change("horizontal", "H020", clearance_m="0.6")
    back = replace(change("horizontal", "H020", clearance_m="0.5"), number=8)

    assert edition_of((there, back)) is shipped()
    assert edition_of((there,)) is edition_of((there,))


def test_a_later_delivery_keeps_the_city_s_cells_and_gives_the_others() -> None:
    parts = dict(shipped().parts)
    table = next(one for one in TABLES if one.part == "horizontal")
    old = value_at(parts, table, "H020")
    assert old is not None
    mine = replace(change("horizontal", "H020", clearance_m="0.6"), row=tuple(cells_of(old).items()))
    newer = [
        Read(read.file, read.line, read.value.model_copy(update={"clearance_m": 0.9, "note": "2030"}))
        if read.value.rule_id == "H020" else read
        for read in parts["horizontal"]
    ]  # fmt: skip
    gone = [read for read in parts["horizontal"] if read.value.rule_id != "H020"]

    after = value_at(lay(parts | {"horizontal": newer}, [mine])[0], table, "H020")
    kept = value_at(lay(parts | {"horizontal": gone}, [mine])[0], table, "H020")

    assert after is not None
    assert cells_of(after)["note"] == "2030"
    assert cells_of(after)["clearance_m"] == "0.6"
    assert kept == old.model_copy(update={"clearance_m": 0.6})


def test_what_does_not_agree_any_more_is_refused_as_a_file_would_be() -> None:
    with pytest.raises(Invalid) as refused:
        edition_of((change("give_way", "Y001", rank="2"),))

    assert refused.value.faults[0].loc[0] == "clearances/give_way.csv"


@pytest.mark.parametrize(
    "name", ["burial", "shape", "status", "depth_reference", "pressure_class", "assumption"]
)
def test_a_new_row_of_a_closed_list_stands_for_a_token_that_is_there(name: str) -> None:
    cells = {"zh": "新词", "en": "new word"}
    token = sorted(CLOSED[name])[0]
    own = {"code": "X1", "scheme": "本市"}
    fitting = change(f"codes.{name}", f"X1|{token}|本市", **own, **cells, token=token)
    strange = change(f"codes.{name}", "X1|hanging|本市", **own, **cells, token="hanging")

    assert edition_of((fitting,)).catalogue.changes[0].bearing is Bearing.UNCLEAR
    with pytest.raises(Invalid) as refused:
        edition_of((strange,))

    (fault,) = refused.value.faults
    assert (fault.loc[0], fault.loc[2]) == (f"codes/{name}.csv", "token")
    assert "hanging" in fault.words.zh
    assert fault.remedy is not None
    assert token in fault.remedy.zh


def test_a_changed_limit_is_what_the_product_asks_with() -> None:
    changed = edition_of(
        (change("limits", "sigma_factor", value="3"), change("limits", "dig_hand_zone_m", value="1.5"))
    )
    before, after = shipped().catalogue.limits, changed.catalogue.limits

    assert (after.sigma_factor, after.values["dig_hand_zone_m"]) == (3, 1.5)
    assert after.shallow_angle_deg == before.shallow_angle_deg
    assert after.values | {"dig_hand_zone_m": 1.0} == before.values


@pytest.mark.parametrize(
    ("key", "value"),
    [("sigma_factor", "0"), ("dig_hand_zone_m", "-1"), ("lowest_ground_m", "500"), ("snap_m", "nan")],
)
def test_a_limit_stays_within_its_bounds(key: str, value: str) -> None:
    with pytest.raises(Invalid) as refused:
        edition_of((change("limits", key, value=value),))

    (fault,) = refused.value.faults
    assert (fault.loc[0], fault.loc[2]) == ("limits.toml", "value")
