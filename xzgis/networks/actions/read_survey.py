"""Reads delivered survey tables; touches no database."""

from collections.abc import Callable, Sequence
from pathlib import Path

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.child import Progress
from xzgis.formats.tables import RawTable, read_tables
from xzgis.networks.rules.layouts import gather
from xzgis.networks.rules.survey import INTAKES, SurveyOptions, understand
from xzgis.networks.rules.unused_tables import UNREAD_LINES, unread_lines
from xzgis.networks.terms import DeliveredFile, Delivery, IntakeFinding

_SHOWN_VALUES = 3
_LOOKED_AT_ROWS = 2000


def read_survey(
    paths: Sequence[Path],
    *,
    catalogue: Catalogue,
    options: SurveyOptions | None = None,
    limits: tuple[int, int] = (300, 8192),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Delivery:
    """The survey delivery in ``paths`` (XLSX, XLS, CSV, TSV, TXT, MDB, ACCDB), read, understood and placed.

    ``limits``: CPU seconds and megabytes of the reading process. Refuses files that cannot be read; what is
    wrong inside a readable table is a finding.
    """
    asked = options or SurveyOptions()
    tables = read_tables(
        paths, encoding=asked.encoding, limits=limits, progress=progress, cancelled=cancelled
    )
    mappings = [catalogue.intakes[name] for name in _mappings(asked.intake)]
    text = gather(tables, mappings, overrides=asked.overrides)
    delivery = understand(text, _files(tables), catalogue, asked)
    encodings = tuple(_encoding_finding(table) for table in tables if table.encoding is not None)
    facts = dict(delivery.facts) | {
        "roles": {place: columns.role for place, columns in text.maps},
        "samples": {table.place: _samples(table) for table in tables},
        UNREAD_LINES: unread_lines(
            tables,
            frozenset(place for place, columns in text.maps if columns.role == "other"),
            frozenset() if text.points.empty else frozenset(text.points["point_no"].dropna().astype(str)),
        ),
    }
    return Delivery(**{**delivery.__dict__, "findings": (*encodings, *delivery.findings), "facts": facts})


def _samples(table: RawTable) -> dict[str, list[str]]:
    """The first few different values of each column, for the person who maps it."""
    head = table.frame.head(_LOOKED_AT_ROWS)
    return {
        str(name): [str(value)[:40] for value in head[name].dropna().unique()[:_SHOWN_VALUES]]
        for name in head.columns
    }


def _mappings(intake: str | None) -> tuple[str, ...]:
    # The other layouts stay behind the chosen one: a delivery may mix them, names decide.
    return INTAKES if intake is None else (intake, *(name for name in INTAKES if name != intake))


def _files(tables: Sequence[RawTable]) -> tuple[DeliveredFile, ...]:
    files: dict[str, DeliveredFile] = {}
    for table in tables:
        before = files.get(table.file)
        rows = len(table.frame) + (before.rows_read if before else 0)
        told = table.encoding_why
        why = None if told is None else {"zh": told.zh, "en": told.en}
        files[table.file] = DeliveredFile(table.file, table.format, table.encoding, rows, encoding_why=why)
    return tuple(files.values())


def _encoding_finding(table: RawTable) -> IntakeFinding:
    why = table.encoding_why or Words("", "")
    return IntakeFinding(
        "R07",
        "info",
        Words(
            f"文字编码：{table.encoding}" + (f"（{why.zh}）" if why.zh else ""),
            f"Text encoding: {table.encoding}" + (f" ({why.en})" if why.en else ""),
        ),
        Words("如有乱码，请指明编码。", "If the text looks wrong, say which encoding it is."),
        file=table.file,
    )
