"""A mark written into a finished file, so that it says of itself whose it is: one line for people, a document for programs."""

import csv
import io
import json
import re
import zipfile
from collections.abc import Mapping
from html import escape
from typing import Any

MARK_HERE = "XZGIS-MARK-HERE-5f1d"
"""Stands in a workbook until it leaves; nobody's text."""
LONGEST_FOOT = 240
"""A foot of a printed sheet holds 255 signs, of which three say where it stands (ECMA-376 part 1, 18.3.1.46)."""
LINE_PX = 20
VIEW_BOX = re.compile(r'viewBox="0 0 ([0-9.]+) ([0-9.]+)"')
HEIGHT = re.compile(r'(<svg\b[^>]*\bheight=")([0-9.]+)(")')
HEAD_END = re.compile(r"</head\s*>", re.IGNORECASE)
BODY = re.compile(r"""<body(?:\s(?:[^>"']|"[^"]*"|'[^']*')*)?>""", re.IGNORECASE)
HTML_STYLE = (
    "<style>.export-mark{{border:1px solid #4b5563;padding:.3rem .8rem;font-size:.85rem;color:#374151}}"
    '.export-veil{{position:fixed;inset:0;pointer-events:none;z-index:9999;opacity:.14;background:url("{tile}")}}'
    "</style>"
)
TILE = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="520" height="260"><text x="20" y="240" font-size="15" '
    'fill="#000" transform="rotate(-22 20 240)">{text}</text></svg>'
)

Document = Mapping[str, Any]


def marked_csv(content: bytes, line: str) -> bytes:
    """A CSV with the mark as its last row, which begins with ``#`` and is as wide as the head: the head stays first."""
    head = content[: content.find(b"\n") + 1].decode("utf-8-sig")
    return content + (b"" if content.endswith(b"\n") else b"\r\n") + mark_row(head, line)


def mark_row(head: str, line: str) -> bytes:
    """The row that holds the mark under a table with this head."""
    width = max(1, len(next(csv.reader([head]), [])))
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([f"# {line}", *[""] * (width - 1)])
    return text.getvalue().encode()


def marked_workbook(content: bytes, line: str) -> bytes:
    """A workbook that was written with :data:`MARK_HERE`, with the mark in its place: no sheet is read again."""
    told = escape(line[:LONGEST_FOOT], quote=False).encode()
    made = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(content)) as given,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as book,
    ):
        for member in given.infolist():
            book.writestr(member, given.read(member).replace(MARK_HERE.encode(), told))
    return made.getvalue()


def marked_text(content: bytes, line: str) -> bytes:
    """A plain text with the mark as its last line."""
    return content.rstrip(b"\n") + b"\n\n" + line.encode() + b"\n"


def marked_json(content: bytes, document: Document) -> bytes:
    """A JSON object, GeoJSON too, with the mark as its first member ``export``.

    Raises
    ------
    ValueError
        The content is no JSON object.
    """
    text = content.decode()
    if not text.startswith("{") or text[1:].lstrip().startswith("}"):
        raise ValueError("only a JSON object with members can bear a mark")
    return f'{{\n"export": {json.dumps(document, ensure_ascii=False)},{text[1:]}'.encode()


def marked_svg(content: bytes, line: str, document: Document) -> bytes:
    """A drawing from 0 0, lengthened by one line that holds the mark; the document as metadata."""
    text = content.decode()
    found = VIEW_BOX.search(text)
    if found is None:
        raise ValueError("the drawing has no viewBox from 0 0")
    width, height = found[1], float(found[2])
    text = text.replace(found[0], f'viewBox="0 0 {width} {height + LINE_PX:g}"', 1)
    text = HEIGHT.sub(lambda one: f"{one[1]}{float(one[2]) + LINE_PX:g}{one[3]}", text, count=1)
    told = escape(json.dumps(document, ensure_ascii=False), quote=False)
    added = (
        f"<metadata>{told}</metadata>"
        f'<rect x="0" y="{height:g}" width="{width}" height="{LINE_PX}" fill="#ffffff"></rect>'
        f'<text x="8" y="{height + LINE_PX - 6:g}" font-size="11" fill="#374151">{escape(line, quote=False)}</text>'
    )
    at = text.rindex("</svg>")
    return (text[:at] + added + text[at:]).encode()


def marked_html(content: bytes, line: str, document: Document) -> bytes:
    """A page with the mark on top and, faintly, across the whole of it, on screen and on paper; metadata in its head.

    Raises
    ------
    ValueError
        The page has no head or no body: it would leave without its mark.
    """
    text = content.decode()
    told = escape(json.dumps(document, ensure_ascii=False), quote=True)
    tile = "data:image/svg+xml," + _in_address(
        TILE.format(text=escape(line.partition(" | ")[0], quote=False))
    )
    head = f'<meta name="xzgis-export" content="{told}">{HTML_STYLE.format(tile=tile)}'
    body = f'<p class="export-mark">{escape(line, quote=False)}</p><div class="export-veil" aria-hidden="true"></div>'
    ends = HEAD_END.search(text)
    begins = BODY.search(text, ends.end()) if ends else None
    if ends is None or begins is None:
        raise ValueError("only a page with a head and a body can bear a mark")
    return (
        text[: ends.start()] + head + text[ends.start() : begins.end()] + body + text[begins.end() :]
    ).encode()


def _in_address(text: str) -> str:
    """Text as part of a data address inside quotes of a style sheet."""
    return "".join(sign if sign.isalnum() and sign.isascii() else "".join(f"%{byte:02X}" for byte in sign.encode())
                   for sign in text)  # fmt: skip
