"""What the second wall costs: the same reads behind the lens alone, behind lens and wall, and as other walls.

    python -m tests.bench.bench_wall --streets 46 --turns 40

A private server and a migrated database under ``--var-dir`` with the invented city of sql/city.sql (46 streets: 211 000
runs), five hundred of its runs secret. Told is CPU time, of this process and of the server's for the connection, since
the clock tells of the neighbours; parallel workers are off, or they would not be counted. The lens alone and the wall
that was taken are asked in turn, each over a connection of its own, so that no plan is kept from the other. What is compared:
docs/decisions/0066.
"""

import argparse
import json
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path

import numpy as np
import psycopg
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session

from tests.bench.bench_check import DATABASE, a_work, cpu_ms, database, fill, server_process
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.kernel.warm import warm_up
from xzgis.core import cluster, db, wall
from xzgis.core.actor import Actor
from xzgis.core.cluster.databases import LEAKPROOF
from xzgis.core.cluster.server import ADMIN
from xzgis.core.settings import ROOT, Settings, settings
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.queries import lookup, map_view, tiles
from xzgis.works.terms import WorkDocument

AREA_ID = 9_000_001
EAST_M, NORTH_M = 504_600.0, 3_784_600.0
TABLES = ("networks_run", "networks_node", "networks_coverage")
SIGHTS = {
    "system": None,
    "whole": Sight((DataRight("exact"),), 20.0),
    "district": Sight((DataRight("exact", area_id=AREA_ID), DataRight("corridor")), 20.0),
}
# The rights themselves as a policy, read from a setting row by row: kinds, and the boundary of an area.
RIGHTS_POLICY = (
    "create policy rights on {table} using (kind = any (string_to_array(current_setting('xz.kinds', true), ',')) "
    "and {shape} && (select boundary from identity_area where id = current_setting('xz.area', true)::bigint) "
    "and st_covers((select boundary from identity_area where id = current_setting('xz.area', true)::bigint), {shape}))"
)
LENS_ALONE = "select set_config('xz.grade', %(grade)s, true)"
OTHERS = ("grade, && not leakproof", "rights as policy")
_POLICIES = import_module("xzgis.migrations.versions.2026_11_23_0300_wall_before_secret_records").POLICIES
SHAPES = dict(zip(TABLES, ("axis", "place", "area"), strict=True))


def prepared(url: str) -> None:
    """Five hundred secret runs in every part of the city, and a district that holds a quarter of it."""
    as_admin(url, LEAKPROOF)
    with db.transaction(Actor("bench", "command"), statement_timeout_s=0) as session:
        session.execute(text("delete from networks_secret"))
        session.execute(text(
            "insert into networks_secret select object_id, 2, 'bench', now() from networks_run "
            "where known_to is null and object_id % (select count(*) / 500 from networks_run) = 0"
        ))  # fmt: skip
        session.execute(text(
            "insert into identity_area (id, code, tier, name_zh, name_en, boundary) overriding system value values "
            "(:id, '320398', 'city', '测', 'bench', st_multi(st_makeenvelope(500000, 3780000, 504700, 3784700, 4548)))"
            " on conflict do nothing"
        ), {"id": AREA_ID})  # fmt: skip


def as_admin(url: str, *statements: str) -> None:
    """Statements of the server's administrator in the database of ``url``."""
    address = make_url(url).set(drivername="postgresql", username=ADMIN)
    with psycopg.connect(address.render_as_string(hide_password=False), autocommit=True) as connection:
        for statement in statements:
            connection.execute(statement)


@contextmanager
def walled(url: str, kind: str) -> Iterator[None]:
    """Inside, the wall ``kind`` stands."""
    close = wall.CLOSE
    try:
        if kind == "grade, && not leakproof":
            as_admin(url, "alter function geometry_overlaps(geometry, geometry) not leakproof")
        if kind == "rights as policy":
            as_admin(url, *(f"drop policy grade on {table}" for table in TABLES),
                     *(RIGHTS_POLICY.format(table=table, shape=SHAPES[table]) for table in TABLES))  # fmt: skip
            kinds = ",".join(catalogue().kinds)
            wall.CLOSE = close.replace(
                "select ",
                f"select set_config('xz.kinds', '{kinds}', true), set_config('xz.area', '{AREA_ID}', true), ",
                1,
            )
        yield
    finally:
        wall.CLOSE = close
        as_admin(url, LEAKPROOF, *(f"drop policy if exists rights on {table}" for table in TABLES))
        if kind == "rights as policy":
            as_admin(
                url,
                *(
                    f"create policy grade on {table} using ({seen}) with check (true)"
                    for table, seen in _POLICIES.items()
                ),
            )


Read = Callable[[Session], object]


def reads(works: Sequence[WorkDocument]) -> dict[str, Read]:
    """The reads that are timed, each with a session."""
    grid = catalogue().grid

    def at(z: int) -> dict[str, int]:
        wide_m = grid.extent_m / 2**z
        return {
            "z": z,
            "x": int((EAST_M - grid.origin_east_m) / wide_m),
            "y": int((grid.origin_north_m - NORTH_M) / wide_m),
        }

    turn = iter(range(1_000_000))
    return {
        "tile z9": lambda session: tiles.tile(session, grid, **at(9)),
        "tile z6": lambda session: tiles.tile(session, grid, **at(6)),
        "list near": lambda session: map_view.runs_near(
            session, east_m=EAST_M, north_m=NORTH_M, within_m=60, limit=50
        ),
        "search label": lambda session: lookup.look_up(session, "1-2-1"),
        "check 200 m": lambda session: check_work(
            session, works[next(turn) % len(works)], catalogue=catalogue()
        ),
    }


def round_of(
    asked: Mapping[str, Read], turns: int, sides: Mapping[str, tuple[Engine, str]]
) -> dict[str, dict[str, dict[str, float]]]:
    """Median CPU milliseconds of each read, by sight and side, its transaction included; the sides in turn."""
    told: dict[str, dict[str, dict[str, float]]] = {}
    close = wall.CLOSE
    for name, read in asked.items():
        for who, sight in SIGHTS.items():
            actor = Actor("bench", "page", sight=sight)
            taken: dict[str, list[float]] = {side: [] for side in sides}
            for _ in range(max(5, turns // 6) if name == "tile z6" else turns):
                for side, (engine, wall.CLOSE) in sides.items():
                    db._sessions.configure(bind=engine)
                    server = server_process()
                    begins = time.process_time() * 1000.0 + cpu_ms(server)
                    with db.transaction(actor, statement_timeout_s=120) as session:
                        read(session)
                    taken[side].append(time.process_time() * 1000.0 + cpu_ms(server) - begins)
            told.setdefault(name, {})[who] = {
                side: round(float(np.median(times[len(times) // 5 :])), 2) for side, times in taken.items()
            }
    wall.CLOSE = close
    return told


def main() -> None:
    """Every wall and one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--var-dir", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--streets", type=int, default=46, help="46: 211 000 runs")
    parser.add_argument("--turns", type=int, default=40)
    parser.add_argument("--others", action="store_true", help="the walls that were not taken too")
    asked = parser.parse_args()
    url = database(asked.var_dir)
    engines = [db.connect(url, settings().model_copy(update={"pool_size": 1})) for _ in range(3)]
    told: dict[str, object] = {
        "runs": fill(engines[-1], asked.streets),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }
    warm_up()
    prepared(url)
    rng = np.random.default_rng(7)
    works = [a_work(rng, streets=asked.streets, length_m=200.0, vertices=12) for _ in range(40)]
    try:
        as_admin(url, f"alter database {DATABASE} set max_parallel_workers_per_gather = 0")
        # The owner of the tables stands before the wall: so the lens alone needs no other database.
        sides = {"lens alone": (engines[0], LENS_ALONE), "grade": (engines[1], wall.CLOSE)}
        told["lens alone, and a wall by grade"] = round_of(reads(works), asked.turns, sides)
        for kind in OTHERS if asked.others else ():
            with walled(url, kind):
                told[kind] = round_of(reads(works), 5, {kind: (engines[2], wall.CLOSE)})
            engines[2].dispose()  # no plan is kept
        print(json.dumps(told, indent=1))
    finally:
        for engine in engines:
            engine.dispose()
        as_admin(url, f"alter database {DATABASE} reset max_parallel_workers_per_gather")
        cluster.stop_if_unused(Settings(var_dir=asked.var_dir))


if __name__ == "__main__":
    main()
