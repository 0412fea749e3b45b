"""What one missing fact would settle is said once."""

from types import SimpleNamespace

from xzgis.conflicts.reports.settling import settled_by


def lacking(*missing: str, advisory: bool = False) -> SimpleNamespace:
    return SimpleNamespace(missing=missing, advisory=advisory)


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
