"""Areas and units: added; a unit closed."""

import re
from datetime import datetime

from shapely import MultiPolygon, get_num_coordinates, is_valid
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from xzgis.audit.record import record
from xzgis.core.actor import Actor
from xzgis.core.db import stored
from xzgis.core.errors import Fault, Invalid, WrongState
from xzgis.core.words import Words
from xzgis.identity.events import AreaAdded, UnitAdded, UnitClosed
from xzgis.identity.models import Area, Post, Unit
from xzgis.identity.permissions import Permission
from xzgis.identity.queries.organisation import area_by_code, area_facts, unit_by_code, unit_facts
from xzgis.identity.rules.accounts import name_of
from xzgis.identity.terms import AreaAsked, AreaFacts, Tier, UnitAsked, UnitFacts

AREA_CODE = re.compile(r"[0-9]{4,12}\Z")
UNIT_CODE = re.compile(r"[A-Z0-9][A-Z0-9-]{0,31}\Z")
MOST_VERTICES = 20_000
BELOW = {Tier.DISTRICT: Tier.CITY, Tier.TOWNSHIP: Tier.DISTRICT}


def add_area(
    session: Session,
    *,
    actor: Actor,
    asked: AreaAsked,
    boundary: MultiPolygon | None = None,
    now: datetime,
) -> AreaFacts:
    """Add an area under the one its code begins with; ``boundary`` in the storage CRS, None when not known.

    Raises
    ------
    NotAllowed
        No right to keep areas.
    Invalid
        Code, names or boundary are none, or there is nothing above it.
    WrongState
        The code is taken.
    """
    actor.require(Permission.IDENTITY_UNITS)
    if not AREA_CODE.match(asked.code):
        raise _wrong("code", Words("区划代码须为 4–12 位数字。", "The code of an area has 4–12 figures."))
    if boundary is not None:
        _check_boundary(boundary)
    parent = _parent_of(session, asked)
    area = Area(
        code=asked.code,
        parent_id=None if parent is None else parent.id,
        tier=asked.tier.value,
        name_zh=name_of(asked.name_zh, field="name_zh"),
        name_en=name_of(asked.name_en, field="name_en"),
        boundary=None if boundary is None else stored(boundary),
    )
    _insert(session, area, code=asked.code)
    record(session, actor=actor, event=AreaAdded(asked.code, area.name_zh), now=now)
    return area_facts(area)


def add_unit(session: Session, *, actor: Actor, asked: UnitAsked, now: datetime) -> UnitFacts:
    """Add a department or a company.

    Raises
    ------
    NotAllowed
        No right to keep units.
    NotFound
        No such area or unit above it.
    Invalid
        Code or names are none.
    WrongState
        The code is taken, or the unit above is closed.
    """
    actor.require(Permission.IDENTITY_UNITS)
    if not UNIT_CODE.match(asked.code):
        raise _wrong(
            "code",
            Words(
                "单位代码须为 1–32 位大写字母、数字或短横。",
                "The code of a unit is 1–32 of A–Z, 0–9 and dash.",
            ),
        )
    area = area_by_code(session, asked.area)
    parent = None if asked.parent is None else unit_by_code(session, asked.parent)
    if parent is not None and parent.closed_on is not None:
        raise WrongState(
            Words(f"上级单位 {parent.code} 已关闭。", f"The unit above, {parent.code}, is closed.")
        )
    unit = Unit(
        code=asked.code,
        parent_id=None if parent is None else parent.id,
        name_zh=name_of(asked.name_zh, field="name_zh"),
        name_en=name_of(asked.name_en, field="name_en"),
        kind=asked.kind.value,
        area_id=area.id,
    )
    _insert(session, unit, code=asked.code)
    event = UnitAdded(asked.code, zh=unit.name_zh, kind=asked.kind.value, area=area.code)
    record(session, actor=actor, event=event, now=now)
    return unit_facts(unit, 0)


def close_unit(session: Session, *, actor: Actor, code: str, now: datetime) -> None:
    """Close a unit in which nobody holds a post and under which nothing is open; its records stay.

    Raises
    ------
    NotAllowed, NotFound
        No right to keep units; no such unit.
    WrongState
        Posts hold or will hold in it, an open unit lies under it, or it is closed already.
    """
    actor.require(Permission.IDENTITY_UNITS)
    unit = unit_by_code(session, code)
    # The lock that foreign keys wait for: nobody grants a post in it meanwhile.
    session.refresh(unit, with_for_update=True)
    held = select(Post.id).where(Post.unit_id == unit.id, (Post.valid_to.is_(None)) | (Post.valid_to > now))
    below = select(Unit.id).where(Unit.parent_id == unit.id, Unit.closed_on.is_(None))
    if unit.closed_on is not None:
        raise WrongState(Words(f"单位 {unit.code} 已关闭。", f"The unit {unit.code} is closed already."))
    if session.scalars(held.limit(1)).first() is not None:
        raise WrongState(
            Words("单位内还有岗位，请先收回。", "Posts still hold in this unit; end them first.")
        )
    if session.scalars(below.limit(1)).first() is not None:
        raise WrongState(Words("下级单位尚未关闭。", "A unit under it is still open; close that first."))
    unit.closed_on = now.date()
    record(session, actor=actor, event=UnitClosed(unit.code), now=now)
    session.flush()


def _parent_of(session: Session, asked: AreaAsked) -> Area | None:
    wanted = BELOW.get(asked.tier)
    if wanted is None:
        return None
    above = session.scalars(
        select(Area).where(
            Area.code.in_([asked.code[:length] for length in range(4, len(asked.code))]),
            Area.tier == wanted.value,
        )
    ).one_or_none()
    if above is None:
        raise _wrong(
            "code",
            Words(
                f"没有代码为 {asked.code} 前缀的{wanted.words.zh}级区划；请先建立上级。",
                f"There is no {wanted.words.en} whose code {asked.code} begins with; add that first.",
            ),
        )
    return above


def _check_boundary(boundary: MultiPolygon) -> None:
    if get_num_coordinates(boundary) > MOST_VERTICES or boundary.is_empty or not is_valid(boundary):
        raise _wrong(
            "boundary",
            Words(
                f"边界为空、自相交或超过 {MOST_VERTICES} 个顶点。",
                f"The boundary is empty, crosses itself or has more than {MOST_VERTICES} vertices.",
            ),
        )


def _insert(session: Session, row: Area | Unit, *, code: str) -> None:
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError as error:
        words = Words(f"代码 {code} 已被使用。", f"The code {code} is taken.")
        raise WrongState(words, faults=(Fault(("code",), words),)) from error


def _wrong(field: str, words: Words) -> Invalid:
    return Invalid(words, faults=(Fault((field,), words),))
