"""What the program writes about itself: JSON lines in UTC, on standard error and in files; no contents, no secrets.

Files lie in ``var/logs``, one for each process that serves or works, turned over at a size and kept up to a number
(``XZGIS_LOG_MB``, ``XZGIS_LOG_FILES``), so that a disk is never filled by them.
"""

import fcntl
import logging
import os
import sys
from collections.abc import MutableMapping
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

import structlog
from structlog.processors import CallsiteParameter, CallsiteParameterAdder

from xzgis.core.scrubbing import scrub
from xzgis.core.settings import ROOT, Settings

FOLDER = "logs"
ENDING = ".jsonl"
LEVELS = ("debug", "info", "warning", "error", "critical")
#: Processes of one kind that keep files of their own; a further one writes to standard error alone.
MOST_ALIKE = 9


def configure_logs(*, quiet: bool, settings: Settings | None = None, process: str = "") -> None:
    """Send the log of this process to standard error, one JSON document a line, and to a file as ``process``.

    ``quiet`` leaves out of standard error what is not at least a warning: a person at a terminal reads there too.
    ``settings`` None: no file, and what libraries say goes its own way.
    """
    close_logs()
    file = None if settings is None else _file(settings, process)
    shown = logging.WARNING if quiet else logging.INFO
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            CallsiteParameterAdder({CallsiteParameter.PATHNAME}),
            _with_module,
            structlog.processors.format_exc_info,
            scrub,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(shown if file is None else logging.INFO),
        logger_factory=lambda *_: _Lines(shown, file),
        cache_logger_on_first_use=False,
    )
    if settings is not None:
        _hear_libraries()


class _Lines:
    """Writes finished lines to standard error from one level on, and to a file whatever their level."""

    def __init__(self, shown: int, file: "_TurnedOver | None") -> None:
        self.shown, self.file = shown, file

    def _write(self, level: int, line: str) -> None:
        if level >= self.shown:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        if self.file is not None:
            self.file.handle(logging.makeLogRecord({"msg": line, "levelno": level}))

    def debug(self, line: str) -> None:
        self._write(logging.DEBUG, line)

    def info(self, line: str) -> None:
        self._write(logging.INFO, line)

    def warning(self, line: str) -> None:
        self._write(logging.WARNING, line)

    def error(self, line: str) -> None:
        self._write(logging.ERROR, line)

    def critical(self, line: str) -> None:
        self._write(logging.CRITICAL, line)

    log = msg = exception = failure = error


class _TurnedOver(RotatingFileHandler):
    """A file that only its owner reads, turned over at a size; a full disk costs its lines, never the work."""

    def _open(self) -> TextIOWrapper:
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
        return os.fdopen(os.open(self.baseFilename, flags, 0o600), "a", encoding="utf-8")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the library's name
        """Nothing: to say so would be a line of the log again."""


def _file(settings: Settings, process: str) -> _TurnedOver | None:
    """The file of this process: the first of its kind that no other process holds; None where none can be had."""
    folder = settings.var_dir.resolve() / FOLDER
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for number in range(1, MOST_ALIKE + 1):
            name = process if number == 1 else f"{process}-{number}"
            if _is_ours(folder / f".{name}.lock"):
                made = _TurnedOver(
                    folder / f"{name}{ENDING}", maxBytes=settings.log_mb * 1_000_000,
                    backupCount=settings.log_files - 1, encoding="utf-8",
                )  # fmt: skip
                _open_files.append(made)
                return made
    except OSError as error:
        sys.stderr.write(f"no log file: {error.strerror}\n")
    return None


def close_logs() -> None:
    """Close the files that this process writes to, and hear no libraries, until logs are configured again."""
    for file in _open_files:
        file.close()
    _open_files.clear()
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Heard)]


_open_files: "list[_TurnedOver]" = []
#: Held open, with its lock, as long as this process lives.
_held: dict[Path, int] = {}


def _is_ours(lock: Path) -> bool:
    if lock in _held:
        return True
    handle = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        return False
    _held[lock] = handle
    return True


def _with_module(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """The module that speaks, dotted, in the place of its file's path."""
    path = Path(event.pop("pathname", "?"))
    if "module" not in event:
        inside = path.is_relative_to(ROOT)
        event["module"] = ".".join(path.relative_to(ROOT).with_suffix("").parts) if inside else path.stem
    return event


class _Heard(logging.Handler):
    """Passes on what libraries say through the library of logging."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line of our own."""
        structlog.get_logger().log(
            record.levelno,
            "library_said",
            module=record.name,
            text=record.getMessage(),
            exc_info=record.exc_info,
        )


def _hear_libraries() -> None:
    logging.getLogger().addHandler(_Heard(logging.WARNING))
    # At every opening of a raster it names the drivers that are kept out and that this build lacks anyway.
    logging.getLogger("rasterio._env").setLevel(logging.ERROR)
