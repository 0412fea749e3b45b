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
    assert "文件替换了表单中原有的工程" in notes[0]


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
        "表单中填写的下列内容用于文件中的全部管线，不采用文件自己的值：公称直径、覆土（地面至外顶）。"
    ]


@pytest.mark.parametrize("depth", ["profile", "unknown"])
def test_a_field_that_the_form_hides_says_nothing(shown: list[Read], tmp_path: Path, depth: str) -> None:
    hidden = {"depth": depth, "cover_m": "1.0", "shape": "rectangle", "diameter_mm": "300"}

    form, notes = read(shown, tmp_path, hidden, WATER)

    assert (form.shape, form.diameter_mm, form.depth, form.cover_m) == ("circle", "600", "profile", "")
    assert notes == []


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
