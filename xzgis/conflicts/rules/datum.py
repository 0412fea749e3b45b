"""Pairs whose grounds contradict each other where they meet: their levels are open, another height datum may be why."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from xzgis.conflicts.kernel.grounds import Explained, known_grounds, worst_step
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.ground import LEAST_STEP_M, SLOPE
from xzgis.conflicts.rules.scene import Pair, Scene
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.words import datum_words, missing_words, with_note
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, IntArray

DEPTH = ("b.depth",)
GROUNDS = ("a.ground", "b.ground")


@dataclass(frozen=True)
class Doubt:
    """The grounds of ``a`` and of ``b``, by pair number, where they differ most; ``hidden`` has no levels of these ``b``."""

    grounds_m: Mapping[int, tuple[float, float]]
    hidden: Scene

    def told(self, pair: Pair, drafts: Sequence[Draft]) -> list[Draft]:
        """``drafts`` of a pair with the grounds as the facts that are missing in place of the depth."""
        grounds = self.grounds_m.get(pair.number)
        return list(drafts) if grounds is None else [_told(draft, grounds) for draft in drafts]


def doubt_of(
    scene: Scene, pairs: Sequence[Pair], near: Mapping[int, Sequence[Range]], crossings: FloatArray
) -> Doubt:
    """The pairs of which the known grounds differ beyond ``k sigma`` at a place where they meet.

    Parameters
    ----------
    near
        Stretches of ``a`` within reach, by pair number.
    crossings
        Rows of :func:`xzgis.conflicts.kernel.pairs.meetings_of_pairs`: pair, chainage of ``a``, of ``b``.
    """
    places: dict[int, list[tuple[float, float]]] = {}
    for row, at_a, at_b in crossings[:, :3].tolist():
        places.setdefault(int(row), []).append((at_a, at_b))
    # Where no ground is known, or no level, that is what is missing.
    known = known_grounds(scene.lines).tolist(), known_grounds(scene.others).tolist()
    found = {}
    for row, pair in enumerate(pairs):
        if not (known[0][pair.a] and known[1][pair.b]):
            continue
        grounds = _contradiction(scene, pair, places.get(row, ()), near.get(pair.number, ()))
        if grounds is not None:
            found[pair.number] = grounds
    return Doubt(found, _hidden(scene, sorted({pair.b for pair in pairs if pair.number in found})))


def _contradiction(
    scene: Scene, pair: Pair, crossed: Sequence[tuple[float, float]], near: Sequence[Range]
) -> tuple[float, float] | None:
    """Both grounds at the place where they differ most beyond what accuracy and slope explain; None: nowhere.

    Asked at the crossings, and on stretches where the envelopes may overlap in plan.
    """
    if not crossed and not near:
        return None
    sigma = math.hypot(scene.ground_sigma(pair.a), float(scene.existing.sigma_level_m[pair.b]))
    if scene.is_one_work:
        sigma = math.hypot(scene.ground_sigma(pair.a), scene.ground_sigma(pair.b))
    beyond, a, b = worst_step(
        scene.lines,
        pair.a,
        scene.others,
        pair.b,
        (_rows(crossed), _rows(near)),
        pair.half_m[1] + scene.factor * pair.sigma_m,
        Explained(sigma, scene.factor, SLOPE, FARTHEST_SLOPE_M),
    )
    return (a, b) if beyond > LEAST_STEP_M else None


def _rows(pairs: Sequence[tuple[float, float]]) -> FloatArray:
    return np.array(pairs, dtype=np.float64).reshape(-1, 2)


FARTHEST_SLOPE_M = 20.0
"""The slope explains no more than over this way, however far the next vertex: k sigma of both lines stays at 1.13 m.

Without a bound two long straight runs would explain any datum; a street that falls more shows it in its vertices.
"""


def _hidden(scene: Scene, runs: Sequence[int]) -> Scene:
    """``scene`` without any level of these existing runs."""
    if not runs:
        return scene
    existing, others = scene.existing, scene.others
    crown, bottom = (
        _without(levels, existing.offset, runs) for levels in (existing.crown_m, existing.bottom_m)
    )
    return replace(
        scene,
        existing=replace(existing, crown_m=crown, bottom_m=bottom),
        others=others._replace(
            crown_m=_without(others.crown_m, others.offset, runs),
            bottom_m=_without(others.bottom_m, others.offset, runs),
        ),
    )


def _without(levels: FloatArray, offset: IntArray, runs: Sequence[int]) -> FloatArray:
    open_ = levels.copy()
    for run in runs:
        open_[offset[run] : offset[run + 1]] = np.nan
    return open_


def _told(draft: Draft, grounds_m: tuple[float, float]) -> Draft:
    if "b.depth" not in draft.missing:
        return draft
    missing = (*(fact for fact in draft.missing if fact not in DEPTH), *GROUNDS)
    was, now = missing_words(draft.missing), missing_words(missing)
    words = Words(draft.words.zh.replace(was.zh, now.zh), draft.words.en.replace(was.en, now.en))
    return replace(draft, missing=missing, words=with_note(words, datum_words(*grounds_m)))
