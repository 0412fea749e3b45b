"""``xzgis datasets``: the register by kind and owner, with how good the data are."""

import json

import typer

from xzgis.cli.frame import actor, language, open_database, say
from xzgis.core.words import Words

KIND = typer.Option(None, "--kind", help="管线种类，可重复 · kind, may be repeated")
OWNER = typer.Option("", "--owner", help="权属单位名称的一部分 · part of the owner's name")
AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")


def add(app: typer.Typer) -> None:
    """Bring ``datasets``."""
    app.command("datasets", help="数据集：种类与权属、时效、质量分 · datasets and how good they are")(
        datasets
    )


def datasets(kind: list[str] | None = KIND, owner: str = OWNER, as_json: bool = AS_JSON) -> None:
    """Every kind and owner, the longest first: score, km, runs, last survey, rows left out."""
    from dataclasses import asdict
    from datetime import UTC, datetime

    from xzgis.catalogue.files import catalogue
    from xzgis.core.clock import city_zone
    from xzgis.core.db import transaction
    from xzgis.networks.queries.datasets import datasets as found_datasets

    engine = open_database()
    today = datetime.now(UTC).astimezone(city_zone()).date()
    with transaction(actor(), statement_timeout_s=0) as session:
        found = found_datasets(session, today=today, kinds=kind or (), owner=owner)
    engine.dispose()
    known, spoken = catalogue(), language()
    if as_json:
        told = [{**asdict(one), "score": one.score} for one in found]
        typer.echo(json.dumps({"datasets": told}, ensure_ascii=False, default=str))
        return
    for one in found:
        name = known.kinds[one.kind].zh if spoken == "zh" else known.kinds[one.kind].en
        last = (one.surveyed_on or "—", one.left_out, name, one.owner or "—")
        typer.echo(
            f"{one.score:>3}  {one.length_m / 1000:>10.2f} km  {one.runs:>9}  " + "  ".join(map(str, last))
        )
    if not found:
        say(Words("登记库中没有管线。", "The register holds no line."))
