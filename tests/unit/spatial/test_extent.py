"""The box around many things."""

from shapely import LineString, Point, box

from xzgis.spatial.extent import extent_of


def test_the_box_goes_round_every_group() -> None:
    found = extent_of([Point(1, 2), None], [], [LineString([(3, 0), (5, 1)])])

    assert found is not None
    assert found.equals(box(1, 0, 5, 2))


def test_nothing_has_no_box() -> None:
    assert extent_of([], [None], [LineString()]) is None
