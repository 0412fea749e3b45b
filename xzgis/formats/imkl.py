"""IMKL 1.2 and 2.0 (KLIC): the answer to a Dutch dig request, or a network operator's own data.

One row per link and network object: a ``UtilityLink`` holds the line, the ``Waterleiding``,
``Elektriciteitskabel`` … that points at it holds the facts. Sizes stay in the unit they came with, which may
change from row to row (``pipe_diameter`` beside ``pipe_diameter_uom``).
"""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import archive
from xzgis.formats.features import (
    FeatureFile,
    Layer,
    Note,
    as_geometries,
    capped,
    rows_from_one,
    sound_geometry,
)
from xzgis.formats.imkl_objects import NUMBERS, Gathered, gather, owner_code
from xzgis.formats.safe_xml import ended_elements

NAMESPACE = "http://www.geostandaarden.nl/imkl/"
# Lines of their own: documents beside a delivery are letters and plans.
_OTHER_DATA = frozenset({
    ".shp", ".gpkg", ".geojson", ".json", ".dxf", ".dwg", ".csv", ".xlsx", ".xls", ".mdb", ".accdb", ".kml", ".zip",
})  # fmt: skip
_WRAPPERS = frozenset({"featureMember", "featureMembers", "member"})


def read(path: Path, *, file: str, work: Path) -> FeatureFile:
    """A delivery: the one IMKL document of a zip, or a document by itself.

    Layers ``utility_line``, ``utility_point``, ``depth_point``, ``request_area``; ``facts`` holds the request,
    the owners with and without data, and the object counts. Refuses documents without IMKL objects.
    """
    with path.open("rb") as stream:
        is_zip = stream.read(4) == b"PK\x03\x04"
    documents = _documents(path, file, work) if is_zip else [path]
    gathered = Gathered()
    for document in documents:
        for element in ended_elements(document, file=file, wrapper=_WRAPPERS):
            gather(element, gathered)
    if not gathered.links and not gathered.networks:
        raise _refused(file, "其中没有 IMKL 管网对象", "it holds no IMKL network objects")
    return _assembled(gathered, file)


def _documents(path: Path, file: str, work: Path) -> list[Path]:
    folder = work / "unpacked"
    folder.mkdir(exist_ok=True)
    unpacked = archive.unpack(path, folder)
    imkl = [one for one in unpacked if one.suffix.lower() in (".xml", ".gml") and _speaks_imkl(one)]
    if not imkl:
        raise _refused(file, "压缩包里没有 IMKL 文档", "the archive holds no IMKL document")
    others = [one.relative_to(folder).as_posix() for one in unpacked if one.suffix.lower() in _OTHER_DATA]
    if others:
        raise archive.refused_for_others(file, Words("IMKL 文档", "IMKL documents"), others)
    return imkl


def _speaks_imkl(path: Path) -> bool:
    with path.open("rb") as stream:
        return NAMESPACE.encode() in stream.read(8192)


def _assembled(found: Gathered, file: str) -> FeatureFile:
    rows = _line_rows(found)
    for record in (*rows, *found.points, *found.depths):
        network = found.networks.get(record["network"] or "", {})
        record.update(
            theme=network.get("theme"),
            std_depth=network.get("std_depth"),
            std_depth_uom=network.get("std_depth_uom"),
        )
        record["owner_code"] = owner_code(record["id"])
        record["owner"] = found.owners.get(record["owner_code"]) or record["owner_code"] or None
    crs = _one_crs(found, file)
    layers: list[Layer] = []
    for name, records in (
        ("utility_line", rows),
        ("utility_point", found.points),
        ("depth_point", found.depths),
        ("request_area", found.areas),
    ):
        layer, unsound = sound_geometry(_layer(name, records, crs))
        layers.append(layer)
        found.notes += unsound
    found.notes += _silent_owners(found)
    found.notes += _precautions(found)
    facts = {
        "request": found.request,
        "owners": sorted(set(found.owners.values())),
        "objects": found.counts,
        "crs_spellings": found.crs,
    }
    return FeatureFile(file, "IMKL", tuple(layers), capped(found.notes), facts)


def _line_rows(found: Gathered) -> list[dict[str, Any]]:
    """One row per link and object that lies on it; a link on which nothing lies is a row by itself."""
    rows: list[dict[str, Any]] = []
    used: set[str] = set()
    for record in found.lines:
        for target in record["links"]:
            link = found.links.get(target)
            if link is None:
                found.notes.append(
                    Note(
                        "R30",
                        "error",
                        Words(
                            f"{record['id']} 引用的 {target} 不在文件中",
                            f"{record['id']} points at {target}, which is not in the file",
                        ),
                        Words("请重新索取完整的交付文件", "ask for the whole delivery"),
                        layer="utility_line",
                        value=record["id"],
                    )
                )
                continue
            used.add(target)
            merged = {**link, **{key: value for key, value in record.items() if value not in (None, [])}}
            merged["link"], merged["geometry"] = target, link["geometry"]
            rows.append(merged)
    bare = [link for own_id, link in found.links.items() if own_id not in used]
    if bare:
        found.notes.append(
            Note(
                "R31",
                "warning",
                Words(
                    f"{len(bare)} 条 UtilityLink 没有管线对象，只有位置和主题",
                    f"{len(bare)} links carry no cable or pipe object",
                ),
                Words("向权属单位索取属性", "ask the operator for the facts"),
                layer="utility_line",
            )
        )
    return rows + [{**link, "link": link["id"]} for link in bare]


def _one_crs(found: Gathered, file: str) -> str | None:
    if len(found.crs) > 1:
        names = ", ".join(sorted(found.crs))
        raise _refused(
            file, f"一个文件里有多个坐标系（{names}）", f"several coordinate systems in one file ({names})"
        )
    return next(iter(found.crs), None)


def _silent_owners(found: Gathered) -> Iterable[Note]:
    """Operators who declared an interest here but sent no lines: not "nothing there"."""
    with_data = {owner_code(link) for link in found.links}
    for interest in found.interests:
        if interest["owner"] not in with_data:
            name = found.owners.get(interest["owner"]) or interest["owner"]
            yield Note(
                "R34",
                "warning",
                Words(
                    f"权属单位 {name} 在此有管线但未提供矢量数据",
                    f"{name} has an interest here but sent no lines",
                ),
                Words(
                    "该单位的管线须视为未查明，请另行索取", "treat its lines as not surveyed and ask for them"
                ),
                value=name,
            )


def _precautions(found: Gathered) -> Iterable[Note]:
    """Owners who demand precautions near their lines say so by letter; the demand is told, not taken over."""
    count = found.counts.get("AanduidingEisVoorzorgsmaatregel", 0)
    if count:
        words = Words(
            f"权属单位对 {count} 处管线要求采取保护措施", f"owners demand precautions at {count} places"
        )
        yield Note(
            "R43",
            "warning",
            words,
            Words("请查阅交付附件并与权属单位联系", "read the letters and call the owners"),
        )


def _layer(name: str, records: list[Mapping[str, Any]] | list[dict[str, Any]], crs: str | None) -> Layer:
    plain = [
        {
            key: ";".join(value) if isinstance(value, list) else value
            for key, value in one.items()
            if key not in ("geometry", "links")
        }
        for one in records
    ]
    frame = pd.DataFrame.from_records(plain, index=range(len(plain)))
    numbers = {*NUMBERS.values(), "std_depth", "count"}
    for column in frame.columns:
        if column in numbers:
            frame[column] = pd.to_numeric(frame[column], errors="coerce").astype(np.float64)
        else:
            frame[column] = frame[column].astype(pd.StringDtype("pyarrow", na_value=np.nan))
    geometry = as_geometries([one["geometry"] for one in records])
    return Layer(name, frame, geometry, rows_from_one(len(records)), crs, "layer" if crs else None)


def _refused(file: str, zh: str, en: str) -> Invalid:
    return Invalid(
        Words(
            f"文件 {file} 无法读取：{zh}。请重新索取 KLIC/IMKL 交付文件。",
            f"File {file} cannot be read: {en}. Ask for the KLIC/IMKL delivery again.",
        )
    )
