"""Reads ``<module>/sql/<name>.sql``."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import files
from typing import Any

import psycopg
from sqlalchemy import TextClause, text
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.exc import DBAPIError
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
    with driver_of(session) as driver, driver.cursor(binary=True) as cursor:
        cursor.execute(_for_driver(module, name), parameters, prepare=True)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def binary_answers(
    session: Session, module: str, asked: Sequence[tuple[str, Mapping[str, Any]]]
) -> list[list[tuple[Any, ...]]]:
    """The rows of several statements (name, parameters), as :func:`binary_rows`, in one way to the server."""
    with driver_of(session) as driver:
        with driver.pipeline():
            cursors = [
                driver.cursor(binary=True).execute(_for_driver(module, name), parameters, prepare=True)
                for name, parameters in asked
            ]
        return [cursor.fetchall() for cursor in cursors]


@contextmanager
def driver_of(session: Session) -> Iterator[Any]:
    """The connection of ``session`` as psycopg knows it, in the session's own transaction.

    Raises
    ------
    DBAPIError
        What the driver raises inside, as SQLAlchemy would: the pages know what to answer then. A connection
        that was lost does not go back to the pool.
    """
    connection = session.connection()
    driver = connection.connection.driver_connection
    if driver is None:
        raise RuntimeError("The session has no connection.")
    try:
        yield driver
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        raise DBAPIError.instance(
            None, None, error, psycopg.Error, connection_invalidated=driver.closed, dialect=connection.dialect
        ) from error


@lru_cache
def _for_driver(module: str, name: str) -> str:
    """The text of a statement of a module, kept."""
    return for_driver(statement(module, name))


def for_driver(clause: TextClause) -> str:
    """The text of a statement with its parameters as psycopg names them."""
    return str(clause.compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]  # no types there
