"""What an actor may see of the register: plain values, carried once per request (applied by ``core/lens.py``)."""

from dataclasses import dataclass
from typing import Literal

Precision = Literal["exact", "corridor", "hidden"]


@dataclass(frozen=True, slots=True)
class DataRight:
    """One row of what a post may see; None means whatever.

    Attributes
    ----------
    kinds, owners, life_states
        Which lines.
    area_id
        Area whose boundary a line must lie in; None is everywhere.
    secrecy
        The highest grade of secrecy it reaches, 0 to 3.
    precision
        ``exact``; ``corridor`` (kind and place to the grid step); ``hidden`` takes away what other rows give.
    attributes
        Groups of attributes shown with an exact line.
    """

    precision: Precision
    kinds: frozenset[str] | None = None
    area_id: int | None = None
    owners: frozenset[str] | None = None
    life_states: frozenset[str] | None = None
    secrecy: int = 0
    attributes: frozenset[str] | None = None

    @property
    def is_whole(self) -> bool:
        """Whether it reaches every line, everywhere, in every state, with everything known of it; up to its grade."""
        limits = (self.kinds, self.area_id, self.owners, self.life_states, self.attributes)
        return self.precision == "exact" and all(limit is None for limit in limits)


@dataclass(frozen=True, slots=True)
class Sight:
    """Everything an actor may see together: the best of his rights, less what hidden ones take away.

    ``step_m``: nothing that is not exact is told better than a grid of this width, metres.
    """

    rights: tuple[DataRight, ...]
    step_m: float

    @property
    def key(self) -> str:
        """Equal for equal rights, for what is kept in memory."""
        return repr([sorted(map(_told, self.rights)), self.step_m])

    @property
    def grade(self) -> int:
        """The highest grade of secrecy that any of the rights reaches."""
        return max((right.secrecy for right in self.rights if right.precision != "hidden"), default=0)

    def is_whole_of(self, kind: str) -> bool:
        """Whether every line of ``kind`` is shown exactly, wherever it lies, but for those of a higher grade."""
        whole = any(
            (right.kinds is None or kind in right.kinds)
            and all(limit is None for limit in (right.area_id, right.owners, right.life_states))
            for right in self.of("exact")
        )
        return whole and not any(right.kinds is None or kind in right.kinds for right in self.of("hidden"))

    @property
    def is_whole(self) -> bool:
        """Whether every line of every kind is shown exactly, but for those of a higher grade of secrecy."""
        return self.whole_to is not None

    @property
    def whole_to(self) -> int | None:
        """The grade of secrecy up to which every line of every kind is shown exactly; None where some are not at all."""
        grades = [right.secrecy for right in self.of("exact") if right.is_whole]
        return None if not grades or self.of("hidden") else max(grades)

    def of(self, precision: Precision) -> tuple[DataRight, ...]:
        """The rights of one precision."""
        return tuple(right for right in self.rights if right.precision == precision)


def _told(right: DataRight) -> str:
    sets = (right.kinds, right.owners, right.life_states, right.attributes)
    named = [None if each is None else sorted(each) for each in sets]
    return repr((right.precision, named, right.area_id, right.secrecy))
