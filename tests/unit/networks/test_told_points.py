"""Which kinds the points of a delivery tell: a street lamp is no sign of the manholes of power."""

import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.rules.told_points import kinds_told


@pytest.mark.parametrize(
    ("points", "lines", "told"),
    [
        ([("power", "LD", "street_lamp"), ("power", "DL", None)], [("power", "LD"), ("power", "DL")], set()),
        ([("power", "LD", None), ("power", "DL", "manhole")], [("power", "LD"), ("power", "DL")], {"power"}),
        ([("power", "路灯电缆", "street_lamp")], [("power", None)], set()),
        ([("telecom", "DS", "cabinet")], [("telecom", "DX")], set()),
        ([("power", "LD", "street_lamp")], [("power", "LD")], {"power"}),
        ([("power", "LD", "street_lamp")], [("power", "LD"), ("power", "XH")], set()),
        (
            [("power", "LD", "street_lamp"), ("power", "XH", "manhole")],
            [("power", "LD"), ("power", "XH")],
            {"power"},
        ),
        ([("power", "LD", "street_lamp")], [], {"power"}),
        ([("industrial", "石油", "valve")], [("industrial", "石油")], {"industrial"}),
        ([("power", None, "manhole")], [("power", "DL")], {"power"}),
        ([(None, "??", "manhole")], [("power", "DL")], {"unknown"}),
    ],
    ids=str,
)
def test_points_of_a_part_tell_nothing_of_the_whole(points, lines, told):
    found = kinds_told(
        pd.DataFrame(points, columns=["kind", "code", "appurtenance"]),
        pd.DataFrame(lines, columns=["kind", "code"]),
        PartialCodes.of(catalogue()),
    )

    assert found == told
