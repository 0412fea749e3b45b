"""One finding for all lines of one owner whose zones of one sort a work reaches into (decision 0078).

A trunk is many runs, a street many mains: who is asked, and for what, is said once, with every line by name.
"""

from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace

from xzgis.conflicts.rules.identity import OUTCOME_RANK
from xzgis.conflicts.rules.words import with_note
from xzgis.conflicts.terms import Finding, Measure, Outcome
from xzgis.core.words import Words

MOST_NAMED = 6


def folded(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """``findings`` with those on zones that ask the same of the same owner as one, told of the nearest line.

    It stands where the first of them stood; ``lines`` holds all of them as they were.
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
    return replace(first, lines=every, words=with_note(first.words, _named(every)))


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
    """What is said once: the outcome and the zone, to one owner; what cannot be judged is one question to all."""
    is_open = one.outcome is Outcome.CANNOT_JUDGE
    assert one.b is not None  # a zone is one of an existing line
    deciding = next((rule.rule_id for rule in one.rules if rule.decides), "")
    return one.outcome, one.advisory, one.b.kind, deciding, None if is_open else one.b.owner


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
