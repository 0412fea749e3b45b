"""The ground of rows that stay out is cut out of what was looked at."""

import pandas as pd
import pytest
from shapely import LineString, MultiPolygon, Point

from xzgis.networks.rules.covered_ground import Looked, covered_ground
from xzgis.networks.rules.cut_ground import without_ground

REACH_M = 15.0
MAIN = LineString([(0, 0), (100, 0)])


def looked(*kinds: str) -> dict[str, Looked]:
    return {kind: Looked(covered_ground([MAIN], reach_m=REACH_M), None) for kind in kinds}


def covers(found: dict[str, Looked], kind: str, place: Point) -> bool:
    return any(area.covers(place) for area in found[kind].areas)


@pytest.mark.parametrize(
    ("kind", "cut"), [("gas", {"gas"}), (None, {"gas", "water"}), ("unknown", {"gas", "water"})]
)
def test_a_row_of_no_known_kind_may_be_of_any(kind: str | None, cut: set[str]) -> None:
    out = pd.DataFrame({"kind": [kind], "place": [LineString([(0, 6), (40, 6)])]}, dtype=object)

    left = without_ground(looked("gas", "water"), out, reach_m=REACH_M)

    assert {one for one in ("gas", "water") if not covers(left, one, Point(20, 0))} == cut
    assert all(covers(left, one, Point(80, 0)) for one in ("gas", "water"))


def test_nothing_is_left_of_ground_that_lies_within_reach_of_what_stays_out() -> None:
    out = pd.DataFrame({"kind": ["gas"], "place": [MAIN]}, dtype=object)

    assert set(without_ground(looked("gas", "water"), out, reach_m=REACH_M)) == {"water"}


def test_where_all_goes_in_nothing_is_cut() -> None:
    none = pd.DataFrame({"kind": [], "place": []}, dtype=object)
    before = looked("gas")

    assert without_ground(before, none, reach_m=REACH_M) == before
    assert isinstance(before["gas"].areas[0], MultiPolygon)
