"""Makers of people and organisations, through the actions themselves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tests.factories import NOW
from xzgis.core.actor import Actor
from xzgis.identity import actions, queries
from xzgis.identity.permissions import CONSOLE
from xzgis.identity.terms import (
    AreaAsked,
    Browser,
    NewPerson,
    PostAsked,
    PostFacts,
    Role,
    SignedIn,
    Tier,
    UnitAsked,
    UnitKind,
)

THE_CONSOLE = Actor(name="root", via="command", permissions=CONSOLE)
PASSWORD = "stapler-Quarz-liliput-7"
HERE = "192.0.2.7"


def an_organisation(session: Session, *, now: datetime = NOW) -> None:
    """A city with one district and one township, a bureau and a line owner."""
    for code, tier, name in (
        ("3299", Tier.CITY, "样例市"), ("329901", Tier.DISTRICT, "东区"), ("329901001", Tier.TOWNSHIP, "河街道"),
    ):  # fmt: skip
        actions.add_area(session, actor=THE_CONSOLE, asked=AreaAsked(code, name, name, tier), now=now)
    for code, kind in (("BUREAU", UnitKind.DEPARTMENT), ("GAS", UnitKind.OWNER)):
        asked = UnitAsked(code, code.title(), code.title(), kind, area="3299")
        actions.add_unit(session, actor=THE_CONSOLE, asked=asked, now=now)


def a_person(
    session: Session, account: str = "lihua", *roles: Role, now: datetime = NOW, unit: str = "BUREAU"
) -> NewPerson:
    """Somebody with a post for each role, and the one-time password still to be changed."""
    person = actions.add_person(session, actor=THE_CONSOLE, account=account, name="李华", now=now)
    for role in roles:
        a_post(session, account, role, now=now, unit=unit)
    return person


def a_post(
    session: Session,
    account: str,
    role: Role,
    *,
    now: datetime = NOW,
    unit: str = "BUREAU",
    valid_to: datetime | None = None,
) -> PostFacts:
    """A post in the bureau for the whole city."""
    asked = PostAsked(unit=unit, role=role, area="3299", valid_to=valid_to)
    return actions.grant_post(session, actor=THE_CONSOLE, account=account, asked=asked, now=now)


def tries(
    session: Session,
    account: str,
    password: str,
    *,
    code: str | None = None,
    address: str = HERE,
    device: str | None = None,
    now: datetime = NOW,
) -> SignedIn:
    """What comes of a try to sign in."""
    return actions.sign_in(
        session, account=account, password=password, code=code, address=address,
        browser=Browser(device, "Firefox"), now=now,
    )  # fmt: skip


@dataclass(frozen=True)
class Inside:
    """Somebody who signed in and has a password of his own."""

    person: NewPerson
    token: str
    device: str

    def actor(self, session: Session, *, now: datetime = NOW) -> Actor:
        """Who acts with it now; fails when nobody does."""
        found = queries.actor_of_session(session, self.token, now=now, address=HERE)
        assert found is not None
        return found[0]

    def is_in(self, session: Session, *, now: datetime = NOW) -> bool:
        """Whether the token still lets anybody in."""
        return queries.actor_of_session(session, self.token, now=now, address=HERE) is not None


def inside(session: Session, account: str = "lihua", *roles: Role, now: datetime = NOW) -> Inside:
    """A person who has signed in and changed the one-time password to ``PASSWORD``."""
    person = a_person(session, account, *roles, now=now)
    done = tries(session, account, person.password, now=now)
    assert done.token is not None
    assert done.device is not None
    first = Inside(person, done.token, done.device)
    token = actions.change_password(
        session, actor=first.actor(session, now=now), token=first.token, current=person.password,
        new=PASSWORD, now=now,
    )  # fmt: skip
    return Inside(person, token, done.device)
