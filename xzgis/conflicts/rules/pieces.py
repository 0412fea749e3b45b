"""Parts of a run below what is asked, from three levels of the same measure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.terms import Outcome


@dataclass(frozen=True, slots=True)
class Piece:
    """A judged part: chainages, smallest gap in it, and the side on which the other lies.

    ``within_m``: parts within tolerance that go with a breach. ``is_open``: facts that are not known decide; of them
    ``is_excused``: some reading explains the part whole.
    """

    span_m: Range
    gap_m: Range
    outcome: Outcome
    side: float = 0.0
    within_m: tuple[Range, ...] = ()
    is_open: bool = False
    is_excused: bool = False


def layered(
    mild: Sequence[Range] | None,
    strict: Sequence[Range],
    reach: Sequence[Range],
    judged: Callable[[Range], Piece],
    judged_beyond: Callable[[Range], Piece] | None = None,
) -> list[Piece]:
    """Judge stretches level by level, so that no part below what may be asked is left unsaid.

    Parameters
    ----------
    mild, strict
        Maximal intervals below the mildest and the strictest figure; ``mild`` is None when they are the same.
    reach
        Maximal intervals that are not clear for certain; one without a stretch in it is judged by itself, by
        ``judged_beyond`` where that is given.
    """
    if mild is None:
        pieces = [judged(part) for part in strict]
    else:
        pieces = [piece for piece in map(judged, mild) if piece.outcome is Outcome.BREACH]
        pieces += [judged(part) for part in subtract(strict, [piece.span_m for piece in pieces])]
    spoken = [piece.span_m for piece in pieces]
    beyond = judged if judged_beyond is None else judged_beyond
    pieces += [beyond(part) for part in reach if not any(_touch(part, span) for span in spoken)]
    return _folded([piece for piece in pieces if piece.outcome is not Outcome.CLEAR], reach)


def _folded(pieces: Sequence[Piece], reach: Sequence[Range]) -> list[Piece]:
    """What is within tolerance goes with the nearest breach that no certainly clear part keeps apart from it."""
    breaches = [at for at, piece in enumerate(pieces) if piece.outcome is Outcome.BREACH]
    with_breach: dict[int, list[Range]] = {}
    kept: list[int] = []
    for at, piece in enumerate(pieces):
        beside = [part for part in reach if _touch(part, piece.span_m)]
        near = [k for k in breaches if any(_touch(part, pieces[k].span_m) for part in beside)]
        if piece.outcome is Outcome.WITHIN_TOLERANCE and near:
            nearest = min(near, key=lambda k: (_apart_m(pieces[k].span_m, piece.span_m), pieces[k].span_m))
            with_breach.setdefault(nearest, []).append(piece.span_m)
        else:
            kept.append(at)
    return [replace(pieces[at], within_m=tuple(sorted(with_breach.get(at, ())))) for at in kept]


def _apart_m(a: Range, b: Range) -> float:
    return max(a[0] - b[1], b[0] - a[1], 0.0)


def _touch(a: Range, b: Range) -> bool:
    return a[0] <= b[1] + EQUAL_M and b[0] <= a[1] + EQUAL_M
