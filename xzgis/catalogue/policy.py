"""Who may change the tables, and why not: each refusal is one sentence."""

import re
from datetime import datetime

from xzgis.catalogue.terms.changes import LONGEST_REASON, ChangeState
from xzgis.core.actor import Actor
from xzgis.core.errors import Fault, Invalid, NotAllowed, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission

CONTROLS = re.compile(r"[\x00-\x1f\x7f]+")
LEAST_REASON = 2
WHY = Words("理由", "the reason")
WHENCE = Words("依据（标准、条款或文号）", "the ground (standard, clause or document)")


def told(text: str, *, field: str, what: Words) -> str:
    """What a person typed, on one line.

    Raises
    ------
    Invalid
        It is missing, or longer than it may be.
    """
    said = CONTROLS.sub(" ", text).strip()
    if LEAST_REASON <= len(said) <= LONGEST_REASON:
        return said
    words = Words(
        f"请写明{what.zh}（{LEAST_REASON} 至 {LONGEST_REASON} 字）。",
        f"Write {what.en}, in {LEAST_REASON} to {LONGEST_REASON} signs.",
    )
    raise Invalid(words, faults=(Fault((field,), words),))


def check_can_decide(
    actor: Actor,
    *,
    proposed_by: str,
    proposed_by_id: int | None,
    proposed_for: str | None,
    state: str,
    right: Permission = Permission.CATALOGUE_APPROVE,
) -> None:
    """Refuse unless ``actor`` may decide a change: never his own, nor on behalf of its maker, and once only.

    ``right`` is what deciding takes: that of the tables, or of whatever else two people change.

    Raises
    ------
    NotAllowed, WrongState
        The sentence says why.
    """
    actor.require(right)
    is_own = actor.name in (proposed_by, proposed_for) or (
        actor.id is not None and actor.id == proposed_by_id
    )
    # Two deputies of one person are one hand.
    is_for_its_maker = actor.acting_for is not None and actor.acting_for in (proposed_by, proposed_for)
    if is_own or is_for_its_maker:
        raise NotAllowed(
            Words(
                "任何人不得批准自己提出的修改，请由另一人处理。",
                "Nobody decides a change that he proposed himself.",
            )
        )
    if state != ChangeState.PROPOSED:
        raise WrongState(Words("该修改已有结论。", "This change is decided already."))


def why_not_withdraw(
    actor: Actor,
    *,
    proposed_by: str,
    state: str,
    in_force_from: datetime | None,
    now: datetime,
    right: Permission = Permission.CATALOGUE_APPROVE,
) -> Words | None:
    """Why ``actor`` may not withdraw a change; None: he may. Its maker may, and who decides changes."""
    if state not in (ChangeState.PROPOSED, ChangeState.APPROVED):
        return Words("该修改已了结。", "This change is over.")
    if in_force_from is not None and in_force_from <= now:
        return Words(
            "该修改已生效，不能撤回；请提出一项改回的修改。",
            "This change is in force and cannot be withdrawn; propose another one that takes it back.",
        )
    if actor.name != proposed_by and not actor.may(right):
        return Words(
            "只有提出人或审批人可以撤回。", "Only its maker, or who decides changes, may withdraw it."
        )
    return None


def check_can_withdraw(
    actor: Actor,
    *,
    proposed_by: str,
    state: str,
    in_force_from: datetime | None,
    now: datetime,
    right: Permission = Permission.CATALOGUE_APPROVE,
) -> None:
    """Refuse unless ``actor`` may withdraw a change.

    Raises
    ------
    NotAllowed, WrongState
        The sentence says why.
    """
    reason = why_not_withdraw(
        actor, proposed_by=proposed_by, state=state, in_force_from=in_force_from, now=now, right=right
    )
    if reason is None:
        return
    is_open = state in (ChangeState.PROPOSED, ChangeState.APPROVED)
    if is_open and (in_force_from is None or in_force_from > now):
        raise NotAllowed(reason)
    raise WrongState(reason)
