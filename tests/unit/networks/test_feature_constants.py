"""Constants of a mapping are read as a column that holds the value in every row, and told once."""

from datetime import date

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.networks.terms import Delivery, IntakeFinding


def read(kind: str = "gas", *, as_column: bool = False, **constants: str | float) -> Delivery:
    lines = [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(3)]
    columns = {f"col_{name}": [value] * 3 for name, value in constants.items()} if as_column else {}
    told = {"fields": {name: {"column": f"col_{name}"} for name in constants}} if as_column else {
        "constants": constants
    }  # fmt: skip
    layer = a_layer("管线", lines, **columns)
    return delivered(a_file(layer), catalogue(), {"layers": {"管线": {"kind": kind, **told}}})


def told(delivery: Delivery, field: str) -> list[IntakeFinding]:
    return [one for one in delivery.findings if one.field == field and one.code not in ("S24", "R54")]


@pytest.mark.parametrize(
    ("kind", "field", "value", "column", "read_as"),
    [
        ("power", "voltage_kv", "10kV", "voltage_kv", 10.0), ("power", "voltage", "380V", "voltage_kv", 0.38),
        ("gas", "depth_m", "120cm", "start_depth_m", 1.2), ("gas", "depth_m", 1.5, "end_depth_m", 1.5),
        ("gas", "status", "废弃", "life_state", "disused"), ("gas", "burial", "架空", "burial", "overhead"),
        ("gas", "pressure_class", "高压", "pressure_class", "high"),
        ("gas", "pressure", "0.3MPa", "pressure_class", "medium_A"),
        ("gas", "material", "钢", "material", "steel"), ("gas", "section", 300, "nominal_width_mm", 300.0),
        ("gas", "built_on", "2012-05", "built_on", date(2012, 5, 1)),
        ("gas", "depth_reference", "管顶", "depth_reference", "crown"),
        ("gas", "data_source", "design", "accuracy_class", "digitised"),
        ("gas", "accuracy_class", "digitised", "accuracy_class", "digitised"),
    ],
)  # fmt: skip
def test_a_constant_is_read_as_a_column_of_it(
    kind: str, field: str, value: str | float, column: str, read_as: object
) -> None:
    found, by_column = read(kind, **{field: value}), read(kind, as_column=True, **{field: value})

    assert not told(found, field)
    assert found.lines[column].tolist() == [read_as] * 3
    assert by_column.lines[column].tolist() == [read_as] * 3


@pytest.mark.parametrize(
    ("field", "value", "code", "level"),
    [
        ("depth_m", "浅", "R35", "error"), ("surveyed_on", "2931-01-01", "R09", "warning"),
        ("surveyed_on", "去年", "R35", "warning"), ("status", "2", "R42", "error"),
        ("burial", "埋着", "R42", "warning"), ("accuracy_class", "探测", "R42", "warning"),
        ("data_source", "老图数字化", "R05", "warning"), ("depth_reference", "标石顶", "R42", "warning"),
    ],
)  # fmt: skip
def test_a_constant_that_is_not_understood_is_told_once_with_its_remedy(
    field: str, value: str, code: str, level: str
) -> None:
    found = read(**{field: value})

    (one,) = told(found, field)
    assert (one.code, one.level, one.value, one.row, one.sheet) == (code, level, value, None, "管线")
    assert one.remedy is not None
    assert "constants" in one.remedy.zh
    assert found.lines["surveyed_on"].isna().all()


def test_words_of_no_known_reference_leave_the_level_open() -> None:
    assert read(depth_reference="标石顶").lines["depth_reference"].tolist() == ["unknown"] * 3


def test_a_column_goes_before_a_constant() -> None:
    layer = a_layer("管线", [a_line((0, 0), (9, 0))], 材质=["铸铁"])
    told = {"kind": "gas", "fields": {"material": {"column": "材质"}}, "constants": {"material": "钢"}}

    found = delivered(a_file(layer), catalogue(), {"layers": {"管线": told}})

    assert found.lines["material"].tolist() == ["cast_iron"]
