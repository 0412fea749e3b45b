"""Seven parameters of a system reach the places and the accuracy of what it delivers (decision 0064)."""

from pathlib import Path

import numpy as np
import pytest

from tests.unit.networks.test_survey import LINES, POINTS, read
from xzgis.networks.rules.survey import SurveyOptions

pytestmark = pytest.mark.usefixtures("read_here")


def test_seven_parameters_of_a_system_are_followed_and_counted_as_sigma(tmp_path: Path) -> None:
    system = (
        "+proj=tmerc +lon_0=117 +x_0=500000 +ellps=krass +towgs84=31.4,-144.3,-74.8,0,0,0.814,-0.38 +units=m"
    )
    tables = {"WSPOINT.csv": POINTS, "WSLINE.csv": LINES}

    plain, moved = read(tmp_path, tables), read(tmp_path, tables, SurveyOptions(crs=system))

    apart = np.hypot(
        *(moved.points[["east_m", "north_m"]] - plain.points[["east_m", "north_m"]]).to_numpy().T
    )
    assert ((apart > 50) & (apart < 100)).all()
    for frame, before in ((moved.points, plain.points), (moved.lines, plain.lines)):
        np.testing.assert_allclose(frame["sigma_plan_m"], np.hypot(before["sigma_plan_m"], 15.0))
    assert not [one for one in moved.findings if "144.3" in one.words.zh + one.words.en]
