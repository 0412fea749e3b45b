"""Verdicts of the kernel with the facts people act on: who owns what, in which state, from which survey."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xzgis.conflicts.rules.clear_figures import ClearFigure
from xzgis.conflicts.terms import Finding, Judgement, Measure, Outcome, Party, Verdict
from xzgis.core.words import Words
from xzgis.networks.terms import RunColumns, RunFacts

NEW = "new"
EXCAVATION = "excavation"


def run_name(number: int) -> str:
    """What a new run is called in findings: its place in the work, from 1."""
    return f"new:{number + 1}"


def run_names(runs: RunColumns) -> list[str]:
    """:func:`run_name` of all ``runs``."""
    return [run_name(number) for number in range(len(runs.run_id))]


def hole_name(number: int) -> str:
    """What an excavation is called in findings: its place in the work, from 1."""
    return f"hole:{number + 1}"


def named_runs(judgement: Judgement, existing: RunColumns, *, with_clear: bool) -> list[int]:
    """Identities of the existing runs that findings name, ascending; of clear pairs only when asked."""
    places = {verdict.b for verdict in judgement.verdicts if verdict.b is not None and not verdict.b_is_new}
    if with_clear:
        places |= {b for _, _, b in judgement.clear if b >= 0}
    return sorted({int(existing.run_id[place]) for place in places})


def findings_of(
    judgement: Judgement,
    new: RunColumns,
    existing: RunColumns,
    facts: Mapping[int, RunFacts],
    *,
    label: str,
    holes: int = 1,
) -> tuple[Finding, ...]:
    """The verdicts of ``judgement`` as findings, in its order; ``label`` names the work, which digs ``holes`` places."""
    parties = _Parties(new, existing, facts, label, holes)
    return tuple(_finding(verdict, parties) for verdict in judgement.verdicts)


def clear_findings(
    judgement: Judgement,
    new: RunColumns,
    existing: RunColumns,
    facts: Mapping[int, RunFacts],
    figures: Sequence[ClearFigure],
    *,
    label: str,
) -> tuple[Finding, ...]:
    """The clear pairs of ``judgement`` as findings of outcome clear, with their ``figures``; the place is the whole run."""
    parties = _Parties(new, existing, facts, label)
    seen: Counter[tuple[Measure, int, int]] = Counter()
    found = []
    for key, figure in zip(judgement.clear, figures, strict=True):
        seen[key] += 1  # two lines may cross, and be clear, at two places
        found.append(_clear(key, parties, new, figure, nth=seen[key]))
    return tuple(found)


def _clear(
    key: tuple[Measure, int, int], parties: "_Parties", new: RunColumns, figure: ClearFigure, *, nth: int
) -> Finding:
    measure, a, b = key
    first, last = int(new.offset[a]), int(new.offset[a + 1])
    xy = new.xy_m[first:last] + new.origin_m
    length = float(np.hypot(*np.diff(new.xy_m[first:last], axis=0).T).sum())
    one, other = parties.new(a), parties.beside(b)
    if b < -1:  # a run of the same work
        other = parties.new(-2 - b)
    name = f"clear|{measure.value}|{one.id}|{other.id if other is not None else ''}" + f"|{nth}" * (nth > 1)
    digest = hashlib.sha256(name.encode()).hexdigest()[:16]
    return Finding(
        id=digest, outcome=Outcome.CLEAR, measure=measure, a=one, b=other, chainage_m=(0.0, length),
        geometry=geometry_of([(float(x), float(y)) for x, y in xy.round(3)]), angle_deg=None,
        gap_m=figure.gap_m, gap_range_m=None, required_m=figure.required_m, required_range_m=None, shortfall_m=None,
        sigma_m=None, probability=None, rules=figure.rules, missing=(), gives_way=None, mend=None, words=Words("满足", "clear"),
    )  # fmt: skip


DISPLACED_MARK = "【外地测试数据 displaced test data】"
"""Part of the name, so that no table, page, file or drawing of a finding can leave it out."""


class _Parties:
    """The objects that findings name, each made once."""

    def __init__(
        self, new: RunColumns, existing: RunColumns, facts: Mapping[int, RunFacts], label: str, holes: int = 1
    ) -> None:
        self._new, self._existing, self._facts, self._label = new, existing, facts, label
        self._holes = holes
        self._known: dict[tuple[str, int], Party] = {}

    def new(self, number: int) -> Party:
        """New run ``number``."""
        return self._kept(
            NEW,
            number,
            lambda: Party(
                id=run_name(number),
                kind=_kind(self._new, number),
                owner=None,
                state=NEW,
                label=self._numbered(number, len(self._new.run_id)),
            ),
        )

    def _numbered(self, number: int, of: int) -> str:
        """The name of the work; with the place of the part where it has several, which kind and size may not tell apart."""
        return f"{self._label} #{number + 1}" if of > 1 and self._label else self._label

    def hole(self, number: int) -> Party:
        """Excavation ``number``."""
        return self._kept(
            EXCAVATION,
            number,
            lambda: Party(
                id=hole_name(number),
                kind=EXCAVATION,
                owner=None,
                state=NEW,
                label=self._numbered(number, self._holes),
            ),
        )

    def existing(self, number: int) -> Party:
        """Existing run ``number`` of the columns."""
        return self._kept("existing", number, lambda: self._of_register(number))

    def beside(self, number: int) -> Party | None:
        """The other side of a clear pair: a run of the register, none (-1), or run ``-2 - number`` of the work."""
        if number >= 0:
            return self.existing(number)
        return None if number == -1 else self.new(-2 - number)

    def _of_register(self, number: int) -> Party:
        identity = int(self._existing.run_id[number])
        fact = self._facts[identity]
        return Party(
            id=str(identity),
            kind=fact.kind,
            owner=fact.owner,
            state=fact.state,
            label=fact.label + (DISPLACED_MARK if fact.is_displaced else ""),
            surveyed_on=None if fact.surveyed_on is None else fact.surveyed_on.isoformat(),
            batch=fact.batch,
            is_displaced=fact.is_displaced,
            is_invented=fact.is_invented,
        )

    def _kept(self, which: str, number: int, make: Any) -> Party:
        key = (which, number)
        if key not in self._known:
            self._known[key] = make()
        return self._known[key]


def _finding(verdict: Verdict, parties: _Parties) -> Finding:
    other = None
    if verdict.b is not None:
        other = parties.new(verdict.b) if verdict.b_is_new else parties.existing(verdict.b)
    return Finding(
        id=verdict.id,
        outcome=verdict.outcome,
        measure=verdict.measure,
        a=parties.hole(verdict.a) if verdict.a_is_hole else parties.new(verdict.a),
        b=other,
        chainage_m=verdict.chainage_m,
        geometry=geometry_of(verdict.points),
        angle_deg=verdict.angle_deg,
        gap_m=verdict.gap_m,
        gap_range_m=verdict.gap_range_m,
        required_m=verdict.required_m,
        required_range_m=verdict.required_range_m,
        shortfall_m=verdict.shortfall_m,
        sigma_m=verdict.sigma_m,
        probability=verdict.probability,
        rules=verdict.rules,
        missing=verdict.missing,
        gives_way=verdict.gives_way,
        mend=verdict.mend,
        words=verdict.words,
        needs_checking=verdict.needs_checking,
        advisory=verdict.advisory,
        duties=verdict.duties,
        within_tolerance_m=verdict.within_tolerance_m,
        cannot_judge_m=verdict.cannot_judge_m,
        also=verdict.also,
    )


def geometry_of(points: Sequence[tuple[float, float]]) -> dict[str, Any]:
    """GeoJSON of one point or a line, storage CRS."""
    if len(points) == 1:
        return {"type": "Point", "coordinates": list(points[0])}
    return {"type": "LineString", "coordinates": [list(point) for point in points]}


def _kind(runs: RunColumns, number: int) -> str:
    return runs.conditions[int(runs.condition[number])].kind
