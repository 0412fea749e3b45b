"""A work from a file: work document, GeoJSON, GeoPackage, Shapefile, DXF, or a CSV of positions."""

import codecs
import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.words import Words
from xzgis.formats.feature_files import read_feature_files
from xzgis.formats.features import FeatureFile, Geometries, Note
from xzgis.formats.positions import read_positions
from xzgis.spatial.height_systems import not_used, other_heights
from xzgis.works.rules.height_datum import has_levels
from xzgis.works.rules.position_lists import work_of_positions
from xzgis.works.rules.reading import (
    ReadWork,
    Shapes,
    WorkOptions,
    overruled_by,
    parsed,
    with_options,
    work_of_features,
)
from xzgis.works.rules.said_levels import levels_unsaid
from xzgis.works.rules.said_words import in_tokens, options_in_tokens
from xzgis.works.rules.sizes import small_sewers
from xzgis.works.rules.unsaid import Unsaid
from xzgis.works.terms import WorkDocument

LARGEST_JSON_BYTES = 64 << 20
LISTS = (".csv", ".txt", ".tsv")
JSON = (".json", ".geojson")
# What GeoJSON means when it names no system; a projected figure contradicts it.
BY_STANDARD = "standard"
# So many faults of a file are told at once.
MOST_TOLD = 5


def read_work(path: Path, catalogue: Catalogue, options: WorkOptions, *, limits: tuple[int, int]) -> ReadWork:
    """The work in ``path`` with ``options`` put over it.

    Parameters
    ----------
    limits
        CPU seconds and megabytes of the reading process.

    Raises
    ------
    NotFound, Invalid
        There is no such file, or it is not understood; the sentence says what would help.
    """
    if not path.is_file():
        raise NotFound(Words(f"没有文件 {path}。", f"There is no file {path}."))
    read = _read(path, catalogue, options_in_tokens(options, catalogue), limits)
    document = in_tokens(read.document, catalogue)
    return replace(read, document=document, notes=(*read.notes, *small_sewers(document, catalogue)))


def _read(path: Path, catalogue: Catalogue, options: WorkOptions, limits: tuple[int, int]) -> ReadWork:
    if path.suffix.lower() in JSON or _opens_an_object(path):
        told = _work_document(path)
        if told is not None:
            document = in_tokens(parsed(told, source=path.name), catalogue)
            _check_levels_said(document, catalogue, options, path.name)
            overruled = overruled_by(document, options, path.name)
            document = with_options(document, options)
            heights = None if has_levels(document) else other_heights(document.crs, None)
            return ReadWork(document, (*overruled, *(() if heights is None else (not_used(heights),))))
    if path.suffix.lower() in LISTS:
        rows = read_positions(path)
        return work_of_positions(rows, options, catalogue.city, name=path.name, kinds=catalogue.kinds)
    # A line inside a block is a line of the work as well.
    (read,) = read_feature_files([path], explode_blocks=True, limits=limits)
    _check_read_whole(read)
    _check_all_placed(read)
    work = work_of_features(_shapes(read), options, catalogue.city, name=path.name)
    return replace(work, notes=(*work.notes, *_told(read)))


def _check_levels_said(document: WorkDocument, catalogue: Catalogue, options: WorkOptions, name: str) -> None:
    """Ask what the profile of a gravity line is of, where neither the document nor the person says it."""
    said = options.level_of is not None or options.cover_m is not None
    open_ = () if said else levels_unsaid(document, catalogue)
    if open_:
        where = "、".join(str(at + 1) for at in open_[:MOST_TOLD])
        raise Unsaid(
            Words(
                f"{name} 第 {where} 条管线（runs）没有写 profile_of：纵断面高程是外顶、外底还是管内底不能推定，请说明。",
                f"{name}, runs {where}: no profile_of, and whether the profile is of the crown, the bottom or the invert is "
                "not guessed. Say what it is of.",
                "--level-of crown | bottom | invert",
            ),
            asked="level_of",
        )


def _check_read_whole(read: FeatureFile) -> None:
    """Refuse a file of which something that may be a line of the work could not be read."""
    errors = [note for note in read.notes if note.level == "error"]
    if not errors:
        return
    zh = "；".join(f"{_place(note)}{note.words.zh}（{note.remedy.zh}）" for note in errors[:MOST_TOLD])
    en = "; ".join(f"{_place(note)}{note.words.en} ({note.remedy.en})" for note in errors[:MOST_TOLD])
    raise Invalid(
        Words(
            f"{read.file} 有 {len(errors)} 处没有读出，工程可能不完整，不作检查：{zh}。",
            f"{len(errors)} parts of {read.file} were not read, so the work may not be whole and is not checked: {en}.",
        )
    )


def _check_all_placed(read: FeatureFile) -> None:
    """Refuse a file with a feature that has no shape: it may be a line of the work, and where it lies nobody knows."""
    empty = [
        f"{layer.name} #{row}"
        for layer in read.layers
        for row, shape in zip(layer.row.tolist(), layer.geometry, strict=True)
        if shape is None or shape.is_empty
    ]
    if not empty:
        return
    named = ", ".join(empty[:MOST_TOLD]) + ("…" if len(empty) > MOST_TOLD else "")
    raise Invalid(
        Words(
            f"{read.file} 有 {len(empty)} 个要素没有图形（{named}），工程可能不完整，不作检查：请补上图形，不属于工程的请删去。",
            f"{len(empty)} features of {read.file} have no shape ({named}), so the work may not be whole and is not checked: "
            "give them their shape, or take out what is no part of the work.",
        )
    )


def _told(read: FeatureFile) -> list[Words]:
    """What the reader noticed."""
    return [Words(f"{_place(note)}{note.words.zh}", f"{_place(note)}{note.words.en}") for note in read.notes]


def _place(note: Note) -> str:
    return "" if note.layer is None else f"{note.layer} #{note.row}: " if note.row else f"{note.layer}: "


def _opens_an_object(path: Path) -> bool:
    """Whether the content begins as a JSON object does, whatever the name of the file says."""
    with path.open("rb") as file:
        return file.read(64).removeprefix(codecs.BOM_UTF8).lstrip().startswith(b"{")


def _no_json(name: str, error: Exception) -> Words:
    if not isinstance(error, json.JSONDecodeError):
        return Words(f"{name} 不是合法的 JSON。", f"{name} is no JSON: {error}.")
    return Words(
        f"{name} 第 {error.lineno} 行第 {error.colno} 列不是合法的 JSON。",
        f"{name}, line {error.lineno}, column {error.colno}: no JSON ({error.msg}).",
    )


def _work_document(path: Path) -> bytes | None:
    """The text of ``path`` when it is a work document, None when it is another JSON."""
    if path.stat().st_size > LARGEST_JSON_BYTES:
        return None
    text = path.read_bytes().removeprefix(codecs.BOM_UTF8)
    try:
        told = json.loads(text)
    except (ValueError, RecursionError) as error:
        if path.suffix.lower() not in JSON:
            return None
        raise Invalid(_no_json(path.name, error)) from error
    is_work = isinstance(told, dict) and ("runs" in told or "excavations" in told)
    return text if is_work else None


def _shapes(read: FeatureFile) -> list[Shapes]:
    return [
        Shapes(
            geometry=list(layer.geometry),
            properties=[
                {str(key): value for key, value in row.items()} for row in layer.frame.to_dict("records")
            ],
            crs=None if layer.crs_source == BY_STANDARD and _is_projected(layer.geometry) else layer.crs,
            name=layer.name or "",
        )
        for layer in read.layers
    ]


def _is_projected(geometry: Geometries) -> bool:
    """Whether some figure is too large for a degree."""
    figures = shapely.get_coordinates(geometry)
    return bool(len(figures) and np.abs(figures).max() > 360.0)
