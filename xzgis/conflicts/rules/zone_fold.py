"""One finding for all lines of one owner whose zones of one sort a work reaches into (decision 0078).

A trunk is many runs, a street many mains: who is asked, and for what, is said once, with every line by name.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from math import hypot
from typing import Any

from xzgis.conflicts.rules.findings import EXCAVATION, NEW, geometry_of
from xzgis.conflicts.rules.identity import OUTCOME_RANK
from xzgis.conflicts.rules.words import with_note
from xzgis.conflicts.terms import Finding, Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.terms import LifeState

MOST_NAMED = 6
SAME_M = 0.002
Place = tuple[float, float]


def folded(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """``findings`` with those on zones that ask the same of the same owner as one, told of the nearest line.

    It stands where the first of them stood, from the first to the last place of its run where any of them is, drawn
    everywhere; ``lines`` holds all of them as they were.
    """
    groups: dict[Hashable, list[Finding]] = defaultdict(list)
    for one in findings:
        if one.measure is Measure.ZONE:
            groups[_same(one)] += one.lines or (one,)
    told: list[Finding] = []
    for one in findings:
        if one.measure is not Measure.ZONE:
            told.append(one)
        elif _same(one) in groups:
            told.append(as_one(groups.pop(_same(one))))
    return tuple(told)


def as_one(lines: Sequence[Finding]) -> Finding:
    """The finding that stands for all of ``lines``."""
    first, *others = sorted(lines, key=_nearness)
    if not others:
        return first
    every = (first, *others)
    parts = _parts(every)
    mine = parts[_along(first)]
    return replace(
        first,
        lines=every,
        chainage_m=(mine[0].first_m, max(part.last_m for part in mine)),
        geometry=_shape([part.places for along in parts.values() for part in along]),
        words=with_note(first.words, _named(every)),
    )


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a finding: chainages, metres, and its line in the storage CRS."""

    first_m: float
    last_m: float
    places: tuple[Place, ...]


def _along(one: Finding) -> tuple[str, str]:
    """Along what the chainage of a finding counts: its new run, of an excavation the existing line."""
    assert one.b is not None
    return ("", one.a.id) if one.a.state == NEW and one.a.kind != EXCAVATION else (one.a.id, one.b.id)


def _parts(lines: Sequence[Finding]) -> dict[tuple[str, str], list[_Part]]:
    """The stretches of ``lines`` along each run, in order, what overlaps or meets put together."""
    along: dict[tuple[str, str], list[_Part]] = defaultdict(list)
    for one in lines:
        at = one.geometry["coordinates"]
        places = [at] if one.geometry["type"] == "Point" else at
        along[_along(one)].append(_Part(*one.chainage_m, tuple((x, y) for x, y, *_ in places)))
    return {run: _joined(parts) for run, parts in along.items()}


def _joined(parts: Sequence[_Part]) -> list[_Part]:
    joined: list[_Part] = []
    for part in sorted(parts, key=lambda one: (one.first_m, -one.last_m)):
        last = joined[-1] if joined else None
        if last is None or part.first_m > last.last_m + SAME_M:
            joined.append(part)
        elif part.last_m > last.last_m + SAME_M:
            places = (*last.places, *_beyond(part.places, last.last_m - part.first_m))
            joined[-1] = _Part(last.first_m, part.last_m, places)
    return joined


def _beyond(places: Sequence[Place], start_m: float) -> list[Place]:
    """The vertices of a line that stand farther than ``start_m`` along it."""
    steps = [hypot(b[0] - a[0], b[1] - a[1]) for a, b in pairwise(places)]
    return [
        place for place, at_m in zip(places[1:], accumulate(steps), strict=True) if at_m > start_m + SAME_M
    ]


def _shape(lines: Sequence[Sequence[Place]]) -> dict[str, Any]:
    """GeoJSON of the lines: one by itself, several together; a place among them is a line without length."""
    if len(lines) == 1:
        return geometry_of(lines[0])
    whole = [[list(place) for place in (line if len(line) > 1 else (*line, *line))] for line in lines]
    return {"type": "MultiLineString", "coordinates": whole}


def counts_folded(
    counts: dict[str, int], before: Iterable[Finding], after: Iterable[Finding]
) -> dict[str, int]:
    """``counts`` of items by outcome with what was folded counted once."""
    more, less = (
        Counter(one.outcome.value for one in findings if one.measure is Measure.ZONE and not one.advisory)
        for findings in (before, after)
    )
    return {name: count - more[name] + less[name] for name, count in counts.items()}


def _same(one: Finding) -> Hashable:
    """What is said once: the outcome and the zone, to one owner, apart of disused lines; what cannot be judged is one
    question to all.
    """
    is_open = one.outcome is Outcome.CANNOT_JUDGE
    assert one.b is not None  # a zone is one of an existing line
    deciding = next((rule.rule_id for rule in one.rules if rule.decides), "")
    is_disused = one.b.state == LifeState.DISUSED.value
    return one.outcome, one.advisory, one.b.kind, deciding, is_disused, None if is_open else one.b.owner


def _nearness(one: Finding) -> tuple[object, ...]:
    assert one.b is not None
    return OUTCOME_RANK[one.outcome], one.gap_m or 0.0, one.a.id, one.chainage_m, one.b.label, one.b.id


def _named(lines: Sequence[Finding]) -> Words:
    """The lines by name, the nearest first, each once."""
    nearest: dict[str, Finding] = {}
    for one in lines:
        assert one.b is not None
        nearest.setdefault(one.b.id, one)
    said = [_one(one) for one in list(nearest.values())[:MOST_NAMED]]
    left = len(nearest) - len(said)
    zh, en = "、".join(one.zh for one in said), ", ".join(one.en for one in said)
    more = (f" 等，另有 {left} 条", f" and {left} more") if left else ("", "")
    return Words(f"共 {len(nearest)} 条：{zh}{more[0]}", f"{len(nearest)} lines: {en}{more[1]}")


def _one(one: Finding) -> Words:
    assert one.b is not None
    label = one.b.label or one.b.id
    if one.outcome is Outcome.CANNOT_JUDGE and one.b.owner:
        label += f" {one.b.owner}"
    return Words(f"{label} {one.gap_m or 0.0:.2f} m", f"{label} {one.gap_m or 0.0:.2f} m")
