"""Reads ``<module>/sql/<name>.sql``."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.orm import Session


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
    """
    with _driver(session).cursor(binary=True) as cursor:
        cursor.execute(_for_driver(module, name), parameters, prepare=True)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def binary_answers(
    session: Session, module: str, asked: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements (name, parameters), as :func:`binary_rows`, in one way to the server."""
    driver = _driver(session)
    with driver.pipeline():
        cursors = [
            driver.cursor(binary=True).execute(_for_driver(module, name), parameters, prepare=True)
            for name, parameters in asked
        ]
    return [cursor.fetchall() for cursor in cursors]


def _driver(session: Session) -> Any:
    """The connection of ``session`` as psycopg knows it, in the session's own transaction."""
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("The session has no connection.")
    return driver


@lru_cache
def _for_driver(module: str, name: str) -> str:
    """The statement with its parameters as psycopg names them."""
    return str(statement(module, name).compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]  # no types there
