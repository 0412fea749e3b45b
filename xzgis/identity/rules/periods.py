"""From when until when: posts, delegations, sessions, tokens. Every period is half open, to the microsecond."""

from datetime import datetime, timedelta

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

LONGEST_DELEGATION = timedelta(days=92)
LONGEST_TOKEN = timedelta(days=366)
SEEN_EVERY = timedelta(minutes=1)
EARLIEST_PAST = timedelta(minutes=5)


def holds_at(begins: datetime, ends: datetime | None, now: datetime) -> bool:
    """Whether ``now`` lies in [begins, ends); ``ends`` None never ends."""
    return begins <= now and (ends is None or now < ends)


def session_holds(*, seen_at: datetime, ends_at: datetime, idle: timedelta, now: datetime) -> bool:
    """Whether a session is neither over nor forgotten: before its end, and seen within ``idle``."""
    return now < ends_at and now - seen_at < idle


def check_post_period(begins: datetime, ends: datetime | None, *, now: datetime) -> None:
    """Refuse a post that would begin in the past or be over before it begins.

    Raises
    ------
    Invalid
        The sentence says which.
    """
    if begins < now - EARLIEST_PAST:
        raise _wrong("valid_from", Words("岗位不能从过去开始。", "A post cannot begin in the past."))
    if ends is not None and ends <= begins:
        raise _wrong("valid_to", Words("岗位的结束须晚于开始。", "A post must end after it begins."))


def check_delegation_period(begins: datetime, ends: datetime, *, now: datetime) -> None:
    """Refuse a delegation from the past, over before it begins, or of more than a quarter of a year.

    Raises
    ------
    Invalid
        The sentence says which.
    """
    if begins < now - EARLIEST_PAST:
        raise _wrong("from_at", Words("代理不能从过去开始。", "A delegation cannot begin in the past."))
    if ends <= begins:
        raise _wrong("until_at", Words("代理的结束须晚于开始。", "A delegation must end after it begins."))
    if ends - begins > LONGEST_DELEGATION:
        days = LONGEST_DELEGATION.days
        raise _wrong(
            "until_at", Words(f"代理最长 {days} 天。", f"A delegation lasts {days} days at the most.")
        )


def check_token_period(expires_at: datetime, *, now: datetime) -> None:
    """Refuse a token that is over already or lasts for more than a year.

    Raises
    ------
    Invalid
        The sentence says which.
    """
    if not now < expires_at <= now + LONGEST_TOKEN:
        days = LONGEST_TOKEN.days
        raise _wrong(
            "expires_at",
            Words(f"令牌有效期须在 {days} 天之内。", f"A token lasts {days} days at the most, from now on."),
        )


def _wrong(field: str, words: Words) -> Invalid:
    return Invalid(words, faults=(Fault((field,), words),))
