"""Parts of a run below what is asked, from three levels of the same measure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.terms import Outcome


@dataclass(frozen=True, slots=True)
class Piece:
    """A judged part: chainages, smallest gap in it, and the side on which the other lies."""

    span_m: Range
    gap_m: Range
    outcome: Outcome
    side: float = 0.0


def layered(
    mild: Sequence[Range] | None,
    strict: Sequence[Range],
    reach: Sequence[Range],
    judged: Callable[[Range], Piece],
) -> list[Piece]:
    """Judge stretches level by level, so that no part below what may be asked is left unsaid.

    Parameters
    ----------
    mild, strict
        Maximal intervals below the mildest and the strictest figure; ``mild`` is None when they are the same.
    reach
        Maximal intervals that are not clear for certain; one without a stretch in it is judged by itself.
    """
    if mild is None:
        pieces = [judged(part) for part in strict]
    else:
        pieces = [piece for piece in map(judged, mild) if piece.outcome is Outcome.BREACH]
        pieces += [judged(part) for part in subtract(strict, [piece.span_m for piece in pieces])]
    spoken = [piece.span_m for piece in pieces]
    pieces += [judged(part) for part in reach if not any(_touch(part, span) for span in spoken)]
    return [piece for piece in pieces if piece.outcome is not Outcome.CLEAR]


def _touch(a: Range, b: Range) -> bool:
    return a[0] <= b[1] + EQUAL_M and b[0] <= a[1] + EQUAL_M
