"""IMKL 1.2 and 2.0 (KLIC): the answer to a Dutch dig request, or a network operator's own data.

One row per link and network object: a ``UtilityLink`` holds the line, the ``Waterleiding``,
``Elektriciteitskabel`` … that points at it holds the facts. Sizes stay in the unit they came with, which may
change from row to row (``pipe_diameter`` beside ``pipe_diameter_uom``).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from xzgis.formats.gml_geometry import WrongGeometry, geometry_of
from xzgis.formats.safe_xml import GML_ID, XLINK_HREF, ended_elements, local

NAMESPACE = "http://www.geostandaarden.nl/imkl/"
_WRAPPERS = frozenset({"featureMember", "featureMembers", "member"})
LINE_OBJECTS = frozenset(
    {
        "Waterleiding",
        "Rioolleiding",
        "Elektriciteitskabel",
        "OlieGasChemicalienPijpleiding",
        "Telecommunicatiekabel",
        "ThermischePijpleiding",
        "Mantelbuis",
        "Kabelbed",
        "Duct",
        "Overig",
    }
)
POINT_OBJECTS = frozenset(
    {"Appurtenance", "Kast", "Mast", "Mangat", "Toren", "TechnischGebouw", "ContainerLeidingelement"}
)
_DEPTHS = frozenset({"DiepteTovMaaiveld", "DiepteNAP"})
_AREAS = frozenset({"Graafpolygoon", "Orientatiepolygoon", "Informatiepolygoon"})
_NUMBERS = {
    "pipeDiameter": "pipe_diameter",
    "kabelDiameter": "cable_diameter",
    "ductWidth": "duct_width",
    "pressure": "pressure",
    "operatingVoltage": "operating_voltage",
    "nominalVoltage": "nominal_voltage",
    "dieptePeil": "depth",
    "maaiveldPeil": "ground",
    "poleHeight": "height",
    "towerHeight": "height",
}
_TEXTS = {
    "currentStatus": "status",
    "validFrom": "valid_from",
    "validTo": "valid_to",
    "verticalPosition": "vertical_position",
    "buismateriaalType": "material",
    "telecommunicationsCableMaterialType": "material",
    "label": "label",
    "omschrijving": "description",
    "toelichting": "remark",
    "aantalKabelsLeidingen": "count",
    "waterType": "product",
    "sewerWaterType": "product",
    "oilGasChemicalsProductType": "product",
    "thermalProductType": "product",
    "producttype": "product",
    "utilityDeliveryType": "delivery",
    "geoNauwkeurigheidXY": "accuracy_plan",
    "diepteNauwkeurigheid": "accuracy_depth",
    "diepteAangrijpingspunt": "reference",
    "appurtenanceType": "type",
    "datumOpmetingDieptePeil": "surveyed_on",
}
_REQUEST = (
    "klicMeldnummer",
    "aanvraagSoort",
    "aanvraagDatum",
    "soortWerkzaamheden",
    "omschrijvingWerkzaamheden",
    "startDatum",
    "eindDatum",
    "ordernummer",
    "referentie",
)


@dataclass
class _Gathered:
    """Everything of one document by its id, before the references are followed."""

    links: dict[str, dict[str, Any]] = field(default_factory=dict)
    lines: list[dict[str, Any]] = field(default_factory=list)
    points: list[dict[str, Any]] = field(default_factory=list)
    depths: list[dict[str, Any]] = field(default_factory=list)
    areas: list[dict[str, Any]] = field(default_factory=list)
    networks: dict[str, dict[str, Any]] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    request: dict[str, Any] = field(default_factory=dict)
    interests: list[dict[str, Any]] = field(default_factory=list)
    crs: dict[str, int] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)


def read(path: Path, *, file: str, work: Path) -> FeatureFile:
    """A delivery: the one IMKL document of a zip, or a document by itself.

    Layers ``utility_line``, ``utility_point``, ``depth_point``, ``request_area``; ``facts`` holds the request,
    the owners with and without data, and the object counts. Refuses documents without IMKL objects.
    """
    with path.open("rb") as stream:
        is_zip = stream.read(4) == b"PK\x03\x04"
    documents = _documents(path, file, work) if is_zip else [path]
    gathered = _Gathered()
    for document in documents:
        for element in ended_elements(document, file=file, wrapper=_WRAPPERS):
            _gather(element, gathered)
    if not gathered.links and not gathered.networks:
        raise _refused(file, "其中没有 IMKL 管网对象", "it holds no IMKL network objects")
    return _assembled(gathered, file)


def _documents(path: Path, file: str, work: Path) -> list[Path]:
    folder = work / "unpacked"
    folder.mkdir(exist_ok=True)
    found = [one for one in archive.unpack(path, folder) if one.suffix.lower() in (".xml", ".gml")]
    imkl = [one for one in found if _speaks_imkl(one)]
    if not imkl:
        raise _refused(file, "压缩包里没有 IMKL 文档", "the archive holds no IMKL document")
    return imkl


def _speaks_imkl(path: Path) -> bool:
    with path.open("rb") as stream:
        return NAMESPACE.encode() in stream.read(8192)


def _gather(element: Any, into: _Gathered) -> None:
    name = local(element)
    into.counts[name] = into.counts.get(name, 0) + 1
    if name == "UtilityLink":
        link = _record(element, name, into)
        into.links[link["id"]] = link
    elif name in LINE_OBJECTS:
        into.lines.append(_record(element, name, into))
    elif name in POINT_OBJECTS:
        into.points.append(_record(element, name, into))
    elif name in _DEPTHS:
        into.depths.append(_record(element, name, into))
    elif name in _AREAS:
        into.areas.append(_record(element, name, into))
    elif name == "Utiliteitsnet":
        into.networks[element.get(GML_ID, "")] = _network(element)
    elif name == "Beheerder":
        into.owners[_text(element, "bronhoudercode")] = _text(element, "naam")
    elif name == "Belanghebbende":
        into.interests.append(
            {
                "owner": _owner_code(element.get(GML_ID, "")),
                "networks": [_href(one) for one in element if local(one) == "utiliteitsnet"],
            }
        )
    elif name == "GebiedsinformatieAanvraag":
        into.request = _request(element)


def _record(element: Any, name: str, into: _Gathered) -> dict[str, Any]:
    """The facts of one object: tokens without their address, numbers with their unit, references as ids."""
    own_id = element.get(GML_ID, "")
    record: dict[str, Any] = {
        "id": own_id,
        "object": name,
        "network": None,
        "links": [],
        "holds": [],
        "geometry": None,
    }
    for child in element:
        _take(child, local(child), record, into)
    return record


def _take(child: Any, name: str, record: dict[str, Any], into: _Gathered) -> None:
    if name in _NUMBERS:
        value = (child.text or "").strip()
        record[_NUMBERS[name]] = value or None
        record[f"{_NUMBERS[name]}_uom"] = (child.get("uom") or "").rpartition(":")[2] or None
    elif name in _TEXTS:
        record[_TEXTS[name]] = _token(child)
    elif name == "inNetwork":
        record["network"] = _href(child)
    elif name == "link":
        record["links"].append(_href(child))
    elif name in ("cables", "pipes", "ducts"):
        record["holds"].append(_href(child))
    elif name in ("centrelineGeometry", "geometry", "ligging", "geometrie"):
        _take_geometry(child, record, into)


def _take_geometry(child: Any, record: dict[str, Any], into: _Gathered) -> None:
    try:
        record["geometry"], crs = geometry_of(child)
    except WrongGeometry as wrong:
        into.notes.append(
            Note(
                "R20",
                "error",
                Words(
                    f"{record['id']} 的几何无法读取：{wrong.zh}", f"geometry of {record['id']}: {wrong.en}"
                ),
                Words("请管线单位更正", "ask the operator to correct it"),
                value=record["id"],
            )
        )
        return
    if crs:
        into.crs[crs] = into.crs.get(crs, 0) + 1


def _network(element: Any) -> dict[str, Any]:
    found: dict[str, Any] = {"theme": None, "std_depth": None, "std_depth_uom": None}
    for child in element:
        if local(child) == "thema":
            found["theme"] = _token(child)
        elif local(child) == "standaardDieptelegging":
            found["std_depth"] = (child.text or "").strip() or None
            found["std_depth_uom"] = (child.get("uom") or "").rpartition(":")[2] or None
    return found


def _request(element: Any) -> dict[str, Any]:
    found: dict[str, list[str]] = {}
    for child in element:
        value = _token(child)
        if local(child) in _REQUEST and value:
            found.setdefault(local(child), []).append(value)
    listed = ("aanvraagSoort", "soortWerkzaamheden")
    return {name: values if name in listed else values[0] for name, values in found.items()}


def _token(child: Any) -> str | None:
    href = child.get(XLINK_HREF)
    if href is not None:
        return str(href).rstrip("/").rpartition("/")[2] or None
    return (child.text or "").strip() or None


def _href(child: Any) -> str:
    return str(child.get(XLINK_HREF) or "").lstrip("#")


def _text(element: Any, name: str) -> str:
    return next(((one.text or "").strip() for one in element.iter() if local(one) == name), "")


def _owner_code(own_id: str) -> str:
    return own_id.partition("-")[2].partition(".")[0]


def _assembled(found: _Gathered, file: str) -> FeatureFile:
    rows = _line_rows(found)
    for record in (*rows, *found.points, *found.depths):
        network = found.networks.get(record["network"] or "", {})
        record.update(
            theme=network.get("theme"),
            std_depth=network.get("std_depth"),
            std_depth_uom=network.get("std_depth_uom"),
        )
        record["owner_code"] = _owner_code(record["id"])
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
    facts = {
        "request": found.request,
        "owners": sorted(set(found.owners.values())),
        "objects": found.counts,
        "crs_spellings": found.crs,
    }
    return FeatureFile(file, "IMKL", tuple(layers), capped(found.notes), facts)


def _line_rows(found: _Gathered) -> list[dict[str, Any]]:
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


def _one_crs(found: _Gathered, file: str) -> str | None:
    if len(found.crs) > 1:
        names = ", ".join(sorted(found.crs))
        raise _refused(
            file, f"一个文件里有多个坐标系（{names}）", f"several coordinate systems in one file ({names})"
        )
    return next(iter(found.crs), None)


def _silent_owners(found: _Gathered) -> Iterable[Note]:
    """Operators who declared an interest here but sent no lines: not "nothing there"."""
    with_data = {_owner_code(link) for link in found.links}
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
    numbers = {*_NUMBERS.values(), "std_depth", "count"}
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
