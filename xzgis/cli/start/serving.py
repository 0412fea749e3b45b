"""Pages and API on one port, with the worker beside them, until told to stop."""

import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.util import find_spec
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

import psycopg
import structlog
import uvicorn

from xzgis.cli.start.claim import claim
from xzgis.cli.start.ready import prepare
from xzgis.cli.start.worker import working
from xzgis.core import cluster, metering
from xzgis.core.errors import Refusal, Unavailable
from xzgis.core.logs import configure_logs
from xzgis.core.settings import Settings
from xzgis.core.words import Words

if TYPE_CHECKING:
    from fastapi import FastAPI

# Api and web do not know each other: this is the one place that puts them together, by name.
API = "api.main:create_app"
PAGES = "web:mount"
GRACE_S = 2
LOOK_EVERY_S = 1.0

log = structlog.get_logger()


class Stopped(BaseException):
    """The process was told to end; unwinds everything that was started."""


def address_of(settings: Settings) -> str:
    """What a person on this machine types to see the pages."""
    host = settings.host
    if host in ("0.0.0.0", "::"):  # noqa: S104 - compared, not bound
        host = "127.0.0.1"
    return f"http://[{host}]:{settings.port}/" if ":" in host else f"http://{host}:{settings.port}/"


def serve(settings: Settings, *, before: Callable[[], None], greet: Callable[[str], None]) -> None:
    """Serve until SIGTERM or Ctrl-C, then stop worker, connections and, if nobody else uses it, the cluster.

    ``before`` runs once the register is ready; ``greet`` is told the address once it answers.
    """
    configure_logs(quiet=sys.stderr.isatty(), settings=settings, process="server")
    address = address_of(settings)
    with (
        _stoppable(),
        claim(settings, address=address),
        _listening(settings) as listener,
        _database(settings),
    ):
        metering.share(settings.var_dir)
        before()
        app = compose(settings)
        with _kept_alive(settings), working(settings):
            _Server(_config(app, settings), lambda: greet(address), app.state.bell.close).run(
                sockets=[listener]
            )


def compose(settings: Settings) -> "FastAPI":
    """The API with the pages on it."""
    app: FastAPI = _named(API)(settings)
    if find_spec(PAGES.partition(":")[0]) is not None:
        _named(PAGES)(app)
    return app


class _Server(uvicorn.Server):
    """Uvicorn that says when it answers, and sends open pages home before it waits for their lines to end."""

    def __init__(
        self, config: uvicorn.Config, answering: Callable[[], None], ending: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._answering = answering
        self._ending = ending

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._answering()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._ending()
        await super().shutdown(sockets)


def _config(app: "FastAPI", settings: Settings) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        log_config=None,  # what it has to say goes into our log
        log_level="warning",
        access_log=False,
        server_header=False,
        ws="none",  # no page opens a socket, and its library would be loaded at every start
        timeout_graceful_shutdown=GRACE_S,
    )


def _named(name: str) -> Callable[..., "FastAPI"]:
    module, _, attribute = name.partition(":")
    found: Callable[..., FastAPI] = getattr(import_module(module), attribute)
    return found


@contextmanager
def _stoppable() -> Iterator[None]:
    """Turn SIGTERM and SIGHUP into an unwinding, also once uvicorn has handed the signals back."""

    def unwind(_number: int, _frame: FrameType | None) -> NoReturn:
        raise Stopped

    chosen = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)
    before = {number: signal.signal(number, unwind) for number in chosen}
    try:
        yield
    except Stopped:
        return
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _listening(settings: Settings) -> Iterator[socket.socket]:
    """The bound socket; taken before anything slow, so that a port in use is told at once."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
    except OSError as error:
        listener.close()
        raise Unavailable(
            Words(
                f"端口 {settings.host}:{settings.port} 不能使用（{error.strerror}）；请用 --port 另选一个。",
                f"{settings.host}:{settings.port} cannot be used ({error.strerror}); choose another with --port.",
            )
        ) from error
    with listener:
        yield listener


@contextmanager
def _kept_alive(settings: Settings) -> Iterator[None]:
    """Look after the cluster while serving: killed, it is started again within moments."""
    ending = threading.Event()

    def keep() -> None:
        while not ending.wait(LOOK_EVERY_S):
            try:
                if cluster.revive(settings):
                    log.warning("database_revived")
            except (Refusal, psycopg.Error, OSError) as error:
                log.warning("database_not_revived", reason=str(error))

    keeper = threading.Thread(target=keep, name="database-keeper")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


@contextmanager
def _database(settings: Settings) -> Iterator[None]:
    """The register ready for use; a cluster started here is stopped again unless somebody else uses it."""
    was_running = settings.database_url is not None or cluster.status(settings).running
    try:
        engine = prepare(settings)
        try:
            yield
        finally:
            engine.dispose()
    finally:
        if not was_running:
            cluster.stop_if_unused(settings)
