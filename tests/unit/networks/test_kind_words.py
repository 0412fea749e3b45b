"""A name says a kind by whole words that can mean no other: what may be another line is asked, never taken."""

from dataclasses import replace

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.codes import choose_kind
from xzgis.networks.rules.kind_words import Beside
from xzgis.networks.rules.layer_kinds import kind_of_layer_name


def drawn(*names: str, file: str = "delivered.gpkg", **columns: list[object]) -> list[str]:
    """The kinds of one line on each of the layers ``names``."""
    layers = [a_layer(name, [a_line((0, 9 * at), (20, 9 * at))], **columns) for at, name in enumerate(names)]
    found: FeatureFile = replace(a_file(*layers), file=file)
    return delivered(found, catalogue()).lines["kind"].tolist()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("一次网供水管", None),
        ("二次网供水", None),
        ("给水回水", None),
        ("wastewater", "drainage_foul"),
        ("waste_water_main", "drainage_foul"),
        ("WasteWater", "drainage_foul"),
        ("stormwater", "drainage_storm"),
        ("storm_water2020", "drainage_storm"),
        ("water_drain", None),
        ("hot_water", None),
        ("HotWater", None),
        ("sewage_water", None),
        ("powerpoint", "power"),
        ("gastronomy", None),
        ("中压线", None),
        ("高压线", None),
        ("低压", None),
        ("高压水管", None),
        ("地暖供水", None),
        ("cooling_water", None),
        ("高压燃气管线", "gas"),
        ("中压电缆", "power"),
        ("10kV高压线", "power"),
        ("次高压管线", "gas"),
        ("供水管线", "water"),
        ("自来水二次加压", "water"),
        ("WaterLine", "water"),
        ("watermain", "water"),
        ("fire_water", "water"),
        ("gas_main", "gas"),
        ("drainage_storm", "drainage_storm"),
    ],
)
def test_a_name_says_its_kind_by_whole_words_or_is_asked(name: str, kind: str | None) -> None:
    found = kind_of_layer_name(name, catalogue())

    assert (found.kind if found else None) == kind


@pytest.mark.parametrize(
    ("names", "file", "kinds"),
    [
        (["供水管"], "热力一次网.gpkg", ["unknown"]),
        (["供水管", "燃气"], "热力一次网.gpkg", ["unknown", "gas"]),
        (["供水管", "回水管"], "管线.gpkg", ["unknown", "unknown"]),
        (["water_supply", "water_return"], "lines.gpkg", ["unknown", "unknown"]),
        (["中压线", "给水"], "管线.gpkg", ["unknown", "water"]),
        (["供水管"], "给水.gpkg", ["water"]),
        (["供水管"], "delivered.gpkg", ["water"]),
        (["热力", "给水"], "热力平面图.dxf", ["heat", "water"]),
        (["燃气", "电力"], "热力平面图.dxf", ["gas", "power"]),
        (["给水", "热力回水"], "管线.gpkg", ["water", "heat"]),
    ],
)
def test_a_layer_is_read_with_its_file_and_the_layers_beside_it(
    names: list[str], file: str, kinds: list[str]
) -> None:
    assert drawn(*names, file=file) == kinds


def test_a_column_of_kinds_is_held_to_the_same() -> None:
    assert drawn("供水管", file="热力一次网.gpkg", 管线类别=["供水"]) == ["unknown"]
    assert drawn("供水管", file="自来水.gpkg", 管线类别=["供水"]) == ["water"]
    assert drawn("燃气管线", 管线类别=["中压"]) == ["gas"]


@pytest.mark.parametrize(
    ("code", "beside", "kind"),
    [
        ("供水", (), "water"),
        ("供水", ("供水", "回水"), None),
        ("一次供水", (), None),
        ("hot_water", (), None),
        ("wastewater", (), "drainage_foul"),
        ("中压线", (), None),
        ("高压水管", (), None),
        ("waterworks_gas", (), "gas"),
    ],
)
def test_a_table_called_so_is_held_to_the_same(code: str, beside: tuple[str, ...], kind: str | None) -> None:
    chosen = choose_kind(
        code,
        kind_codes=catalogue().kind_codes,
        kinds=catalogue().kinds,
        words=(f"{code}POINT.csv", f"{code}LINE.csv"),
        beside=Beside(names=beside),
    )

    assert chosen.kind == kind


@pytest.mark.parametrize("name", ["gas_water", "foul_water_gas", "C-NGAS", "firewater", "给水燃气"])
def test_a_layer_that_names_several_kinds_or_ends_in_one_is_no_background(name: str) -> None:
    """Beside a layer of a kind it comes in as unknown, and is not left out of the register with a warning."""
    assert drawn("给水管线", name) == ["water", "unknown"]
