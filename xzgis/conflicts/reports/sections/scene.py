"""What a section or a profile shows, in metres; nothing here knows about paper."""

from dataclasses import dataclass, field
from typing import Literal

Tone = Literal["bad", "warn", "ask", "plain"]


@dataclass(frozen=True, slots=True)
class Mark:
    """A line seen in the cut.

    Attributes
    ----------
    at_m
        Along the horizontal axis.
    width_m
        As seen in the cut, the angle taken into account; None when unknown.
    crown_m, bottom_m
        Levels of the outer envelope; None when unknown: then the mark stands in the band of unknown depth.
    sentence
        The mark in words, for readers who do not see it.
    """

    id: str
    at_m: float
    width_m: float | None
    crown_m: float | None
    bottom_m: float | None
    is_round: bool
    colour: str
    caption: str
    note: str
    sentence: str
    tone: Tone = "plain"
    is_new: bool = False
    href: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """A measured gap: from the wall of one mark to the wall of another, with the figures.

    Attributes
    ----------
    along
        The way it is measured: ``across`` level, ``down`` upright.
    to_id
        The other mark; empty when it is measured to ``to_level_m``, the ground above.
    """

    from_id: str
    to_id: str
    text: str
    tone: Tone = "bad"
    along: Literal["across", "down"] = "across"
    to_level_m: float | None = None


@dataclass(frozen=True, slots=True)
class Strip:
    """The body of a run seen from the side: crown and bottom along the horizontal axis."""

    at_m: tuple[float, ...]
    crown_m: tuple[float | None, ...]
    bottom_m: tuple[float | None, ...]
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch of the horizontal axis that a finding speaks of."""

    id: str
    number: str
    from_m: float
    to_m: float
    tone: Tone
    text: str


@dataclass(frozen=True, slots=True)
class DrawingWords:
    """Labels that every drawing has; ``scale`` speaks of ``{scale}`` and ``{times}``, ``equal`` of ``{scale}``."""

    unknown_depth: str
    level_axis: str
    scale: str
    equal: str = ""


@dataclass(frozen=True)
class Scene:
    """A section or profile before it is laid on paper. Levels on the 1985 datum."""

    title: str
    length_m: float
    axis_label: str
    words: DrawingWords
    ground: tuple[tuple[float, float], ...] = ()
    ground_words: str = ""
    marks: tuple[Mark, ...] = ()
    links: tuple[Link, ...] = ()
    strips: tuple[Strip, ...] = ()
    bars: tuple[Bar, ...] = ()
    cursor_m: float | None = None
    is_chainage: bool = False
    description: str = field(default="")
