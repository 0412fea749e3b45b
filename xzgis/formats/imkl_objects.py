"""The objects of an IMKL document, one by one, before their references are followed."""

from dataclasses import dataclass, field
from typing import Any

from xzgis.core.words import Words
from xzgis.formats.features import Note
from xzgis.formats.gml_geometry import WrongGeometry, geometry_of
from xzgis.formats.safe_xml import GML_ID, XLINK_HREF, local

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
NUMBERS = {
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
class Gathered:
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


def gather(element: Any, into: Gathered) -> None:
    """Keep what ``element`` says, by what it is; every object is counted, also those that are not read."""
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
                "owner": owner_code(element.get(GML_ID, "")),
                "networks": [_href(one) for one in element if local(one) == "utiliteitsnet"],
            }
        )
    elif name == "GebiedsinformatieAanvraag":
        into.request = _request(element)


def _record(element: Any, name: str, into: Gathered) -> dict[str, Any]:
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


def _take(child: Any, name: str, record: dict[str, Any], into: Gathered) -> None:
    if name in NUMBERS:
        value = (child.text or "").strip()
        record[NUMBERS[name]] = value or None
        record[f"{NUMBERS[name]}_uom"] = (child.get("uom") or "").rpartition(":")[2] or None
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


def _take_geometry(child: Any, record: dict[str, Any], into: Gathered) -> None:
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


def owner_code(own_id: str) -> str:
    """The owner's code inside an identity: ``KL1110`` of ``nl.imkl-KL1110.UL_1``."""
    return own_id.partition("-")[2].partition(".")[0]
