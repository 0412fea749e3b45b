"""A layer whose name says nothing, whoever chose its kind, is not all of a kind that has parts."""

from dataclasses import replace

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, catalogue, delivered
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.partial_codes import PartialCodes, kinds_in_part
from xzgis.networks.rules.surveyed import evidence

__all__ = ["catalogue"]


@pytest.mark.parametrize(("file", "layer", "kind", "is_whole"), [
    ("delivered", "图层1", "gas", False), ("delivered", "0", "power", False), ("delivered", "Layer 7", "water", False),
    ("delivered", "图层1", "drainage_foul", True), ("delivered", "燃气管线", "gas", True), ("delivered", "gas_main", "gas", True),
    ("delivered", "RQLINE", "gas", True), ("delivered", "RQ", "power", False), ("彭城路燃气", "图层1", "gas", True),
    ("彭城路燃气", "图层1", "power", False), ("路灯电缆", "图层1", "power", False), ("delivered", "路灯", "power", False),
    ("delivered", "给水", "water", True), ("delivered", "热力", "heat", True), ("delivered", "通信", "telecom", True),
])  # fmt: skip
def test_a_chosen_kind_is_no_survey_of_all_of_it(catalogue, file, layer, kind, is_whole):
    drawn = a_layer(layer, [a_line((0, 0), (10, 0))])
    mapping = {"layers": {layer: {"role": "lines", "kind": kind}}}

    delivery = delivered(replace(a_file(drawn), file=f"{file}.gpkg"), catalogue, mapping)
    delivery = replace(delivery, lines=delivery.lines.assign(accuracy_class="as_built", life_state="built"))

    lines = delivery.lines.rename(columns={"from_point": "from_node", "to_point": "to_node"})
    partly = kinds_in_part(evidence(delivery.points, lines), PartialCodes.of(catalogue))
    told = [one for one in findings_of(delivery, catalogue) if one.code == "R53"]
    assert set(delivery.lines["kind"]) == {kind}
    assert set(partly) == (set() if is_whole else {kind})
    assert len(told) == (0 if is_whole else 1)
    assert all("命名" in one.remedy.zh for one in told)


def test_a_whole_layer_beside_it_shows_the_kind(catalogue):
    drawn = [a_layer(name, [a_line((0, at), (10, at))]) for at, name in enumerate(("图层1", "燃气管线"))]
    layers = {one.name: {"role": "lines", "kind": "gas"} for one in drawn}

    delivery = delivered(a_file(*drawn), catalogue, {"layers": layers})

    lines = delivery.lines.assign(from_node=-1, to_node=-1, accuracy_class="as_built", life_state="built")
    assert not kinds_in_part(evidence(delivery.points, lines), PartialCodes.of(catalogue))
