"""The answer of a check for who may not see every line in it: a step of its own after the verdict.

What a finding decides stays; what would tell more of a line than its right goes. Nothing turns clear.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from math import ceil, floor

import numpy as np

from xzgis.conflicts.rules.answer import Checked
from xzgis.conflicts.rules.columns import chosen
from xzgis.conflicts.rules.findings import NEW, run_name
from xzgis.conflicts.rules.identity import MEASURE_RANK, OUTCOME_RANK
from xzgis.conflicts.rules.zone_fold import as_one, counts_folded
from xzgis.conflicts.terms import ByRun, CheckResult, Contest, Finding, Measure, Outcome, Party
from xzgis.core.words import Words
from xzgis.works.terms import PlacedWork

WITHHELD = "withheld"
#: The kind of which nothing is said.
NO_KIND = "unknown"
CORRIDOR_WORDS = Words(
    "此处有一条您只能看到走向的管线，结论有效，位置与数值不予显示；请经管线主管部门向其权属单位查询。",
    "There is a line here that you may see as a corridor only. The verdict stands, place and figures are withheld; "
    "ask its owner, through the office in charge of lines.",
)
HIDDEN_KIND = {"kind": WITHHELD, "words": {"zh": "不予显示的管线", "en": "lines that are withheld"}}
"""Stands for the kinds of lines that are not seen, where something is unknown of them."""
HIDDEN_WORDS = Words(
    "此处有一条您无权查看的管线，结论有效；请经管线主管部门向其权属单位查询。",
    "There is a line here that you may not see. The verdict stands; ask its owner, through the office in charge of lines.",
)


@dataclass(frozen=True)
class Seen:
    """Which existing runs, by identity, nothing is kept back of, and which are seen as corridors; ``step_m`` of the grid.

    ``name`` is the account that looks: what somebody said himself of a line stays his. ``alias`` gives the name that
    a finding has for that account where its line is kept back: its true one can be tried out from the line's number.
    """

    whole: frozenset[int]
    corridors: frozenset[int]
    step_m: float
    alias: Callable[[str], str]
    name: str = ""

    def keeps_back(self, one: Finding) -> bool:
        """Whether ``one`` is told without its line."""
        return one.b is not None and one.b.id.isdigit() and int(one.b.id) not in self.whole

    def told_id(self, one: Finding) -> str:
        """The name of a finding for who looks."""
        return self.alias(one.id) if self.keeps_back(one) else one.id


def masked(checked: Checked, seen: Seen, *, with_clear: bool) -> Checked:
    """``checked`` as it may leave: it must name its clear pairs, which go again unless ``with_clear``."""
    is_whole = np.isin(checked.existing.run_id, np.array(sorted(seen.whole), dtype=np.int64))
    if is_whole.all() and all(run in seen.whole for run, _ in checked.result.by_run.untold):
        return checked if with_clear else replace(checked, result=_without_clear(checked.result))
    mask = _Mask(checked.work, seen)
    every = [part for one in checked.result.findings for part in mask.parted(one)]
    findings = _in_order(one for one in map(mask.finding, every) if one is not None)
    dropped = Counter(one.advisory for one in checked.result.findings if one.outcome is Outcome.CLEAR)
    dropped.subtract(one.advisory for one in findings if one.outcome is Outcome.CLEAR)
    counts = counts_folded(checked.result.counts, checked.result.findings, every)
    counts[Outcome.CLEAR.value] = counts.get(Outcome.CLEAR.value, 0) - dropped[False]
    told = replace(
        checked.result, counts=counts, findings=tuple(findings),
        checked=checked.result.checked | _looked_at(checked.result.by_run, findings, seen)
        | without_points_seen(checked.result, seen),
    )  # fmt: skip
    return replace(
        checked,
        existing=chosen(checked.existing, np.flatnonzero(is_whole).astype(np.int64)),
        result=told if with_clear else _without_clear(told),
    )


def _in_order(findings: Iterable[Finding]) -> list[Finding]:
    """The masked ones after the others of their outcome, by what they show: their true place tells the measure."""

    def shown(one: Finding) -> tuple[object, ...]:
        rank = OUTCOME_RANK[one.outcome]
        if one.b is None or one.b.state != WITHHELD:
            return rank, False
        return (
            rank,
            True,
            one.advisory,
            MEASURE_RANK[one.measure],
            one.a.id,
            one.chainage_m,
            one.b.kind,
            one.id,
        )

    return sorted(findings, key=shown)


def _without_clear(result: CheckResult) -> CheckResult:
    kept = tuple(one for one in result.findings if one.outcome is not Outcome.CLEAR or one.advisory)
    return replace(result, findings=kept)


def _looked_at(by_run: ByRun, findings: Sequence[Finding], seen: Seen) -> dict[str, object]:
    """What was looked at, without the lines that are not seen: told whole it would count them."""

    def counted(each: Iterable[tuple[int, str]]) -> dict[str, int]:
        return dict(sorted(Counter(word for run, word in each if run == 0 or run in seen.whole).items()))

    kinds = counted(by_run.pairs)
    advice = Counter(
        one.measure.value for one in findings if one.advisory and one.outcome is not Outcome.CLEAR
    )
    told: dict[str, object] = {
        "pairs": sum(kinds.values()),
        "by_kind": kinds,
        "left_out": counted(by_run.left_out),
        "clear_by_unverified_figures": counted(by_run.by_memory),
        "advice": dict(sorted(advice.items())),
    }
    withheld = sum(one.b is not None and one.b.state == WITHHELD for one in findings)
    # Where nothing is withheld the word itself would say that a line is near.
    return told | ({WITHHELD: {"findings": withheld, "step_m": seen.step_m}} if withheld else {})


def without_points_seen(result: CheckResult, seen: Seen) -> dict[str, object]:
    """``without_points`` of ``result`` as it may leave: kinds of lines that are seen by name, of all others together."""
    shown = seen.whole | seen.corridors
    kinds = {kind for run, kind in result.by_run.untold if run in shown}
    named = [one for one in result.checked.get("without_points", ()) if one["kind"] in kinds]
    hidden = [HIDDEN_KIND] if any(run not in shown for run, _ in result.by_run.untold) else []
    return {"without_points": [*named, *hidden]} if named or hidden else {}


def without_reason(said: Contest | None, name: str) -> Contest | None:
    """A contest as it may be told where its line may not: that there is one. What ``name`` said himself stays."""
    return said if said is None or said.by == name else replace(said, reason="", facts="")


class _Mask:
    """Findings of one work, masked."""

    def __init__(self, work: PlacedWork, seen: Seen) -> None:
        self._seen = seen
        runs = work.runs
        self._length_m = {
            run_name(at): float(np.hypot(*np.diff(runs.xy_m[first:last], axis=0).T).sum())
            for at, (first, last) in enumerate(zip(runs.offset[:-1], runs.offset[1:], strict=True))
        }

    def parted(self, one: Finding) -> list[Finding]:
        """A finding that stands for several lines: one of those that are seen, one of corridors, one of the others.

        Of those that are kept back only the nearest is told, so that nobody counts them.
        """
        if not any(map(self._seen.keeps_back, one.lines)):
            return [one]
        sorts: dict[tuple[bool, bool], list[Finding]] = {}
        for line in one.lines:
            assert line.b is not None  # a zone is one of an existing line
            is_kept = self._seen.keeps_back(line)
            sorts.setdefault((is_kept, is_kept and int(line.b.id) in self._seen.corridors), []).append(line)
        parts = [lines[0] if is_kept else as_one(lines) for (is_kept, _), lines in sorts.items()]
        # What was said against all of them may speak of lines that are kept back.
        said = without_reason(one.contest, self._seen.name)
        return [replace(part, contest=said) if part.id == one.id else part for part in parts]

    def finding(self, one: Finding) -> Finding | None:
        """``one`` as it may leave; None for a clear pair with a line that is not seen."""
        if one.b is None or not self._seen.keeps_back(one):
            return one
        if one.outcome is Outcome.CLEAR and not one.advisory:
            return None
        is_corridor = int(one.b.id) in self._seen.corridors
        return replace(
            one,
            id=self._seen.told_id(one),
            measure=one.measure if is_corridor else Measure.WITHHELD,
            b=Party(id=WITHHELD, kind=one.b.kind if is_corridor else NO_KIND, owner=None, state=WITHHELD),
            chainage_m=self._stretch(one),
            geometry={"type": "Point", "coordinates": self._cell(one)},
            angle_deg=None, gap_m=None, gap_range_m=None, required_m=None, required_range_m=None, shortfall_m=None,
            sigma_m=None, probability=None, rules=(), missing=(), gives_way=None, mend=None, needs_checking=False,
            duties=one.duties if is_corridor else (), within_tolerance_m=(),
            cannot_judge_m=(), also=(), lines=(), contest=without_reason(one.contest, self._seen.name),
            words=CORRIDOR_WORDS if is_corridor else HIDDEN_WORDS,
        )  # fmt: skip

    def _stretch(self, one: Finding) -> tuple[float, float]:
        """Whole steps along the new run; of an excavation, whose chainage runs along the other line, nothing."""
        length_m = self._length_m.get(one.a.id) if one.a.state == NEW else None
        if length_m is None:
            return 0.0, 0.0
        step_m = self._seen.step_m
        first = floor(max(one.chainage_m[0], 0.0) / step_m) * step_m
        last = max(ceil(one.chainage_m[1] / step_m) * step_m, first + step_m)
        return min(first, length_m), min(last, length_m)

    def _cell(self, one: Finding) -> list[float]:
        """The middle of the cell of the grid in which the middle of the finding lies."""
        places = one.geometry["coordinates"]
        if one.geometry["type"] == "Point":
            places = [places]
        assert one.geometry["type"] != "MultiLineString"  # of lines that are kept back one alone is told
        step_m = self._seen.step_m
        middle = np.asarray(places, dtype=np.float64)[:, :2].mean(axis=0)
        return [(floor(value / step_m) + 0.5) * step_m for value in middle.tolist()]
