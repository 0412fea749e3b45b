"""Files that hold layers of one name, each with columns of its own: every file is understood by itself."""

from typing import Any

import pandas as pd
import pytest

from tests.unit.networks.test_features import a_layer, a_line
from web.forms.mapping import layer_views, sent_mapping
from web.forms.work import Faults
from web.language import Speaker
from xzgis.catalogue.files import catalogue
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Delivery


def a_file(name: str, at_m: float, layer: str = "污水", **columns: object) -> FeatureFile:
    drawn = a_layer(layer, [a_line((at_m, 0), (at_m + 20, 0))], **columns)
    return FeatureFile(name, "GPKG", (drawn,), (), {})


FILES = (
    a_file("东.gpkg", 0.0, **{"管径(cm)": ["60"], "埋深(cm)": [200.0]}),
    a_file("西.gpkg", 100.0, 管径=["500"], 埋深=[3.0]),
)


def delivered(mapping: dict[str, Any] | None = None) -> Delivery:
    known = catalogue()
    chosen = propose_mapping(FILES, known) if mapping is None else mapping_from_json(mapping, known)
    return deliver(FILES, chosen, Placing(), known)


def test_each_file_is_read_by_its_own_columns() -> None:
    lines = delivered().lines

    assert lines["nominal_width_mm"].tolist() == [600.0, 500.0]
    assert lines["start_depth_m"].tolist() == [2.0, 3.0]


def test_layers_that_are_understood_alike_stand_once() -> None:
    files = [a_file("a.gpkg", 0.0, 管径=["500"]), a_file("b.gpkg", 100.0, 管径=["600"])]

    assert list(propose_mapping(files, catalogue()).layers) == ["污水"]


def test_a_saved_mapping_by_the_name_of_the_layer_speaks_of_every_file() -> None:
    told = {"layers": {"污水": {"kind": "drainage_storm"}, "西.gpkg/污水": {"kind": "drainage_foul"}}}

    assert delivered(told).lines["kind"].tolist() == ["drainage_storm", "drainage_foul"]


def test_the_mapping_that_was_used_reads_the_same_again() -> None:
    first = delivered()

    again = delivered(first.facts["mapping"])

    assert sorted(first.facts["mapping"]["layers"]) == ["东.gpkg/污水", "西.gpkg/污水"]
    pd.testing.assert_frame_equal(again.lines, first.lines)


def a_form(mapping: dict[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """What the page knows of a batch, and the form as it is sent back when nobody changed anything."""
    sights = [
        {"file": file.file, "name": "污水", "columns": dict.fromkeys(file.layers[0].frame.columns, ())}
        for file in FILES
    ]
    facts = {"layers": sights, "mapping": mapping}
    views = layer_views(facts, mapping, Speaker("en"))
    sent: dict[str, str] = {}
    for number, view in enumerate(views):
        sent |= {f"role:{number}": view.mapping.get("role", "lines"), f"kind:{number}": view.mapping["kind"]}
        sent |= {f"f:{number}:{one.name}": one.field for one in view.columns}
        sent |= {f"u:{number}:{one.name}": one.unit for one in view.columns}
    return facts, sent


@pytest.mark.parametrize("is_shared", [True, False])
def test_what_is_said_of_one_file_on_the_page_leaves_the_other_alone(*, is_shared: bool) -> None:
    shared = {"layers": {"污水": {"kind": "drainage_foul"}}}
    mapping = shared if is_shared else propose_mapping(FILES, catalogue()).as_json()
    facts, sent = a_form(mapping)
    faults = Faults(Speaker("en"))

    untouched = sent_mapping(sent, facts, mapping, faults)
    edited = sent_mapping(sent | {"kind:1": "drainage_storm"}, facts, mapping, faults)

    assert sorted(untouched["layers"]) == sorted(mapping["layers"])
    assert delivered(edited).lines["kind"].tolist() == ["drainage_foul", "drainage_storm"]
