"""Stable names and one order of verdicts, whatever the order and direction in which runs were stored."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.scene import Scene, conditions_of
from xzgis.conflicts.terms import Measure, Outcome, Verdict
from xzgis.networks.terms import RunColumns

PLACE_DIGITS = 4
CHAINAGE_DIGITS = 5
_in_json = json.JSONEncoder(ensure_ascii=False).encode

OUTCOME_RANK = {outcome: rank for rank, outcome in enumerate(Outcome)}
MEASURE_RANK = {measure: rank for rank, measure in enumerate(Measure)}


@dataclass(frozen=True, slots=True)
class Name:
    """Identity of a run, and whether its stored direction is the canonical one."""

    key: str
    is_forward: bool


def name_of(runs: RunColumns, lines: Lines, run: int, origin_m: tuple[float, float]) -> Name:
    """A registered run is named by its identity, a new one by its axis, kind and section.

    The canonical direction is the one whose list of coordinates comes first.
    """
    rows = slice(lines.offset[run], lines.offset[run + 1])
    identity = int(runs.run_id[run])
    # Plain lists: a call into numpy for each number costs more than the number.
    x, y = lines.x_m[rows].tolist(), lines.y_m[rows].tolist()
    ends = [(round(x[k], PLACE_DIGITS), round(y[k], PLACE_DIGITS)) for k in (0, -1)]
    if identity > 0 and ends[0] != ends[1]:
        return Name(key=f"run:{identity}", is_forward=ends[0] < ends[1])
    axis = [
        (round(east + origin_m[0], PLACE_DIGITS), round(north + origin_m[1], PLACE_DIGITS))
        for east, north in zip(x, y, strict=True)
    ]
    is_forward = axis <= axis[::-1]
    if identity > 0:
        return Name(key=f"run:{identity}", is_forward=is_forward)
    facts = [
        min(axis, axis[::-1]),
        conditions_of(runs, run).kind,
        [round(w, PLACE_DIGITS) for w in runs.width_m[run].tolist()],
    ]
    return Name(key="new:" + digest(facts), is_forward=is_forward)


def digest(facts: object) -> str:
    """Sixteen hexadecimal digits that stand for ``facts``."""
    return hashlib.sha256(_in_json(facts).encode()).hexdigest()[:16]


Keyed = tuple[tuple[object, ...], Verdict]


def in_order(scene: Scene, drafts: Sequence[Draft]) -> list[Keyed]:
    """``drafts`` as named verdicts, each with its place: worst first, then measure, run, other run, chainage."""
    new = {
        a: name_of(scene.new, scene.lines, a, scene.origin_m)
        for a in {d.a for d in drafts if not d.a_is_hole}
    }
    old = {
        b: name_of(scene.existing, scene.others, b, scene.origin_m)
        for b in {d.b for d in drafts if d.b is not None}
    }
    keyed = []
    for draft in drafts:
        name_a = Name(key=str(draft.extra["hole"]), is_forward=True) if draft.a_is_hole else new[draft.a]
        name_b = Name(key="", is_forward=True) if draft.b is None else old[draft.b]
        along = name_b if draft.a_is_hole else name_a
        whole = draft.extra.get("length_m", 0.0) if draft.a_is_hole else scene.length_m(draft.a)
        place = _canonical(draft.chainage_m, whole, along.is_forward)
        keyed.append(((MEASURE_RANK[draft.measure], name_a.key, name_b.key, place, draft.words.zh), draft))
    keyed.sort(key=lambda one: one[0])
    counts: dict[tuple[object, ...], int] = defaultdict(int)
    verdicts: list[Keyed] = []
    for key, draft in keyed:
        counts[key[:3]] += 1
        # As json of [measure, name, name, number]; names hold nothing that needs escaping.
        told = f'["{draft.measure.value}", "{key[1]}", "{key[2]}", {counts[key[:3]]}]'
        identity = hashlib.sha256(told.encode()).hexdigest()[:16]
        verdicts.append(
            ((OUTCOME_RANK[draft.outcome], *key), draft.named(identity, b_is_new=scene.is_one_work))
        )
    return verdicts


def _canonical(span: tuple[float, float], length_m: float, is_forward: bool) -> tuple[float, float]:
    low, high = span if is_forward else (length_m - span[1], length_m - span[0])
    return round(low, CHAINAGE_DIGITS) + 0.0, round(high, CHAINAGE_DIGITS) + 0.0
