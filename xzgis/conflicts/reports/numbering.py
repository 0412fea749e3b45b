"""The one numbering of findings: page, drawings, report, table, CSV and XLSX say the same number."""

from collections.abc import Iterable

from xzgis.conflicts.terms import Finding, Outcome

ORDER = (Outcome.BREACH, Outcome.WITHIN_TOLERANCE, Outcome.CANNOT_JUDGE, Outcome.REFER, Outcome.CLEAR)


def numbered(findings: Iterable[Finding]) -> list[tuple[int, Finding]]:
    """The findings that need an eye, from 1: worst first, then along the work; hints and duties after the rest."""
    open_ones = [one for one in findings if one.advisory or one.outcome is not Outcome.CLEAR]
    open_ones.sort(key=lambda one: (one.advisory, ORDER.index(one.outcome), one.a.id, one.chainage_m, one.id))
    return list(enumerate(open_ones, 1))
