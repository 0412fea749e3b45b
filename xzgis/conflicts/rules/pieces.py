"""Parts of a run below what is asked, from three levels of the same measure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.terms import Outcome

_WORST_FIRST = (
    Outcome.BREACH,
    Outcome.CANNOT_JUDGE,
    Outcome.REFER,
    Outcome.WITHIN_TOLERANCE,
    Outcome.CLEAR,
)


@dataclass(frozen=True, slots=True)
class Piece:
    """A judged part: chainages, smallest gap in it, and the side on which the other lies.

    ``within_m``, ``open_m``: parts within tolerance, and that cannot be judged, that go with a breach.
    ``is_open``: facts that are not known decide; of them ``is_excused``: some reading explains the part whole.
    """

    span_m: Range
    gap_m: Range
    outcome: Outcome
    side: float = 0.0
    within_m: tuple[Range, ...] = ()
    open_m: tuple[Range, ...] = ()
    is_open: bool = False
    is_excused: bool = False


def layered(
    mild: Sequence[Range] | None,
    strict: Sequence[Range],
    reach: Sequence[Range],
    judged: Callable[[Range], Piece],
    judged_beyond: Callable[[Range], Piece] | None = None,
    places: Sequence[Range] | None = None,
) -> list[Piece]:
    """Judge stretches level by level, so that no part below what may be asked is left unsaid.

    Parameters
    ----------
    mild, strict
        Maximal intervals below the mildest and the strictest figure; ``mild`` is None when they are the same.
    reach
        Maximal intervals that are not clear for certain; one without a stretch in it is judged by itself, by
        ``judged_beyond`` where that is given.
    places
        Parts that somebody sees as one place, which hold all others; each is said once, by its worst.
    """
    if mild is None:
        pieces = [judged(part) for part in _whole(strict, places, ())]
    else:
        pieces = [piece for piece in map(judged, mild) if piece.outcome is Outcome.BREACH]
        spans = [piece.span_m for piece in pieces]
        # Between breaches of one place, what every reading explains stays out.
        pieces += [judged(part) for part in _whole(subtract(strict, spans), places, spans)]
    spoken = [piece.span_m for piece in pieces]
    beyond = judged if judged_beyond is None else judged_beyond
    rest = [part for part in reach if not any(_touch(part, span) for span in spoken)]
    pieces += [beyond(part) for part in _whole(rest, places, spoken)]
    found = [piece for piece in pieces if piece.outcome is not Outcome.CLEAR]
    if places is None:
        return _folded(found, reach)
    return _folded(_one_each(found, places), places, folds=(Outcome.WITHIN_TOLERANCE, Outcome.CANNOT_JUDGE))


def hulls(parts: Sequence[Range], places: Sequence[Range]) -> list[Range]:
    """The parts of one place as one, from the first to the last of them."""
    held: dict[Range, Range] = {}
    for low, high in parts:
        place = next((place for place in places if _touch(place, (low, high))), (low, high))
        first, last = held.get(place, (low, high))
        held[place] = min(first, low), max(last, high)
    return sorted(held.values())


def _whole(
    parts: Sequence[Range], places: Sequence[Range] | None, spoken: Sequence[Range]
) -> Sequence[Range]:
    return parts if places is None else hulls(parts, subtract(places, spoken))


def _one_each(pieces: Sequence[Piece], places: Sequence[Range]) -> list[Piece]:
    """One piece for every place that has no breach: the worst of it, of those the one with the least gap."""
    kept, lesser = [], list(pieces)
    for place in places:
        here = [piece for piece in lesser if _touch(place, piece.span_m)]
        if not here:
            continue
        lesser = [piece for piece in lesser if piece not in here]
        if any(piece.outcome is Outcome.BREACH for piece in here):
            kept += here
            continue
        worst = min(here, key=lambda one: (_WORST_FIRST.index(one.outcome), one.gap_m))
        whole = min(one.span_m[0] for one in here), max(one.span_m[1] for one in here)
        kept.append(replace(worst, span_m=whole))
    return kept + lesser


def _folded(
    pieces: Sequence[Piece],
    reach: Sequence[Range],
    folds: Sequence[Outcome] = (Outcome.WITHIN_TOLERANCE,),
) -> list[Piece]:
    """What is within tolerance goes with the nearest breach that no certainly clear part keeps apart from it."""
    breaches = [at for at, piece in enumerate(pieces) if piece.outcome is Outcome.BREACH]
    with_breach: dict[int, list[Piece]] = {}
    kept: list[int] = []
    for at, piece in enumerate(pieces):
        beside = [part for part in reach if _touch(part, piece.span_m)]
        near = [k for k in breaches if any(_touch(part, pieces[k].span_m) for part in beside)]
        if piece.outcome in folds and near:
            nearest = min(near, key=lambda k: (_apart_m(pieces[k].span_m, piece.span_m), pieces[k].span_m))
            with_breach.setdefault(nearest, []).append(piece)
        else:
            kept.append(at)
    return [
        replace(
            pieces[at],
            within_m=_of(Outcome.WITHIN_TOLERANCE, with_breach.get(at, ())),
            open_m=_of(Outcome.CANNOT_JUDGE, with_breach.get(at, ())),
        )
        for at in kept
    ]


def _of(outcome: Outcome, pieces: Sequence[Piece]) -> tuple[Range, ...]:
    return tuple(sorted(piece.span_m for piece in pieces if piece.outcome is outcome))


def _apart_m(a: Range, b: Range) -> float:
    return max(a[0] - b[1], b[0] - a[1], 0.0)


def _touch(a: Range, b: Range) -> bool:
    return a[0] <= b[1] + EQUAL_M and b[0] <= a[1] + EQUAL_M
