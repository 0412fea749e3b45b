"""The server process of the private cluster: made, configured, started and stopped, whatever killed it."""

import fcntl
import os
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from xzgis.core.cluster.place import PORT, Place, has_library
from xzgis.core.errors import Unavailable
from xzgis.core.files import sync_folder
from xzgis.core.words import Words

ADMIN = "xzgis_admin"
ROLE = "xzgis"
# Owns the trail and runs the migrations; the application cannot become it (decision 0025).
OWNER = "xzgis_owner"
# Owns nothing: who looks through a lens does so with this role, for which row security holds (decision 0066).
VIEWER = "xzgis_viewer"
START_PATIENCE_S = 60
LOCK_PATIENCE_S = 120
ORPHAN_PATIENCE_S = 5
LONGEST_LOG_BYTES = 10_000_000


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Hold the lock under which the cluster is made, started and stopped; freed by the kernel on death."""
    handle = os.open(place.home / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        hand_over(place.home / "lock", place)
        deadline = time.monotonic() + LOCK_PATIENCE_S
        while not _locked(handle):
            if time.monotonic() > deadline:
                raise Unavailable(
                    Words(
                        f"另一个进程正占用数据库的启动锁 {place.home / 'lock'}；请等它结束后重试。",
                        f"Another process holds {place.home / 'lock'}; wait for it to end and try again.",
                    )
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


def _locked(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def running_pid(place: Place) -> int | None:
    """Process id of the server of this cluster; None when none runs, whatever a stale file says."""
    try:
        pid = int((place.data / "postmaster.pid").read_text().split("\n", 1)[0])
        home = place.data.stat()
    except (OSError, ValueError):
        return None
    return pid if _stands_in(pid, home, place.data) else None


def was_killed(place: Place) -> bool:
    """Whether the server ended without saying so; one that was stopped takes its pid file with it."""
    return (place.data / "postmaster.pid").exists() and running_pid(place) is None


def make(place: Place) -> None:
    """Make the data folder if it is missing: beside its place, then renamed: half of one never counts."""
    for leftover in place.home.glob("data.new*"):
        shutil.rmtree(leftover, ignore_errors=True)
    if (place.data / "PG_VERSION").exists():
        return
    if place.data.exists():
        raise Unavailable(
            Words(
                f"{place.data} 不是 PostgreSQL 数据目录；请移走它后重试。",
                f"{place.data} is not a data folder of PostgreSQL; move it away and try again.",
            )
        )
    fresh = place.home / f"data.new-{os.getpid()}"
    flags = ("--data-checksums", "--locale=C.UTF-8", "--encoding=UTF8", "--auth=peer", f"--username={ADMIN}")
    done = run(place, "initdb", *flags, "-D", str(fresh))
    if done.returncode != 0:
        raise failed("initdb", done.stderr or done.stdout)
    fresh.rename(place.data)
    sync_folder(place.home)


def start(place: Place) -> None:
    """Start the server and wait until it answers; call with the lock held.

    What a kill left behind is cleared first: children that outlived their server, and a stale pid
    file whose number now belongs to another program. Retried for a minute, since a start may fail
    until the last child is gone.
    """
    deadline = time.monotonic() + START_PATIENCE_S
    while True:
        _clear_remains(place)
        configure(place)
        _shorten_log(place)
        done = run(
            place, "pg_ctl", "start", "-w", "-t", str(START_PATIENCE_S), "-s",
            "-D", str(place.data), "-l", str(place.log),
        )  # fmt: skip
        if done.returncode == 0:
            return
        if time.monotonic() > deadline:
            raise failed("pg_ctl start", f"{done.stderr.strip()} {last_words(place)}")
        time.sleep(0.5)


def stop(place: Place) -> bool:
    """Stop the server, ending its connections; False when none ran. Call with the lock held."""
    if running_pid(place) is None:
        _clear_remains(place)
        return False
    done = run(place, "pg_ctl", "stop", "-w", "-m", "fast", "-t", "60", "-s", "-D", str(place.data))
    if done.returncode != 0 and running_pid(place) is not None:
        raise failed("pg_ctl stop", done.stderr)
    return True


def as_owner(place: Place) -> dict[str, Any]:
    """How PostgreSQL's programs are run: as the owner, without any PG… variable of the caller."""
    as_root = os.geteuid() == 0
    return {
        "cwd": "/",
        "env": {"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", "HOME": str(place.home)},
        "user": place.owner.uid if as_root else None,
        "group": place.owner.gid if as_root else None,
        "extra_groups": [] if as_root else None,
        "stdin": subprocess.DEVNULL,
    }


def run(place: Place, program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run one of PostgreSQL's programs to its end."""
    return subprocess.run(  # noqa: S603 - fixed programs, no shell
        [str(place.programs / program), *arguments],
        **as_owner(place),
        capture_output=True,
        text=True,
        check=False,
    )


def configure(place: Place) -> None:
    """Write the settings, the host file and the map of users anew, so that a new version brings its own."""
    if place.wal_archive is not None and not place.wal_archive.exists():
        place.wal_archive.mkdir(parents=True, mode=0o700)
        hand_over(place.wal_archive, place)
    names = dict.fromkeys(("root", place.owner.name))
    roles = (ADMIN, OWNER, ROLE)
    hba = "".join(f"local all {role} peer map=xzgis\n" for role in roles)
    hba += f"local replication {ADMIN} peer map=xzgis\n"  # a backup copies the whole cluster
    ident = "".join(f'xzgis "{name}" {role}\n' for name in names for role in roles)
    _write(place, "pg_hba.conf", hba)
    _write(place, "pg_ident.conf", ident)
    _write(
        place, "xzgis.conf", "".join(f"{key} = {value}\n" for key, value in _server_settings(place).items())
    )
    main = place.data / "postgresql.conf"
    if "include = 'xzgis.conf'" not in main.read_text():
        _write(place, "postgresql.conf", main.read_text() + "\ninclude = 'xzgis.conf'\n")


def _server_settings(place: Place) -> dict[str, str]:
    memory_mb = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    chosen = {
        "listen_addresses": "''",
        "port": str(PORT),
        "unix_socket_directories": _quoted(str(place.socket_dir)),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "max_locks_per_transaction": "256",  # a migration or a drop touches many tables at once
        "recovery_init_sync_method": "syncfs",
        "shared_buffers": f"{min(max(memory_mb // 8, 128), 2048)}MB",
        "effective_cache_size": f"{max(memory_mb // 2, 256)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": f"{min(max(memory_mb // 16, 64), 512)}MB",
        "max_wal_size": "4GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        "jit": "off",  # compiling costs more than it saves on short spatial queries
        "log_timezone": "'UTC'",
        "timezone": "'UTC'",
        "log_line_prefix": "'%m [%p] '",
    }
    if place.wal_archive is not None:
        # At most a minute of acknowledged changes is not in the archive yet.
        chosen |= {
            "archive_mode": "on",
            "archive_timeout": "60s",
            "archive_command": _quoted(archive_command(place.wal_archive)),
        }
    if has_library(place, "pg_prewarm"):
        chosen |= {"shared_preload_libraries": "'pg_prewarm'", "pg_prewarm.autoprewarm": "on"}
    if _shared_memory_bytes() < 2**28:
        # Containers give /dev/shm 64 MB; parallel queries then fail in the middle.
        chosen["dynamic_shared_memory_type"] = "mmap"
    return chosen


def archive_command(folder: Path) -> str:
    """What the server runs for each finished file of its log: packed and whole under its name, or not there at all.

    A file of the same name is fine when it has the same content, and refused else: two clusters must not share
    an archive.
    """
    place = shlex.quote(str(folder).replace("%", "%%"))
    return (
        f'cd {place} && if test -f %f.gz; then gzip -dc %f.gz | cmp -s - "$OLDPWD/%p"; '
        f'elif test -f %f; then cmp -s "$OLDPWD/%p" %f; '
        f'else gzip -1 -c "$OLDPWD/%p" > .%f.new && sync .%f.new && mv .%f.new %f.gz; fi'
    )


def _quoted(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _shared_memory_bytes() -> int:
    try:
        return shutil.disk_usage("/dev/shm").total  # noqa: S108 - only measured
    except OSError:
        return 0


def _write(place: Place, name: str, content: str) -> None:
    """Replace a file in the data folder in one step, owned by the server's user."""
    path = place.data / name
    if path.exists() and path.read_text() == content:
        return
    fresh = place.data / f"{name}.new"
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    hand_over(fresh, place)
    fresh.replace(path)


def hand_over(path: Path, place: Place) -> None:
    """Give a file to the server's user; nothing to do unless we are root."""
    if os.geteuid() == 0:
        os.chown(path, place.owner.uid, place.owner.gid, follow_symlinks=False)


def _inhabitants(place: Place) -> Sequence[int]:
    """Processes that stand in the data folder: the server and its children, and nothing else."""
    try:
        home = place.data.stat()
    except OSError:
        return ()
    numbers = (int(entry.name) for entry in os.scandir("/proc") if entry.name.isdigit())
    return [pid for pid in numbers if _stands_in(pid, home, place.data)]


def _stands_in(pid: int, home: os.stat_result, data: Path) -> bool:
    """Whether ``pid`` is a PostgreSQL process of this folder; the number alone may have been given anew."""
    try:
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        if not Path(os.fsdecode(words[0].split(b":")[0])).name.startswith("postgres"):
            return False
        where = Path(f"/proc/{pid}/cwd").stat()
    except PermissionError:
        # Root in a container without ptrace rights: only the server itself names its folder.
        return os.fsencode(data) in words
    except OSError:
        return False
    return (where.st_dev, where.st_ino) == (home.st_dev, home.st_ino)


def _clear_remains(place: Place) -> None:
    """End children that outlived their server and drop a pid file that names nobody of ours."""
    deadline = time.monotonic() + ORPHAN_PATIENCE_S
    while running_pid(place) is None and (left := _inhabitants(place)):
        if time.monotonic() > deadline:
            for pid in left:
                _signal(pid, signal.SIGQUIT)
            deadline = time.monotonic() + ORPHAN_PATIENCE_S
        time.sleep(0.1)
    if running_pid(place) is None:
        # Safe: nobody stands in the folder, and the server looks at its shared memory once more.
        (place.data / "postmaster.pid").unlink(missing_ok=True)


def _signal(pid: int, number: signal.Signals) -> None:
    try:
        os.kill(pid, number)
    except ProcessLookupError:
        return


def _shorten_log(place: Place) -> None:
    if place.log.exists() and place.log.stat().st_size > LONGEST_LOG_BYTES:
        place.log.replace(place.log.with_suffix(".log.1"))


def last_words(place: Place) -> str:
    """The last thing the server said of a failure; empty when there is none."""
    try:
        lines = place.log.read_text(errors="replace").splitlines()
    except OSError:
        return ""
    told = [line for line in lines[-20:] if "FATAL" in line or "ERROR" in line]
    return told[-1] if told else ""


def note(place: Place, name: str, content: str) -> None:
    """Leave a small file in the cluster's folder, whole or not at all."""
    fresh = place.home / f"{name}.new"
    fresh.write_text(content)
    hand_over(fresh, place)
    fresh.replace(place.home / name)


def failed(step: str, reason: str) -> Unavailable:
    """The refusal for a step that PostgreSQL's own programs could not do."""
    reason = " ".join(reason.split())[:300]
    return Unavailable(
        Words(
            f"私有数据库未能启动（{step}：{reason}）；详见其日志，排除原因后重试。",
            f"The private database did not start ({step}: {reason}); see its log, mend the cause, try again.",
        )
    )
