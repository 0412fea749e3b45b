"""The unit of sizes and depths in drawn layers: as the column's name or the mapping tells, else asked where it is doubtful."""

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Delivery, IntakeFinding


def a_file_of(name: str, kind: str, sizes: list[object], material: str = "钢") -> FeatureFile:
    lines = [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(len(sizes))]
    made = {"材质": [material] * len(sizes), name: sizes}
    return a_file(a_layer(kind, lines, **made))


def as_proposed(file: FeatureFile) -> Delivery:
    known = catalogue()
    return delivered(file, known, propose_mapping([file], known).model_dump())


def asked(delivery: Delivery) -> list[IntakeFinding]:
    return [one for one in delivery.findings if one.code == "R54"]


@pytest.mark.parametrize(
    ("name", "told", "width_mm"),
    [
        ("管径(cm)", 60.0, 600.0),
        ("管径（厘米）", "60", 600.0),
        ("管径(cm)", "90X60", 900.0),
        ("管径(cm)", "600mm", 600.0),
        ("管径(dm)", 6.0, 600.0),
        ("管径(m)", 0.6, 600.0),
        ("管径(mm)", 600.0, 600.0),
        ("DN", 600.0, 600.0),
    ],
)
def test_the_name_of_a_column_tells_the_unit_of_its_sizes(name: str, told: object, width_mm: float) -> None:
    delivery = as_proposed(a_file_of(name, "污水", [told] * 3, material="砼"))

    assert delivery.lines["nominal_width_mm"].tolist() == [width_mm] * 3
    assert asked(delivery) == []


def test_the_name_of_a_column_tells_the_unit_of_its_depths() -> None:
    lines = a_layer(
        "污水", [a_line((0, 0), (20, 0))], **{"起点埋深(cm)": [120.0], "终点埋深（厘米）": ["150"]}
    )

    found = as_proposed(a_file(lines)).lines

    assert found[["start_depth_m", "end_depth_m"]].to_numpy().tolist() == [[1.2, 1.5]]


@pytest.mark.parametrize("unit", ["cm", "厘米"])
def test_the_unit_that_a_person_picks_holds_for_texts_of_sizes(unit: str) -> None:
    fields = {"section": {"column": "规格", "unit": unit}, "start_depth_m": {"column": "depth_cm"}}
    layer = a_layer("W", [a_line((0, 0), (20, 0))], 规格=["60X40"], depth_cm=[120.0])
    mapping = {"layers": {"W": {"role": "lines", "kind": "drainage_foul", "fields": fields}}}

    found = delivered(a_file(layer), catalogue(), mapping).lines

    assert found[["nominal_width_mm", "nominal_height_mm", "start_depth_m"]].to_numpy().tolist() == [
        [600, 400, 1.2]
    ]


@pytest.mark.parametrize(
    ("kind", "material", "sizes"),
    [
        ("污水", "砼", [60.0, 80.0, 100.0]),
        ("污水", "砼", ["60", "80", "100"]),
        ("燃气", "钢", [40.0, 50.0, 80.0]),
        ("给水", "PE", [40.0, 40.0, 100.0]),
        ("给水", "PE", [63.0, 50.0, 40.0]),
    ],
)
def test_sizes_that_look_like_centimetres_are_asked_about(
    kind: str, material: str, sizes: list[object]
) -> None:
    delivery = as_proposed(a_file_of("管径", kind, sizes, material))

    (found,) = asked(delivery)
    assert (found.level, found.file, found.sheet, found.row, found.field, found.value) == (
        "warning", "delivered.gpkg", kind, 1, "section", str(sizes[0]).removesuffix(".0"),
    )  # fmt: skip
    assert delivery.lines[["nominal_width_mm", "outer_width_mm", "shape"]].isna().all(axis=None)


@pytest.mark.parametrize(
    ("name", "kind", "material", "sizes"),
    [
        pytest.param("管径", "燃气", "PE", [40.0, 63.0, 32.0], id="one that is no centimetre"),
        pytest.param("管径", "燃气", "钢", [50.0, 80.0, 150.0], id="one too large"),
        pytest.param("管径", "燃气", "钢", [50.0, 80.0], id="too few to tell"),
        pytest.param("管径", "燃气", "钢", ["DN50", "DN80", "DN100"], id="cells that say it"),
        pytest.param("管径(mm)", "燃气", "钢", [50.0, 80.0, 100.0], id="a name that says it"),
        pytest.param("DN", "燃气", "钢", [50.0, 80.0, 100.0], id="DN"),
        pytest.param("diameter_mm", "燃气", "钢", [50.0, 80.0, 100.0], id="our own name"),
    ],
)
def test_sizes_of_a_known_unit_are_believed(name: str, kind: str, material: str, sizes: list[object]) -> None:
    delivery = as_proposed(a_file_of(name, kind, sizes, material))

    assert asked(delivery) == []
    assert delivery.lines["nominal_width_mm"].notna().all()


def test_a_person_who_picks_millimetres_is_believed() -> None:
    file = a_file_of("口径", "燃气", [50.0, 80.0, 100.0])
    fields = {"diameter_mm": {"column": "口径", "unit": "mm"}, "material": {"column": "材质"}}

    delivery = delivered(
        file, catalogue(), {"layers": {"燃气": {"role": "lines", "kind": "gas", "fields": fields}}}
    )

    assert asked(delivery) == []
    assert delivery.lines["nominal_width_mm"].tolist() == [50.0, 80.0, 100.0]


def of_gas(sizes: list[object], **field: object) -> Delivery:
    """Lines of gas whose column 管径(cm) is mapped with ``field``."""
    file = a_file_of("管径(cm)", "燃气", sizes)
    fields = {"diameter_mm": {"column": "管径(cm)", **field}, "material": {"column": "材质"}}
    mapping = {"layers": {"燃气": {"role": "lines", "kind": "gas", "fields": fields}}}
    return delivered(file, catalogue(), mapping)


def test_a_unit_against_the_name_of_the_column_is_followed_and_told() -> None:
    delivery = of_gas([150.0, 200.0, 110.0], unit="mm")

    (found,) = [one for one in delivery.findings if one.code == "R55"]
    assert (found.level, found.sheet, found.field, found.value) == ("warning", "燃气", "管径(cm)", "mm")
    assert delivery.lines["nominal_width_mm"].tolist() == [150.0, 200.0, 110.0]


def test_a_unit_against_the_name_of_the_column_answers_no_doubt() -> None:
    delivery = of_gas([50.0, 80.0, 40.0], unit="mm")

    assert len(asked(delivery)) == 1
    assert delivery.lines["nominal_width_mm"].isna().all()


@pytest.mark.parametrize(
    "field", [{}, {"unit": "cm"}, {"unit": "厘米"}, {"scale": 10.0}, {"unit": "mm", "confidence": 0.75}]
)
def test_the_same_unit_twice_is_no_contradiction(field: dict[str, object]) -> None:
    delivery = of_gas([15.0, 20.0, 11.0], **field)

    assert [one.code for one in delivery.findings if one.code in ("R54", "R55")] == []
    assert delivery.lines["nominal_width_mm"].tolist() == [150.0, 200.0, 110.0]


@pytest.mark.parametrize(("scale", "width_mm"), [(10.0, 1000.0), (1000.0, None), (3.0, None)])
def test_the_scale_that_a_person_picks_holds_for_texts_of_sizes(scale: float, width_mm: float | None) -> None:
    layer = a_layer("污水", [a_line((0, 0), (20, 0))], 规格=["100"])
    fields = {"section": {"column": "规格", "scale": scale}}
    mapping = {"layers": {"污水": {"role": "lines", "kind": "drainage_foul", "fields": fields}}}

    delivery = delivered(a_file(layer), catalogue(), mapping)

    assert delivery.lines["nominal_width_mm"].dropna().tolist() == ([] if width_mm is None else [width_mm])
    assert len([one for one in delivery.findings if one.code == "R04"]) == (width_mm is None)
