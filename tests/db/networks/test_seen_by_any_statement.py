"""Whatever form a statement has: under a sight it shows what may be seen, or it is refused."""

import pytest
from shapely import Point
from sqlalchemy import select, text, update
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_line, a_node, a_run
from xzgis.core.actor import Actor
from xzgis.core.db import stored, transaction
from xzgis.core.guarded import PastTheLens
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.actions.register import remove_record, replace_record
from xzgis.networks.models import Node, Run, SecretRecord

LOOKER = Actor(name="looker", via="page", sight=Sight((DataRight("exact"),), 20.0))
BLIND = Actor(name="blind", via="page", sight=Sight((), 20.0))


@pytest.fixture
def open_run(session: Session) -> Run:
    """A run everybody sees, beside a secret one."""
    shown, hidden = a_run("gas", label="OPEN"), a_run("gas", label="HIDDEN", axis=a_line(y_m=9.0))
    session.add_all([shown, hidden])
    session.flush()
    session.add(SecretRecord(object_id=hidden.object_id, grade=3, reason="军事", since=NOW))
    session.flush()
    return shown


@pytest.mark.parametrize(
    "asked",
    [
        "select label from networks_run",
        "select label from NETWORKS_RUN",
        'select label from "networks_run"',
        "-- why\n/* and\nhow */ select label from networks_run",
        "(select label from networks_run) union (select label from networks_run)",
        "((select label from networks_run limit 5))",
        "values ((select string_agg(label, ',') from networks_run))",
        "with x as (select label from networks_run) select label from x",
        "WITH  RECURSIVE x as (select label from networks_run) select label from x",
        "insert into audit_probe select label from networks_run returning label",
        "update audit_probe set label = r.label from networks_run r returning audit_probe.label",
    ],
)
def test_a_form_that_takes_the_lens_shows_what_may_be_seen(session, open_run, asked):
    session.execute(text("create temp table audit_probe (label text); grant all on audit_probe to public"))
    if asked.startswith("update"):
        session.execute(text("insert into audit_probe values ('')"))

    with transaction(LOOKER) as inner:
        assert set(inner.scalars(text(asked))) == {"OPEN"}
    with transaction(BLIND) as inner:
        assert set(inner.scalars(text(asked))) <= {None}


def test_a_whole_table_is_what_may_be_seen_of_it(session, open_run):
    with transaction(LOOKER) as inner:
        assert [row.label for row in inner.execute(text("table networks_run"))] == ["OPEN"]


@pytest.mark.parametrize(
    "asked",
    [
        "select label from public.networks_run",
        'select label from "public" . "networks_run"',
        "select label from Public.Networks_Run",
        "(with x as (select label from networks_run) select label from x)",
        "explain analyze select label from networks_run",
        "copy networks_run to stdout",
        "create temp table taken as select label from networks_run",
        "do $$ begin perform label from networks_run; end $$",
        "select 1; select label from networks_run",
        "update networks_run set label = label returning label",
        "delete from networks_run using networks_run other where networks_run.label = other.label",
        "delete from networks_run where label in (select label from networks_run)",
        "update networks_run set label = 'x' returning version_id, (axis)",
        "insert into networks_run select * from networks_run",
        "insert into networks_run (label) values ('x') on conflict (version_id) do update set label = '' returning label",
    ],
)
def test_a_form_that_does_not_is_refused(session, open_run, asked):
    for actor in (LOOKER, BLIND):
        with pytest.raises(PastTheLens), transaction(actor) as inner:
            inner.execute(text(asked))


def test_limited_unions_of_the_mapper_take_the_lens(session, open_run):
    part = select(Run.label).limit(5)

    with transaction(LOOKER) as inner:
        assert set(inner.scalars(part.union_all(part))) == {"OPEN"}


def test_many_values_at_once_take_the_lens_too(session, open_run):
    session.execute(
        text("create temp table audit_probe (label text, mark int); grant all on audit_probe to public")
    )

    with transaction(LOOKER) as inner:
        inner.execute(
            text("insert into audit_probe select label, :mark from networks_run"), [{"mark": 1}, {"mark": 2}]
        )

    rows = session.execute(text("select label, mark from audit_probe order by mark")).all()
    assert [tuple(row) for row in rows] == [("OPEN", 1), ("OPEN", 2)]


def test_values_by_position_are_refused(session, open_run):
    with pytest.raises(PastTheLens), transaction(LOOKER) as inner:
        inner.connection().exec_driver_sql("select label from networks_run where kind = %s", ("gas",))


def test_the_actions_still_write(session, open_run):
    with transaction(LOOKER) as inner:
        point = a_node("gas", point_no="N1", place=stored(Point(EAST_M, NORTH_M)))
        inner.add_all([point, a_run("water", label="NEW", axis=a_line(y_m=5.0))])
        inner.flush()
        replace_record(
            inner,
            Run,
            actor=LOOKER,
            object_id=open_run.object_id,
            changes={"label": "NEXT"},
            reason="核",
            now=NOW,
        )
        remove_record(inner, Node, actor=LOOKER, object_id=point.object_id, reason="拆", now=NOW)
        done = inner.execute(
            update(Run).where(Run.label == "NEW").values(known_to=None).returning(Run.version_id)
        )
        assert len(done.all()) == 1

    with transaction(LOOKER) as inner:
        assert set(inner.scalars(select(Run.label).where(Run.known_to.is_(None)))) == {"NEXT", "NEW"}
