"""Kinds of features in words that nobody knows: named, and understood once somebody says what they mean."""

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line
from xzgis.catalogue.files import catalogue
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.proposed_mapping import propose_mapping


@pytest.mark.parametrize(
    ("given", "kinds", "told"),
    [
        # One word of three that is known does not make the column one of kinds: nothing is guessed, all are named.
        ({}, ["unknown", "unknown", "unknown"], ["瓦斯暗渠", "旧水管", "gas"]),
        ({"瓦斯暗渠": "gas"}, ["gas", "unknown", "gas"], ["旧水管"]),
        ({"瓦斯暗渠": "gas", "旧水管": "water"}, ["gas", "water", "gas"], []),
    ],
)
def test_odd_words_for_a_kind_are_named_until_somebody_says_what_they_are(given, kinds, told):
    lines = [a_line((0, at), (9, at)) for at in (0, 20, 40)]
    file = a_file(a_layer("layer", lines, kind=["瓦斯暗渠", "旧水管", "gas"]), format_="GeoJSON")

    found = deliver([file], propose_mapping([file], catalogue(), code_kinds=given), Placing(), catalogue())

    assert found.lines["kind"].tolist() == kinds
    assert [one.value for one in found.findings if one.code == "R32"] == told


def test_a_layer_named_by_a_kind_says_nothing_of_words_that_nobody_knows():
    lines = [a_line((0, at), (9, at)) for at in (0, 20, 40, 60)]
    file = a_file(a_layer("给水", lines, kind=["瓦斯暗渠", "给水", None, "燃气管"]), format_="GeoJSON")

    found = deliver([file], propose_mapping([file], catalogue()), Placing(), catalogue())

    assert found.lines["kind"].tolist() == ["unknown", "water", "water", "unknown"]
    assert [one.value for one in found.findings if one.code == "R32"] == ["瓦斯暗渠", "燃气管"]


@pytest.mark.parametrize("words", [["给水", "给水管"], ["5101", "5102"], ["JS1", "JS2"]])
def test_words_that_agree_with_the_layers_name_and_numbers_are_of_its_kind(words):
    lines = [a_line((0, at), (9, at)) for at in (0, 20)]
    file = a_file(a_layer("给水", lines, kind=words), format_="GeoJSON")

    found = deliver([file], propose_mapping([file], catalogue()), Placing(), catalogue())

    assert set(found.lines["kind"]) == {"water"}
