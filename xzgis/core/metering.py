"""What the processes of this installation count while they work: requests, checks, jobs.

Names and labels are the program's own words: templates of routes, kinds of jobs, results. Nothing of a person, a
place or a record ever becomes a label (docs/decisions/0072). Several processes count into files of one folder, which
whoever is asked adds up; without a folder a process counts for itself alone.
"""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from prometheus_client import CollectorRegistry

FOLDER = "metrics"
#: Read by the library when it is first imported, and handed on to the worker.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
REQUEST_BOUNDS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
CHECK_BOUNDS_S = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 15.0, 60.0)
JOB_BOUNDS_S = (0.01, 0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0)

Against = Literal["register", "files"]


class Meters:
    """The counters and clocks of one process."""

    def __init__(self) -> None:
        # Imported here: only processes that serve or work count, and the library reads SHARED at its import.
        from prometheus_client import CollectorRegistry, Counter, Histogram

        self.registry: CollectorRegistry = CollectorRegistry()
        self.requests: Counter = Counter(
            "xzgis_http_requests", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.request_s: Histogram = Histogram(
            "xzgis_http_request_duration_seconds", "From the request to the end of its answer.",
            ["method", "route"], buckets=REQUEST_BOUNDS_S, registry=self.registry,
        )  # fmt: skip
        self.check_s: Histogram = Histogram(
            "xzgis_check_duration_seconds", "Checks of works for conflicts, by what against and how they ended.",
            ["against", "result"], buckets=CHECK_BOUNDS_S, registry=self.registry,
        )  # fmt: skip
        self.job_s: Histogram = Histogram(
            "xzgis_job_duration_seconds", "Background jobs done by a worker, by kind and how they ended.",
            ["job", "result"], buckets=JOB_BOUNDS_S, registry=self.registry,
        )  # fmt: skip


@lru_cache(maxsize=1)
def meters() -> Meters:
    """The meters of this process, made when first asked for."""
    return Meters()


def share(var_dir: Path) -> None:
    """Count together with the other processes of the installation from now on; call before anything is counted.

    The process that serves calls it, and its worker inherits the folder. What an earlier server left is emptied:
    counters begin at zero, as their readers expect of a restart.
    """
    folder = var_dir.resolve() / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for left in folder.glob("*.db"):
        left.unlink(missing_ok=True)
    os.environ[SHARED] = str(folder)


def join(var_dir: Path) -> None:
    """Count together with the server of the installation, where one has begun to; for whoever works beside it."""
    folder = var_dir.resolve() / FOLDER
    if folder.is_dir():
        os.environ.setdefault(SHARED, str(folder))


def counted() -> "CollectorRegistry":
    """Everything counted so far by all processes that count together."""
    from prometheus_client import CollectorRegistry
    from prometheus_client.multiprocess import MultiProcessCollector

    if SHARED not in os.environ:
        return meters().registry
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library gives it no types
    return registry


@contextmanager
def timed_check(against: Against) -> Iterator[None]:
    """Time one check; one that ends with an error counts as failed."""
    began, result = time.monotonic(), "failed"
    try:
        yield
        result = "done"
    finally:
        meters().check_s.labels(against, result).observe(time.monotonic() - began)


def count_job(name: str, result: Literal["done", "failed"], duration_s: float) -> None:
    """Count one background job; ``name`` is ``module.verb``."""
    meters().job_s.labels(name, result).observe(duration_s)


def count_request(method: str, route: str, status: int, duration_s: float | None) -> None:
    """Count one request; ``route`` is a template. ``duration_s`` None: a line kept open, whose length says nothing."""
    meters().requests.labels(method, route, str(status)).inc()
    if duration_s is not None:
        meters().request_s.labels(method, route).observe(duration_s)
