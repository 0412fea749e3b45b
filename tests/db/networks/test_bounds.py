"""What must never be false, tried by bare SQL: past every reader, rule and model."""

from collections.abc import Sequence
from datetime import date

import pytest
from psycopg.errors import Error as DriverError
from sqlalchemy import CheckConstraint, TextClause, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from tests.factories import a_batch, a_coverage, a_line, a_node, a_run
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.terms.closed import CLOSED
from xzgis.networks import models

NAN = "'NaN'::float8"
SIZES = ("nominal_width_mm", "nominal_height_mm", "outer_width_mm", "outer_height_mm")
RECORDED = ("start_depth_m", "end_depth_m", "start_level_m", "end_level_m")
A_LINE = "st_geomfromtext('LINESTRING({0})', 4548)"

RUN_REFUSALS = [
    *((name, bad, "positive") for name in SIZES for bad in (NAN, "-200", "0", "'Infinity'", "150000")),
    *(("outer_spread_mm", bad, "spread_positive") for bad in (NAN, "-1", "'Infinity'")),
    *(("voltage_kv", bad, "voltage_positive") for bad in (NAN, "-10", "0", "10000")),
    *((name, bad, "recorded_bounded") for name in RECORDED for bad in (NAN, "'-Infinity'", "120000")),
    *((name, bad, "sigma_positive") for name in ("sigma_plan_m", "sigma_level_m") for bad in (NAN, "-0.1")),
    ("outer_width_mm", "150", "wall_not_negative"),
    *(("surveyed_on", bad, "surveyed_before_known") for bad in ("'2999-01-01'", "'infinity'", "'-infinity'")),
    *(("built_on", bad, "built_before_known") for bad in ("'2999-01-01'", "'infinity'", "'-infinity'")),
    *((name, "'infinity'", "true_") for name in ("true_from", "true_to")),
    *(("known_from", bad, "known_") for bad in ("'infinity'", "'-infinity'", "'2999-01-01'")),
    ("known_to", "'infinity'", "known_bounded"),
    *(("burial", bad, "ck_networks_run_burial") for bad in ("'zzz'", "''")),
    *(("flow", bad, "ck_networks_run_flow") for bad in ("7", "0", "2")),
    *(("pressure_class", bad, "ck_networks_run_pressure_class") for bad in ("'banana'", "''", "'Medium_A'")),
    *(("depth_reference", bad, "ck_networks_run_depth_reference") for bad in ("'somewhere'", "''")),
    *(("crown_m", bad, "levels_") for bad in ("'{-1165,-1165}'", "'{NaN,30}'", "'{30,12000}'")),
    ("bottom_m", "'{-1165,29}'", "levels_bounded"),
    *(("ground_m", bad, "levels_bounded") for bad in ("'{NaN,31}'", "'{-1165,31}'", "'{31,99999}'")),
    *(("axis", A_LINE.format(bad), "place_bounded") for bad in (
        "0 0, 100 0", "3793000 517000, 3793100 517000", "116.9 34.2, 117.1 34.3", "39517000 3793000, 39517100 3793000",
    )),
    ("axis", A_LINE.format("517000 3793000, 517000 3793000"), "has_length"),
    *((name, "999999999", "fk_networks_run_node") for name in ("from_node_id", "to_node_id")),
    ("life_state", "'dreamt'", "life_state"),
    ("assumptions", "'{dreamt}'", "assumptions_known"),
    ("kind", "'moon_cheese'", "fk_networks_run_kind"),
]  # fmt: skip


def _constraint_of(error: DBAPIError) -> str:
    """The name of the constraint that refused."""
    assert isinstance(error.orig, DriverError)
    return error.orig.diag.constraint_name or ""


def _added(session: Session, *records: object) -> None:
    session.add_all(records)
    session.flush()


def _change(table: str, column: str, value: str) -> TextClause:
    return text(f"update {table} set {column} = {value} where version_id = :version")


def _refused(session: Session, table: str, version_id: int, column: str, value: str) -> str:
    """The constraint that refuses a change by bare SQL."""
    with pytest.raises(DBAPIError) as refusal:
        session.execute(_change(table, column, value), {"version": version_id})
    return _constraint_of(refusal.value)


@pytest.mark.parametrize(("column", "value", "broken"), RUN_REFUSALS)
def test_a_run_that_cannot_be_is_refused_on_change(
    session: Session, column: str, value: str, broken: str
) -> None:
    run = a_run()
    _added(session, run)

    assert broken in _refused(session, "networks_run", run.version_id, column, value)


def test_the_height_of_a_circle_may_be_any(session: Session) -> None:
    _added(session, a_run(outer_height_mm=199.0))


def test_a_planned_run_may_be_built_on_a_day_to_come(session: Session) -> None:
    _added(session, a_run(life_state="approved", built_on=date(2027, 1, 1)))

    with pytest.raises(DBAPIError, match="built_before_known"):
        _added(session, a_run(life_state="built", built_on=date(2027, 1, 1)))


def test_a_run_ends_where_it_began_only_when_it_goes_round(session: Session) -> None:
    node = a_node()
    _added(session, node)
    ends = {"from_node_id": node.object_id, "to_node_id": node.object_id}
    _added(session, a_run(axis=a_line(points=[(0, 0), (10, 0), (10, 10), (0, 0)]), **ends))

    with pytest.raises(DBAPIError, match="ends_differ"):
        _added(session, a_run(**ends))


@pytest.mark.parametrize(
    ("column", "value", "broken"),
    [
        *(("ground_m", bad, "ground_bounded") for bad in (NAN, "-1165", "'Infinity'")),
        *(("chamber_depth_m", bad, "chamber_bounded") for bad in (NAN, "'Infinity'")),
        *(("place", f"st_setsrid(st_makepoint({bad}), 4548)", "place_bounded") for bad in (
            "0, 0", "'NaN', 'NaN'", "'Infinity', 3793000", "3793000, 517000",
        )),
        ("object_id", "object_id + 1", "networks_node_identity"),
    ],
)  # fmt: skip
def test_a_node_that_cannot_be_is_refused_on_change(
    session: Session, column: str, value: str, broken: str
) -> None:
    node = a_node()
    _added(session, node)

    assert broken in _refused(session, "networks_node", node.version_id, column, value)


@pytest.mark.parametrize(
    ("column", "value", "broken"),
    [
        *(("method", bad, "method_told") for bad in ("''", "'   '", "repeat('x', 501)")),
        *(("quality", bad, "quality_told") for bad in ("''", "repeat('x', 501)")),
        ("area", "st_multi(st_makeenvelope(0, 0, 10, 10, 4548))", "place_bounded"),
        *(("surveyed_on", bad, "surveyed_before_known") for bad in ("'2999-01-01'", "'infinity'")),
        ("known_from", "'infinity'", "known_"),
    ],
)
def test_a_coverage_that_cannot_be_is_refused_on_change(
    session: Session, column: str, value: str, broken: str
) -> None:
    coverage = a_coverage()
    _added(session, coverage)

    assert broken in _refused(session, "networks_coverage", coverage.version_id, column, value)


@pytest.mark.parametrize("end", ["from_node_id", "to_node_id"])
def test_a_new_run_ends_only_at_nodes_that_exist(session: Session, end: str) -> None:
    node = a_node()
    _added(session, node)
    _added(session, a_run(**{end: node.object_id}))

    with pytest.raises(DBAPIError, match="does not exist"):
        _added(session, a_run(**{end: node.object_id + 1}))


def test_a_run_may_end_at_a_node_of_the_past(session: Session) -> None:
    node = a_node()
    _added(session, node)
    session.execute(text("update networks_node set known_to = known_from + interval '1 day'"))

    _added(session, a_run(from_node_id=node.object_id))


def test_a_node_at_which_a_run_ends_cannot_be_deleted(session: Session) -> None:
    ends, alone = a_node(), a_node(x_m=50.0)
    _added(session, ends, alone)
    _added(session, a_run(from_node_id=ends.object_id))
    delete = text("delete from networks_node where object_id = :id")
    session.execute(text("alter table networks_node disable trigger networks_node_version_stays"))
    session.execute(delete, {"id": alone.object_id})

    with pytest.raises(DBAPIError, match="a run ends at this node"):
        session.execute(delete, {"id": ends.object_id})


@pytest.mark.parametrize(("state", "broken"), [("accepted", "accepted_told"), ("undone", "undone_told")])
def test_a_batch_says_when_it_went_in_and_out(session: Session, state: str, broken: str) -> None:
    with pytest.raises(DBAPIError, match=broken):
        _added(session, a_batch(state=state, accepted_at=None))


def _words_of(condition: str) -> Sequence[str]:
    return condition.split("(", 1)[1].rstrip(")").replace("'", "").split(",")


BOUNDED = {
    "assumption": models.ASSUMPTIONS.replace("[", "(").replace("]", ")"),
    "burial": models.BURIALS,
    "depth_reference": models.REFERENCES,
    "flow": "flow in (1,-1)",
    "pressure_class": models.PRESSURES,
    "shape": "shape in ('circle','rectangle')",
    "status": models.LIFE_STATES,
}


@pytest.mark.parametrize("name", sorted(CLOSED))
def test_closed_lists_are_those_that_the_tables_bound_and_the_shipped_rows_stay_in_them(name: str) -> None:
    told = {value.token for value in catalogue().codes[name]}

    assert told <= CLOSED[name]
    if name in BOUNDED:
        assert set(_words_of(BOUNDED[name])) == CLOSED[name]


def test_every_bounded_column_of_a_code_list_is_a_closed_list() -> None:
    bounds = [
        str(one.sqltext)
        for one in (*models.Run.__table_args__, *models.Node.__table_args__)
        if isinstance(one, CheckConstraint)
    ]
    by_list = {"status": "life_state", "assumption": "assumptions"}

    bounded = {
        name for name in catalogue().codes
        if any(told.startswith((f"{by_list.get(name, name)} in (", f"{by_list.get(name, name)} <@")) for told in bounds)
    }  # fmt: skip

    assert bounded == set(BOUNDED)
