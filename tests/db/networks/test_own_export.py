"""What the register writes out comes in again as it was."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyogrio
import pytest
import shapely
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_node, a_run, an_actor
from xzgis.catalogue.files import catalogue
from xzgis.core.db import stored
from xzgis.core.errors import Invalid
from xzgis.formats.written import write_layers
from xzgis.networks.actions import batches
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.actions.receiving import receive_batch
from xzgis.networks.models import Batch, Coverage, Node, Road, Run
from xzgis.networks.queries.export import LAYERS, export_frames
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.terms import BatchState, Delivery, IntakeFinding

pytestmark = pytest.mark.usefixtures("read_here")

NAMES_OF_OURS = {"object_id", "batch_id", "batch_name", "known_from", "source_row", "road_id", "bank_id",
                 "from_node_id", "to_node_id"}  # fmt: skip


@pytest.fixture
def register(session: Session) -> Session:
    batch = a_batch(is_invented=True)
    session.add(batch)
    session.flush()
    bent = shapely.LineString([(EAST_M, NORTH_M), (EAST_M + 40, NORTH_M), (EAST_M + 90.25, NORTH_M + 3.125)])
    session.add_all(
        [
            a_node("gas", object_id=11, point_no="R1", is_visible=True, batch_id=batch.id),
            a_node("gas", object_id=12, point_no="R2", x_m=90.25, y_m=3.125, ground_m=None, chamber_depth_m=2.5,
                   feature="三通", appurtenance="阀门", road="和平路", attributes={"井盖": "圆"}),
            a_run("gas", object_id=1, axis=bent, crown_m=[30.0, None, 29.5], bottom_m=[29.8, None, 29.3],
                  ground_m=[31.0, 31.1, 31.2], from_node_id=11, to_node_id=12, flow=-1, bank_id=77,
                  assumptions=["outer_size"], pressure_class="medium_A", material="steel", burial="pipe_buried",
                  attributes={"x": "1"}, true_from=date(2001, 2, 3), built_on=date(1999, 1, 1),
                  surveyed_on=date(2020, 5, 6), start_depth_m=1.0, depth_reference="crown", batch_id=batch.id),
            a_run("water", object_id=2, y_m=9, crown_m=None, bottom_m=None, ground_m=None, assumptions=[],
                  life_state="disused", outer_is_assumed=False, outer_spread_mm=12.5),
            a_coverage("gas", object_id=5, surveyed_on=date(2020, 5, 6), surveyed_by="测绘院", quality="hidden",
                       note="甲"),
            Road(part="carriageway", name="和平路", shape=stored(shapely.box(EAST_M, NORTH_M, EAST_M + 9, NORTH_M + 9))),
        ]
    )  # fmt: skip
    session.flush()
    return session


def rows(session: Session, layer: str) -> pd.DataFrame:
    """The layer as it is, but for identities and batches, in an order of its own."""
    frame = pd.concat(list(export_frames(session, layer)), ignore_index=True)
    plain = pd.DataFrame(frame.drop(columns=[name for name in frame if name in NAMES_OF_OURS]))
    plain["geometry"] = [shape.wkt for shape in frame.geometry]
    return plain.astype(object).where(plain.notna(), None).sort_values("geometry").reset_index(drop=True)


def written(session: Session, folder: Path, file_format: str = "gpkg") -> list[Path]:
    layers = {layer: export_frames(session, layer) for layer in LAYERS}
    write_layers(folder / f"r.{file_format}", layers, file_format=file_format, replace=False)
    return sorted(folder.glob(f"*.{file_format}"))


def received(session: Session, paths: list[Path]) -> tuple[Batch, Delivery, tuple[IntakeFinding, ...]]:
    delivery, findings = read_files(paths, options=ReadOptions(), catalogue=catalogue())
    batch = receive_batch(
        session, actor=an_actor(), files=[{"name": "r"}], digest="1" * 64, options={}, now=NOW
    )
    batch.state = BatchState.READING
    batches.save_reading(
        session, actor=an_actor(), batch_id=batch.id, delivery=delivery, findings=findings, delivery_file="x",
        now=NOW,
    )  # fmt: skip
    return batch, delivery, findings


def taken_in(session: Session, paths: list[Path]) -> tuple[Batch, Delivery, tuple[IntakeFinding, ...]]:
    batch, delivery, findings = received(session, paths)
    accepted = batches.Acceptance(
        coverage_reach_m=15.0, sigma_factor=2.0, partial_codes=PartialCodes.of(catalogue())
    )
    batches.accept_batch(
        session,
        actor=an_actor(),
        batch_id=batch.id,
        delivery=delivery,
        findings=findings,
        options=accepted,
        now=NOW,
    )
    return batch, delivery, findings


def rows_held(session: Session, table: type) -> int:
    return session.query(table).count()


def empty(session: Session) -> None:
    session.flush()
    session.execute(text("truncate networks_run, networks_node, networks_coverage, networks_road"))
    session.execute(update(Batch).values(state="undone", undone_at=func.now()))
    session.expire_all()


@pytest.mark.parametrize("file_format", ["gpkg", "geojson"])
def test_the_register_comes_in_again_without_loss(
    register: Session, tmp_path: Path, file_format: str
) -> None:
    before = {layer: rows(register, layer) for layer in LAYERS}
    paths = written(register, tmp_path, file_format)
    empty(register)

    batch, delivery, findings = taken_in(register, paths)

    assert delivery.intake == "xzgis_register"
    assert not [one for one in findings if one.level == "error"]
    assert batch.is_invented
    for layer, told in before.items():
        # The mark is the batch's: one invented record makes the whole file an invented one.
        pd.testing.assert_frame_equal(
            rows(register, layer).drop(columns="is_invented"),
            told.drop(columns="is_invented"),
            check_dtype=False,
        )
    gas = register.query(Run).filter(Run.kind == "gas").one()
    ends = {node.point_no: node.object_id for node in register.query(Node)}
    assert (gas.from_node_id, gas.to_node_id) == (ends["R1"], ends["R2"])
    assert gas.bank_id is not None


def test_levels_that_do_not_fit_their_line_are_an_error(register: Session, tmp_path: Path) -> None:
    (path,) = written(register, tmp_path)

    runs = pyogrio.read_dataframe(path, layer="runs")
    runs.loc[runs["kind"] == "gas", "crown_m"] = json.dumps([30.0, 29.0])
    pyogrio.write_dataframe(runs, path, layer="runs", driver="GPKG")

    _, findings = read_files([path], options=ReadOptions(), catalogue=catalogue())

    (found,) = [one for one in findings if one.level == "error"]
    assert (found.code, found.field, found.table) == ("R35", "crown_m", "lines")


def _edited(path: Path, column: str, value: object, layer: str = "runs") -> None:
    frame = pyogrio.read_dataframe(path, layer=layer)
    frame[column] = [value] * len(frame)
    pyogrio.write_dataframe(frame, path, layer=layer, driver="GPKG")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("burial", "somehow", "R32"),  # no condition would hold of it, and a clearance not be asked
        ("material", "cheese", "R32"),
        ("pressure_class", "banana", "R32"),
        ("depth_reference", "somewhere", "R32"),
        ("flow", 7, "R32"),
        ("assumptions", '["dreamt"]', "R32"),
        ("assumptions", "outer_size", "R35"),
        ("assumptions", "[1]", "R35"),
        ("bank_id", 1.5, "R35"),
        ("from_node_id", 0.5, "R35"),
        ("crown_m", "[Infinity, 30.0, 30.0]", "R32"),
        ("crown_m", "[-1165.0, -1165.0, -1165.0]", "R32"),
        ("outer_width_mm", -5.0, "S28"),
    ],
)
def test_an_edited_value_is_told_by_its_row(
    register: Session, tmp_path: Path, column: str, value: object, code: str
) -> None:
    (path,) = written(register, tmp_path)
    if column == "crown_m":
        runs = pyogrio.read_dataframe(path, layer="runs")
        value = json.dumps(json.loads(str(value))[: len(runs.geometry.iloc[0].coords)])
    _edited(path, column, value)

    _, findings = read_files([path], options=ReadOptions(), catalogue=catalogue())

    assert (code, column) in {(one.code, one.field) for one in findings if one.level == "error"}


def test_an_identity_that_stands_twice_is_told(register: Session, tmp_path: Path) -> None:
    (path,) = written(register, tmp_path)
    _edited(path, "object_id", 5, layer="nodes")

    _, findings = read_files([path], options=ReadOptions(), catalogue=catalogue())

    assert ("R32", "object_id", "points") in {(one.code, one.field, one.table) for one in findings}


@pytest.mark.parametrize("value", ["not json", '{"a": 1}', "[1]"])
def test_a_mark_of_displacement_that_is_none_is_refused(
    register: Session, tmp_path: Path, value: str
) -> None:
    (path,) = written(register, tmp_path)
    _edited(path, "displaced", value)

    with pytest.raises(Invalid, match="displaced"):
        read_files([path], options=ReadOptions(), catalogue=catalogue())


@pytest.mark.parametrize(("column", "value"), [("kind", "gaz"), ("surveyed_on", "soon")])
def test_an_edited_coverage_is_refused(register: Session, tmp_path: Path, column: str, value: str) -> None:
    (path,) = written(register, tmp_path)
    _edited(path, column, value, layer="coverage")

    with pytest.raises(Invalid, match=column):
        read_files([path], options=ReadOptions(), catalogue=catalogue())


def test_a_coverage_in_another_system_is_refused(register: Session, tmp_path: Path) -> None:
    (path,) = written(register, tmp_path)
    areas = pyogrio.read_dataframe(path, layer="coverage").to_crs("EPSG:4547")
    pyogrio.write_dataframe(areas, path, layer="coverage", driver="GPKG")

    with pytest.raises(Invalid, match="坐标系不一致"):
        read_files([path], options=ReadOptions(), catalogue=catalogue())


def test_test_data_of_another_place_stays_marked(register: Session, tmp_path: Path) -> None:
    moved: dict[str, Any] = {"displaced": {"source": "EPSG:31370", "east_m": 1.0, "north_m": 2.0}}
    batch = register.scalars(select(Batch)).one()
    batch.crs = moved
    register.add(a_coverage("water", object_id=6, batch_id=batch.id))
    register.flush()
    paths = written(register, tmp_path)
    empty(register)

    _, delivery, _ = taken_in(register, paths)

    assert delivery.crs.as_json()["displaced"] == moved["displaced"]
    assert rows_held(register, Run) > 0
    kinds = register.scalars(select(Coverage.kind)).all()
    assert kinds == ["gas"], "where the batch was laid nobody looked for anything"
    assert np.allclose(delivery.vertices.xy_m[0], [EAST_M, NORTH_M])


def test_a_file_of_the_sample_alone_says_that_it_is_invented(session: Session) -> None:
    path = Path(__file__).parents[3] / "data" / "sample" / "runs.gpkg"

    batch, _, _ = received(session, [path])

    assert batch.is_invented
