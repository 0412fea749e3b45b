"""``xzgis db``: the private cluster, or the server of ``XZGIS_DATABASE_URL``."""

import json
from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import EXIT_ERROR, open_database, say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.core.cluster import Status


def add(app: typer.Typer) -> None:
    """Bring ``db start|stop|status|migrate``."""
    group = typer.Typer(no_args_is_help=True, help="数据库：启动、停止、状态、升级 · the database")
    group.command("start", help="启动（必要时建立）· start, making it when missing")(start)
    group.command("stop", help="停止 · stop")(stop)
    group.command("status", help="状态 · how it is; exit 3 when it does not run")(status)
    group.command("migrate", help="升级表结构 · bring the schema up to date")(migrate)
    app.add_typer(group, name="db")


def start() -> None:
    """Start the cluster; made when it is missing."""
    from xzgis.core import cluster
    from xzgis.core.settings import settings

    _tell(cluster.start(settings()))


def stop() -> None:
    """Stop the cluster, ending its connections."""
    from xzgis.core import cluster
    from xzgis.core.settings import settings

    if cluster.stop(settings()):
        say(Words("数据库已停止。", "The database has stopped."))
    else:
        say(Words("数据库本来就没有运行。", "The database was not running."))


def status(as_json: bool = typer.Option(False, "--json", help="输出 JSON · one JSON document")) -> int:
    """How the database is, without starting it."""
    from xzgis.core import cluster
    from xzgis.core.settings import settings

    found = cluster.status(settings())
    if as_json:
        shown = {"private": found.private, "running": found.running, "pid": found.pid, "owner": found.owner}
        shown |= {"home": str(found.home) if found.home else None, "trail_protected": _protected(found)}
        typer.echo(json.dumps(shown))
    else:
        _tell(found)
        if _protected(found) is False:
            say(Words("审计记录没有用数据库角色保护：本程序的角色是其所有者，能够停用其触发器。请由管理员另设所有者角色"
                      "（docs/decisions/0025）。",
                      "The audit trail is not protected by roles here: the program's role owns it and could switch its "
                      "trigger off. Let the administrator give it an owner of its own (docs/decisions/0025)."))  # fmt: skip
    return 0 if found.running else EXIT_ERROR


def migrate() -> None:
    """Bring the schema and the kinds up to date."""
    from xzgis.cli.start.ready import revision

    engine = open_database()
    at = revision(engine.url.render_as_string(hide_password=False))
    say(Words(f"表结构为最新（{at}）。", f"The schema is the newest ({at})."))


def _protected(found: "Status") -> bool | None:
    """Whether the program's role can only add to the trail; None where that cannot be asked yet."""
    from sqlalchemy import NullPool, create_engine
    from sqlalchemy.exc import SQLAlchemyError

    from xzgis.audit.queries.protected import TRAIL_PROTECTED

    if not found.running:
        return None
    engine = create_engine(found.url, poolclass=NullPool)
    try:
        with engine.connect() as connection:
            told: bool | None = connection.scalar(TRAIL_PROTECTED)
            return told
    except SQLAlchemyError:
        return None
    finally:
        engine.dispose()


def _tell(found: "Status") -> None:
    if not found.private:
        say(Words("使用 XZGIS_DATABASE_URL 指定的数据库，已连通。",
                  "The database of XZGIS_DATABASE_URL is used and answers."))  # fmt: skip
        return
    if found.moved:
        say(Words(f"用户 {found.owner} 进不了安装目录，数据库放在 {found.home}。",
                  f"User {found.owner} cannot get into the installation; the database lives in {found.home}."))  # fmt: skip
    if found.running:
        say(Words(f"数据库运行中：进程 {found.pid}，用户 {found.owner}，目录 {found.home}。",
                  f"The database runs: process {found.pid}, user {found.owner}, folder {found.home}."))  # fmt: skip
    else:
        say(Words(f"数据库没有运行（目录 {found.home}）；用 xzgis db start 启动。",
                  f"The database does not run (folder {found.home}); start it with xzgis db start."))  # fmt: skip
