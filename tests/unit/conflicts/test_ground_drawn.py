"""The line of the ground in sections and profiles: one source at the new run, and the words that name it."""

from typing import Any

import numpy as np
import pytest

from tests.runs import WATER, a_new_run, columns
from xzgis.conflicts.reports.sections.ground import GroundLine, ground_of_profile, ground_of_section
from xzgis.conflicts.reports.sections.places import cut_at, stations_of
from xzgis.conflicts.reports.sections.scenes import existing_run, new_run, own_hits
from xzgis.conflicts.reports.sections.speech import Speech
from xzgis.networks.rules.cut import hits
from xzgis.works.terms import GroundAlong, GroundSource

SAY = Speech("en")
NEW = new_run(columns(a_new_run([(0, 0), (60, 0)], ground=[30.0, 31.2]), first_id=-1), 0, label="A")
BESIDE = columns(a_new_run([(0, 4), (60, 4)], WATER, ground=[27.0, 27.0]))
CUT = cut_at(NEW.axis_m, chainage_m=20.0, reach_m=10.0, turn_deg=0.0)


def section(source: GroundSource, beside: GroundAlong | None) -> GroundLine:
    found = hits(*CUT, [existing_run(BESIDE, 0, label="B")])
    return ground_of_section(SAY, mine=own_hits(CUT, [NEW]), found=found, sources=(source,), beside=beside)


def terrain(level: float) -> GroundAlong:
    return GroundAlong(np.array([0.0, 20.0]), np.full(2, level), GroundSource.TERRAIN, 0.1)


@pytest.mark.parametrize("beside", [None, terrain(29.0)])
@pytest.mark.parametrize("source", [GroundSource.WORK, GroundSource.TERRAIN, GroundSource.SURVEYED])
def test_at_the_new_run_the_section_has_the_ground_of_the_profile(source: Any, beside: Any) -> None:
    stations = stations_of(NEW.axis_m)
    profile = ground_of_profile(SAY, stations, NEW.ground_m, source)

    at, level = zip(*profile.points, strict=True)
    assert dict(section(source, beside).points)[10.0] == pytest.approx(np.interp(20.0, at, level))
    assert SAY(f"ground_from.{source.value}") in profile.words
    assert SAY(f"ground_from.{source.value}") in section(source, beside).words


def test_beside_the_new_run_the_ground_is_the_terrain_and_not_the_levels_of_lines_crossed() -> None:
    line = section(GroundSource.WORK, terrain(29.0))

    assert line.points == ((0.0, 29.0), (9.0, 29.0), (10.0, pytest.approx(30.4)), (11.0, 29.0), (20.0, 29.0))
    assert line.words == "ground: at the new line from the work; beside it from the terrain raster"


def test_one_source_is_named_once() -> None:
    assert section(GroundSource.TERRAIN, terrain(30.4)).words == "ground from the terrain raster"


def test_without_the_sources_of_a_check_the_lines_crossed_give_the_ground_and_it_says_so() -> None:
    line = section(GroundSource.TERRAIN, None)

    assert 27.0 in dict(line.points).values()
    assert "through the ground levels of the lines crossed" in line.words


def test_unknown_ground_is_not_drawn_and_said() -> None:
    stations = np.array([0.0, 60.0])
    profile = ground_of_profile(SAY, stations, np.full(2, np.nan), GroundSource.UNKNOWN)
    across = ground_of_section(SAY, mine=(), found=(), sources=(), beside=None)

    assert profile == across == GroundLine((), "ground level unknown")


def test_ground_unknown_between_two_places_is_said_where_the_line_joins_them() -> None:
    stations = np.array([0.0, 100.0, 200.0])

    def words(*levels: float) -> str:
        return ground_of_profile(SAY, stations, np.array(levels), GroundSource.WORK).words

    joined = "ground from the work; unknown on some stretches, only joined there"
    assert words(30.0, np.nan, 31.0) == joined
    assert words(np.nan, 30.0, 31.0) == words(30.0, 30.5, 31.0) == "ground from the work"
