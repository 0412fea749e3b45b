"""Findings that are within tolerance only because the ground above a new run is badly known: that fact is named."""

import math
from dataclasses import replace

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.verdict import reading_outcome
from xzgis.conflicts.rules.words import fact_words, ground_words, with_note
from xzgis.conflicts.terms import Judgement, Measure, Outcome, Verdict
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray
from xzgis.works.terms import GroundSource, PlacedWork

BY_LEVEL = frozenset({Measure.VERTICAL, Measure.ORDER, Measure.COVER})


def with_ground_named(judgement: Judgement, placed: PlacedWork, catalogue: Catalogue) -> Judgement:
    """``judgement`` with the ground level as the missing fact wherever it alone keeps a verdict open.

    The outcome stays. A new run that is laid at a cover takes its levels from the ground: from the nearest
    surveyed levels or a raster, with their sigma. Where the same gap would be a breach or clear without that
    part of the sigma, levels of the ground along the work settle it. Where the ground itself is not known, it is the
    ground that the depth of such a run waits for: its cover is declared.
    """
    factor = catalogue.limits.sigma_factor
    verdicts = (_open_for_ground(verdict, placed) for verdict in judgement.verdicts)
    return replace(judgement, verdicts=tuple(_named(verdict, placed, factor) for verdict in verdicts))


def ground_sigma_of(placed: PlacedWork) -> FloatArray:
    """``(n,)`` standard deviation of the ground above each new run, with that of setting out."""
    return np.maximum(placed.runs.sigma_level_m, placed.cover_sigma_m)


def _open_for_ground(verdict: Verdict, placed: PlacedWork) -> Verdict:
    """``verdict`` with the ground in place of the depth of a new run that is laid at a cover."""
    new = {} if verdict.a_is_hole else {"a": verdict.a}
    new |= {"b": verdict.b} if verdict.b_is_new and verdict.b is not None else {}
    depths = [f"{side}.depth" for side, run in new.items() if np.isfinite(placed.cover_m[run])]
    if not any(fact in verdict.missing for fact in depths):
        return verdict
    told = (f"{fact[0]}.ground" if fact in depths else fact for fact in verdict.missing)
    missing = tuple(dict.fromkeys(told))
    words = verdict.words
    for fact in depths:
        was, now = fact_words(fact), fact_words(f"{fact[0]}.ground")
        words = Words(words.zh.replace(was.zh, now.zh), words.en.replace(was.en, now.en))
    return replace(verdict, missing=missing, words=words)


def _named(verdict: Verdict, placed: PlacedWork, factor: float) -> Verdict:
    if verdict.outcome is not Outcome.WITHIN_TOLERANCE or verdict.measure not in BY_LEVEL:
        return verdict
    if verdict.gap_m is None or verdict.required_m is None or verdict.sigma_m is None:
        return verdict
    new = {"a": verdict.a} | ({"b": verdict.b} if verdict.b_is_new and verdict.b is not None else {})
    by_ground = {side: _ground_variance(placed, run, verdict.measure) for side, run in new.items()}
    without = math.sqrt(max(verdict.sigma_m**2 - sum(by_ground.values()), 0.0))
    settled = reading_outcome(verdict.gap_m, without, verdict.required_m, factor)
    if settled is Outcome.WITHIN_TOLERANCE:
        return verdict
    missing = tuple(f"{side}.ground" for side, variance in by_ground.items() if variance > 0.0)
    if not missing:
        return verdict
    note = ground_words(math.sqrt(sum(by_ground.values())))
    return replace(verdict, missing=(*verdict.missing, *missing), words=with_note(verdict.words, note))


def _ground_variance(placed: PlacedWork, run: int, measure: Measure) -> float:
    """What the ground adds to the variance of what is measured of new run ``run``; 0 where the work says the ground.

    It is part of the levels of a run that is laid at a cover, and of the cover of one that is laid on levels.
    """
    if placed.ground[run] is GroundSource.WORK:
        return 0.0
    level, cover = float(placed.runs.sigma_level_m[run]), float(placed.cover_sigma_m[run])
    by_ground = cover**2 - level**2 if measure is Measure.COVER else level**2 - cover**2
    return max(by_ground, 0.0)
