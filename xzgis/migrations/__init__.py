"""The history of the schema, and the way up it."""

from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from pkgutil import iter_modules

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, NullPool, create_engine, text

import xzgis

HERE = Path(__file__).parent
LOCK_LIMIT_S = 10
STATEMENT_LIMIT_S = 600
ADVISORY_KEY = 4548_0001


def load_models() -> None:
    """Import the tables of every module, so that ``core.db.Base.metadata`` is complete."""
    for module in iter_modules(xzgis.__path__):
        name = f"xzgis.{module.name}.models"
        if module.ispkg and find_spec(name) is not None:
            import_module(name)


def configuration(connection: Connection) -> Config:
    """Alembic's configuration, bound to ``connection``."""
    config = Config()
    config.set_main_option("script_location", str(HERE).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def upgrade(url: str, *, revision: str = "head") -> None:
    """Bring the database at ``url`` (SQLAlchemy form) up to ``revision``.

    Two at once wait for each other; each statement runs under a lock limit and a statement limit, so a
    migration never stands in front of a running product for long.
    """
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text("select pg_advisory_lock(:key)"), {"key": ADVISORY_KEY})
            connection.execute(
                text("select set_config('lock_timeout', :limit, false)"), {"limit": f"{LOCK_LIMIT_S}s"}
            )
            connection.execute(
                text("select set_config('statement_timeout', :limit, false)"),
                {"limit": f"{STATEMENT_LIMIT_S}s"},
            )
            connection.commit()
            command.upgrade(configuration(connection), revision)
    finally:
        engine.dispose()


def downgrade(url: str, *, revision: str) -> None:
    """Take the database at ``url`` back to ``revision`` (``base``: only the extensions stay)."""
    engine = create_engine(url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            command.downgrade(configuration(connection), revision)
    finally:
        engine.dispose()
