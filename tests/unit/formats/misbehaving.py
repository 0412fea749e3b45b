"""Functions that a test calls in a child process: each misbehaves in one way."""

import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words

Tell = Callable[[float, str], None]


def echo(*, work: Path, tell: Tell, **arguments: Any) -> Any:
    tell(50, "half way")
    print("noise of a library")
    return {
        "said": arguments,
        "readable": [str(path) for path in arguments.get("paths", []) if Path(path).exists()],
    }


def refuse(*, work: Path, tell: Tell) -> Any:
    raise Invalid(
        Words("坏", "bad"), faults=(Fault(("f.csv", 3), Words("值", "value"), Words("改", "mend")),)
    )


def eat_memory(*, work: Path, tell: Tell) -> Any:
    return len(bytearray(4 << 30))


def burn(*, work: Path, tell: Tell) -> Any:
    while True:
        pass


def crash(*, work: Path, tell: Tell) -> Any:
    os.kill(os.getpid(), signal.SIGSEGV)


def wait(*, work: Path, tell: Tell) -> Any:
    tell(1, "waiting")
    time.sleep(60)


def call_out(*, work: Path, tell: Tell, port: int) -> Any:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as line:
        line.settimeout(2)
        return line.connect_ex(("127.0.0.1", port))
