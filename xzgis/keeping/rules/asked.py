"""What somebody typed to search the log."""

import re
from datetime import datetime, tzinfo

from xzgis.core.errors import Fault, Invalid
from xzgis.core.logs import LEVELS
from xzgis.core.words import Words
from xzgis.keeping.terms import LogAsked

MODULE = re.compile(r"[\w.]{0,100}")
REQUEST = re.compile(r"(?:[0-9a-f]{16}|job-\d{1,18})?")


def log_asked(
    *, zone: tzinfo, level: str = "", since: str = "", until: str = "", module: str = "", request: str = ""
) -> LogAsked:
    """The search; a moment without an offset is in the city's time, empty is whatever.

    Raises
    ------
    Invalid
        A field cannot be understood; it is named.
    """
    if level and level not in LEVELS:
        raise _wrong(
            "level", level, Words(f"级别有：{'、'.join(LEVELS)}。", f"The levels are {', '.join(LEVELS)}.")
        )
    if not MODULE.fullmatch(module):
        raise _wrong(
            "module", module, Words("模块名如 xzgis.networks。", "A module is named like xzgis.networks.")
        )
    if not REQUEST.fullmatch(request):
        raise _wrong(
            "request", request,
            Words("请求号为 16 位十六进制数字，任务写作 job-编号。",
                  "A request has 16 hexadecimal digits; a job is written job-<number>."),
        )  # fmt: skip
    return LogAsked(
        level or "info",
        _moment("since", since, zone),
        _moment("until", until, zone),
        module.strip("."),
        request,
    )


def _moment(name: str, text: str, zone: tzinfo) -> datetime | None:
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
        found = found if found.tzinfo else found.replace(tzinfo=zone)
        found.utctimetuple()
    except (ValueError, OverflowError):
        raise _wrong(
            name, text, Words("时刻请写成 2026-11-23T08:30。", "Write a moment like 2026-11-23T08:30.")
        ) from None
    return found


def _wrong(name: str, text: str, remedy: Words) -> Invalid:
    words = Words(f"不能理解“{text[:60]}”。", f"{text[:60]!r} cannot be understood.")
    return Invalid(words, faults=(Fault((name,), words, remedy),))
