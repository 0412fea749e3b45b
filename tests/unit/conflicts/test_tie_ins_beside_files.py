"""A joint declared with a line of the register excuses no line of a file that happens to bear its number."""

import json
from pathlib import Path

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check_files import check_against_files
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.works.terms import Depth, NewRun, Section, TieIn, WorkDocument

EAST_M, NORTH_M = 517_000.0, 3_793_000.0
GAS = {"kind": "gas", "diameter_mm": 219, "material": "steel", "burial": "direct_buried",
       "pressure_class": "medium_A", "depth_m": 1.5, "ground_m": 31.0}  # fmt: skip


@pytest.mark.parametrize("ties", [(), (TieIn(chainage_m=0.0, run_id=1),)], ids=["none", "number 1"])
def test_the_number_of_a_joint_is_none_of_a_file(tmp_path: Path, ties: tuple[TieIn, ...]) -> None:
    axis = [[EAST_M + 50, NORTH_M - 30], [EAST_M + 50, NORTH_M + 30]]
    lines = [{"type": "Feature", "properties": GAS, "geometry": {"type": "LineString", "coordinates": axis}}]
    named = {"type": "name", "properties": {"name": "EPSG:4548"}}
    path = tmp_path / "lines.geojson"
    path.write_text(json.dumps({"type": "FeatureCollection", "crs": named, "features": lines}))
    run = NewRun(
        kind="gas", axis=((EAST_M + 50.3, NORTH_M), (EAST_M + 95, NORTH_M)), ground_m=(31.0, 31.0),
        section=Section(diameter_mm=219.1, is_outer=True), depth=Depth(cover_m=1.5), tie_ins=ties,
        pressure_class="medium_A", burial="direct_buried", material="steel",
    )  # fmt: skip
    work = WorkDocument(name="试验", runs=(run,), surface="carriageway")

    result = check_against_files(work, [path], catalogue=catalogue()).result

    near = [one.outcome for one in result.findings if one.measure is Measure.HORIZONTAL]
    assert near in ([Outcome.WITHIN_TOLERANCE], [Outcome.BREACH])
    assert result.checked["left_out"] == {}
