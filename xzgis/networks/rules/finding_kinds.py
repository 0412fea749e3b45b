"""Which findings of an import are of one kind, and are told once: a table of a thousand rows may have one fault."""

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass

from xzgis.networks.rules.finding_order import told_rank
from xzgis.networks.terms import IntakeFinding

#: How many of one kind are named row by row; the rest is listed when its code is chosen.
NAMED = 20
#: Words with a figure in them, quoted or not: numbers of points, measures, codes of systems. Read by PostgreSQL too.
FIGURES = "“[^”]*[0-9][^”]*”|[!-~]*[0-9][!-~]*"


@dataclass(frozen=True, slots=True)
class Told:
    """The first finding of its kind with its number, how many there are, and at most :data:`NAMED` that follow it."""

    number: int
    finding: IntakeFinding
    count: int = 1
    others: tuple[tuple[int, IntakeFinding], ...] = ()

    @property
    def rows(self) -> tuple[int, ...]:
        """Rows of the table that are named, each once, in their order."""
        named = (self.finding, *(one for _number, one in self.others))
        return tuple(dict.fromkeys(one.row for one in named if one.row is not None))


def kind_of(finding: IntakeFinding) -> Hashable:
    """What findings of one kind share: code, level, table and field, text and value but for figures.

    :func:`xzgis.networks.queries.findings_folded.findings_folded` asks the database the same of a batch.
    """
    value = "" if finding.value is not None and re.search("[0-9]", finding.value) else finding.value
    text = re.sub(FIGURES, "", finding.words.zh)
    return (
        finding.code, finding.level, finding.file, finding.sheet, finding.table, finding.field, value, text
    )  # fmt: skip


def told_once(findings: Iterable[IntakeFinding]) -> tuple[Told, ...]:
    """Findings in the order in which they are told, those of one kind once; their numbers count from 1 as they come."""
    kinds: dict[Hashable, list[tuple[int, IntakeFinding]]] = {}
    for number, one in enumerate(findings, start=1):
        kinds.setdefault(kind_of(one), []).append((number, one))
    told = [Told(*every[0], len(every), tuple(every[1 : NAMED + 1])) for every in kinds.values()]
    return tuple(sorted(told, key=lambda one: told_rank(one.finding)))
