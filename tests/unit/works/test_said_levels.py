"""What the profile of a gravity line is of, in a work document."""

import json

import numpy as np
import pytest

from tests.unit.works.test_reading import LINE
from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.works.queries.file import read_work
from xzgis.works.rules.reading import WorkOptions, parsed
from xzgis.works.rules.said_levels import check_levels_said
from xzgis.works.rules.unsaid import Unsaid

pytestmark = pytest.mark.usefixtures("read_here")


def a_profile(kind, **said):
    depth = {"profile": [{"chainage_m": 0, "level_m": 26.2}, {"chainage_m": 100, "level_m": 26.1}]} | said
    return {"runs": [{"kind": kind, "axis": np.array(LINE.coords).tolist(), "depth": depth}]}


@pytest.mark.parametrize("kind", ["drainage_foul", "drainage_storm", "trench", "unknown"])
def test_a_document_of_a_gravity_line_says_what_its_profile_is_of(tmp_path, kind):
    path = tmp_path / "sewer.json"
    path.write_text(json.dumps(a_profile(kind)), encoding="utf-8")

    with pytest.raises(Unsaid, match=r"sewer\.json 第 1 条管线") as asked:
        read_work(path, catalogue(), WorkOptions(), limits=(60, 2048))
    with pytest.raises(Invalid) as refused:
        check_levels_said(parsed(json.dumps(a_profile(kind)), source="w"), catalogue())

    assert asked.value.asked == "level_of"
    assert [fault.loc for fault in refused.value.faults] == [("runs", 0, "depth", "profile_of")]
    (run,) = read_work(path, catalogue(), WorkOptions(level_of="invert"), limits=(60, 2048)).document.runs
    assert run.depth.profile_of == "invert"


@pytest.mark.parametrize("told", [a_profile("gas"), a_profile("drainage_foul", profile_of="crown")])
def test_a_document_that_says_it_or_has_a_crown_by_its_kind_is_not_asked(told):
    document = parsed(json.dumps(told), source="w")

    check_levels_said(document, catalogue())
    check_levels_said(parsed(json.dumps(document.model_dump(mode="json")), source="kept"), catalogue())
