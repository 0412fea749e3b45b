"""One server per installation: the claim on its folder, and who holds it."""

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager

from xzgis.core.errors import WrongState
from xzgis.core.settings import Settings
from xzgis.core.words import Words


@contextmanager
def claim(settings: Settings, *, address: str) -> Iterator[None]:
    """Hold the installation for this process; the kernel frees it however the process ends.

    Raises
    ------
    WrongState
        Another process serves it; the sentence names process and address.
    """
    folder = settings.var_dir.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise _taken(os.pread(handle, 4096, 0)) from error
        os.ftruncate(handle, 0)
        os.pwrite(handle, json.dumps({"pid": os.getpid(), "address": address}).encode(), 0)
        yield
    finally:
        os.close(handle)


def _taken(content: bytes) -> WrongState:
    try:
        holder = json.loads(content)
        pid, address = int(holder["pid"]), str(holder["address"])
    except (ValueError, KeyError, TypeError):
        pid, address = 0, "?"
    return WrongState(
        Words(
            f"这份安装已在运行：进程 {pid}，地址 {address}；请打开该地址，或先结束该进程。",
            f"This installation is served already by process {pid} at {address}; open that address, "
            "or end that process first.",
        )
    )
