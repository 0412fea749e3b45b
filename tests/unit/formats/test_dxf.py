"""Drawings: curves stroked, texts decoded, units and places told and never guessed."""

from pathlib import Path

import ezdxf
import numpy as np
import pytest
import shapely

from xzgis.core.errors import Invalid
from xzgis.formats import dxf


def saved(tmp_path: Path, document: "ezdxf.document.Drawing", **how: object) -> Path:
    path = tmp_path / "plan.dxf"
    document.saveas(path, **how)
    return path


def test_arcs_and_bulges_are_stroked_within_a_millimetre(tmp_path):
    document = ezdxf.new("R2010", units=6)
    space = document.modelspace()
    space.add_arc((0, 0), radius=100, start_angle=0, end_angle=90, dxfattribs={"layer": "JS"})
    space.add_lwpolyline(
        [(0, 0, 0), (10, 0, 1), (10, 10, 0), (0, 10, 0)], format="xyb", close=True, dxfattribs={"layer": "JS"}
    )

    found = dxf.read(saved(tmp_path, document), file="plan.dxf")

    arc, ring = found.layer("JS").geometry
    # A millimetre is within the accuracy of any line; the place of a curve says nothing of how it was stroked.
    middles = shapely.get_coordinates(
        shapely.line_interpolate_point(arc, np.linspace(0, 1, 2000), normalized=True)
    )
    assert np.abs(np.hypot(*middles.T) - 100.0).max() <= 1e-3
    assert shapely.is_closed(ring)
    assert ring.length == pytest.approx(30 + 5 * np.pi, abs=0.01)
    assert "G08" in {note.code for note in found.notes}


def test_strokes_follow_the_unit_of_a_drawing_that_cannot_be_in_metres(tmp_path):
    document = ezdxf.new("R2010", units=4)
    document.modelspace().add_circle((517_800_000, 3_793_900_000), radius=100_000)

    found = dxf.read(saved(tmp_path, document), file="plan.dxf")

    assert found.facts["metres_per_unit"] == 0.001
    assert shapely.length(found.layers[0].geometry)[0] == pytest.approx(2 * np.pi * 100_000, rel=1e-3)
    assert shapely.get_num_coordinates(found.layers[0].geometry)[0] < 1100


def test_a_drawing_in_gbk_keeps_its_chinese_names(tmp_path):
    document = ezdxf.new("R2000")
    document.encoding = "gbk"
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    document.layers.add("雨水管线")
    document.modelspace().add_line((0, 0), (10, 0), dxfattribs={"layer": "雨水管线"})
    path = saved(tmp_path, document)
    silent = tmp_path / "silent.dxf"
    silent.write_bytes(path.read_bytes().replace(b"ANSI_936", b"ANSI_1252"))

    declared, undeclared = dxf.read(path, file="plan.dxf"), dxf.read(silent, file="silent.dxf")

    assert [layer.name for layer in declared.layers] == ["雨水管线"]
    assert [layer.name for layer in undeclared.layers] == ["雨水管线"]
    assert "R26" in {note.code for note in undeclared.notes}


def test_binary_and_text_drawings_are_read_alike(tmp_path):
    document = ezdxf.new("R2010")
    document.modelspace().add_line((1, 2), (3, 4), dxfattribs={"layer": "RQ"})
    text = dxf.read(saved(tmp_path, document), file="plan.dxf")

    binary = dxf.read(saved(tmp_path, document, fmt="bin"), file="plan.dxf")

    assert shapely.equals(text.layers[0].geometry, binary.layers[0].geometry).all()


def test_real_drawings_are_read(shared_data):
    counts = {}
    for path in sorted((shared_data / "dxf_plans").glob("*.dxf")):
        found = dxf.read(path, file=path.name)
        counts[path.stem] = (found.rows_read, len(found.layers), found.layers[0].crs)

    assert counts == {
        "ASCII_R12": (3, 1, None), "bin_dxf_r12": (3, 1, None), "digit_gate": (591, 58, None),
        "digit_mezzanine": (384, 29, None), "houses_of_parliament_georeferenced": (1, 1, "EPSG:27700"),
    }  # fmt: skip


def test_a_georeferenced_drawing_lies_where_it_belongs(shared_data):
    found = dxf.read(shared_data / "dxf_plans" / "houses_of_parliament_georeferenced.dxf", file="parliament")

    # Westminster in the British grid.
    assert shapely.total_bounds(found.layers[0].geometry) == pytest.approx(
        [530_174.8, 179_354.4, 530_337.1, 179_652.8], abs=0.1
    )


def test_lines_inside_blocks_come_only_when_asked(tmp_path):
    document = ezdxf.new("R2010")
    document.blocks.new("井").add_line((0, 0), (1, 0), dxfattribs={"layer": "WS"})
    document.modelspace().add_blockref("井", (100, 100), dxfattribs={"layer": "WS"})
    path = saved(tmp_path, document)

    closed, opened = dxf.read(path, file="plan.dxf"), dxf.read(path, file="plan.dxf", explode_blocks=True)

    assert list(closed.layer("WS").frame["block"]) == ["井"]
    assert opened.rows_read == 2


def test_a_cut_off_drawing_is_refused_with_the_remedy(shared_data, tmp_path):
    whole = (shared_data / "dxf_plans" / "bin_dxf_r12.dxf").read_bytes()
    path = tmp_path / "cut.dxf"
    path.write_bytes(whole[: len(whole) // 2])

    with pytest.raises(Invalid, match="DXF"):
        dxf.read(path, file="cut.dxf")


def with_blocks(tmp_path: Path) -> Path:
    """A manhole symbol, a gas line hidden in a block in another block, a multiline, a frame on paper."""
    document = ezdxf.new("R2010", units=6)
    symbol = document.blocks.new("井")
    symbol.add_circle((0, 0), radius=0.5)
    symbol.add_line((-0.5, 0), (0.5, 0))
    inner = document.blocks.new("管段")
    inner.add_line((0, 0), (30, 0))
    document.blocks.new("片区").add_blockref("管段", (0, 0))
    space = document.modelspace()
    space.add_blockref("井", (517_800, 3_793_900), dxfattribs={"layer": "RQ"})
    space.add_line((517_800, 3_793_900), (517_900, 3_793_900), dxfattribs={"layer": "RQ"})
    space.add_blockref("片区", (517_800, 3_793_950), dxfattribs={"layer": "RQ"})
    space.add_mline([(517_800, 3_793_910), (517_850, 3_793_910)], dxfattribs={"layer": "RQ"})
    document.layout("Layout1").add_line((0, 0), (200, 0), dxfattribs={"layer": "图框"})
    return saved(tmp_path, document)


def test_a_line_that_is_not_read_is_an_error_of_its_row(tmp_path):
    found = dxf.read(with_blocks(tmp_path), file="plan.dxf")

    told = [(note.level, note.layer, note.row) for note in found.notes if note.code == "R37"]
    # The third and fourth entity; the manhole symbol of short strokes is a point and no doubt.
    assert told == [("error", "RQ", 3), ("error", "RQ", 4), ("warning", None, None)]
    assert found.layer("RQ").row.tolist() == [1, 2, 3, 4]
    assert ["图框" in note.words.zh for note in found.notes if note.level == "warning"] == [True]


@pytest.mark.parametrize(
    ("pieces", "scale", "is_told"), [(20, 1.0, True), (1, 1.0, False), (20, 0.05, False)]
)
def test_a_line_in_short_pieces_inside_a_block_is_no_symbol(tmp_path, pieces, scale, is_told):
    document = ezdxf.new("R2010", units=6)
    block = document.blocks.new("干管")
    for number in range(pieces):
        block.add_line((number * 4.9, 0), ((number + 1) * 4.9, 0))
    where = {"layer": "RQ", "xscale": scale, "yscale": scale, "rotation": 30}
    document.modelspace().add_blockref("干管", (517_800, 3_793_900), dxfattribs=where)

    found = dxf.read(saved(tmp_path, document), file="plan.dxf")

    assert [note.row for note in found.notes if note.code == "R37"] == ([1] if is_told else [])


def test_blocks_are_read_when_that_is_asked(tmp_path):
    found = dxf.read(with_blocks(tmp_path), file="plan.dxf", explode_blocks=True)

    assert [note.row is not None and note.level for note in found.notes if note.code == "R37"].count(
        "error"
    ) == 1
    lines = [one for one in found.layer("RQ").geometry if one is not None and one.geom_type == "LineString"]
    assert sorted(round(one.length) for one in lines) == [1, 3, 30, 100]
    assert [layer.name for layer in found.layers] == ["RQ"]


def test_real_drawings_are_not_refused_for_their_symbols(shared_data):
    refused = {}
    for path in sorted((shared_data / "dxf_plans").rglob("*.dxf")):
        found = dxf.read(path, file=path.name)
        refused[path.name] = [
            note.words.zh for note in found.notes if note.code == "R37" and note.level == "error"
        ]

    # One drawing of a circuit has its wires in blocks.
    assert {name for name, told in refused.items() if told} == {"digit_gate.dxf"}
    assert len(refused) > 3


@pytest.mark.parametrize("explode", [False, True])
@pytest.mark.parametrize("is_nested", [False, True])
def test_an_external_reference_is_an_error_of_its_row(tmp_path, explode, is_nested):
    document = ezdxf.new("R2010")
    block = document.blocks.new("W")
    block.block.dxf.flags, block.block.dxf.xref_path = 4, "water.dwg"
    if is_nested:
        document.blocks.new("FRAME").add_blockref("W", (0, 0))
    document.modelspace().add_line((0, 0), (50, 0))
    document.modelspace().add_blockref("FRAME" if is_nested else "W", (0, 0), dxfattribs={"layer": "给水"})

    found = dxf.read(saved(tmp_path, document), file="plan.dxf", explode_blocks=explode)

    (told,) = [note for note in found.notes if note.code == "R37"]
    assert (told.level, told.row is not None) == ("error", True)
    assert "外部参照 water.dwg" in told.words.zh


def test_what_is_left_out_is_told_by_layer(tmp_path):
    """Also of an entity that nobody knows, and of a layer in undeclared GBK."""
    document = ezdxf.new("R2000")
    document.encoding = "gbk"
    document.header["$DWGCODEPAGE"] = "ANSI_936"
    for layer in ("燃气", "给水"):
        document.modelspace().add_ray((0, 0), (1, 0), dxfattribs={"layer": layer})
        document.modelspace().add_mline([(0, 0), (9, 0)], dxfattribs={"layer": layer})
    path = saved(tmp_path, document)
    bytes_of = path.read_bytes().replace(b"ANSI_936", b"ANSI_1252")
    path.write_bytes(
        bytes_of.replace(b"\nRAY\n", b"\nFOOSURFACE\n", 1).replace(b"\nRAY\r\n", b"\nFOOSURFACE\r\n", 1)
    )

    found = dxf.read(path, file="plan.dxf")

    told = [(note.level, note.layer, note.value) for note in found.notes if note.code == "R37"]
    assert [one[:2] for one in told[:2]] == [("error", "燃气"), ("error", "给水")]
    assert told[2:] == [("info", "燃气", "FOOSURFACE 1"), ("info", "给水", "RAY 1")]


@pytest.mark.parametrize(("length_m", "is_told"), [(30.0, True), (1.0, False)])
def test_a_filled_strip_inside_a_block_is_no_symbol(tmp_path, length_m, is_told):
    document = ezdxf.new("R2010", units=6)
    block = document.blocks.new("干管")
    block.add_solid([(0, 0), (length_m, 0), (0, 0.3), (length_m, 0.3)])
    document.modelspace().add_blockref("干管", (517_800, 3_793_900), dxfattribs={"layer": "RQ"})

    found = dxf.read(saved(tmp_path, document), file="plan.dxf")

    assert [note.row for note in found.notes if note.code == "R37"] == ([1] if is_told else [])
