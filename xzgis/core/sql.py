"""Reads ``<module>/sql/<name>.sql``."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session

from xzgis.core.driver import driver_of
from xzgis.core.wall import set_around

_PLANS = "select set_config('plan_cache_mode', %(mode)s, true)"


@lru_cache
def statement(module: str, name: str) -> TextClause:
    """The statement ``name`` of ``module`` (``networks``, ``conflicts``, …), with named parameters."""
    return text(files(f"xzgis.{module}").joinpath("sql", f"{name}.sql").read_text(encoding="utf-8"))


def binary_rows(
    session: Session, module: str, name: str, parameters: Mapping[str, Any]
) -> list[tuple[Any, ...]]:
    """The rows of a statement in the binary form of the wire, past SQLAlchemy's work on every row.

    For wide reads in a request that must answer in milliseconds; the statement is prepared once for each
    connection and runs in the session's own transaction. A geometry comes as EWKB bytes.
    It reads the register itself, whoever asks: neither the lens nor the wall (``core/wall.py``) stands before it, so
    that no check can overlook a line because of who asked for it.
    """
    return binary_answers(session, module, [(name, parameters)])[0]


def binary_answers(
    session: Session, module: str, asked: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements (name, parameters), as :func:`binary_rows`, in one way to the server.

    The server keeps the plan of each for its connection. Left to itself it plans a long one anew at every call, for
    longer than it then runs: what the lists of a call hold makes it believe in a better plan, which is the same one.
    """
    told = [(_for_driver(module, name), parameters) for name, parameters in asked]
    with driver_of(session) as driver:
        around = set_around(session)
        if len(told) == 1 and not around:
            cursor = driver.cursor(binary=True)
            return [cursor.execute(*told[0], prepare=True).fetchall()]
        with driver.pipeline():
            for opening in (*around[:1], (_PLANS, {"mode": "force_generic_plan"})):
                driver.execute(*opening, prepare=True)
            cursors = [driver.cursor(binary=True).execute(*each, prepare=True) for each in told]
            for closing in ((_PLANS, {"mode": "auto"}), *around[1:]):
                driver.execute(*closing, prepare=True)
        return [cursor.fetchall() for cursor in cursors]


@lru_cache
def _for_driver(module: str, name: str) -> str:
    """The text of a statement of a module, kept; without notes and indents.

    The driver keeps what it makes of a text of at most 4 096 characters only, and takes a longer one to pieces at every call.
    """
    lines = (line.strip() for line in for_driver(statement(module, name)).splitlines())
    return "\n".join(line for line in lines if line and not line.startswith("--"))


def for_driver(clause: TextClause) -> str:
    """The text of a statement with its parameters as psycopg names them."""
    return str(clause.compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]  # no types there
