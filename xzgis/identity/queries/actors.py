"""Who stands behind a session or a token, and what he may do at this moment.

Rights are read anew with every request: a post that ended a second ago is gone.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import Session

from xzgis.core.actor import Actor
from xzgis.core.settings import settings
from xzgis.core.sight import Sight
from xzgis.identity.models import Area, Delegation, Person, Post, SignedInSession, Token, Unit
from xzgis.identity.permissions import OWN, allowed_to
from xzgis.identity.queries.rights import sight_of
from xzgis.identity.rules.periods import SEEN_EVERY, session_holds
from xzgis.identity.rules.tokens import TOKEN_MARK, digest_of
from xzgis.identity.terms import PostFacts, Role, SessionFacts, TokenFacts


def holding_now(now: datetime) -> ColumnElement[bool]:
    """Posts that hold at ``now``."""
    return and_(Post.valid_from <= now, or_(Post.valid_to.is_(None), Post.valid_to > now))


def lent_now(now: datetime) -> ColumnElement[bool]:
    """Delegations that hold at ``now``."""
    return and_(Delegation.from_at <= now, Delegation.until_at > now)


def posts_of(session: Session, person_id: int, *, now: datetime) -> Sequence[PostFacts]:
    """Posts a person may act in at ``now``: the own ones by age, then those lent to him."""
    return own_posts(session, person_id, now=now) + lent_posts(session, person_id, now=now)


def own_posts(session: Session, person_id: int, *, now: datetime) -> list[PostFacts]:
    """The posts a person holds at ``now``, by age."""
    own = session.execute(
        select(Post, Unit.name_zh, Unit.name_en, Area.code)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Area, Area.id == Post.area_id)
        .where(Post.person_id == person_id, holding_now(now))
        .order_by(Post.valid_from, Post.id)
    )
    return [post_facts(*row) for row in own]


def lent_posts(session: Session, person_id: int, *, now: datetime) -> list[PostFacts]:
    """The posts of others that are lent to a person at ``now``, by age."""
    lent = session.execute(
        select(Post, Unit.name_zh, Unit.name_en, Area.code, Person.account)
        .join(Unit, Unit.id == Post.unit_id)
        .join(Area, Area.id == Post.area_id)
        .join(Person, Person.id == Post.person_id)
        .where(_lent_to(person_id, now), holding_now(now), Person.left_at.is_(None))
        .order_by(Post.valid_from, Post.id)
    )
    return [post_facts(*row) for row in lent]


def _lent_to(person_id: int, now: datetime) -> ColumnElement[bool]:
    return exists().where(Delegation.post_id == Post.id, Delegation.to_person_id == person_id, lent_now(now))


def post_facts(
    post: Post, unit_zh: str, unit_en: str, area_code: str, acting_for: str | None = None
) -> PostFacts:
    """A row as facts."""
    return PostFacts(
        id=post.id,
        person_id=post.person_id,
        unit_id=post.unit_id,
        unit_zh=unit_zh,
        unit_en=unit_en,
        role=Role(post.role),
        area_id=post.area_id,
        area_code=area_code,
        kinds=None if post.kinds is None else frozenset(post.kinds),
        valid_from=post.valid_from,
        valid_to=post.valid_to,
        acting_for=acting_for,
    )


def live_session(session: Session, token: str, *, now: datetime) -> tuple[SignedInSession, Person] | None:
    """The session of a browser and whose it is; None when there is none, it is over, or rights were given since."""
    row = session.execute(
        select(SignedInSession, Person)
        .join(Person, Person.id == SignedInSession.person_id)
        .where(SignedInSession.digest == digest_of(token))
    ).one_or_none()
    if row is None:
        return None
    found, person = row
    idle = timedelta(minutes=settings().session_idle_min)
    holds = session_holds(seen_at=found.seen_at, ends_at=found.ends_at, idle=idle, now=now)
    if not holds or person.left_at is not None or found.rights_version != person.rights_version:
        return None
    return found, person


def actor_of_session(
    session: Session, token: str, *, now: datetime, address: str | None, via: str = "page"
) -> tuple[Actor, SessionFacts] | None:
    """Who acts behind the token of a browser, and the session.

    The actor has the permissions of all own posts together, or of the one post chosen with
    ``actions.act_in``; a post lent by delegation is acted in only when chosen, and then ``acting_for`` names the
    absent person. While ``must_change`` or ``must_enrol`` holds there is no permission but the own account.

    Returns
    -------
    None when nobody is signed in with it: unknown, over, or the person left.
    """
    live = live_session(session, token, now=now)
    if live is None:
        return None
    found, person = live
    own = own_posts(session, person.id, now=now)
    chosen = [post for post in own if post.id == found.post_id]
    if found.post_id is not None and not chosen:
        lent = lent_posts(session, person.id, now=now)
        chosen = [post for post in lent if post.id == found.post_id]
    held = chosen or own
    facts = session_facts(found, person, held=held, chosen=bool(chosen), now=now)
    blocked = facts.must_change or facts.must_enrol
    actor = Actor(
        name=person.account,
        via=via,
        id=person.id,
        unit_id=held[0].unit_id if held else None,
        acting_for=chosen[0].acting_for if chosen else None,
        address=address,
        permissions=OWN if blocked else allowed_to(post.role for post in held),
        sight=sight_of(session, [post.id for post in held]),
    )
    return actor, facts


def session_facts(
    found: SignedInSession, person: Person, *, held: Sequence[PostFacts], chosen: bool, now: datetime
) -> SessionFacts:
    """A session as facts; ``held`` are the posts acted in."""
    return SessionFacts(
        key=found.digest.hex()[:16],
        person_id=person.id,
        created_at=found.created_at,
        seen_at=found.seen_at,
        ends_at=found.ends_at,
        address=None if found.address is None else str(found.address),
        agent=found.agent,
        second_factor=found.second_factor,
        post_id=found.post_id if chosen else None,
        must_change=must_change(person, now=now),
        must_enrol=must_enrol(held, second_factor=found.second_factor),
        note_seen=now - found.seen_at >= SEEN_EVERY,
    )


def sight_of_asker(session: Session, actor: Actor, *, now: datetime) -> Sight | None:
    """What whoever asked for a job may see at ``now``, by all own posts, or those lent by whom he acts for.

    None, everything, is for the machine and its console alone; somebody who left, or has no post any more, sees nothing.
    """
    if actor.id is None:
        return None
    if actor.acting_for is None:
        posts = own_posts(session, actor.id, now=now)
    else:
        lent = lent_posts(session, actor.id, now=now)
        posts = [
            post for post in lent if (post.acting_for, post.unit_id) == (actor.acting_for, actor.unit_id)
        ]
    stays = session.scalar(select(Person.id).where(Person.id == actor.id, Person.left_at.is_(None)))
    return sight_of(session, [] if stays is None else [post.id for post in posts])


def sight_of_account(session: Session, account: str, *, now: datetime) -> Sight | None:
    """What the person with ``account`` sees by his own posts at ``now``; None where nobody has it: the console."""
    number = session.scalar(select(Person.id).where(Person.account == account))
    return sight_of_asker(session, Actor(name=account, via="job", id=number), now=now)


def names_of(session: Session, actor: Actor) -> tuple[str, str, str]:
    """Name of the person behind ``actor``, and of the unit acted in, Chinese and English; dashes without one."""
    found = session.execute(
        select(Person.name, Unit.name_zh, Unit.name_en)
        .outerjoin(Unit, Unit.id == actor.unit_id)
        .where(Person.id == actor.id)
    ).one_or_none()
    if found is None:
        return actor.name, "—", "—"
    name, zh, en = found
    return (name, "—", "—") if zh is None else (name, zh, en)


def must_change(person: Person, *, now: datetime) -> bool:
    """Whether the password has to be changed first: given by somebody else, or older than the setting allows."""
    days = settings().password_days
    changed = person.password_changed_at
    return person.must_change or (days > 0 and (changed is None or now - changed >= timedelta(days=days)))


def must_enrol(held: Sequence[PostFacts], *, second_factor: bool) -> bool:
    """Whether a session without a second factor has to get one first, by the setting and the posts."""
    if second_factor or settings().second_factor == "optional":
        return False
    return settings().second_factor == "everyone" or any(post.role.is_administrator for post in held)


def actor_of_token(
    session: Session, secret: str, *, now: datetime, address: str | None
) -> tuple[Actor, TokenFacts] | None:
    """Who acts behind an access token: its scopes, as far as its person's own posts still allow them.

    Returns
    -------
    None when it is unknown, expired, revoked, or the person left.
    """
    known = Token.digest == digest_of(secret) if secret.startswith(TOKEN_MARK) else false()
    row = session.execute(
        select(Token, Person)
        .join(Person, Person.id == Token.person_id)
        .where(known, Token.expires_at > now, Token.revoked_at.is_(None), Person.left_at.is_(None))
    ).one_or_none()
    if row is None:
        return None
    token, person = row
    posts = own_posts(session, person.id, now=now)
    actor = Actor(
        name=person.account,
        via="api",
        id=person.id,
        unit_id=posts[0].unit_id if posts else None,
        address=address,
        permissions=(allowed_to(post.role for post in posts) - OWN) & frozenset(token.permissions),
        sight=sight_of(session, [post.id for post in posts]),
    )
    return actor, token_facts(token)


def token_facts(token: Token) -> TokenFacts:
    """A row as facts."""
    return TokenFacts(
        id=token.id,
        person_id=token.person_id,
        name=token.name,
        permissions=frozenset(token.permissions),
        created_at=token.created_at,
        expires_at=token.expires_at,
        revoked_at=token.revoked_at,
        used_at=token.used_at,
    )
