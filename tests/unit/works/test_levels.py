"""Levels of a new run along its chainage."""

import numpy as np
import pytest

from xzgis.works.rules.levels import (
    along,
    breakpoints,
    chainages,
    crown_and_bottom,
    simplified,
    without_repeats,
)
from xzgis.works.terms import Depth, GroundAlong, GroundSource, ProfilePoint

CHAIN = np.array([0.0, 10.0, 20.0])


def test_between_two_known_levels_the_profile_is_straight():
    assert along(np.array([5.0]), CHAIN, np.array([30.0, 29.0, 28.0]))[0] == pytest.approx(29.5)


def test_beyond_its_ends_a_profile_says_nothing():
    levels = along(np.array([-0.5, 20.5]), CHAIN, np.array([30.0, 29.0, 28.0]))

    assert np.isnan(levels).all()


def test_a_known_level_beside_an_unknown_one_stays_known_only_in_its_place():
    levels = along(np.array([0.0, 5.0, 10.0, 20.0]), CHAIN, np.array([30.0, np.nan, 28.0]))

    assert levels[0] == 30.0
    assert np.isnan(levels[1])
    assert np.isnan(levels[2])
    assert levels[3] == 28.0


def test_no_profile_at_all_is_unknown():
    assert np.isnan(along(np.array([0.0, 3.0]), np.empty(0), np.empty(0))).all()


def test_breakpoints_keep_every_vertex_and_add_only_what_lies_apart():
    at = breakpoints(CHAIN, np.array([-3.0, 0.0, 4.0, 4.0000001, 10.0005, 25.0]))

    assert at.tolist() == [0.0, 4.0, 10.0, 20.0]


def test_a_repeated_vertex_is_taken_once():
    drawn = np.array([[0.0, 0.0], [0.0, 0.0], [3.0, 4.0], [3.0, 6.0], [3.0, 6.0]])

    axis, chain, kept = without_repeats(drawn)

    assert kept.tolist() == [True, False, True, True, False]
    assert axis.tolist() == [[0.0, 0.0], [3.0, 4.0], [3.0, 6.0]]
    assert chain.tolist() == chainages(axis).tolist() == [0.0, 5.0, 7.0]


def test_an_axis_without_repeats_stays_as_it_is():
    drawn = np.array([[0.0, 0.0], [3.0, 4.0], [0.0, 0.0]])

    axis, chain, kept = without_repeats(drawn)

    assert kept.all()
    assert axis.tolist() == drawn.tolist()
    assert chain.tolist() == [0.0, 5.0, 10.0]


def test_constant_cover_hangs_below_the_ground():
    ground = np.array([31.0, 30.5, np.nan])

    crown, bottom = crown_and_bottom(Depth(cover_m=1.2), CHAIN, ground, 0.3, 0.0)

    assert crown[:2].tolist() == pytest.approx([29.8, 29.3])
    assert bottom[:2].tolist() == pytest.approx([29.5, 29.0])
    assert np.isnan(crown[2])


def test_a_bottom_profile_without_a_height_leaves_the_crown_unknown():
    points = (ProfilePoint(chainage_m=0, level_m=28.0), ProfilePoint(chainage_m=20, level_m=27.0))

    crown, bottom = crown_and_bottom(
        Depth(profile=points, profile_of="bottom"), CHAIN, np.full(3, np.nan), float("nan"), 0.0
    )

    assert bottom.tolist() == pytest.approx([28.0, 27.5, 27.0])
    assert np.isnan(crown).all()


def test_simplified_ground_is_nowhere_farther_off_than_it_may_be():
    at = np.arange(0.0, 200.0, 2.0)
    level = 30.0 + 0.4 * np.sin(at / 17.0)

    few = simplified(GroundAlong(at, level, GroundSource.TERRAIN, 0.1), 0.01)

    assert len(few.chainage_m) < len(at) / 2
    assert np.abs(along(at, few.chainage_m, few.level_m) - level).max() <= 0.01


def test_simplified_ground_never_bridges_an_unknown_place():
    at = np.arange(0.0, 50.0, 5.0)
    level = np.full(10, 30.0)
    level[4] = np.nan

    few = simplified(GroundAlong(at, level, GroundSource.TERRAIN, 0.1), 0.01)

    assert np.isnan(along(np.array([20.0]), few.chainage_m, few.level_m))[0]
