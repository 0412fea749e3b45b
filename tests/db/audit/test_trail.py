"""The trail takes what happened, and never gives it up."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.orm import Session

from xzgis.audit.models import TrailEntry
from xzgis.audit.queries.protected import TRAIL_PROTECTED
from xzgis.audit.record import Event, record
from xzgis.core import cluster
from xzgis.core.actor import Actor
from xzgis.core.settings import Settings


@dataclass(frozen=True)
class ThingMoved(Event):
    """A thing was moved."""

    name: ClassVar[str] = "tests.thing.moved"
    about: ClassVar[str] = "thing"
    by_m: float


def test_record_keeps_who_what_and_when(session: Session, actor: Actor, now: datetime) -> None:
    record(session, actor=actor, event=ThingMoved(object_id="7", by_m=1.5), now=now)
    session.flush()

    entry = session.scalars(select(TrailEntry)).one()

    assert (entry.actor, entry.event, entry.object_id) == ("tester", "tests.thing.moved", "7")
    assert entry.details == {"by_m": 1.5}
    assert entry.happened_at == now


@pytest.mark.parametrize(
    "statement",
    ["update audit_trail set actor = 'nobody'", "delete from audit_trail", "truncate audit_trail"],
)
def test_trail_refuses_to_be_changed(session: Session, actor: Actor, now: datetime, statement: str) -> None:
    record(session, actor=actor, event=ThingMoved(object_id="7", by_m=1.5), now=now)
    session.flush()

    with pytest.raises(ProgrammingError, match=r"append-only|permission denied"):
        session.execute(text(statement))


ATTACKS = (
    "alter table audit_trail disable trigger audit_trail_append_only",
    "drop trigger audit_trail_append_only on audit_trail",
    "drop table audit_trail",
    "alter table audit_trail rename to something",
    "alter table audit_trail drop column actor",
    "alter table audit_trail owner to xzgis",
    "create or replace function audit_trail_refuse() returns trigger language plpgsql as 'begin return null; end'",
    "drop function audit_trail_refuse() cascade",
    "create trigger mine before insert on audit_trail for each row execute function audit_trail_refuse()",
    "set local role xzgis_owner",
    "grant delete on audit_trail to xzgis; delete from audit_trail",
    "drop schema public cascade",
    "set local session_replication_role = replica; delete from audit_trail",
    "update alembic_version set version_num = 'none'",
    "delete from audit_trail_default",
    "alter table audit_trail_default disable trigger all",
    "alter table audit_trail detach partition audit_trail_default",
    "update audit_link set hash = ''",
    "alter table audit_link disable trigger all",
    "truncate audit_seal",
    "drop table audit_archive",
    "delete from audit_check",
    "create or replace function audit_release_partition(name text) returns void language sql as ''",
    "select audit_add_partition('2030-01-01'); delete from audit_trail_2030_01",
    "select audit_add_partition('2030-01-01'); drop table audit_trail_2030_01",
)


@pytest.mark.parametrize("attack", ATTACKS)
def test_the_applications_role_cannot_take_the_guard_away(
    session: Session, server: Settings, attack: str
) -> None:
    if server.database_url is not None:
        pytest.skip("the server of XZGIS_TEST_DATABASE_URL has one role for everything")

    with pytest.raises(ProgrammingError, match=r"must be owner|permission denied"):
        session.execute(text(attack))


def test_a_name_of_the_application_is_not_taken_under_the_owners_rights(
    session: Session, server: Settings
) -> None:
    """``to_char`` of a day fits better than what pg_catalog has; called inside, it would act as the owner."""
    if server.database_url is not None:
        pytest.skip("the server of XZGIS_TEST_DATABASE_URL has one role for everything")
    session.execute(text("create table seen_as (role text)"))
    session.execute(text("grant all on seen_as to public"))
    for kind in ("date", "timestamp"):
        session.execute(
            text(
                f"create function public.to_char({kind}, text) returns text language plpgsql as $$ begin "
                "insert into public.seen_as values (current_user); return '2030_01'; end $$"
            )
        )

    session.execute(text("select audit_add_partition('2030-01-01')"))

    assert session.scalars(text("select role from seen_as")).all() == []
    assert session.scalar(text("select has_table_privilege('audit_trail_2030_01', 'SELECT')")) is True


def test_it_is_known_whether_roles_protect_the_trail(
    session: Session, server: Settings, own_database: str
) -> None:
    if server.database_url is not None:
        pytest.skip("the server of XZGIS_TEST_DATABASE_URL has one role for everything")
    owner = create_engine(cluster.migration_url(server, own_database))

    with owner.connect() as connection:
        as_owner = connection.scalar(TRAIL_PROTECTED)
        with pytest.raises(ProgrammingError, match="append-only"):
            connection.execute(text("delete from audit_trail"))
    owner.dispose()

    assert session.scalar(TRAIL_PROTECTED) is True
    assert as_owner is False
