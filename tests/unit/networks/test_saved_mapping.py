"""A mapping that was kept reads the next delivery of the same crew like the first one."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from xzgis.catalogue.files import catalogue
from xzgis.networks.actions.reading import ReadOptions, read_files
from xzgis.networks.rules.saved_mapping import mapping_document, options_of
from xzgis.networks.terms import Delivery

pytestmark = pytest.mark.usefixtures("read_here")


def delivered(shared_data: Path, folder: Path) -> list[Path]:
    """The excerpt as a crew delivers it that has names of its own for two columns."""
    source = shared_data / "cn_pipe_survey_excerpt"
    lines = source / "管线调查表_utf8bom.csv"
    text = (source / "管点调查表_utf8bom.csv").read_text("utf-8-sig")
    head, rest = text.split("\n", 1)
    (folder / "points.csv").write_text(
        head.replace("EXP_NO", "井号牌").replace("SUR_H", "面标") + "\n" + rest, encoding="utf-8"
    )
    return [folder / "points.csv", lines]


def read(paths: list[Path], options: Mapping[str, Any]) -> Delivery:
    return read_files(paths, options=ReadOptions.from_json(options), catalogue=catalogue())[0]


def test_what_the_page_saves_reads_the_same_again(shared_data: Path, tmp_path: Path) -> None:
    paths = delivered(shared_data, tmp_path)
    said = {"overrides": {"井号牌": "point_no", "面标": "ground_m", "MEMO": ""}, "code_kinds": {"R": "heat"}}
    first = read(paths, said)

    document = mapping_document(said, first.facts, first.intake)
    again = read(paths, options_of(document, catalogue()))

    assert document["columns"]["井号牌"] == "point_no"
    assert document["columns"]["S_POINT"] == "from_point"
    assert document["codes"] == {"R": "heat"}
    assert (len(first.points), len(first.lines)) == (467, 460)
    pd.testing.assert_frame_equal(again.points, first.points)
    pd.testing.assert_frame_equal(again.lines, first.lines)


def test_a_head_that_no_table_has_is_told(shared_data: Path, tmp_path: Path) -> None:
    paths = delivered(shared_data, tmp_path)

    found = read(paths, {"overrides": {"井号牌": "point_no", "面标高": "ground_m"}}).findings

    assert [(one.level, one.field) for one in found if one.code == "R46"] == [("warning", "面标高")]


def test_a_head_of_two_meanings_is_left_to_the_product() -> None:
    facts = {
        "columns": {"a.csv": {"code": "类"}, "b.csv": {"status": "类", "from_point": "起"}},
        "samples": {"a.csv": {"类": []}, "b.csv": {"类": [], "起": []}},
    }

    assert mapping_document({}, facts, "cn_survey") == {
        "intake": "cn_survey",
        "columns": {"起": "from_point"},
    }
