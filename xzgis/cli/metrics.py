"""``xzgis metrics``: the figures that monitoring programs read, on standard output."""

import typer


def add(app: typer.Typer) -> None:
    """Bring ``metrics``."""
    app.command("metrics", help="运行指标（Prometheus 文本格式）· figures for Prometheus")(metrics)


def metrics() -> None:
    """What the serving processes counted, and the state of database, queue, trail, backup and disk.

    Nothing is started: a database that does not answer is told as xzgis_database_up 0.
    """
    from xzgis.core import cluster, db, metering
    from xzgis.core.errors import Refusal
    from xzgis.core.settings import settings
    from xzgis.core.version import program_version
    from xzgis.keeping.queries.figures import figures
    from xzgis.keeping.rules.exposition import exposition

    chosen = settings()
    metering.join(chosen.var_dir)
    try:
        engine = db.connect(cluster.status(chosen).url, chosen)
    except Refusal:  # a server of the settings that is away
        engine = db.connect(cluster.database_url(chosen), chosen)
    try:
        typer.echo(exposition(metering.counted(), figures(chosen), version=program_version()), nl=False)
    finally:
        engine.dispose()
