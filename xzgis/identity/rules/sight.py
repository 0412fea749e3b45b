"""What a post may see where nobody said otherwise, and when rights together show everything."""

from collections.abc import Sequence

from xzgis.core.errors import Fault, Invalid
from xzgis.core.sight import DataRight, Sight
from xzgis.core.words import Words
from xzgis.identity.terms import ATTRIBUTE_GROUPS, MOST_SECRET, PRECISIONS, PostGround, RightAsked, UnitKind

EVERYTHING = DataRight("exact", secrecy=MOST_SECRET)


def default_rights(ground: PostGround) -> tuple[DataRight, ...]:
    """The rights of a post without rows of its own; secret lines are in none of them.

    A department and a survey firm see the kinds of the post exactly inside its area and as corridors elsewhere; a
    line owner its own lines exactly everywhere and others as corridors; an applicant's company corridors in its
    area. An administrator sees no line.
    """
    if ground.role.is_administrator:
        return ()
    if ground.unit_kind is UnitKind.OWNER:
        own = DataRight("exact", owners=frozenset({ground.unit_name}))
        return own, DataRight("corridor")
    if ground.unit_kind is UnitKind.APPLICANT:
        return (DataRight("corridor", kinds=ground.kinds, area_id=ground.area_id),)
    exact = DataRight("exact", kinds=ground.kinds, area_id=ground.area_id)
    if ground.area_id is None and ground.kinds is None:
        return (exact,)
    return exact, DataRight("corridor")


def sight_of_rights(rights: Sequence[DataRight], *, step_m: float) -> Sight | None:
    """The rights together; None when nothing is kept from them."""
    if EVERYTHING in rights and all(right.precision != "hidden" for right in rights):
        return None
    return Sight(tuple(dict.fromkeys(rights)), step_m)


def check_right(asked: RightAsked, *, kinds: Sequence[str]) -> None:
    """Refuse a right that names what is not there; ``kinds`` are those of the register.

    Raises
    ------
    Invalid
        Each field that is wrong.
    """
    faults = []
    named = (
        ("kinds", asked.kinds, kinds),
        ("attributes", asked.attributes, ATTRIBUTE_GROUPS),
        ("life_states", asked.life_states, ("pending", "approved", "reserved", "built", "disused")),
        ("precision", frozenset({asked.precision}), PRECISIONS),
        ("secrecy", frozenset({str(asked.secrecy)}), tuple(map(str, range(MOST_SECRET + 1)))),
    )
    for field, given, known in named:
        strange = sorted((given or frozenset()) - frozenset(known))
        if strange or (given is not None and not given):
            words = Words(
                f"“{'、'.join(strange) or '（空）'}”无效，可用：{'、'.join(known)}；不限时请留空。",
                f"“{', '.join(strange) or '(empty)'}” is not valid; use {', '.join(known)}, or leave it out.",
            )
            faults.append(Fault((field,), words))
    if faults:
        raise Invalid(Words("数据权限无效。", "The data right is not valid."), faults=tuple(faults))
