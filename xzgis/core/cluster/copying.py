"""The whole cluster as one stream, and a cluster out of such a stream, brought forward through its log of changes."""

import os
import shlex
import shutil
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import IO

import psycopg

from xzgis.core.cluster import databases, server
from xzgis.core.cluster.place import PORT, Place
from xzgis.core.cluster.server import ADMIN
from xzgis.core.errors import Unavailable
from xzgis.core.files import sync_folder
from xzgis.core.words import Words

# Going through a long log takes its time; a person waits for it and may break it off.
RECOVERY_PATIENCE_S = 6 * 3600


@contextmanager
def copied(place: Place) -> Iterator[IO[bytes]]:
    """A running cluster as a stream (tar, gzip) that is consistent by itself: it carries the log it needs.

    Raises
    ------
    Unavailable
        The copy failed; what came through is worth nothing.
    """
    words = (
        "-D", "-", "-F", "tar", "-X", "fetch", "-c", "fast", "-Z", "1", "--no-password",
        "-h", str(place.socket_dir), "-p", str(PORT), "-U", ADMIN,
    )  # fmt: skip
    with subprocess.Popen(  # noqa: S603 - fixed programs, no shell
        [str(place.programs / "pg_basebackup"), *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **server.as_owner(place),
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        yield process.stdout
        told = process.stderr.read().decode(errors="replace")
    if process.returncode != 0:
        raise _failed("pg_basebackup", told)


def unpack(place: Place, packed: Path) -> Path:
    """A data folder beside its place out of such a stream, checked by PostgreSQL itself; call with the lock held."""
    fresh = place.home / "data.restored"
    if fresh.exists():
        shutil.rmtree(fresh)
    fresh.mkdir(mode=0o700)
    with tarfile.open(packed, "r:*") as archive:
        # Debian 12's Python has no filter of its own yet: links, devices and names that lead out are refused here.
        for member in archive.getmembers():
            inside = not member.name.startswith("/") and ".." not in Path(member.name).parts
            if not inside or not (member.isfile() or member.isdir()):
                raise tarfile.ReadError(f"{member.name} does not belong in a copy")
        archive.extractall(fresh)  # noqa: S202  # every member was looked at above
    for folder, _folders, files in os.walk(fresh):
        Path(folder).chmod(0o700)
        server.hand_over(Path(folder), place)
        for name in files:
            (Path(folder) / name).chmod(0o600)
            server.hand_over(Path(folder) / name, place)
    if (place.programs / "pg_verifybackup").exists():
        # The log is checked when it is gone through.
        done = server.run(place, "pg_verifybackup", "-n", "-q", str(fresh))
        if done.returncode != 0:
            raise _failed("pg_verifybackup", done.stderr or done.stdout)
    return fresh


def bring_forward(place: Place, *, archive: Path | None, to: datetime | None) -> None:
    """Start the cluster once so that it goes through its log, and stop it again; call with the lock held.

    ``archive``: the log copied meanwhile, gone through to its end or up to ``to``; None: what the copy carries.
    What is done afterwards is on a line of time of its own, so that an archive holds both.
    """
    options = ["-c hot_standby=off"]
    if archive is not None:
        (place.data / "recovery.signal").touch(mode=0o600)
        server.hand_over(place.data / "recovery.signal", place)
        options.append(f"-c restore_command={_escaped(restore_command(archive))}")
        options.append("-c recovery_target_action=promote")
        if to is not None:
            options.append(f"-c recovery_target_time={_escaped(to.isoformat(sep=' '))}")
    server.configure(place)
    done = server.run(
        place, "pg_ctl", "start", "-w", "-t", str(RECOVERY_PATIENCE_S), "-s",
        "-D", str(place.data), "-l", str(place.log), "-o", " ".join(options),
    )  # fmt: skip
    if done.returncode != 0:
        raise _failed("pg_ctl start", server.last_words(place) or done.stderr)
    try:
        _wait_until_open(place)
    finally:
        server.stop(place)


def restore_command(archive: Path) -> str:
    """What the server runs for each file of the log it asks for; archives of before hold them unpacked."""
    folder = shlex.quote(str(archive).replace("%", "%%"))
    return f'if test -f {folder}/%f.gz; then gzip -dc {folder}/%f.gz > "%p"; else cp {folder}/%f "%p"; fi'


def _wait_until_open(place: Place) -> None:
    """Wait while the server goes through its log; one that ended on the way did not come to the end of it."""
    deadline = time.monotonic() + RECOVERY_PATIENCE_S
    while server.running_pid(place) is not None and time.monotonic() < deadline:
        with (
            suppress(psycopg.OperationalError),  # it does not answer before its end
            databases.admin(place) as connection,
        ):
            if connection.execute("select pg_is_in_recovery()").fetchone() == (False,):
                return
        time.sleep(0.2)
    raise _failed("recovery", server.last_words(place))


def put_in_place(place: Place, fresh: Path, aside: Path) -> None:
    """Let a data folder take the place of the one there, which goes to ``aside``; call with the lock held."""
    if place.data.exists():
        place.data.rename(aside)
    fresh.rename(place.data)
    # What was known of the cluster before is not known of this one.
    (place.home / "prepared").unlink(missing_ok=True)
    sync_folder(place.home)


def give_back(place: Place, aside: Path) -> None:
    """Undo :func:`put_in_place`: the restored folder goes, the one before it comes back; call with the lock held."""
    server.stop(place)
    shutil.rmtree(place.data)
    if aside.exists():
        aside.rename(place.data)
    sync_folder(place.home)


def _escaped(value: str) -> str:
    """For ``pg_ctl -o``, which hands the words to a shell."""
    return shlex.quote(value)


def _failed(step: str, reason: str) -> Unavailable:
    reason = " ".join(reason.split())[:300]
    return Unavailable(
        Words(
            f"数据库的备份或恢复未完成（{step}：{reason}）；原有数据没有改动，请排除原因后重试。",
            f"Backing up or restoring the database did not come to its end ({step}: {reason}); what was there is "
            "unchanged: mend the cause and try again.",
        )
    )
