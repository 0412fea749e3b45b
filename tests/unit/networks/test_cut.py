"""Cutting runs: where, at what angle, at what level."""

import numpy as np
import pytest

from xzgis.networks.rules.cut import CutRun, hits

EAST, NORTH = 517_000.0, 3_793_000.0
START, END = (EAST, NORTH), (EAST + 20, NORTH)


def a_cut_run(
    *places: tuple[float, float], crown: tuple[float, ...] = (), width_m: float | None = 1.0
) -> CutRun:
    axis = np.array([(EAST + x, NORTH + y) for x, y in places])
    levels = np.array(crown or [30.0] * len(axis))
    return CutRun(
        run_id=1, kind="water", label="J1–J2", size="DN1000", shape="circle", owner=None, life_state="built",
        surveyed_on=None, axis_m=axis, crown_m=levels, bottom_m=levels - 1, ground_m=levels + 1, width_m=width_m,
        height_m=1.0, sigma_plan_m=0.1, sigma_level_m=0.1,
    )  # fmt: skip


def test_the_level_is_interpolated_where_the_cut_passes() -> None:
    (hit,) = hits(START, END, [a_cut_run((5, -2), (5, 6), crown=(30.0, 34.0))])

    assert (hit.offset_m, hit.chainage_m, hit.crown_m, hit.angle_deg) == pytest.approx((5, 2, 31, 90))


def test_a_line_at_30_degrees_is_seen_twice_as_wide() -> None:
    (hit,) = hits(START, END, [a_cut_run((0, -5 * np.tan(np.pi / 6)), (10, 5 * np.tan(np.pi / 6)))])

    assert hit.seen_width_m == pytest.approx(2.0)


def test_an_unknown_end_leaves_the_level_unknown() -> None:
    (hit,) = hits(START, END, [a_cut_run((5, -2), (5, 6), crown=(30.0, np.nan))])

    assert hit.crown_m is None
    assert not hit.depth_known


def test_a_known_vertex_on_the_cut_is_known_although_its_neighbour_is_not() -> None:
    (hit,) = hits(START, END, [a_cut_run((5, 0), (5, 6), crown=(30.0, np.nan))])

    assert hit.crown_m == 30.0


@pytest.mark.parametrize(
    "places",
    [
        pytest.param(((5, 1), (5, 6)), id="beside"),
        pytest.param(((25, -1), (25, 1)), id="beyond the end"),
        pytest.param(((5, 2), (9, 2)), id="parallel"),
    ],
)
def test_a_line_that_does_not_pass_is_no_hit(places: tuple[tuple[float, float], ...]) -> None:
    assert hits(START, END, [a_cut_run(*places)]) == []


def test_a_bend_on_the_cut_counts_once() -> None:
    found = hits(START, END, [a_cut_run((5, -4), (5, 0), (8, 4))])

    assert [hit.offset_m for hit in found] == [5.0]


def test_a_line_that_comes_back_counts_twice_in_order() -> None:
    found = hits(START, END, [a_cut_run((12, -1), (12, 1), (4, 1), (4, -1))])

    assert [hit.offset_m for hit in found] == pytest.approx([4, 12])


def test_a_line_in_the_cut_itself_has_no_width_there() -> None:
    found = hits(START, END, [a_cut_run((2, 0), (8, 0))])

    assert [(hit.offset_m, hit.seen_width_m) for hit in found] == [(5.0, None)]
