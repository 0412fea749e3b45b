"""One door to every format of the answer."""

import re
from dataclasses import dataclass
from urllib.parse import quote

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.reports.artwork import artwork_of
from xzgis.conflicts.reports.document import as_json
from xzgis.conflicts.reports.drawing import drawing_of
from xzgis.conflicts.reports.dress import Dress
from xzgis.conflicts.reports.geojson import as_geojson
from xzgis.conflicts.reports.sheets import as_csv, as_xlsx
from xzgis.conflicts.reports.table import as_table
from xzgis.conflicts.rules.answer import Checked
from xzgis.core.errors import Invalid
from xzgis.core.words import Language, Words
from xzgis.exports.terms import Mark
from xzgis.formats.marked import (
    MARK_HERE,
    marked_csv,
    marked_html,
    marked_json,
    marked_svg,
    marked_text,
    marked_workbook,
)
from xzgis.formats.sheets import CSV_TYPE, XLSX_TYPE


@dataclass(frozen=True, slots=True)
class Format:
    """One format: its name, media type and suffix."""

    name: str
    media_type: str
    suffix: str


FORMATS = {
    each.name: each
    for each in (
        Format("json", "application/json", ".json"),
        Format("geojson", "application/geo+json", ".geojson"),
        Format("csv", CSV_TYPE, ".csv"),
        Format("xlsx", XLSX_TYPE, ".xlsx"),
        Format("html", "text/html; charset=utf-8", ".html"),
        Format("table", "text/plain; charset=utf-8", ".txt"),
    )
}


def format_named(name: str) -> Format:
    """The format of that name; refused with the list when there is none."""
    if name not in FORMATS:
        names = ", ".join(FORMATS)
        raise Invalid(
            Words(f"没有格式“{name}”，可用：{names}。", f"There is no format “{name}”; use one of {names}.")
        )
    return FORMATS[name]


def rendered(
    checked: Checked,
    name: str,
    *,
    catalogue: Catalogue,
    title: str,
    language: Language = "zh",
    leaves: bool = False,
    for_people: bool = False,
) -> bytes:
    """The answer of a check in the format ``name``; one that ``leaves`` as a file is given its mark by :func:`marked`.

    ``for_people``: taken from a page, by who reads heads as words.
    """
    format_named(name)
    result = checked.result
    if name == "json":
        return as_json(result).encode() + b"\n"
    if name == "geojson":
        return as_geojson(result).encode() + b"\n"
    dress = dress_of(catalogue)
    if name == "csv":
        return as_csv(result, dress.kinds, language, for_people=for_people)
    if name == "xlsx":
        return as_xlsx(result, dress.kinds, language, mark=MARK_HERE if leaves else "")
    if name == "table":
        return as_table(result, dress.kinds, language).encode()
    from xzgis.conflicts.reports.page import (
        as_page,  # here: folium would take a third of a second of every start
    )

    drawing = drawing_of(checked.work.runs, checked.existing)
    artwork = artwork_of(checked, catalogue, title=title, language=language)
    return as_page(result, drawing, dress, title=title, language=language, artwork=artwork).encode()


def marked(content: bytes, name: str, mark: Mark) -> bytes:
    """A rendered answer that leaves, in the format ``name`` or a drawing ``svg``, with the mark of its export."""
    if name == "svg":
        return marked_svg(content, mark.line, mark.document())
    if name == "xlsx":
        return marked_workbook(content, mark.line)
    if name == "csv":
        return marked_csv(content, mark.line)
    if name == "html":
        return marked_html(content, mark.line, mark.document())
    return marked_text(content, mark.line) if name == "table" else marked_json(content, mark.document())


def file_name(title: str, number: str, suffix: str) -> str:
    """The name of a report as a file: the work's own name and number, without signs that a disk refuses."""
    cleaned = re.sub(r'[\s\\/:*?"<>|\x00-\x1f\x7f]+', " ", title).strip(" .")[:80] or "check"
    return f"{cleaned}{'-' + number if number else ''}{suffix}"


def disposition(name: str) -> dict[str, str]:
    """The header under which a file travels; a name beyond ASCII is given in both forms (RFC 6266)."""
    plain = re.sub(r"[^\x20-\x7e]+", "_", name).replace('"', "")
    return {
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"
    }


def dress_of(catalogue: Catalogue) -> Dress:
    """Words and colours of the kinds, with the word for an excavation."""
    kinds = {token: Words(kind.zh, kind.en) for token, kind in catalogue.kinds.items()}
    kinds["excavation"] = Words("开挖", "excavation")
    return Dress(kinds=kinds, colours={token: symbol.screen for token, symbol in catalogue.symbols.items()})
