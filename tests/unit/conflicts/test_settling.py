"""What one missing fact would settle is said once."""

from types import SimpleNamespace

from tests.unit.conflicts.answers import a_finding, an_answer
from xzgis.conflicts.reports.settling import settled_by
from xzgis.conflicts.reports.table import as_table
from xzgis.conflicts.terms import Also, Finding, Measure, Outcome


def lacking(*missing: str, advisory: bool = False) -> Finding:
    return a_finding(outcome=Outcome.CANNOT_JUDGE, missing=missing, advisory=advisory)


def test_the_fact_that_settles_most_is_told_first_and_mixed_or_single_lacks_are_not() -> None:
    findings = [lacking("a.ground")] * 3 + [lacking("b.depth")] * 2
    findings += [
        lacking("a.surface"),
        lacking("a.ground", "b.size"),
        lacking(),
        lacking("b.depth", advisory=True),
    ]

    told = settled_by(SimpleNamespace(findings=findings))  # type: ignore[arg-type]  # what is read of a result

    assert [said.zh for said in told] == [
        "查明新建管线地面高程，可确定其中 3 项。",
        "查明既有管线埋深，可确定其中 2 项。",
    ]


def test_only_what_cannot_be_judged_for_that_fact_is_settled_by_it() -> None:
    open_too = Also(Measure.HORIZONTAL, Outcome.CANNOT_JUDGE, missing=("b.size",))
    breach = a_finding(also=(open_too,))
    stay = [breach, breach, a_finding(outcome=Outcome.REFER, missing=("b.size",)),
            a_finding(outcome=Outcome.CANNOT_JUDGE, also=(open_too,)),
            a_finding(outcome=Outcome.WITHIN_TOLERANCE, also=(open_too,))]  # fmt: skip
    settled = a_finding(id="c3", outcome=Outcome.CANNOT_JUDGE, missing=("b.size",), also=(open_too,))

    # What a folded part of a breach lacks is to be found out too, but the breach stays one.
    assert (breach.missing, breach.to_find_out) == ((), ("b.size",))
    assert settled_by(an_answer(*stay, settled)) == []
    answer = an_answer(*stay, settled, settled)
    assert [said.zh for said in settled_by(answer)] == [
        "查明既有管线含管壁的实际外径或外廓尺寸，可确定其中 2 项。"
    ]
    assert "可确定其中 2 项" in as_table(answer, {}, "zh")
