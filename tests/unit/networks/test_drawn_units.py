"""Heights of a drawing are in the unit of the drawing, as its coordinates are."""

import ezdxf
import numpy as np
import pytest

from tests.unit.networks.test_features import EAST, NORTH
from xzgis.catalogue.files import catalogue
from xzgis.formats import dxf
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.terms import Delivery

MM = 4


def drawn(tmp_path, first, last, *, per_metre=1000.0, name="crown_m", **said) -> Delivery:
    """A main of 50 m in a drawing whose header says mm; its heights as they stand there."""
    document = ezdxf.new("R2010", units=MM)
    ends = [(EAST * per_metre, NORTH * per_metre, first), ((EAST + 50) * per_metre, NORTH * per_metre, last)]
    document.modelspace().add_polyline3d(ends, dxfattribs={"layer": "燃气"})
    document.saveas(tmp_path / "plan.dxf")
    layer = {"role": "lines", "kind": "gas", "fields": {name: {"column": "@z", **said}}}
    mapping = mapping_from_json({"layers": {"燃气": layer}}, catalogue())
    return deliver([dxf.read(tmp_path / "plan.dxf", file="plan.dxf")], mapping, Placing(), catalogue())


def told(delivery: Delivery, code: str) -> list[tuple[str, int | None, str | None]]:
    return [(one.level, one.row, one.field) for one in delivery.findings if one.code == code]


def crowns(delivery: Delivery) -> list[float]:
    return delivery.vertices.crown_m.tolist()


def test_heights_of_a_drawing_in_millimetres_are_millimetres(tmp_path):
    found = drawn(tmp_path, 30_000.0, 29_000.0)

    assert crowns(found) == [30.0, 29.0]
    assert len(told(found, "R38")) == 1
    assert told(found, "R36") == []


def test_of_a_drawing_that_is_in_metres_all_the_same_they_are_metres(tmp_path):
    found = drawn(tmp_path, 30.0, 29.0, per_metre=1.0)

    assert crowns(found) == [30.0, 29.0]


@pytest.mark.parametrize(("heights", "way"), [
    ((30.0, 29.0), {"unit": "m"}), ((3000.0, 2900.0), {"unit": "cm"}), ((300.0, 290.0), {"scale": 0.1}),
])  # fmt: skip
def test_what_a_person_says_of_their_unit_goes_first(tmp_path, heights, way):
    assert crowns(drawn(tmp_path, *heights, **way)) == [30.0, 29.0]


@pytest.mark.parametrize(("name", "height"), [("crown_m", 30.0), ("depth_m", 1.5)])
def test_heights_that_only_metres_make_sense_of_are_unknown_and_asked_about(tmp_path, name, height):
    """Read in millimetres they would put a main thirty metres down, or at the surface."""
    found = drawn(tmp_path, height, height, name=name)

    assert np.isnan(crowns(found)).all()
    assert found.lines[["start_depth_m", "end_depth_m"]].isna().all(axis=None)
    assert told(found, "R36") == [("error", 1, "@z")] * 2


def test_nothing_but_the_heights_is_told_twice(tmp_path):
    findings = drawn(tmp_path, 30_000.0, 29_000.0).findings

    assert len({(one.code, one.row, one.words.zh) for one in findings}) == len(findings)
