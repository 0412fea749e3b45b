"""Frames into files that other programs read."""

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import geopandas as gpd

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

DRIVERS = {"gpkg": ("GPKG", ".gpkg"), "geojson": ("GeoJSON", ".geojson")}


def write_layers(
    out: Path, layers: Mapping[str, Iterator[gpd.GeoDataFrame]], *, file_format: str, replace: bool
) -> dict[str, int]:
    """Write each layer, piece by piece; how many features each has.

    A GeoPackage holds all layers; GeoJSON, which has no layers, becomes one file per layer, ``out`` with the layer's
    name before the suffix, in the frames' own CRS with its name written in it. Written beside the place and moved
    there when complete.

    Raises
    ------
    Invalid
        The format is not known, or a file is there already and ``replace`` is not given.
    """
    if file_format not in DRIVERS:
        known = ", ".join(DRIVERS)
        raise Invalid(
            Words(
                f"不支持格式 {file_format}；可用：{known}。", f"No format {file_format}; there are {known}."
            )
        )
    driver, suffix = DRIVERS[file_format]
    single = driver == "GPKG"
    targets = {layer: out if single else out.with_name(f"{out.stem}_{layer}{suffix}") for layer in layers}
    _check(targets, replace=replace)
    counts: dict[str, int] = {}
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".writing-") as folder:
        made = {layer: Path(folder) / target.name for layer, target in targets.items()}
        for layer, frames in layers.items():
            counts[layer] = 0
            for number, frame in enumerate(frames):
                append = number > 0
                frame.to_file(
                    made[layer], layer=layer, driver=driver, engine="pyogrio", mode="a" if append else "w"
                )
                counts[layer] += len(frame)
        for layer, path in made.items():
            if path.exists():
                shutil.move(path, targets[layer])
    return counts


def _check(targets: Mapping[str, Path], *, replace: bool) -> None:
    for target in targets.values():
        if not target.parent.is_dir():
            raise Invalid(Words(f"文件夹 {target.parent} 不存在。", f"There is no folder {target.parent}."))
        if target.exists() and not replace:
            raise Invalid(
                Words(
                    f"{target} 已存在；换个名字，或选择覆盖。",
                    f"{target} is there already; choose another name, or have it replaced.",
                    "--force",
                )
            )
