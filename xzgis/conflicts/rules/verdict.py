"""From a gap, its uncertainty and what is asked to one of the outcomes of the design."""

import math
from dataclasses import dataclass

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.terms import Outcome

OUTCOMES = tuple(Outcome)
Range = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked: mildest and strictest figure; ``beyond``: the tables may ask more than they print.

    ``reached`` is False when no figure exists at all; ``kind_known`` is False for an unidentified line.
    """

    range_m: Range
    beyond: bool = False
    reached: bool = True
    kind_known: bool = True


def reading_outcome(gap_m: float, sigma_m: float, required_m: float, factor: float) -> Outcome:
    """The outcome of one reading in which everything is known; exactly the least gap is clear."""
    if gap_m - factor * sigma_m >= required_m - EQUAL_M:
        return Outcome.CLEAR
    if gap_m + factor * sigma_m < required_m - EQUAL_M:
        return Outcome.BREACH
    return Outcome.WITHIN_TOLERANCE


def outcome_of(gap_m: Range, sigma_m: float, asked: Asked, factor: float) -> Outcome:
    """The outcome over all readings between the mildest and the strictest.

    A breach in every reading is one, clear in every reading is clear; a breach in some only cannot be judged. What
    no reading finds a breach and some not clear is within tolerance: so the outcome never gets worse as the gap
    grows, and the nearest place speaks for a whole stretch, wherever it is cut.

    Parameters
    ----------
    gap_m
        Smallest and largest possible gap; infinite where nothing is known.
    factor
        k of: clear when gap - k sigma >= required.
    """
    if not asked.reached:
        return Outcome.REFER if asked.kind_known else Outcome.CANNOT_JUDGE
    mild = reading_outcome(gap_m[1], sigma_m, asked.range_m[0], factor)
    if mild is Outcome.BREACH:
        return mild
    strict = reading_outcome(gap_m[0], sigma_m, asked.range_m[1], factor)
    return Outcome.CANNOT_JUDGE if asked.beyond or strict is Outcome.BREACH else strict


def is_open(gap_m: Range, sigma_m: float, asked: Asked, factor: float) -> bool:
    """Whether the outcome hangs on what is not known: a breach in some readings only, or clear in some only.

    Parameters as in :func:`outcome_of`. What some readings find within tolerance and others clear has the outcome
    within tolerance (decision 0039); it is as open as what cannot be judged.
    """
    outcome = outcome_of(gap_m, sigma_m, asked, factor)
    if outcome is not Outcome.WITHIN_TOLERANCE:
        return outcome is Outcome.CANNOT_JUDGE
    return reading_outcome(gap_m[1], sigma_m, asked.range_m[0], factor) is Outcome.CLEAR


def breach_probability(gap_m: float, sigma_m: float, required_m: float) -> float:
    """Probability that the true gap is below what is asked, the measured one being normal about it."""
    short_m = required_m - gap_m
    if sigma_m == 0.0:
        return 1.0 if short_m > EQUAL_M else 0.0
    return 0.5 * math.erfc(-short_m / (sigma_m * math.sqrt(2.0)))


def rounded(value: float, digits: int = 3) -> float:
    """``value`` for output: 1 mm, after noise below a micrometre is taken away; never minus zero."""
    return round(round(value, 6), digits) + 0.0


def rounded_up(value: float) -> float:
    """A change to be made, for output: up to the next millimetre, so that what is done as told is enough."""
    return math.ceil(round(value * 1000.0, 3)) / 1000.0 + 0.0
