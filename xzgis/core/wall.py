"""The second wall behind the lens: row security of PostgreSQL over secret records (docs/decisions/0066).

While an actor with a sight looks, the transaction has the role ``xzgis_viewer``, which owns nothing: the policies of the
register's tables hold for it, and a record above the grade it reaches is not there, whatever the statement. The
application's own role owns the tables and stands before the wall: the system, its jobs and the check. A server on
which the role is not known has no wall; ``xzgis doctor`` says so.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from psycopg.pq import TransactionStatus
from sqlalchemy.orm import Session

from xzgis.core.driver import driver_of

# A role that may not be taken, or that the migrations have not yet given anything, would make every page fail.
WALL_ROLE = (
    "select coalesce((select rolname::text from pg_catalog.pg_roles where rolname = 'xzgis_viewer' "
    "and pg_catalog.pg_has_role(oid, 'member') "
    "and pg_catalog.has_table_privilege(oid, 'public.networks_run', 'select')), 'none')"
)
CLOSE = "select set_config('xz.grade', %(grade)s, true), set_config('role', %(role)s, true)"
OPEN = "select set_config('role', 'none', true)"

_GRADE, _ROLE = "xzgis_wall", "xzgis_wall_role"
Sent = tuple[str, dict[str, Any]]


def close_wall(session: Session, *, grade: int) -> None:
    """From here on records above ``grade`` are not there for the transaction of ``session``."""
    session.info[_GRADE] = grade
    _send(session, _closing(session, grade))


def open_wall(session: Session) -> None:
    """Take the wall of the transaction of ``session`` down; what a failed transaction set, it undoes itself."""
    if session.info.pop(_GRADE, None) is not None:
        _send(session, (OPEN, {}))


@contextmanager
def before_the_wall(session: Session) -> Iterator[None]:
    """Inside, the transaction stands before the wall, where there is one, and behind it again afterwards."""
    around = set_around(session)
    if not around:
        yield
        return
    grade = session.info.pop(_GRADE)
    _send(session, around[0])
    try:
        yield
    finally:
        session.info[_GRADE] = grade
        _send(session, around[1])


def set_around(session: Session) -> tuple[()] | tuple[Sent, Sent]:
    """What opens and what closes the wall of ``session`` again, as the driver takes it; nothing where none stands."""
    grade = session.info.get(_GRADE)
    return () if grade is None else ((OPEN, {}), _closing(session, grade))


def _closing(session: Session, grade: int) -> Sent:
    kept = session.connection().info  # of the connection to the server, as long as it lasts
    if _ROLE not in kept:
        with driver_of(session) as driver:
            (kept[_ROLE],) = driver.execute(WALL_ROLE).fetchone()
    return CLOSE, {"grade": str(grade), "role": kept[_ROLE]}


def _send(session: Session, sent: Sent) -> None:
    if session.connection().invalidated:
        return
    with driver_of(session) as driver:
        if driver.info.transaction_status == TransactionStatus.INTRANS:
            driver.execute(*sent, prepare=True)
