"""Each check of a survey fires on what it is about, stays silent on a sound delivery, and is as severe as the table says."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from tests.deliveries import Spoil, a_delivery, codes_of, set_cell
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.checks import check_delivery
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.terms import IntakeFinding

Frame = pd.DataFrame


def found(spoil: Spoil | None = None, *, strict: bool = False, **how: Any) -> tuple[IntakeFinding, ...]:
    return check_delivery(a_delivery(spoil, **how), catalogue(), strict=strict)


def lost_size(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 0, section_text=None)


def twice(points: Frame, _lines: Frame) -> None:
    set_cell(points, 2, point_no="W1")


def on_each_other(points: Frame, _lines: Frame) -> None:
    set_cell(points, 2, x_raw=points.loc[1, "x_raw"], y_raw=points.loc[1, "y_raw"])


def both_empty(points: Frame, _lines: Frame) -> None:
    set_cell(points, 1, feature=None, appurtenance=None)


def code_nobody_knows(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, code="ZZ", kind=None)


def end_missing(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, to_no="W9", to_point=-1)


def orphan(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, from_no="W1", to_no="W2", from_point=0, to_point=1, section_text="800")


def to_itself(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, to_no="W2", to_point=1)


def reversed_again(_points: Frame, lines: Frame) -> None:
    set_cell(
        lines,
        1,
        from_no="W2",
        to_no="W1",
        from_point=1,
        to_point=0,
        start_depth_m=2.1,
        end_depth_m=2.0,
        flow=-1,
    )


def level_contradicts(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 0, start_level_m=28.5)


def jump_at_point(points: Frame, lines: Frame) -> None:
    set_cell(points, 1, appurtenance=None, feature="bend")
    set_cell(lines, 1, start_depth_m=2.3, end_depth_m=2.4)


def tee_of_two(points: Frame, _lines: Frame) -> None:
    set_cell(points, 1, appurtenance=None, feature="tee")


def size_changes(points: Frame, lines: Frame) -> None:
    set_cell(points, 1, appurtenance=None, feature="bend")
    set_cell(lines, 1, section_text="800", nominal_width_mm=800.0)


def too_deep(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, end_depth_m=45.0)


def too_long(points: Frame, _lines: Frame) -> None:
    set_cell(points, 2, east_m=points.loc[2, "east_m"] + 100.0)


def uphill(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, flow=-1)


def shrinks(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, nominal_width_mm=400.0)


def elsewhere(points: Frame, _lines: Frame) -> None:
    set_cell(points, 2, east_m=900_000.0)


def on_itself(points: Frame, lines: Frame) -> None:
    set_cell(points, 2, east_m=points.loc[0, "east_m"] - 10.0, north_m=points.loc[0, "north_m"] + 0.1)


def too_many_holes(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 0, holes_total=4.0, holes_used=6.0)


def gas_without_class(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 0, kind="gas")


def storm_into_foul(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, kind="drainage_storm")


def shallow_chamber(points: Frame, _lines: Frame) -> None:
    set_cell(points, 1, chamber_depth_m=1.5)


def eleven_hundred_metres_down(_points: Frame, lines: Frame) -> None:
    set_cell(lines, 1, end_depth_m=1195.0, end_level_m=30.0 - 1195.0)


CASES: dict[str, tuple[Spoil, str]] = {
    "S02": (lost_size, "lines"),
    "S04": (twice, "points"),
    "S05": (on_each_other, "points"),
    "S07": (code_nobody_knows, "lines"),
    "S08": (end_missing, "lines"),
    "S09": (orphan, "points"),
    "S10": (to_itself, "lines"),
    "S11": (reversed_again, "lines"),
    "S12": (level_contradicts, "lines"),
    "S13": (jump_at_point, "points"),
    "S14": (tee_of_two, "points"),
    "S15": (size_changes, "points"),
    "S16": (too_deep, "lines"),
    "S17": (too_long, "lines"),
    "S18": (uphill, "lines"),
    "S19": (shrinks, "points"),
    "S20": (elsewhere, "points"),
    "S22": (on_itself, "points"),
    "S23": (too_many_holes, "lines"),
    "S24": (gas_without_class, "lines"),
    "S26": (storm_into_foul, "lines"),
    "S27": (shallow_chamber, "lines"),
    "S28": (eleven_hundred_metres_down, "lines"),
}


def test_a_sound_delivery_has_nothing_but_the_count_of_its_parts() -> None:
    assert [(one.code, one.level) for one in found()] == [("S21", "info")]
    assert [(one.code, one.level) for one in found(strict=True)] == [("S21", "info")]


@pytest.mark.parametrize("code", CASES)
@pytest.mark.parametrize("strict", [False, True], ids=["as delivered", "strict"])
def test_a_check_fires_with_the_severity_of_its_table(code: str, strict: bool) -> None:
    spoil, table = CASES[code]
    rule = catalogue().checks[code]

    told = [one for one in found(spoil, strict=strict) if one.code == code]

    assert told
    assert {one.level for one in told} == {rule.level_strict if strict else rule.level}
    assert {one.table for one in told} == {table}
    assert all(one.row is not None and one.remedy.zh and one.words.en for one in told)


@pytest.mark.parametrize(
    ("table", "cell"),
    [
        ("points", {"ground_m": -9999.0}),
        ("points", {"chamber_depth_m": np.inf}),
        ("lines", {"nominal_width_mm": 200_000.0}),
        ("lines", {"outer_height_mm": -1.0}),
        ("lines", {"voltage_kv": 10_000.0}),
        ("lines", {"start_level_m": np.inf}),
    ],
)
def test_a_figure_that_cannot_be_leaves_its_row_out(table: str, cell: dict[str, float]) -> None:
    def spoil(points: Frame, lines: Frame) -> None:
        set_cell(points if table == "points" else lines, 0, **cell)

    told = [(one.row, one.field, one.table) for one in found(spoil) if one.code == "S28"]

    assert (2, next(iter(cell)), table) in told


def test_a_figure_that_cannot_be_is_named_in_words_and_in_full() -> None:
    def spoil(_points: Frame, lines: Frame) -> None:
        set_cell(lines, 0, start_depth_m=1e8)

    (told,) = [one for one in found(spoil) if one.code == "S28" and one.field == "start_depth_m"]

    assert told.words.zh.startswith("起点埋深为 100000000，不可能")
    assert "_m" not in told.words.zh
    assert "_m" not in told.words.en


def test_a_level_that_is_taken_as_unknown_anyway_is_no_error() -> None:
    def centimetres(_points: Frame, lines: Frame) -> None:
        set_cell(lines, 1, end_depth_m=2200.0)

    codes = {one.code for one in found(centimetres)}

    assert "S16" in codes
    assert "S28" not in codes


def test_every_check_of_the_table_is_tried_here_or_where_it_arises() -> None:
    # S01 and S03 arise while tables are read, S25 beside the register; S06 and S21 have tests of their own.
    assert set(CASES) | {"S01", "S03", "S06", "S21", "S25"} == set(catalogue().checks)


def test_a_point_that_is_neither_feature_nor_appurtenance_is_told() -> None:
    assert [(one.row, one.level) for one in found(both_empty) if one.code == "S06"] == [(3, "warning")]
    assert [one.level for one in found(both_empty, strict=True) if one.code == "S06"] == ["error"]


def test_both_filled_is_a_habit_told_once_and_an_error_when_strict() -> None:
    def both(points: Frame, _lines: Frame) -> None:
        points["feature"] = "straight"

    assert [(one.row, one.level) for one in found(both) if one.code == "S06"] == [(None, "info")]
    assert [one.level for one in found(both, strict=True) if one.code == "S06"] == ["error"] * 3


def test_identity_and_place_are_errors_however_the_delivery_is_judged() -> None:
    def no_number(points: Frame, _lines: Frame) -> None:
        set_cell(points, 0, point_no=None)

    assert [(one.field, one.level) for one in found(no_number) if one.code == "S02"] == [
        ("point_no", "error")
    ]


def test_a_second_line_with_other_facts_is_a_doubt_and_no_error() -> None:
    def cable_beside(_points: Frame, lines: Frame) -> None:
        reversed_again(_points, lines)
        set_cell(lines, 1, section_text="800")

    assert [one.level for one in found(cable_beside) if one.code == "S11"] == ["warning"]


def test_parts_are_counted_kind_by_kind() -> None:
    def cut(_points: Frame, lines: Frame) -> None:
        set_cell(lines, 1, from_point=2, to_point=3)

    told = [one for one in found(cut, points=4) if one.code == "S21"]

    assert [one.value for one in told] == ["污水"]
    assert "2 个" in told[0].words.zh


def test_a_drawing_promises_no_points_and_no_fields() -> None:
    told = codes_of(found(orphan, intake="features"))

    assert not {"S02", "S05", "S06", "S08", "S09", "S10", "S11", "S14", "S15", "S22"} & set(told)


def test_levels_that_contradict_each_other_become_unknown_at_that_end_only() -> None:
    delivery = a_delivery(level_contradicts)

    mended = without_contradicted_levels(delivery, catalogue())

    assert np.isnan(mended.vertices.crown_m).tolist() == [True, False, False, False]
    assert np.isnan(mended.vertices.bottom_m).tolist() == [True, False, False, False]


def test_a_level_within_two_centimetres_agrees() -> None:
    def nearly(_points: Frame, lines: Frame) -> None:
        set_cell(lines, 0, start_level_m=28.02)

    assert "S12" not in codes_of(found(nearly))


def test_a_number_in_two_places_is_an_error_of_both_rows() -> None:
    # Nothing tells which of the two a line means: neither may lend it a place.
    assert [(one.row, one.level) for one in found(twice) if one.code == "S04"] == [(4, "error"), (2, "error")]


def test_points_without_a_code_are_told_apart_by_their_numbers() -> None:
    def codeless(points: Frame, _lines: Frame) -> None:
        points["code"] = None

    assert "S04" not in codes_of(found(codeless))


def test_a_row_repeated_as_it_is_spares_the_first() -> None:
    def repeated(points: Frame, _lines: Frame) -> None:
        points.loc[2] = points.loc[0]
        points.loc[2, "row"] = 4

    assert [one.row for one in found(repeated) if one.code == "S04"] == [4]


def test_lines_on_an_erroneous_point_are_named() -> None:
    told = [one for one in found(elsewhere) if one.code == "S08"]

    assert [(one.row, one.level, one.field, one.value) for one in told] == [(3, "warning", "to_no", "W3")]


def test_a_line_without_length_is_said_to_stay_out() -> None:
    def one_place(points: Frame, _lines: Frame) -> None:
        set_cell(points, 2, east_m=points.loc[1, "east_m"])

    told = [one for one in found(one_place) if one.code == "S17"]

    assert [(one.row, one.field) for one in told] == [(3, "length_m")]
    assert "不入库" in told[0].words.zh
