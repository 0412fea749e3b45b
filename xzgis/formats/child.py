"""Runs a reader of strangers' files in a child process with limits; killed is refused, never a crash.

The called function is our own, takes ``work`` (a folder it may write to), ``tell(percent, step)``
and the JSON arguments as keywords, and returns something JSON can say. Tables travel as Arrow or JSON
files in ``work``. Nothing is ever unpickled. Where bubblewrap works, the child has no network, sees only
the interpreter, the packages, its inputs (read-only) and ``work``: not the folder that the package stands
in, where an installation may keep its keys; see :func:`isolation`.
"""

import importlib
import json
import os
import resource
import selectors
import shutil
import signal
import site
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

from xzgis.core.errors import Fault, Invalid, Refusal, WrongState
from xzgis.core.words import Words

Progress = Callable[[float, str], None]
Isolation = Literal["bubblewrap", "limits only"]

_PACKAGE = Path(__file__).resolve().parents[1]
_LARGEST_OUTPUT_BYTES = 8 << 30
_OPEN_FILES = 256
_POLL_S = 0.2
# Wall time, for a child that waits instead of computing: generous, the CPU limit is the real one.
_WALL_FACTOR, _WALL_EXTRA_S = 4.0, 60.0


class Cancelled(WrongState):
    """The reading was cancelled by the person who started it."""


class ChildKilled(Invalid):
    """The reading process broke a limit or crashed."""


def call(
    function: str,
    arguments: Mapping[str, Any],
    *,
    work: Path,
    inputs: Sequence[Path] = (),
    limits: tuple[int, int] = (300, 8192),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """What ``function`` returned in a child process.

    Parameters
    ----------
    function
        Dotted path of our own code, such as ``xzgis.formats.tables.read_to_folder``.
    arguments
        Keyword arguments, as JSON.
    work
        An existing folder of this call alone; the child writes nowhere else.
    inputs
        Files the child may read.
    limits
        CPU seconds and megabytes of address space.
    progress, cancelled
        Called with percent and step as the child tells them; asked five times a second.

    Refuses with the child's own :class:`Refusal`, with :class:`ChildKilled` or :class:`Cancelled`.
    """
    cpu_s, memory_mb = limits
    request = {"function": function, "arguments": dict(arguments), "cpu_s": cpu_s, "memory_mb": memory_mb}
    (work / "request.json").write_text(json.dumps(request, ensure_ascii=False), encoding="utf-8")
    (work / "answer.json").unlink(missing_ok=True)
    with (work / "stderr.txt").open("wb") as complaints:
        process = subprocess.Popen(  # noqa: S603 (our own interpreter and options)
            _command(work, inputs),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=complaints,
            env=_environment(work),
            cwd=work,
            start_new_session=True,
        )
        try:
            _watch(process, cpu_s * _WALL_FACTOR + _WALL_EXTRA_S, progress, cancelled)
        finally:
            _end(process)
    return answered(work, process.returncode, limits)


def _watch(
    process: subprocess.Popen[bytes],
    wall_s: float,
    progress: Progress | None,
    cancelled: Callable[[], bool] | None,
) -> None:
    assert process.stdout is not None
    ends_at = time.monotonic() + wall_s
    rest = b""
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while True:
            if cancelled is not None and cancelled():
                raise Cancelled(Words("已按要求取消读取。", "The reading was cancelled as asked."))
            if time.monotonic() > ends_at:
                raise ChildKilled(_limit_words("时间", "time", f"{wall_s:.0f} s"))
            if not selector.select(_POLL_S):
                continue
            chunk = os.read(process.stdout.fileno(), 65536)
            if not chunk:
                break
            *lines, rest = (rest + chunk).split(b"\n")
            if progress is not None:
                _pass_on(lines, progress)
    process.wait()


def _pass_on(lines: Sequence[bytes], progress: Progress) -> None:
    for line in lines:
        told = json.loads(line)
        progress(float(told["percent"]), str(told["step"]))


def _end(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


def answered(work: Path, returncode: int, limits: tuple[int, int]) -> Any:
    """What the child left in ``work``: its result, or a refusal for its own and for how it ended."""
    cpu_s, memory_mb = limits
    path = work / "answer.json"
    if returncode == 0 and path.exists():
        told = json.loads(path.read_text(encoding="utf-8"))
        if "refused" in told:
            raise _refusal(told["refused"])
        return told["result"]
    killed_by = -returncode if returncode < 0 else returncode - 128
    if killed_by == signal.SIGXCPU:
        raise ChildKilled(_limit_words("计算时间", "CPU time", f"{cpu_s} s"))
    if killed_by == signal.SIGXFSZ:
        raise ChildKilled(_limit_words("输出大小", "output size", f"{_LARGEST_OUTPUT_BYTES >> 30} GB"))
    complaint = (work / "stderr.txt").read_text(encoding="utf-8", errors="replace")[-400:].strip()
    if killed_by == signal.SIGKILL or "MemoryError" in complaint:
        raise ChildKilled(_limit_words("内存", "memory", f"{memory_mb} MB"))
    raise ChildKilled(
        Words(
            f"读取文件的进程异常退出（代码 {returncode}），文件可能已损坏。请检查文件或换一种格式导出后重试。",
            f"The reading process died (code {returncode}); the file is probably damaged. "
            "Check it, or export it in another format.",
        )
    )


def _limit_words(zh: str, en: str, limit: str) -> Words:
    return Words(
        f"读取该文件超过了{zh}上限（{limit}），已中止。请拆分文件，或检查文件是否损坏。",
        f"Reading this file went over the limit of {en} ({limit}) and was stopped. "
        "Split the file, or check whether it is damaged.",
    )


def _refusal(told: Mapping[str, Any]) -> Refusal:
    faults = tuple(
        Fault(
            loc=tuple(fault["loc"]),
            words=Words(*fault["words"]),
            remedy=Words(*fault["remedy"]) if fault["remedy"] else None,
        )
        for fault in told["faults"]
    )
    return Invalid(Words(*told["words"]), faults=faults)


def _environment(work: Path) -> dict[str, str]:
    return {
        "PATH": "/usr/local/bin:/usr/bin:/bin",
        "LANG": "C.UTF-8",
        "HOME": str(work),
        "TMPDIR": str(work),
        "PYTHONPATH": str(_PACKAGE.parent),
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
        "GDAL_PAM_ENABLED": "NO",
    }


def _command(work: Path, inputs: Sequence[Path]) -> list[str]:
    python = [sys.executable, "-s", "-P", "-m", "xzgis.formats.child", str(work)]
    if isolation() == "limits only":
        return python
    return [*_bubblewrap(), *_bound(inputs, "--ro-bind"), *_bound([work], "--bind"), *python]


def _bound(paths: Sequence[Path], how: str) -> list[str]:
    bound: list[str] = []
    for path in paths:
        real = str(path.resolve())
        bound += [how, real, str(path.absolute())]
    return bound


def _bubblewrap() -> list[str]:
    """Options of bubblewrap: system and packages read-only, empty /tmp, no network, no other process."""
    interpreter = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).resolve().parents[1]}
    interpreter |= {Path(folder) for folder in (*site.getsitepackages(), str(Path(os.__file__).parent))}
    interpreter.add(_PACKAGE)
    system = [Path(name) for name in ("/usr", "/lib", "/lib64", "/bin", "/sbin")]
    settings = [Path(name) for name in ("/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime")]
    options = ["bwrap", "--unshare-all", "--die-with-parent", "--proc", "/proc", "--dev", "/dev"]
    options += ["--tmpfs", "/tmp"]  # noqa: S108 (an empty one of the child alone)
    for path in (*system, *settings, *sorted(interpreter)):
        if path.is_symlink() and path.parent == Path("/"):
            options += ["--symlink", str(path.readlink()), str(path)]
        elif path.exists():
            options += ["--ro-bind", str(path.resolve()), str(path)]
    return options


@lru_cache(maxsize=1)
def isolation() -> Isolation:
    """``bubblewrap`` where it is installed and allowed here, else ``limits only`` (found by trying once)."""
    if shutil.which("bwrap") is None:
        return "limits only"
    try:
        command = [*_bubblewrap(), sys.executable, "-c", ""]
        trial = subprocess.run(command, capture_output=True, timeout=20, check=False)  # noqa: S603 (our own options)
    except (OSError, subprocess.TimeoutExpired):
        return "limits only"
    return "bubblewrap" if trial.returncode == 0 else "limits only"


def _limit(cpu_s: int, memory_mb: int) -> None:
    # The hard limit lies above the soft one, so that the signal names the reason before the kill.
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s + 5))
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_LARGEST_OUTPUT_BYTES, _LARGEST_OUTPUT_BYTES))
    hard_files = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    files = _OPEN_FILES if hard_files == resource.RLIM_INFINITY else min(_OPEN_FILES, hard_files)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files, files))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _told(refusal: Refusal) -> dict[str, Any]:
    return {
        "words": [refusal.words.zh, refusal.words.en],
        "faults": [
            {
                "loc": list(fault.loc),
                "words": [fault.words.zh, fault.words.en],
                "remedy": [fault.remedy.zh, fault.remedy.en] if fault.remedy else None,
            }
            for fault in refusal.faults
        ],
    }


def _serve(work: Path) -> None:
    """The child's side: limit, carry out, answer."""
    request = json.loads((work / "request.json").read_text(encoding="utf-8"))
    _limit(request["cpu_s"], request["memory_mb"])
    # Progress keeps the pipe for itself; whatever a library prints goes to the complaints.
    pipe = os.fdopen(os.dup(1), "w", encoding="utf-8", buffering=1)
    os.dup2(2, 1)

    def tell(percent: float, step: str) -> None:
        pipe.write(json.dumps({"percent": percent, "step": step}) + "\n")

    carry_out(request, work, tell)


def carry_out(request: Mapping[str, Any], work: Path, tell: Progress) -> None:
    """Call the function of ``request`` and leave its result, or its refusal, as the answer in ``work``."""
    module, _, name = request["function"].rpartition(".")
    function = getattr(importlib.import_module(module), name)
    answer: dict[str, Any]
    try:
        answer = {"result": function(work=work, tell=tell, **request["arguments"])}
    except Refusal as refusal:
        answer = {"refused": _told(refusal)}
    (work / "answer.json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    _serve(Path(sys.argv[1]))
