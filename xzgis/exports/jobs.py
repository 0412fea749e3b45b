"""Whole ways out, each with a transaction of its own: a file in memory, and the trail."""

import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from typing import IO, cast

from xzgis.audit.queries.search import all_found
from xzgis.audit.queries.written import COLUMNS, write_into
from xzgis.audit.rules.canonical import moment
from xzgis.audit.terms import Search
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.exports.actions.leaving import begin_export, exporting, finish_export, left_file
from xzgis.exports.rules.told import headers_of
from xzgis.exports.terms import Leaving, LeftFile, Mark
from xzgis.formats.marked import mark_row, marked_csv, marked_workbook

EXPORT_TIMEOUT_S = 120
SPOOLED_BYTES = 1 << 20
PIECE_BYTES = 1 << 16


def leave_file(
    actor: Actor, what: Leaving, content: bytes, *, name: str, now: datetime
) -> tuple[bytes, dict[str, str]]:
    """A table in memory leaves: the file with its mark, and the headers that tell of its export.

    CSV and workbooks bear the mark; a JSON list cannot, and is found again by its hash.

    Raises
    ------
    Invalid, HeldBack
        As :func:`begin_export`.
    """
    with exporting(actor, now=now) as session:
        begun = begin_export(session, actor=actor, what=what, rules=catalogue().exports, now=now)
        marked = _marked(content, what.file_format, begun.mark)
        finish_export(session, actor=actor, begun=begun, files=[left_file(name, marked)])
    return marked, headers_of(begun)


def _marked(content: bytes, file_format: str, mark: Mark) -> bytes:
    if file_format == "xlsx":
        return marked_workbook(content, mark.line)
    return marked_csv(content, mark.line) if file_format == "csv" else content


def leave_trail(
    actor: Actor, asked: Search, file_format: str, *, reason: str, now: datetime, name: str = ""
) -> tuple[Iterator[bytes], dict[str, str]]:
    """What a search of the trail finds as the pieces of a file, kept as an export before the first of them.

    The file lies aside first: neither a slow reader nor a broken line keeps a transaction open.

    Raises
    ------
    Invalid
        No such format, or no reason.
    """
    told = {field: value for field, value in asdict(asked).items() if value is not None}
    told |= {field: moment(value) for field, value in told.items() if isinstance(value, datetime)}
    spool = cast(IO[bytes], tempfile.SpooledTemporaryFile(max_size=SPOOLED_BYTES))  # noqa: SIM115 - its pieces close it
    try:
        with exporting(actor, now=now, statement_timeout_s=EXPORT_TIMEOUT_S) as session:
            count = write_into(spool, all_found(session, asked), file_format)
            what = Leaving("trail", file_format, records=count, reason=reason)
            begun = begin_export(session, actor=actor, what=what, rules=catalogue().exports, now=now)
            if file_format == "csv":
                spool.write(mark_row(",".join(COLUMNS), begun.mark.line))
            file = LeftFile(name or f"trail.{file_format}", digest_of(spool), spool.tell())
            finish_export(session, actor=actor, begun=begun, files=[file], asked=told)
    except BaseException:
        spool.close()
        raise
    spool.seek(0)
    return _pieces(spool), headers_of(begun)


def digest_of(file: IO[bytes]) -> str:
    """SHA-256 of an open file from its beginning, hexadecimal; it stands at its end afterwards."""
    file.seek(0)
    digest = sha256()
    while piece := file.read(PIECE_BYTES):
        digest.update(piece)
    return digest.hexdigest()


def _pieces(file: IO[bytes]) -> Iterator[bytes]:
    with file:
        while piece := file.read(PIECE_BYTES):
            yield piece
