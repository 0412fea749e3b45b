"""Clauses in own words: what the row of the table says, and how sure its figure is."""

import re

import pytest

from web.clauses import clauses_of
from web.language import Speaker
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.terms import AskedRule


def asked(
    rule_id: str, *, table: str = "4.1.9", decides: bool = True, confidence: str = "verified"
) -> AskedRule:
    return AskedRule(rule_id=rule_id, standard="GB 50289-2016", table=table, clearance_m=1.0,
                     confidence=confidence, decides=decides)  # fmt: skip


def test_a_clearance_says_kinds_conditions_and_figure() -> None:
    (clause,) = clauses_of(Speaker("zh"), catalogue(), [asked("H132")])

    assert clause.title == "GB 50289-2016 表 4.1.9"
    assert "燃气" in clause.says
    assert "中压" in clause.says
    assert "通信" in clause.says
    assert "1 m" in clause.says
    assert clause.source


def test_the_deciding_rule_stands_first_and_memory_is_told() -> None:
    rules = [asked("H132", decides=False), asked("H001", confidence="memory")]

    first, second = clauses_of(Speaker("zh"), catalogue(), rules)

    assert (first.number, first.is_checked) == ("H001", False)
    assert (second.decides, second.is_checked) == (False, True)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_row_of_every_table_can_be_read(language: str) -> None:
    known = catalogue()
    say = Speaker("en" if language == "en" else "zh")
    rules = [*known.horizontal, *known.vertical, *known.cover, *known.order]

    told = clauses_of(say, known, [asked(rule.rule_id) for rule in rules])

    assert len(told) == len(rules)
    # No token of the files is left: they are all written with an underscore or stand in the catalogue.
    assert [clause.says for clause in told if "_" in clause.says] == []
    if language == "en":
        assert [clause.says for clause in told if re.search(r"[\u3000-\uffef]", clause.says)] == []


def test_a_rule_of_our_own_is_not_said_again_in_the_other_language() -> None:
    own = AskedRule(rule_id="P001", standard="", table="", clearance_m=0.0, confidence="verified", decides=True,
                    note="两物不得占用同一空间")  # fmt: skip

    (clause,) = clauses_of(Speaker("en"), catalogue(), [own])

    assert clause.says
    assert clause.note == ""
