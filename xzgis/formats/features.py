"""Layers of features as plain frames: what every reader of lines and points hands on.

Nothing here knows what a pipe is. A reader keeps every attribute as it was written, keeps the source
coordinates in the source order (first the axis that the file calls x) and tells by notes what it saw.
"""

import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from xzgis.core.words import Words

Level = Literal["error", "warning", "info"]
Geometries = npt.NDArray[np.object_]

MAX_FEATURES = 5_000_000
MAX_VERTICES = 50_000_000
MAX_VERTICES_PER_FEATURE = 20_000  # design/backend.md, section 6
MAX_COLLECTION_DEPTH = 8
MAX_NOTES_PER_CODE = 200
_LINE = 1  # shapely's number of the type


@dataclass(frozen=True, slots=True)
class Note:
    """One thing a reader noticed: an ``R`` (reading) or ``G`` (geometry) code, its place and remedy.

    ``row`` counts the features of ``layer`` from 1 in file order; None speaks of the layer or the file.
    """

    code: str
    level: Level
    words: Words
    remedy: Words
    layer: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True)
class Layer:
    """One layer: ``n`` features with their attributes and geometries.

    Attributes
    ----------
    frame
        ``n`` rows, index 0..n-1, the columns as the file names them; no geometry column.
    geometry
        ``(n,)`` shapely geometries in the coordinates of the file, None where a feature has none.
    row
        ``(n,)`` number of each feature in the source, from 1.
    crs
        The CRS the file declares, as ``EPSG:n`` or WKT; None where it declares none.
    crs_source
        Where that declaration stands (``layer``, ``crs member``, ``standard``, ``prj``, ``geodata``).
    """

    name: str
    frame: pd.DataFrame
    geometry: Geometries
    row: npt.NDArray[np.int64]
    crs: str | None = None
    crs_source: str | None = None


@dataclass(frozen=True)
class FeatureFile:
    """One file read: its layers, what was noticed, and facts beside the layers (a request, a header)."""

    file: str
    format: str
    layers: tuple[Layer, ...]
    notes: tuple[Note, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)

    @property
    def rows_read(self) -> int:
        """Number of features over all layers."""
        return sum(len(layer.row) for layer in self.layers)

    def layer(self, name: str) -> Layer:
        """The layer called ``name``."""
        return next(layer for layer in self.layers if layer.name == name)


def rows_from_one(count: int) -> npt.NDArray[np.int64]:
    """The row numbers 1..count."""
    return np.arange(1, count + 1, dtype=np.int64)


def capped(notes: Iterable[Note]) -> tuple[Note, ...]:
    """``notes`` with at most :data:`MAX_NOTES_PER_CODE` per code and layer, the rest as one note that counts them.

    Errors of a row are all kept.
    """
    kept: list[Note] = []
    seen: dict[tuple[str, str | None], int] = {}
    last: dict[tuple[str, str | None], Note] = {}
    for note in notes:
        if note.level == "error" and note.row is not None:
            # A row can be left out only where its error names it.
            kept.append(note)
            continue
        key = (note.code, note.layer)
        seen[key] = seen.get(key, 0) + 1
        last[key] = note
        if seen[key] <= MAX_NOTES_PER_CODE:
            kept.append(note)
    for key, count in seen.items():
        if count > MAX_NOTES_PER_CODE:
            more, note = count - MAX_NOTES_PER_CODE, last[key]
            kept.append(
                Note(
                    note.code,
                    note.level,
                    Words(
                        f"同类问题另有 {more} 处，未逐条列出",
                        f"{more} more of the same, not listed one by one",
                    ),
                    note.remedy,
                    layer=note.layer,
                )
            )
    return tuple(kept)


def sound_geometry(layer: Layer) -> tuple[Layer, tuple[Note, ...]]:
    """``layer`` with every geometry that must not go further taken out, and why.

    Taken out (None in its place, an error note with the row): coordinates that are not finite, more than
    :data:`MAX_VERTICES_PER_FEATURE` vertices. Measures are dropped with one note. Heights stay.
    """
    geometry = layer.geometry
    notes: list[Note] = []
    counts = shapely.get_num_coordinates(geometry)
    bad = np.zeros(len(geometry), dtype=bool)
    too_many = counts > MAX_VERTICES_PER_FEATURE
    bounds = shapely.bounds(geometry)
    infinite = (counts > 0) & ~np.isfinite(bounds).all(axis=1)
    # A NaN among good vertices hides from the bounds, so ask every coordinate of the layer once.
    coordinates, owner = shapely.get_coordinates(geometry, return_index=True)
    broken = ~np.isfinite(coordinates).all(axis=1)
    infinite[np.unique(owner[broken])] = True
    for mask, code, words, remedy in (
        (
            too_many,
            "G10",
            Words("一个要素的顶点过多", "one feature has too many vertices"),
            Words(f"每个要素不超过 {MAX_VERTICES_PER_FEATURE} 个顶点，请分段", "split the feature"),
        ),
        (
            infinite,
            "G09",
            Words("坐标不是有限的数", "a coordinate is not a finite number"),
            Words("请在来源软件中改正后重新导出", "correct it in the source and export again"),
        ),
    ):
        bad |= mask
        notes += [
            Note(code, "error", words, remedy, layer=layer.name, row=int(layer.row[i]))
            for i in np.flatnonzero(mask)
        ]
    if bad.any():
        geometry = geometry.copy()
        geometry[bad] = None
    geometry, measured = without_measures(geometry)
    if measured:
        notes.append(
            Note(
                "G06",
                "info",
                Words(f"{measured} 个要素带有 M 值，已略去", f"{measured} features carry M values, dropped"),
                Words("无需处理", "nothing to do"),
                layer=layer.name,
            )
        )
    if bad.any() or measured:
        layer = Layer(layer.name, layer.frame, geometry, layer.row, layer.crs, layer.crs_source)
    return layer, tuple(notes)


def without_measures(geometry: Geometries) -> tuple[Geometries, int]:
    """The geometries without M, heights kept, and how many carried one."""
    has_m = shapely.has_m(geometry)
    count = int(has_m.sum())
    if not count:
        return geometry, 0
    result = geometry.copy()
    result[has_m] = [_drop_m(one) for one in geometry[has_m]]
    return result, count


def _drop_m(one: shapely.Geometry) -> shapely.Geometry:
    wkb = shapely.to_wkb(one, output_dimension=3)
    return shapely.from_wkb(wkb) if shapely.has_z(one) else shapely.force_2d(one)


def write_pack(read: FeatureFile, folder: Path) -> None:
    """Write ``read`` to ``folder`` as plain files, so that a child process can hand it over without pickles.

    ``manifest.json`` names the layers; each layer is one Feather file with its geometry as WKB, or
    as arrays beside it where all are plain lines.
    """
    layers = []
    for number, layer in enumerate(read.layers):
        frame = layer.frame.copy(deep=False)
        frame["__row"] = layer.row
        if _are_plain_lines(layer.geometry):
            # Vertices as they are: half the work of packing and unpacking each line.
            _kind, xy, (offset,) = shapely.to_ragged_array(layer.geometry)
            np.save(folder / f"layer{number}.xy.npy", xy, allow_pickle=False)
            np.save(folder / f"layer{number}.offset.npy", offset, allow_pickle=False)
        else:
            frame["__wkb"] = shapely.to_wkb(layer.geometry)
        frame.columns = [str(column) for column in frame.columns]
        frame.to_feather(folder / f"layer{number}.feather", compression="uncompressed")
        layers.append({"name": layer.name, "crs": layer.crs, "crs_source": layer.crs_source})
    manifest = {
        "file": read.file,
        "format": read.format,
        "layers": layers,
        "facts": read.facts,
        "notes": [
            [
                n.code,
                n.level,
                n.words.zh,
                n.words.en,
                n.remedy.zh,
                n.remedy.en,
                n.layer,
                n.row,
                n.field,
                n.value,
            ]
            for n in read.notes
        ],
    }
    text = json.dumps(manifest, ensure_ascii=False)
    (folder / "manifest.json").write_text(text, encoding="utf-8", errors="replace")


def read_pack(folder: Path) -> FeatureFile:
    """The inverse of :func:`write_pack`."""
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    layers = []
    for number, about in enumerate(manifest["layers"]):
        frame = pd.read_feather(folder / f"layer{number}.feather")
        row = frame.pop("__row").to_numpy(dtype=np.int64)
        if "__wkb" in frame.columns:
            wkb = frame.pop("__wkb").to_numpy(dtype=object, copy=True)
            wkb[pd.isna(wkb)] = None
            geometry = np.asarray(shapely.from_wkb(wkb), dtype=object)
        else:
            xy, offset = (np.load(folder / f"layer{number}.{name}.npy") for name in ("xy", "offset"))
            geometry = shapely.from_ragged_array(shapely.GeometryType.LINESTRING, xy, (offset,))
        layers.append(Layer(about["name"], frame, geometry, row, about["crs"], about["crs_source"]))
    notes = tuple(
        Note(code, level, Words(zh, en), Words(remedy_zh, remedy_en), layer, row, name, value)
        for code, level, zh, en, remedy_zh, remedy_en, layer, row, name, value in manifest["notes"]
    )
    return FeatureFile(manifest["file"], manifest["format"], tuple(layers), notes, manifest["facts"])


def _are_plain_lines(geometry: Geometries) -> bool:
    """Whether every feature is one line with vertices and without heights."""
    return (
        len(geometry) > 0
        and bool((shapely.get_type_id(geometry) == _LINE).all())
        and not shapely.is_empty(geometry).any()
        and not shapely.has_z(geometry).any()
    )


def is_gap(value: object) -> bool:
    """Whether a cell of a frame holds nothing: None or NaN."""
    return value is None or (isinstance(value, float) and math.isnan(value))


def as_geometries(items: Sequence[shapely.Geometry | None]) -> Geometries:
    """``items`` as a one-dimensional object array (numpy would else try to unpack collections)."""
    array = np.empty(len(items), dtype=object)
    array[:] = items
    return array
