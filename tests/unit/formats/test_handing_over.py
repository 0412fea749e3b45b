"""What a reading process hands over arrives as it was, whatever the shapes are."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import shapely

from xzgis.formats.features import FeatureFile, Layer, as_geometries, read_pack, rows_from_one, write_pack

LINE, BENT = shapely.LineString([(0.1, 2), (3, 4)]), shapely.LineString([(0, 0), (1, 1.25), (2, 0)])


@pytest.mark.parametrize(
    "shapes",
    [
        pytest.param([LINE, BENT], id="plain lines"),
        pytest.param([LINE, None], id="a line without geometry"),
        pytest.param([LINE, shapely.LineString()], id="an empty line"),
        pytest.param([LINE, shapely.LineString([(0, 0, 5), (1, 1, 6)])], id="a line with heights"),
        pytest.param([LINE, shapely.MultiLineString([LINE, BENT])], id="a line of several parts"),
        pytest.param([shapely.Point(1, 2)], id="a point"),
        pytest.param([], id="nothing"),
    ],
)
def test_a_layer_arrives_as_it_was(shapes: list[shapely.Geometry | None], tmp_path: Path) -> None:
    frame = pd.DataFrame({"name": [f"n{at}" for at in range(len(shapes))]})
    sent = Layer("pipes", frame, as_geometries(shapes), rows_from_one(len(shapes)), "EPSG:4548", "layer")

    write_pack(FeatureFile("a.gpkg", "GPKG", (sent,)), tmp_path)
    (came,) = read_pack(tmp_path).layers

    assert shapely.to_wkb(came.geometry).tolist() == shapely.to_wkb(sent.geometry).tolist()
    assert (came.name, came.crs, came.frame["name"].tolist()) == (
        "pipes",
        "EPSG:4548",
        frame["name"].tolist(),
    )
    assert np.array_equal(came.row, sent.row)
