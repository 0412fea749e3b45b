"""A stretch shorter than the printed step is one place; a finding without another line is told in words."""

import pytest

from tests.unit.conflicts.answers import a_finding
from web.language import Speaker
from web.render import ENVIRONMENT
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.terms import Measure


def module(language="zh"):
    values = {"t": Speaker(language), "known": catalogue(), "clauses": {}, "missing": {}, "form": None,
              "may": lambda _: True}  # fmt: skip
    return ENVIRONMENT.get_template("works/_finding.html").make_module(values)


@pytest.mark.parametrize(
    ("span", "told"),
    [
        pytest.param((46.74, 46.76), "K0+046.7 一处", id="two centimetres across the printed step"),
        pytest.param((46.765, 46.773), "K0+046.8 一处", id="a sliver"),
        pytest.param((46.74, 46.80), "K0+046.7 – K0+046.8", id="printed apart"),
        pytest.param((0.0, 46.8), "K0+000.0 – K0+046.8", id="a stretch"),
    ],
)
def test_a_sliver_is_no_stretch(span, told):
    assert str(module().stretch(span)).strip() == told


def test_a_finding_without_another_line_names_none():
    one = a_finding(b=None, measure=Measure.COVER, rules=(), gives_way=None, mend=None)

    told = str(ENVIRONMENT.get_template("works/_finding.html").make_module({
        "t": Speaker("zh"), "known": catalogue(), "clauses": {one.id: []}, "missing": {}, "form": {"work_id": ""},
        "may": lambda _: True,
    }).finding(1, one))  # fmt: skip

    assert "与—" not in told
    assert "覆土（与本管线自身有关）" in told
