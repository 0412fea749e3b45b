"""The log as its files hold it, read from the end."""

import heapq
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from xzgis.core.logs import ENDING, FOLDER, LEVELS
from xzgis.core.settings import Settings
from xzgis.keeping.terms import LogAsked, LogFound, LogLine

#: A search looks at no more lines than this: some seconds of work.
MOST_LOOKED_AT = 400_000
MOST_TAKEN = 100_000
BLOCK_BYTES = 1 << 16
#: What the program writes where a request failed by an error of its own.
FAILED = "unforeseen"
#: More failures than this are told as this many.
MOST_FAILURES = 1000
NAMED = frozenset({"timestamp", "level", "module", "event", "request"})


def log_lines(settings: Settings, asked: LogAsked, *, limit: int) -> LogFound:
    """Up to ``limit`` lines of every process together, the latest first."""
    folder = settings.var_dir.resolve() / FOLDER
    processes = sorted({path.name.partition(".")[0] for path in folder.glob(f"*{ENDING}")})
    told = heapq.merge(
        *(_of_process(folder, name) for name in processes), key=lambda one: one.at, reverse=True
    )
    found: list[LogLine] = []
    for number, line in enumerate(told):
        if number >= MOST_LOOKED_AT:
            return LogFound(tuple(found), more=False, stopped=True)
        if asked.since is not None and line.at < asked.since:
            break
        if fits(line, asked):
            if len(found) == limit:
                return LogFound(tuple(found), more=True, stopped=False)
            found.append(line)
    return LogFound(tuple(found), more=False, stopped=False)


def fits(line: LogLine, asked: LogAsked) -> bool:
    """Whether a line is one of those asked for."""
    return (
        LEVELS.index(line.level) >= LEVELS.index(asked.level)
        and (asked.since is None or line.at >= asked.since)
        and (asked.until is None or line.at < asked.until)
        and (not asked.request or line.request == asked.request)
        and (not asked.module or f"{line.module}.".startswith(f"{asked.module}."))
    )


def failures(settings: Settings, *, since: datetime) -> tuple[LogLine, ...]:
    """Requests that failed by an error of the program since a moment, the latest first; up to ``MOST_FAILURES``."""
    folder = settings.var_dir.resolve() / FOLDER
    marked, found = json.dumps(FAILED).encode(), []
    for path in sorted(folder.glob(f"*{ENDING}*")):
        # What was last written before that moment holds nothing of it.
        if not path.is_file() or path.stat().st_mtime < since.timestamp():
            continue
        for text in _backwards(path):
            # To read every line as a document would take seconds.
            line = _line(text, path.name.partition(".")[0]) if marked in text else None
            if line is not None and line.event == FAILED and line.at >= since:
                found.append(line)
    return tuple(sorted(found, key=lambda one: one.at, reverse=True)[:MOST_FAILURES])


def _of_process(folder: Path, process: str) -> Iterator[LogLine]:
    """The lines of one process, the latest first, through its files that were turned over."""
    current = folder / f"{process}{ENDING}"
    # Somebody may have packed one of them, or put a copy beside.
    numbered = (path for path in folder.glob(f"{process}{ENDING}.*") if path.suffix[1:].isdigit())
    turned = sorted(numbered, key=lambda path: int(path.suffix[1:]))
    for path in (current, *turned):
        for text in _backwards(path):
            line = _line(text, process)
            if line is not None:
                yield line


def _backwards(path: Path) -> Iterator[bytes]:
    """The whole lines of a file from its end; what is turned over meanwhile is read to where it was opened."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        return
    with file:
        left, rest = file.seek(0, os.SEEK_END), b""
        while left > 0:
            size = min(BLOCK_BYTES, left)
            left -= size
            file.seek(left)
            first, *lines = (file.read(size) + rest).split(b"\n")
            yield from reversed(lines)
            rest = first
        yield rest


def _line(text: bytes, process: str) -> LogLine | None:
    """A line as it was written; None for what is none of ours, such as half of one."""
    try:
        told = json.loads(text)
        at = datetime.fromisoformat(told["timestamp"]).astimezone(UTC)
        level = str(told.get("level", "info"))
        facts = {str(name): value for name, value in told.items() if name not in NAMED}
        named = [str(told.get(name, "")) for name in ("module", "event", "request")]
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return LogLine(at, level if level in LEVELS else "error", named[0], process, named[1], named[2], facts)


def as_document(line: LogLine) -> dict[str, object]:
    """A line for programs."""
    named = {
        "at": line.at.isoformat(), "level": line.level, "module": line.module, "process": line.process,
        "event": line.event, "request": line.request,
    }  # fmt: skip
    return {**named, "facts": dict(line.facts)}


def as_file(found: LogFound) -> str:
    """Lines as a file for programs: one JSON document a line, the earliest first."""
    return "".join(f"{json.dumps(as_document(one), ensure_ascii=False)}\n" for one in reversed(found.lines))
