"""The surface that a work names for all of it, over a street that the road register knows."""

import pytest
from shapely import box

from tests.db.conflicts.test_check import a_work, check, everywhere, of
from tests.factories import EAST_M, NORTH_M
from xzgis.conflicts.reports.document import verdict
from xzgis.conflicts.terms import Measure
from xzgis.core.db import stored
from xzgis.networks.models import Road
from xzgis.works.terms import Depth


@pytest.mark.parametrize(
    ("surface", "cover_m", "found"),
    [
        pytest.param("courtyard_or_greenbelt_no_vehicles", 0.5, (0.9, (0.0, 60.0)), id="greenbelt"),
        pytest.param("non_motor_or_footway", 0.7, (0.9, (0.0, 60.0)), id="footway"),
        pytest.param("carriageway", 1.2, None, id="as strict"),
        pytest.param("other_river_below_design_bed", 0.6, None, id="below a bed, under a bridge"),
    ],
)
def test_one_word_for_the_whole_work_takes_no_carriageway_away(session, surface, cover_m, found):
    """Greenbelt along a street is none where the line crosses the carriageway that the register knows."""
    lane = box(EAST_M - 10, NORTH_M - 3, EAST_M + 60, NORTH_M + 3)
    session.add(Road(part="carriageway", shape=stored(lane)))
    everywhere(session)

    result = check(session, a_work(surface=surface, depth=Depth(cover_m=cover_m))).result

    told = [(one.required_m, one.chainage_m) for one in of(result, Measure.COVER)]
    assert told == ([] if found is None else [found])
    assert (verdict(result) == "clear") is (found is None)
    lengths = {surface: 100.0} if found is None else {"carriageway": 60.0, surface: 40.0}
    assert result.checked["surface"] == lengths
