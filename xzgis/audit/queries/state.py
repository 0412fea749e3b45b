"""How the keeping of the trail stands, and the verifications that were asked for."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailCheck
from xzgis.audit.queries import chain
from xzgis.audit.terms import ArchivedMonth, ChainSeal
from xzgis.core.errors import NotFound
from xzgis.core.sql import binary_rows
from xzgis.core.words import Words


@dataclass(frozen=True, slots=True)
class TrailState:
    """What page, doctor and alarm read.

    Attributes
    ----------
    waiting
        Rows not sealed yet; 100 001 stands for more than a hundred thousand.
    outside_months
        Rows in the default partition: no month was there for them.
    last_month
        Name of the last partition made; None: none.
    oldest_open_s
        Age of the oldest transaction that writes, in seconds: nothing after it can be sealed. None: none open.
    """

    seal: ChainSeal | None
    sealed_rows: int
    waiting: int
    outside_months: int
    last_month: str | None
    oldest_open_s: float | None
    archives: tuple[ArchivedMonth, ...]


def trail_state(session: Session) -> TrailState:
    """How it stands now."""
    seal = chain.last_seal(session)
    asked = {"horizon": seal.horizon if seal else 0}
    waiting, outside, month, open_s = binary_rows(session, "audit", "state", asked)[0]
    return TrailState(
        seal=seal,
        sealed_rows=seal.pos if seal else 0,
        waiting=int(waiting),
        outside_months=int(outside),
        last_month=month,
        oldest_open_s=open_s,
        archives=tuple(chain.archives(session)),
    )


def check_of(session: Session, number: int) -> TrailCheck:
    """A verification that was asked for.

    Raises
    ------
    NotFound
        There is none of that number.
    """
    found = session.get(TrailCheck, number, populate_existing=True)
    if found is None:
        raise NotFound(Words(f"没有编号为 {number} 的校验。", f"There is no verification {number}."))
    return found


def last_check(session: Session) -> TrailCheck | None:
    """The verification asked for last; None before the first."""
    return session.scalars(select(TrailCheck).order_by(TrailCheck.id.desc()).limit(1)).one_or_none()
