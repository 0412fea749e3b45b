"""How far beside a new run somebody must have looked before nothing there means that nothing is there."""

from collections.abc import Mapping, Sequence

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.columns import MM_PER_M
from xzgis.networks.terms import Conditions, FloatArray, Method, RunColumns


def survey_reaches_m(runs: RunColumns, kinds: Sequence[str], book: RuleBook) -> dict[str, list[float]]:
    """By kind the distance from the axis of each run inside which a line of it would be a finding, metres.

    Half the outer width of the run, k sigma of its place, and the larger of two: the strictest clearance that
    the tables may ask between it and a line of which nothing but the kind is known; the working space of its
    trench, where it is dug open (a run without a method is). Definition: docs/conflicts.md.
    """
    sigma = book.catalogue.limits.sigma_factor * runs.sigma_plan_m
    own = [
        (float(width), float(width) / 2.0 + float(vague))
        for width, vague in zip(runs.width_m[:, 1], sigma, strict=True)
    ]
    facts = [runs.conditions[condition] for condition in runs.condition.tolist()]
    working_m = book.catalogue.limits.values["dig_working_space_m"]
    dug = [working_m if fact.method in (None, Method.OPEN_CUT) else 0.0 for fact in facts]
    return {
        kind: [
            half + max(trench, _asked_m(book, fact, kind, width))
            for (width, half), fact, trench in zip(own, facts, dug, strict=True)
        ]
        for kind in kinds
    }


def farthest_m(reaches_m: Mapping[str, Sequence[float]], runs: int) -> FloatArray:
    """``(n,)`` the farthest of the reaches by kind for each of ``runs``."""
    farthest: FloatArray = np.array([*reaches_m.values(), [0.0] * runs]).max(axis=0)
    return farthest


def _asked_m(book: RuleBook, facts: Conditions, kind: str, width_m: float) -> float:
    """The strictest clearance of a run and a line of ``kind``; as far as the tables may ask where they end."""
    key = (facts, kind, width_m)
    if key not in book.sought_m:
        requirement = book.horizontal(facts, Conditions(kind))
        other_m = largest_width_m(book.catalogue, kind)
        strict_m = requirement.range_m((width_m, width_m), (other_m, other_m))[1]
        book.sought_m[key] = max(strict_m, requirement.search_m) if requirement.beyond else strict_m
    return book.sought_m[key]


def largest_width_m(catalogue: Catalogue, kind: str) -> float:
    """The largest plausible outer width of a line of ``kind``, metres."""
    return float(catalogue.kinds[kind].plausible_outer_width_mm[1]) / MM_PER_M
