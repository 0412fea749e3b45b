"""Frames into files that other programs read."""

import json
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd

from xzgis.core.errors import Invalid
from xzgis.core.words import Words

METADATA_TABLES = """
create table if not exists gpkg_metadata (
  id integer constraint m_pk primary key asc not null, md_scope text not null default 'dataset',
  md_standard_uri text not null, mime_type text not null default 'text/xml', metadata text not null default '');
create table if not exists gpkg_metadata_reference (
  reference_scope text not null, table_name text, column_name text, row_id_value integer,
  timestamp datetime not null default (strftime('%Y-%m-%dT%H:%M:%fZ','now')), md_file_id integer not null,
  md_parent_id integer, constraint crmr_mfi_fk foreign key (md_file_id) references gpkg_metadata(id));
create table if not exists gpkg_extensions (
  table_name text, column_name text, extension_name text not null, definition text not null, scope text not null,
  constraint ge_tce unique (table_name, column_name, extension_name));
"""
DRIVERS = {"gpkg": ("GPKG", ".gpkg"), "geojson": ("GeoJSON", ".geojson")}


@contextmanager
def laid_aside(out: Path) -> Iterator[Path]:
    """A path beside ``out`` to write to: moved there when all has gone well, else nothing is left behind.

    Whatever must stand before the file does (a transaction that tells of it) ends inside. What is no plain file, as a
    device, is written to at once.
    """
    place = out.resolve()
    if place.exists() and not place.is_file():
        yield out
        return
    with tempfile.TemporaryDirectory(dir=place.parent, prefix=".writing-") as folder:
        path = Path(folder) / place.name
        yield path
        path.replace(place)


@dataclass(frozen=True, slots=True)
class Aside:
    """Files that lie aside, by the names they will have, and how many features each layer has."""

    files: Mapping[str, Path]
    counts: Mapping[str, int]


@contextmanager
def layers_aside(
    out: Path, layers: Mapping[str, Iterator[gpd.GeoDataFrame]], *, file_format: str, replace: bool
) -> Iterator[Aside]:
    """Each layer written piece by piece beside its place, and moved there at the end; what is raised leaves nothing.

    A GeoPackage holds all layers; GeoJSON, which has no layers, becomes one file per layer, ``out`` with the layer's
    name before the suffix, in the frames' own CRS with its name written in it. Whoever takes the files may still
    stamp them.

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
        written = {targets[layer].name: path for layer, path in made.items() if path.exists()}
        yield Aside(written, counts)
        for name, path in written.items():
            shutil.move(path, out.with_name(name))


def write_layers(
    out: Path, layers: Mapping[str, Iterator[gpd.GeoDataFrame]], *, file_format: str, replace: bool
) -> dict[str, int]:
    """:func:`layers_aside`, put in place at once; how many features each layer has."""
    with layers_aside(out, layers, file_format=file_format, replace=replace) as made:
        return dict(made.counts)


def stamp(path: Path, document: Mapping[str, Any], *, file_format: str) -> None:
    """Write a JSON document about the whole file into it: metadata of a GeoPackage (OGC 12-128r19, annex F.8), or the
    member ``export`` of a GeoJSON collection, which RFC 7946 6.1 lets programs pass over.
    """
    told = json.dumps(document, ensure_ascii=False)
    if DRIVERS[file_format][0] == "GPKG":
        _stamp_package(path, told)
        return
    fresh = path.with_name(f".{path.name}.stamped")
    with path.open("rb") as given, fresh.open("wb") as made:
        if given.read(1) != b"{":
            raise ValueError(f"{path.name} does not begin as a GeoJSON document")
        made.write(b'{\n"export": ' + told.encode() + b",")
        shutil.copyfileobj(given, made)
    fresh.replace(path)


def _stamp_package(path: Path, told: str) -> None:
    uri = "http://www.geopackage.org/spec/#extension_metadata"
    with closing(sqlite3.connect(path)) as package, package:
        package.executescript(METADATA_TABLES)
        row = package.execute(
            "insert into gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) values (?, ?, ?, ?)",
            ("dataset", "urn:xzgis:export", "application/json", told),
        )
        package.execute(
            "insert into gpkg_metadata_reference (reference_scope, md_file_id) values ('geopackage', ?)",
            (row.lastrowid,),
        )
        package.executemany(
            "insert or ignore into gpkg_extensions values (?, null, 'gpkg_metadata', ?, 'read-write')",
            [(table, uri) for table in ("gpkg_metadata", "gpkg_metadata_reference")],
        )


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
