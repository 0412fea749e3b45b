"""The second wall: what forgets the lens still shows no secret record to who may not see it."""

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from tests.factories import NOW, a_coverage, a_line, a_node, a_run
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.driver import driver_of
from xzgis.core.lens import Lens, as_it_is
from xzgis.core.sight import DataRight, Sight
from xzgis.core.sql import binary_rows
from xzgis.networks.models import SecretRecord
from xzgis.networks.queries import seen as _guards  # noqa: F401 - the lens of the register

TABLES = ("networks_run", "networks_node", "networks_coverage")


def looking(grade: int) -> Actor:
    return Actor(name="looker", via="page", sight=Sight((DataRight("exact", secrecy=grade),), 20.0))


@pytest.fixture(autouse=True)
def two_of_each(session: Session) -> dict[str, int]:
    """An open and a secret run, node and coverage; identity of the secret run."""
    made = [a_run("gas"), a_node("gas"), a_coverage("gas")]
    hidden = [a_run("gas", label="HIDDEN", axis=a_line(y_m=9.0)), a_node("gas"), a_coverage("gas")]
    session.add_all([*made, *hidden])
    session.flush()
    session.add_all(
        SecretRecord(object_id=one.object_id, grade=2, reason="军事", since=NOW) for one in hidden
    )
    session.flush()
    return {"run": hidden[0].object_id}


def counted(session: Session, table: str) -> int:
    """How many rows a statement finds that forgot the lens."""
    with driver_of(session) as driver:
        (found,) = driver.execute(f"select count(*) from {table}").fetchone()
    return int(found)


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize(("grade", "seen"), [(0, 1), (1, 1), (2, 2), (3, 2)])
def test_a_statement_that_forgot_the_lens_finds_no_secret_record(table, grade, seen):
    with transaction(looking(grade)) as session:
        assert counted(session, table) == seen


@pytest.mark.parametrize("table", TABLES)
def test_a_lens_that_lets_all_through_is_not_enough(table, monkeypatch):
    monkeypatch.setattr(Lens, "applied", lambda _self, statement, parameters: (statement, dict(parameters)))

    with transaction(looking(0)) as session:
        assert session.scalar(text(f"select count(*) from {table}")) == 1


def test_without_a_setting_no_grade_is_reached():
    with transaction(looking(3)) as session, driver_of(session) as driver:
        driver.execute("select set_config('xz.grade', '', true)")
        assert counted(session, "networks_run") == 1


def test_a_secret_record_cannot_be_written_to_either(two_of_each):
    with transaction(looking(0)) as session, driver_of(session) as driver:
        asked = "update networks_run set label = '' where object_id = %s"
        assert driver.execute(asked, (two_of_each["run"],)).rowcount == 0
        assert driver.execute("delete from networks_run where label = 'HIDDEN'").rowcount == 0


def test_the_system_stands_before_the_wall():
    with transaction(Actor(name="root", via="command")) as session:
        assert [counted(session, table) for table in TABLES] == [2, 2, 2]


def test_the_check_reads_past_the_wall_and_leaves_it_standing(session):
    versions = list(session.scalars(text("select version_id from networks_coverage")))

    with transaction(looking(0)) as session:
        read = binary_rows(session, "conflicts", "coverage_areas", {"versions": versions})
        assert len(read) == 2
        assert counted(session, "networks_coverage") == 1


def test_as_it_is_opens_the_wall_and_closes_it_again():
    with transaction(looking(0)) as session:
        with as_it_is(session):
            assert counted(session, "networks_run") == 2
        assert counted(session, "networks_run") == 1
        with pytest.raises(ZeroDivisionError), session.begin_nested(), as_it_is(session):
            raise ZeroDivisionError
        assert counted(session, "networks_run") == 1


def test_a_failed_statement_leaves_the_wall_standing():
    with transaction(looking(0)) as session:
        with pytest.raises(Exception, match="division"), session.begin_nested(), as_it_is(session):
            session.execute(text("select 1/0"))
        assert counted(session, "networks_run") == 1


def test_the_connection_forgets_the_wall():
    with transaction(looking(0)):
        pass

    with transaction(Actor(name="root", via="command")) as session:
        assert counted(session, "networks_run") == 2


def test_the_index_on_place_is_used_behind_the_wall(session):
    columns = ["crown_m", "bottom_m", "ground_m", "kind", "label", "shape", "outer_is_assumed", "accuracy_class",
               "sigma_plan_m", "sigma_level_m", "life_state", "known_from"]  # fmt: skip
    told = ", ".join(columns)
    session.execute(text(
        f"insert into networks_run (object_id, axis, {told}) select nextval('networks_object_id'), "
        f"st_translate(axis, 0, n), {told} from networks_run, generate_series(1, 500) as n where label <> 'HIDDEN'"
    ))  # fmt: skip
    session.execute(text("analyze networks_run"))

    with transaction(looking(0)) as inner, driver_of(inner) as driver:
        plan = driver.execute(
            "explain select count(*) from networks_run "
            "where known_to is null and axis && st_makeenvelope(0, 0, 1, 1, 4548)"
        ).fetchall()

    assert any("ix_networks_run_axis_current" in line for (line,) in plan), plan
