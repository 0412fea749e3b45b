"""What goes out as a file is what the register holds."""

import json
from pathlib import Path

import geopandas as gpd
import pytest
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_coverage, a_node, a_run
from xzgis.core.errors import Invalid
from xzgis.formats.written import write_layers
from xzgis.networks.queries.export import LAYERS, export_frames


@pytest.fixture
def register(session: Session) -> Session:
    session.add_all(
        [
            a_run("gas", object_id=1, crown_m=[30.0, None], attributes={"井盖": "圆"}),
            a_run("water", object_id=2, y_m=9, crown_m=None, bottom_m=None, true_from=NOW.date()),
            a_run("water", object_id=3, known_from=NOW.replace(year=2020), known_to=NOW),
            a_node("gas", object_id=4),
            a_coverage("gas", object_id=5),
        ]
    )
    session.flush()
    return session


def test_a_geopackage_holds_every_layer(register: Session, tmp_path: Path) -> None:
    out = tmp_path / "register.gpkg"

    counts = write_layers(
        out, {layer: export_frames(register, layer) for layer in LAYERS}, file_format="gpkg", replace=False
    )

    runs = gpd.read_file(out, layer="runs", engine="pyogrio")
    assert counts == {"runs": 2, "nodes": 1, "coverage": 1, "roads": 0}
    assert runs.crs.to_epsg() == 4548
    assert runs.object_id.tolist() == [1, 2]
    assert json.loads(runs.crown_m[0]) == [30.0, None]
    assert json.loads(runs.attributes[0]) == {"井盖": "圆"}
    assert json.loads(runs.ground_m[0]) == [31.0, 31.0]
    assert runs.crown_m.isna().tolist() == [False, True]
    assert runs.geometry[0].coords[0] == (EAST_M, NORTH_M)
    assert gpd.read_file(out, layer="nodes", engine="pyogrio").ground_m.tolist() == [31.0]
    assert list(tmp_path.iterdir()) == [out]


def test_kinds_are_chosen_and_an_empty_layer_is_still_there(register: Session, tmp_path: Path) -> None:
    out = tmp_path / "register.gpkg"

    counts = write_layers(
        out,
        {layer: export_frames(register, layer, kinds=("water",)) for layer in LAYERS},
        file_format="gpkg",
        replace=False,
    )

    assert counts == {"runs": 1, "nodes": 0, "coverage": 0, "roads": 0}
    assert len(gpd.read_file(out, layer="nodes", engine="pyogrio")) == 0


@pytest.mark.parametrize("file_format", ["gpkg", "dwg"])
def test_nothing_is_replaced_unasked_or_written_in_an_unknown_form(tmp_path: Path, file_format: str) -> None:
    out = tmp_path / "register.gpkg"
    out.write_text("mine")

    with pytest.raises(Invalid):
        write_layers(out, {"runs": iter(())}, file_format=file_format, replace=False)

    assert out.read_text() == "mine"
