"""Who may call a to-do done by hand, and why not."""

from xzgis.core.errors import WrongState
from xzgis.core.words import Words
from xzgis.notices.terms import Told

NOT_BY_HAND = Words(
    "这项待办随其事由办结而自动消失，不能手工办结。", "This to-do goes when its cause is done, not by hand."
)
NOT_A_TODO = Words("通知没有办结，只有已读。", "A notice is read, not done.")
DONE = Words("这项待办已办结。", "This to-do is done already.")


def why_not_by_hand(told: Told) -> Words | None:
    """Why nobody may call it done by hand; None: one may."""
    if told.done_at is not None:
        return DONE
    if not told.sort.is_todo:
        return NOT_A_TODO
    return None if told.sort.by_hand else NOT_BY_HAND


def check_can_call_done(told: Told) -> None:
    """Refuse to call it done by hand where its cause says whether it is.

    Raises
    ------
    WrongState
        The sentence says why.
    """
    reason = why_not_by_hand(told)
    if reason is not None:
        raise WrongState(reason)
