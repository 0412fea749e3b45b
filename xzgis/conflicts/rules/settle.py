"""Which one fact would settle what readings judge in different ways."""

from collections.abc import Callable, Iterable, Sequence

from xzgis.conflicts.rules.book import Requirement
from xzgis.conflicts.rules.verdict import Asked, Range, is_open

Trial = Callable[[], Iterable[bool]]
"""Whether the verdict stays open, for each value that its fact may turn out to have."""
SURE_STEPS = (0.0, 0.5, 1.0)


def most_telling(trials: Sequence[tuple[str, Trial]]) -> tuple[str, ...]:
    """The one fact that would settle it, whatever it turns out to be; without such a fact all, most telling first.

    The larger the share of values of its fact that leave nothing open, the more telling a trial.
    """
    scored = []
    for order, (fact, trial) in enumerate(trials):
        stays_open = list(trial())
        scored.append((sum(stays_open) / len(stays_open) - 1.0, order, fact))
    scored.sort()
    if scored and scored[0][0] == -1.0:
        return (scored[0][2],)
    return tuple(fact for _, _, fact in scored)


def fact_trials(
    requirement: Requirement, gap_m: Range, sigma_m: float, factor: float, widths: tuple[Range, Range]
) -> list[tuple[str, Trial]]:
    """A trial for every fact of the tables that is not known."""

    def trial(fact: str) -> Trial:
        def stays_open() -> Iterable[bool]:
            for given in requirement.given(fact):
                asked = Asked(given.range_m(*widths), beyond=given.beyond, reached=bool(given.reached))
                yield is_open(gap_m, sigma_m, asked, factor)

        return stays_open

    return [(fact, trial(fact)) for fact in requirement.unknown]


def gap_trial(gap_m: Range, spread_m: float, sigma_m: float, asked: Asked, factor: float) -> Trial:
    """A trial for a fact that narrows the gap by ``spread_m``: an outer size, a depth."""

    def stays_open() -> Iterable[bool]:
        for step in SURE_STEPS:
            low = gap_m[0] + step * spread_m
            high = gap_m[1] - (1.0 - step) * spread_m
            yield is_open((low, max(low, high)), sigma_m, asked, factor)

    return stays_open
