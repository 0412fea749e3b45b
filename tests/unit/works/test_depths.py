"""Depths that no new line has are refused with their field, value and bound."""

import numpy as np
import pytest

from tests.unit.works.test_placing import a_new_run
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.believed_levels import check_levels, check_own_levels
from xzgis.works.rules.faults import check_sound
from xzgis.works.terms import Depth, GroundAlong, GroundSource, ProfilePoint, Section, WorkDocument

AT = np.array([0.0, 100.0])


def a_work(**facts):
    return WorkDocument(runs=(a_new_run(**facts),))


def a_profile(level, of="crown"):
    return Depth(profile=(ProfilePoint(chainage_m=10, level_m=level),), profile_of=of)


def ground(level=31.0, sigma=0.0):
    return GroundAlong(AT, np.full(2, level), GroundSource.TERRAIN, sigma)


def fault_of(check, *given):
    with pytest.raises(Invalid) as refused:
        check(*given)
    (fault,) = refused.value.faults
    assert fault.remedy is not None
    return fault


@pytest.mark.parametrize(
    ("cover", "facts", "word"),
    [
        pytest.param(120.0, {}, "不超过 20 m", id="centimetres"),
        pytest.param(120.0, {"method": "directional_drilling"}, "不超过 40 m", id="centimetres, bored"),
        pytest.param(20.5, {"method": "open_cut"}, "不超过 20 m", id="deeper than any trench"),
        pytest.param(-3.0, {}, "架空", id="above the ground"),
        pytest.param(1.2, {"method": "overhead"}, "架空", id="overhead in the ground"),
        pytest.param(1.2, {"burial": "overhead"}, "架空", id="overhead burial in the ground"),
        pytest.param(-0.1, {"method": "jacking"}, "架空", id="above the ground, jacked"),
    ],
)
def test_a_cover_that_cannot_be_is_refused(cover, facts, word):
    fault = fault_of(check_sound, a_work(kind="gas", depth=Depth(cover_m=cover), **facts), catalogue())

    assert fault.loc == ("runs", 0, "depth", "cover_m")
    assert word in fault.words.zh
    assert "米" in fault.remedy.zh or "架空" in fault.remedy.zh


def test_a_cover_is_asked_before_the_kind_is_known():
    with pytest.raises(Invalid) as refused:
        check_sound(a_work(kind="what_is_this", depth=Depth(cover_m=120.0)), catalogue())

    assert [fault.loc[2:] for fault in refused.value.faults] == [("kind",), ("depth", "cover_m")]
    with pytest.raises(Invalid, match="不可能"):
        check_sound(a_work(kind="unknown", depth=Depth(cover_m=120.0)), catalogue())


@pytest.mark.parametrize(
    ("cover", "facts"),
    [
        (20.0, {}),
        (40.0, {"method": "directional_drilling"}),
        (0.0, {}),
        (-8.0, {"method": "overhead"}),
        (-0.3, {"burial": "surface"}),
    ],
)
def test_a_cover_that_can_be_is_taken(cover, facts):
    check_sound(a_work(kind="gas", depth=Depth(cover_m=cover), **facts), catalogue())


@pytest.mark.parametrize(
    ("depth", "known", "word"),
    [
        pytest.param(a_profile(1.5), ground(), "埋深", id="a depth typed as a level"),
        pytest.param(a_profile(10.9), ground(), "埋深", id="just too deep"),
        pytest.param(a_profile(300.0), ground(), "架空", id="decimetres"),
        pytest.param(a_profile(31.6), ground(), "架空", id="just above the ground"),
        pytest.param(a_profile(31.2, "bottom"), ground(), "架空", id="its crown above the ground"),
    ],
)
def test_a_level_that_the_ground_denies_is_refused(depth, known, word):
    work = a_work(kind="gas", depth=depth, section=Section(diameter_mm=600, is_outer=True))

    fault = fault_of(check_levels, work, catalogue(), [known])

    assert fault.loc == ("runs", 0, "depth", "profile", 0, "level_m")
    assert word in fault.remedy.zh


@pytest.mark.parametrize(
    ("depth", "known"),
    [
        (a_profile(11.1), ground()),
        (a_profile(10.9), ground(sigma=0.1)),
        (a_profile(10.5, "bottom"), ground()),
        (a_profile(31.4), ground()),
        (a_profile(1.5), None),
        (a_profile(1.5), ground(np.nan)),
    ],
)
def test_a_level_that_may_be_is_taken(depth, known):
    work = a_work(kind="gas", depth=depth, section=Section(diameter_mm=600, is_outer=True))

    check_levels(work, catalogue(), [known])


def test_an_overhead_line_below_the_ground_is_refused():
    work = a_work(kind="telecom", method="overhead", depth=a_profile(29.8))

    assert "架空" in fault_of(check_levels, work, catalogue(), [ground()]).words.zh


def test_the_ground_of_the_document_denies_its_own_levels():
    work = a_work(kind="gas", depth=a_profile(1.5), ground_m=(31.0, 31.0))

    fault = fault_of(check_own_levels, work, catalogue(), axes_of(work, catalogue()))

    assert fault.loc == ("runs", 0, "depth", "profile", 0, "level_m")
    assert all(part in fault.words.zh for part in ("1.5", "31.00", "29.50"))
