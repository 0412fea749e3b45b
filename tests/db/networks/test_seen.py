"""What an actor sees of the register: exactly, as a corridor, or not at all."""

import pytest
from shapely import MultiPolygon, box
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, a_line, a_node, a_run
from xzgis.catalogue.files import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import stored, transaction
from xzgis.core.lens import as_it_is
from xzgis.core.sight import DataRight, Sight
from xzgis.identity.models import Area
from xzgis.networks.models import Run, SecretRecord
from xzgis.networks.queries import history, lookup, map_view, tiles
from xzgis.networks.queries.section import cut_hits

STEP_M = 20.0


def looking(*rights: DataRight) -> Actor:
    return Actor(name="looker", via="page", sight=Sight(rights, STEP_M))


@pytest.fixture
def lines(session: Session) -> dict[str, int]:
    """A gas line of each of two owners, a water line, a secret gas line; 10 m apart, eastward."""
    made = {
        "own": a_run("gas", owner="样例燃气", label="RQ1-RQ2"),
        "other": a_run("gas", owner="别家燃气", label="BJ1-BJ2", axis=a_line(y_m=10.3)),
        "water": a_run("water", owner="样例水务", label="SW1-SW2", axis=a_line(y_m=20.7), life_state="disused"),
        "secret": a_run("gas", owner="军用", label="MIL1-MIL2", axis=a_line(y_m=30.9)),
        "unowned": a_run("gas", owner=None, label="X1-X2", axis=a_line(y_m=40.9)),
    }  # fmt: skip
    session.add_all(made.values())
    session.flush()
    session.add(SecretRecord(object_id=made["secret"].object_id, grade=2, reason="军事", since=NOW))
    session.flush()
    return {name: run.object_id for name, run in made.items()}


def labels(actor: Actor) -> set[str]:
    with transaction(actor) as session:
        return set(session.scalars(select(Run.label)))


@pytest.mark.parametrize(
    ("rights", "seen"),
    [
        pytest.param((), set(), id="nothing without a right"),
        pytest.param((DataRight("exact"),), {"RQ1-RQ2", "BJ1-BJ2", "SW1-SW2", "X1-X2"}, id="all but secret"),
        pytest.param((DataRight("exact", secrecy=1),), {"RQ1-RQ2", "BJ1-BJ2", "SW1-SW2", "X1-X2"}, id="lower grade"),
        pytest.param(
            (DataRight("exact", secrecy=2),), {"RQ1-RQ2", "BJ1-BJ2", "SW1-SW2", "X1-X2", "MIL1-MIL2"}, id="grade"
        ),
        pytest.param((DataRight("exact", owners=frozenset({"样例燃气"})),), {"RQ1-RQ2"}, id="owner"),
        pytest.param((DataRight("exact", kinds=frozenset({"water"})),), {"SW1-SW2"}, id="kind"),
        pytest.param((DataRight("exact", life_states=frozenset({"disused"})),), {"SW1-SW2"}, id="life state"),
        pytest.param((DataRight("corridor"),), set(), id="a corridor is no record"),
        pytest.param(
            (DataRight("exact"), DataRight("hidden", kinds=frozenset({"gas"}))), {"SW1-SW2"}, id="hidden wins"
        ),
        pytest.param(
            (DataRight("exact", kinds=frozenset({"water"})), DataRight("exact", owners=frozenset({"样例燃气"}))),
            {"SW1-SW2", "RQ1-RQ2"},
            id="the union",
        ),
    ],
)  # fmt: skip
def test_rights_choose_the_records(lines, rights, seen):
    assert labels(looking(*rights)) == seen


def test_an_area_holds_what_lies_wholly_in_it(session, lines):
    area = Area(code="3299", tier="city", name_zh="西", name_en="W")
    area.boundary = stored(MultiPolygon([box(EAST_M - 1, NORTH_M - 5, EAST_M + 101, NORTH_M + 15)]))
    session.add(area)
    session.flush()

    assert labels(looking(DataRight("exact", area_id=area.id))) == {"RQ1-RQ2", "BJ1-BJ2"}


def test_an_area_without_a_boundary_shows_nothing(session, lines):
    area = Area(code="3299", tier="city", name_zh="西", name_en="W")
    session.add(area)
    session.flush()

    assert labels(looking(DataRight("exact", area_id=area.id))) == set()


def test_groups_of_attributes_are_kept_back(lines):
    actor = looking(DataRight("exact", attributes=frozenset({"owner"})))

    with transaction(actor) as session:
        run = history.version_at(session, Run, lines["own"]).columns

    assert run["owner"] == "样例燃气"
    assert [run[name] for name in ("crown_m", "bottom_m", "nominal_width_mm", "attributes", "shape")] == [
        None
    ] * 5


def test_what_is_kept_back_cannot_be_asked_for_either(lines):
    actor = looking(DataRight("exact", attributes=frozenset({"depth"})))

    with transaction(actor) as session:
        found = lookup.look_up(session, "样例燃气")
        listed = history.runs_page(session, history.Wanted(owner="样例燃气"))

    assert found == []
    assert list(listed.items) == []


def test_every_reader_of_the_map_looks_through_the_lens(session, lines):
    session.add(a_node("gas", point_no="MIL1"))
    session.flush()
    actor = looking(DataRight("exact", kinds=frozenset({"water"})))

    with transaction(actor) as inner:
        near, count = map_view.runs_near(inner, east_m=EAST_M, north_m=NORTH_M, within_m=500, limit=50)
        hits = cut_hits(inner, start_m=(EAST_M + 50, NORTH_M - 5), end_m=(EAST_M + 50, NORTH_M + 60))
        held = map_view.holdings(inner)
        assert map_view.run_versions(inner, lines["own"]) == []
        assert lookup.look_up(inner, "MIL1") == []

    assert [brief.label for brief in near] == ["SW1-SW2"]
    assert count == 1
    assert [hit.run.label for hit in hits] == ["SW1-SW2"]
    assert [kind.kind for kind in held.kinds] == ["water"]
    assert held.nodes == 0


def test_a_recursive_statement_takes_the_lens(lines):
    with transaction(looking(DataRight("exact", kinds=frozenset({"water"})))) as session:
        assert [hit.label for hit in lookup.look_up(session, "样例")] == ["样例水务"]


def test_a_corridor_tells_the_kind_and_the_step(lines):
    actor = looking(DataRight("exact", owners=frozenset({"样例燃气"})), DataRight("corridor"))

    with transaction(actor) as session:
        rows = session.execute(
            text("select object_id, kind, st_asewkt(laid, 3) from networks_corridor order by object_id")
        ).all()

    assert [row[0] for row in rows] == sorted(lines[name] for name in ("other", "water", "unowned"))
    assert {float(value) % STEP_M for row in rows for value in numbers(row[2])} == {0.0}


def numbers(ewkt: str) -> list[str]:
    return ewkt.partition("(")[2].rstrip(")").replace(",", " ").split()


def test_a_line_shorter_than_the_step_keeps_a_corridor(session):
    session.add(a_run("gas", axis=a_line(length_m=3.0)))
    session.flush()

    with transaction(looking(DataRight("corridor"))) as inner:
        assert inner.scalar(text("select st_asewkt(laid) from networks_corridor")).startswith(
            "SRID=4548;POINT"
        )


def test_the_true_line_lies_in_its_corridor(session, lines):
    with transaction(looking(DataRight("corridor"))) as inner:
        held = inner.scalars(
            text("select st_covers(st_buffer(laid, 0.75 * 20), axis) from networks_corridor")
        ).all()

    assert held == [True] * 4


def test_nobody_looks_past_the_lens_but_the_system(lines):
    with transaction(looking()) as session:
        with as_it_is(session):
            assert len(session.scalars(select(Run.label)).all()) == 5
        assert session.scalars(select(Run.label)).all() == []


def test_a_connection_forgets_the_lens(lines):
    labels(looking())

    assert len(labels(Actor(name="root", via="command"))) == 5


def test_corridors_come_as_a_layer_of_their_own(lines):
    grid = catalogue().grid
    z = 6
    wide_m = grid.extent_m / 2**z
    x, y = int((EAST_M - grid.origin_east_m) / wide_m), int((grid.origin_north_m - NORTH_M) / wide_m)

    with transaction(looking(DataRight("corridor"))) as session:
        masked = tiles.tile(session, grid, z=z, x=x, y=y).data + tiles.corridors(session, grid, z=z, x=x, y=y)
    with transaction(Actor(name="root", via="command")) as session:
        assert tiles.corridors(session, grid, z=z, x=x, y=y) == b""

    assert b"corridors" in masked
    assert b"streets" not in masked
