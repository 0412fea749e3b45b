"""The job worker as a child of the server: started again when it falls, gone when the server goes."""

import ctypes
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec

import structlog

from xzgis.core.settings import Settings

MODULE = "xzgis.worker"
PR_SET_PDEATHSIG = 1
GRACE_S = 1.5
LONGEST_PAUSE_S = 30.0
SOUND_AFTER_S = 60.0

log = structlog.get_logger()


@contextmanager
def working(settings: Settings) -> Iterator[None]:
    """Keep a worker running beside this process; nothing when there are no jobs in this program."""
    if find_spec(MODULE) is None:
        yield
        return
    ending = threading.Event()
    keeper = threading.Thread(target=_keep, args=(settings, ending), name="worker-keeper")
    keeper.start()
    try:
        yield
    finally:
        ending.set()
        keeper.join()


def _keep(settings: Settings, ending: threading.Event) -> None:
    """Start the worker, and again with growing pauses whenever it falls, until ``ending``.

    The thread lives as long as the server: the kernel ends a child with the thread that made it.
    """
    pause_s = 0.5
    while not ending.is_set():
        began = time.monotonic()
        child = _start(settings)
        while child.poll() is None and not ending.wait(0.2):
            pass
        if ending.is_set():
            _end(child)
            return
        pause_s = 0.5 if time.monotonic() - began > SOUND_AFTER_S else min(pause_s * 2, LONGEST_PAUSE_S)
        log.warning("worker_fell", exit=child.returncode, again_in_s=pause_s)
        ending.wait(pause_s)


def _start(settings: Settings) -> subprocess.Popen[bytes]:
    parent = os.getpid()
    libc = ctypes.CDLL(None, use_errno=True)

    def die_with_parent() -> None:
        libc.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)

    return subprocess.Popen(  # noqa: S603 - our own interpreter and module
        [sys.executable, "-P", "-m", MODULE],
        stdin=subprocess.DEVNULL,
        env=os.environ | {"XZGIS_VAR_DIR": str(settings.var_dir.resolve())},
        start_new_session=True,  # Ctrl-C in the terminal is for the server, which then ends the worker
        preexec_fn=die_with_parent,  # noqa: PLW1509 - only async-signal-safe calls, no lock is taken
    )


def _end(child: subprocess.Popen[bytes]) -> None:
    child.terminate()
    try:
        child.wait(GRACE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
