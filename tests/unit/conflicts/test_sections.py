"""A section is cut where the gap is least, and the gap it draws is the gap of the finding."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tests.runs import GAS, POWER, SEWER, WATER, a_new_run, columns
from tests.verdicts import CATALOGUE
from xzgis.conflicts.reports.sections.ground import GroundLine
from xzgis.conflicts.reports.sections.places import Place, cut_at, place_of
from xzgis.conflicts.reports.sections.scenes import (
    Draughtsman,
    Opened,
    existing_run,
    new_run,
    own_hits,
    section_scene,
)
from xzgis.conflicts.reports.sections.sheet import lay_out
from xzgis.conflicts.reports.sections.speech import Speech
from xzgis.conflicts.reports.sections.spoken import missed, spoken_at, turn_words
from xzgis.conflicts.rules.findings import findings_of
from xzgis.conflicts.rules.judge import judge
from xzgis.conflicts.rules.zone_fold import folded
from xzgis.conflicts.terms import Measure, Outcome
from xzgis.networks.rules.cut import hits
from xzgis.networks.terms import RunFacts

STRAIGHT = [(0, 0), (60, 0)]
BENT = [(0, 0), (30, 0), (60, 20)]
OTHERS = {
    "running towards it": a_new_run([(0, 3.0), (60, 0.5)], WATER),
    "ending beside it": a_new_run([(20, 10), (25, 0.6)], WATER),
    "bending to it": a_new_run([(-10, 5), (17, 0.55), (60, 9)], WATER),
    "at the bend": a_new_run([(36.0, -6.0), (30.5, -0.4), (20, -6.0)], POWER),
    "parallel": a_new_run([(-10, 0.5), (70, 0.5)], WATER),
    "a branch square to it": a_new_run([(25, 0.62), (25, 12)], WATER),
}


def answer(axis: Any, other: Any) -> tuple[Any, Any, list[Any]]:
    new, existing = columns(a_new_run(axis), first_id=-1), columns(other)
    judgement = judge(new, existing, CATALOGUE)
    facts = {1: RunFacts(1, other["facts"].kind, "B1", None, "built", None, None, other["facts"])}
    return new, existing, list(findings_of(judgement, new, existing, facts, label="A"))


def opened(cut: Any, existing: Any, run: Any) -> Opened:
    found = hits(*cut, [existing_run(existing, 0, label="B1")])
    return Opened(cut, found, own_hits(cut, [run]), GroundLine((), ""))


def drawn(new: Any, existing: Any, finding: Any) -> Any:
    """The links of the section at the place of a finding, with the metres they stand for on paper."""
    place = place_of(finding, new=new, existing=existing)
    run = new_run(new, 0, label="A")
    cut = cut_at(run.axis_m, chainage_m=place.chainage_m, reach_m=place.reach_m, turn_deg=place.turn_deg)
    spoken = spoken_at([(1, finding)], place, run=run, new=new, existing=existing)
    scene = section_scene(
        Draughtsman(Speech("zh"), CATALOGUE), opened=opened(cut, existing, run), spoken=spoken, title="",
    )  # fmt: skip
    sheet = lay_out(scene, true_scale=True)
    across = (sheet.right - sheet.left) / scene.length_m
    return place, [
        (each.link, (each.x2 - each.x1) / across, (each.y2 - each.y1) / across) for each in sheet.links
    ]


@pytest.mark.parametrize(
    ("axis", "other"),
    [
        pytest.param(BENT if "bend" in name and "at" in name else STRAIGHT, other, id=name)
        for name, other in OTHERS.items()
    ],
)
def test_the_level_gap_of_the_drawing_is_the_gap_of_the_finding(axis: Any, other: Any) -> None:
    new, existing, findings = answer(axis, other)
    gaps = [one for one in findings if one.measure is Measure.HORIZONTAL and one.outcome is Outcome.BREACH]
    assert gaps

    for finding in gaps:
        place, links = drawn(new, existing, finding)

        ((link, right_m, down_m),) = links
        first, last = finding.chainage_m
        assert first - 1e-3 <= place.chainage_m <= last + 1e-3
        assert link.along == "across"
        assert down_m == 0.0
        assert abs(right_m) == pytest.approx(finding.gap_m, abs=0.005)
        assert f"{finding.gap_m:.2f} < {finding.required_m:g} m" in link.text


def test_the_upright_gap_of_the_drawing_is_the_gap_of_the_finding() -> None:
    new, existing, findings = answer(
        STRAIGHT, a_new_run([(10, -20), (40, 20)], SEWER, crown=28.2, bottom=27.6)
    )
    (finding,) = [one for one in findings if one.measure is Measure.VERTICAL]

    place, ((link, right_m, down_m),) = drawn(new, existing, finding)

    assert place.chainage_m == finding.chainage_m[0]
    assert link.along == "down"
    assert right_m == pytest.approx(0.0, abs=1e-3)
    assert abs(down_m) == pytest.approx(finding.gap_m, abs=0.005)


def test_the_least_cover_is_where_the_ground_is_lowest() -> None:
    new, existing = (
        columns(a_new_run([(0, 0), (20, 0), (60, 0)], ground=[30, 28.9, 30]), first_id=-1),
        columns(WATER_FAR),
    )
    judgement = judge(new, existing, CATALOGUE)
    finding = next(
        one for one in findings_of(judgement, new, existing, {}, label="A") if one.measure is Measure.COVER
    )

    assert place_of(finding, new=new, existing=existing).chainage_m == pytest.approx(20.0)


WATER_FAR = a_new_run([(0, 500), (60, 500)], WATER)


def test_away_from_its_least_place_a_section_says_what_is_measured_there() -> None:
    new, existing, findings = answer(STRAIGHT, OTHERS["running towards it"])
    finding = next(one for one in findings if one.measure is Measure.HORIZONTAL)
    run = new_run(new, 0, label="A")
    place = place_of(finding, new=new, existing=existing)
    earlier = type(place)(finding.chainage_m[0] + 1.0)
    cut = cut_at(run.axis_m, chainage_m=earlier.chainage_m, reach_m=5.0, turn_deg=0.0)

    scene = section_scene(
        Draughtsman(Speech("zh"), CATALOGUE), opened=opened(cut, existing, run), title="",
        spoken=spoken_at([(1, finding)], earlier, run=run, new=new, existing=existing),
    )  # fmt: skip

    (link,) = scene.links
    assert "此处" in link.text
    assert f"最小 {finding.gap_m:.2f} m" in link.text


@pytest.mark.parametrize("chainage_m", [0.0, 60.0])
def test_a_cut_at_an_end_of_the_line_lies_inside_it(chainage_m):
    axis_m = np.array([[517_000.0, 3_793_000.0], [517_048.0, 3_793_036.0]])

    (x1, y1), (x2, y2) = cut_at(axis_m, chainage_m=chainage_m, reach_m=5.0, turn_deg=0.0)

    along_m = float(np.hypot((x1 + x2) / 2 - axis_m[0, 0], (y1 + y2) / 2 - axis_m[0, 1]))
    assert 0.001 < along_m < 59.999


@pytest.mark.parametrize(
    ("drawn_m", "note"), [(30.0, "顶深 1.80 m"), (30.4, "图中地面下 2.20 m"), (None, "顶深 1.80 m")]
)
def test_a_depth_beside_the_drawing_is_the_one_drawn(drawn_m: float | None, note: str) -> None:
    run = existing_run(
        columns(a_new_run([(30, -20), (30, 20)], SEWER, ground=[30, 30], crown=28.2)), 0, label="B1"
    )
    east, north = run.axis_m.mean(axis=0)
    (hit,) = hits((east - 9.0, north), (east + 9.0, north), [run])

    mark = Draughtsman(Speech("zh"), CATALOGUE).mark("s0", hit.offset_m, hit, drawn_m=drawn_m)

    assert mark.note == note


def test_the_ground_drawn_is_read_between_its_points_alone() -> None:
    ground = GroundLine(((0.0, 30.0), (10.0, 31.0)), "")

    assert (ground.at(5.0), ground.at(10.1), GroundLine((), "").at(0.0)) == (30.5, None, None)


def test_a_section_speaks_of_the_zone_that_it_lies_in_and_draws_no_gap_of_it() -> None:
    trunk = replace(GAS, pressure_class="high_A")
    far, near = a_new_run([(0, 20.0), (25, 20.0)], trunk), a_new_run([(40, 9.0), (60, 9.0)], trunk)
    new, existing = columns(a_new_run([(0, 0), (400, 0)]), first_id=-1), columns(far, near)
    judgement = judge(new, existing, CATALOGUE)
    facts = {at: RunFacts(at, "gas", f"B{at}", None, "built", None, None, trunk) for at in (1, 2)}
    (zone,) = (
        one for one in folded(findings_of(judgement, new, existing, facts, label="A"))
        if one.measure is Measure.ZONE
    )  # fmt: skip
    run = new_run(new, 0, label="A")

    def at(chainage_m: float) -> list[Any]:
        return spoken_at([(3, zone)], Place(chainage_m), run=run, new=new, existing=existing)

    assert [(one.number, one.finding.id, one.finding.b.label) for one in [*at(5.0), *at(50.0)]] == [
        (3, zone.id, "B2"), (3, zone.id, "B2"),
    ]  # fmt: skip
    assert at(zone.chainage_m[1] - 0.01)
    assert not at(zone.chainage_m[1] + 0.01)
    cut = cut_at(run.axis_m, chainage_m=50.0, reach_m=12.0, turn_deg=0.0)
    scene = section_scene(
        Draughtsman(Speech("zh"), CATALOGUE), opened=opened(cut, existing, run), spoken=at(50.0), title=""
    )
    assert scene.links == ()
    assert missed([], at(50.0)) == []


def test_a_turned_section_says_why_it_is_turned() -> None:
    def said(axis: Any, other: Any, measure: Measure, turn_deg: float | None = None) -> str:
        new, existing, findings = answer(axis, other)
        finding = next(one for one in findings if one.measure is measure)
        place = place_of(finding, new=new, existing=existing)
        asked = place if turn_deg is None else replace(place, turn_deg=turn_deg)
        run = new_run(new, 0, label="A")
        spoken = spoken_at([(1, finding)], asked, run=run, new=new, existing=existing)
        words = turn_words(asked.turn_deg, spoken)
        return "" if words is None else words.zh

    sewer = a_new_run([(10, -20), (40, 20)], SEWER, crown=28.2, bottom=27.6)
    assert "逆时针转 27°：取两条线夹角的平分方向" in said(STRAIGHT, sewer, Measure.VERTICAL)
    assert "使剖面通过两条线最近的两点" in said(STRAIGHT, OTHERS["at the bend"], Measure.HORIZONTAL) + said(
        BENT, OTHERS["at the bend"], Measure.HORIZONTAL
    )
    assert "顺时针转 30°（不是任何一项的净距方向）" in said(STRAIGHT, sewer, Measure.VERTICAL, -30.0)
    assert said(STRAIGHT, OTHERS["parallel"], Measure.HORIZONTAL) == ""
