"""Curves of drawings: as near their stroke under every header, and every place of a repeated block."""

from pathlib import Path

import ezdxf
import ezdxf.math
import numpy as np
import pytest
import shapely

from xzgis.formats import dxf

EAST, NORTH = 517_800.0, 3_793_900.0
FIT = [(EAST, NORTH), (EAST + 40, NORTH + 25), (EAST + 90, NORTH - 10), (EAST + 200, NORTH)]
TURNS = np.linspace(0.2, 1.2, 2001)
RADIUS = 500.0


def saved(tmp_path: Path, document: "ezdxf.document.Drawing") -> Path:
    path = tmp_path / "plan.dxf"
    document.saveas(path)
    return path


def on_arc() -> np.ndarray:
    return np.c_[EAST + RADIUS * np.cos(TURNS), NORTH + RADIUS * np.sin(TURNS)]


def on_bulge() -> np.ndarray:
    centre, start, end, radius = ezdxf.math.bulge_to_arc((0, 0), (90, 0), 0.4)
    turns = np.linspace(start, end if end > start else end + 2 * np.pi, 2001)
    return np.c_[EAST + centre.x + radius * np.cos(turns), NORTH + centre.y + radius * np.sin(turns)]


def on_ellipse() -> np.ndarray:
    turns = np.linspace(0, np.pi, 2001)
    return np.c_[EAST + 100 * np.cos(turns), NORTH + 60 * np.sin(turns)]


def on_spline() -> np.ndarray:
    curve = ezdxf.math.fit_points_to_cad_cv([(*one, 0) for one in FIT])
    return np.array([(one.x, one.y) for one in curve.approximate(2000)])


# $INSUNITS: none, inch, foot, mm, cm, m, km. The template of the metric CAD says mm, whatever is drawn.
@pytest.mark.parametrize("unit", [0, 1, 2, 4, 5, 6, 7])
def test_curves_of_a_drawing_in_metres_are_stroked_within_a_millimetre_under_every_header(tmp_path, unit):
    document = ezdxf.new("R2010", units=unit)
    space = document.modelspace()
    space.add_arc((EAST, NORTH), RADIUS, np.degrees(0.2), np.degrees(1.2))
    space.add_lwpolyline([(EAST, NORTH, 0.4), (EAST + 90, NORTH, 0)], format="xyb")
    space.add_ellipse((EAST, NORTH), (100, 0), 0.6, 0, np.pi)
    space.add_spline([(*one, 0) for one in FIT])

    strokes = dxf.read(saved(tmp_path, document), file="plan.dxf").layers[0].geometry

    curves = (on_arc(), on_bulge(), on_ellipse(), on_spline())
    off = [
        shapely.distance(shapely.points(curve), stroke).max()
        for curve, stroke in zip(curves, strokes, strict=True)
    ]
    assert max(off) < 0.0015


@pytest.mark.parametrize(("rows", "columns"), [(3, 1), (1, 4), (2, 2), (1, 1)])
def test_a_repeated_block_is_read_at_every_place(tmp_path, rows, columns):
    document = ezdxf.new("R2010", units=6)
    document.blocks.new("段").add_line((0, 0), (30, 0))
    repeated = {"row_count": rows, "column_count": columns, "row_spacing": 5.0, "column_spacing": 40.0}
    document.modelspace().add_blockref("段", (EAST, NORTH), dxfattribs={"layer": "给水", **repeated})

    layer = dxf.read(saved(tmp_path, document), file="plan.dxf", explode_blocks=True).layer("给水")

    lines = [one for one in layer.geometry if one.geom_type == "LineString"]
    starts = {(round(x - EAST), round(y - NORTH)) for x, y in (one.coords[0][:2] for one in lines)}
    assert starts == {(40 * column, 5 * row) for row in range(rows) for column in range(columns)}


def test_a_block_repeated_without_end_is_an_error_of_its_row(tmp_path):
    document = ezdxf.new("R2010", units=6)
    document.blocks.new("段").add_line((0, 0), (30, 0))
    repeated = {"row_count": 30_000, "column_count": 30_000, "row_spacing": 5.0, "column_spacing": 40.0}
    document.modelspace().add_blockref("段", (EAST, NORTH), dxfattribs={"layer": "给水", **repeated})

    found = dxf.read(saved(tmp_path, document), file="plan.dxf", explode_blocks=True)

    (told,) = [note for note in found.notes if note.code == "R37"]
    assert (told.level, told.layer, told.row) == ("error", "给水", 1)
