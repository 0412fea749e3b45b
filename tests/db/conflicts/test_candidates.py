"""Candidates leave out only what changes no verdict."""

import numpy as np
import pytest
from shapely import LineString

from tests.factories import EAST_M, NORTH_M, a_line, a_run
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.queries.candidates import near_runs
from xzgis.conflicts.rules.coverage import surveyed_kinds
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.terms import Hole, Measure
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.placing import place
from xzgis.works.terms import Depth, Excavation, NewRun, Section, WorkDocument

EVERYWHERE_M = 300.0


def a_crowd(rng, count):
    """Runs of every kind and state round the middle of the test city, from thin to 13 m wide, sure to vague."""
    runs = []
    for _ in range(count):
        start = np.array([EAST_M, NORTH_M]) + rng.uniform([-30.0, -30.0], [130.0, 30.0])
        way = rng.uniform(0.0, 2.0 * np.pi) if rng.random() < 0.4 else rng.choice([0.0, np.pi / 2.0])
        end = start + rng.uniform(2.0, 60.0) * np.array([np.cos(way), np.sin(way)])
        width = rng.choice([None, 50.0, 300.0, 1199.0, 1201.0, 3000.0, 3001.0, 13_000.0],
                           p=[0.1, 0.3, 0.3, 0.05, 0.05, 0.1, 0.05, 0.05])  # fmt: skip
        runs.append(
            a_run(
                str(rng.choice(surveyed_kinds(catalogue()))), axis=LineString([start, end]),
                nominal_width_mm=None, outer_width_mm=width, outer_height_mm=width, shape=None if width is None else "circle",
                outer_spread_mm=float(rng.choice([0.0, 60.0, 900.0], p=[0.8, 0.15, 0.05])),
                sigma_plan_m=float(rng.choice([0.05, 0.2, 0.25, 0.26, 0.5, 0.8, 6.0], p=[0.5, 0.2, 0.1, 0.05, 0.05, 0.05, 0.05])),
                burial=rng.choice([None, "direct_buried", "channel", "overhead", "jacked"]),
                pressure_class=rng.choice([None, "medium_A", "low"]),
                life_state=str(rng.choice(["built", "disused"], p=[0.9, 0.1])),
            )
        )  # fmt: skip
    return runs


def a_document(rng):
    """One or two new runs through the crowd, now and then wide, and an excavation."""
    runs = []
    for kind in rng.choice(surveyed_kinds(catalogue()), size=rng.integers(1, 3)):
        axis = np.column_stack([np.linspace(0.0, 100.0, 7), np.cumsum(rng.uniform(-6.0, 6.0, 7))])
        size = float(rng.choice([110.0, 600.0, 2600.0]))
        runs.append(
            NewRun(
                kind=str(kind), axis=tuple((EAST_M + x, NORTH_M + y) for x, y in axis.tolist()),
                section=Section(diameter_mm=size, is_outer=True), depth=Depth(cover_m=1.0),
                ground_m=(31.0,) * 7, sigma_plan_m=float(rng.choice([0.0, 0.05, 0.6])),
            )
        )  # fmt: skip
    outline = ((EAST_M, NORTH_M - 20), (EAST_M + 6, NORTH_M - 20), (EAST_M + 6, NORTH_M - 16))
    return WorkDocument(
        name="试验", runs=tuple(runs), excavations=(Excavation(outline=outline, depth_m=2.0),)
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_whole_register_gives_no_verdict_that_the_candidates_do_not_give(session, seed):
    known, rng = catalogue(), np.random.default_rng(seed)
    session.add_all(a_crowd(rng, 140))
    session.flush()
    far = np.array([EAST_M, NORTH_M]) + EVERYWHERE_M * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1]])
    left_behind = 0

    for _ in range(3):
        work = a_document(rng)
        axes = axes_of(work, known)
        new = place(work, known, axes=axes, grounds=[None] * len(axes.runs)).runs
        holes = [Hole(outline=tuple(map(tuple, axes.outlines[0].tolist())), bottom_level_m=None, depth_m=2.0)]
        near = near_runs(session, new, known, outlines=axes.outlines)
        every = near_runs(session, new, known, outlines=(far,))

        assert len(every.run_id) == 140
        left_behind += len(every.run_id) - len(near.run_id)
        told, whole = (judge(new, runs, known, excavations=holes) for runs in (near, every))
        assert [verdict.id for verdict in told.verdicts] == [verdict.id for verdict in whole.verdicts]
        assert [verdict.words for verdict in told.verdicts] == [verdict.words for verdict in whole.verdicts]

    assert left_behind > 0


@pytest.mark.parametrize(("away_m", "findings"), [(5.19, 1), (5.21, 0)])
def test_a_narrow_run_is_looked_up_to_the_last_centimetre_that_can_matter(session, away_m, findings):
    # Beyond the tables (no pressure is known): 4 m, half of 0.2 and 1.199 m, twice sigma 0.25 m: 5.1995 m.
    session.add(
        a_run("gas", axis=a_line(y_m=away_m), nominal_width_mm=None, outer_width_mm=1199.0, sigma_plan_m=0.25)
    )
    session.flush()
    work = WorkDocument(name="试验", runs=(NewRun(
        kind="gas", axis=((EAST_M, NORTH_M), (EAST_M + 100, NORTH_M)), section=Section(diameter_mm=200, is_outer=True),
        sigma_plan_m=0.0,
    ),))  # fmt: skip

    result = check_work(session, work, catalogue=catalogue()).result

    assert len([finding for finding in result.findings if finding.measure is Measure.HORIZONTAL]) == findings
