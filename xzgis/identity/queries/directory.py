"""Lists of people, their sessions, tokens and delegations."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select, true, tuple_
from sqlalchemy.orm import Session, aliased

from xzgis.core.actor import Actor
from xzgis.core.errors import NotFound
from xzgis.core.paging import MOST, Page, page_of, read
from xzgis.core.words import Words
from xzgis.identity.models import Area, Delegation, Person, Post, SignedInSession, Token, Unit
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.actors import holding_now, post_facts, session_facts, token_facts
from xzgis.identity.rules.accounts import masked_email, masked_phone
from xzgis.identity.terms import PersonFacts, PostFacts, Role, SessionFacts, TokenFacts


class PersonNotFound(NotFound):
    """There is no such person, or the asker may not know of him."""

    def __init__(self, who: str | int) -> None:
        shown = str(who)[:40]
        super().__init__(Words(f"没有人员 {shown}。", f"There is no person {shown}."))


@dataclass(frozen=True, slots=True)
class DelegationFacts:
    """A post lent: whose, to whom, when, why."""

    id: int
    post_id: int
    from_account: str
    to_account: str
    from_at: datetime
    until_at: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class PeopleAsked:
    """Which people a list is to show; ``search`` is found in account or name, taken literally."""

    search: str = ""
    unit_id: int | None = None
    role: Role | None = None
    leavers: bool = False


ANYBODY = PeopleAsked()


def visible_to(actor: Actor, *, now: datetime) -> ColumnElement[bool]:
    """People ``actor`` may know of.

    With ``identity.read`` everybody. Others know themselves and who holds a post in the unit they act in (to lend
    a post to); nobody else exists for them.
    """
    if actor.may(Permission.IDENTITY_READ):
        return true()
    colleague = exists().where(Post.person_id == Person.id, Post.unit_id == actor.unit_id, holding_now(now))
    return or_(Person.id == actor.id, and_(Person.left_at.is_(None), colleague))


def people(
    session: Session,
    *,
    actor: Actor,
    now: datetime,
    asked_for: PeopleAsked = ANYBODY,
    after: str | None = None,
    limit: int = 50,
) -> Page[PersonFacts]:
    """People the actor may know of, by account."""
    search, unit_id, role = asked_for.search, asked_for.unit_id, asked_for.role
    limit = max(1, min(limit, MOST))
    asked = select(Person).where(visible_to(actor, now=now)).order_by(Person.account).limit(limit + 1)
    if not asked_for.leavers:
        asked = asked.where(Person.left_at.is_(None))
    if search.strip():
        words = search.strip()[:100].replace("\x00", "")
        asked = asked.where(
            or_(
                Person.account.icontains(words, autoescape=True),
                Person.name.icontains(words, autoescape=True),
            )
        )
    if unit_id is not None or role is not None:
        holds = exists().where(Post.person_id == Person.id, holding_now(now))
        holds = holds if unit_id is None else holds.where(Post.unit_id == unit_id)
        asked = asked.where(holds if role is None else holds.where(Post.role == role))
    key = read(after, kinds=(str,))
    if key is not None:
        asked = asked.where(tuple_(Person.account) > key)
    rows = [person_facts(person) for person in session.scalars(asked)]
    return page_of(rows, limit=limit, key=lambda one: (one.account,))


def person_facts(person: Person) -> PersonFacts:
    """A row as facts; e-mail and telephone masked, since whoever needs one asks for it (``actions.reveal_fact``)."""
    return PersonFacts(
        id=person.id,
        account=person.account,
        name=person.name,
        email=masked_email(person.email),
        phone=masked_phone(person.phone),
        must_change=person.must_change,
        has_second_factor=person.totp_secret is not None,
        created_at=person.created_at,
        left_at=person.left_at,
    )


def person(session: Session, *, actor: Actor, account: str, now: datetime) -> Person:
    """The person called ``account``, also a leaver.

    Raises
    ------
    PersonNotFound
        There is none, or the actor may not know of him.
    """
    found = session.scalars(
        select(Person).where(Person.account == account, visible_to(actor, now=now))
    ).one_or_none()
    if found is None:
        raise PersonNotFound(account)
    return found


def person_to_change(session: Session, person_id: int) -> Person:
    """The person's row, locked, as it is now; only somebody who has not left.

    Raises
    ------
    PersonNotFound
        There is none, or he has left.
    """
    found = session.scalars(
        select(Person)
        .where(Person.id == person_id, Person.left_at.is_(None))
        # Foreign keys to the person do not wait for this lock; another change of the person does.
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if found is None:
        raise PersonNotFound(person_id)
    return found


def posts_ever(session: Session, person_id: int) -> Sequence[PostFacts]:
    """Every post a person holds, held or will hold, the newest first; lent ones are not his."""
    rows = session.execute(
        select(Post, Unit.name_zh, Unit.name_en, Area.code)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Area, Area.id == Post.area_id)
        .where(Post.person_id == person_id)
        .order_by(Post.valid_from.desc(), Post.id.desc())
    )
    return [post_facts(*row) for row in rows]


def sessions_of(session: Session, person_id: int, *, now: datetime) -> Sequence[SessionFacts]:
    """Sessions of a person that are not past their end, the youngest first."""
    rows = session.execute(
        select(SignedInSession, Person)
        .join(Person, Person.id == SignedInSession.person_id)
        .where(Person.id == person_id, SignedInSession.ends_at > now)
        .where(SignedInSession.rights_version == Person.rights_version)
        .order_by(SignedInSession.created_at.desc(), SignedInSession.digest)
    )
    return [session_facts(found, who, held=(), chosen=True, now=now) for found, who in rows]


def tokens_of(session: Session, person_id: int) -> Sequence[TokenFacts]:
    """Tokens of a person, revoked and expired ones too, the youngest first."""
    rows = session.scalars(
        select(Token).where(Token.person_id == person_id).order_by(Token.created_at.desc(), Token.id.desc())
    )
    return [token_facts(token) for token in rows]


def delegations_of(session: Session, person_id: int, *, now: datetime) -> Sequence[DelegationFacts]:
    """What a person has lent or was lent and is not over, by beginning."""
    giver, taker = aliased(Person), aliased(Person)
    rows = session.execute(
        select(Delegation, giver.account, taker.account)
        .join(Post, Post.id == Delegation.post_id)
        .join(giver, giver.id == Post.person_id)
        .join(taker, taker.id == Delegation.to_person_id)
        .where(or_(giver.id == person_id, taker.id == person_id), Delegation.until_at > now)
        .order_by(Delegation.from_at, Delegation.id)
    )
    return [
        DelegationFacts(
            id=lent.id, post_id=lent.post_id, from_account=whose, to_account=whom, from_at=lent.from_at,
            until_at=lent.until_at, reason=lent.reason,
        )
        for lent, whose, whom in rows
    ]  # fmt: skip


def holders_of(session: Session, role: Role, *, now: datetime) -> Sequence[int]:
    """People who hold a post of ``role`` now, without leavers."""
    return session.scalars(
        select(Post.person_id)
        .join(Person, Person.id == Post.person_id)
        .where(Post.role == role, holding_now(now), Person.left_at.is_(None))
        .distinct()
        .order_by(Post.person_id)
    ).all()
