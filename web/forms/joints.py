"""Declared joints: where the new line is meant to meet an existing one, typed or offered."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from shapely import LineString, Point

from xzgis.conflicts.rules.findings import run_name
from xzgis.conflicts.terms import Finding
from xzgis.networks.rules.numbers import figure
from xzgis.networks.terms import RunColumns
from xzgis.works.terms import NewRun, TieIn, WorkDocument

# As far from the wall as the check believes a declared joint.
AT_RUN_M = 0.5
SAME_PLACE_M = 0.01
STARTS, ENDS = ("起点", "start"), ("终点", "end")


@dataclass(frozen=True, slots=True)
class Offer:
    """An end of the new line that lies on an existing line, not declared yet. ``text`` is the line to add."""

    is_start: bool
    run_id: int
    kind: str
    label: str
    text: str


def tie_rows(text: str, length_m: float) -> tuple[list[dict[str, Any]], list[tuple[int, str]]]:
    """Joints line by line, place and number of the existing run; and the lines that say something else."""
    ties: list[dict[str, Any]] = []
    wrong: list[tuple[int, str]] = []
    for number, line in enumerate(text.splitlines(), 1):
        parts = line.replace("，", " ").replace(",", " ").replace("#", "").split()
        if not parts:
            continue
        try:
            place, run = parts
            ties.append({"chainage_m": _place(place, length_m), "run_id": int(run)})
        except ValueError:
            wrong.append((number, line.strip()))
    return ties, wrong


def _place(text: str, length_m: float) -> float:
    if text.lower() in STARTS:
        return 0.0
    if text.lower() in ENDS:
        return length_m
    value = figure(text)
    if value is None:
        raise ValueError(text)
    return value


def tie_text(run: NewRun) -> str:
    """Joints of a run as the form shows them; the ends by name, so that they follow the line."""
    length = LineString(run.axis).length
    lines = []
    for tie in run.tie_ins:
        if tie.chainage_m <= SAME_PLACE_M:
            place = STARTS[0]
        elif tie.chainage_m >= length - SAME_PLACE_M:
            place = ENDS[0]
        else:
            place = f"{tie.chainage_m:.2f}"
        lines.append(f"{place} {tie.run_id}")
    return "\n".join(lines)


def moved_ties(run: NewRun, axis: Sequence[tuple[float, float]]) -> tuple[TieIn, ...]:
    """Joints of a run whose axis was moved a little: one at its end stays at its end."""
    before, after = LineString(run.axis).length, LineString(axis).length
    return tuple(
        tie.model_copy(update={"chainage_m": after}) if tie.chainage_m >= before - SAME_PLACE_M else tie
        for tie in run.tie_ins
    )


def offered_joints(
    document: WorkDocument, findings: Iterable[Finding], existing: RunColumns, *, at: int = 0
) -> list[Offer]:
    """Ends of run ``at`` of a work that lie on a line of their own kind which the check complains about."""
    if at >= len(document.runs):
        return []
    run = document.runs[at]
    declared = {tie.run_id for tie in run.tie_ins}
    place_of = {int(identity): place for place, identity in enumerate(existing.run_id)}
    offers: dict[tuple[bool, int], Offer] = {}
    for one in findings:
        if (
            one.a.id != run_name(at)
            or one.b is None
            or one.b.kind != run.kind
            or not one.b.id.isdigit()
            or int(one.b.id) in declared
        ):
            continue
        found = place_of.get(int(one.b.id))
        if found is None:
            continue
        part = slice(int(existing.offset[found]), int(existing.offset[found + 1]))
        line = LineString(existing.xy_m[part] + existing.origin_m)
        if line.length == 0.0:
            continue  # a joint is with a line: that of a chamber is complained about as well
        reach = float(existing.width_m[found, 1]) / 2 + AT_RUN_M
        for is_start, end in ((True, run.axis[0]), (False, run.axis[-1])):
            if line.distance(Point(end)) <= reach:
                words = (STARTS if is_start else ENDS)[0]
                offers[is_start, int(one.b.id)] = Offer(
                    is_start=is_start, run_id=int(one.b.id), kind=one.b.kind, label=one.b.label,
                    text=f"{words} {one.b.id}",
                )  # fmt: skip
    return list(offers.values())
