"""Which changes do not fit the shipped rows, now or when their time comes: a newer delivery may clash with them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from xzgis.catalogue.rules.definitions import Finding, Parts
from xzgis.catalogue.rules.overlay import lay
from xzgis.catalogue.rules.soundness import faults_between
from xzgis.catalogue.rules.tables import TABLES
from xzgis.catalogue.terms.changes import Change


@dataclass(frozen=True, slots=True)
class Clash:
    """A change without which a fault would not be."""

    change: Change
    finding: Finding


def moments_of(changes: Iterable[Change], now: datetime) -> tuple[datetime, ...]:
    """``now`` and every later moment at which a change comes into force."""
    return (now, *sorted({one.in_force_from for one in changes if one.in_force_from > now}))


def in_force(changes: Iterable[Change], at: datetime) -> tuple[Change, ...]:
    """Those of ``changes`` that are in force at a moment, in the order in which they came into force."""
    return tuple(change for change in changes if change.in_force_from <= at)


def clashes(parts: Parts, changes: Sequence[Change], now: datetime) -> tuple[Clash, ...]:
    """Every change that makes the tables unsound now or later, each once with its first fault, by number.

    A change is to blame where the fault is gone without it; where no single one is, all of that file are.
    """
    found: dict[int, Clash] = {}
    for at in moments_of(changes, now):
        those = in_force(changes, at)
        for finding in _findings(parts, those):
            for change in _to_blame(parts, those, finding):
                found.setdefault(change.number, Clash(change, finding))
    return tuple(found[number] for number in sorted(found))


def _findings(parts: Parts, changes: Sequence[Change]) -> tuple[Finding, ...]:
    laid, findings, _ = lay(parts, changes)
    return findings or faults_between(laid)


def _to_blame(parts: Parts, changes: Sequence[Change], finding: Finding) -> Sequence[Change]:
    # Where a row stands is left out: without a change the rows behind it move up.
    def still_there(left: Sequence[Change]) -> bool:
        return any(
            (one.file, one.column, one.reason) == (finding.file, finding.column, finding.reason)
            for one in _findings(parts, left)
        )

    guilty = [one for one in changes if not still_there([other for other in changes if other is not one])]
    files = {table.token: table.file for table in TABLES}
    of_file = [
        one
        for one in changes
        if files.get(one.table, f"{one.table.replace('.', '/', 1)}.csv") == finding.file
    ]
    return guilty or of_file or changes
