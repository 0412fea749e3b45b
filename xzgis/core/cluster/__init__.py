"""The private PostgreSQL + PostGIS cluster of this installation, or the server it is told to use.

The cluster lives under ``var_dir``, listens on a unix socket only, knows people by the operating
system's word (peer), and is made, started and stopped here. ``XZGIS_DATABASE_URL`` puts another
server in its place.
"""

import fcntl
import os
import time
from dataclasses import dataclass
from pathlib import Path

import psycopg

from xzgis.core.cluster import databases, server
from xzgis.core.cluster.place import Place, place_of
from xzgis.core.errors import Unavailable
from xzgis.core.settings import Settings
from xzgis.core.words import Words

__all__ = [
    "Status",
    "create_database",
    "database_url",
    "drop_database",
    "ensure",
    "exists",
    "migration_url",
    "revive",
    "start",
    "status",
    "stop",
    "stop_if_unused",
]

# Raised when ``databases.prepare`` learns something new, so that existing clusters are brought up to it.
PREPARED = "4"
ANSWER_PATIENCE_S = 60


@dataclass(frozen=True, slots=True)
class Status:
    """How the database of this installation is.

    ``private`` is false for a server named in the settings; then there is no ``home`` or ``pid``.
    ``moved`` tells that the cluster lives outside ``var_dir`` because its user cannot get there.
    """

    private: bool
    running: bool
    url: str
    home: Path | None = None
    pid: int | None = None
    owner: str | None = None
    moved: bool = False


def database_url(settings: Settings) -> str:
    """SQLAlchemy URL of the main database; starts nothing."""
    if settings.database_url:
        return databases.outside_url(settings.database_url)
    return databases.url_in(place_of(settings))


def migration_url(settings: Settings, url: str) -> str:
    """``url`` with the role that migrations run as: the owner in the private cluster, elsewhere the one role there is."""
    return url if settings.database_url else databases.owners_url(url)


def ensure(settings: Settings) -> str:
    """SQLAlchemy URL of the main database, made, started and reachable.

    Raises
    ------
    Unavailable
        The server cannot be had; the sentence says why and what to do.
    """
    if settings.database_url:
        return databases.check_outside(settings.database_url)
    place = place_of(settings)
    _join_users(place)
    if not (_prepared(place) and databases.answers(place)):
        with server.alone(place):
            _bring_up(place)
    return databases.url_in(place)


def exists(settings: Settings) -> bool:
    """Whether there is a database to be asked: one of the settings, or the private cluster made before; makes nothing."""
    return bool(settings.database_url) or (place_of(settings).data / "PG_VERSION").is_file()


def start(settings: Settings) -> Status:
    """Make the database reachable and tell how it is."""
    ensure(settings)
    return status(settings)


def stop(settings: Settings) -> bool:
    """Stop the private cluster, ending its connections; False when it did not run."""
    if settings.database_url:
        raise Unavailable(
            Words(
                "数据库由 XZGIS_DATABASE_URL 指定，不归 xzgis 启停；请用该服务器自己的办法停止。",
                "The database is the one of XZGIS_DATABASE_URL and not xzgis's to stop; "
                "stop it by that server's own means.",
            )
        )
    place = place_of(settings)
    with server.alone(place):
        return server.stop(place)


def stop_if_unused(settings: Settings) -> bool:
    """Stop the private cluster unless another process of this installation uses it."""
    if settings.database_url:
        return False
    place = place_of(settings)
    _leave_users(place)
    handle = os.open(place.home / "users", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        with server.alone(place):
            return server.stop(place)
    except BlockingIOError:
        return False
    finally:
        os.close(handle)


def revive(settings: Settings) -> bool:
    """Start the private cluster again if it was killed; one that somebody stopped stays stopped."""
    if settings.database_url or not server.was_killed(place_of(settings)):
        return False
    ensure(settings)
    return True


def status(settings: Settings) -> Status:
    """How the database is, without starting it."""
    if settings.database_url:
        url = databases.check_outside(settings.database_url)
        return Status(private=False, running=True, url=url)
    place = place_of(settings)
    pid = server.running_pid(place)
    return Status(
        private=True,
        running=pid is not None and databases.answers(place),
        url=databases.url_in(place),
        home=place.home,
        pid=pid,
        owner=place.owner.name,
        moved=place.moved,
    )


def create_database(settings: Settings, name: str, template: str | None = None) -> str:
    """A further database beside the main one, with PostGIS; its SQLAlchemy URL.

    ``template`` names a database made here before that nobody is connected to; None starts empty.
    """
    ensure(settings)
    if settings.database_url:
        return databases.create_outside(settings.database_url, name, template)
    place = place_of(settings)
    databases.create(place, name, template)
    return databases.url_in(place, name)


def drop_database(settings: Settings, name: str) -> None:
    """Drop a database made with :func:`create_database`, ending its connections."""
    if settings.database_url:
        databases.drop_outside(settings.database_url, name)
    else:
        ensure(settings)
        databases.drop(place_of(settings), name)


def _bring_up(place: Place) -> None:
    """Whatever is missing between nothing and a database that answers; call with the lock held."""
    server.make(place)
    deadline = time.monotonic() + ANSWER_PATIENCE_S
    while True:
        if server.running_pid(place) is None:
            server.start(place)
        try:
            databases.prepare(place)
            break
        except psycopg.OperationalError as error:
            # It may be starting up, recovering, or just have been killed: look again.
            if time.monotonic() > deadline:
                raise server.failed("connect", str(error)) from error
            time.sleep(0.2)
    server.note(place, "prepared", PREPARED)


def _prepared(place: Place) -> bool:
    try:
        return (place.home / "prepared").read_text() == PREPARED
    except OSError:
        return False


# Held open, with a shared lock, for as long as this process may use the cluster.
_in_use: dict[Path, int] = {}


def _join_users(place: Place) -> None:
    if place.home in _in_use:
        return
    path = place.home / "users"
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    if os.geteuid() == 0:
        os.chown(path, place.owner.uid, place.owner.gid, follow_symlinks=False)
    fcntl.flock(handle, fcntl.LOCK_SH)
    _in_use[place.home] = handle


def _leave_users(place: Place) -> None:
    handle = _in_use.pop(place.home, None)
    if handle is not None:
        os.close(handle)
