"""What a form adds to a file that is uploaded from it, and what it must not."""

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from web.forms.parts import parts_of
from web.forms.work import Faults, WorkForm
from web.language import Speaker
from web.pages.works import files

WATER = {
    "kind": "water",
    "axis": [[517800, 3793950], [517830, 3793950]],
    "section": {"diameter_mm": 600},
    "depth": {"profile": [{"chainage_m": 0, "level_m": 25.0}, {"chainage_m": 30, "level_m": 24.5}]},
}
GAS = {
    "kind": "gas",
    "axis": [[517800, 3793900], [517830, 3793900]],
    "section": {"diameter_mm": 110},
    "material": "pe",
    "pressure_class": "medium",
    "depth": {"cover_m": 1.0},
}
Read = tuple[WorkForm, list[str]]


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> list[Read]:
    """The forms and notes that the page was asked to show."""
    pages: list[Read] = []
    monkeypatch.setattr(files, "speaker", lambda _request: Speaker("zh"))
    monkeypatch.setattr(files, "page", lambda _request, form, _sent, *, notes: pages.append((form, notes)))
    return pages


def read(shown: list[Read], tmp_path: Path, fields: dict[str, str], *runs: dict[str, Any]) -> Read:
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"name": "A", "crs": "EPSG:4548", "runs": runs}), encoding="utf-8")
    files._read(None, fields, path, "w")  # type: ignore[arg-type]  # the speaker alone asks it
    return shown[-1]


def test_a_file_uploaded_again_from_its_own_page_reads_the_same(shown: list[Read], tmp_path: Path) -> None:
    first, _ = read(shown, tmp_path, {}, GAS, WATER)
    again, notes = read(shown, tmp_path, dataclasses.asdict(first), GAS, WATER)

    assert again == first
    others = parts_of(again.whole)
    assert others is not None
    water = others.runs[1]
    assert (water.section.diameter_mm, water.material, water.depth.cover_m) == (600, None, None)
    assert [point.level_m for point in water.depth.profile] == [25.0, 24.5]
    assert any("文件替换了表单中原有的工程" in note for note in notes)


@pytest.mark.parametrize(
    "held", [{"work_id": "7"}, {"axis": "3793000 517000"}, {"holes": "深 2\n3793000 517000"}, {"whole": "{}"}]
)
def test_facts_of_a_work_in_the_form_are_not_said_of_the_file(
    shown: list[Read], tmp_path: Path, held: dict[str, str]
) -> None:
    form, _ = read(shown, tmp_path, held | {"diameter_mm": "200", "cover_m": "3", "material": "pe"}, WATER)

    assert (form.diameter_mm, form.cover_m, form.material, form.depth) == ("600", "", "", "profile")


def test_what_was_typed_into_an_empty_form_stands_and_is_told(shown: list[Read], tmp_path: Path) -> None:
    form, notes = read(shown, tmp_path, {"diameter_mm": "200", "cover_m": "1.5"}, WATER)

    assert (form.kind, form.diameter_mm, form.depth, form.cover_m) == ("water", "200", "cover", "1.5")
    assert notes == [
        "w.json 另有自己的管径（mm）、纵断面，未采用：以另行给出的为准。",
        "表单中填写的下列内容用于文件中的全部管线，不采用文件自己的值：公称直径、覆土（地面至外顶）。",
    ]


def test_a_work_document_keeps_its_own_name_and_another_file_is_named_as_the_file(
    shown: list[Read], tmp_path: Path
) -> None:
    assert read(shown, tmp_path, {}, WATER)[0].name == "A"
    assert read(shown, tmp_path, {"name": "typed"}, WATER)[0].name == "typed"
    path = tmp_path / "made harmless.geojson"
    line = {"type": "Feature", "properties": {"kind": "water", "diameter_mm": 100, "cover_m": 1},
            "geometry": {"type": "LineString", "coordinates": [[117.2, 34.26], [117.2003, 34.26]]}}  # fmt: skip
    path.write_text(json.dumps({"type": "FeatureCollection", "features": [line]}), encoding="utf-8")

    files._read(None, {}, path, "和平路?给水")  # type: ignore[arg-type]  # the speaker alone asks it

    assert shown[-1][0].name == "和平路?给水"


@pytest.mark.parametrize("depth", ["profile", "unknown"])
def test_a_field_that_the_form_hides_says_nothing(shown: list[Read], tmp_path: Path, depth: str) -> None:
    hidden = {"depth": depth, "cover_m": "1.0", "shape": "rectangle", "diameter_mm": "300"}

    form, notes = read(shown, tmp_path, hidden, WATER)

    assert (form.shape, form.diameter_mm, form.depth, form.cover_m) == ("circle", "600", "profile", "")
    assert notes == ["文件中的高程按外顶读入。"]


@pytest.mark.parametrize("typed", ["20o", "nan", "inf"])
def test_a_typed_size_that_is_no_number_stops_the_upload_and_names_its_field(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str
) -> None:
    told: list[Faults] = []
    monkeypatch.setattr(files, "page_of", lambda _request, _form, _sent, faults: told.append(faults))
    path = tmp_path / "w.json"
    path.write_text(json.dumps({"name": "A", "crs": "EPSG:4548", "runs": [GAS]}), encoding="utf-8")

    files._read(None, {"diameter_mm": typed}, path, "w")  # type: ignore[arg-type]  # the speaker alone asks it

    assert not shown
    assert typed in told[0].of("diameter_mm")


def read_list(
    shown: list[Read],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, str],
    head: str = "X,Y,H",
) -> tuple[WorkForm, list[str]] | Faults:
    """The form and notes of a list that is uploaded from a form with ``fields``, or the faults of its refusal."""
    told: list[Faults] = []
    monkeypatch.setattr(files, "page_of", lambda _request, _form, _sent, faults: told.append(faults))
    path = tmp_path / "sewer.csv"
    path.write_text(f"{head}\n3793950,517800,26.2\n3793950,517840,26.2", encoding="utf-8")
    files._read(None, fields, path, "sewer")  # type: ignore[arg-type]  # the speaker alone asks it
    return told[-1] if told else shown[-1]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"kind": "gas"},
        {"kind": "drainage_foul", "axis": "3793000 517000"},
        {"kind": "water", "work_id": "7"},
    ],
)
def test_a_form_that_says_no_kind_of_the_file_makes_it_none(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fields: dict[str, str]
) -> None:
    faults = read_list(shown, tmp_path, monkeypatch, fields)

    assert isinstance(faults, Faults)
    assert faults.of("file_kind").startswith(
        "sewer.csv 没有说明新建管线的种类，不能推定：请给出管线类别。请在此项中说明，并再次选择文件。"
    )
    # The form shows a kind all the while: why that is not taken is told with its name.
    shown_kind = {"gas": "燃气", "water": "给水", "drainage_foul": "污水"}[fields.get("kind", "gas")]
    assert f"显示的“{shown_kind}”未经选定，或属于另一工程" in faults.of("file_kind")
    assert not shown


@pytest.mark.parametrize(
    ("fields", "kind", "told"),
    [
        ({"kind": "water"}, "water", "给水"),
        ({"file_kind": "gas"}, "gas", "燃气"),
        ({"kind": "gas", "file_kind": "water"}, "water", "给水"),
    ],
)
def test_a_kind_that_is_said_is_taken_and_told(
    shown: list[Read],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    fields: dict[str, str],
    kind: str,
    told: str,
) -> None:
    form, notes = read_list(shown, tmp_path, monkeypatch, fields)  # type: ignore[misc]  # it is read

    assert form.kind == kind
    assert notes[0] == f"文件中没有写类别的管线，按“{told}”读入。"
    assert any("列“H”没有说明高程所指，已按管外顶高程计" in note for note in notes)


def test_the_form_asks_what_levels_of_a_sewer_are_and_says_how_they_were_read(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = read_list(shown, tmp_path, monkeypatch, {"file_kind": "drainage_foul"})

    assert isinstance(faults, Faults)
    assert "sewer.csv 的列“H”（如 26.2）没有说明" in faults.of("level_of")
    assert faults.summary[0][1].startswith("文件中的高程是：")


@pytest.mark.parametrize(("level_of", "told"), [("invert", "管内底"), ("bottom", "外底"), ("crown", "外顶")])
def test_levels_of_a_sewer_are_what_the_form_says(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, level_of: str, told: str
) -> None:
    fields = {"file_kind": "drainage_foul", "level_of": level_of}

    form, notes = read_list(shown, tmp_path, monkeypatch, fields)  # type: ignore[misc]  # it is read

    assert (form.kind, form.depth, form.profile_of) == ("drainage_foul", "profile", level_of)
    assert f"文件中的高程按{told}读入。" in notes


def test_a_system_that_the_heads_name_is_asked_beside_its_field(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    faults = read_list(shown, tmp_path, monkeypatch, {"file_kind": "gas"}, head="X(54),Y(54),管顶高程")

    assert isinstance(faults, Faults)
    assert "“X(54)”" in faults.of("crs")
    assert not shown


def test_nothing_typed_into_an_empty_form_vanishes_unsaid(
    shown: list[Read], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = {
        "sigma_plan_m": "0.5", "sigma_level_m": "0.2", "method": "jacking", "surface": "carriageway", "is_outer": "1",
        "diameter_mm": "2000", "starts_on": "2026-12-01", "ends_on": "2026-12-31",
    }  # fmt: skip
    unused = {"depth": "profile", "profile": "0 25", "tie_ins": "起点 7"}

    form, notes = read_list(shown, tmp_path, monkeypatch, typed | unused | {"file_kind": "water"})  # type: ignore[misc]  # it is read

    assert {name: getattr(form, name) for name in typed} == typed
    (stands,) = (note for note in notes if "不采用文件自己的值" in note)
    assert all(
        word in stands for word in ("平面误差", "高程误差", "施工方式", "地面类型", "公称直径", "外廓")
    )
    assert "表单中的下列内容不用于文件，请读入后再填：纵断面（里程 高程）、与既有管线相接。" in notes
