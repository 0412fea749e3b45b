"""``xzgis doctor``: is this installation sound, and what to do where it is not."""

import json

import typer

from xzgis.cli.frame import language
from xzgis.core.words import Words

UNSOUND = 1
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")
MARKS = {
    "ok": Words("正常", "ok"),
    "attention": Words("留意", "look"),
    "bad": Words("有误", "BAD"),
}


def add(app: typer.Typer) -> None:
    """Bring ``doctor``."""
    app.command("doctor", help="自检；完好退出码 0，否则 1 · is the installation sound: exit 0, else 1")(
        doctor
    )


def doctor(as_json: bool = AS_JSON) -> int:
    """Every check, each one sentence."""
    from xzgis.cli.keeping.soundness import examine
    from xzgis.core.settings import settings

    found, spoken = [], language()
    for told in examine(settings()):
        found.append(told)
        typer.echo(f"{MARKS[told.state].spoken(spoken)}  {told.words.spoken(spoken)}", err=as_json)
    sound = all(told.state != "bad" for told in found)
    if as_json:
        checks = [
            {"check": one.check, "state": one.state, "zh": one.words.zh, "en": one.words.en} for one in found
        ]
        typer.echo(json.dumps({"sound": sound, "checks": checks}, ensure_ascii=False))
    return 0 if sound else UNSOUND
