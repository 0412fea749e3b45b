"""Entities of a drawing that are no lines to the reading: on a layer of lines they may be lines all the same."""

import ezdxf
import pytest

from xzgis.catalogue.files import load
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.unread import aside_told, left_aside
from xzgis.core.settings import ROOT
from xzgis.formats import dxf
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.proposed_mapping import propose_mapping

EAST, NORTH = 516_900.0, 3_792_600.0
STRIP = [(EAST, NORTH + 5), (EAST + 40, NORTH + 5), (EAST + 40, NORTH + 5.3), (EAST, NORTH + 5.3)]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load(ROOT / "layers")


def hatch(space, **where):
    space.add_hatch(dxfattribs=where).paths.add_polyline_path(STRIP, is_closed=True)


def region(space, **where):
    space.add_region(dxfattribs=where).sat = ["400 0 1 0", "x #"]


DRAW = {
    "HATCH": hatch,
    "SOLID": lambda space, **where: space.add_solid(STRIP, dxfattribs=where),
    "3DFACE": lambda space, **where: space.add_3dface(STRIP, dxfattribs=where),
    "LEADER": lambda space, **where: space.add_leader(STRIP[:2], dxfattribs=where),
    "RAY": lambda space, **where: space.add_ray(STRIP[0], (1, 0), dxfattribs=where),
    "XLINE": lambda space, **where: space.add_xline(STRIP[0], (1, 0), dxfattribs=where),
    "MESH": lambda space, **where: space.add_polymesh((2, 2), dxfattribs=where),
    "REGION": region,
}


def read(tmp_path, *drawn, beside=()):
    """A drawing of a water main with ``drawn`` (entity type, layer) and lines on the layers ``beside``."""
    document = ezdxf.new("R2010", units=6)
    space = document.modelspace()
    for number, layer in enumerate(("给水", *beside)):
        space.add_lwpolyline(
            [(EAST, NORTH + 30 * number), (EAST + 50, NORTH + 30 * number)], dxfattribs={"layer": layer}
        )
    for what, layer in drawn:
        DRAW[what](space, layer=layer)
    document.saveas(tmp_path / "plan.dxf")
    return dxf.read(tmp_path / "plan.dxf", file="plan.dxf")


def told(file, mapping, catalogue):
    found = deliver([file], mapping, Placing(), catalogue)
    return [one for one in found.findings if one.code == "R37"]


@pytest.mark.parametrize("what", DRAW)
@pytest.mark.parametrize("beside", [(), ("燃气",)], ids=["alone", "beside lines"])
def test_an_entity_not_read_on_a_layer_of_lines_is_a_warning(tmp_path, catalogue, what, beside):
    file = read(tmp_path, (what, "燃气"), beside=beside)

    (one,) = told(file, propose_mapping([file], catalogue), catalogue)

    assert (one.level, one.sheet, one.value) == ("warning", "燃气", f"{what} 1")
    assert "燃气" in one.words.zh
    assert "EXPLODE" in one.remedy.zh
    assert left_aside([one]) == (one,)
    assert "is_said_none" not in aside_told(one)


def test_layers_nobody_knows_are_told_together_and_leave_their_doubt(tmp_path, catalogue):
    drawn = (("HATCH", "建筑"), ("SOLID", "建筑"), ("HATCH", "建筑"), ("RAY", "辅助"), ("LEADER", "燃气"))
    file = read(tmp_path, *drawn)

    findings = told(file, propose_mapping([file], catalogue), catalogue)

    assert [(one.level, one.sheet) for one in findings] == [("warning", "燃气"), ("info", None)]
    assert "建筑: HATCH 2, SOLID 1；辅助: RAY 1" in findings[1].words.zh
    assert "is_said_none" not in aside_told(findings[1])


def test_a_layer_that_a_person_skips_leaves_no_doubt(tmp_path, catalogue):
    file = read(tmp_path, ("HATCH", "燃气"))
    skipped = {"layers": {"给水": {"role": "lines", "kind": "water"}, "燃气": {"role": "skip"}}}

    (one,) = told(file, mapping_from_json(skipped, catalogue), catalogue)

    assert (one.level, one.sheet) == ("info", "燃气")
    assert aside_told(one)["is_said_none"]


def test_a_layer_mapped_to_a_kind_is_one_of_lines_whatever_its_name(tmp_path, catalogue):
    file = read(tmp_path, ("LEADER", "foo"), beside=("foo",))
    mapped = {"layers": {name: {"role": "lines", "kind": "gas"} for name in ("给水", "foo")}}

    (one,) = told(file, mapping_from_json(mapped, catalogue), catalogue)

    assert (one.level, one.sheet) == ("warning", "foo")
