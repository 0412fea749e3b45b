"""Sections on paper: scales, unknown depths, failing pairs."""

from dataclasses import replace
from itertools import combinations

import pytest

from xzgis.conflicts.reports.sections.labels import Box, overlap, text_width
from xzgis.conflicts.reports.sections.scene import DrawingWords, Link, Mark, Scene
from xzgis.conflicts.reports.sections.sheet import Sheet, lay_out, ticks

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


@pytest.mark.parametrize("count", [1, 20, 60, 100])
def test_a_long_title_ends_on_the_sheet(count: int) -> None:
    sheet = lay_out(replace(a_scene(a_mark()), title="横断面" * count), true_scale=False)

    assert sheet.left + text_width(sheet.scene.title, sheet.title_px) <= sheet.width
    assert 0 < sheet.title_px <= 16
    assert count > 1 or sheet.title_px == 16


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


def test_a_level_gap_is_drawn_level_from_wall_to_wall() -> None:
    pair = Link(from_id="a", to_id="b", text="✕ 0.40 < 1.5 m")

    sheet = lay_out(
        a_scene(a_mark(), a_mark("b", at_m=12.0, crown_m=28.0, bottom_m=27.0), links=(pair,)), true_scale=True
    )

    (joined,) = sheet.links
    one, other = sheet.marks
    assert joined.y1 == joined.y2 == one.y
    assert (joined.x1, joined.x2) == (pytest.approx(one.x + one.rx), pytest.approx(other.x - other.rx))
    assert joined.beside == pytest.approx((joined.x2, one.y, joined.x2, other.y))


def test_an_upright_gap_is_drawn_upright_from_bottom_to_crown() -> None:
    pair = Link(from_id="a", to_id="b", text="✕ 0.10 < 0.15 m", along="down")

    sheet = lay_out(
        a_scene(a_mark(), a_mark("b", crown_m=28.0, bottom_m=27.0), links=(pair,)), true_scale=False
    )

    (joined,) = sheet.links
    upper, lower = sheet.marks
    assert joined.x1 == joined.x2
    assert (joined.y1, joined.y2) == (pytest.approx(upper.y + upper.ry), pytest.approx(lower.y - lower.ry))


def test_a_cover_is_drawn_from_the_crown_to_the_ground() -> None:
    cover = Link(from_id="a", to_id="", text="✕ 1.00 < 1.2 m", along="down", to_level_m=31.0)

    sheet = lay_out(a_scene(a_mark(), links=(cover,)), true_scale=True)

    (joined,) = sheet.links
    metre_px = 2 * sheet.marks[0].ry
    assert joined.y1 - joined.y2 == pytest.approx(metre_px, abs=0.05)


def words_of(sheet: Sheet) -> list[Box]:
    """What every word of a sheet covers."""
    boxes = []
    for label, text, size, lines in [
        *((placed.label, placed.mark.caption, 12.0, 2) for placed in sheet.marks),
        *((joined.label, joined.link.text, 13.0, 1) for joined in sheet.links),
    ]:
        if label is not None:
            half = text_width(text, size) / 2
            boxes.append((label.x - half, label.y - 11, label.x + half, label.y - 11 + 15 * lines))
    return boxes


@pytest.mark.parametrize("apart_m", [0.3, 0.7, 2.0])
@pytest.mark.parametrize("crown_m", [30.0, None])
def test_words_lie_neither_on_each_other_nor_on_a_mark(apart_m: float, crown_m: float | None) -> None:
    marks = [
        a_mark(str(at), at_m=8 + at * apart_m, width_m=0.16, crown_m=crown_m and crown_m - at * 0.4,
               bottom_m=crown_m and crown_m - at * 0.4 - 0.16)
        for at in range(5)
    ]  # fmt: skip
    pairs = tuple(Link(from_id="0", to_id=str(at), text=f"✕ 水平净距 0.{at}0 < 1 m") for at in (1, 2, 3))

    sheet = lay_out(a_scene(*marks, links=pairs), true_scale=False)

    words = words_of(sheet)
    assert len(words) == 8
    assert [pair for pair in combinations(words, 2) if overlap(*pair) > 0] == []
    assert [box for box in words for placed in sheet.marks if overlap(box, placed.box) > 0] == []


def test_words_far_from_their_mark_are_led_to_it() -> None:
    marks = [a_mark(str(at), at_m=10 + at * 0.2, width_m=0.16, bottom_m=29.84) for at in range(9)]

    sheet = lay_out(a_scene(*marks), true_scale=False)

    leaders = [placed.label.leader for placed in sheet.marks if placed.label and placed.label.leader]
    assert leaders
    assert all(
        any(leader[2] == pytest.approx(placed.x, abs=0.02) for placed in sheet.marks) for leader in leaders
    )


def test_two_runs_that_meet_in_the_cut_are_named_once() -> None:
    sheet = lay_out(a_scene(a_mark("a"), a_mark("b")), true_scale=False)

    assert [placed.label is None for placed in sheet.marks] == [False, True]


def test_the_band_of_unknown_depth_is_as_tall_as_its_words() -> None:
    crowd = [a_mark(str(at), at_m=10 + at * 0.3, crown_m=None, bottom_m=None) for at in range(8)]

    sheet = lay_out(a_scene(a_mark("k"), *crowd), true_scale=False)

    assert sheet.band_top is not None
    assert max(box[3] for box in words_of(sheet)) <= sheet.band_top + sheet.band_px


@pytest.mark.parametrize(("low", "high"), [(0.0, 24.0), (-3.2, 4.1), (12.0, 12.0)])
def test_ticks_are_round_and_inside(low: float, high: float) -> None:
    for tick in ticks(low, high, 10):
        assert low - 1e-6 <= tick <= high + 1e-6
