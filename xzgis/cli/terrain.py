"""``xzgis terrain``: the ground that covers are judged against."""

import json
from datetime import UTC, datetime
from pathlib import Path

import typer

from xzgis.cli.frame import actor, open_database, say
from xzgis.core.words import Words

AS_JSON = typer.Option(False, "--json", help="输出 JSON · one JSON document")


def add(app: typer.Typer) -> None:
    """Bring ``terrain import|status``."""
    group = typer.Typer(no_args_is_help=True, help="地形：导入、查看 · the ground above the lines")
    group.command("import", help="导入地形栅格 · take a raster as the ground")(import_raster)
    group.command("status", help="当前使用的地形 · which ground is used")(status)
    app.add_typer(group, name="terrain")


def import_raster(
    file: Path = typer.Argument(..., help="GeoTIFF，EPSG:4548，1985 国家高程基准 · the raster"),
    sigma_m: float = typer.Option(
        0.15,
        "--sigma-m",
        min=0,
        max=50,
        help="高程中误差，大于 0 · sigma of its levels, m, above 0",
    ),
    as_json: bool = AS_JSON,
) -> None:
    """Take a terrain raster in as a batch; checks read the ground from it until the batch is undone."""
    import numpy as np

    from xzgis.catalogue.queries import catalogue
    from xzgis.conflicts.queries.believed import agrees_with_survey, believed
    from xzgis.conflicts.queries.surroundings import surveyed_ground
    from xzgis.conflicts.queries.terrain import Terrain, plausible_ground
    from xzgis.core.db import transaction
    from xzgis.core.errors import Invalid, NotFound
    from xzgis.core.files import keep
    from xzgis.core.settings import settings
    from xzgis.networks.actions.terrain import accept_terrain

    if not file.is_file():
        raise NotFound(Words(f"没有文件 {file}。", f"There is no file {file}."))
    if sigma_m <= 0:
        raise Invalid(
            Words("高程中误差 --sigma-m 必须大于 0：没有哪个地形是分毫不差的。",
                  "The sigma of the levels, --sigma-m, must be above 0: no terrain is exact.")
        )  # fmt: skip
    raster = Terrain(file)
    within = plausible_ground(catalogue().limits.values)
    cells = believed(raster, file.name, within)
    open_database()
    with file.open("rb") as content:
        kept = keep(settings(), content)
    with transaction(actor()) as session:
        agrees_with_survey(raster, file.name, within, surveyed_ground(session, np.array([raster.bounds_m])))
        batch = accept_terrain(
            session, actor=actor(), name=file.name, kept=kept, sigma_m=sigma_m, now=datetime.now(UTC)
        ).id
    if as_json:
        told = {"batch": batch, "file": file.name, "sigma_m": sigma_m, "cell_m": raster.cell_m,
                "cells": cells.count, "cells_unknown": cells.count - cells.told + cells.implausible}  # fmt: skip
        typer.echo(json.dumps(told | {"bounds_m": raster.bounds_m}, ensure_ascii=False))
    say(
        Words(
            f"已导入地形 {file.name}（格网 {raster.cell_m:g} m，高程中误差 {sigma_m:g} m），批次 {batch}；"
            f"{cells.count} 个格网中 {cells.told - cells.implausible} 个有可信高程，其余按未知处理；"
            f"xzgis undo {batch} 可撤出。",
            f"Terrain {file.name} taken in as batch {batch} (cells of {raster.cell_m:g} m, sigma {sigma_m:g} m); "
            f"{cells.told - cells.implausible} of {cells.count} cells have a level that can be ground, the rest is unknown; "
            f"xzgis undo {batch} takes it out.",
        )
    )


def status(as_json: bool = AS_JSON) -> None:
    """Tell where checks read the ground: the setting, a batch, or the survey alone."""
    from xzgis.core.db import transaction
    from xzgis.core.settings import settings
    from xzgis.networks.queries.terrain import terrain_in_force

    given = settings().terrain
    open_database()
    with transaction(actor()) as session:
        found = terrain_in_force(session)
    if given is not None:
        shown: dict[str, object] = {
            "from": "setting",
            "file": str(given),
            "sigma_m": settings().terrain_sigma_m,
        }
        words = Words(f"地形取自设置 XZGIS_TERRAIN：{given}，高程中误差 {settings().terrain_sigma_m:g} m。",
                      f"The ground is that of XZGIS_TERRAIN: {given}, sigma {settings().terrain_sigma_m:g} m.")  # fmt: skip
    elif found is not None:
        shown = {"from": "batch", "batch": found.batch_id, "file": found.name, "sigma_m": found.sigma_m,
                 "invented": found.is_invented}  # fmt: skip
        marks = ("（虚构）", " (invented)") if found.is_invented else ("", "")
        words = Words(f"地形取自批次 {found.batch_id} 的 {found.name}{marks[0]}，高程中误差 {found.sigma_m:g} m。",
                      f"The ground is {found.name}{marks[1]} of batch {found.batch_id}, sigma {found.sigma_m:g} m.")  # fmt: skip
    else:
        shown = {"from": "survey"}
        words = Words("没有地形栅格：地面高程由附近测点推算；用 xzgis terrain import 导入自己的地形。",
                      "There is no terrain raster: the ground is guessed from levels nearby; "
                      "bring your own with xzgis terrain import.")  # fmt: skip
    if as_json:
        typer.echo(json.dumps(shown, ensure_ascii=False))
    else:
        say(words)
