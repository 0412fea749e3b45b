"""The bell: tells open pages, through PostgreSQL, that something of theirs changed, once that change is committed.

It carries an address and nothing else: whoever hears it reads what he may read. A bell that was not heard is no
loss, since pages read the whole state whenever they connect (docs/decisions/0055).
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg
import structlog
from sqlalchemy import text
from sqlalchemy.orm import Session

from xzgis.core.db import listening

CHANNEL = "xz_bell"
#: What listeners hear after a lost connection: anything may have happened meanwhile.
EVERYBODY = "*"
#: What listeners hear last: the server ends, and no page is to hold it up.
THE_END = "."
LOOK_EVERY_S = 1.0
PAUSE_S = 1.0
RING = text("select pg_notify(:channel, :address)")

Hear = Callable[[str], None]
log = structlog.get_logger()


def ring(session: Session, address: str) -> None:
    """Ring for ``address`` when the session's transaction is committed; nothing when it is undone."""
    session.execute(RING, {"channel": CHANNEL, "address": address})


class Bell:
    """One connection that listens for a whole process, in a thread of its own while anybody is there to hear."""

    def __init__(self, url: Callable[[], str]) -> None:
        self._url = url
        self._ears: set[Hear] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    @contextmanager
    def heard_by(self, hear: Hear) -> Iterator[None]:
        """Call ``hear`` with each address rung for, from another thread, while the block runs."""
        with self._lock:
            self._ears.add(hear)
            if self._thread is None:
                self._thread = threading.Thread(target=self._listen, name="bell", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._ears.discard(hear)

    def close(self) -> None:
        """Send every listener home; called when the server begins to stop."""
        self._tell(THE_END)

    def _listen(self) -> None:
        while self._is_wanted():
            try:
                self._listen_once()
            except (psycopg.Error, OSError) as error:
                log.warning("bell_unreachable", reason=str(error))
                threading.Event().wait(PAUSE_S)

    def _listen_once(self) -> None:
        with listening(self._url(), CHANNEL) as connection:
            self._tell(EVERYBODY)
            while self._is_wanted():
                for rung in connection.notifies(timeout=LOOK_EVERY_S):
                    self._tell(rung.payload)

    def _is_wanted(self) -> bool:
        with self._lock:
            if not self._ears:
                self._thread = None
            return bool(self._ears)

    def _tell(self, address: str) -> None:
        with self._lock:
            ears = list(self._ears)
        for hear in ears:
            hear(address)


class Ear:
    """What one open page hears, handed over from the bell's thread to the loop that serves the page.

    ``is_over``: the server ends, and so should the page's line.
    """

    def __init__(self, wanted: Callable[[str], bool]) -> None:
        self._loop = asyncio.get_running_loop()
        self._rung = asyncio.Event()
        self._wanted = wanted
        self.is_over = False

    def hear(self, address: str) -> None:
        """Wake the page when ``address`` is one of its own; called from the bell's thread."""
        self.is_over = self.is_over or address == THE_END
        wanted = address in (EVERYBODY, THE_END) or self._wanted(address)
        # The loop of a server that stopped is closed: nobody waits there any more.
        if wanted and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._rung.set)

    async def rings(self, *, within_s: float) -> bool:
        """Whether it rang within so many seconds; what rang several times counts once."""
        try:
            await asyncio.wait_for(self._rung.wait(), within_s)
        except TimeoutError:
            return False
        self._rung.clear()
        return True
