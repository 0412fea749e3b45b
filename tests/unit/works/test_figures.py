"""Figures of a work are digits 0–9; a member told twice, and a line both in the air and in the ground, are refused."""

import json

import pytest
from pydantic import ValidationError
from shapely import LineString

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.networks.rules.saved_mapping import options_of_file
from xzgis.works.queries.file import read_work
from xzgis.works.rules.cells import as_figure
from xzgis.works.rules.faults import check_sound
from xzgis.works.rules.position_lists import work_of_positions
from xzgis.works.rules.reading import Shapes, WorkOptions, parsed, work_of_features
from xzgis.works.terms import WorkDocument

LINE = LineString([(516_900, 3_792_600), (517_000, 3_792_600)])
RUN = {"kind": "gas", "axis": [[516_900, 3_792_600], [517_000, 3_792_600]]}


@pytest.mark.parametrize(
    ("value", "figure"),
    [("0.6", 0.6), ("０.９", 0.9), (" -1.5 ", -1.5), (2, 2.0), ("1e2", 100.0), ("0_6", None), ("٣", None), ("①", None),
     (True, None), (False, None), ("nan", None), ("inf", None), ("1e999", None), ("", None), (None, None)],
)  # fmt: skip
def test_only_digits_of_ours_are_figures(value: object, figure: float | None) -> None:
    assert as_figure(value) == figure


@pytest.mark.parametrize("value", ["0_6", True, "1.2m", "٣"])
@pytest.mark.parametrize("field", ["cover_m", "diameter_mm", "sigma_level_m"])
def test_a_property_that_looks_like_a_figure_is_refused_with_its_name(field: str, value: object) -> None:
    layer = Shapes([LINE], [{"kind": "gas", field: value}], "EPSG:4548")
    with pytest.raises(Invalid) as refused:
        work_of_features([layer], WorkOptions(), catalogue().city, name="work.geojson")

    assert all(part in refused.value.words.en for part in ("work.geojson", field, str(value)))


def test_a_list_reads_no_underscore() -> None:
    rows = [(1, ["X", "Y", "管顶高程"]), (2, ["3792600", "516900", "3_1"]), (3, ["3792600", "517000", "31"])]
    with pytest.raises(Invalid, match="3_1"):
        work_of_positions(
            rows, WorkOptions(kind="gas"), catalogue().city, name="list.csv", kinds=catalogue().kinds
        )


@pytest.mark.parametrize(
    "facts",
    [{"depth": {"cover_m": "0_6"}}, {"depth": {"cover_m": True}}, {"section": {"diameter_mm": "200"}},
     {"ground_m": [31, True]}, {"axis": [["516_900", 3_792_600], [517_000, 3_792_600]]}, {"sigma_plan_m": False},
     {"tie_ins": [{"chainage_m": 0, "run_id": True}]}],
)  # fmt: skip
def test_a_number_of_a_document_is_a_number(facts: dict[str, object]) -> None:
    told = {"runs": [RUN | facts]}
    with pytest.raises(ValidationError):
        WorkDocument.model_validate(told)
    with pytest.raises(Invalid):
        parsed(json.dumps(told), source="work")
    assert parsed(json.dumps({"runs": [RUN]}), source="work").runs


def test_a_member_told_twice_is_refused(tmp_path) -> None:
    runs = f'"runs": [{json.dumps(RUN)}]'
    path = tmp_path / "work.json"
    path.write_text(f"{{{runs}, {runs}}}", "utf-8")

    with pytest.raises(Invalid, match="runs") as refused:
        read_work(path, catalogue(), WorkOptions(), limits=(60, 2048))
    assert "work.json" in refused.value.words.en
    twice = json.dumps(RUN)[:-1] + ', "depth": {"cover_m": 1.2}, "depth": {"cover_m": 3}}'
    with pytest.raises(Invalid, match="depth"):
        parsed(f'{{"runs": [{twice}]}}', source="work")
    with pytest.raises(Invalid, match="twice"):
        options_of_file("map.json", b'{"columns": {"A": "code"}, "columns": {}}', catalogue())


@pytest.mark.parametrize(
    ("method", "burial", "is_refused"),
    [("overhead", "direct_buried", True), ("overhead", "pipe_buried", True), ("overhead", "jacked", True),
     ("jacking", "overhead", True), ("directional_drilling", "overhead", True), ("overhead", "overhead", False),
     ("overhead", "riser", False), ("overhead", None, False), ("open_cut", "overhead", False),
     ("jacking", "jacked", False)],
)  # fmt: skip
def test_a_line_hangs_or_lies_in_the_ground(method: str, burial: str | None, is_refused: bool) -> None:
    work = WorkDocument.model_validate({"runs": [RUN | {"method": method, "burial": burial}]}, strict=False)
    if not is_refused:
        check_sound(work, catalogue())
        return
    with pytest.raises(Invalid) as refused:
        check_sound(work, catalogue())
    (fault,) = refused.value.faults
    assert fault.loc == ("runs", 0, "burial")
    assert fault.remedy is not None
    assert method in fault.words.en
    assert str(burial) in fault.words.en
