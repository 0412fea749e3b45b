"""``xzgis worker``: does what was queued, until told to stop."""

import typer

from xzgis.cli.frame import open_database, say
from xzgis.core.words import Words


def add(app: typer.Typer) -> None:
    """Bring ``worker``."""
    app.command("worker", help="处理后台任务 · do queued jobs until Ctrl-C")(worker)


def worker(
    until_empty: bool = typer.Option(
        False, "--until-empty", help="做完现有任务即退出 · leave when none is left"
    ),
) -> None:
    """Do queued jobs; those that a dead worker left half done first."""
    from xzgis.worker import work

    engine = open_database()
    say(Words("后台任务处理已启动（Ctrl-C 结束）。", "Working on jobs (Ctrl-C ends)."))
    work(engine.url.render_as_string(hide_password=False), wait=not until_empty)
    engine.dispose()
