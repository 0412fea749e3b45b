"""What posts may see of the register."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.core.errors import NotFound
from xzgis.core.settings import settings
from xzgis.core.sight import DataRight, Sight
from xzgis.core.words import Words
from xzgis.identity.models import Area, DataRightRow, Post, Unit
from xzgis.identity.rules.sight import default_rights, sight_of_rights
from xzgis.identity.terms import PostGround, RightFacts, Role, Tier, UnitKind


def sight_of(session: Session, posts: Sequence[int]) -> Sight | None:
    """What somebody who acts in ``posts`` (their numbers) sees of the register; None is everything.

    Read once per request, with who he is: two questions however many the posts. Without a post nothing is seen.

    Raises
    ------
    NotFound
        There is no such post.
    """
    given = _rows(session, posts)
    grounds = _grounds(session, [post for post in posts if post not in given])
    rights = [
        right
        for post in posts
        for right in (map(_right, given[post]) if post in given else default_rights(grounds[post]))
    ]
    return sight_of_rights(rights, step_m=settings().corridor_step_m)


def rights_of(session: Session, post_id: int) -> tuple[RightFacts, ...]:
    """The rights of a post as lists show them; those that follow from the post itself have no number.

    Raises
    ------
    NotFound
        There is no such post.
    """
    codes = {area.id: area.code for area in session.execute(select(Area.id, Area.code))}
    rows = _rows(session, [post_id]).get(post_id, [])
    told: list[tuple[int | None, DataRight]] = [(row.id, _right(row)) for row in rows]
    if not told:
        told = [(None, right) for right in default_rights(_grounds(session, [post_id])[post_id])]
    return tuple(
        RightFacts(
            id=number, precision=right.precision, kinds=right.kinds, owners=right.owners,
            area=None if right.area_id is None else codes[right.area_id], life_states=right.life_states,
            secrecy=right.secrecy, attributes=right.attributes,
        )
        for number, right in told
    )  # fmt: skip


def _rows(session: Session, posts: Sequence[int]) -> dict[int, list[DataRightRow]]:
    """The rights written down for each of ``posts`` that has any, in their order."""
    found: dict[int, list[DataRightRow]] = {}
    if posts:
        asked = select(DataRightRow).where(DataRightRow.post_id.in_(posts)).order_by(DataRightRow.id)
        for row in session.scalars(asked):
            found.setdefault(row.post_id, []).append(row)
    return found


def _grounds(session: Session, posts: Sequence[int]) -> dict[int, PostGround]:
    """What the rights of each of ``posts`` follow from where none are written down."""
    if not posts:
        return {}
    asked = (
        select(Post.id, Post.role, Post.kinds, Post.area_id, Area.tier, Unit.kind, Unit.name_zh)
        .join(Area, Area.id == Post.area_id)
        .join(Unit, Unit.id == Post.unit_id)
        .where(Post.id.in_(posts))
    )
    found = {
        post: PostGround(
            role=Role(role), unit_kind=UnitKind(unit_kind), unit_name=unit_name,
            area_id=None if tier == Tier.CITY else area_id, kinds=None if kinds is None else frozenset(kinds),
        )
        for post, role, kinds, area_id, tier, unit_kind, unit_name in session.execute(asked)
    }  # fmt: skip
    for post in posts:
        if post not in found:
            raise NotFound(Words(f"没有岗位 {post}。", f"There is no post {post}."))
    return found


def _right(row: DataRightRow) -> DataRight:
    def names(given: list[str] | None) -> frozenset[str] | None:
        return None if given is None else frozenset(given)

    return DataRight(
        precision=row.precision,  # type: ignore[arg-type]  # a checked column
        kinds=names(row.kinds), area_id=row.area_id, owners=names(row.owners),
        life_states=names(row.life_states), secrecy=row.secrecy, attributes=names(row.attributes),
    )  # fmt: skip
