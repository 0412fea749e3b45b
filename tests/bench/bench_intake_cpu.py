"""How much processor a delivery takes on its way into the register, counted over all processes.

Run: ``python -m tests.bench.bench_intake_cpu [rows] [rounds]`` from the project's root. Seconds of the clock say
little on a machine that others use; counted here are user and system seconds of this process, of the reading
processes and of every process of a database server of its own. To compare two ways, run rounds of both in turns.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path
from unittest.mock import patch

from sqlalchemy import text

from tests import databases
from tests.bench import bench_intake
from tests.bench.bench_intake import cpu_seconds, receive, warm_up
from tests.bench.deliveries import write_geopackage
from tests.factories import an_actor
from xzgis.core import cluster, db
from xzgis.core.settings import Settings
from xzgis.networks import jobs
from xzgis.networks.jobs import reading, taking_in


def server_seconds(postmaster: int) -> float:
    """Processor seconds of a database server: of its processes, and of those that ended."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            # Behind the name, which may hold spaces: state, parent, ..., user, system, and both of ended children.
            told = stat.read_text().rpartition(")")[2].split()
        except OSError:  # ended meanwhile: its parent tells of it
            continue
        is_server = int(stat.parent.name) == postmaster
        if is_server or int(told[1]) == postmaster:
            ticks += sum(map(int, told[11:15] if is_server else told[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def one_round(path: Path, postmaster: int) -> tuple[float, float, float]:
    """Take ``path`` into an empty register: seconds of the clock, of our processor, of the server's."""
    with db.transaction(an_actor(), statement_timeout_s=0) as session:
        session.execute(text("update networks_batch set content_digest = 'taken out ' || id"))
        for table in ("networks_coverage", "networks_run", "networks_node"):
            session.execute(text(f"truncate {table}"))
    batch_id = receive(path)
    clock, ours, theirs = time.perf_counter(), cpu_seconds(), server_seconds(postmaster)
    jobs.take_in(batch_id, leave_out_errors=True)
    return (
        time.perf_counter() - clock,
        cpu_seconds() - ours,
        server_seconds(postmaster) - theirs,
    )


def main(count: int, rounds: int) -> None:
    """Print every round, and the median."""
    sums: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        server = Settings(var_dir=folder / "server")
        cluster.ensure(server)
        try:
            with databases.migrated(server) as url:
                own = Settings(var_dir=folder / "var", statement_timeout_s=600)
                engine = db.connect(url, own)
                pid = int(next((folder / "server").rglob("postmaster.pid")).read_text().split()[0])
                path = folder / "city.gpkg"
                write_geopackage(path, count)
                with (
                    patch.object(reading, "settings", lambda: own),
                    patch.object(taking_in, "settings", lambda: own),
                    patch.object(bench_intake, "settings", lambda: own),
                ):
                    warm_up(folder, "gpkg", write_geopackage)
                    for _ in range(rounds):
                        clock, ours, theirs = one_round(path, pid)
                        sums.append(ours + theirs)
                        print(f"clock {clock:6.2f}  ours {ours:6.2f}  server {theirs:6.2f}", flush=True)
                engine.dispose()
        finally:
            cluster.stop_if_unused(server)
    print(f"processor seconds: median {statistics.median(sums):.2f}, least {min(sums):.2f}")


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    main(*(asked + [100_000, 5][len(asked) :]))
