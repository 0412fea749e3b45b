"""数据来源 of drawn layers: understood as in tables (:mod:`.test_sources`), and told as in tables where it is not."""

import pytest

from tests.unit.networks.test_features import a_file, a_layer, a_line, delivered
from xzgis.catalogue.files import catalogue
from xzgis.networks.terms import Delivery


def read(*sources: str, accuracy: str = "hidden_point") -> Delivery:
    lines = [a_line((20 * at, 0), (20 * at + 20, 0)) for at in range(len(sources))]
    layer = a_layer("燃气", lines, 数据来源=list(sources), accuracy_class=[accuracy] * len(sources))
    return delivered(a_file(layer), catalogue())


@pytest.mark.parametrize(
    ("source", "accuracy"),
    [
        ("设计", "design"), ("design", "design"), ("digitised", "digitised"), ("推测", "assumed"),
        ("assumed", "assumed"), ("探测", "hidden_point"), ("survey", "hidden_point"), ("as_built", "hidden_point"),
    ],
)  # fmt: skip
def test_words_and_tokens_of_a_source_are_known(source: str, accuracy: str) -> None:
    found = read(source)

    assert found.lines["accuracy_class"].tolist() == [accuracy]
    assert "R05" not in {one.code for one in found.findings}


def test_a_source_that_nobody_knows_shows_no_survey() -> None:
    found = read("老图数字化", "老图数字化", "探测")

    assert found.lines["accuracy_class"].tolist() == ["assumed", "assumed", "hidden_point"]
    (told,) = [one for one in found.findings if one.code == "R05"]
    assert (told.level, told.field, told.value, told.row) == ("warning", "数据来源", "老图数字化", 1)


def test_a_source_is_judged_by_and_its_words_are_kept() -> None:
    found = read("设计")

    assert not [one for one in found.findings if one.code == "R02" and "数据来源" in one.words.zh]
    assert "设计" in found.lines["attributes"].iloc[0]
