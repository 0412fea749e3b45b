"""``xzgis serve`` and ``xzgis run``: pages and API on this machine."""

from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.core.settings import Settings
    from xzgis.identity.terms import NewPerson

HOST = typer.Option(None, "--host", help="监听地址 · address to listen on")
PORT = typer.Option(None, "--port", min=1, max=65535, help="端口 · port")


def add(app: typer.Typer) -> None:
    """Bring ``serve`` and ``run``."""
    app.command("serve", help="启动网页与接口 · serve pages and API")(serve)
    app.command("run", help="首次运行：示例数据就绪后启动 · load the sample when empty, then serve")(run)


def serve(host: str | None = HOST, port: int | None = PORT) -> None:
    """Serve until Ctrl-C."""
    from xzgis.cli.start import first
    from xzgis.cli.start.serving import serve as serve_until_told

    def greet(address: str) -> None:
        _greet(address)
        first.load_kernel()

    serve_until_told(_settings(host, port), before=lambda: first.compile_kernel(say), greet=greet)


def run(host: str | None = HOST, port: int | None = PORT) -> None:
    """Make the first minutes work: sample city in an empty register, kernel compiled, then serve."""
    from xzgis.cli.start import first
    from xzgis.cli.start.serving import serve as serve_until_told

    people: list[NewPerson] = []

    def greet(address: str) -> None:
        _greet(address)
        first.suggest(say, address)
        first.tell_people(say, people)
        first.load_kernel()

    serve_until_told(_settings(host, port), before=lambda: people.extend(first.make_ready(say)), greet=greet)


def _settings(host: str | None, port: int | None) -> "Settings":
    from xzgis.core.settings import settings

    given = {"host": host, "port": port}
    return settings().model_copy(update={name: value for name, value in given.items() if value is not None})


def _greet(address: str) -> None:
    say(Words(f"已启动，请在浏览器打开 {address}  （Ctrl-C 结束）", f"Ready: open {address}  (Ctrl-C ends)"))
