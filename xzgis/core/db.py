"""Tables' base, engine, and ``transaction()``: the one place that commits."""

import select
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import psycopg
from geoalchemy2 import WKBElement
from geoalchemy2.shape import from_shape
from psycopg import sql
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, MetaData, QueuePool, create_engine, make_url, text
from sqlalchemy.orm import DeclarativeBase, Session, sessionmaker

from xzgis.core.actor import Actor
from xzgis.core.driver import driver_of
from xzgis.core.lens import look_through, watch
from xzgis.core.settings import Settings
from xzgis.core.wire import accept_arrays

STORAGE_SRID = 4548

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}

SET_CONTEXT = "select set_config('xz.actor', %(actor)s, true), set_config('xz.via', %(via)s, true)"


def stored(shape: BaseGeometry) -> WKBElement:
    """A shape in the storage CRS as a column value; the bytes go as they are, without a way through text."""
    return from_shape(shape, srid=STORAGE_SRID, extended=True)


class Base(DeclarativeBase):
    """Base of every table."""

    metadata = MetaData(naming_convention=NAMING)


_sessions: sessionmaker[Session] = sessionmaker()
_open: ContextVar[Session | None] = ContextVar("open_session", default=None)


def open_session() -> Session | None:
    """The innermost transaction that this thread is in; None outside of one.

    For what is read beside the business and must never wait for a second connection while it holds one
    (docs/decisions/0073); whoever works with rows is handed his session.
    """
    return _open.get()


def ask_through(session: Session | None) -> None:
    """Let what this thread asks without naming a session go through ``session``; None while another thread works with it."""
    _open.set(session)


def bound_to() -> object | None:
    """What ``transaction()`` reaches in this process; None before a database was opened."""
    bind: object | None = _sessions.kw.get("bind")
    return bind


def connect(url: str, settings: Settings) -> Engine:
    """Bind this process to the database at ``url`` and return its engine."""
    options = (
        f"-c statement_timeout={settings.statement_timeout_s}s -c lock_timeout=2s "
        "-c idle_in_transaction_session_timeout=60s"
    )
    accept_arrays()
    engine = create_engine(
        url,
        pool_size=settings.pool_size,
        max_overflow=0,
        pool_timeout=3,
        pool_pre_ping=True,
        connect_args={"options": options, "connect_timeout": 10},
    )
    _ask_only_when_the_wire_stirs(engine)
    watch(engine)
    _sessions.configure(bind=engine)
    return engine


def _ask_only_when_the_wire_stirs(engine: Engine) -> None:
    """Before a kept connection is used, ask the server whether it lives only when there is something to read.

    A server that was stopped or killed, or that ended the connection, has closed its end: the socket can be read.
    A silent socket is as good as an answer, for the server may die after an answer too.
    """
    dialect: Any = engine.dialect
    ask = dialect.do_ping

    def alive(connection: Any) -> bool:
        wire = select.poll()
        wire.register(connection.fileno(), select.POLLIN)
        return not wire.poll(0) or bool(ask(connection))

    dialect.do_ping = alive


def pool_state() -> tuple[int, int, int] | None:
    """Connections of this process in use, idle, and at most; None where it has no pool of its own."""
    bound = _sessions.kw.get("bind")
    pool = bound.pool if isinstance(bound, Engine) else None
    return (pool.checkedout(), pool.checkedin(), pool.size()) if isinstance(pool, QueuePool) else None


@contextmanager
def transaction(actor: Actor, *, statement_timeout_s: int | None = None) -> Iterator[Session]:
    """The one place that commits: rows, trail and jobs of one action stand or fall together.

    Parameters
    ----------
    actor
        On whose behalf; kept in the transaction for the trail. Its sight is the lens of every statement in it.
    statement_timeout_s
        Longer limit for jobs and commands; None keeps the limit of the pages. Zero means no limit.
    """
    with _sessions() as session, session.begin():
        with driver_of(session) as driver:
            driver.execute(SET_CONTEXT, {"actor": actor.name, "via": actor.via}, prepare=True)
        if statement_timeout_s is not None:
            session.execute(
                text("select set_config('statement_timeout', :limit, true)"),
                {"limit": f"{statement_timeout_s}s"},
            )
        around = _open.get()
        _open.set(session)
        try:
            if actor.sight is None:
                yield session
            else:
                with look_through(session, actor.sight, name=actor.name, to_the_end=True):
                    yield session
        finally:
            _open.set(around)


@contextmanager
def listening(url: str, channel: str) -> Iterator[psycopg.Connection]:
    """A connection of its own that hears what is rung in ``channel``; it reads and writes nothing.

    Each statement stands for itself: a listener inside a transaction hears nothing.
    """
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(address, autocommit=True, connect_timeout=5) as connection:
        connection.execute(sql.SQL("listen {}").format(sql.Identifier(channel)))
        yield connection
