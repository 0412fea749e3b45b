"""A mapping that was saved for another layout: the columns that it names and a layer lacks are told, and nothing is made up."""

from typing import Any

import pytest

from tests.unit.networks.test_features import a_layer, a_line
from xzgis.catalogue.files import catalogue
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Delivery

KINDS = ["燃气", "电力", "通信"]
BY_COLUMN = {"kind": "water", "kind_column": "类别", "kind_values": {"燃气": "gas", "电力": "power"}}
BY_RULES = {"kind": "water", "kind_rules": [{"kind": "gas", "where": {"类别": "燃气"}}]}


def a_file(name: str, at_m: float = 0.0, **columns: object) -> FeatureFile:
    lines = [a_line((20 * at + at_m, 0), (20 * at + 20 + at_m, 0)) for at in range(len(KINDS))]
    return FeatureFile(name, "GPKG", (a_layer("管线", lines, **columns),), (), {})


def read(*files: FeatureFile, **layer: Any) -> Delivery:
    known = catalogue()
    return deliver(files, mapping_from_json({"layers": {"管线": layer}}, known), Placing(), known)


def unfound(delivery: Delivery) -> list[tuple[str, str | None, str | None, str | None]]:
    return [(one.level, one.file, one.sheet, one.field) for one in delivery.findings if one.code == "R46"]


@pytest.mark.parametrize("layer", [BY_COLUMN, BY_RULES])
def test_lines_whose_column_of_kinds_is_not_there_are_not_all_of_one_kind(layer: dict[str, Any]) -> None:
    found = read(a_file("新.gpkg", 类型=KINDS), **layer)

    assert unfound(found) == [("error", "新.gpkg", "管线", "类别")]
    assert set(found.lines["kind"]) == {"unknown"}


@pytest.mark.parametrize("layer", [BY_COLUMN, BY_RULES])
def test_a_column_of_kinds_that_is_there_is_used(layer: dict[str, Any]) -> None:
    found = read(a_file("旧.gpkg", 类别=["燃气"] * 3), **layer)

    assert not unfound(found)
    assert set(found.lines["kind"]) == {"gas"}


@pytest.mark.parametrize(
    ("field", "level"),
    [
        ("accuracy_class", "error"), ("data_source", "error"), ("section", "error"), ("depth_m", "error"),
        ("start_level_m", "error"), ("depth_reference", "error"), ("owner", "warning"), ("built_on", "warning"),
    ],
)  # fmt: skip
def test_a_column_that_no_layer_has_is_told_by_what_it_decides(field: str, level: str) -> None:
    found = read(a_file("新.gpkg", 来源="推测"), kind="gas", fields={field: {"column": "某列"}})

    assert unfound(found) == [(level, "新.gpkg", "管线", "某列")]


@pytest.mark.parametrize("field", ["accuracy_class", "data_source"])
def test_who_lacks_the_column_of_accuracy_is_not_known_well(field: str) -> None:
    found = read(a_file("新.gpkg", 来源="推测"), kind="gas", fields={field: {"column": "数据来源"}})

    assert set(found.lines["accuracy_class"]) == {"assumed"}


def test_a_column_that_another_file_has_is_a_warning() -> None:
    files = a_file("东.gpkg", 埋深=[1.0] * 3), a_file("西.gpkg", 100.0)

    found = read(*files, kind="gas", fields={"depth_m": {"column": "埋深"}})

    assert unfound(found) == [("warning", "西.gpkg", "管线", "埋深")]
    assert found.lines["start_depth_m"].notna().tolist() == [True] * 3 + [False] * 3


def test_the_height_of_the_geometry_is_no_column() -> None:
    assert not unfound(read(a_file("新.gpkg"), kind="gas", fields={"level_m": {"column": "@z"}}))


def test_a_layer_that_is_skipped_needs_no_columns() -> None:
    assert not unfound(read(a_file("新.gpkg"), role="skip", fields={"depth_m": {"column": "埋深"}}))


def test_what_we_propose_ourselves_names_columns_that_are_there() -> None:
    files = a_file("东.gpkg", 埋深=[1.0] * 3, 类别=KINDS), a_file("西.gpkg", 100.0, 管径=["300"] * 3)
    known = catalogue()
    proposed = propose_mapping(files, known)

    for chosen in (proposed, mapping_from_json(proposed.as_json(), known)):
        assert not unfound(deliver(files, chosen, Placing(), known))
