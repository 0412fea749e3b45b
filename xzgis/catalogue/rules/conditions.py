"""Whether the conditions of a rule hold for a line: yes, no, or unknown. Unknown is never no."""

from collections.abc import Iterable
from typing import Protocol

from xzgis.catalogue.terms import Catalogue, Condition


class LineFacts(Protocol):
    """The facts rules ask for; None means unknown (see :class:`xzgis.networks.terms.Conditions`)."""

    @property
    def kind(self) -> str:
        """Kind token."""

    @property
    def pressure_class(self) -> str | None:
        """Token of the pressure class."""

    @property
    def voltage_kv(self) -> float | None:
        """Voltage, kV."""

    @property
    def burial(self) -> str | None:
        """Token of the burial method."""

    @property
    def material(self) -> str | None:
        """Token of the material."""

    @property
    def nominal_mm(self) -> float | None:
        """Nominal diameter, mm."""

    @property
    def method(self) -> str | None:
        """How it is or was laid."""


#: Facts that are tokens, and the code list that knows which of them stand for several.
LISTS = {"pressure_class": "pressure_class", "burial": "burial", "material": "material"}


def conditions_hold(catalogue: Catalogue, tokens: str | Iterable[str], facts: LineFacts) -> bool | None:
    """Whether every condition of ``tokens`` holds.

    Parameters
    ----------
    tokens
        Condition tokens, or a string of them joined by ';'; empty always holds.

    Returns
    -------
    holds
        None when some fact is missing and no other condition fails.
    """
    names = tokens.split(";") if isinstance(tokens, str) else tokens
    return _all(condition_holds(catalogue, catalogue.conditions[name], facts) for name in names if name)


def condition_holds(catalogue: Catalogue, condition: Condition, facts: LineFacts) -> bool | None:
    """Whether one condition holds; None when it cannot be told."""
    tests: list[bool | None] = []
    if condition.attribute is not None:
        tests.append(_attribute_holds(catalogue, condition, getattr(facts, condition.attribute)))
    if condition.all_of:
        tests.append(conditions_hold(catalogue, condition.all_of, facts))
    if condition.any_of:
        tests.append(_any(conditions_hold(catalogue, (name,), facts) for name in condition.any_of))
    return _all(tests)


def _all(tests: Iterable[bool | None]) -> bool | None:
    found = list(tests)
    if False in found:
        return False
    return None if None in found else True


def _any(tests: Iterable[bool | None]) -> bool | None:
    found = list(tests)
    if True in found:
        return True
    return None if None in found else False


def _attribute_holds(catalogue: Catalogue, condition: Condition, value: str | float | None) -> bool | None:
    if value is None:
        return None
    if not isinstance(value, str):
        return _number_holds(condition, float(value))
    readings = possible_tokens(catalogue, condition.attribute or "", value)
    if not readings.isdisjoint(condition.unknown_values):
        return None
    inside = readings & set(condition.values) if condition.values else readings
    inside -= set(condition.not_values)
    if not inside:
        return False
    return True if inside == readings else None


def _number_holds(condition: Condition, value: float) -> bool:
    return (
        (condition.at_least is None or value >= condition.at_least)
        and (condition.above is None or value > condition.above)
        and (condition.below is None or value < condition.below)
        and (condition.at_most is None or value <= condition.at_most)
    )


def possible_tokens(catalogue: Catalogue, attribute: str, token: str) -> set[str]:
    """The tokens that ``token`` may stand for: medium is medium_A or medium_B; most stand for themselves."""
    for entry in catalogue.codes.get(LISTS.get(attribute, ""), ()):
        if entry.token == token and entry.one_of:
            return set(entry.one_of)
    return {token}


def rule_kinds_of(catalogue: Catalogue, facts: LineFacts) -> tuple[str, ...]:
    """The kinds under which a line is asked in the rule tables; empty: the tables do not reach it.

    Heat or power in a channel is asked as trench as well (GB 50289-2016 table 4.1.9, row 管沟). With the
    burial unknown the further kinds are not included: the conditions of the first kind are unknown then.
    """
    kind = catalogue.kinds.get(facts.kind)
    if kind is None:
        return (facts.kind,) if facts.kind in catalogue.rule_kinds else ()
    further = kind.rule_kind_by_burial.get(facts.burial or "")
    return tuple(name for name in (kind.rule_kind, further) if name is not None)


def surface_holds(catalogue: Catalogue, rule_surface: str, surface: str | None) -> bool | None:
    """Whether a cover rule for ``rule_surface`` speaks of ``surface``; None when the surface is unknown."""
    if surface is None:
        return None
    for entry in catalogue.codes.get("surface", ()):
        if entry.token == rule_surface and entry.one_of:
            return surface in entry.one_of
    return surface == rule_surface
