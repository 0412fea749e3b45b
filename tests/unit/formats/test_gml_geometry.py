"""Geometry of GML: only straight segments are read, and positions of a dimension nobody declared are not guessed."""

import pytest
from lxml import etree

from xzgis.formats.gml_geometry import WrongGeometry, geometry_of

CENTRE = "<gml:pos>20 0</gml:pos><gml:radius uom='m'>10</gml:radius>"


def holder(inside: str, **attributes: str) -> etree._Element:
    element = etree.fromstring(f'<h xmlns:gml="http://www.opengis.net/gml/3.2">{inside}</h>')
    element.attrib.update(attributes)
    return element


def straight(positions: str) -> str:
    return f"<gml:LineStringSegment><gml:posList>{positions}</gml:posList></gml:LineStringSegment>"


@pytest.mark.parametrize(
    ("name", "inside"),
    [
        ("Arc", "<gml:posList>10 0 20 10 30 0</gml:posList>"),
        ("ArcByCenterPoint", CENTRE),
        ("ArcByBulge", "<gml:posList>10 0 30 0</gml:posList><gml:bulge>10</gml:bulge>"),
        ("ArcStringByBulge", "<gml:posList>10 0 30 0</gml:posList><gml:bulge>10</gml:bulge>"),
        ("CircleByCenterPoint", CENTRE),
        ("Clothoid", "<gml:posList>10 0 30 0</gml:posList>"),
        ("Bezier", "<gml:posList>10 0 20 10 30 0</gml:posList>"),
        ("OffsetCurve", "<gml:distance uom='m'>3</gml:distance>"),
    ],
)
def test_no_curve_is_bridged_by_its_chord(name, inside):
    between = f"<gml:{name}>{inside}</gml:{name}>"
    curve = f"<gml:Curve><gml:segments>{straight('0 0 10 0')}{between}{straight('30 0 40 0')}</gml:segments></gml:Curve>"

    with pytest.raises(WrongGeometry, match=name) as refused:
        geometry_of(holder(curve))

    assert name in refused.value.zh


def test_straight_segments_are_one_line():
    curve = (
        f"<gml:Curve><gml:segments>{straight('0 0 10 0')}{straight('10 0 40 9')}</gml:segments></gml:Curve>"
    )

    line, _ = geometry_of(holder(curve))

    assert list(line.coords) == [(0, 0), (10, 0), (40, 9)]


def test_a_dimension_declared_further_up_counts():
    line, _ = geometry_of(holder(f"<gml:Curve>{straight('0 0 1 10 0 1')}</gml:Curve>", srsDimension="3"))

    assert list(line.coords) == [(0, 0, 1), (10, 0, 1)]


@pytest.mark.parametrize(
    "positions",
    ["0 0 1 10 0 1", "155000 463000 -1.2 155010 463004 -1.3", "155000 463000 1 155010 463004 1 155020 463009 1 155030 463010 1"],
)  # fmt: skip
def test_heights_nobody_declared_are_refused(positions):
    with pytest.raises(WrongGeometry, match="srsDimension"):
        geometry_of(holder(f"<gml:LineString><gml:posList>{positions}</gml:posList></gml:LineString>"))


@pytest.mark.parametrize(
    "positions", ["155000 463000 155010 463004 155020 463009", "0 0 10 0 20 0", "155000 463000 155010 463004"]
)
def test_positions_in_the_plane_need_no_word(positions):
    line, _ = geometry_of(holder(f"<gml:LineString><gml:posList>{positions}</gml:posList></gml:LineString>"))

    assert not line.has_z
    assert len(line.coords) == len(positions.split()) // 2


@pytest.mark.parametrize("positions", ["0 0 1 10 0", "0"])
def test_a_count_that_does_not_fit_is_refused(positions):
    with pytest.raises(WrongGeometry, match="numbers cannot be positions"):
        geometry_of(holder(f"<gml:LineString><gml:posList>{positions}</gml:posList></gml:LineString>"))


def test_a_dimension_that_is_no_number_is_refused():
    list_ = '<gml:posList srsDimension="two">0 0 1 1</gml:posList>'

    with pytest.raises(WrongGeometry, match="no number"):
        geometry_of(holder(f"<gml:LineString>{list_}</gml:LineString>"))


def curve(positions: str) -> str:
    return f"<gml:Curve><gml:segments>{straight(positions)}</gml:segments></gml:Curve>"


def members(*inside: str) -> str:
    return "".join(f"<gml:curveMember>{one}</gml:curveMember>" for one in inside)


ELSEWHERE = '<gml:curveMember xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#c9"/>'
ARC = "<gml:Arc><gml:posList>500 0 505 5 500 0</gml:posList></gml:Arc>"
HOLE = "<gml:interior><gml:LinearRing><gml:posList>501 1 502 1 502 2 501 1</gml:posList></gml:LinearRing></gml:interior>"


def polygon(ring: str, name: str = "Polygon") -> str:
    return f"<gml:{name}><gml:exterior><gml:Ring>{ring}</gml:Ring></gml:exterior>{HOLE}</gml:{name}>"


@pytest.mark.parametrize("name", ["MultiCurve", "CompositeCurve"])
@pytest.mark.parametrize("beside", ["", curve("0 0 10 0")])
def test_a_member_that_stands_elsewhere_is_refused_and_not_left_out(name, beside):
    inside = (members(beside) if beside else "") + ELSEWHERE

    with pytest.raises(WrongGeometry, match="#c9"):
        geometry_of(holder(f"<gml:{name}>{inside}</gml:{name}>"))


@pytest.mark.parametrize("name", ["OrientableCurve", "CompositeCurve"])
def test_a_member_of_another_make_is_refused_by_name(name):
    inside = f"<gml:{name}>{curve('10 0 20 0')}</gml:{name}>"

    with pytest.raises(WrongGeometry, match=name):
        geometry_of(holder(f"<gml:MultiCurve>{members(curve('0 0 10 0'), inside)}</gml:MultiCurve>"))


@pytest.mark.parametrize("surface", [False, True])
def test_a_ring_of_straight_curves_is_the_outline_and_a_hole_stays_one(surface):
    ring = members(curve("500 0 509 0 509 9"), curve("509 9 500 9 500 0"))
    patch = polygon(ring, "PolygonPatch")
    inside = f"<gml:Surface><gml:patches>{patch}</gml:patches></gml:Surface>" if surface else polygon(ring)

    area, _ = geometry_of(holder(inside))

    assert area.area == 81 - 0.5


@pytest.mark.parametrize(
    ("ring", "match"),
    [
        (members(curve("500 0 509 0 509 9"), curve("500 9 500 0")), "do not join"),
        (members(curve("500 0 509 0 509 9")) + ELSEWHERE, "#c9"),
        (members(f"<gml:Curve><gml:segments>{ARC}</gml:segments></gml:Curve>"), "Arc"),
        (members("<gml:OrientableCurve/>"), "OrientableCurve"),
        ("", "no line"),
    ],
    ids=["gap", "elsewhere", "arc", "other make", "empty"],
)  # fmt: skip
def test_a_ring_that_cannot_be_followed_never_leaves_its_hole_for_the_outline(ring, match):
    with pytest.raises(WrongGeometry, match=match):
        geometry_of(holder(polygon(ring)))


def test_patches_are_no_holes_of_the_first():
    patch = polygon(members(curve("500 0 509 0 509 9 500 0")), "PolygonPatch")

    with pytest.raises(WrongGeometry, match="2 patches"):
        geometry_of(holder(f"<gml:Surface><gml:patches>{patch}{patch}</gml:patches></gml:Surface>"))
