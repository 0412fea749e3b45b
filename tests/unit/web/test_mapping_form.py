"""The form of a mapping sends back what it showed, where nobody changed it."""

from typing import Any

import pytest

from web.forms.mapping import layer_views, sent_mapping
from web.forms.work import Faults
from web.language import Speaker

FIELDS: dict[str, dict[str, Any]] = {
    "voltage": {"column": "nominal", "unit": "V", "scale": 0.001, "confidence": 1.0},
    "start_level_m": {"column": "@z", "unit": "m", "confidence": 1.0},
    "end_level_m": {"column": "@z", "unit": "m", "confidence": 1.0},
    "diameter_mm": {"column": "dia", "unit": "mm", "confidence": 0.75},
}
MAPPING: dict[str, Any] = {"layers": {"W": {"role": "lines", "kind": "power", "fields": FIELDS}}}
COLUMNS = {"nominal": ["10000"], "dia": ["3"], "dia_uom": ["cm"], "other": ["1"]}
FACTS = {"layers": [{"file": "a.gpkg", "name": "W", "columns": COLUMNS}]}


def shown(say: Speaker) -> dict[str, str]:
    """What a browser sends of the form as it was shown."""
    (view,) = layer_views(FACTS, MAPPING, say)
    sent = {"role:0": "lines", "kind:0": "power"}
    for column in view.columns:
        sent |= {f"f:0:{column.name}": column.field, f"u:0:{column.name}": column.unit}
    return sent


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_was_not_changed_comes_back_as_it_was(language: str) -> None:
    say = Speaker(language)
    faults = Faults(say)

    assert sent_mapping(shown(say), FACTS, MAPPING, faults) == MAPPING
    assert faults.found == []


def test_one_changed_column_leaves_the_others() -> None:
    say = Speaker("zh")
    sent = shown(say) | {"u:0:dia": "cm"}

    fields = sent_mapping(sent, FACTS, MAPPING, Faults(say))["layers"]["W"]["fields"]

    assert fields == FIELDS | {"diameter_mm": {"column": "dia", "unit": "cm"}}


def test_a_unit_told_row_by_row_is_no_field_of_the_form() -> None:
    (view,) = layer_views(FACTS, MAPPING, Speaker("zh"))

    assert {column.name: column.unit_column for column in view.columns} == {
        "nominal": None, "dia": "dia_uom", "dia_uom": None, "other": None, "@z": None,
    }  # fmt: skip
