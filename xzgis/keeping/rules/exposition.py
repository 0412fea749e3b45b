"""Figures in the text format of Prometheus; names end in their unit, as its conventions ask."""

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric

from xzgis.keeping.terms import DatabaseFigures, Figures, JobFigures

Labels = tuple[str, ...]


def exposition(counted: CollectorRegistry, figures: Figures, *, version: str) -> str:
    """What the processes counted, then the figures of the installation."""
    registry = CollectorRegistry()
    registry.register(_Told(figures, version))
    return (generate_latest(counted) + generate_latest(registry)).decode()


class _Told:
    """The figures, as the library collects them."""

    def __init__(self, figures: Figures, version: str) -> None:
        self.figures, self.version = figures, version

    def collect(self) -> Iterable[Metric]:
        found, database = self.figures, self.figures.database
        schema = database.schema or "" if database else ""
        yield _gauge("xzgis_info", "Version of the program and of its schema.", ("version", "schema"),
                     [((self.version, schema), 1)])  # fmt: skip
        yield _plain("xzgis_database_up", "Whether the database answers.", 1 if database else 0)
        if database is not None:
            yield from _of_database(database)
        if found.jobs is not None:
            yield from _of_jobs(found.jobs)
        yield _gauge(
            "xzgis_batches", "Deliveries by state.", ("state",), (((a,), b) for a, b in found.batches.items())
        )
        yield from _ages(found)
        yield _gauge("xzgis_disk_free_bytes", "Free space of the disk a folder lies on.", ("folder",),
                     (((a,), b.free_bytes) for a, b in found.disks.items()))  # fmt: skip
        yield _gauge("xzgis_disk_size_bytes", "Size of that disk.", ("folder",),
                     (((a,), b.total_bytes) for a, b in found.disks.items()))  # fmt: skip
        if found.pool is not None:
            states = zip(("used", "idle", "most"), found.pool, strict=True)
            yield _gauge("xzgis_pool_connections", "Connections of the serving process.", ("state",),
                         (((name,), count) for name, count in states))  # fmt: skip


def _of_database(told: DatabaseFigures) -> Iterable[Metric]:
    yield _plain("xzgis_database_size_bytes", "Size of the database.", told.size_bytes)
    yield _gauge("xzgis_database_connections", "Connections of the server by state.", ("state",),
                 (((a,), b) for a, b in told.connections.items()))  # fmt: skip
    yield _plain("xzgis_database_connections_most", "Connections it takes.", told.connections_most)
    yield _plain("xzgis_wal_archive_on", "Whether the log of changes is copied.", 1 if told.archives else 0)
    yield _plain("xzgis_wal_archive_failures", "Copies that failed since its start.", told.archive_failures)
    if told.archived_s is not None:
        yield _plain("xzgis_wal_archive_age_seconds", "Since the last copied file of it.", told.archived_s)


def _of_jobs(told: JobFigures) -> Iterable[Metric]:
    yield _gauge(
        "xzgis_jobs", "Background jobs of the last week by state.", ("state", "queue"), told.counts.items()
    )
    yield _gauge("xzgis_jobs_oldest_seconds", "Since the longest-standing open job became due or began.", ("state",),
                 (((a,), b) for a, b in told.oldest_s.items()))  # fmt: skip
    yield _plain("xzgis_workers_alive", "Workers that said lately that they live.", told.workers)


def _ages(found: Figures) -> Iterable[Metric]:
    if found.seal_s is not None:
        yield _plain("xzgis_trail_seal_age_seconds", "Since the trail was last sealed.", found.seal_s)
    if found.waiting is not None:
        yield _plain("xzgis_trail_rows_waiting", "Rows of the trail not sealed yet.", found.waiting)
    if found.backup_s is not None:
        yield _plain("xzgis_backup_age_seconds", "Since the last backup.", found.backup_s)


def _plain(name: str, told: str, value: float) -> Metric:
    return GaugeMetricFamily(name, told, value=value)


def _gauge(name: str, told: str, labels: Labels, values: Iterable[tuple[tuple[str, ...], float]]) -> Metric:
    family = GaugeMetricFamily(name, told, labels=labels)
    for named, value in values:
        family.add_metric(named, value)
    return family
