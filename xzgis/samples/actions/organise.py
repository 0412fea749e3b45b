"""The invented city government into a register in which nobody is yet."""

from datetime import datetime, timedelta
from pathlib import Path

import pyogrio
from sqlalchemy.orm import Session

from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.identity import actions
from xzgis.identity.queries import posts_of
from xzgis.identity.terms import DelegationAsked, NewPerson, PostAsked, RightAsked
from xzgis.networks.queries.batches import all_batches
from xzgis.samples.rules.organisation import (
    ABSENT,
    ABSENT_DAYS,
    AREAS,
    MEMBERS,
    STANDS_IN,
    UNITS,
    boundary,
)

#: Of so many batches, the newest, one must be invented for the register to be taken for the sample city.
LOOKED_AT = 200
#: The shipped district when its files are not at hand: west, south, east, north in the storage CRS, metres.
BOUNDS_M = (516_500.0, 3_792_100.0, 517_400.0, 3_793_100.0)


def organise_sample(session: Session, folder: Path, *, actor: Actor, now: datetime) -> tuple[NewPerson, ...]:
    """:func:`organise` where the register holds the invented city; else the three administrators alone.

    Returns none when anybody is there already.
    """
    if any(batch.is_invented for batch in all_batches(session, limit=LOOKED_AT)):
        return organise(session, folder if (folder / "runs.gpkg").is_file() else None, actor=actor, now=now)
    return actions.first_administrators(session, actor=actor, now=now)


def organise(session: Session, folder: Path | None, *, actor: Actor, now: datetime) -> tuple[NewPerson, ...]:
    """Three administrators and the invented government, each person with a one-time password shown this once.

    Parameters
    ----------
    folder
        Where the sample lies, for the boundaries of the areas; None takes those of the shipped one.

    Returns
    -------
    people
        The administrators first; none when anybody is there already.
    """
    administrators = actions.first_administrators(session, actor=actor, now=now)
    if not administrators:
        return ()
    bounds_m = BOUNDS_M if folder is None else _bounds_m(folder)
    for area, share in AREAS:
        actions.add_area(session, actor=actor, asked=area, boundary=boundary(share, bounds_m), now=now)
    for unit in UNITS:
        actions.add_unit(session, actor=actor, asked=unit, now=now)
    made = {}
    for member in MEMBERS:
        made[member.account] = actions.add_person(
            session, actor=actor, account=member.account, name=member.name, now=now
        )
        asked = PostAsked(
            unit=member.unit, role=member.role, area=member.area, kinds=frozenset(member.kinds) or None
        )
        actions.grant_post(session, actor=actor, account=member.account, asked=asked, now=now)
        if member.secrecy:
            (post,) = posts_of(session, made[member.account].id, now=now)
            cleared = RightAsked("exact", secrecy=member.secrecy)
            actions.give_right(
                session, actor=actor, post_id=post.id, asked=cleared, kinds=catalogue().kinds, now=now
            )
    post = posts_of(session, made[ABSENT].id, now=now)[0]
    until = now + timedelta(days=ABSENT_DAYS)
    lent = DelegationAsked(post.id, STANDS_IN, until, "年休假（虚构）")
    actions.delegate(session, actor=actor, asked=lent, now=now)
    return (*administrators, *made.values())


def _bounds_m(folder: Path) -> tuple[float, float, float, float]:
    """Where the runs of the sample lie, grown to whole hundreds of metres."""
    west, south, east, north = pyogrio.read_info(folder / "runs.gpkg")["total_bounds"]
    return (west // 100 * 100, south // 100 * 100, -(-east // 100) * 100, -(-north // 100) * 100)
