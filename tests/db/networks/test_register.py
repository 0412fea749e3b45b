"""Records into the register and their history."""

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pytest
from geoalchemy2.shape import to_shape
from shapely import Point
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_line, a_node, a_run, an_actor
from xzgis.audit.models import TrailEntry
from xzgis.core.copying import ragged
from xzgis.core.errors import Invalid, NotFound
from xzgis.networks.actions import loading
from xzgis.networks.actions.register import remove_record, replace_record, take_object_ids, write_records
from xzgis.networks.models import Node, Run

LATER = NOW + timedelta(days=30)


def a_batch_id(session: Session) -> int:
    batch = a_batch()
    session.add(batch)
    session.flush()
    return batch.id


def nodes_frame() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": "water",
            "point_no": ["J1", "J2", None],
            "place": [Point(EAST_M + x_m, NORTH_M) for x_m in (0.0, 100.0, 200.0)],
            "ground_m": [31.5, np.nan, 32.0],
            "life_state": "built",
            "is_visible": [True, False, None],
            "attributes": [{"井盖": "圆"}, None, '{"a": 1}'],
            "accuracy_class": "visible",
            "sigma_plan_m": 0.05,
            "sigma_level_m": 0.03,
        }
    )


def runs_frame() -> pd.DataFrame:
    offset = np.array([0, 2, 5])
    return pd.DataFrame(
        {
            "kind": ["water", "gas"],
            "label": ["J1-J2", "给水—燃气"],
            "axis": [a_line(), a_line(points=[(100, 0), (150, 0.125), (200, 0)])],
            "crown_m": ragged(np.array([30.0, 30.5, np.nan, 29.0, 28.0]), offset),
            "bottom_m": ragged(np.array([29.8, 30.3, np.nan, np.nan, np.nan]), offset),
            "from_node": [0, 1],
            "to_node": [1, -1],
            "bank": [None, 4],
            "life_state": "built",
            "true_from": [date(1999, 12, 31), None],
            "outer_is_assumed": [True, False],
            "outer_spread_mm": [0.0, 2.5],
            "voltage_kv": [np.nan, 10.0],
            "flow": [1, None],
            "accuracy_class": "visible",
            "sigma_plan_m": [0.05, 0.1],
            "sigma_level_m": 0.05,
        }
    )


def test_write_records_keeps_every_value(session: Session) -> None:
    batch_id = a_batch_id(session)

    written = write_records(session, batch_id=batch_id, nodes=nodes_frame(), runs=runs_frame(), now=NOW)

    nodes = {node.object_id: node for node in session.scalars(select(Node))}
    first, second, third = (nodes[identity] for identity in written.node_ids.tolist())
    assert (first.point_no, first.ground_m, first.is_visible, first.attributes) == (
        "J1",
        31.5,
        True,
        {"井盖": "圆"},
    )
    assert (second.ground_m, second.is_visible, second.attributes) == (None, False, None)
    assert (third.point_no, third.is_visible, third.attributes) == (None, None, {"a": 1})
    assert to_shape(first.place).equals(Point(EAST_M, NORTH_M))
    runs = {run.object_id: run for run in session.scalars(select(Run))}
    water, gas = (runs[identity] for identity in written.run_ids.tolist())
    assert (water.crown_m, water.bottom_m) == ([30.0, 30.5], [29.8, 30.3])
    assert (gas.crown_m, gas.bottom_m, gas.ground_m) == ([None, 29.0, 28.0], None, None)
    assert (water.from_node_id, water.to_node_id) == (first.object_id, second.object_id)
    assert (gas.from_node_id, gas.to_node_id) == (second.object_id, None)
    assert water.bank_id is None
    assert gas.bank_id is not None
    assert (water.true_from, gas.true_from) == (date(1999, 12, 31), None)
    assert (water.flow, gas.flow, gas.voltage_kv, gas.label) == (1, None, 10.0, "给水—燃气")
    assert list(to_shape(gas.axis).coords)[1] == (EAST_M + 150, NORTH_M + 0.125)
    assert (gas.batch_id, gas.known_from, gas.known_to) == (batch_id, NOW, None)


def test_write_records_of_nothing_writes_nothing(session: Session) -> None:
    written = write_records(
        session,
        batch_id=a_batch_id(session),
        nodes=nodes_frame().iloc[:0],
        runs=runs_frame().iloc[:0],
        now=NOW,
    )

    assert len(written.run_ids) == 0


def test_a_row_with_a_known_identity_replaces_the_record(session: Session) -> None:
    batch_id = a_batch_id(session)
    first = write_records(session, batch_id=batch_id, nodes=nodes_frame(), runs=runs_frame(), now=NOW)
    again = runs_frame().drop(columns=["from_node", "to_node"]).assign(object_id=[first.run_ids[0], None])

    second = write_records(session, batch_id=batch_id, nodes=nodes_frame().iloc[:0], runs=again, now=NOW)

    versions = session.scalars(
        select(Run).where(Run.object_id == int(first.run_ids[0])).order_by(Run.known_from)
    ).all()
    assert second.runs_replaced == 1
    assert [version.known_to is None for version in versions] == [False, True]
    assert versions[0].known_to == versions[1].known_from


@pytest.mark.parametrize(
    ("change", "named"),
    [
        pytest.param({"colour": "red"}, "colour", id="no such column"),
        pytest.param({"kind": "moon_cheese"}, "fk_networks_run_kind", id="no such kind"),
        pytest.param({"sigma_plan_m": -1.0}, "sigma_positive", id="negative sigma"),
        pytest.param({"sigma_plan_m": None}, "sigma_plan_m", id="no sigma"),
    ],
)
def test_write_records_refuses_in_words(session: Session, change: dict[str, Any], named: str) -> None:
    runs = runs_frame().assign(**change)

    with pytest.raises(Invalid, match=named):
        write_records(session, batch_id=a_batch_id(session), nodes=nodes_frame(), runs=runs, now=NOW)


def test_a_replaced_record_stays_as_it_was(session: Session, now: datetime) -> None:
    session.add(a_run("gas", object_id=7, material="PE"))
    session.flush()

    replace_record(
        session,
        Run,
        actor=an_actor(),
        object_id=7,
        changes={"material": "钢"},
        reason="核对竣工图",
        now=LATER,
    )

    versions = session.scalars(select(Run).where(Run.object_id == 7).order_by(Run.known_from)).all()
    assert [version.material for version in versions] == ["PE", "钢"]
    assert versions[0].known_to == versions[1].known_from == LATER
    assert to_shape(versions[0].axis).equals(to_shape(versions[1].axis))
    entry = session.scalars(select(TrailEntry)).one()
    assert entry.details["changes"] == {"material": ["PE", "钢"]}


def test_a_removed_record_stays_as_it_was(session: Session) -> None:
    session.add(a_node(object_id=8))
    session.flush()

    remove_record(session, Node, actor=an_actor(), object_id=8, reason="重复", now=LATER)

    assert session.scalars(select(Node).where(Node.object_id == 8)).one().known_to == LATER
    with pytest.raises(NotFound):
        remove_record(session, Node, actor=an_actor(), object_id=8, reason="重复", now=LATER)


@pytest.mark.parametrize("name", ["object_id", "version_id", "known_from", "batch_id", "colour"])
def test_what_is_not_a_fact_cannot_be_replaced(session: Session, name: str) -> None:
    session.add(a_run(object_id=9))
    session.flush()

    with pytest.raises(Invalid, match=name):
        replace_record(session, Run, actor=an_actor(), object_id=9, changes={name: 1}, reason="", now=LATER)


def indexes_of(session: Session, table: str) -> set[str]:
    return set(
        session.scalars(text("select indexname from pg_indexes where tablename = :table"), {"table": table})
    )


def test_a_large_load_leaves_every_index_and_every_trigger_in_force(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "WORTH_REBUILDING", 1)
    before = indexes_of(session, "networks_run")

    write_records(session, batch_id=a_batch_id(session), nodes=nodes_frame(), runs=runs_frame(), now=NOW)

    assert indexes_of(session, "networks_run") == before
    assert session.scalar(text("select current_setting('session_replication_role')")) == "origin"
    session.add(a_run("moon_cheese"))
    with pytest.raises(IntegrityError):
        session.flush()


def test_write_records_refuses_a_batch_that_does_not_exist(session: Session) -> None:
    with pytest.raises(Invalid, match="4711"):
        write_records(session, batch_id=4711, nodes=nodes_frame(), runs=runs_frame(), now=NOW)


def test_identities_are_fresh_and_never_repeat(session: Session) -> None:
    first, second = take_object_ids(session, 1000), take_object_ids(session, 1000)

    assert len(set(first.tolist()) | set(second.tolist())) == 2000
    assert len(take_object_ids(session, 0)) == 0


def test_a_load_names_no_node_that_does_not_exist(session: Session) -> None:
    session.add(a_batch(id=88))
    session.flush()
    runs = pd.DataFrame(
        {
            "kind": ["water"], "label": ["A-B"], "axis": [a_line()], "life_state": ["built"],
            "accuracy_class": ["assumed"], "sigma_plan_m": [1.0], "sigma_level_m": [1.0],
            "from_node_id": [987_654_321],
        }
    )  # fmt: skip
    nodes = pd.DataFrame({"kind": pd.Series([], dtype=str), "place": pd.Series([], dtype=object)})

    with pytest.raises(Invalid, match="987654321"):
        write_records(session, batch_id=88, nodes=nodes, runs=runs, now=NOW)


def test_what_was_assumed_is_kept(session: Session) -> None:
    session.add(a_batch(id=89))
    session.flush()
    runs = pd.DataFrame(
        {
            "kind": "water", "label": ["A", "B", "C", "D"], "axis": [a_line(y_m=at) for at in range(4)],
            "life_state": "built", "accuracy_class": "assumed", "sigma_plan_m": 1.0, "sigma_level_m": 1.0,
            "assumptions": [["outer_size", "taken_as_hidden"], [], None, ["outer_size"]],
        }
    )  # fmt: skip
    nodes = pd.DataFrame({"kind": pd.Series([], dtype=str), "place": pd.Series([], dtype=object)})

    write_records(session, batch_id=89, nodes=nodes, runs=runs, now=NOW)

    kept = session.execute(select(Run.label, Run.assumptions).order_by(Run.label)).all()
    assert [tuple(row) for row in kept] == [
        ("A", ["outer_size", "taken_as_hidden"]), ("B", []), ("C", None), ("D", ["outer_size"]),
    ]  # fmt: skip
