"""What never stands in a log: secrets, people's numbers, places, and the values that a statement was given.

The log is read by administrators, who see no business data by being administrators. It is scrubbed as it is written;
the rules take away too much rather than too little.
"""

import re
from collections.abc import MutableMapping
from typing import Any

HIDDEN = "…"
LONGEST_TEXT = 4000
#: Of a traceback that is too long, so much of what the exception itself says stays; the rest is the last frames.
LONGEST_MESSAGE = 1200
TRACEBACK = "Traceback (most recent call last):"
# A group of exceptions draws bars before its lines.
FRAME = re.compile(r'^[ |+-]*File "[^\n]*\n(?:[ |]* {4}[^\n]*\n)*', re.MULTILINE)
SECRET_NAMES = re.compile(
    r"password|passwd|secret|token|cookie|authori[sz]ation|credential|csrf|api_?key", re.IGNORECASE
)
#: In order: what the later ones would not recognise any more comes first.
PATTERNS: tuple[tuple[re.Pattern[str], str], ...] = (
    # SQLAlchemy tells statement and values; PostgreSQL tells the row or value it refused.
    (re.compile(r"\[parameters: .*?(?=\n\(Background|\Z)", re.DOTALL), f"[parameters: {HIDDEN}]"),
    (re.compile(r"^(\s*(?:DETAIL|CONTEXT|QUERY|HINT|LINE \d+):).*$", re.MULTILINE), rf"\1 {HIDDEN}"),
    (re.compile(r"\(([\w\", ]{1,200})\)=\([^\n]*\)"), rf"(\1)=({HIDDEN})"),
    (re.compile(r'((?:syntax for|out of range|value|input)[^\n"]{0,60}: )"[^\n]*"'), rf'\1"{HIDDEN}"'),
    # The queue names a job with everything it works on.
    (re.compile(r"(\b[\w.]+\[\d+\])\(.*\)", re.DOTALL), rf"\1({HIDDEN})"),
    (re.compile(r"(\w+://)[^/\s@]+@"), rf"\1{HIDDEN}@"),
    (re.compile(r"\b(Bearer|Basic)\s+\S+", re.IGNORECASE), rf"\1 {HIDDEN}"),
    (re.compile(r"\bxzt_[\w-]+"), f"xzt_{HIDDEN}"),
    (re.compile(r"\b((?:sid|password|secret|token|csrf)=)[^&\s;]+", re.IGNORECASE), rf"\1{HIDDEN}"),
    # Geometry as PostGIS and drivers write it, and bare coordinates: metres of a grid, degrees.
    (re.compile(r"\b0[01][0-9A-Fa-f]{40,}\b"), HIDDEN),
    (re.compile(r"\b(?:MULTI)?(?:POINT|LINESTRING|POLYGON)\s*Z?M?\s*\([^\n]*\)", re.IGNORECASE), HIDDEN),
    (re.compile(r"(?<![\w.])\d{6,8}\.\d+(?![\w.])"), HIDDEN),
    (re.compile(r"(?<![\w.])\d{2,3}\.\d{4,}(?![\w.])"), HIDDEN),
    # Numbers of people: identity card, mobile; then addresses of mail.
    (re.compile(r"(?<!\d)\d{17}[\dXx](?!\d)"), HIDDEN),
    (re.compile(r"(?<!\d)1[3-9]\d{9}(?!\d)"), HIDDEN),
    (re.compile(r"[\w.+-]+@[\w-]+\.[\w.]+"), HIDDEN),
)


def scrubbed(text: str) -> str:
    """``text`` without what must not stand in a log, and not longer than a page."""
    for pattern, instead in PATTERNS:
        text = pattern.sub(instead, text)
    return text if len(text) <= LONGEST_TEXT else _shortened(text)


def _shortened(text: str) -> str:
    """The beginning of a text; of a traceback the last frames and the exception, which tell where it failed."""
    frames = [each for each in FRAME.finditer(text) if TRACEBACK in text[: each.start()]]
    if not frames:
        return f"{text[:LONGEST_TEXT]}{HIDDEN}"
    message = text[frames[-1].end() :]
    if len(message) > LONGEST_MESSAGE:
        message = f"{message[:LONGEST_MESSAGE]}{HIDDEN}"
    room = LONGEST_TEXT - len(TRACEBACK) - len(message) - 10
    last = text[: frames[-1].end()]
    first = next((each.start() for each in frames if len(last) - each.start() <= room), len(last) - room)
    return f"{TRACEBACK}\n  {HIDDEN}\n{last[first:]}{message}"


def scrub(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """Take it out of one line of the log, whatever depth it stands at."""
    for name in list(event):
        event[name] = _clean(name, event[name])
    return event


def _clean(name: str, value: Any) -> Any:
    if SECRET_NAMES.search(name):
        return HIDDEN
    if isinstance(value, dict):
        return {str(key): _clean(str(key), each) for key, each in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_clean(name, each) for each in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return scrubbed(str(value))
