"""The line of the ground in a section and in a long profile, and the words that say where it comes from.

At a new run the ground is what the check took there, in both drawings alike. To its sides a section shows the
ground as it lies, from the sources of the check; where these were not asked, the levels at the lines crossed.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.conflicts.reports.sections.speech import Speech
from xzgis.networks.rules.cut import CutHit
from xzgis.networks.terms import FloatArray
from xzgis.works.rules.levels import along
from xzgis.works.terms import GroundAlong, GroundSource

CROSSED = "crossed"
BESIDE_M = 1.0
"""So near to a new run its own ground is drawn, and nothing else."""


@dataclass(frozen=True, slots=True)
class GroundLine:
    """Places along the horizontal axis with their levels, metres, and the words for where they come from."""

    points: tuple[tuple[float, float], ...]
    words: str

    def at(self, along_m: float) -> float | None:
        """The level drawn at a place, metres; None where the line does not reach."""
        if not self.points or not self.points[0][0] <= along_m <= self.points[-1][0]:
            return None
        along, level = zip(*self.points, strict=True)
        return float(np.interp(along_m, along, level))


def ground_of_profile(
    say: Speech, stations: FloatArray, level_m: FloatArray, source: GroundSource
) -> GroundLine:
    """The ground ``(n,)`` along a new run at the chainages ``(n,)``; NaN is left out, and said where the line joins over it."""
    points = _known(stations, level_m)
    words = _words(say, [source.value] if points else [], None)
    known = np.flatnonzero(~np.isnan(level_m))
    if len(known) and len(known) < known[-1] - known[0] + 1:
        words = say("ground_between", ground=words)
    return GroundLine(points, words)


def ground_of_section(
    say: Speech,
    *,
    mine: Sequence[CutHit],
    found: Sequence[CutHit],
    sources: Sequence[GroundSource],
    beside: GroundAlong | None,
) -> GroundLine:
    """The ground across a cut.

    Parameters
    ----------
    mine, found
        New and existing runs in the cut.
    sources
        Where the ground of each new run comes from, in the order of the work.
    beside
        The ground along the cut as it lies; None: the levels at ``found`` stand for it.
    """
    own = [(hit.offset_m, hit.ground_m, hit.run.run_id) for hit in mine if hit.ground_m is not None]
    at_own = [at for at, _, _ in own]
    around = _around(beside, at_own) if beside is not None else _crossed(found)
    apart = [each for each in around if all(abs(each[0] - at) > BESIDE_M - 1e-9 for at in at_own)]
    told = [sources[-number - 1].value for _, _, number in own]
    outside = None if not apart else CROSSED if beside is None else beside.source.value
    points = sorted([*((at, level) for at, level, _ in own), *apart])
    return GroundLine(tuple(points), _words(say, told, outside))


def _around(beside: GroundAlong, own: Sequence[float]) -> list[tuple[float, float]]:
    """The points of the ground along the cut, with two more where the ground of each new run begins and ends."""
    edges = np.array([at + side * BESIDE_M for at in own for side in (-1.0, 1.0)])
    level = along(edges, beside.chainage_m, beside.level_m) if len(edges) else edges
    return [*_known(beside.chainage_m, beside.level_m), *_known(edges, level)]


def _crossed(found: Sequence[CutHit]) -> list[tuple[float, float]]:
    return [(hit.offset_m, hit.ground_m) for hit in found if hit.ground_m is not None]


def _known(at: FloatArray, level_m: FloatArray) -> tuple[tuple[float, float], ...]:
    return tuple(
        (float(each), float(level)) for each, level in zip(at, level_m, strict=True) if not np.isnan(level)
    )


def _words(say: Speech, own: Sequence[str], outside: str | None) -> str:
    """One source for all of it, or that at the new run and that beside it."""
    within = list(dict.fromkeys(own))
    sources = list(dict.fromkeys([*within, *([outside] if outside else [])]))
    if not sources:
        return say("ground_unknown")
    if len(sources) == 1:
        return say("ground", source=say(f"ground_from.{sources[0]}"))
    if not within:
        return say("ground", source=say(f"ground_from.{outside}"))
    here = say("listed").join(say(f"ground_from.{each}") for each in within)
    if outside is None:
        return say("ground", source=here)
    return say("ground_two", here=here, beside=say(f"ground_from.{outside}"))
