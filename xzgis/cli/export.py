"""``xzgis export``: the register as files."""

from pathlib import Path

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

KINDS = typer.Option("", "--kinds", help="管线种类，逗号分隔；不写为全部 · kinds a,b; all when left out")
FORMAT = typer.Option("gpkg", "--format", help="gpkg | geojson（每图层一个文件）· one file per layer")
OUT = typer.Option(..., "--out", help="输出文件 · file to write")
FORCE = typer.Option(False, "--force", help="覆盖已有文件 · replace a file that is there")


def add(app: typer.Typer) -> None:
    """Bring ``export``."""
    app.command("export", help="导出登记库 · the register as files")(export)


def export(kinds: str = KINDS, file_format: str = FORMAT, out: Path = OUT, force: bool = FORCE) -> None:
    """Write runs, nodes and coverage as they are now; nothing is left behind when it fails."""
    from datetime import UTC, datetime

    from xzgis.audit.events import DataExported
    from xzgis.audit.record import record
    from xzgis.catalogue.files import catalogue
    from xzgis.core.db import transaction
    from xzgis.core.errors import Invalid
    from xzgis.formats.written import write_layers
    from xzgis.networks.queries.export import LAYERS, export_extent, export_frames

    chosen = tuple(kind.strip() for kind in kinds.split(",") if kind.strip())
    strange = [kind for kind in chosen if kind not in catalogue().kinds]
    if strange:
        there = "、".join(f"{each.zh} {token}" for token, each in catalogue().kinds.items())
        raise Invalid(
            Words(
                f"没有这些管线种类：{'、'.join(strange)}；可用：{there}。",
                f"No such kinds: {', '.join(strange)}; there are {', '.join(catalogue().kinds)}.",
            )
        )
    engine = open_database()
    with transaction(actor(), statement_timeout_s=0) as session:
        layers = {layer: export_frames(session, layer, kinds=chosen) for layer in LAYERS}
        place = export_extent(session, kinds=chosen)
        counts = write_layers(out, layers, file_format=file_format, replace=force)
        event = DataExported(
            "register",
            file_format,
            sum(counts.values()),
            area_m2=round(place.area, 1) if place else None,
            asked={"kinds": chosen},
        )
        record(session, actor=actor(), event=event, now=datetime.now(UTC), place=place)
    engine.dispose()
    told = "、".join(f"{layer} {count}" for layer, count in counts.items())
    say(Words(f"已写入 {out}：{told}。", f"Written {out}: {told}."))
