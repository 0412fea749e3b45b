"""A drop of the ground at a repeated vertex: both its levels hold there, whichever way the axis is drawn."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.works.test_placing import EAST, NORTH
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.spatial.crs import from_storage
from xzgis.works.rules.axes import axes_of, in_storage
from xzgis.works.rules.believed_levels import check_own_levels
from xzgis.works.rules.faults import check_sound
from xzgis.works.rules.levels import ground_of_work, told_ground
from xzgis.works.rules.placing import place
from xzgis.works.terms import Depth, NewRun, PlacedWork, ProfilePoint, Section, WorkDocument

Vertex = tuple[float, float | None]
COVER = Depth(cover_m=1.2)
STREET: list[Vertex] = [(0, 45.0), (50, 45.0), (50, 40.0), (100, 40.0)]


def a_work(vertices: list[Vertex], depth: Depth = COVER) -> WorkDocument:
    axis = tuple((EAST + at, NORTH) for at, _ in vertices)
    ground = tuple(level for _, level in vertices)
    section = Section(diameter_mm=200, is_outer=True)
    return WorkDocument(runs=(NewRun(kind="gas", axis=axis, ground_m=ground, section=section, depth=depth),))


def laid(work: WorkDocument) -> PlacedWork:
    axes = axes_of(work, catalogue())
    grounds = [told_ground(ground_of_work(work.runs[0], axes.chains[0], axes.kept[0]))]
    return place(work, catalogue(), axes=axes, grounds=grounds)


def levels_at(work: WorkDocument, east: list[float]) -> np.ndarray:
    runs = laid(work).runs
    at = runs.xy_m[:, 0] + runs.origin_m[0] - EAST
    order = np.argsort(at, kind="stable")
    return np.interp(east, at[order], runs.ground_m[order])


def test_both_levels_of_a_drop_hold_at_its_place() -> None:
    runs = laid(a_work(STREET)).runs

    assert levels_at(a_work(STREET), [0, 25, 49.99, 50.01, 75, 100]).tolist() == [45, 45, 45, 40, 40, 40]
    assert set(np.round(runs.crown_m, 9)) == {43.8, 38.8}


@pytest.mark.parametrize(
    "vertices", [[(0, 45.0), (0, 40.0), (60, 40.0)], [(0, 40.0), (60, 40.0), (60, 45.0)]]
)
def test_a_drop_at_an_end_is_kept(vertices: list[Vertex]) -> None:
    ground = laid(a_work(vertices)).runs.ground_m

    assert (ground.min(), ground.max()) == (40.0, 45.0)


def test_an_unknown_level_of_a_repeated_vertex_leaves_its_side_unknown() -> None:
    for vertices in (
        [(0, 45.0), (20, 45.0), (20, None), (40, 40.0)],
        [(0, 45.0), (20, None), (20, 45.0), (40, 40.0)],
    ):
        assert np.isnan(laid(a_work(vertices)).runs.ground_m).any()


metres = st.integers(min_value=-200, max_value=200).map(lambda cm: 40 + cm / 100)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.tuples(metres, st.none() | metres), min_size=2, max_size=6))
def test_the_ground_is_the_same_drawn_from_either_end(told: list[tuple[float, float | None]]) -> None:
    vertices = [
        (10.0 * place, level) for place, pair in enumerate(told) for level in pair if level is not None
    ]
    end = 10.0 * (len(told) - 1)
    east = [at for at in np.arange(0, end, 0.25) if 0.01 < at % 10 < 9.99]

    # A drop is drawn over four millimetres, on whichever side comes second.
    np.testing.assert_allclose(
        levels_at(a_work(vertices), east), levels_at(a_work(vertices[::-1]), east), atol=2e-3
    )
    one, other = (laid(a_work(each)).runs for each in (vertices, vertices[::-1]))
    for column in ("ground_m", "crown_m", "bottom_m"):
        extremes = [(getattr(each, column).min(), getattr(each, column).max()) for each in (one, other)]
        np.testing.assert_allclose(extremes[0], extremes[1], atol=1e-9)
    assert {level for _, level in vertices} <= set(one.ground_m.tolist())


def test_more_levels_than_a_drop_has_are_refused() -> None:
    with pytest.raises(Invalid) as refused:
        check_sound(a_work([(0, 45.0), (50, 45.0), (50, 39.0), (50, 40.0), (60, 40.0)]), catalogue())

    (fault,) = refused.value.faults
    assert fault.loc == ("runs", 0, "ground_m", 2)
    check_sound(a_work([(0, 45.0), (50, 45.0), (50, 42.0), (50, 40.0), (60, 40.0)]), catalogue())


def test_a_profile_beside_a_drop_is_asked_about_the_ground_on_its_side() -> None:
    points = [(0, 43.8), (50, 43.8), (50, 20.5), (100, 20.5)]
    profile = tuple(ProfilePoint(chainage_m=at, level_m=level) for at, level in points)
    work = a_work(STREET, Depth(profile=profile))

    check_own_levels(work, catalogue(), axes_of(work, catalogue()))


def test_another_system_keeps_the_drop() -> None:
    work = a_work(STREET)
    there = from_storage(np.array(work.runs[0].axis), "EPSG:4490")
    run = work.runs[0].model_copy(update={"axis": tuple(map(tuple, there.tolist()))})

    moved = in_storage(WorkDocument(crs="EPSG:4490", runs=(run,)), catalogue())

    assert moved.runs[0].ground_m == work.runs[0].ground_m
    np.testing.assert_allclose(moved.runs[0].axis, work.runs[0].axis, atol=1e-4)
    assert levels_at(moved, [49.99, 50.01]).tolist() == [45, 40]
