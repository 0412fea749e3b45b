"""Works read from lists of positions and from features."""

import json
from dataclasses import replace

import ezdxf
import numpy as np
import pytest
import shapely
import shapely.affinity
from shapely import LineString, Point, Polygon

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.core.settings import ROOT
from xzgis.works.queries.file import read_work
from xzgis.works.rules.faults import check_sound
from xzgis.works.rules.position_lists import work_of_positions
from xzgis.works.rules.published import schema_text
from xzgis.works.rules.reading import (
    Shapes,
    WorkOptions,
    parsed,
    with_options,
    work_of_features,
)
from xzgis.works.rules.unsaid import Unsaid

pytestmark = pytest.mark.usefixtures("read_here")

GAS = WorkOptions(kind="gas", diameter_mm=200)
CITY = catalogue().city
LINE = LineString([(516_900, 3_792_600), (517_000, 3_792_600)])


def listed(*rows, options=GAS):
    numbered = [(number, list(row)) for number, row in enumerate(rows, 1)]
    return work_of_positions(numbered, options, CITY, name="list", kinds=catalogue().kinds).document


def features(*geometry, properties=None, options=GAS):
    properties = properties or [{}] * len(geometry)
    return work_of_features([Shapes(geometry, properties, "EPSG:4548")], options, CITY, name="file")


def test_without_a_header_the_first_figure_is_north():
    (run,) = listed(("3792600", "516900", "28.1"), ("3792610", "517000", "28.0")).runs

    assert run.axis == ((516_900.0, 3_792_600.0), (517_000.0, 3_792_610.0))
    assert [point.level_m for point in run.depth.profile] == [28.1, 28.0]
    assert run.depth.profile_of == "crown"


def test_a_header_tells_the_columns_whatever_their_order():
    (run,) = listed(
        ("点号", "Y(m)", "X(m)", "管底高程", "地面高程"),
        ("1", "516900", "3792600", "27.5", "30.1"),
        ("2", "517000", "3792600", "", "30.0"),
    ).runs

    assert run.axis[0] == (516_900.0, 3_792_600.0)
    assert run.depth.profile_of == "bottom"
    assert len(run.depth.profile) == 1
    assert run.ground_m == (30.1, 30.0)


def test_figures_that_are_east_first_are_found_out():
    (run,) = listed(("516900", "3792600"), ("517000", "3792600")).runs

    assert run.axis[0] == (516_900.0, 3_792_600.0)


def test_a_word_among_the_figures_is_refused_with_its_row():
    with pytest.raises(Invalid, match="第 2 行"):
        listed(("3792600", "516900"), ("3792600", "nearby"))


def test_figures_of_nowhere_are_refused():
    with pytest.raises(Invalid, match="请指定"):
        listed(("10", "20"), ("30", "40"))


def test_what_the_person_says_stands_over_the_file():
    (run,) = features(LINE, properties=[{"kind": "water", "diameter_mm": 300, "cover_m": 1.5}]).document.runs

    assert run.kind == "gas"
    assert run.section.diameter_mm == 200
    assert run.depth.cover_m == 1.5


@pytest.mark.parametrize(
    ("file_says", "options", "shape", "diameter_mm", "width_mm"),
    [
        ({"width_mm": 200, "height_mm": 200}, {"diameter_mm": 3000}, "circle", 3000, None),
        ({"diameter_mm": 300}, {"width_mm": 900, "height_mm": 600}, "rectangle", None, 900),
        ({"diameter_mm": 0, "width_mm": 900, "height_mm": 600}, {}, "rectangle", None, 900),
    ],
)
def test_a_size_that_the_person_says_takes_the_place_of_every_other(
    file_says, options, shape, diameter_mm, width_mm
):
    said = WorkOptions(kind="gas", **options)
    (of_features,) = features(LINE, properties=[file_says], options=said).document.runs
    sizes = {name: size for name, size in file_says.items() if size}
    document = {
        "runs": [
            {
                "kind": "gas",
                "axis": np.array(LINE.coords).tolist(),
                "section": sizes
                | {"is_outer": True, "shape": "rectangle" if "width_mm" in sizes else "circle"},
            }
        ]
    }
    (of_document,) = with_options(parsed(json.dumps(document), source="w"), said).runs

    for run in (of_features, of_document):
        section = run.section
        assert (section.shape, section.diameter_mm, section.width_mm) == (shape, diameter_mm, width_mm)
    assert of_document.section.is_outer == (not options)


def test_a_diameter_beside_a_width_is_refused():
    with pytest.raises(Invalid, match="圆形只给直径"):
        features(LINE, options=WorkOptions(kind="gas", diameter_mm=200, width_mm=300, height_mm=300))


def test_what_the_levels_are_of_is_said_over_a_document():
    run = {
        "kind": "gas",
        "axis": np.array(LINE.coords).tolist(),
        "depth": {"profile": [{"chainage_m": 0, "level_m": 28}]},
    }

    document = with_options(parsed(json.dumps({"runs": [run]}), source="w"), WorkOptions(level_of="bottom"))

    assert document.runs[0].depth.profile_of == "bottom"


def test_a_feature_without_a_shape_is_refused(tmp_path):
    line = {"type": "LineString", "coordinates": np.array(LINE.coords).tolist()}
    both = [{"type": "Feature", "properties": {}, "geometry": geometry} for geometry in (line, None)]
    crs = {"type": "name", "properties": {"name": "EPSG:4548"}}
    file = tmp_path / "w.geojson"
    file.write_text(json.dumps({"type": "FeatureCollection", "crs": crs, "features": both}))

    with pytest.raises(Invalid, match="#2"):
        read_work(file, catalogue(), GAS, limits=(60, 2048))


def test_a_polygon_is_an_excavation():
    ring = Polygon([(516_900, 3_792_600), (516_910, 3_792_600), (516_910, 3_792_610)])

    (hole,) = features(ring, properties=[{"depth_m": "2.5"}]).document.excavations

    assert hole.depth_m == 2.5


def test_heights_in_the_geometry_are_used_only_when_somebody_says_what_they_are():
    line = LineString([(516_900, 3_792_600, 28.0), (517_000, 3_792_600, 27.0)])

    silent = features(line)
    said = features(line, options=WorkOptions(kind="gas", level_of="bottom"))

    assert silent.document.runs[0].depth.profile == ()
    assert any("--level-of" in words.command and "--" not in words.zh for words in silent.notes)
    assert [point.level_m for point in said.document.runs[0].depth.profile] == [28.0, 27.0]
    assert said.document.runs[0].depth.profile_of == "bottom"


def test_levels_of_the_shape_that_are_said_stand_over_a_column_of_covers():
    line = LineString([(516_900, 3_792_600, 28.0), (517_000, 3_792_600, 27.0)])

    (run,) = features(
        line, properties=[{"cover_m": 0.0}], options=WorkOptions(kind="gas", level_of="crown")
    ).document.runs

    assert (run.depth.cover_m, len(run.depth.profile)) == (None, 2)


def test_columns_of_zeros_are_no_sizes():
    zeros = {"diameter_mm": 0, "width_mm": 0, "height_mm": 0}

    (run,) = features(LINE, properties=[zeros], options=WorkOptions(kind="gas")).document.runs

    assert (run.section.diameter_mm, run.section.width_mm) == (None, None)


def test_a_line_of_no_kind_is_refused():
    with pytest.raises(Invalid, match="管线类别") as refused:
        features(LINE, options=WorkOptions())

    assert refused.value.words.command == "--kind gas"


def test_points_alone_are_no_work():
    with pytest.raises(Invalid):
        features(Point(516_900, 3_792_600))


def test_a_line_of_several_parts_is_several_runs():
    several = shapely.MultiLineString([LINE, shapely.affinity.translate(LINE, 0, 5)])

    assert len(features(several).document.runs) == 2


def test_a_document_takes_the_options_of_the_command():
    text = json.dumps({"runs": [{"kind": "gas", "axis": np.array(LINE.coords).tolist()}]})

    document = with_options(parsed(text, source="w"), WorkOptions(width_mm=400, height_mm=300, cover_m=0.8))

    assert document.runs[0].section.shape == "rectangle"
    assert document.runs[0].depth.cover_m == 0.8


def test_a_wrong_document_is_refused_with_its_paths():
    with pytest.raises(Invalid) as refused:
        parsed('{"runs": [{"kind": "gas", "axis": [[1, 2]], "colour": "red"}]}', source="w.json")

    assert {fault.loc for fault in refused.value.faults} == {("runs", 0, "axis"), ("runs", 0, "colour")}


def test_the_published_shape_is_in_step():
    assert (ROOT / "docs" / "schemas" / "work.schema.json").read_text(encoding="utf-8") == schema_text()


def test_the_example_of_the_documentation_is_a_sound_work():
    text = (
        (ROOT / "docs" / "formats.md").read_text(encoding="utf-8").split("```json\n", 1)[1].split("```", 1)[0]
    )

    check_sound(parsed(text, source="docs"), catalogue())


@pytest.mark.parametrize(
    ("section", "told"),
    [
        pytest.param({"diameter_mm": -5}, "管径（mm）为“-5”：须大于 0。", id="below nothing"),
        pytest.param({"diameter_mm": "big"}, "管径（mm）为“big”：须是数字。", id="no number"),
        pytest.param({"colour": "red"}, "colour为“red”：没有这一项，请去掉。", id="nobody knows it"),
    ],
)
def test_a_refused_document_names_the_field_the_value_and_what_is_allowed(section, told):
    run = {"kind": "gas", "axis": [[1, 2], [3, 4]], "section": section}

    with pytest.raises(Invalid) as refused:
        parsed(json.dumps({"runs": [run]}), source="a.json")

    assert "a.json" in refused.value.words.zh
    assert [fault.words.zh for fault in refused.value.faults] == [told]


def test_a_cell_that_is_no_number_is_named_with_file_row_and_column():
    rows = [(1, ["X", "Y"]), (2, ["3792600", "516900"]), (3, ["3792600", "abc"])]

    with pytest.raises(Invalid) as refused:
        work_of_positions(rows, GAS, CITY, name="bad.csv", kinds=catalogue().kinds)

    assert refused.value.words.zh == "bad.csv 第 3 行第 2 列（Y 东坐标）：“abc”不是数字。"


def test_a_saved_work_is_recognised_whatever_its_name(tmp_path):
    run = {"kind": "gas", "axis": [[516900, 3792600], [517000, 3792600]], "section": {"diameter_mm": 100}}
    for name in ("saved.work", "saved.txt", "saved"):
        (tmp_path / name).write_text(json.dumps({"name": "支线", "runs": [run]}), encoding="utf-8-sig")

        read = read_work(tmp_path / name, catalogue(), WorkOptions(), limits=(60, 2048))

        assert read.document.name == "支线"


@pytest.mark.parametrize("rows", [
    [("X", "Y", "H"), ("3792600", "516900", "28.1"), ("3792605", "516950", ""), ("3792610", "517000", "28.0")],
    [("X", "Y", "H"), ("3792600", "516900", "28.1"), ("3792605", "516950"), ("3792610", "517000", "28.0")],
])  # fmt: skip
def test_a_level_missing_between_others_is_refused_with_its_row(rows):
    with pytest.raises(Invalid) as refused:
        listed(*rows)

    assert refused.value.words.zh.startswith("list 第 3 行没有高程")
    assert listed(*rows, options=replace(GAS, cover_m=1.0)).runs[0].depth.cover_m == 1.0


def test_a_list_without_any_level_has_none():
    (run,) = listed(("X", "Y", "H"), ("3792600", "516900", ""), ("3792610", "517000", "")).runs

    assert run.depth.profile == ()
    assert run.depth.cover_m is None


def test_a_collection_inside_a_collection_is_opened_too():
    lines = shapely.MultiLineString([LINE, shapely.affinity.translate(LINE, 0, 5)])
    nested = shapely.GeometryCollection(
        [shapely.GeometryCollection([lines]), shapely.box(516_900, 3_792_600, 516_910, 3_792_610)]
    )

    work = features(nested).document

    assert (len(work.runs), len(work.excavations)) == (2, 1)


def a_drawing(folder, *, draw):
    drawing = ezdxf.new()
    drawing.header["$INSUNITS"] = 6
    drawing.modelspace().add_line((516_900, 3_792_630), (517_000, 3_792_630))
    draw(drawing)
    path = folder / "work.dxf"
    drawing.saveas(path)
    return path


def test_a_line_inside_a_block_is_a_run(tmp_path):
    def draw(drawing):
        drawing.blocks.new("PIPE").add_line((0, 0), (40, 0))
        drawing.modelspace().add_blockref("PIPE", (516_900, 3_792_600))

    path = a_drawing(tmp_path, draw=draw)
    options = replace(GAS, crs="EPSG:4548")

    runs = read_work(path, catalogue(), options, limits=(60, 4096)).document.runs

    assert sorted(run.axis for run in runs)[0] == ((516_900.0, 3_792_600.0), (516_940.0, 3_792_600.0))
    assert len(runs) == 2


def test_a_line_that_is_not_read_refuses_the_work(tmp_path):
    def draw(drawing):
        drawing.modelspace().add_mline([(516_900, 3_792_600), (516_940, 3_792_600)])

    path = a_drawing(tmp_path, draw=draw)

    with pytest.raises(Invalid) as refused:
        read_work(path, catalogue(), replace(GAS, crs="EPSG:4548"), limits=(60, 4096))

    assert "work.dxf" in refused.value.words.zh
    assert "MLINE" in refused.value.words.zh


@pytest.mark.parametrize("entity", ["xline", "ray"])
def test_a_construction_line_without_end_is_told(tmp_path, entity):
    def draw(drawing):
        getattr(drawing.modelspace(), f"add_{entity}")((516_900, 3_792_600), (1, 0))

    path = a_drawing(tmp_path, draw=draw)

    read = read_work(path, catalogue(), replace(GAS, crs="EPSG:4548"), limits=(60, 4096))

    assert any(entity.upper() in note.zh for note in read.notes)


def test_what_the_reader_noticed_is_told(tmp_path):
    path = a_drawing(
        tmp_path, draw=lambda drawing: drawing.modelspace().add_arc((516_950, 3_792_500), 30, 0, 90)
    )

    read = read_work(path, catalogue(), replace(GAS, crs="EPSG:4548"), limits=(60, 4096))

    assert any("1 mm" in note.en for note in read.notes)


def test_a_layer_that_names_another_datum_is_asked_where_no_system_is_attached():
    layer = Shapes([LINE], [{}], None, name="燃气_西安80")

    with pytest.raises(Unsaid, match="西安80") as refused:
        work_of_features([layer], GAS, CITY, name="w.dxf")

    assert (refused.value.asked, "w.dxf" in refused.value.words.zh) == ("crs", True)
    attached = work_of_features([replace(layer, crs="EPSG:4548")], GAS, CITY, name="w.gpkg")
    assert any("西安80" in note.zh for note in attached.notes)


def test_the_kind_that_is_said_for_lines_without_one_is_told_as_used():
    other = replace(GAS, kind=None, else_kind="water")

    assert features(LINE, options=other).took_else_kind
    assert not features(LINE, properties=[{"kind": "gas"}], options=other).took_else_kind
