"""``xzgis export``: the register as files."""

from pathlib import Path

import typer

from xzgis.cli.frame import actor, called, open_database, say
from xzgis.core.words import Words

KINDS = typer.Option("", "--kinds", help="管线种类，逗号分隔；不写为全部 · kinds a,b; all when left out")
FORMAT = typer.Option("gpkg", "--format", help="gpkg | geojson（每图层一个文件）· one file per layer")
OUT = typer.Option(..., "--out", help="输出文件 · file to write")
FORCE = typer.Option(False, "--force", help="覆盖已有文件 · replace a file that is there")
REASON = typer.Option("", "--reason", help="为何导出、给谁用（必填）· why and for whom; required")
BOX = typer.Option(
    None,
    "--box",
    help="西、南、东、北，用逗号隔开（米，EPSG:4548）· west,south,east,north in metres, EPSG:4548",
)


def add(app: typer.Typer) -> None:
    """Bring ``export``."""
    app.command("export", help="导出登记库 · the register as files", epilog=_more_ground())(export)


def _more_ground() -> str:
    """How more ground leaves than one person may take."""
    name = called()
    return (
        f"一人持有的连片面积超过 25 km²（如全市）时不予导出，须由另一人批准：{name} exports ask --km2 900 --reason 理由；"
        f"另一人在“外发”页面批准，或以另一操作系统用户运行 {name} exports approve 3 --reason 理由；批准七日内有效。 · "
        "Above 25 km² of contiguous ground, as the whole city, nothing leaves until a second person approves: "
        f"{name} exports ask --km2 900 --reason WHY; somebody else approves on the page of exports, or as another user of "
        f"the machine with {name} exports approve 3 --reason WHY; it holds for seven days."
    )


def export(
    kinds: str = KINDS,
    file_format: str = FORMAT,
    out: Path = OUT,
    reason: str = REASON,
    box: str | None = BOX,
    force: bool = FORCE,
) -> None:
    """Write runs, nodes, coverage and roads as they are now; nothing is left behind when it fails or is held back."""
    from datetime import UTC, datetime

    import shapely

    from xzgis.audit.rules.asked import box_of
    from xzgis.catalogue.queries import catalogue
    from xzgis.exports.policy import reason_typed
    from xzgis.networks.actions.export import RegisterAsked, check_kinds, leave_register

    chosen = tuple(kind.strip() for kind in kinds.split(",") if kind.strip())
    check_kinds(chosen, catalogue())
    reason_typed(reason, is_needed=True)  # before the database is even opened
    area = shapely.box(*box_of(box)) if box else None
    asked = RegisterAsked(reason, file_format, chosen, area, replace=force)
    engine = open_database()
    now = datetime.now(UTC)
    try:
        begun, counts = leave_register(actor(), asked, out, catalogue=catalogue(), now=now)
    finally:
        engine.dispose()
    told = "、".join(f"{layer} {count}" for layer, count in counts.items())
    say(Words(f"已写入 {out}：{told}。", f"Written {out}: {told.replace('、', ', ')}."))
    say(begun.mark.words)
    if begun.warning:
        say(begun.warning)
