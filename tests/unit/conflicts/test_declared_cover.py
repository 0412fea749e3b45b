"""Cover of runs laid at a declared cover: as sure as it can be set out, and no surer."""

from dataclasses import replace

import numpy as np
import pytest

from tests.runs import ORIGIN_M, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, of
from xzgis.conflicts.rules.declared_cover import with_declared_cover
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.placing import place
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument

CARRIAGEWAY = [SurfaceStretch(new=0, chainage_m=(0.0, 60.0), surface="carriageway")]


def a_placed_work(cover_m, sigma_m):
    """A gas main over :data:`EAST` at a declared cover, whose levels nobody knows well."""
    axis = tuple((x + ORIGIN_M[0], y + ORIGIN_M[1]) for x, y in EAST)
    run = NewRun(kind="gas", axis=axis, section=Section(diameter_mm=200, is_outer=True), depth=Depth(cover_m=cover_m),
                 pressure_class="medium_A", burial="direct_buried", ground_m=(30.0, 30.0))  # fmt: skip
    work = WorkDocument(runs=(run,))
    placed = place(work, CATALOGUE, axes=axes_of(work, CATALOGUE), grounds=[None])
    runs = columns(a_new_run(EAST, crown=30.0 - cover_m, sigma_level=1.0), first_id=-1)
    return replace(placed, runs=runs, cover_m=np.array([cover_m]), cover_sigma_m=np.array([sigma_m]))


# 0.9 m under a carriageway (table 4.1.1), twice the sigma to both sides.
@pytest.mark.parametrize(
    ("cover_m", "sigma_m", "outcome"),
    [
        pytest.param(1.0, 0.05, None, id="clear at the border"),
        pytest.param(1.0, 0.06, Outcome.WITHIN_TOLERANCE, id="set out too roughly"),
        pytest.param(0.85, 0.06, Outcome.WITHIN_TOLERANCE, id="perhaps too shallow"),
        pytest.param(0.85, 0.02, Outcome.BREACH, id="too shallow"),
    ],
)
def test_a_declared_cover_is_as_sure_as_it_can_be_set_out(cover_m, sigma_m, outcome):
    placed = a_placed_work(cover_m, sigma_m)
    plain = judge(placed.runs, no_runs(ORIGIN_M), CATALOGUE, surfaces=CARRIAGEWAY)

    found = with_declared_cover(plain, placed, CATALOGUE, CARRIAGEWAY)

    assert [(v.outcome, v.sigma_m) for v in of(found, Measure.COVER)] == (
        [(outcome, sigma_m)] if outcome else []
    )
    assert (Measure.COVER in {measure for measure, _, _ in found.clear}) is (outcome is None)
