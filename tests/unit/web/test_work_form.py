"""What people type into the form of a new work, and what it means."""

import pytest

from web.forms.work import Faults, WorkForm, document_of, form_of
from web.language import Speaker
from web.pages.works.check import natural_order
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.rules.asked import offered_values
from xzgis.works.terms import WorkDocument

TYPED = WorkForm(
    name="和平路", kind="gas", diameter_mm="300", cover_m="1.2", axis="3793000 517000\n3793010.5 517020"
)


def faults() -> Faults:
    return Faults(Speaker("zh"))


def test_x_is_north_and_y_is_east() -> None:
    document = document_of(TYPED, faults())

    assert document is not None
    assert document.runs[0].axis == ((517000.0, 3793000.0), (517020.0, 3793010.5))


@pytest.mark.parametrize(
    "axis",
    [
        pytest.param("X=3793000, Y=517000\nX=3793010.5, Y=517020", id="letters"),
        pytest.param("３７９３０００，５１７０００\n３７９３０１０．５，５１７０２０", id="full-width"),
        pytest.param("3793000\t517000\r\n\r\n3793010.5\t517020\r\n", id="pasted table"),
        pytest.param("3793000 517000\n3793000 517000\n3793010.5 517020", id="a point twice"),
    ],
)
def test_coordinates_are_read_however_they_are_written(axis: str) -> None:
    document = document_of(WorkForm(axis=axis, cover_m="1"), faults())

    assert document is not None
    assert document.runs[0].axis == ((517000.0, 3793000.0), (517020.0, 3793010.5))


def test_a_third_column_is_the_ground() -> None:
    document = document_of(WorkForm(axis="3793000 517000 31.5\n3793010 517020", cover_m="1"), faults())

    assert document is not None
    assert document.runs[0].ground_m == (31.5, None)


def test_a_line_that_is_no_numbers_is_named() -> None:
    found = faults()

    assert document_of(WorkForm(axis="3793000 517000\n三米 五米"), found) is None
    assert found.found == [("axis", "第 2 行“三米 五米”不全是数字。")]


def test_points_that_are_all_one_place_are_no_line() -> None:
    found = faults()

    assert document_of(WorkForm(axis="3793000 517000\n3793000 517000"), found) is None
    assert [name for name, told in found.found if "2 个点都在同一处" in told] == ["axis"]
    one = faults()
    assert document_of(WorkForm(axis="3793000 517000"), one) is None
    assert one.of("axis") == ""  # a line being drawn


def test_all_faults_are_told_at_once_and_each_names_its_field() -> None:
    found = faults()

    form = WorkForm(diameter_mm="-5", cover_m="abc", axis="3793000 517000\n379x010 517020")
    assert document_of(form, found) is None
    assert sorted(name for name, _ in found.found) == ["axis", "cover_m", "diameter_mm"]
    told = dict(found.summary)
    assert told["diameter_mm"].startswith("公称直径")
    assert told["cover_m"].startswith("覆土")
    assert told["axis"].startswith("坐标")
    assert "须大于 0。" in found.of("diameter_mm")


def test_one_point_is_no_line_and_no_fault() -> None:
    found = faults()

    assert document_of(WorkForm(axis="3793000 517000"), found) is None
    assert found.found == []


def test_nothing_typed_is_made_up() -> None:
    document = document_of(WorkForm(axis=TYPED.axis, cover_m=""), faults())

    assert document is not None
    run = document.runs[0]
    assert (run.depth.cover_m, run.section.diameter_mm, run.pressure_class) == (None, None, None)


def test_a_saved_work_comes_back_as_it_was_typed() -> None:
    document = document_of(TYPED, faults())

    assert document is not None
    again = form_of(document)
    assert again is not None
    assert document_of(again, faults()) == document


def test_pressure_classes_stand_in_their_natural_order() -> None:
    offered = natural_order(offered_values(catalogue(), "pressure_class", "gas"))

    tokens = [value.token for value in offered]
    assert tokens[:4] == ["low", "medium", "medium_B", "medium_A"]
    assert [token for token in tokens if token.startswith("subhigh")] == ["subhigh", "subhigh_B", "subhigh_A"]


def test_levels_of_a_long_run_stay_where_they_are_when_another_field_is_edited() -> None:
    profile = ({"chainage_m": 0.0, "level_m": 30.0}, {"chainage_m": 12_345.678, "level_m": 28.0})
    run = {"kind": "gas", "axis": [[516_900, 3_780_000], [516_900, 3_792_500]], "section": {"diameter_mm": 219.1},
           "depth": {"profile": profile, "profile_of": "crown"}}  # fmt: skip
    work = WorkDocument.model_validate({"runs": [run]})

    form = form_of(work)
    assert form is not None
    again = document_of(form, faults())
    assert again is not None
    (typed,) = again.runs

    assert [point.chainage_m for point in typed.depth.profile] == [0.0, 12_345.678]
    assert typed.section.diameter_mm == 219.1


def test_a_drop_keeps_the_order_of_its_levels() -> None:
    typed = WorkForm(
        kind="gas",
        axis="3793000 517000\n3793100 517000",
        depth="profile",
        profile="0 29\n50 29\n50 27\n100 27",
    )

    document = document_of(typed, faults())

    assert document is not None
    assert [(point.chainage_m, point.level_m) for point in document.runs[0].depth.profile] == [
        (0.0, 29.0), (50.0, 29.0), (50.0, 27.0), (100.0, 27.0)
    ]  # fmt: skip


def test_a_drop_of_the_ground_keeps_both_its_levels() -> None:
    typed = WorkForm(
        axis="3793000 517000 31\n3793050 517000 31\n3793050 517000 29\n3793100 517000 29", cover_m="1"
    )

    document = document_of(typed, faults())

    assert document is not None
    assert document.runs[0].ground_m == (31.0, 31.0, 29.0, 29.0)
    assert document_of(form_of(document), faults()) == document


def test_two_grounds_at_one_place_alone_are_no_line() -> None:
    found = faults()

    assert document_of(WorkForm(axis="3793000 517000 31\n3793000 517000 29"), found) is None
    assert [name for name, _ in found.found] == ["axis"]


@pytest.mark.parametrize(
    ("kind", "profile_of", "is_asked"),
    [("drainage_foul", "", True), ("drainage_foul", "invert", False), ("gas", "", False)],
)
def test_what_the_levels_of_a_sewer_are_of_is_asked_and_not_guessed(
    kind: str, profile_of: str, is_asked: bool
) -> None:
    typed = WorkForm(kind=kind, axis="3793000 517000\n3793100 517000", depth="profile", profile="0 26\n100 25.5",
                     profile_of=profile_of)  # fmt: skip
    found = faults()

    document = document_of(typed, found)

    assert (document is None) is is_asked
    assert [name for name, _ in found.found] == (["profile_of"] if is_asked else [])


def test_a_row_that_begins_with_a_point_number_is_told_as_that() -> None:
    found = faults()

    assert document_of(WorkForm(kind="gas", axis="1 3793000 517000\n2 3793100 517000"), found) is None
    assert [name for name, _ in found.found] == ["axis"]
    assert "“1 3793000 517000”" in found.found[0][1]
    assert "点号" in found.found[0][1]
