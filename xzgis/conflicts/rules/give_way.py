"""Who gives way, as a suggestion with its reason: the first rule in order that tells the two apart."""

from collections.abc import Callable, Sequence
from typing import Any

from xzgis.conflicts.rules.scene import Scene, conditions_of
from xzgis.networks.terms import STRUCTURES

RIGID = frozenset(
    {
        "asbestos_cement",
        "brick",
        "cast_iron",
        "ceramic",
        "concrete",
        "ductile_iron",
        "frp",
        "masonry",
        "steel",
        "stone",
    }
)
"""Materials of layers/codes/material.csv that do not bend."""
FLEXIBLE = frozenset({"pe", "pvc", "plastic", "copper", "fibre", "aluminium", "acsr"})
Sides = tuple[object, object]


def gives_way(scene: Scene, a: int, b: int) -> dict[str, Any] | None:
    """``who`` ('a' new, 'b' existing), ``why`` in both languages, the rule; None when no rule tells them apart."""
    for rule in scene.book.give_way:
        who = TESTS[rule.test](scene, a, b) if rule.test in TESTS else None
        if who is not None:
            return {
                "who": who,
                "why": f"让行次序第 {rule.rank} 位：{rule.zh}",
                "why_en": f"number {rule.rank} in the order of giving way: {rule.en}",
                "rule_id": rule.rule_id,
                "standard": rule.standard,
                "clause": rule.clause,
            }
    return None


def _flow(scene: Scene, a: int, b: int) -> str | None:
    kinds = scene.catalogue.kinds
    flows = [
        kinds[c.kind].flow if c.kind in kinds else "none"
        for c in (conditions_of(scene.new, a), conditions_of(scene.existing, b))
    ]
    return _who(flows, yields="pressure", stays="gravity")


def _bend(scene: Scene, a: int, b: int) -> str | None:
    """Cables and plastic pipes bend; iron, steel and concrete do not. Unknown materials tell nothing.

    A cable in a trench or a block of ducts is moved with its house: that is built, and does not bend.
    """
    bends = []
    for facts in (conditions_of(scene.new, a), conditions_of(scene.existing, b)):
        kind = scene.catalogue.kinds.get(facts.kind)
        if kind is not None and kind.flow == "cable" and facts.burial in STRUCTURES:
            bends.append("rigid")
        elif facts.material in FLEXIBLE or (
            kind is not None and kind.flow == "cable" and facts.material is None
        ):
            bends.append("flexible")
        else:
            bends.append("rigid" if facts.material in RIGID else "unknown")
    return _who(bends, yields="flexible", stays="rigid")


def _size(scene: Scene, a: int, b: int) -> str | None:
    """Sizes that may be equal tell nothing."""
    new, old = scene.new.width_m[a], scene.existing.width_m[b]
    if new[1] < old[0]:
        return "a"
    return "b" if old[1] < new[0] else None


def _who(words: Sequence[str], *, yields: str, stays: str) -> str | None:
    if tuple(words) == (yields, stays):
        return "a"
    return "b" if tuple(words) == (stays, yields) else None


def _new(scene: Scene, _a: int, _b: int) -> str | None:
    """Two runs of one work are both new."""
    return None if scene.is_one_work else "a"


TESTS: dict[str, Callable[[Scene, int, int], str | None]] = {
    "pressure_to_gravity": _flow,
    "flexible_to_rigid": _bend,
    "small_to_large": _size,
    "new_to_existing": _new,
}
"""Branch or main, temporary or permanent are not recorded: those rules tell nothing yet."""
