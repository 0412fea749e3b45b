"""One check against a million segments, beside the plain-SQL answer of the same question: time and CPU time.

    python -m tests.bench.bench_check --works 300

Makes a private server and a migrated database under ``--var-dir`` (kept, and used again), and fills it with the
invented city of sql/city.sql; ``--database-url`` takes a server of one's own instead. All sides see the same works
in turn, in turning order, so the machine's moods hit all alike; all speak through one driver with prepared
statements and binary rows, each inside the program's own transaction. CPU is that of this process and that of the
server's process for the connection. What is compared, and what the plain statement does not say:
docs/benchmarks/check.md.
"""

import argparse
import json
import os
import platform
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import permutations
from pathlib import Path

import numpy as np
from pydantic_core import to_json
from sqlalchemy import Engine, NullPool, create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from xzgis.catalogue.actions import sync_kinds
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.kernel.pairs import meetings_of_pairs, near_pairs
from xzgis.conflicts.kernel.warm import warm_up
from xzgis.conflicts.queries.candidates import near_runs
from xzgis.conflicts.reports.document import as_json
from xzgis.conflicts.rules.judge import rule_book
from xzgis.conflicts.rules.scene import scene_of
from xzgis.core import cluster, db
from xzgis.core.actor import Actor
from xzgis.core.settings import ROOT, Settings, settings
from xzgis.core.sql import for_driver
from xzgis.migrations import upgrade
from xzgis.works.rules.axes import axes_of
from xzgis.works.rules.levels import ground_of_work
from xzgis.works.rules.placing import place
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument

ACTOR = Actor(name="bench", via="command")
HERE = Path(__file__).parent / "sql"
DATABASE = "xzgis_bench"
WARM_UP = 30
GROUND_M = 30.0
WIDTH_M = 0.2


def a_work(rng: np.random.Generator, *, streets: int, length_m: float, vertices: int) -> WorkDocument:
    """A gas main of 200 mm along a street, now beside, now across the lines there, 1.2 m deep."""
    street, way = int(rng.integers(2, streets - 2)), int(rng.integers(0, 2))
    along = np.linspace(0.0, length_m, vertices) + rng.uniform(500.0, streets * 200.0 - 1000.0)
    across = (
        street * 200.0 + 100.0 + rng.uniform(-1.5, 4.0) + np.linspace(0.0, rng.uniform(-8.0, 8.0), vertices)
    )
    axis = np.column_stack([along, across] if way == 0 else [across, along]) + np.array(
        [500_000.0, 3_780_000.0]
    )
    run = NewRun(
        kind="gas", axis=tuple((float(x), float(y)) for x, y in axis), pressure_class="medium_A",
        section=Section(diameter_mm=WIDTH_M * 1000.0, is_outer=True), burial="direct_buried",
        depth=Depth(cover_m=1.2), ground_m=(GROUND_M,) * vertices,
    )  # fmt: skip
    return WorkDocument(name="bench", runs=(run,), surface="carriageway")


def ours(work: WorkDocument) -> int:
    """The whole check; length of its document."""
    with db.transaction(ACTOR) as session:
        checked = check_work(session, work, catalogue=catalogue())
    return len(as_json(checked.result))


def same_question(work: WorkDocument) -> int:
    """What the plain statement answers, our way: the document placed, candidates, stretches, crossings with levels."""
    known = catalogue()
    axes = axes_of(work, known)
    grounds = [ground_of_work(*each) for each in zip(work.runs, axes.chains, axes.kept, strict=True)]
    new = place(work, known, axes=axes, grounds=grounds).runs
    with db.transaction(ACTOR) as session:
        existing = near_runs(session, new, known)
    scene = scene_of(new, existing, rule_book(known))
    asked = [scene.book.horizontal(new.conditions[0], other).range_m((WIDTH_M,) * 2, (0.0, 0.0))[1]
             for other in existing.conditions]  # fmt: skip
    own = [runs.width_m[:, 1] / 2.0 + 2.0 * runs.sigma_plan_m for runs in (new, existing)]
    pairs = near_pairs(scene.lines, scene.others, np.array([asked]), new.condition, existing.condition, *own)
    reach = np.array(asked)[existing.condition[pairs[:, 1]]] + own[0][0] + own[1][pairs[:, 1]]
    stretches, crossings = meetings_of_pairs(scene.lines, scene.others, pairs, reach[:, None])
    return len(to_json([existing.run_id[pairs[:, 1]].tolist(), stretches.tolist(), crossings.tolist()]))


def plain_sql(work: WorkDocument) -> int:
    """The one statement; length of its rows as JSON."""
    (run,) = work.runs
    level = GROUND_M - (run.depth.cover_m or 0.0)
    line = "LINESTRING Z (" + ",".join(f"{x!r} {y!r} {level}" for x, y in run.axis) + ")"
    with db.transaction(ACTOR) as session:
        driver = session.connection().connection.driver_connection
        assert driver is not None
        with driver.cursor(binary=True) as cursor:
            cursor.execute(STATEMENT, {"line": line, "width": WIDTH_M}, prepare=True)
            rows = cursor.fetchall()
    return len(to_json(rows))


SIDES: dict[str, Callable[[WorkDocument], int]] = {
    "sql": plain_sql,
    "ours like for like": same_question,
    "ours whole check": ours,
}
ORDERS = tuple(permutations(range(len(SIDES))))
STATEMENT = for_driver(text((HERE / "dwithin.sql").read_text(encoding="utf-8")))


def fill(engine: Engine, streets: int) -> int:
    """The invented city, unless there is one; number of runs."""
    with db.transaction(ACTOR, statement_timeout_s=0) as session:
        known = session.scalar(text("select count(*) from networks_run"))
        if not known:
            sync_kinds(session, catalogue())
            for name in ("city_nodes.sql", "city.sql"):
                session.execute(text((HERE / name).read_text(encoding="utf-8")), {"streets": streets})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("vacuum analyze networks_run, networks_node"))
        return int(connection.scalar(text("select count(*) from networks_run")) or 0)


def database(var_dir: Path) -> str:
    """URL of a migrated database of its own on a private server under ``var_dir``; made where it is missing."""
    given = Settings(var_dir=var_dir)
    url = make_url(cluster.ensure(given)).set(database=DATABASE).render_as_string(hide_password=False)
    engine = create_engine(url, poolclass=NullPool)
    try:
        engine.connect().close()
    except OperationalError:
        url = cluster.create_database(given, DATABASE)
    upgrade(cluster.migration_url(given, url))
    return url


@dataclass(frozen=True)
class Turn:
    """Milliseconds of one answer: on the clock, CPU of this process, CPU of the server's process."""

    clock: float
    own_cpu: float
    server_cpu: float


def server_process() -> Path:
    """Where the kernel counts the time of the server's process for the one connection in use."""
    with db.transaction(ACTOR) as session:
        return Path(f"/proc/{session.scalar(text('select pg_backend_pid()'))}/schedstat")


def cpu_ms(process: Path) -> float:
    """CPU of a process so far, milliseconds; NaN where it runs on another machine."""
    return int(process.read_text().split()[0]) / 1e6 if process.exists() else float("nan")


def all_sides(work: WorkDocument, turn: int, server: Path) -> list[Turn]:
    """One turn of every side, told as in :data:`SIDES`; who follows whom changes with the turn."""
    answers = list(SIDES.values())
    taken = {place: timed(answers[place], work, server) for place in ORDERS[turn % len(ORDERS)]}
    return [taken[place] for place in range(len(answers))]


def timed(answer: Callable[[WorkDocument], int], work: WorkDocument, server: Path) -> Turn:
    """What one answer took."""
    before, own, begins = cpu_ms(server), time.process_time(), time.perf_counter()
    answer(work)
    clock, own = time.perf_counter() - begins, time.process_time() - own
    return Turn(clock * 1000.0, own * 1000.0, cpu_ms(server) - before)


def told_of(turns: Sequence[Turn]) -> dict[str, float]:
    """The figures of one side."""
    clock = np.array([turn.clock for turn in turns])
    own, server = (np.array([getattr(turn, name) for turn in turns]) for name in ("own_cpu", "server_cpu"))
    figures = {
        "least_ms": clock.min(), "p50_ms": np.median(clock), "p99_ms": np.quantile(clock, 0.99),
        "own_cpu_p50_ms": np.median(own), "server_cpu_p50_ms": np.median(server),
        "cpu_least_ms": (own + server).min(), "cpu_p50_ms": np.median(own + server),
    }  # fmt: skip
    return {name: round(float(value), 2) for name, value in figures.items()}


def main() -> None:
    """Run all sides in turn and print one JSON document."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--database-url", help="a migrated database instead of one under --var-dir")
    parser.add_argument("--var-dir", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--streets", type=int, default=100, help="100: one million runs")
    parser.add_argument("--works", type=int, default=300)
    asked = parser.parse_args()
    try:
        print(json.dumps(measured(asked.database_url or database(asked.var_dir), asked), indent=1))
    finally:
        if asked.database_url is None:
            cluster.stop_if_unused(Settings(var_dir=asked.var_dir))


def measured(url: str, asked: argparse.Namespace) -> dict[str, object]:
    """The whole document: the machine, then each size of work."""
    engine = db.connect(url, settings())
    warm_up()
    told: dict[str, object] = {
        "segments": fill(engine, asked.streets), "python": platform.python_version(), "cpus": os.cpu_count(),
        "load_average": [round(load, 1) for load in os.getloadavg()],
    }  # fmt: skip
    server = server_process()
    for name, length_m, vertices in (("200 m, 12 vertices", 200.0, 12), ("500 m, 201 vertices", 500.0, 201)):
        rng = np.random.default_rng(7)
        works = [
            a_work(rng, streets=asked.streets, length_m=length_m, vertices=vertices)
            for _ in range(asked.works)
        ]
        turns = [all_sides(work, turn, server) for turn, work in enumerate(works)][WARM_UP:]
        told[name] = {
            side: told_of(column) for side, column in zip(SIDES, zip(*turns, strict=True), strict=True)
        }
    engine.dispose()
    return told


if __name__ == "__main__":
    main()
