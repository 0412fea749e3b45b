"""Shapes of to-dos and notices."""

from datetime import datetime

from pydantic import BaseModel

from xzgis.core.clock import city_time
from xzgis.core.words import Language
from xzgis.notices.policy import why_not_by_hand
from xzgis.notices.rules import sentence_of
from xzgis.notices.terms import Counts, Told


class CountsOut(BaseModel):
    """To-dos that wait, of those overdue, and notices not read."""

    todos: int
    overdue: int
    unread: int

    @classmethod
    def of(cls, counts: Counts) -> "CountsOut":
        """The counts as they are answered."""
        return cls(todos=counts.todos, overdue=counts.overdue, unread=counts.unread)


class NoticeOut(BaseModel):
    """A to-do or a notice. ``path``: the page on which it is seen to. ``may_call_done``: it is ended by hand.

    ``for_permission``: it waits for whoever holds that permission; None: for the asker alone.
    """

    id: int
    kind: str
    is_todo: bool
    title: str
    sentence: str
    path: str | None
    for_permission: str | None
    told_at: datetime
    due_at: datetime | None
    is_overdue: bool
    read_at: datetime | None
    done_at: datetime | None
    done_by: str | None
    may_call_done: bool

    @classmethod
    def of(cls, told: Told, *, language: Language, now: datetime) -> "NoticeOut":
        """The to-do or notice as it is answered."""
        return cls(
            id=told.id,
            kind=told.kind,
            is_todo=told.sort.is_todo,
            title=told.sort.title.spoken(language),
            sentence=sentence_of(told, language, moment=city_time),
            path=told.path,
            for_permission=told.permission,
            told_at=told.told_at,
            due_at=told.due_at,
            is_overdue=told.is_overdue(now),
            read_at=told.read_at,
            done_at=told.done_at,
            done_by=told.done_by,
            may_call_done=why_not_by_hand(told) is None,
        )


class NoticePage(BaseModel):
    """To-dos by their clock, or notices, the latest first; ``before`` leads to the next page."""

    counts: CountsOut
    items: list[NoticeOut]
    before: int | None


class ReadIn(BaseModel):
    """Mark notices as read up to the number that was shown."""

    up_to: int


class ReadOut(BaseModel):
    """How many notices were marked as read."""

    read: int


class ChoiceOut(BaseModel):
    """Whether the person wants e-mails, and whether this installation sends any."""

    by_mail: bool
    is_mail_sent: bool


class ChoiceIn(BaseModel):
    """Whether the person wants e-mails."""

    by_mail: bool
