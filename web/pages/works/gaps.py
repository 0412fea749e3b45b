"""Where nobody looked, by kind of line, in words: which lines and excavations of the work, and what parts of them."""

from collections.abc import Iterable, Mapping

from web.language import Speaker
from xzgis.conflicts.reports.labels import part_word
from xzgis.conflicts.reports.sections.speech import station
from xzgis.conflicts.rules.findings import hole_name, run_name
from xzgis.conflicts.terms import NotCovered

NOISE_M = 0.05
"""What is shown of a chainage; a part that misses an end by no more is all of it."""


def gap_words(
    say: Speaker, not_covered: Iterable[NotCovered], lengths_m: Mapping[str, float]
) -> dict[str, str]:
    """By kind, in their order, the parts of the work where nobody looked for it.

    Parameters
    ----------
    lengths_m
        Length of every part of the work by its name, see :func:`part_lengths_m`; a work of one part does not name it.
    """
    found: dict[str, dict[str, list[tuple[float, float]]]] = {}
    for gap in not_covered:
        found.setdefault(gap.kind, {}).setdefault(gap.run, []).append(gap.chainage_m)
    return {kind: _of_kind(say, by_part, lengths_m) for kind, by_part in found.items()}


def part_lengths_m(runs_m: Iterable[float], outlines_m: Iterable[float]) -> dict[str, float]:
    """Lengths of the lines and of the outlines of the excavations of a work, by the names that findings have."""
    lines = {run_name(number): length for number, length in enumerate(runs_m)}
    return lines | {hole_name(number): length for number, length in enumerate(outlines_m)}


def _of_kind(
    say: Speaker, by_part: Mapping[str, list[tuple[float, float]]], lengths_m: Mapping[str, float]
) -> str:
    whole = [name for name, parts in by_part.items() if _is_whole(parts, lengths_m.get(name))]
    if len(lengths_m) > 1 and set(whole) == set(lengths_m):
        return say("works.whole_work")
    told = []
    for name, parts in by_part.items():
        said = _whole(say, name) if name in whole else _joined(say, parts)
        named = len(lengths_m) > 1 or name not in lengths_m
        told.append(say("works.gap_of", part=part_word(name, say.language), where=said) if named else said)
    return ("；" if say.language == "zh" else "; ").join(told)


def _is_whole(parts: list[tuple[float, float]], length_m: float | None) -> bool:
    if length_m is None or len(parts) != 1:
        return False
    return parts[0][0] <= NOISE_M and parts[0][1] >= length_m - NOISE_M


def _whole(say: Speaker, name: str) -> str:
    return say("works.whole_hole" if name.startswith("hole:") else "works.whole_length")


def _joined(say: Speaker, parts: list[tuple[float, float]]) -> str:
    said = (f"{station(first)} – {station(last)}" for first, last in parts)
    return ("，" if say.language == "zh" else ", ").join(said)
