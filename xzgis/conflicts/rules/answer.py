"""The answer of a check from its parts: judgement, facts, coverage, versions."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.changes import Bearing
from xzgis.conflicts.rules.clear_figures import clear_figures
from xzgis.conflicts.rules.findings import clear_findings, findings_of, run_name
from xzgis.conflicts.rules.itself import beside_themselves, crossing_themselves
from xzgis.conflicts.rules.zone_fold import counts_folded, folded
from xzgis.conflicts.terms import (
    ByRun,
    CheckResult,
    Finding,
    Hole,
    Judgement,
    NotCovered,
    SurfaceStretch,
    TieIn,
)
from xzgis.networks.terms import RunColumns, RunFacts
from xzgis.works.terms import PlacedWork

UNKNOWN_SURFACE = "unknown"
#: Tables that judge deliveries, not works.
OF_DELIVERIES = ("checks",)


@dataclass(frozen=True)
class Checked:
    """A check with what it looked at, for drawing: the answer, the placed work and the runs around it."""

    result: CheckResult
    work: PlacedWork
    existing: RunColumns


@dataclass(frozen=True)
class Around:
    """What is known around a work beside the lines.

    ``label`` is the name of the work. ``is_invented``: sample data takes part, and every output says so; ``is_displaced``:
    test data of another place does.
    ``unplaced_lines``: lines of the files without a place, which may lie anywhere; ``not_read``: rows of the
    files that stayed out for their errors, which may be such lines; ``untold_kinds``: values for a kind that nobody
    understood; ``in_part``: kinds of which the files hold a network beside their own alone; ``left_aside``: what they
    hold beside lines and nobody read; ``without_points``: kinds of lines beside which nobody says what stands at their
    points, and of a register ``untold``, the lines themselves by identity and kind. ``terrain_version`` stands for the
    content and sigma of every terrain raster in force.
    """

    label: str

    not_covered: tuple[NotCovered, ...]
    surfaces: tuple[SurfaceStretch, ...]
    data_version: str
    program_version: str
    is_invented: bool = False
    is_displaced: bool = False
    unplaced_lines: int = 0
    not_read: tuple[Mapping[str, Any], ...] = ()
    untold_kinds: tuple[Mapping[str, Any], ...] = ()
    in_part: tuple[Mapping[str, Any], ...] = ()
    left_aside: tuple[Mapping[str, Any], ...] = ()
    without_points: tuple[Mapping[str, Any], ...] = ()
    untold: tuple[tuple[int, str], ...] = ()
    terrain_version: str = "none"


def tie_ins_of(work: PlacedWork) -> tuple[TieIn, ...]:
    """Declared joints as the kernel takes them."""
    return tuple(
        TieIn(new=joint.run, chainage_m=joint.chainage_m, existing=joint.run_id) for joint in work.joints
    )


def holes_of(work: PlacedWork) -> tuple[Hole, ...]:
    """Excavations as the kernel takes them, in the storage CRS."""
    east, north = work.runs.origin_m
    return tuple(
        Hole(
            outline=tuple((float(x) + east, float(y) + north) for x, y in hole.outline_m),
            bottom_level_m=_known(hole.bottom_m),
            depth_m=_known(hole.depth_m),
        )
        for hole in work.holes
    )


def answer_of(
    judgement: Judgement,
    placed: PlacedWork,
    existing: RunColumns,
    facts: Mapping[int, RunFacts],
    around: Around,
    *,
    catalogue: Catalogue,
    with_clear: bool,
) -> CheckResult:
    """Everything the check says, in canonical order; clear pairs at the end when ``with_clear``."""
    single = findings_of(judgement, placed.runs, existing, facts, label=around.label, holes=len(placed.holes))
    findings = folded(single)
    clear: tuple[Finding, ...] = ()
    crossed = crossing_themselves(placed.runs)
    beside = beside_themselves(placed.runs, catalogue, without=crossed)
    if with_clear:
        figures = clear_figures(judgement, placed.runs, existing, catalogue, around.surfaces)
        clear = clear_findings(judgement, placed.runs, existing, facts, figures, label=around.label)
    return CheckResult(
        versions={
            "rules": catalogue.version, "data": around.data_version, "program": around.program_version,
            "terrain": around.terrain_version,
        },
        counts=counts_folded(judgement.counts, single, findings),
        findings=findings + clear,
        not_covered=around.not_covered,
        by_run=_by_run(judgement, existing, around.untold),
        checked={
            "pairs": judgement.pairs,
            "by_kind": dict(sorted(judgement.by_kind.items())),
            "left_out": dict(sorted(judgement.left_out.items())),
            "advice": advice_of(findings),
            "clear_by_unverified_figures": dict(
                sorted(Counter(rule_id for _, rule_id, _ in judgement.unverified).items())
            ),
            "assumed_dry": [
                {"run": run_name(part.new), "chainage_m": list(part.chainage_m), "asked_m": part.asked_m}
                for part in judgement.assumed_dry
            ],
            "ground": [source.value for source in placed.ground],
            "surface": _surfaces(around.surfaces),
            "invented": around.is_invented,
            "unplaced_lines": around.unplaced_lines,
            **({"displaced": True} if around.is_displaced else {}),
            **({"steered": steered} if (steered := steered_runs(placed.runs)) else {}),
            **({"crosses_itself": crossed} if crossed else {}),
            **({"beside_itself": beside} if beside else {}),
            **({"rules_changed": changed} if (changed := rules_changed(catalogue)) else {}),
            **({"not_read": [dict(one) for one in around.not_read]} if around.not_read else {}),
            **({"left_aside": [dict(one) for one in around.left_aside]} if around.left_aside else {}),
            **({"untold_kinds": [dict(one) for one in around.untold_kinds]} if around.untold_kinds else {}),
            **({"in_part": [dict(one) for one in around.in_part]} if around.in_part else {}),
            **({"without_points": [dict(one) for one in around.without_points]} if around.without_points else {}),
        },
    )  # fmt: skip


def advice_of(findings: Sequence[Finding]) -> dict[str, int]:
    """Duties and hints by measure, as they are told."""
    return dict(sorted(Counter(one.measure.value for one in findings if one.advisory).items()))


def rules_changed(catalogue: Catalogue) -> list[dict[str, Any]]:
    """Rows other than shipped that may bear on a check, so that no answer hides by which tables it was judged."""
    return [
        {"number": one.number, "table": one.table, "row": one.key, "bearing": one.bearing.value,
         "disabled": one.is_disabled}
        for one in catalogue.changes
        if one.bearing is not Bearing.WORDS and one.table not in OF_DELIVERIES
    ]  # fmt: skip


def steered_runs(runs: RunColumns) -> list[dict[str, Any]]:
    """The new runs that are drilled, with the deviation they were judged with."""
    return [
        {"run": run_name(at), "sigma_plan_m": round(float(runs.sigma_plan_m[at]), 3),
         "sigma_level_m": round(float(runs.sigma_level_m[at]), 3)}
        for at in range(len(runs.run_id))
        if runs.conditions[runs.condition[at]].is_steered
    ]  # fmt: skip


def _by_run(judgement: Judgement, existing: RunColumns, untold: tuple[tuple[int, str], ...]) -> ByRun:
    def run(b: int) -> int:
        return int(existing.run_id[b]) if b >= 0 else 0

    kinds = [each.kind for each in existing.conditions]
    return ByRun(
        pairs=tuple((run(b), kinds[existing.condition[b]]) for b in judgement.paired),
        left_out=tuple((run(b), reason) for reason, b in judgement.left_out_of),
        by_memory=tuple((run(b), rule_id) for _, rule_id, b in judgement.unverified),
        untold=untold,
    )


def surfaces_given(work_surface: str | None, lengths_m: Sequence[float]) -> tuple[SurfaceStretch, ...]:
    """The surface that the work itself names, along every run; unknown where it names none."""
    return tuple(
        SurfaceStretch(new=number, chainage_m=(0.0, length), surface=work_surface)
        for number, length in enumerate(lengths_m)
    )


def _surfaces(stretches: Sequence[SurfaceStretch]) -> dict[str, Any]:
    """Length under each surface, metres."""
    lengths: dict[str, float] = {}
    for stretch in stretches:
        token = stretch.surface or UNKNOWN_SURFACE
        lengths[token] = lengths.get(token, 0.0) + stretch.chainage_m[1] - stretch.chainage_m[0]
    return {token: round(length, 3) for token, length in sorted(lengths.items())}


def _known(value: float) -> float | None:
    return None if value != value else value
