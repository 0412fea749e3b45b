"""Shapefiles, zipped or as loose parts: the text encoding is proved, never guessed.

A ``.dbf`` without ``.cpg`` says little about its encoding and GDAL would hand out mojibake without a word.
Every text cell is therefore decoded strictly: as UTF-8, then as GB18030 (which holds GBK); what neither can
read is refused. A ``.cpg`` is no proof: Latin-1 reads any bytes, GBK most. Where another reading is clearly
the text, that one is taken and said (:mod:`xzgis.formats.readings`).
"""

import codecs
import re
from collections.abc import Sequence
from dataclasses import dataclass
from os.path import commonpath
from pathlib import Path

import numpy as np

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.formats import archive, readings
from xzgis.formats.encoding import Unclear, settled_by
from xzgis.formats.features import FeatureFile, Layer, Level, Note
from xzgis.formats.gdal import read_with

SHP_MAGIC = b"\x00\x00\x27\x0a"
_NEEDED = (".shp", ".shx", ".dbf")
# What belongs to a shapefile of the same stem: indexes, descriptions and styles of several programs.
_PARTS = (
    *_NEEDED, ".prj", ".cpg", ".cst", ".qpj", ".qix", ".sbn", ".sbx", ".fbn", ".fbx", ".ain", ".aih", ".atx", ".ixs", ".mxs",
    ".qml", ".qmd", ".sld", ".lyr", ".lyrx", ".xml",
)  # fmt: skip
_WRITING = (
    ".pdf",
    ".doc",
    ".docx",
    ".md",
    ".htm",
    ".html",
    ".png",
    ".jpg",
    ".jpeg",
    ".ini",
    ".url",
    ".qml",
    ".sld",
    ".lyr",
)
# Names under which .cpg files call the encodings we meet here.
_CPG = {
    "936": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "gb18030": "gb18030",
    "cp936": "gb18030",
    "oem 936": "gb18030",
    "ansi 936": "gb18030",
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "65001": "utf-8",
    "big5": "big5",
    "950": "cp950",
    "932": "cp932",
    "shift_jis": "cp932",
    "sjis": "cp932",
    "949": "cp949",
    "euc-kr": "cp949",
    "437": "cp437",
    "850": "cp850",
    "852": "cp852",
    "866": "cp866",
    "874": "cp874",
    "latin1": "iso8859-1",
    "latin-1": "iso8859-1",
    "koi8-r": "koi8-r",
}
# The pages of one byte: "1252", "cp1252", "ANSI 1252", "windows-1252"; "ISO-8859-1", "ISO 88591", "8859-1".
_PAGE = re.compile(r"(?:cp|ansi |oem |windows-?)?(\d{3,5})")
_ISO = re.compile(r"(?:iso[ _-]?)?8859[-_]?(\d{1,2})")
_LONGEST_CHARACTER = 4


@dataclass(frozen=True, slots=True)
class Encoding:
    """How the texts of one ``.dbf`` are encoded: the codec, how that was decided, cells cut in mid-character.

    ``plain``: all of it is ASCII, which proves no encoding.
    """

    codec: str
    words: Words
    declared: bool
    cut_cells: int = 0
    plain: bool = False


def read_zip(path: Path, *, file: str, work: Path) -> FeatureFile:
    """Every shapefile of a zip archive, one layer each."""
    folder = work / "unpacked"
    folder.mkdir(exist_ok=True)
    # A Mac packs a shadow of every file beside it.
    unpacked = archive.unpack(path, folder)
    found = [one for one in unpacked if "__MACOSX" not in one.parts and not one.name.startswith(".")]
    beside = [one.relative_to(folder).as_posix() for one in found if not _goes_with_shapes(one, found)]
    if beside:
        raise archive.refused_for_others(file, Words("Shapefile", "shapefiles"), beside)
    return read_parts(found, file=file, work=work)


def _goes_with_shapes(path: Path, found: Sequence[Path]) -> bool:
    """Whether a member is a part of a shapefile, or of the writing that goes with one: nothing with lines of its own."""
    suffix = path.suffix.lower()
    if suffix in _WRITING:
        return True
    name = path.name.lower()
    if suffix == ".txt" and name.startswith(("readme", "licen", "copying", "说明", "读我")):
        return True
    beside = {one.name.lower() for one in found if one.parent == path.parent}
    stems = [name[: -len(end)] for end in (".shp.xml", *_PARTS) if name.endswith(end)]
    return any(f"{stem}.shp" in beside for stem in stems)


def read_parts(paths: Sequence[Path], *, file: str, work: Path) -> FeatureFile:
    """Every shapefile among ``paths`` (its parts share folder and stem). Refuses one that lacks a part."""
    shapes = sorted(path for path in paths if path.suffix.lower() == ".shp")
    if not shapes:
        raise _refused(file, "没有 .shp 文件", "it holds no .shp file")
    layers: list[Layer] = []
    notes: list[Note] = []
    found: list[tuple[str, dict[str, Path]]] = []
    for shape in shapes:
        parts = {
            one.suffix.lower(): one
            for one in paths
            if one.stem.casefold() == shape.stem.casefold() and one.parent == shape.parent
        }
        missing = [suffix for suffix in _NEEDED if suffix not in parts]
        if missing:
            listed = " ".join(missing)
            raise _refused(
                file,
                f"{shape.stem} 缺少 {listed}，请把 .shp .shx .dbf .prj 打包成一个 zip",
                f"{shape.stem} lacks {listed}; pack .shp .shx .dbf .prj into one zip",
            )
        found.append((_layer_name(shape, shapes), parts))
    encodings = _encodings([parts for _, parts in found], file)
    for (stem, parts), encoding in zip(found, encodings, strict=True):
        layer, seen = _one(stem, parts, encoding, file=file, work=work)
        layers.append(layer)
        notes += seen
    return FeatureFile(file, "Shapefile", tuple(layers), tuple(notes))


def _layer_name(shape: Path, shapes: Sequence[Path]) -> str:
    """Its stem; 东/给水 where another folder of the archive holds a shapefile of the same stem."""
    namesakes = [one.parent for one in shapes if one.stem == shape.stem]
    if len(namesakes) == 1:
        return shape.stem
    return shape.with_suffix("").relative_to(commonpath(namesakes)).as_posix()


def _encodings(tables: Sequence[dict[str, Path]], file: str) -> list[Encoding]:
    """The encoding of each table; where one could be either, the others of the delivery settle it."""
    known: dict[str, str] = {}
    told: dict[int, Encoding] = {}
    unclear: dict[int, Unclear] = {}
    for number, parts in enumerate(tables):
        try:
            told[number] = dbf_encoding(parts[".dbf"], parts.get(".cpg"), file=file)
        except Unclear as either:
            unclear[number] = either
            continue
        if not told[number].plain:
            known[parts[".dbf"].name] = told[number].codec
    for number, refusal in unclear.items():
        codec, why = settled_by(known, refusal)
        cut = _cut_cells(_text_cells(tables[number][".dbf"], file), codec)
        told[number] = Encoding(codec, why, False, cut or 0)
    return [told[number] for number in range(len(tables))]


def _one(
    name: str, parts: dict[str, Path], encoding: Encoding, *, file: str, work: Path
) -> tuple[Layer, list[Note]]:
    beside = {suffix: part for suffix, part in parts.items() if suffix in (".shx", ".dbf", ".prj")}
    read = read_with(
        "ESRI Shapefile", parts[".shp"], file=file, work=work, encoding=encoding.codec.upper(), beside=beside
    )
    found = read.layers[0]
    layer = Layer(name, found.frame, found.geometry, found.row, found.crs, "prj" if found.crs else None)
    notes = [_renamed(note, name) for note in read.notes]
    level: Level = "info" if encoding.declared or encoding.codec == "ascii" else "warning"
    notes.append(
        Note(
            "R26",
            level,
            encoding.words,
            Words("请核对名称是否为正常汉字", "check that the names read as they should"),
            layer=name,
        )
    )
    if encoding.cut_cells:
        notes.append(
            Note(
                "R27",
                "warning",
                Words(
                    f"{encoding.cut_cells} 个单元格在汉字中间被截断",
                    f"{encoding.cut_cells} cells are cut in mid-character",
                ),
                Words("在来源处加宽字段后重新导出", "widen the field at the source and export again"),
                layer=name,
            )
        )
    return layer, notes


def _renamed(note: Note, layer: str) -> Note:
    return Note(note.code, note.level, note.words, note.remedy, layer, note.row, note.field, note.value)


def dbf_encoding(dbf: Path, cpg: Path | None, *, file: str) -> Encoding:
    """The encoding under which every text cell of ``dbf`` reads strictly. Refuses when there is none, or two.

    A ``.cpg`` that does not fit the bytes is overruled, and that is said.
    """
    cells = _text_cells(dbf, file)
    written = None
    if cpg is not None:
        written = cpg.read_bytes()[:64].decode("ascii", "replace").strip()
    declared = _declared_codec(written) if written else None
    if all(cell.isascii() for cell in cells):
        return Encoding(
            "ascii" if declared is None else declared,
            Words("属性文字全部为 ASCII", "every text is plain ASCII"),
            declared is not None,
            plain=True,
        )
    fitting: dict[str, int] = {}
    for codec in dict.fromkeys((declared, "utf-8", "gb18030")):
        cut = _cut_cells(cells, codec) if codec else None
        if codec and cut is not None:
            fitting[codec] = cut
    codec = _weighed(cells, fitting, declared)
    if codec is not None:
        return Encoding(codec, _decided(codec, declared, written), codec == declared, fitting[codec])
    if fitting:
        raise Unclear(
            Words(
                f"文件 {file} 无法读取：{dbf.stem}.dbf 的文字既可按 UTF-8 读，也可按 GBK 读，"
                "请附上正确的 .cpg（写 UTF-8 或 GBK）。",
                f"File {file} cannot be read: the texts of {dbf.stem}.dbf read as UTF-8 and as GBK; "
                "add a .cpg that says which (UTF-8 or GBK).",
            )
        )
    raise _refused(
        file,
        f"{dbf.stem}.dbf 的文字既不是 UTF-8 也不是 GBK/GB18030，请附 .cpg",
        f"the texts of {dbf.stem}.dbf are neither UTF-8 nor GBK/GB18030; add a .cpg",
    )


def _weighed(cells: Sequence[bytes], fitting: dict[str, int], declared: str | None) -> str | None:
    """The codec of ``fitting`` under which the cells are text; None when a person must say it."""
    texts = {codec: "\n".join(cell.decode(codec, "ignore") for cell in cells) for codec in fitting}
    utf8, gb = texts.get("utf-8"), texts.get("gb18030")
    verdict: readings.Verdict | None = None
    if utf8 is not None:
        verdict = readings.chosen(utf8, gb)
    elif gb is not None:
        verdict = "gb18030"
    if declared not in texts:
        return None if verdict == "unclear" else verdict
    if declared == "utf-8":
        # Two witnesses against each other: the .cpg and the words themselves.
        return None if verdict == "gb18030" else declared
    if declared == "gb18030":
        return "utf-8" if verdict == "utf-8" and not readings.is_chinese(texts[declared]) else declared
    if utf8 is not None and verdict != "gb18030":
        # Valid UTF-8 is no text of the declared page: é would be Ã©, and 104路 would be 104Â·.
        return None if verdict == "unclear" else "utf-8"
    jumble = bool(readings.strange(texts[declared]))
    return "gb18030" if gb is not None and jumble and readings.is_chinese(gb) else declared


def _decided(codec: str, declared: str | None, written: str | None) -> Words:
    name = "GBK/GB18030" if codec == "gb18030" else codec.upper()
    if codec == declared:
        return Words(f"按 .cpg 以 {name} 读取属性文字", f"texts read as {name}, as the .cpg says")
    if declared:
        return Words(
            f".cpg 写的是 {written}，但内容不符，已按 {name} 严格解码",
            f"the .cpg says {written}, which does not fit; read strictly as {name}",
        )
    if written:
        return Words(
            f".cpg 写的“{written[:20]}”不是文字编码，已按 {name} 严格解码属性文字",
            f"the .cpg says {written[:20]!r}, which is no text encoding; texts read strictly as {name}",
        )
    return Words(f"没有 .cpg，已按 {name} 严格解码属性文字", f"no .cpg; texts read strictly as {name}")


def _declared_codec(written: str) -> str | None:
    """The codec that a ``.cpg`` names, of those that delivered tables are written in; None for any other word."""
    name = " ".join(written.casefold().split())
    if name in _CPG:
        return _CPG[name]
    part, page = _ISO.fullmatch(name), _PAGE.fullmatch(name)
    if part:
        return _known_codec(f"iso8859-{part.group(1)}")
    if page:
        return _CPG.get(page.group(1)) or _known_codec(f"cp{page.group(1)}")
    return None


def _known_codec(name: str) -> str | None:
    try:
        return codecs.lookup(name).name
    except LookupError:
        return None


def _text_cells(dbf: Path, file: str) -> list[bytes]:
    """The distinct non-empty cells of every character field, and the field names, as bytes."""
    raw = dbf.read_bytes()
    header_bytes, record_bytes = int.from_bytes(raw[8:10], "little"), int.from_bytes(raw[10:12], "little")
    if len(raw) < 33 or header_bytes < 33 or record_bytes < 1 or header_bytes > len(raw):
        raise _refused(file, f"{dbf.stem}.dbf 已损坏", f"{dbf.stem}.dbf is damaged")
    cells: set[bytes] = set()
    count = min(int.from_bytes(raw[4:8], "little"), (len(raw) - header_bytes) // record_bytes)
    records = np.frombuffer(raw, dtype=np.uint8, offset=header_bytes, count=count * record_bytes).reshape(
        count, record_bytes
    )
    start = 1
    for at in range(32, header_bytes - 1, 32):
        descriptor = raw[at : at + 32]
        if len(descriptor) < 32 or descriptor[:1] == b"\r":
            break
        cells.add(descriptor[:11].split(b"\x00")[0])
        width = descriptor[16]
        if descriptor[11:12] == b"C" and width and start + width <= record_bytes:
            column = np.ascontiguousarray(records[:, start : start + width]).view(f"S{width}").ravel()
            cells.update(bytes(one).rstrip(b" \x00") for one in np.unique(column))
        start += width
    return [cell for cell in cells if cell]


def _cut_cells(cells: Sequence[bytes], codec: str) -> int | None:
    """How many cells end in half a character, None when a cell cannot be read as ``codec`` otherwise."""
    cut = 0
    for cell in cells:
        try:
            cell.decode(codec)
        except UnicodeDecodeError as wrong:
            at_the_end = wrong.start >= len(cell) - (_LONGEST_CHARACTER - 1) and wrong.end == len(cell)
            if not at_the_end or wrong.start == 0:
                return None
            cut += 1
    return cut


def _refused(file: str, zh: str, en: str) -> Invalid:
    return Invalid(Words(f"文件 {file} 无法读取：{zh}。", f"File {file} cannot be read: {en}."))
