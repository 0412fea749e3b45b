"""Figures, sections and dates as crews write them."""

from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xzgis.networks.rules.dates import parse_dates
from xzgis.networks.rules.hole_counts import parse_holes
from xzgis.networks.rules.numbers import parse_numbers, parse_voltage_kv
from xzgis.networks.rules.sections import parse_section
from xzgis.networks.terms import Shape

SIZES = st.integers(min_value=31, max_value=20_000)


def a_column(*texts: str | None) -> pd.Series:
    return pd.Series(list(texts), dtype=object)


@given(st.decimals(min_value=-9000, max_value=9_000_000, places=3, allow_nan=False, allow_infinity=False))
def test_a_written_number_is_read_back_in_either_width(number) -> None:
    if float(number) in (-999.0, -999.9, 9999.0, 99999.0):
        return
    text = str(number)
    wide = text.translate(str.maketrans("0123456789.-", "０１２３４５６７８９．－"))

    told = parse_numbers(a_column(text, wide, f" {text} m", f"{text}米"), unit="m")

    assert told.value.tolist() == [float(number)] * 4
    assert not told.bad.any()


@pytest.mark.parametrize("text", ["①", "٣", "1.5²", "1.5①", "½", "③.5", "1٫5", "Ⅱ"])
def test_a_numeral_that_is_no_digit_of_ours_is_no_number(text: str) -> None:
    told = parse_numbers(a_column(text), unit="m")
    total, used, bad = parse_holes(a_column(f"{text}/2", text))

    assert told.bad.all()
    assert np.isnan([told.value[0], *total, *used]).all()
    assert bad.all()
    assert parse_section(f"{text}00") is None


@pytest.mark.parametrize("text", ["", "无", "不详", "/", "—", "-9999", "NULL", "空", None])
def test_ways_to_say_nothing_are_unknown_and_no_error(text: str | None) -> None:
    told = parse_numbers(a_column(text), unit="m")

    assert np.isnan(told.value[0])
    assert not told.bad[0]


@pytest.mark.parametrize("text", ["abc", "1.2.3", "inf", "12,3", "1..5", "五米", "0.8 kV"])
def test_what_is_no_length_is_bad_and_unknown(text: str) -> None:
    told = parse_numbers(a_column(text), unit="m")

    assert told.bad[0]
    assert np.isnan(told.value[0])


@pytest.mark.parametrize(
    ("text", "expected_kv"),
    [
        ("0.38KV", 0.38),
        ("10KV", 10),
        ("380V", 0.38),
        ("0.38", 0.38),
        ("10000", 10),
        ("１０ｋＶ", 10),
        ("110", 110),
        ("10千伏", 10),
    ],
)
def test_voltages_with_and_without_units(text: str, expected_kv: float) -> None:
    assert parse_voltage_kv(a_column(text)).value[0] == pytest.approx(expected_kv)


def test_a_bare_220_may_be_volts_or_kilovolts_and_stays_unknown() -> None:
    told = parse_voltage_kv(a_column("220", "220V", "220kV", "0"))

    assert told.bad.tolist() == [True, False, False, False]
    np.testing.assert_allclose(told.value, [np.nan, 0.22, 220, np.nan])


def test_holes_total_and_used() -> None:
    total, used, bad = parse_holes(a_column("12/6", "4", None, "x"))

    np.testing.assert_allclose(total, [12, 4, np.nan, np.nan])
    np.testing.assert_allclose(used, [6, np.nan, np.nan, np.nan])
    assert bad.tolist() == [False, False, False, True]


@given(SIZES, st.sampled_from(["{}", "DN{}", "φ{}", "Φ{}", "d{}", "{}mm", "Ø{}", "ＤＮ{}"]))
def test_a_diameter_is_read_however_it_is_signed(size: int, form: str) -> None:
    section = parse_section(form.format(size))

    assert section is not None
    assert (section.shape, section.width_mm, section.height_mm) == (Shape.CIRCLE, size, size)


@given(SIZES, SIZES, st.sampled_from("xX×*✕"))
def test_two_figures_are_width_then_height(width: int, height: int, times: str) -> None:
    section = parse_section(f"{width}{times}{height}")

    assert section is not None
    assert (section.shape, section.width_mm, section.height_mm) == (Shape.RECTANGLE, width, height)


@given(st.integers(1, 30), st.integers(1, 30))
def test_rows_and_columns_of_holes_are_no_size(rows: int, columns: int) -> None:
    assert parse_section(f"{rows}X{columns}") is None


@given(st.text(max_size=12))
def test_no_text_makes_the_section_parser_fail_or_invent_a_negative_size(text: str) -> None:
    section = parse_section(text)

    assert section is None or (section.width_mm > 0 and section.height_mm > 0)


@pytest.mark.parametrize("text", ["2×DN300", "219X6", "300X400X500", "DN100-DN150", "大", "25000"])
def test_what_can_be_read_two_ways_is_not_guessed(text: str) -> None:
    assert parse_section(text) is None


def test_a_diameter_sign_with_a_small_second_figure_is_a_diameter_and_its_wall() -> None:
    section = parse_section("D219×6")

    assert section is not None
    assert (section.width_mm, section.says, section.wall_mm) == (219, "walled", 6)


def test_metres_are_turned_into_millimetres() -> None:
    section = parse_section("1.2X0.8m")

    assert section is not None
    assert (section.width_mm, section.height_mm) == (1200, 800)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2022-9-5", date(2022, 9, 5)),
        ("09/01/21 00:00:00", date(2021, 9, 1)),
        ("2005", date(2005, 1, 1)),
        ("200506", date(2005, 6, 1)),
        ("2005年6月", date(2005, 6, 1)),
        ("1900-01-01", None),
        ("2022-13-01", None),
    ],
)
def test_dates(text: str, expected: date | None) -> None:
    assert parse_dates(a_column(text)).value[0] == expected


def test_a_first_figure_above_twelve_makes_the_column_day_first() -> None:
    assert parse_dates(a_column("25/12/21", "09/01/21")).value.tolist() == [
        date(2021, 12, 25),
        date(2021, 1, 9),
    ]


def test_a_day_to_come_is_told_and_unknown() -> None:
    texts = ("2026-11-23", "2026-11-24", "2050-01-01", "2999-01-01", "01/02/45", "2022-13-01")

    told = parse_dates(a_column(*texts), today=date(2026, 11, 22))

    # One day of grace: the clock may be west of the city.
    assert told.to_come.tolist() == [False, True, True, True, True, False]
    assert told.bad.tolist() == [False, False, False, False, False, True]
    assert told.value.tolist() == [date(2026, 11, 23), None, None, None, None, None]


def test_guessed_decades_are_flagged() -> None:
    told = parse_dates(a_column("1990-01-01", "1990-01-02"))

    assert told.guessed.tolist() == [True, False]


@pytest.mark.parametrize("text", ["99999999999999999999999", "1e23", "-1e10"])
def test_what_no_quantity_of_a_survey_can_be_is_no_number(text: str) -> None:
    told = parse_numbers(pd.Series([text, "3793900.10"], dtype=object), unit="m")

    assert told.bad.tolist() == [True, False]
    assert np.isnan(told.value[0])
