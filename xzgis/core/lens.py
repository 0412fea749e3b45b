"""The lens that every statement of a transaction passes, when its actor may not see everything.

A statement that names a guarded table is given a common table expression of the same name in front of it: what the
statement then reads under that name is only what the actor may see. Nothing that reads has to think of it, so nothing
can forget it (docs/decisions/0038); what cannot be given the lens (``core/guarded.py``) is refused. Behind it stands
the wall (``core/wall.py``). Statements of ``core/sql.py`` are the system's own: they pass neither.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from xzgis.core.guarded import PastTheLens, guarded_reads, headed
from xzgis.core.sight import Sight
from xzgis.core.wall import before_the_wall, close_wall, open_wall


@dataclass(frozen=True, slots=True)
class Shown:
    """What stands for a guarded table: the text of a common table expression, and its parameters."""

    text: str
    parameters: Mapping[str, Any]


Guard = Callable[[Sight], Shown]
GUARDS: dict[str, Guard] = {}
"""By name of table; the rooms that own the tables put them here when they are imported."""

_OPTION = "xzgis_sight"


class Lens:
    """The sight of one transaction and whose; ``aside`` counts who looks past it on the system's own behalf."""

    def __init__(self, sight: Sight, name: str) -> None:
        self.sight, self.name, self.aside = sight, name, 0

    def applied(self, statement: str, parameters: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
        """``statement`` as it may be asked.

        Raises
        ------
        PastTheLens
            It names a guarded table and cannot be given the lens.
        """
        reads = () if self.aside else guarded_reads(statement, GUARDS)
        if not reads:
            return statement, dict(parameters)
        shown = {name: GUARDS[name](self.sight) for name in reads}
        heads = ", ".join(f"{name} as not materialized ({each.text})" for name, each in shown.items())
        merged = dict(parameters)
        for each in shown.values():
            merged |= each.parameters
        return headed(statement, heads), merged


@contextmanager
def look_through(session: Session, sight: Sight, *, name: str, to_the_end: bool = False) -> Iterator[None]:
    """Inside, the transaction of ``session`` sees only what ``sight`` shows to the actor ``name``.

    Behind the lens stands the wall (``core/wall.py``). ``to_the_end``: the transaction ends with it, and takes the
    wall down itself.

    Raises
    ------
    RuntimeError
        No guard is known: the room of the register was not imported, and everything would be shown.
    """
    if not GUARDS:
        raise RuntimeError("No table is guarded; the register's room was not imported.")
    session.info[_OPTION] = lens = Lens(sight, name)
    connection = session.connection().execution_options(**{_OPTION: lens})
    close_wall(session, grade=sight.grade)
    try:
        yield
    finally:
        if not to_the_end or connection.in_nested_transaction():
            open_wall(session)
        del session.info[_OPTION]
        connection.execution_options(**{_OPTION: None})  # a connection may outlive its transaction


@contextmanager
def as_seen_by(session: Session, sight: Sight | None, *, name: str) -> Iterator[None]:
    """Inside, a transaction of the system sees what ``sight`` shows to ``name``; None, or a lens it has, changes nothing."""
    if sight is None or _OPTION in session.info:
        yield
        return
    with look_through(session, sight, name=name):
        yield


def sight_of(session: Session) -> Sight | None:
    """What the transaction may see; None is everything."""
    lens: Lens | None = session.info.get(_OPTION)
    return None if lens is None or lens.aside else lens.sight


def who_looks(session: Session) -> str | None:
    """The account whose sight the transaction has; None where everything is seen."""
    lens: Lens | None = session.info.get(_OPTION)
    return None if lens is None or lens.aside else lens.name


@contextmanager
def as_it_is(session: Session) -> Iterator[None]:
    """The register itself, for what the system does on its own behalf; what comes out of it must not be shown."""
    lens: Lens | None = session.info.get(_OPTION)
    if lens is None:
        yield
        return
    lens.aside += 1
    try:
        with before_the_wall(session):
            yield
    finally:
        lens.aside -= 1


def watch(engine: Engine) -> None:
    """Let every statement of ``engine`` pass the lens of its transaction, where there is one."""
    event.listen(engine, "before_cursor_execute", _before, retval=True)


def _before(
    connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, executemany: bool
) -> tuple[str, Any]:
    lens: Lens | None = connection.get_execution_options().get(_OPTION)
    if lens is None or lens.aside:
        return statement, parameters
    if executemany:
        told, ours = lens.applied(statement, {})
        return told, [{**each, **ours} for each in parameters] if ours else parameters
    if isinstance(parameters, Mapping):
        return lens.applied(statement, parameters)
    told, ours = lens.applied(statement, {})
    if ours and parameters:
        raise PastTheLens(statement)  # values by position cannot stand beside ours by name
    return told, ours or parameters
