"""A trail that is really committed, in a database and a folder of the test's own."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from tests.factories import NOW, an_actor
from tests.trails import ThingMoved, seal_now
from xzgis.audit.record import record
from xzgis.core.db import transaction
from xzgis.core.settings import Settings


@pytest.fixture
def chosen(tmp_path: Path) -> Settings:
    """Settings of an installation that writes nowhere but here."""
    return Settings(var_dir=tmp_path / "var")


@pytest.fixture
def write(own_engine: Engine) -> Callable[[int], None]:
    """Writes so many rows, three to a transaction."""

    def writing(count: int) -> None:
        for first in range(0, count, 3):
            with transaction(an_actor()) as session:
                for number in range(first, min(first + 3, count)):
                    event = ThingMoved(str(number), by_m=number / 8)
                    record(session, actor=an_actor(), event=event, now=NOW)

    return writing


@pytest.fixture
def sealed(chosen: Settings, write: Callable[[int], None]) -> Settings:
    """Thirty sealed rows under three seals."""
    for _ in range(3):
        write(10)
        seal_now(chosen)
    return chosen


@pytest.fixture
def tamper(own_engine: Engine) -> Callable[[str], None]:
    """Does what only the owner of the tables can: works with the triggers off."""

    def tampering(statement: str, **values: object) -> None:
        with own_engine.begin() as connection:
            for table in ("audit_trail_default", "audit_link", "audit_seal"):
                connection.execute(text(f"alter table {table} disable trigger all"))
            connection.execute(text(statement), values)
            for table in ("audit_trail_default", "audit_link", "audit_seal"):
                connection.execute(text(f"alter table {table} enable trigger all"))

    return tampering
