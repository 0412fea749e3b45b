"""Where delivered figures are: decided on evidence, asked in doubt, never faked."""

import json
from dataclasses import replace

import numpy as np
import pytest
from pyproj import Transformer

from xzgis.core.errors import Invalid
from xzgis.spatial.crs import Extent, FakedDatum, from_storage, to_storage
from xzgis.spatial.datum_words import forbidden_words, words_of_axis
from xzgis.spatial.placing import PlaceQuestion, place, placed

XUZHOU = Extent(
    lon_min=116.2, lon_max=118.8, lat_min=33.6, lat_max=35.1, east_min_m=442_279, east_max_m=653_746,
    north_min_m=3_732_968, north_max_m=3_871_306, centre_east_m=517_800, centre_north_m=3_793_900,
)  # fmt: skip
NORTH = np.linspace(3_793_880, 3_793_998, 40)
EAST = np.linspace(517_761, 518_001, 40)
EAST_NORTH = np.column_stack([EAST, NORTH])


def test_the_test_point_of_the_coordinate_notes() -> None:
    at = to_storage(np.array([[117.1840, 34.2610]]), "EPSG:4490")

    np.testing.assert_allclose(at, [[516_946.645, 3_792_628.120]], atol=1e-3)


def test_wgs84_and_cgcs2000_are_one_datum() -> None:
    place_ = np.array([[117.1840, 34.2610]])

    np.testing.assert_array_equal(to_storage(place_, "EPSG:4326"), to_storage(place_, "EPSG:4490"))


@pytest.mark.parametrize(
    "source", ["EPSG:4214", "EPSG:2436", "EPSG:4610", "EPSG:2384", "EPSG:2363", "EPSG:4555"]
)
def test_datums_that_proj_would_fake_are_refused(source: str) -> None:
    with pytest.raises(FakedDatum):
        to_storage(EAST_NORTH, source)


_PLANE = "+proj=tmerc +lat_0=0 +lon_0=117 +k=1 +x_0=500000 +y_0=0 +units=m"
# As a file's .prj says it: Krasovsky under a name of its own, or under a false one.
_PRJ = (
    'PROJCS["XZ",GEOGCS["XZ",DATUM["{datum}",SPHEROID["E",{axis},{rf}]{shift}],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],PARAMETER["False_Easting",500000],'
    'PARAMETER["False_Northing",0],PARAMETER["Central_Meridian",117],PARAMETER["Scale_Factor",1],'
    'PARAMETER["Latitude_Of_Origin",0],UNIT["Meter",1]]'
)
_ZEROS = ",TOWGS84[0,0,0,0,0,0,0]"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{_PLANE} +ellps=krass +towgs84=0,0,0,0,0,0,0", id="Krasovsky, zeros"),
        pytest.param(f"{_PLANE} +ellps=krass +towgs84=0,0,0.1", id="Krasovsky, a shift in name only"),
        pytest.param(
            f"{_PLANE} +ellps=krass +towgs84=15.8,-154.4,-82.3", id="Krasovsky, figures from anywhere"
        ),
        pytest.param(
            f"{_PLANE} +ellps=krass +towgs84=15.8,-154.4,-82.3,0,0,0,0", id="Krasovsky, three of seven"
        ),
        pytest.param(f"{_PLANE} +ellps=krass +towgs84=0,0,0,0,0,0.01,0", id="Krasovsky, a turn in name only"),
        pytest.param(f"{_PLANE} +ellps=krass +towgs84=5000,0,0,0,0,1,0", id="Krasovsky, no shift of here"),
        pytest.param(f"{_PLANE} +ellps=krass +nadgrids=@null", id="Krasovsky, null grid"),
        pytest.param(
            f"{_PLANE} +ellps=krass +nadgrids=@not_here.gsb", id="Krasovsky, a grid that may be missing"
        ),
        pytest.param(f"{_PLANE} +ellps=krass +towgs84=0,0,0 +geoidgrids=@null", id="compound"),
        pytest.param(f"{_PLANE} +ellps=krass", id="Krasovsky alone"),
        pytest.param(f"{_PLANE} +a=6378140 +rf=298.257 +towgs84=0,0,0", id="IAG 75, zeros"),
        pytest.param(f"{_PLANE} +ellps=bessel +towgs84=0,0,0", id="another ellipsoid, zeros"),
        pytest.param(f"{_PLANE} +ellps=bessel +nadgrids=@null", id="another ellipsoid, null grid"),
        pytest.param("EPSG:28420", id="Pulkovo 42, made for Russia, with the same meridian"),
        pytest.param(_PRJ.format(datum="D_XZ54", axis=6378245, rf=298.3, shift=_ZEROS), id=".prj, zeros"),
        pytest.param(
            _PRJ.format(datum="D_WGS_1984", axis=6378245, rf=298.3, shift=""), id=".prj, false name"
        ),
        pytest.param(
            _PRJ.format(datum="D_China_2000", axis=6378140, rf=298.257, shift=_ZEROS), id=".prj, false too"
        ),
    ],
)
def test_a_datum_change_that_is_none_is_refused_however_it_is_written(source: str) -> None:
    with pytest.raises(FakedDatum):
        to_storage(EAST_NORTH, source)
    with pytest.raises(FakedDatum):
        place(PlaceQuestion(EAST, NORTH, attached=source, axes_known=True, takes_shift=True), XUZHOU)


# Published by EPSG (Beijing 1954 to WGS 84 (3)), so nobody's secret.
_SEVEN = "31.4,-144.3,-74.8,0,0,0.814,-0.38"


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{_PLANE} +ellps=krass +towgs84={_SEVEN}", id="PROJ"),
        pytest.param(
            _PRJ.format(datum="D_Beijing_1954", axis=6378245, rf=298.3, shift=f",TOWGS84[{_SEVEN}]"),
            id=".prj",
        ),
    ],
)
def test_seven_parameters_of_its_own_are_followed_by_who_counts_their_accuracy(source: str) -> None:
    question = PlaceQuestion(EAST, NORTH, attached=source, axes_known=True)
    with pytest.raises(FakedDatum):
        place(question, XUZHOU)

    decision = place(replace(question, takes_shift=True), XUZHOU)

    # The operation that EPSG publishes under this number, and not the copy of latitude and longitude.
    (moved,) = placed(decision, EAST[:1], NORTH[:1])
    pipeline = (
        "+proj=pipeline +step +inv +proj=tmerc +lon_0=117 +x_0=500000 +ellps=krass +step +proj=push +v_3 +step +proj=cart "
        "+ellps=krass +step +proj=helmert +x=31.4 +y=-144.3 +z=-74.8 +rz=0.814 +s=-0.38 +convention=position_vector "
        "+step +inv +proj=cart +ellps=GRS80 +step +proj=pop +v_3 +step +proj=tmerc +lon_0=117 +x_0=500000 +ellps=GRS80"
    )
    np.testing.assert_allclose(
        moved, Transformer.from_pipeline(pipeline).transform(EAST[0], NORTH[0]), atol=0.01
    )
    assert (decision.sigma_m, "σ = 15 m" in decision.warnings[0].zh) == (15.0, True)
    # The parameters may be secret: nothing that is kept or shown holds them.
    told = json.dumps(decision.as_json(), ensure_ascii=False)
    assert not [
        figure for figure in ("31.4", "144.3", "74.8", "0.814", "towgs84", "TOWGS84") if figure in told
    ]


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(f"{_PLANE} +ellps=GRS80 +towgs84=0,0,0,0,0,0,0", id="GRS 80, zeros"),
        pytest.param(f"{_PLANE} +datum=WGS84", id="WGS 84"),
        pytest.param(
            _PRJ.format(datum="D_China_2000", axis=6378137, rf=298.257222101, shift=_ZEROS),
            id="CGCS2000, zeros",
        ),
        pytest.param(
            _PRJ.format(datum="WGS_1984", axis=6378137, rf=298.257223563, shift=_ZEROS), id="WGS 84, zeros"
        ),
    ],
)
def test_zeros_on_the_ellipsoid_of_the_storage_are_true(source: str) -> None:
    np.testing.assert_allclose(to_storage(EAST_NORTH, source), EAST_NORTH, atol=1e-3)


def test_web_mercator_in_its_old_spelling_is_understood() -> None:
    spelt = "+proj=merc +a=6378137 +b=6378137 +lat_ts=0 +lon_0=0 +x_0=0 +y_0=0 +k=1 +units=m +nadgrids=@null +wktext"

    np.testing.assert_allclose(
        to_storage(from_storage(EAST_NORTH, "EPSG:3857"), spelt), EAST_NORTH, atol=1e-3
    )


@pytest.mark.parametrize("source", ["EPSG:28992", "EPSG:31370", "EPSG:27700", "EPSG:25832", "EPSG:5514"])
def test_a_true_operation_of_another_country_stands(source: str) -> None:
    """Also when the file writes the shift out (TOWGS84), as GDAL did for years."""
    assert np.isfinite(to_storage(from_storage(EAST_NORTH, source), source)).all()


def test_a_shift_that_is_written_beside_a_known_ellipsoid_is_followed() -> None:
    amersfoort = (
        "+proj=sterea +lat_0=52.1561605555556 +lon_0=5.38763888888889 +k=0.9999079 +x_0=155000 +y_0=463000 "
        "+ellps=bessel +towgs84=565.2369,50.0087,465.658,-0.406857,0.350733,-1.87035,4.0812 +units=m"
    )
    at = np.array([[155_000.0, 463_000.0]])

    np.testing.assert_allclose(to_storage(at, amersfoort), to_storage(at, "EPSG:28992"), atol=1.0)


@pytest.mark.parametrize("target", ["EPSG:4527", "EPSG:4490", "EPSG:4326", "EPSG:4547", "EPSG:3857"])
def test_out_and_in_again_is_the_same_place(target: str) -> None:
    np.testing.assert_allclose(to_storage(from_storage(EAST_NORTH, target), target), EAST_NORTH, atol=1e-4)


def test_unknown_coordinates_stay_unknown() -> None:
    moved = to_storage(np.array([[np.nan, 34.0], [117.184, 34.261]]), "EPSG:4490")

    assert np.isnan(moved[0]).all()
    assert np.isfinite(moved[1]).all()


@pytest.mark.parametrize(
    ("first", "second", "system", "swapped"),
    [
        (NORTH, EAST, "EPSG:4548", True),
        (EAST, NORTH, "EPSG:4548", False),
        (NORTH, EAST + 39e6, "EPSG:4527", True),
        (EAST + 39e6, NORTH, "EPSG:4527", False),
        (NORTH, EAST + 20e6, "EPSG:4498", True),
    ],
)
def test_figures_decide_system_and_axis_order(first, second, system: str, swapped: bool) -> None:
    decision = place(PlaceQuestion(first, second), XUZHOU)

    assert (decision.decided, decision.how, decision.swapped_axes) == (system, "ranges", swapped)
    np.testing.assert_allclose(placed(decision, first, second), EAST_NORTH, atol=1e-3)
    assert decision.warnings, "figures cannot tell one datum from another"


@pytest.mark.parametrize("other", ["EPSG:4547", "EPSG:4549", "EPSG:4528"])
def test_figures_of_another_meridian_are_asked(other: str) -> None:
    moved = from_storage(EAST_NORTH, other)

    decision = place(PlaceQuestion(moved[:, 1], moved[:, 0]), XUZHOU)

    assert decision.decided is None
    assert other in decision.candidates
    assert np.isnan(placed(decision, moved[:, 1], moved[:, 0])).all()


def test_another_meridian_is_taken_when_the_user_says_so() -> None:
    moved = from_storage(EAST_NORTH, "EPSG:4547")

    decision = place(PlaceQuestion(moved[:, 1], moved[:, 0], declared="EPSG:4547"), XUZHOU)

    assert (decision.decided, decision.how) == ("EPSG:4547", "given")
    np.testing.assert_allclose(placed(decision, moved[:, 1], moved[:, 0]), EAST_NORTH, atol=1e-4)


def test_a_given_system_that_misses_the_city_is_not_taken_and_the_fitting_one_is_named() -> None:
    decision = place(PlaceQuestion(NORTH, EAST, declared="EPSG:4547"), XUZHOU)

    assert decision.decided is None
    assert "EPSG:4548" in decision.candidates


@pytest.mark.parametrize(("outside", "taken"), [(0, True), (3, True), (5, False), (10, False)])
def test_a_given_system_that_holds_most_of_the_points_is_taken_in_doubt(outside: int, taken: bool) -> None:
    east = EAST[:10] + np.where(np.arange(10) < outside, 900_000.0, 0.0)

    decision = place(PlaceQuestion(NORTH[:10], east, declared="EPSG:4548"), XUZHOU)

    assert decision.decided == ("EPSG:4548" if taken else None)
    told = "".join(one.zh for one in decision.evidence)
    assert ("未采用" in told) is not taken, "taken and not taken in one sentence"
    assert [f"{outside} 点不在本市范围内" in one.zh for one in decision.warnings] == (
        [True] if outside == 3 else []
    )


def test_longitude_and_latitude_warn_of_shifted_web_maps() -> None:
    degrees = from_storage(EAST_NORTH, "EPSG:4490")

    decision = place(PlaceQuestion(degrees[:, 1], degrees[:, 0]), XUZHOU)

    assert (decision.decided, decision.swapped_axes) == ("EPSG:4490", True)
    assert any("GCJ-02" in warning.en for warning in decision.warnings)


@pytest.mark.parametrize(
    "words", ["坐标系：1980西安坐标系", "北京54坐标", "徐州城市坐标系", "坐标来自高德地图", "BD-09"]
)
def test_a_legacy_local_or_shifted_system_named_in_the_files_is_asked(words: str) -> None:
    decision = place(PlaceQuestion(NORTH, EAST, words=words), XUZHOU)

    assert decision.decided is None


def test_a_local_grid_is_asked() -> None:
    assert place(PlaceQuestion(NORTH - 3_790_000, EAST - 500_000), XUZHOU).decided is None


def test_foreign_data_is_refused_without_and_laid_over_the_city_with_displacement() -> None:
    first, second = np.array([121_000.0, 121_100.0]), np.array([487_000.0, 487_000.0])
    plain = place(PlaceQuestion(first, second, declared="EPSG:28992", axes_known=True), XUZHOU)

    moved = place(PlaceQuestion(first, second, declared="EPSG:28992", axes_known=True, displace=True), XUZHOU)
    at = placed(moved, first, second)

    assert plain.decided is None
    assert moved.how == "displaced"
    assert moved.displaced is not None
    assert XUZHOU.holds(at).all()
    assert np.hypot(*(at[1] - at[0])) == pytest.approx(100.0), "lengths stay as delivered"


@pytest.mark.parametrize(
    ("declared", "east", "north"),
    [("EPSG:28992", 121_000.0, 487_000.0), ("EPSG:4258", 4.9, 52.4), ("EPSG:4547", 491_000.0, 2_500_000.0)],
)
@pytest.mark.parametrize("north_first", [True, False])
def test_displaced_tables_stand_upright_in_either_order(
    declared: str, east: float, north: float, north_first: bool
) -> None:
    step = np.array([0.0, 0.001 if abs(east) < 180 else 100.0])
    easts, norths = np.full(2, east), north + step
    pair = (norths, easts) if north_first else (easts, norths)

    moved = place(PlaceQuestion(*pair, declared=declared, displace=True), XUZHOU)
    at = placed(moved, *pair)

    assert moved.swapped_axes is north_first
    assert at[1, 1] - at[0, 1] == pytest.approx(111.2 if east < 180 else 100.0, abs=0.5), "north stays up"
    assert at[1, 0] == pytest.approx(at[0, 0], abs=0.01)


def test_displacement_without_a_system_is_refused() -> None:
    with pytest.raises(Invalid):
        place(PlaceQuestion(NORTH, EAST, displace=True), XUZHOU)


@pytest.mark.parametrize(
    "head", ["X(54)", "X（80）", "X【1980】", "X(西安80)", "X(XA80)", "X(徐州地方)", "X(施工)", "X(西安)"]
)
def test_brackets_of_the_head_of_an_axis_name_a_system(head: str) -> None:
    assert forbidden_words(words_of_axis(head)) is not None


@pytest.mark.parametrize("head", ["X", "X(m)", "X坐标", "X（北）", "X(CGCS2000)", "X(1:500)", "Y(540)"])
def test_other_brackets_of_the_head_of_an_axis_name_none(head: str) -> None:
    assert forbidden_words(words_of_axis(head)) is None


def test_a_figure_of_three_hundred_digits_is_told_in_few() -> None:
    decision = place(PlaceQuestion(np.array([3_792_600.0, 1e300]), np.array([517_000.0, 517_001.0])), XUZHOU)

    assert decision.decided is None
    assert all(len(words.zh) < 200 for words in decision.evidence)
    assert "3792600 – 1e+300" in decision.evidence[0].zh
