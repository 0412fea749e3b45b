"""The mark of displaced test data in our own export, read again."""

import json
from types import SimpleNamespace
from typing import Any

import pandas as pd

from xzgis.networks.rules.own_export import DISPLACED, SIGNS, _as_marked
from xzgis.spatial.crs import CrsDecision, Displacement

MARK = {"source": "EPSG:31370", "east_m": 1.0, "north_m": 2.0}
PLACED = CrsDecision("EPSG:4548", "header")


def parts(mark: str | None) -> Any:
    layer = SimpleNamespace(frame=pd.DataFrame({DISPLACED: [mark, None]}, dtype=object))
    return {role: [(None, layer)] for role in SIGNS}


def test_a_mark_is_told_again_and_none_is_made_up() -> None:
    assert _as_marked(PLACED, parts(json.dumps(MARK))).displaced == Displacement("EPSG:31370", 1.0, 2.0)
    assert _as_marked(PLACED, parts(None)) is PLACED


def test_a_delivery_that_is_displaced_now_keeps_the_shift_it_is_laid_by() -> None:
    moved = CrsDecision("EPSG:4548", "displaced", displaced=Displacement("EPSG:4547", 10.0, 20.0))

    assert _as_marked(moved, parts(json.dumps(MARK))) is moved
