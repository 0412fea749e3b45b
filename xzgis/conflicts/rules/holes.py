"""What a declared excavation touches: duties of every existing run in it or near it."""

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.hole import spans_in_hole
from xzgis.conflicts.kernel.lines import Lines
from xzgis.conflicts.kernel.plan import stretches
from xzgis.conflicts.kernel.profile import below, unknown
from xzgis.conflicts.rules.dig import (
    DUTIES,
    STRIKE,
    SUPPORT,
    Digging,
    Zones,
    by_zone,
    digging,
    is_buried,
    is_size_open,
)
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.identity import digest
from xzgis.conflicts.rules.scene import Scene, conditions_of, part_of
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.words import missing_words, pair_words, sentence
from xzgis.conflicts.terms import Hole, Measure, Outcome
from xzgis.networks.terms import FloatArray


def judge_holes(scene: Scene, holes: Sequence[Hole]) -> list[Draft]:
    """Duties of every existing run in or near a declared excavation; chainage along the existing run."""
    drafts = []
    sizes = digging(scene)
    for number, hole in enumerate(holes):
        ring = ring_of(scene, hole)
        for b in filter(partial(is_buried, scene), range(len(scene.existing.run_id))):
            drafts += _hole_drafts(scene, sizes, (number, hole, ring), b)
    return drafts


def hole_key(hole: Hole) -> str:
    """What an excavation is called in the names of its findings."""
    return "hole:" + digest([hole.outline, hole.bottom_level_m, hole.depth_m])


def ring_of(scene: Scene, hole: Hole) -> Lines:
    """The closed outline of an excavation near the origin of the scene."""
    xy = np.array(hole.outline, dtype=np.float64) - np.array(scene.origin_m)
    if not np.array_equal(xy[0], xy[-1]):
        xy = np.vstack([xy, xy[:1]])
    chain = np.concatenate(([0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))))
    box = np.array([[*xy.min(axis=0), *xy.max(axis=0)]])
    flat = np.zeros(len(xy))
    return Lines(
        np.array([0, len(xy)]),
        np.ascontiguousarray(xy[:, 0]),
        np.ascontiguousarray(xy[:, 1]),
        chain,
        flat,
        flat,
        flat,
        box,
    )


def _hole_zones(scene: Scene, sizes: Digging, place: tuple[int, Hole, Lines], b: int) -> Zones:
    """The zones of one line and one hole, along the line."""
    _, hole, ring = place
    plan = scene.factor * float(scene.existing.sigma_plan_m[b])
    level = scene.factor * float(scene.existing.sigma_level_m[b])
    low, high = (float(width) / 2.0 for width in scene.existing.width_m[b])
    strict, mild = (_above_bottom(scene, hole, b, others) for others in (scene.strict[1], scene.mild[1]))
    chain = scene.others.chain_m[scene.others.offset[b] : scene.others.offset[b + 1]]

    def spans(reach_m: float, value: FloatArray, bound: float, *, known: bool) -> list[Range]:
        in_plan = _in_plan(scene, ring, b, reach_m - JUST_BELOW_M)
        deep = [(s, e) for s, e in below(chain, value, bound - EQUAL_M).tolist()]
        if not known:
            deep += [(s, e) for s, e in unknown(chain, value).tolist()]
        return _both(in_plan, deep)

    is_open = bool(is_size_open(scene.existing, scene.others, scene.others.crown_m)[b])
    return Zones(
        sure=spans(low - plan, mild, -level, known=True),
        perhaps=spans(high + plan, strict, level, known=True),
        unknown=_both(
            spans(high + plan, strict, level, known=False),
            [(s, e) for s, e in unknown(chain, strict).tolist()],
        ),
        hand=spans(high + sizes.hand_m, strict, sizes.hand_m, known=False),
        owner=spans(high + sizes.owner_m, strict, sizes.owner_m, known=False),
        strict=spans(high - plan, strict, -level, known=True) if is_open else [],
        mild=spans(low + plan, mild, level, known=True) if is_open else [],
        sizes=("b.size",) if is_open else (),
    )


def _in_plan(scene: Scene, ring: Lines, b: int, reach_m: float) -> list[Range]:
    """Where the axis is in the outline or nearer to it than ``reach_m``; below zero, farther inside than that."""
    found = [(s, e) for s, e in spans_in_hole(scene.others, b, ring, 0, max(reach_m, 0.0)).tolist()]
    if reach_m >= 0.0:
        return found
    return subtract(found, [(s, e) for s, e in stretches(scene.others, b, ring, 0, -reach_m).tolist()])


def _missing_depths(scene: Scene, hole: Hole, b: int) -> tuple[str, ...]:
    """What is not known of how far the hole reaches and of how deep run ``b`` lies."""
    rows = slice(scene.others.offset[b], scene.others.offset[b + 1])
    missing = []
    is_told = hole.bottom_level_m is not None or hole.depth_m is not None
    if not is_told or _is_no_bottom(hole, scene.others.ground_m[rows]).any():
        missing.append("a.hole_depth")
    elif hole.bottom_level_m is None and np.isnan(scene.others.ground_m[rows]).any():
        missing.append("b.ground")
    if np.isnan(scene.strict[1].crown_m[rows]).any():
        missing.append("b.depth")
    return tuple(missing)


def _hole_drafts(scene: Scene, sizes: Digging, place: tuple[int, Hole, Lines], b: int) -> list[Draft]:
    number, hole, _ = place
    facts = conditions_of(scene.existing, b)
    length = float(scene.others.chain_m[scene.others.offset[b + 1] - 1])

    def draft(span: Range, outcome: Outcome, duties: tuple[str, ...], missing: tuple[str, ...]) -> Draft:
        hangs = (SUPPORT,) if STRIKE in duties else ()
        return Draft(
            measure=Measure.DIG,
            outcome=outcome,
            a=number,
            b=b,
            chainage_m=span,
            a_is_hole=True,
            points=part_of(scene.others, b, *span, scene.origin_m),
            missing=missing,
            advisory=outcome is Outcome.CLEAR,  # decision 0019: no other measure speaks of a line in a hole
            duties=(*duties, *hangs),
            extra={"hole": hole_key(hole), "length_m": length},
            words=sentence(
                pair_words(scene.catalogue, (facts.kind, None), facts.chamber),
                Measure.DIG,
                outcome,
                *(DUTIES[duty] for duty in (*duties, *hangs)),
                *([missing_words(missing)] if missing else []),
            ),
        )

    return by_zone(_hole_zones(scene, sizes, place, b), _missing_depths(scene, hole, b), draft)


def _above_bottom(scene: Scene, hole: Hole, b: int, others: Lines) -> FloatArray:
    """Bottom of the hole minus crown of run ``b`` at its vertices: below zero where the hole reaches it."""
    rows = slice(scene.others.offset[b], scene.others.offset[b + 1])
    ground_m, crown = scene.others.ground_m[rows], others.crown_m[rows]
    if hole.bottom_level_m is not None:
        bottom_m: FloatArray = np.where(_is_no_bottom(hole, ground_m), np.nan, hole.bottom_level_m)
        return bottom_m - crown
    depth = np.nan if hole.depth_m is None else hole.depth_m
    return ground_m - depth - crown


def _is_no_bottom(hole: Hole, ground_m: FloatArray) -> npt.NDArray[np.bool_]:
    """Where the bottom of a hole would lie on or above the ground: a level of another datum, or none at all."""
    if hole.bottom_level_m is None:
        return np.zeros(len(ground_m), np.bool_)
    is_above: npt.NDArray[np.bool_] = ground_m <= hole.bottom_level_m
    return is_above


def _both(first: Sequence[Range], second: Sequence[Range]) -> list[Range]:
    """Common parts of two lists of intervals, joined and in order."""
    parts = sorted(
        (max(a[0], b[0]), min(a[1], b[1]))
        for a in first
        for b in second
        if min(a[1], b[1]) >= max(a[0], b[0])
    )
    joined: list[Range] = []
    for low, high in parts:
        if joined and low <= joined[-1][1] + EQUAL_M:
            joined[-1] = (joined[-1][0], max(joined[-1][1], high))
        else:
            joined.append((low, high))
    return joined
