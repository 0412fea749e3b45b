"""Cover of runs laid at a declared cover: as sure as it can be set out, and no surer."""

from dataclasses import replace

import numpy as np
import pytest

from tests.runs import ORIGIN_M, a_new_run, columns, no_runs
from tests.verdicts import CATALOGUE, EAST, of
from xzgis.conflicts.rules.declared_cover import with_declared_cover
from xzgis.conflicts.rules.ground_sigma import with_ground_named
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Measure, Outcome, SurfaceStretch
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.placing import place
from xzgis.works.terms import Depth, GroundAlong, GroundSource, NewRun, ProfilePoint, Section, WorkDocument

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


# The ground is guessed from levels 15 m off: a cover of 1.1 m of a run laid on levels is not surely 0.9 m.
@pytest.mark.parametrize(
    ("crown_m", "sigma_m", "outcome"),
    [
        pytest.param(28.9, 0.0, None, id="ground told by the work"),
        pytest.param(28.9, 0.5, Outcome.WITHIN_TOLERANCE, id="ground guessed"),
        pytest.param(29.3, 0.02, Outcome.BREACH, id="too shallow for certain"),
        pytest.param(29.3, 0.5, Outcome.WITHIN_TOLERANCE, id="too shallow, if the guess holds"),
    ],
)
def test_the_cover_of_a_run_on_levels_is_as_sure_as_its_ground(crown_m, sigma_m, outcome):
    axis = tuple((x + ORIGIN_M[0], y + ORIGIN_M[1]) for x, y in EAST)
    levels = tuple(ProfilePoint(chainage_m=at, level_m=crown_m) for at in (0.0, 60.0))
    run = NewRun(kind="gas", axis=axis, section=Section(diameter_mm=200, is_outer=True), pressure_class="medium_A",
                 depth=Depth(profile=levels, profile_of="crown"), burial="direct_buried")  # fmt: skip
    work = WorkDocument(runs=(run,))
    source = GroundSource.SURVEYED if sigma_m else GroundSource.WORK
    ground = GroundAlong(np.array([0.0, 60.0]), np.array([30.0, 30.0]), source, sigma_m)
    placed = place(work, CATALOGUE, axes=axes_of(work, CATALOGUE), grounds=[ground])
    plain = judge(placed.runs, no_runs(ORIGIN_M), CATALOGUE, surfaces=CARRIAGEWAY)

    found = with_ground_named(with_declared_cover(plain, placed, CATALOGUE, CARRIAGEWAY), placed, CATALOGUE)

    assert placed.runs.sigma_level_m.tolist() == [0.05], "its levels hang on no ground"
    cover = of(found, Measure.COVER)
    assert [v.outcome for v in cover] == ([outcome] if outcome else [])
    if outcome is Outcome.WITHIN_TOLERANCE:
        assert cover[0].missing == ("a.ground",)
