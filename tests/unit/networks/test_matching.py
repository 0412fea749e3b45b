"""The same line is known again whichever way it was drawn; another one never is."""

import numpy as np
import pytest
import shapely

from xzgis.networks.rules.matching import course_keys, matched, nearly_matched, place_keys

ONE = [(0.0, 0.0), (10.0, 0.0)]
NORTH = [(0.0, 0.0), (4.0, 3.0), (6.0, 3.0), (10.0, 0.0)]


def keys(*lines: list[tuple[float, float]], kind: str = "water"):
    offset = np.cumsum([0, *(len(line) for line in lines)])
    xy = np.array([place for line in lines for place in line])
    return course_keys(np.array([kind] * len(lines), dtype=object), offset, xy)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        pytest.param(ONE, "water", 7, id="as it stands"),
        pytest.param(ONE[::-1], "water", 7, id="drawn the other way"),
        pytest.param([(0.0004, 0.0), (10.0, 0.0)], "water", 7, id="within half a millimetre"),
        pytest.param([(0.002, 0.0), (10.0, 0.0)], "water", 0, id="two millimetres off"),
        pytest.param(ONE, "gas", 0, id="of another kind"),
        pytest.param([(0.0, 0.0), (5.0, 3.0), (10.0, 0.0)], "water", 0, id="by another way"),
        pytest.param(NORTH, "water", 9, id="around by the north"),
        pytest.param(NORTH[::-1], "water", 9, id="and back"),
        pytest.param([(east, -north) for east, north in NORTH], "water", 0, id="around by the south"),
        pytest.param([(0.0, 0.0), (4.0, -3.0), (6.0, 3.0), (10.0, 0.0)], "water", 0, id="zigzag"),
    ],
)
def test_a_line_is_the_same_by_kind_and_course(
    line: list[tuple[float, float]], kind: str, expected: int
) -> None:
    assert matched(keys(line, kind=kind), keys(ONE, NORTH), ids(7, 9)).tolist() == [expected]


def test_two_cables_of_one_course_are_matched_one_by_one() -> None:
    assert matched(keys(ONE, ONE, ONE), keys(ONE, ONE), ids(1, 2)).tolist() == [1, 2, 0]


def test_nothing_matches_an_empty_register() -> None:
    assert matched(keys(ONE), keys(ONE).iloc[:0], ids()).tolist() == [0]


def test_points_are_the_same_by_kind_number_and_place() -> None:
    def places(number: str | None, east_m: float) -> object:
        return place_keys(
            np.array(["water"], dtype=object), np.array([number], dtype=object), np.array([[east_m, 0.0]])
        )

    there = places("J1", 5.0)

    assert matched(places("J1", 5.0), there, ids(3)).tolist() == [3]
    assert matched(places("J2", 5.0), there, ids(3)).tolist() == [0]
    assert matched(places("J1", 5.01), there, ids(3)).tolist() == [0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param([(0.004, 0.003), (9.996, 0.0)], 7, id="rounded to the centimetre"),
        pytest.param([(9.996, 0.0), (0.004, 0.003)], 7, id="and drawn the other way"),
        pytest.param([(0.02, 0.0), (10.0, 0.0)], 0, id="two centimetres off"),
        pytest.param([(0.0, 0.014), (10.0, -0.014)], 7, id="both ends within reach"),
        pytest.param([(-1.0, 0.0), (11.0, 0.0)], 0, id="about the same middle"),
    ],
)
def test_a_rounded_line_is_the_same_within_a_centimetre_and_a_half(
    line: list[tuple[float, float]], expected: int
) -> None:
    here, there = keys(line), keys(ONE)

    assert nearly_matched(here, there, ids(7), matched(here, there, ids(7))).tolist() == [expected]


def test_a_record_is_matched_once_and_by_the_nearest() -> None:
    here, there = keys([(0.01, 0.0), (10.0, 0.0)], [(0.004, 0.0), (10.0, 0.0)]), keys(ONE)

    assert nearly_matched(here, there, ids(7), matched(here, there, ids(7))).tolist() == [0, 7]


def test_what_matches_to_the_millimetre_is_left_to_it() -> None:
    here, there = keys(ONE, [(0.005, 0.0), (10.0, 0.0)]), keys(ONE)

    assert nearly_matched(here, there, ids(7), matched(here, there, ids(7))).tolist() == [7, 0]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param([(0.004, 0.0), (4.0, 3.004), (6.0, 3.0), (10.0, 0.0)], 9, id="rounded"),
        pytest.param([(0.004, 0.0), (4.0, -3.0), (6.0, -3.0), (10.0, 0.0)], 0, id="around by the south"),
        pytest.param([(0.004, 0.0), (6.0, 3.0), (4.0, 3.0), (10.0, 0.0)], 0, id="forth and back"),
    ],
)
def test_a_rounded_line_lies_beside_its_record_all_along(
    line: list[tuple[float, float]], expected: int
) -> None:
    here, there = keys(line), keys(NORTH)
    axes = np.array([shapely.LineString(line)]), np.array([shapely.LineString(NORTH)])

    assert nearly_matched(here, there, ids(9), matched(here, there, ids(9)), axes=axes).tolist() == [expected]
