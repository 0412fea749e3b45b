"""Sections on paper: scales, unknown depths, failing pairs."""

import pytest

from web.drawing.scene import DrawingWords, Link, Mark, Scene
from web.drawing.sheet import lay_out, ticks

WORDS = DrawingWords(unknown_depth="埋深不明", level_axis="高程 m", scale="1:{scale} {times}")


def a_mark(
    identity: str = "a",
    *,
    at_m: float = 10.0,
    width_m: float | None = 1.0,
    crown_m: float | None = 30.0,
    bottom_m: float | None = 29.0,
) -> Mark:
    return Mark(id=identity, at_m=at_m, width_m=width_m, crown_m=crown_m, bottom_m=bottom_m, is_round=True,
                colour="#000000", caption="JS DN1000", note="", sentence="")  # fmt: skip


def a_scene(*marks: Mark, links: tuple[Link, ...] = ()) -> Scene:
    return Scene(title="", length_m=20.0, axis_label="", words=WORDS, marks=marks, links=links,
                 ground=((0.0, 31.0), (20.0, 31.0)))  # fmt: skip


def test_a_circle_is_round_at_true_scale() -> None:
    sheet = lay_out(a_scene(a_mark()), true_scale=True)

    assert sheet.exaggeration == pytest.approx(1)
    assert sheet.marks[0].rx == pytest.approx(sheet.marks[0].ry, abs=0.01)


def test_an_exaggerated_circle_is_an_ellipse_of_the_stated_ratio() -> None:
    sheet = lay_out(a_scene(a_mark()), true_scale=False)

    assert sheet.exaggeration > 1
    assert sheet.marks[0].ry / sheet.marks[0].rx == pytest.approx(sheet.exaggeration, rel=0.01)


def test_an_unknown_depth_stands_in_a_band_of_its_own() -> None:
    sheet = lay_out(a_scene(a_mark(), a_mark("b", crown_m=None, bottom_m=None)), true_scale=False)
    known, unknown = sheet.marks

    assert sheet.band_top is not None
    assert unknown.unknown
    assert unknown.y > sheet.band_top > known.y + known.ry


def test_without_unknown_depths_there_is_no_band() -> None:
    assert lay_out(a_scene(a_mark()), true_scale=False).band_top is None


def test_half_known_is_drawn_at_its_known_edge() -> None:
    sheet = lay_out(a_scene(a_mark(), a_mark("b", at_m=5, bottom_m=None)), true_scale=False)
    whole, half = sheet.marks

    assert half.part_known
    assert half.y == pytest.approx(whole.y - whole.ry, abs=0.02)


def test_a_failing_pair_is_joined() -> None:
    pair = Link(from_id="a", to_id="b", text="✕ 0.40 < 1.5 m")

    sheet = lay_out(a_scene(a_mark(), a_mark("b", at_m=12.0), links=(pair,)), true_scale=False)

    (joined,) = sheet.links
    assert (joined.x1, joined.x2) == (sheet.marks[0].x, sheet.marks[1].x)


def test_labels_do_not_lie_on_each_other() -> None:
    sheet = lay_out(a_scene(*(a_mark(str(at), at_m=10 + at / 4) for at in range(4))), true_scale=False)
    places = {(placed.text_x, placed.text_y) for placed in sheet.marks}

    assert len(places) == 4


@pytest.mark.parametrize(("low", "high"), [(0.0, 24.0), (-3.2, 4.1), (12.0, 12.0)])
def test_ticks_are_round_and_inside(low: float, high: float) -> None:
    for tick in ticks(low, high, 10):
        assert low - 1e-6 <= tick <= high + 1e-6
