"""The first three administrators of an installation; no password stands in the program."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.core.actor import Actor
from xzgis.identity.actions.organisation import add_area, add_unit
from xzgis.identity.actions.people import add_person
from xzgis.identity.actions.posts import grant_post
from xzgis.identity.models import Area, Person, Unit
from xzgis.identity.queries.posts import lock_administrators
from xzgis.identity.terms import AreaAsked, NewPerson, PostAsked, Role, Tier, UnitAsked, UnitKind

CITY = AreaAsked(code="3203", name_zh="徐州市", name_en="Xuzhou", tier=Tier.CITY)
OFFICE = UnitAsked(
    code="ADMIN", name_zh="系统管理室", name_en="Administration of the system", kind=UnitKind.DEPARTMENT, area=CITY.code
)  # fmt: skip
FIRST = (
    (Role.SYSTEM_ADMIN, "sysadmin"),
    (Role.SECURITY_ADMIN, "secadmin"),
    (Role.AUDIT_ADMIN, "auditadmin"),
)


def first_administrators(session: Session, *, actor: Actor, now: datetime) -> tuple[NewPerson, ...]:
    """Three people with one-time passwords, shown once; none when anybody is there already.

    Area and office are made when they are missing. Two at once make them once.

    Raises
    ------
    NotAllowed
        Anybody but the console asks.
    """
    lock_administrators(session)
    if session.scalars(select(Person.id).limit(1)).first() is not None:
        return ()
    if session.scalars(select(Area.id).where(Area.code == CITY.code)).first() is None:
        add_area(session, actor=actor, asked=CITY, now=now)
    if session.scalars(select(Unit.id).where(Unit.code == OFFICE.code)).first() is None:
        add_unit(session, actor=actor, asked=OFFICE, now=now)
    made = []
    for role, account in FIRST:
        person = add_person(session, actor=actor, account=account, name=role.words.zh, now=now)
        asked = PostAsked(unit=OFFICE.code, role=role, area=CITY.code)
        grant_post(session, actor=actor, account=account, asked=asked, now=now)
        made.append(person)
    return tuple(made)
