"""Which one fact would settle what cannot be judged."""

from collections.abc import Callable, Iterable, Sequence

from xzgis.conflicts.rules.book import Requirement
from xzgis.conflicts.rules.verdict import Asked, Range, outcome_of
from xzgis.conflicts.terms import Outcome

Trial = Callable[[], Iterable[Outcome]]
SURE_STEPS = (0.0, 0.5, 1.0)


def most_telling(trials: Sequence[tuple[str, Trial]]) -> tuple[str, ...]:
    """The one fact that would settle it, whatever it turns out to be; without such a fact all, most telling first.

    A trial gives the outcomes that remain possible when its fact is known, one per value: the larger the share
    of definite ones, the more telling.
    """
    scored = []
    for order, (fact, trial) in enumerate(trials):
        outcomes = list(trial())
        definite = sum(outcome is not Outcome.CANNOT_JUDGE for outcome in outcomes)
        scored.append((-definite / len(outcomes), order, fact))
    scored.sort()
    if scored and scored[0][0] == -1.0:
        return (scored[0][2],)
    return tuple(fact for _, _, fact in scored)


def fact_trials(
    requirement: Requirement, gap_m: Range, sigma_m: float, factor: float, widths: tuple[Range, Range]
) -> list[tuple[str, Trial]]:
    """A trial for every fact of the tables that is not known."""

    def trial(fact: str) -> Trial:
        def outcomes() -> Iterable[Outcome]:
            for given in requirement.given(fact):
                asked = Asked(given.range_m(*widths), beyond=given.beyond, reached=bool(given.reached))
                yield outcome_of(gap_m, sigma_m, asked, factor)

        return outcomes

    return [(fact, trial(fact)) for fact in requirement.unknown]


def gap_trial(gap_m: Range, spread_m: float, sigma_m: float, asked: Asked, factor: float) -> Trial:
    """A trial for a fact that narrows the gap by ``spread_m``: an outer size, a depth."""

    def outcomes() -> Iterable[Outcome]:
        for step in SURE_STEPS:
            low = gap_m[0] + step * spread_m
            high = gap_m[1] - (1.0 - step) * spread_m
            yield outcome_of((low, max(low, high)), sigma_m, asked, factor)

    return outcomes
