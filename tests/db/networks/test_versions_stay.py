"""What was known stays as it was, and no object is known twice at one moment: tried by bare SQL."""

from datetime import timedelta
from typing import Any

import pytest
from psycopg.errors import Error as DriverError
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, a_coverage, a_node, a_run

DAY = timedelta(days=1)
MAKERS = {"networks_run": a_run, "networks_node": a_node, "networks_coverage": a_coverage}
TABLES = pytest.mark.parametrize("table", MAKERS)
ALL_NOW = text("set constraints all immediate")


def _added(session: Session, *records: Any) -> None:
    session.add_all(records)
    session.flush()


def _refused(session: Session, statement: str) -> str:
    """The name of the constraint that refuses a statement."""
    with pytest.raises(DBAPIError) as refusal, session.begin_nested():
        session.execute(text(statement))
    assert isinstance(refusal.value.orig, DriverError)
    return refusal.value.orig.diag.constraint_name or ""


@TABLES
@pytest.mark.parametrize(
    "change",
    ["known_from = known_from - interval '1 day'", "batch_id = null", "kind = 'gas'", "object_id = 8"],
)
def test_a_version_is_never_rewritten(session: Session, table: str, change: str) -> None:
    _added(session, a_batch(id=1, name="一"))
    _added(session, MAKERS[table](object_id=7, kind="water", batch_id=1))

    # A node's identity has a guard of its own (decision 0022).
    assert _refused(session, f"update {table} set {change}") in {
        "networks_version_stays",
        "networks_node_identity",
    }


def test_an_axis_is_not_drawn_the_other_way_round(session: Session) -> None:
    _added(session, a_run())

    assert _refused(session, "update networks_run set axis = st_reverse(axis)") == "networks_version_stays"


@TABLES
def test_a_version_is_closed_once_and_stays_closed(session: Session, table: str) -> None:
    _added(session, MAKERS[table](object_id=7))
    session.execute(text(f"update {table} set known_to = known_from + interval '1 day'"))

    for change in ("known_to = null", "known_to = known_to + interval '1 day'"):
        assert _refused(session, f"update {table} set {change}") == "networks_version_stays"


@TABLES
def test_a_version_is_not_deleted(session: Session, table: str) -> None:
    _added(session, MAKERS[table](object_id=7))

    assert _refused(session, f"delete from {table}") == "networks_version_stays"


@TABLES
@pytest.mark.parametrize(
    ("since_days", "until_days"),
    [
        pytest.param(-1, 1, id="over its beginning"),
        pytest.param(2, 3, id="within it"),
        pytest.param(4, 6, id="over its end"),
        pytest.param(-1, 20, id="around both"),
        pytest.param(12, 13, id="beside the current one"),
        pytest.param(0, 5, id="the same time"),
    ],
)
def test_an_object_is_never_known_twice(
    session: Session, table: str, since_days: int, until_days: int
) -> None:
    make = MAKERS[table]
    _added(session, make(object_id=7, known_to=NOW + 5 * DAY), make(object_id=7, known_from=NOW + 9 * DAY))

    with pytest.raises(DBAPIError, match="known at the same moment"):
        _added(session, make(object_id=7, known_from=NOW + since_days * DAY, known_to=NOW + until_days * DAY))


@TABLES
def test_a_current_version_begins_when_the_past_one_ends(session: Session, table: str) -> None:
    make = MAKERS[table]
    _added(session, make(object_id=7, known_to=NOW + 5 * DAY), make(object_id=8, known_to=NOW + 5 * DAY))
    _added(session, make(object_id=7, known_from=NOW + 5 * DAY))

    with pytest.raises(DBAPIError, match="known at the same moment"):
        _added(session, make(object_id=8, known_from=NOW + 4 * DAY))


@TABLES
def test_nothing_current_comes_from_an_undone_batch(session: Session, table: str) -> None:
    _added(session, a_batch(id=1, name="一", state="undone", undone_at=NOW + DAY))
    _added(session, MAKERS[table](batch_id=1, known_to=NOW + DAY))

    with pytest.raises(DBAPIError, match="is not in the register"):
        _added(session, MAKERS[table](batch_id=1))


@TABLES
def test_a_batch_is_not_undone_around_its_records(session: Session, table: str) -> None:
    _added(session, a_batch(id=1, name="一"))
    _added(session, MAKERS[table](batch_id=1))
    session.execute(text("update networks_batch set state = 'undone', undone_at = now()"))

    with pytest.raises(DBAPIError, match="has current records"):
        session.execute(ALL_NOW)
