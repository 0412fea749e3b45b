"""Files of people who mean harm, or whose programs went wrong: each by the name of its trick."""

import io
import json
import struct
import zipfile
from collections.abc import Callable

EAST_DEG, NORTH_DEG = 117.19, 34.26
LAUGHS = "".join(f'<!ENTITY a{n + 1} "{f"&a{n};" * 10}">' for n in range(9))
BILLION = f'<!DOCTYPE x [<!ENTITY a0 "lol">{LAUGHS}]>'
OUTSIDE = '<!DOCTYPE x [<!ENTITY a9 SYSTEM "file:///etc/passwd">]>'
GML = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2"><gml:featureMember><pipe><name>&a9;</name>'
    "</pipe></gml:featureMember></gml:FeatureCollection>"
)
IMKL = (
    '<gml:FeatureCollection xmlns:gml="http://www.opengis.net/gml/3.2" '
    'xmlns:imkl="http://www.geostandaarden.nl/imkl/wibon"><gml:featureMember><imkl:Waterleiding>&a9;'
    "</imkl:Waterleiding></gml:featureMember></gml:FeatureCollection>"
)
XML = '<?xml version="1.0" encoding="UTF-8"?>'
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1">'
    '<c r="A1" t="inlineStr"><is><t>&a9;</t></is></c></row></sheetData></worksheet>'
)
BOOK = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" '
    'Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="a" sheetId="1" r:id="r1"/></sheets></workbook>',
}


def packed(members: dict[str, bytes | str]) -> bytes:
    """A ZIP archive of ``members``."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as box:
        for name, content in members.items():
            box.writestr(name, content)
    return into.getvalue()


def lying(content: bytes, *, size: int) -> bytes:
    """The archive with ``size`` bytes declared for each member, in its directory and before each member."""
    told = bytearray(content)
    for mark, place in ((b"PK\x01\x02", 24), (b"PK\x03\x04", 22)):
        at = told.find(mark)
        while at >= 0:
            struct.pack_into("<I", told, at + place, size)
            at = told.find(mark, at + 4)
    return bytes(told)


def line(coordinates: str, **more: object) -> bytes:
    """One GeoJSON line with ``coordinates`` as they stand."""
    rest = "".join(f', "{name}": {json.dumps(value)}' for name, value in more.items())
    return (
        '{"type": "FeatureCollection", "features": [{"type": "Feature", "properties": {"kind": "water"}, '
        f'"geometry": {{"type": "LineString", "coordinates": {coordinates}}}}}]{rest}}}'
    ).encode()


def straight(count: int) -> str:
    """A GeoJSON line of ``count`` vertices in the city."""
    step = 0.05 / count
    return "[" + ", ".join(f"[{EAST_DEG + step * n:.9f}, {NORTH_DEG}]" for n in range(count)) + "]"


def _point_rows(x: str) -> bytes:
    return f"物探点号,X,Y,地面高程,特征,附属物\nW1,{x},517800.0,30.0,,检查井\n".encode()


PLACE = f"[{EAST_DEG}, {NORTH_DEG}]"
HOSTILE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "zip climbs out of its folder": ("a.zip", lambda: packed({"../../a.shp": b"x", "../../a.dbf": b"x"})),
    "zip with a path from the root": ("a.zip", lambda: packed({"/etc/cron.d/a.shp": b"x"})),
    "zip bomb of a shapefile": ("a.zip", lambda: packed({"a.shp": bytes(200 << 20), "a.shx": b"x", "a.dbf": b"x"})),
    "zip bomb of a workbook": ("a.xlsx", lambda: packed({**BOOK, "xl/worksheets/sheet1.xml": bytes(200 << 20)})),
    "zip that lies about its sizes": (
        "a.zip",
        lambda: lying(packed({"a.xml": XML + IMKL.replace("&a9;", "x" * (50 << 20))}), size=1000),
    ),
    "workbook that lies about its sizes": (
        "a.xlsx",
        lambda: lying(
            packed({**BOOK, "xl/worksheets/sheet1.xml": SHEET.replace("&a9;", "x" * (50 << 20))}), size=1000
        ),
    ),
    "archive in an archive": ("a.zip", lambda: packed({"b.zip": packed({"c.zip": packed({"a.shp": b"x"})})})),
    "archive of survey tables": ("a.zip", lambda: packed({"WSPOINT.csv": _point_rows("3793900.0")})),
    "outside entity in GML": ("a.gml", (XML + OUTSIDE + GML).encode),
    "billion laughs in GML": ("a.gml", (XML + BILLION + GML).encode),
    "outside entity in IMKL": ("a.xml", (XML + OUTSIDE + IMKL).encode),
    "billion laughs in IMKL": ("a.xml", (XML + BILLION + IMKL).encode),
    "billion laughs in packed IMKL": ("a.zip", lambda: packed({"a.xml": XML + BILLION + IMKL})),
    "outside entity in a workbook": (
        "a.xlsx",
        lambda: packed({**BOOK, "xl/worksheets/sheet1.xml": XML + OUTSIDE + SHEET}),
    ),
    "billion laughs in a workbook": (
        "a.xlsx",
        lambda: packed({**BOOK, "xl/worksheets/sheet1.xml": XML + BILLION + SHEET}),
    ),
    "billion laughs in OSM": ("a.osm", (XML + BILLION + '<osm version="0.6"><a>&a9;</a></osm>').encode),
    "very deep JSON": ("a.geojson", lambda: b'{"type": ' + b"[" * 100_000),
    "very deep coordinates": ("a.geojson", lambda: line("[" * 50_000 + PLACE + "]" * 50_000)),
    "very deep GML": (
        "a.gml",
        (XML + GML.replace("&a9;", "<a>" * 5000 + "</a>" * 5000)).encode,
    ),
    "a line of 20 001 vertices": ("a.geojson", lambda: line(straight(20_001))),
    "coordinates NaN": ("a.geojson", lambda: line(f"[{PLACE}, [NaN, 34.26]]")),
    "coordinates Infinity": ("a.geojson", lambda: line(f"[{PLACE}, [117.2, -Infinity]]")),
    "coordinates 1e400": ("a.geojson", lambda: line(f"[{PLACE}, [1e400, 34.26]]")),
    "a digit string of a million": ("a.geojson", lambda: line(f"[{PLACE}, [{'9' * 1_000_000}, 34.26]]")),
    "survey with 1e400": ("WSPOINT.csv", lambda: _point_rows("1e400")),
    "survey with nan": ("WSPOINT.csv", lambda: _point_rows("nan")),
    "survey with inf": ("WSPOINT.csv", lambda: _point_rows("inf")),
    "drawing named as a workbook": ("a.xlsx", lambda: b"AC1032\x00" + bytes(400)),
    "program named as a shapefile": ("a.shp", lambda: b"\x7fELF\x02\x01\x01" + bytes(400)),
    "page named as GeoJSON": ("a.geojson", lambda: b"<!DOCTYPE html><html><script>alert(1)</script></html>"),
    "picture with an archive behind it": (
        "a.zip",
        lambda: b"\xff\xd8\xff\xe0" + bytes(64) + packed({"a.shp": b"x"}),
    ),
    "archive behind a PDF head": ("a.pdf", lambda: b"%PDF-1.7\n" + packed({"a.shp": b"x"})),
    "archive cut off": ("a.zip", lambda: packed({"a.shp": bytes(range(256)) * 40})[:-30]),
    "GeoPackage cut off": ("a.gpkg", lambda: b"SQLite format 3\x00" + bytes(84)),
    "table of zeros": ("a.csv", lambda: bytes(5000)),
    "table of one endless line": ("a.csv", lambda: b"a," * 300_000),
    "table of a hundred thousand columns": ("a.csv", lambda: b",".join(b"c%d" % n for n in range(100_000)) + b"\n1\n"),
    "nothing at all": ("a.csv", bytes),
}  # fmt: skip
