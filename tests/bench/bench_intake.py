"""How long a delivery of a million segments takes from the file into the register, stage by stage.

Run: ``python -m tests.bench.bench_intake [rows] [gpkg|csv] [--profile STAGE]`` from the project's root. The delivery
goes the way of ``xzgis import``: read in a child process, understood, placed, checked, kept, compared, accepted,
covered. A bare COPY of the same rows into a table without index or constraint, in the same run, is the measure.
"""

import cProfile
import pstats
import resource
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from sqlalchemy import select, text

from tests import databases
from tests.bench.deliveries import write_geopackage, write_survey
from tests.factories import an_actor
from xzgis.core import db
from xzgis.core.copying import copy_rows
from xzgis.core.files import keep, kept_path
from xzgis.core.settings import Settings, settings
from xzgis.networks import jobs
from xzgis.networks.actions import batches, coverage, read_features, read_survey, records, register
from xzgis.networks.actions.receiving import content_digest, receive_batch
from xzgis.networks.actions.records import register_frames, without_place
from xzgis.networks.jobs import reading as job_reading
from xzgis.networks.jobs import taking_in
from xzgis.networks.models import Batch, Run
from xzgis.networks.rules import feature_delivery
from xzgis.networks.rules.checks import believed
from xzgis.networks.rules.delivery_file import read_delivery

STAGES: tuple[tuple[str, Any, str], ...] = (
    ("read in a child process", read_features, "read_feature_files"),
    ("read in a child process", read_survey, "read_tables"),
    ("propose the mapping", read_features, "propose_mapping"),
    ("understand and place", read_features, "deliver"),
    ("  understand", feature_delivery, "understand"),
    ("  axes and joints", feature_delivery, "_meeting"),
    ("  direction of lines", feature_delivery, "directed"),
    ("  lines and levels", feature_delivery, "canonical_lines"),
    ("gather the columns", read_survey, "gather"),
    ("understand and place", read_survey, "understand"),
    ("check", believed, "findings_of"),
    ("levels that contradict", believed, "without_contradicted_levels"),
    ("compare with the register", batches, "compare_with_register"),
    ("save the reading", batches, "save_reading"),
    ("rows of the register", records, "register_frames"),
    ("match with the register", batches, "matched_frames"),
    ("write", batches, "write_records"),
    ("  copy and index", register, "_load"),
    ("  keep the delivery, meanwhile", job_reading, "write_delivery"),
    ("  ground looked at, meanwhile", coverage, "looked_at"),
    ("coverage", batches, "cover_batch"),
)


def cpu_seconds() -> float:
    """Processor seconds of this process and the reading processes that ended; the database works beside them.

    Of stages that run beside each other each is told what both used.
    """
    mine, children = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return mine.ru_utime + mine.ru_stime + children.ru_utime + children.ru_stime


class Clock:
    """Seconds per stage, of the clock and of the processor, in the order in which the stages first ran."""

    def __init__(self, profiled: str | None) -> None:
        self.seconds: dict[str, float] = {}
        self.worked: dict[str, float] = {}
        self.profiled = profiled

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add what happens inside to ``name``."""
        self.seconds.setdefault(name, 0.0)
        profile = cProfile.Profile() if self.profiled == name.strip() else None
        begin, worked = time.perf_counter(), cpu_seconds()
        if profile:
            profile.enable()
        yield
        if profile:
            profile.disable()
            pstats.Stats(profile).sort_stats("cumulative").print_stats(45)
        self.seconds[name] += time.perf_counter() - begin
        self.worked[name] = self.worked.get(name, 0.0) + cpu_seconds() - worked

    def timed(self, name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        """``function``, its time added to ``name``."""

        def run(*arguments: Any, **named: Any) -> Any:
            with self.stage(name):
                return function(*arguments, **named)

        return run


def receive(path: Path) -> int:
    """A batch of ``path``, as the command makes it."""
    with path.open("rb") as source:
        kept = keep(settings(), source)
    with db.transaction(an_actor()) as session:
        batch = receive_batch(
            session,
            actor=an_actor(),
            files=[{"name": path.name, "digest": kept.digest, "bytes": kept.size_bytes}],
            digest=content_digest([path]),
            options={},
            now=datetime.now(UTC),
        )
        return batch.id


def bare_copy(batch_id: int) -> float:
    """Seconds that a bare COPY of the batch's rows takes into a table like the register's, without its burdens."""
    with db.transaction(an_actor()) as session:
        name = session.scalar(select(Batch.delivery_file).where(Batch.id == batch_id))
        assert name is not None
    delivery = read_delivery(kept_path(settings(), name))
    nowhere = without_place(delivery)
    _nodes, runs = register_frames(delivery, without=(np.zeros(len(delivery.points), np.bool_), nowhere))
    runs = runs.drop(columns=["bank", "from_node", "to_node"]).assign(object_id=np.arange(len(runs)))
    bare: Any = type("Bare", (), {"name": "bare", "columns": Run.__table__.columns})
    constants = {"batch_id": 1, "known_from": datetime.now(UTC)}
    seconds = 0.0
    for rows in (runs.iloc[:10], runs):
        with db.transaction(an_actor(), statement_timeout_s=0) as session:
            session.execute(text("drop table if exists bare"))
            session.execute(text("create table bare as select * from networks_run limit 0"))
        begin = time.perf_counter()
        with db.transaction(an_actor(), statement_timeout_s=0) as session:
            copy_rows(session, bare, rows, constants)
        seconds = time.perf_counter() - begin
    return seconds


def measure(path: Path, clock: Clock) -> tuple[int, float]:
    """Take ``path`` into the register; number of the batch, and seconds in all."""
    begin, worked = time.perf_counter(), cpu_seconds()
    with clock.stage("keep the file"):
        batch_id = receive(path)
    with ExitStack() as stack:
        for name, module, function in STAGES:
            stack.enter_context(patch.object(module, function, clock.timed(name, getattr(module, function))))
        written = jobs.take_in(batch_id, leave_out_errors=True)
    took = time.perf_counter() - begin
    assert written is not None
    print(f"batch {batch_id}: {len(written.run_ids):,} lines and {len(written.node_ids):,} points written")
    print(f"our processor in all {cpu_seconds() - worked:.2f} s")
    return batch_id, took


def warm_up(folder: Path, form: str, write: Callable[[Path, int], None]) -> None:
    """Compile and import everything once, with a small delivery that is taken out again."""
    small = folder / "warm"
    small.mkdir()
    path = small / f"warm.{form}"
    write(path, 500)
    batch_id = receive(path)
    jobs.take_in(batch_id, leave_out_errors=True)
    with db.transaction(an_actor(), statement_timeout_s=0) as session:
        for table in ("networks_coverage", "networks_run", "networks_node"):
            session.execute(text(f"truncate {table}"))


def main(count: int, form: str, profiled: str | None) -> None:
    """Take ``count`` segments in and print the seconds of each stage and the ratio."""
    write = write_geopackage if form == "gpkg" else write_survey
    with (
        databases.server() as server,
        databases.migrated(server) as url,
        tempfile.TemporaryDirectory() as name,
    ):
        folder = Path(name)
        path = folder / f"city.{form}"
        write(path, count)
        own = Settings(var_dir=folder / "var", statement_timeout_s=600)
        engine = db.connect(url, own)
        clock = Clock(profiled)
        with (
            patch.object(job_reading, "settings", lambda: own),
            patch.object(taking_in, "settings", lambda: own),
            patch(f"{__name__}.settings", lambda: own),
        ):
            warm_up(folder, form, write)
            batch_id, took = measure(path, clock)
            base = min(bare_copy(batch_id), bare_copy(batch_id))
        with db.transaction(an_actor()) as session:
            summary = session.scalar(select(Batch.summary).where(Batch.id == batch_id)) or {}
        engine.dispose()
    for stage, seconds in clock.seconds.items():
        print(f"{stage:<36}{seconds:8.2f} s, of our processor {clock.worked[stage]:8.2f} s")
    whole = sum(seconds for stage, seconds in clock.seconds.items() if not stage.startswith(" "))
    print(f"{'the rest (transactions, progress)':<36}{took - whole:8.2f} s")
    print(
        f"{'in all':<36}{took:8.2f} s\n{'bare COPY of the same rows':<36}{base:8.2f} s\nratio {took / base:.1f}"
    )
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
    print(
        f"memory at most {peak} MB here, {child} MB in the reading process; findings {summary.get('counts')}"
    )


if __name__ == "__main__":
    words = [word for word in sys.argv[1:] if not word.startswith("--profile=")]
    asked = next((word.partition("=")[2] for word in sys.argv[1:] if word.startswith("--profile=")), None)
    main(int(words[0]) if words else 1_000_000, words[1] if len(words) > 1 else "gpkg", asked)
