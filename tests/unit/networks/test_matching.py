"""The same line is known again whichever way it was drawn; another one never is."""

import numpy as np
import pandas as pd
import pytest
import shapely

from xzgis.networks.rules.likeness import Lines, Standing, likened, told_apart
from xzgis.networks.rules.matching import course_keys, matched, nearly_matched, place_keys

ONE = [(0.0, 0.0), (10.0, 0.0)]
NORTH = [(0.0, 0.0), (4.0, 3.0), (6.0, 3.0), (10.0, 0.0)]


def keys(*lines: list[tuple[float, float]], kind: str = "water"):
    offset = np.cumsum([0, *(len(line) for line in lines)])
    xy = np.array([place for line in lines for place in line])
    return course_keys(np.array([kind] * len(lines), dtype=object), offset, xy)


NAN = float("nan")


def lines(
    *courses: list[tuple[float, float]],
    kind: str = "water",
    crown_m: tuple[float, ...] = (),
    bottom_m: tuple[float, ...] = (),
    outer_mm: tuple[float, ...] = (),
    spread_mm: float = 0.0,
    owner: tuple[str | None, ...] = (),
    voltage_kv: tuple[float, ...] = (),
    pressure_class: tuple[str | None, ...] = (),
    life_state: tuple[str | None, ...] = (),
    fall_m: float = 0.0,
) -> Lines:
    """Lines with a sigma of 0.1 m; levels and sizes are unknown where none is given; the last end lies ``fall_m`` lower."""
    count = len(courses)
    crown = np.array(crown_m or [NAN] * count)
    size = np.array(outer_mm or [NAN] * count)
    return Lines(
        keys(*courses, kind=kind),
        np.array([shapely.LineString(course) for course in courses], dtype=object),
        Standing(
            np.column_stack([crown, crown - fall_m]),
            np.repeat(np.array(bottom_m or [NAN] * count)[:, None], 2, axis=1),
            np.full(count, 0.1),
            np.column_stack([size, size]),
            np.full(count, spread_mm),
            pd.DataFrame(
                {
                    "owner": list(owner or [None] * count),
                    "voltage_kv": list(voltage_kv or [NAN] * count),
                    "pressure_class": list(pressure_class or [None] * count),
                    "life_state": list(life_state or ["built"] * count),
                }
            ),
        ),
    )


def found(here: Lines, there: Lines) -> tuple[list[int], list[bool], list[int]]:
    told = likened(here, there, sigma_factor=2.0)
    return told.same.tolist(), told.unlike.tolist(), told.record.tolist()


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


@pytest.mark.parametrize(
    ("line", "kind", "expected"),
    [
        pytest.param(ONE, "water", 0, id="as it stands"),
        pytest.param(ONE[::-1], "water", 0, id="drawn the other way"),
        pytest.param([(0.0004, 0.0), (10.0, 0.0)], "water", 0, id="within half a millimetre"),
        pytest.param([(0.02, 0.0), (10.0, 0.0)], "water", -1, id="two centimetres off"),
        pytest.param(ONE, "gas", -1, id="of another kind"),
        pytest.param([(0.0, 0.0), (5.0, 3.0), (10.0, 0.0)], "water", -1, id="by another way"),
        pytest.param(NORTH, "water", 1, id="around by the north"),
        pytest.param(NORTH[::-1], "water", 1, id="and back"),
        pytest.param([(east, -north) for east, north in NORTH], "water", -1, id="around by the south"),
        pytest.param([(0.0, 0.0), (4.0, -3.0), (6.0, 3.0), (10.0, 0.0)], "water", -1, id="zigzag"),
    ],
)
def test_a_line_is_the_same_by_kind_and_course(
    line: list[tuple[float, float]], kind: str, expected: int
) -> None:
    assert found(lines(line, kind=kind), lines(ONE, NORTH))[0] == [expected]


def test_two_cables_of_one_course_are_matched_one_by_one() -> None:
    assert found(lines(ONE, ONE, ONE), lines(ONE, ONE)) == ([0, 1, -1], [False] * 3, [-1] * 3)


@pytest.mark.parametrize(
    ("here", "there", "expected"),
    [
        pytest.param((28.0,), (29.8, 28.0), ([1], [False], [-1]), id="the nearest in level"),
        pytest.param((28.0, 29.8), (29.8, 28.0), ([1, 0], [False] * 2, [-1] * 2), id="each its own"),
        pytest.param((28.0,), (29.8,), ([-1], [True], [0]), id="certainly another level"),
        pytest.param((29.55,), (29.8,), ([0], [False], [-1]), id="within both deviations"),
        pytest.param((29.8, 28.0), (29.8,), ([0, -1], [False] * 2, [-1] * 2), id="a second one is new"),
        pytest.param((29.8, 27.0), (29.8, 28.0), ([0, -1], [False, True], [-1, 1]), id="one of two"),
        pytest.param((28.0, 27.0), (29.8,), ([-1, -1], [True] * 2, [0, -1]), id="either may be it"),
        pytest.param((NAN,), (29.8,), ([0], [False], [-1]), id="no level to differ by"),
        pytest.param((NAN,), (29.8, 28.0), ([-1], [True], [0]), id="no level and several there"),
        pytest.param((29.8, NAN), (NAN, 29.8), ([1, 0], [False] * 2, [-1] * 2), id="unknown to unknown"),
    ],
)
def test_of_one_course_the_level_tells_which_line_it_is(
    here: tuple[float, ...], there: tuple[float, ...], expected: tuple[list[int], list[bool], list[int]]
) -> None:
    told = found(lines(*[ONE] * len(here), crown_m=here), lines(*[ONE] * len(there), crown_m=there))

    assert told == expected


def test_a_crown_is_no_level_to_compare_a_bottom_with() -> None:
    here, there = lines(ONE, bottom_m=(26.7,)), lines(ONE, crown_m=(28.5,))

    assert found(here, there) == ([-1], [True], [0])
    assert found(here, lines(ONE)) == ([0], [False], [-1])
    apart = told_apart(here.standing, there.standing, sigma_factor=2.0)
    assert [name for name, rows in apart.items() if rows[0]] == ["side"]


@pytest.mark.parametrize(
    ("outer_mm", "spread_mm", "unlike"), [(110, 0, True), (110, 30, False), (150.3, 0, False)]
)
def test_a_size_beyond_its_range_is_another_line(outer_mm: float, spread_mm: float, unlike: bool) -> None:
    here = lines(ONE, crown_m=(28.0,), outer_mm=(outer_mm,), spread_mm=spread_mm)

    assert found(here, lines(ONE, crown_m=(28.0,), outer_mm=(150,), spread_mm=15))[1] == [unlike]


@pytest.mark.parametrize(
    ("mark", "here", "there", "unlike"),
    [
        pytest.param("owner", "徐州联通", "徐州移动", True, id="another owner"),
        pytest.param("owner", " 徐州移动", "徐州移动　", False, id="white space"),
        pytest.param("owner", "徐州", "徐州移动", True, id="a part of its name"),
        pytest.param("owner", "10", "110", True, id="a part of its code"),
        pytest.param("life_state", "disused", "built", True, id="out of use"),
        pytest.param("life_state", "approved", "built", True, id="planned only"),
        pytest.param("life_state", "built", "approved", False, id="built at last"),
        pytest.param("life_state", "built", "disused", False, id="in use"),
        pytest.param("owner", None, "徐州移动", False, id="an owner not told"),
        pytest.param("owner", " ", "徐州移动", False, id="an empty text"),
        pytest.param("voltage_kv", 10.0, 110.0, True, id="another voltage"),
        pytest.param("voltage_kv", 10.0, 10.0, False, id="the same voltage"),
        pytest.param("pressure_class", "medium_A", "low", True, id="another pressure"),
        pytest.param("pressure_class", "high_A", "subhigh_A", True, id="high is not sub-high"),
        pytest.param("pressure_class", "medium", "medium_A", False, id="medium, A or B"),
    ],
)
def test_another_mark_is_another_line(mark: str, here: object, there: object, unlike: bool) -> None:
    told = found(lines(ONE, **{mark: (here,)}), lines(ONE, **{mark: (there,)}))

    assert told == (([-1], [True], [0]) if unlike else ([0], [False], [-1]))


@pytest.mark.parametrize(("off_m", "unlike"), [(0.0, False), (0.09, False), (0.15, True)])
def test_only_at_the_level_of_the_record_a_line_goes_out_of_use_unasked(off_m: float, unlike: bool) -> None:
    here = lines(ONE, crown_m=(29.8 - off_m,), life_state=("disused",))

    assert found(here, lines(ONE, crown_m=(29.8,)))[1] == [unlike]


@pytest.mark.parametrize(("off_m", "unlike"), [(0.4, False), (0.6, True), (1.8, True)])
def test_vague_levels_half_a_metre_apart_are_asked_about(off_m: float, unlike: bool) -> None:
    here, there = lines(ONE, crown_m=(29.8 - off_m,)), lines(ONE, crown_m=(29.8,))
    for one in (here, there):
        one.standing.sigma_m[:] = 0.65

    assert found(here, there)[1] == [unlike]


def test_an_owner_not_told_is_asked_for_beside_a_record_of_nobody() -> None:
    assert found(lines(ONE, owner=(None,)), lines(ONE, ONE, owner=("甲", None)))[1] == [True]


def test_a_line_at_the_level_of_the_record_may_go_out_of_use() -> None:
    here = lines(ONE, crown_m=(29.8,), life_state=("disused",))

    assert found(here, lines(ONE, crown_m=(29.8,))) == ([0], [False], [-1])


@pytest.mark.parametrize(
    ("here", "expected"),
    [
        pytest.param(("乙",), ([1], [False], [-1]), id="told by its owner"),
        pytest.param((None,), ([-1], [True], [0]), id="by nothing"),
        pytest.param(("乙", "甲"), ([1, 0], [False] * 2, [-1] * 2), id="each its own"),
        pytest.param(("丙",), ([-1], [True], [0]), id="a third owner"),
    ],
)
def test_of_two_owners_lines_the_owner_tells_which_it_is(
    here: tuple[str | None, ...], expected: tuple[list[int], list[bool], list[int]]
) -> None:
    assert found(lines(*[ONE] * len(here), owner=here), lines(ONE, ONE, owner=("甲", "乙"))) == expected


def test_a_record_of_the_same_owner_is_taken_before_one_of_nobody() -> None:
    assert found(lines(ONE, owner=("甲",)), lines(ONE, ONE, owner=(None, "甲")))[0] == [1]


@pytest.mark.parametrize("back", [False, True])
def test_a_falling_line_is_known_again_whichever_way_it_is_drawn(back: bool) -> None:
    here = lines(ONE[::-1] if back else ONE, crown_m=(27.0 if back else 28.0,), fall_m=-1.0 if back else 1.0)

    assert found(here, lines(ONE, crown_m=(28.0,), fall_m=1.0)) == ([0], [False], [-1])
    assert found(here, lines(ONE, crown_m=(27.0,), fall_m=-1.0))[1] == [True]


def test_a_line_a_rounding_off_is_known_by_its_level() -> None:
    rounded = [(0.004, 0.0), (10.0, 0.0)]

    assert found(lines(ONE, crown_m=(28.0,)), lines(ONE, rounded, crown_m=(29.8, 28.0)))[0] == [1]


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
        pytest.param([(0.004, 0.003), (9.996, 0.0)], 0, id="rounded to the centimetre"),
        pytest.param([(9.996, 0.0), (0.004, 0.003)], 0, id="and drawn the other way"),
        pytest.param([(0.02, 0.0), (10.0, 0.0)], -1, id="two centimetres off"),
        pytest.param([(0.0, 0.014), (10.0, -0.014)], 0, id="both ends within reach"),
        pytest.param([(-1.0, 0.0), (11.0, 0.0)], -1, id="about the same middle"),
    ],
)
def test_a_rounded_line_is_the_same_within_a_centimetre_and_a_half(
    line: list[tuple[float, float]], expected: int
) -> None:
    assert found(lines(line), lines(ONE))[0] == [expected]


def test_a_record_is_matched_once_and_by_the_nearest() -> None:
    here = lines([(0.01, 0.0), (10.0, 0.0)], [(0.004, 0.0), (10.0, 0.0)])

    assert found(here, lines(ONE))[0] == [-1, 0]


def test_what_matches_to_the_millimetre_is_left_to_it() -> None:
    assert found(lines(ONE, [(0.005, 0.0), (10.0, 0.0)]), lines(ONE))[0] == [0, -1]


def test_a_point_a_rounding_off_is_the_same() -> None:
    here, there = (
        place_keys(
            np.array(["water"], dtype=object), np.array(["J1"], dtype=object), np.array([[east_m, 0.0]])
        )
        for east_m in (5.004, 5.0)
    )

    assert nearly_matched(here, there, ids(3), matched(here, there, ids(3))).tolist() == [3]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param([(0.004, 0.0), (4.0, 3.004), (6.0, 3.0), (10.0, 0.0)], 0, id="rounded"),
        pytest.param([(0.004, 0.0), (4.0, -3.0), (6.0, -3.0), (10.0, 0.0)], -1, id="around by the south"),
        pytest.param([(0.004, 0.0), (6.0, 3.0), (4.0, 3.0), (10.0, 0.0)], -1, id="forth and back"),
    ],
)
def test_a_rounded_line_lies_beside_its_record_all_along(
    line: list[tuple[float, float]], expected: int
) -> None:
    assert found(lines(line), lines(NORTH))[0] == [expected]
