"""The trees of areas and units."""

from collections.abc import Sequence
from datetime import datetime

from shapely import Point
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from xzgis.core.db import stored
from xzgis.core.errors import NotFound
from xzgis.core.words import Words
from xzgis.identity.models import Area, Post, Unit
from xzgis.identity.queries.actors import holding_now
from xzgis.identity.terms import AreaFacts, Tier, UnitFacts, UnitKind


def areas_tree(session: Session) -> Sequence[AreaFacts]:
    """Every area in the order of the tree: a branch follows its root, as codes begin with the parent's."""
    return [area_facts(area) for area in session.scalars(select(Area).order_by(Area.code))]


def area_of_place(session: Session, place: Point) -> AreaFacts | None:
    """The smallest area whose boundary holds ``place`` (storage CRS); None outside of all that have one."""
    found = session.scalars(
        select(Area)
        .where(Area.boundary.op("&&")(stored(place)), func.ST_Intersects(Area.boundary, stored(place)))
        .order_by(func.length(Area.code).desc(), Area.code)
        .limit(1)
    ).one_or_none()
    return None if found is None else area_facts(found)


def area_by_code(session: Session, code: str) -> AreaFacts:
    """The area called ``code``.

    Raises
    ------
    NotFound
        There is none.
    """
    found = session.scalars(select(Area).where(Area.code == code)).one_or_none()
    if found is None:
        raise NotFound(Words(f"没有区划 {code[:20]}。", f"There is no area {code[:20]}."))
    return area_facts(found)


def area_facts(area: Area) -> AreaFacts:
    """A row as facts."""
    return AreaFacts(
        id=area.id, code=area.code, parent_id=area.parent_id, tier=Tier(area.tier), name_zh=area.name_zh,
        name_en=area.name_en,
    )  # fmt: skip


def units_tree(session: Session, *, now: datetime, closed: bool = False) -> Sequence[UnitFacts]:
    """Units by code, with how many people hold a post in them now; closed ones only when asked."""
    people = (
        select(func.count(func.distinct(Post.person_id)))
        .where(Post.unit_id == Unit.id, holding_now(now))
        .scalar_subquery()
    )
    asked = select(Unit, people).order_by(Unit.code)
    if not closed:
        asked = asked.where(Unit.closed_on.is_(None))
    return [unit_facts(unit, count) for unit, count in session.execute(asked)]


def unit_by_code(session: Session, code: str) -> Unit:
    """The row of the unit called ``code``, for those who know it.

    Raises
    ------
    NotFound
        There is none.
    """
    found = session.scalars(select(Unit).where(Unit.code == code)).one_or_none()
    if found is None:
        raise NotFound(Words(f"没有单位 {code[:40]}。", f"There is no unit {code[:40]}."))
    return found


def unit_facts(unit: Unit, people: int) -> UnitFacts:
    """A row as facts."""
    return UnitFacts(
        id=unit.id, code=unit.code, parent_id=unit.parent_id, kind=UnitKind(unit.kind), area_id=unit.area_id,
        name_zh=unit.name_zh, name_en=unit.name_en, closed=unit.closed_on is not None, people=people,
    )  # fmt: skip
