"""``xzgis doctor``: is this installation sound, and what to do where it is not."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

import typer

from xzgis.cli.frame import language, open_database, say, spoken_here
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.cli.keeping.soundness import Told

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
        typer.echo(f"{MARKS[told.state].spoken(spoken)}  {spoken_here(told.words)}", err=as_json)
    _tell_administrators(found)
    sound = all(told.state != "bad" for told in found)
    if as_json:
        checks = [
            {"check": one.check, "state": one.state, "zh": one.words.zh, "en": one.words.en} for one in found
        ]
        typer.echo(json.dumps({"sound": sound, "checks": checks}, ensure_ascii=False))
    return 0 if sound else UNSOUND


def _tell_administrators(found: "Sequence[Told]") -> None:
    """What is bad waits for the system administrators until a later doctor finds it well; nothing where no database is."""
    from datetime import UTC, datetime

    from sqlalchemy.exc import SQLAlchemyError

    from xzgis.core.actor import SYSTEM
    from xzgis.core.db import transaction
    from xzgis.core.errors import Refusal
    from xzgis.reactions.actions.soundness import tell_soundness

    states = {one.check: one.state for one in found}
    if states.get("cluster") != "ok" or states.get("migrations") != "ok":
        return
    told = [(one.check, one.state == "bad", one.words) for one in found]
    try:
        engine = open_database(may_clash=True)
        with transaction(SYSTEM) as session:
            tell_soundness(session, told, now=datetime.now(UTC))
        engine.dispose()
    except (Refusal, SQLAlchemyError) as error:
        # A full disk takes no to-do either: what the doctor found was said above and counts.
        say(Words(f"自检结果未能记入待办：{error}", f"What was found could not be kept as a to-do: {error}"))
