"""Reads ``<module>/sql/<name>.sql``."""

from collections.abc import Mapping
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
    driver = session.connection().connection.driver_connection
    if driver is None:
        raise RuntimeError("The session has no connection.")
    with driver.cursor(binary=True) as cursor:
        cursor.execute(_for_driver(module, name), parameters, prepare=True)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


@lru_cache
def _for_driver(module: str, name: str) -> str:
    """The statement with its parameters as psycopg names them."""
    return str(statement(module, name).compile(dialect=PGDialect_psycopg()))  # type: ignore[no-untyped-call]  # no types there
