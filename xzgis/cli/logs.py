"""``xzgis logs``: what the program wrote about itself, searched and followed."""

import json
import time
from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import say
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.keeping.terms import LogLine

LEVEL = typer.Option("info", "--level", help="最低级别 debug info warning error critical · at least this")
SINCE = typer.Option("", "--since", help="此时刻起 · from this moment, e.g. 2026-11-23T08:30")
UNTIL = typer.Option("", "--until", help="此时刻前 · before this moment")
MODULE = typer.Option("", "--module", help="模块，如 xzgis.networks · of this module")
REQUEST = typer.Option("", "--request", help="请求号，或 job-任务编号 · of this request, or job-<number>")
LIMIT = typer.Option(50, "-n", "--limit", min=1, max=100_000, help="最多列出 · how many at most")
FOLLOW = typer.Option(False, "-f", "--follow", help="持续显示新的 · go on with what comes, until Ctrl-C")
AS_JSON = typer.Option(False, "--json", help="每行一个 JSON · one JSON document a line")
LOOK_EVERY_S = 1.0


def add(app: typer.Typer) -> None:
    """Bring ``logs``."""
    app.command("logs", help="查看程序日志 · the program's own log")(logs)


def logs(
    level: str = LEVEL, since: str = SINCE, until: str = UNTIL, module: str = MODULE, request: str = REQUEST,
    limit: int = LIMIT, follow: bool = FOLLOW, as_json: bool = AS_JSON,
) -> None:  # fmt: skip
    """Lines of every process together, the latest last; needs no database."""
    from dataclasses import replace
    from datetime import timedelta

    from xzgis.core.clock import city_zone
    from xzgis.core.settings import settings
    from xzgis.keeping.queries.logs import MOST_LOOKED_AT, log_lines
    from xzgis.keeping.rules.asked import log_asked

    asked = log_asked(zone=city_zone(), level=level, since=since, until=until, module=module, request=request)
    found = log_lines(settings(), asked, limit=limit)
    for line in reversed(found.lines):
        _tell(line, as_json=as_json)
    if found.stopped:
        say(Words(f"只查了最近 {MOST_LOOKED_AT} 行；请缩小时间范围。",
                  f"Only the latest {MOST_LOOKED_AT} lines were looked at: narrow the time down."))  # fmt: skip
    elif not found.lines:
        say(Words("没有这样的日志。", "There is no such line."))
    while follow:
        if found.lines:
            asked = replace(asked, since=found.lines[0].at + timedelta(microseconds=1))
        time.sleep(LOOK_EVERY_S)
        found = log_lines(settings(), asked, limit=100_000)
        for line in reversed(found.lines):
            _tell(line, as_json=as_json)


def _tell(line: "LogLine", *, as_json: bool) -> None:
    from xzgis.core.clock import city_zone
    from xzgis.keeping.queries.logs import as_document

    if as_json:
        typer.echo(json.dumps(as_document(line), ensure_ascii=False))
        return
    at = line.at.astimezone(city_zone()).isoformat(sep=" ", timespec="milliseconds")
    facts = " ".join(f"{name}={value}" for name, value in line.facts.items())
    typer.echo(f"{at}  {line.level:<8}{line.module}  {line.event}  {line.request}  {facts}".rstrip())
