"""What the trail costs the business, and how fast it is sealed and verified.

Run: ``python -m tests.bench.bench_trail [rows]`` from the project's root. The same business writes run with and
without their entry in the trail, turn by turn in one run, so that a loaded machine slows both: read the ratios.
"""

import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import make_url, text

from tests import databases
from tests.factories import an_actor
from xzgis.audit.jobs import seal_trail, verify_trail
from xzgis.core import db
from xzgis.core.db import transaction
from xzgis.core.settings import Settings

PGBENCH = shutil.which("pgbench") or "/usr/lib/postgresql/15/bin/pgbench"
TURNS = 3
SECONDS = 6
CLIENTS = 8
PACE = 1_000
DOCUMENT = '{"name": "主干管", "runs": [{"kind": "gas", "points": [' + ", ".join(
    f'{{"east_m": 5170{number:02d}.123, "north_m": 37930{number:02d}.456, "cover_m": 1.2}}' for number in range(12)
) + ']}]}'  # fmt: skip
BUSINESS = f"""
select set_config('xz.actor', 'bench', true), set_config('xz.via', 'page', true);
insert into works_work (name, kind, axis, document, created_by, created_at, changed_at)
values ('bench', 'gas', st_geomfromtext('MULTILINESTRING((517000 3793000, 517100 3793050))', 4548),
        '{DOCUMENT}', 'bench', now(), now()) returning id;
"""
TRAIL = f"""
insert into audit_trail (happened_at, actor_id, actor, via, address, event, object_kind, object_id, result, place, details)
values (now(), 7, 'bench', 'page', '10.0.0.7', 'works.work.saved', 'works.work', '12', 'done',
        st_makeenvelope(517000, 3793000, 517100, 3793050, 4548), '{{"document": {DOCUMENT}}}') returning id, happened_at;
"""
FILL = text(
    "insert into audit_trail (happened_at, actor, via, event, object_kind, object_id, place, details) "
    "select now(), 'bench', 'page', 'works.work.saved', 'works.work', number::text, "
    "st_makeenvelope(517000, 3793000, 517100, 3793050, 4548), cast(:document as jsonb) "
    "from generate_series(1, :rows) as number"
)


def pgbench(url: str, script: Path, *, rate: int | None = None) -> tuple[float, float]:
    """Writes a second, and their mean latency in milliseconds."""
    where = make_url(url)
    paced = [] if rate is None else ["-R", str(rate)]
    host, port = (
        str(where.query.get("host") or where.host),
        str(where.query.get("port") or where.port or 5432),
    )
    done = subprocess.run(
        [PGBENCH, "-n", "-M", "prepared", "-c", str(CLIENTS), "-j", "2", "-T", str(SECONDS), "-f", str(script), *paced,
         "-h", host, "-p", port, "-U", str(where.username), str(where.database)],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    tps = re.search(r"tps = ([\d.]+)", done.stdout)
    latency = re.search(r"latency average = ([\d.]+)", done.stdout)
    assert tps is not None, done.stdout
    assert latency is not None, done.stdout
    return float(tps[1]), float(latency[1])


@contextmanager
def sealing(chosen: Settings) -> Iterator[None]:
    """A sealer that seals every second meanwhile."""
    ending = threading.Event()

    def seal() -> None:
        while not ending.wait(1.0):
            seal_trail(chosen)

    sealer = threading.Thread(target=seal)
    sealer.start()
    try:
        yield
    finally:
        ending.set()
        sealer.join()


def writes(url: str, chosen: Settings, folder: Path) -> None:
    """Business writes alone, with the trail, and with the trail while it is sealed."""
    scripts = {
        "alone": BUSINESS,
        "with the trail": BUSINESS + TRAIL,
        # One round trip for both: what a driver in pipeline mode does.
        "with the trail, piped": f"\\startpipeline\n{BUSINESS}{TRAIL}\\endpipeline\n",
    }
    paths = {}
    for name, body in scripts.items():
        paths[name] = folder / f"{len(paths)}.sql"
        paths[name].write_text(f"begin;\n{body}commit;\n", encoding="utf-8")
    for rate in (None, PACE):
        found: dict[str, list[tuple[float, float]]] = {}
        for _ in range(TURNS):
            for name, path in paths.items():
                found.setdefault(name, []).append(pgbench(url, path, rate=rate))
            with sealing(chosen):
                found.setdefault("with trail and sealer", []).append(
                    pgbench(url, paths["with the trail"], rate=rate)
                )
        print(f"\n{'as fast as it goes' if rate is None else f'{rate} writes a second asked'}")
        for name, turns in found.items():
            speed = statistics.median(one[0] for one in turns)
            latency = statistics.median(one[1] for one in turns)
            # Turn by turn, since the load of the machine moves from one turn to the next.
            ratio = statistics.median(
                one[0] / base[0] for one, base in zip(turns, found["alone"], strict=True)
            )
            waits = statistics.median(
                one[1] / base[1] for one, base in zip(turns, found["alone"], strict=True)
            )
            print(f"  {name:24} {speed:8.0f}/s  {ratio:5.2f}  mean {latency:6.2f} ms  {waits:5.2f}")


def keeping(chosen: Settings, rows: int) -> None:
    """Rows sealed and verified a second."""
    with transaction(an_actor(), statement_timeout_s=0) as session:
        session.execute(FILL, {"rows": rows, "document": DOCUMENT})
    began = time.perf_counter()
    sealed = seal_trail(chosen)
    took = time.perf_counter() - began
    print(
        f"\nsealed   {sealed.rows:9,} rows in {took:6.1f} s  {sealed.rows / took:9,.0f}/s  {sealed.seals} seals"
    )
    began = time.perf_counter()
    verdict = verify_trail(chosen, actor=an_actor())
    took = time.perf_counter() - began
    print(
        f"verified {verdict.rows:9,} rows in {took:6.1f} s  {verdict.rows / took:9,.0f}/s  sound: {verdict.sound}"
    )
    with transaction(an_actor()) as session:
        size = session.scalar(text("select pg_total_relation_size('audit_link')"))
    print(f"a link takes {size / max(verdict.rows, 1):.0f} bytes with its indexes")


def _tell(what: str, rows: int, took_s: float, worked_s: float) -> None:
    """By the clock, and by the processor time of this process, which the load of others moves less."""
    print(
        f"{what:9} {rows:9,} rows: {rows / took_s:9,.0f}/s by the clock, {rows / worked_s:9,.0f} per second of Python"
    )


def main() -> None:
    """Measure, and print."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
    with (
        tempfile.TemporaryDirectory() as folder,
        databases.server() as settings,
        databases.migrated(settings) as url,
    ):
        chosen = settings.model_copy(update={"var_dir": Path(folder) / "var"})
        engine = db.connect(url, settings.model_copy(update={"statement_timeout_s": 600}))
        with engine.connect() as connection:
            print("fsync", connection.scalar(text("show fsync")), "synchronous_commit",
                  connection.scalar(text("show synchronous_commit")))  # fmt: skip
        writes(url, chosen, Path(folder))
        keeping(chosen, rows)
        engine.dispose()


if __name__ == "__main__":
    main()
