"""Levels that a check believes: of our own export only those that its own figures do not contradict."""

from dataclasses import replace

import numpy as np
import pytest

from tests.deliveries import a_delivery
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.checks.believed import checked, uncontradicted
from xzgis.networks.rules.own_export import INTAKE
from xzgis.networks.terms import Delivery


def an_export(down_m: float) -> Delivery:
    """The lines as an own export whose first line was moved down along its axis, its told levels left alone."""
    whole = replace(a_delivery(), intake=INTAKE)
    vertices = whole.vertices
    crown, bottom = vertices.crown_m.copy(), vertices.bottom_m.copy()
    first = slice(vertices.offset[0], vertices.offset[1])
    assert np.isfinite(crown[first]).all()
    crown[first] -= down_m
    bottom[first] -= down_m
    return replace(whole, vertices=replace(vertices, crown_m=crown, bottom_m=bottom))


@pytest.mark.parametrize("down_m", [120.0, -6.0])
def test_levels_of_an_own_export_that_its_told_levels_contradict_are_unknown_in_a_check(down_m):
    edited = an_export(down_m)

    believed = uncontradicted(edited, catalogue()).vertices

    end = believed.offset[1]
    assert np.isnan(believed.crown_m[:end]).all()
    assert np.isnan(believed.bottom_m[:end]).all()
    np.testing.assert_array_equal(believed.crown_m[end:], edited.vertices.crown_m[end:])


def test_a_sound_own_export_keeps_its_levels():
    sound = an_export(0.0)

    np.testing.assert_array_equal(uncontradicted(sound, catalogue()).vertices.crown_m, sound.vertices.crown_m)


def test_the_intake_changes_nothing_of_an_own_export():
    edited = an_export(120.0)

    taken, _found = checked(edited, catalogue())

    np.testing.assert_array_equal(taken.vertices.crown_m, edited.vertices.crown_m)


@pytest.mark.parametrize(
    ("burial", "up_m", "code"), [("riser", 9.0, "R57"), ("drilled", 0.0, "R58"), ("riser", 0.0, None)]
)
def test_an_export_of_before_draws_no_slope_that_nobody_laid(burial, up_m, code):
    whole = an_export(0.0)
    lines, vertices = whole.lines.copy(), whole.vertices
    lines.loc[0, ["kind", "burial", "depth_reference"]] = ["gas", burial, "crown"]
    lines.loc[0, ["start_level_m", "end_level_m", "start_depth_m", "end_depth_m"]] = np.nan
    last = vertices.offset[1] - 1
    for each in (vertices.crown_m, vertices.bottom_m):
        each[last] = each[0] + up_m
    export = replace(whole, lines=lines)

    taken, found = checked(export, catalogue())

    for levels in (taken.vertices.crown_m, uncontradicted(export, catalogue()).vertices.crown_m):
        assert np.isnan(levels[: last + 1]).all() == (code is not None)
        np.testing.assert_array_equal(levels[last + 1 :], vertices.crown_m[last + 1 :])
    assert [one.code for one in found if one.code in ("R57", "R58")] == [code] * (code is not None)
