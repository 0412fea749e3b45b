"""What a record loses when the batch is undone from which it kept a fact that its own delivery did not tell.

An earlier batch that stands may know the fact as well. Of a point its word counts whatever it is: an absent chamber makes
a check blind. Of a line it counts where it says the same alone: the pipe of the undone batch may have been another one,
and an unknown mark makes a check stricter (decision 0079).
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from xzgis.networks.rules.known_facts import LINE_FACTS, POINT_FACTS, Telling, origin_key, origin_of

_THING = "appurtenance"


@dataclass(frozen=True)
class Version:
    """One version of a record: its batch, its facts (with ``ground_m`` of points) and its attributes."""

    batch_id: int | None
    facts: Mapping[str, Any]
    attributes: Mapping[str, Any]


def owed(version: Version, facts: Mapping[str, str], undone: Collection[str]) -> list[str]:
    """The facts, of :data:`POINT_FACTS` or :data:`LINE_FACTS`, that the version has from one of the origins ``undone``."""
    return [name for name, word in facts.items() if version.attributes.get(origin_key(word)) in undone]


def without_owed(
    version: Version, before: Sequence[Version], undone: Collection[str], telling: Telling, *, is_line: bool
) -> dict[str, Any]:
    """Facts and attributes of the version without what it owes to the origins ``undone``.

    ``before``: versions of batches that stand and came before, the youngest first. ``telling``: which attributes hold the
    delivered words of which facts.
    """
    words = LINE_FACTS if is_line else POINT_FACTS
    facts = {name: version.facts[name] for name in words}
    attributes = dict(version.attributes)
    for name in owed(version, words, undone):
        key, heads = origin_key(words[name]), [head for head, told in telling.items() if name in told]
        for gone in (key, *heads):
            attributes.pop(gone, None)
        facts[name] = None
        source = _source(version, before, name, undone, is_line=is_line)
        # A depth stays with the thing it was measured of.
        if source is None or (name == "chamber_depth_m" and source.facts[_THING] != facts[_THING]):
            continue
        facts[name] = source.facts[name]
        if name == "chamber_depth_m":
            facts[name] = round(facts[name] + _raised_m(version, source), 3)
        said = {head: source.attributes[head] for head in heads if head in source.attributes}
        attributes = said | attributes | {key: source.attributes.get(key) or origin_of(source.batch_id)}
    return facts | {"attributes": attributes or None}


def _source(
    version: Version, before: Sequence[Version], name: str, undone: Collection[str], *, is_line: bool
) -> Version | None:
    """The youngest standing version that knows the fact and has it from no undone batch; None where it must not serve."""
    key = origin_key((LINE_FACTS if is_line else POINT_FACTS)[name])
    for one in before:
        if _is_known(one.facts[name]) and one.attributes.get(key) not in undone:
            return one if not is_line or one.facts[name] == version.facts[name] else None
    return None


def _raised_m(version: Version, source: Version) -> float:
    """How much higher the ground was measured since; the bottom of a chamber stays where it was known."""
    here, there = version.facts["ground_m"], source.facts["ground_m"]
    return max(here - there, 0.0) if _is_known(here) and _is_known(there) else 0.0


def _is_known(value: Any) -> bool:
    return value is not None and value != "" and not pd.isna(value)
