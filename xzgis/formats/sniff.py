"""What a file is, told by its content and never by its name; and what to send instead when it cannot be read."""

import re
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats.archive import member_name
from xzgis.formats.geopackage import SQLITE_MAGIC, has_contents

DXF_MAGIC = b"AutoCAD Binary DXF\r\n\x1a\x00"

Reader = Literal["survey", "features"]
_HEAD_BYTES = 65536


@dataclass(frozen=True, slots=True)
class Recognised:
    """What a file is.

    Attributes
    ----------
    format
        Token: ``geopackage shapefile shapefile_part geojson dxf imkl osm gml`` (features), ``xlsx xls csv mdb
        survey_zip`` (survey tables), or the token of something we do not read.
    reader
        Which way in: survey tables or features; None when it is refused.
    words
        What it is, for people.
    why
        The evidence in the content.
    remedy
        What to export instead, when it is refused.
    """

    format: str
    reader: Reader | None
    words: Words
    why: str
    remedy: Words | None = None

    def require(self, file: str) -> "Recognised":
        """What it is, or a refusal in one sentence when it cannot be read."""
        if self.reader is None:
            remedy = self.remedy or _CONVERT
            raise Invalid(
                Words(
                    f"文件 {file} 是{self.words.zh}，不能读取：{remedy.zh}。",
                    f"File {file} is {self.words.en}, which is not read: {remedy.en}.",
                )
            )
        return self


_CONVERT = Words(
    "请导出为 GeoPackage、GeoJSON、DXF（R2018 ASCII）、Shapefile（zip）或管点管线表（XLSX/CSV/MDB）",
    "export it as GeoPackage, GeoJSON, DXF (R2018 ASCII), zipped Shapefile or survey tables (XLSX/CSV/MDB)",
)


def _known(format_: str, reader: Reader, zh: str, en: str, why: str) -> Recognised:
    return Recognised(format_, reader, Words(zh, en), why)


def _other(format_: str, zh: str, en: str, why: str, remedy: Words | None = None) -> Recognised:
    return Recognised(format_, None, Words(zh, en), why, remedy or _CONVERT)


def recognise(path: Path) -> Recognised:
    """What the file at ``path`` is. Reads its first bytes, for archives the directory; opens nothing else."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    return _binary(head, path) or _markup(head) or _text(head)


def _binary(head: bytes, path: Path) -> Recognised | None:
    if not head:
        return _other("empty", "空文件", "an empty file", "0 bytes")
    if head.startswith(SQLITE_MAGIC):
        return _sqlite(path)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _archive(path)
    if head.startswith(b"\x00\x00\x27\x0a"):
        return _shape(head)
    return _by_magic(head)


def _sqlite(path: Path) -> Recognised:
    if has_contents(path):
        return _known("geopackage", "features", "GeoPackage", "a GeoPackage", "SQLite, gpkg_contents")
    return _other(
        "sqlite", "普通 SQLite 数据库", "a SQLite database without GeoPackage tables", "SQLite magic"
    )


def _by_magic(head: bytes) -> Recognised | None:
    for pattern, found in _MAGIC:
        if pattern.match(head):
            return found
    if _is_dbf(head):
        return _other(
            "dbf",
            "Shapefile 的属性表（.dbf）",
            "the attribute table of a shapefile (.dbf)",
            "dBASE header",
            _PACK,
        )
    return None


_TO_DXF = Words(
    "请在 CAD 中“另存为” AutoCAD 2018 DXF（ASCII），或用 ODA File Converter 转换后再交",
    "save it in CAD as AutoCAD 2018 DXF (ASCII), or convert it with the ODA File Converter, and hand that in",
)
# What the first bytes say outright, in the order asked.
_MAGIC: tuple[tuple[re.Pattern[bytes], Recognised], ...] = (
    (
        re.compile(re.escape(DXF_MAGIC)),
        _known("dxf", "features", "二进制 DXF 图形", "a binary DXF drawing", "sentinel AutoCAD Binary DXF"),
    ),
    (
        re.compile(rb"AC10\d\d(?=.{0,200}?[\x00-\x08\x0e-\x1f])|AC1\.\d|AC2\.\d", re.DOTALL),
        _other("dwg", "DWG 图形", "a DWG drawing", "AC10.. magic", _TO_DXF),
    ),
    (
        re.compile(rb".{4}Standard (Jet|ACE) DB", re.DOTALL),
        _known("mdb", "survey", "Access 数据库", "an Access database", "Jet/ACE magic"),
    ),
    (
        re.compile(rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"),
        _known("xls", "survey", "旧版 Excel 工作簿（.xls）", "an old Excel workbook (.xls)", "OLE2 magic"),
    ),
    (re.compile(rb"%PDF"), _other("pdf", "PDF 文档", "a PDF document", "%PDF")),
    (
        re.compile(rb".{0,56}OSMHeader", re.DOTALL),
        _known(
            "osm",
            "features",
            "OpenStreetMap 数据（PBF）",
            "an OpenStreetMap extract (PBF)",
            "OSMHeader block",
        ),
    ),
)


_PACK = Words("请把 .shp .shx .dbf .prj 一起打包成 zip", "pack .shp .shx .dbf .prj together into one zip")


def _shape(head: bytes) -> Recognised:
    # The index shares the magic; its first record names offset 50 where the shapes have record number 1.
    if int.from_bytes(head[100:104], "big") == 50:
        return _other(
            "shx",
            "Shapefile 的索引（.shx）",
            "the index of a shapefile (.shx)",
            "shp magic, offset 50",
            _PACK,
        )
    return _known(
        "shapefile_part",
        "features",
        "未打包的 Shapefile（.shp）",
        "a shapefile that is not packed (.shp)",
        "shp magic",
    )


def _is_dbf(head: bytes) -> bool:
    header_bytes, record_bytes = int.from_bytes(head[8:10], "little"), int.from_bytes(head[10:12], "little")
    sound = (
        len(head) > 32 and head[0] in (0x03, 0x30, 0x83, 0x8B) and 1 <= head[2] <= 12 and 1 <= head[3] <= 31
    )
    return (
        sound
        and header_bytes >= 65
        and record_bytes > 1
        and head[header_bytes - 1 : header_bytes] in (b"\r", b"\x00")
    )


def _archive(path: Path) -> Recognised:
    try:
        with zipfile.ZipFile(path) as archive:
            names = [member_name(info).lower() for info in archive.infolist()[:2000] if not info.is_dir()]
            head = _first_xml(archive)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, EOFError, RuntimeError, zlib.error):
        return _damaged(path)
    return _by_members(names, head)


def _damaged(path: Path) -> Recognised:
    """What has no sound directory is told by its name alone."""
    if path.suffix.lower() in (".xlsx", ".xlsm"):
        remedy = Words(
            "请用原软件打开并另存，或重新导出、上传", "open it and save it anew, or export and send it again"
        )
        return _other(
            "zip", "损坏的 Excel 工作簿", "a damaged Excel workbook", "ZIP magic, no sound directory", remedy
        )
    remedy = Words("请重新打包", "pack it again")
    return _other("zip", "损坏的压缩包", "a damaged archive", "ZIP magic, no sound directory", remedy)


_TABLES = {".csv", ".xlsx", ".xls", ".mdb", ".accdb", ".txt"}
# A text that only tells of the delivery is no table.
_NOTES = re.compile(r"(read.?me|licen[cs]e|copying|notes?|.*说明|.*须知).*\.txt$")


def _by_members(names: list[str], head: bytes | None) -> Recognised:
    ends = {Path(name).suffix for name in names}
    if "[content_types].xml" in names:
        if any(name.startswith("xl/") for name in names):
            return _known("xlsx", "survey", "Excel 工作簿", "an Excel workbook", "xl/ members")
        return _other("office", "Office 文档", "an Office document", "[Content_Types].xml without xl/")
    if ".shp" in ends:
        return _known("shapefile", "features", "Shapefile 压缩包", "a zipped shapefile", "a .shp member")
    if head is not None and b"geostandaarden.nl/imkl" in head:
        return _known(
            "imkl", "features", "KLIC/IMKL 交付包", "a KLIC/IMKL delivery", "IMKL namespace in a member"
        )
    if any(Path(name).suffix in _TABLES and not _NOTES.match(Path(name).name) for name in names):
        return _other(
            "survey_zip",
            "管点管线表压缩包",
            "an archive of survey tables",
            "table members",
            Words("请解压后把其中的表一起交", "unpack it and hand in the tables together"),
        )
    return _other(
        "zip", "内容无法识别的压缩包", "an archive of nothing we read", ", ".join(sorted(ends))[:80]
    )


def _first_xml(archive: zipfile.ZipFile) -> bytes | None:
    for info in archive.infolist()[:2000]:
        if info.filename.lower().endswith((".xml", ".gml")) and not info.flag_bits & 1:
            with archive.open(info) as member:
                return member.read(8192)
    return None


_ILI = Words("请用 ili2gpkg 转为 GeoPackage", "turn it into a GeoPackage with ili2gpkg")
_FROM_MODEL = Words(
    "请导出节点与管段为 GeoPackage 或 GeoJSON（如用 swmmio、WNTR）",
    "export its nodes and lines as GeoPackage or GeoJSON (swmmio and WNTR do)",
)
# Root namespaces and element names that tell one XML dialect from another, with what to send instead.
_DIALECTS: tuple[tuple[bytes, Recognised], ...] = (
    (
        b"geostandaarden.nl/imkl",
        _known("imkl", "features", "KLIC/IMKL 文档", "a KLIC/IMKL document", "IMKL namespace"),
    ),
    (
        b"<osm ",
        _known(
            "osm", "features", "OpenStreetMap 数据（XML）", "an OpenStreetMap extract (XML)", "<osm> root"
        ),
    ),
    (
        b"isybau",
        _other(
            "isybau",
            "德国 ISYBAU 排水数据",
            "German ISYBAU sewer data",
            "ISYBAU namespace",
            Words(
                "请由来源软件导出为 GeoPackage 或 Shapefile",
                "export it as GeoPackage or Shapefile from its source program",
            ),
        ),
    ),
    (
        b"objtyp",
        _other(
            "jvf_dtm",
            "捷克 JVF DTM 数字技术地图",
            "a Czech digital technical map (JVF DTM)",
            "JVF DTM members",
            Words("请用 DTM 工具导出为 GeoPackage", "export it as GeoPackage with a DTM tool"),
        ),
    ),
    (
        b"interlis",
        _other("interlis", "INTERLIS 传输文件", "an INTERLIS transfer", "INTERLIS namespace", _ILI),
    ),
    (b"<xs:schema", _other("xsd", "XML 模式文档", "an XML schema", "<xs:schema> root")),
    (b"<xsd:schema", _other("xsd", "XML 模式文档", "an XML schema", "<xsd:schema> root")),
    (b"opengis.net/kml", _other("kml", "KML 文件", "a KML file", "KML namespace")),
    (b"<gpx", _other("gpx", "GPX 轨迹", "a GPX track", "<gpx> root")),
    (b"opengis.net/gml", _known("gml", "features", "GML 文档", "a GML document", "GML namespace")),
)


def _markup(head: bytes) -> Recognised | None:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not start.startswith(b"<"):
        return None
    lowered = start.lower()
    for mark, found in _DIALECTS:
        if mark in lowered:
            return found
    return _other(
        "xml", "未知的 XML 文档", "an XML document of an unknown dialect", start[:40].decode("latin-1")
    )


_WKT = re.compile(
    rb"(proj|geog|compd|local_)c(s|rs)\s*\[|(projected|geodetic|geographic|bound|compound)crs\s*\[",
    re.IGNORECASE,
)
_MODEL = re.compile(rb"^\s*\[(title|junctions|options|conduits|pipes)\]", re.MULTILINE)
_DXF = re.compile(rb"999\s*\r?\n|0\s*\r?\n\s*SECTION")


def _text(head: bytes) -> Recognised:
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n")
    lowered = start.lower()
    if _MODEL.search(lowered):
        found = _model(lowered)
    elif start.startswith((b"{", b"[")):
        found = _json(start)
    elif _DXF.match(start):
        found = _known("dxf", "features", "DXF 图形", "a DXF drawing", "group code 0 SECTION")
    elif lowered.startswith(b"scnt"):
        found = _other("interlis", "INTERLIS 1 传输文件", "an INTERLIS 1 transfer", "SCNT", _ILI)
    elif _WKT.match(start):
        found = _other("prj", "坐标系说明（.prj）", "a description of a CRS (.prj)", "WKT", _PACK)
    elif b"\x00" in head[:4096] and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        found = _other("unknown", "无法识别的二进制文件", "a binary file of an unknown kind", head[:8].hex())
    elif _looks_like_table(head):
        found = _known("csv", "survey", "文本表格（CSV）", "a text table (CSV)", "delimited lines of text")
    else:
        found = _other("unknown", "无法识别的文件", "a file of an unknown kind", head[:16].decode("latin-1"))
    return found


def _json(start: bytes) -> Recognised:
    if re.search(rb'"_module"\s*:\s*"pandapower', start):
        return _other(
            "pandapower",
            "pandapower 电网模型",
            "a pandapower model",
            "_module pandapower",
            Words("请用 pandapower 导出 GeoJSON", "export GeoJSON with pandapower"),
        )
    # Everything else in braces is held against the GeoJSON standard, whose refusals name the fault.
    return _known("geojson", "features", "GeoJSON", "GeoJSON", "a JSON object")


def _model(lowered: bytes) -> Recognised:
    is_sewer = any(
        mark in lowered for mark in (b"[conduits]", b"[subcatchments]", b"flow_units", b"[raingages]")
    )
    if is_sewer:
        return _other(
            "swmm", "SWMM 排水模型（.inp）", "a SWMM drainage model (.inp)", "SWMM sections", _FROM_MODEL
        )
    return _other(
        "epanet", "EPANET 供水模型（.inp）", "an EPANET water model (.inp)", "EPANET sections", _FROM_MODEL
    )


def _looks_like_table(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    lines = [line for line in head[:4096].splitlines() if line.strip()]
    return bool(lines) and any(mark in lines[0] for mark in (b",", b"\t", b";", b"|"))
