"""Options that no reading can follow are refused at once, each by its name."""

from typing import Any

import pytest

from xzgis.catalogue.files import catalogue
from xzgis.core.errors import Invalid
from xzgis.networks.rules.asked_options import check_options


@pytest.mark.parametrize(
    ("options", "place"),
    [
        ({"crs": "EPSG:0"}, "crs"),
        ({"intake": "nobody"}, "intake"),
        ({"encoding": "klingon"}, "encoding"),
        ({"code_kinds": {"RQ": "lava"}}, "code_kinds"),
        ({"mapping": {"layers": {"a": {"kind": "lava"}}}}, "layers"),
        ({"mapping": {"layers": {"a": {"fields": {"colour": {"column": "c"}}}}}}, "layers"),
    ],
)
def test_a_bad_option_is_named(options: dict[str, Any], place: str) -> None:
    with pytest.raises(Invalid) as refused:
        check_options(options, catalogue())

    assert place in [part for fault in refused.value.faults for part in fault.loc]


def test_every_bad_option_is_told_at_once() -> None:
    with pytest.raises(Invalid) as refused:
        check_options({"crs": "x", "intake": "y", "encoding": "z"}, catalogue())

    assert [fault.loc for fault in refused.value.faults] == [("intake",), ("crs",), ("encoding",)]


@pytest.mark.parametrize(
    "options",
    [{}, {"crs": "EPSG:4547", "intake": "cn_survey", "encoding": "gb18030", "code_kinds": {"RQ": "gas"}}],
)
def test_what_can_be_followed_passes(options: dict[str, Any]) -> None:
    check_options(options, catalogue())
