"""The connection of a session as the driver knows it."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session


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
