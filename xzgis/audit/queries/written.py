"""What a search found, as a file or a stream: CSV for people, JSON for machines."""

import csv
import io
import json
from collections.abc import Iterable, Iterator
from typing import IO, Any

from geoalchemy2.shape import to_shape

from xzgis.audit.models import TrailEntry
from xzgis.audit.rules.canonical import moment
from xzgis.core.errors import Invalid
from xzgis.core.words import Words

COLUMNS = (
    "id", "happened_at", "actor", "actor_id", "acting_for", "via", "address", "event", "object_kind", "object_id",
    "result", "place", "details",
)  # fmt: skip
FORMATS = {"csv": "text/csv; charset=utf-8", "json": "application/json"}
# A sheet takes a cell that begins so for a formula.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
MARK = "\ufeff"


def as_document(entry: TrailEntry) -> dict[str, Any]:
    """An entry as JSON-ready values; ``place`` is a box as west, south, east, north in the storage CRS, or None."""
    told = {name: getattr(entry, name) for name in COLUMNS}
    told["happened_at"] = moment(entry.happened_at)
    told["place"] = None if entry.place is None else [round(one, 3) for one in to_shape(entry.place).bounds]
    return told


def written(entries: Iterable[TrailEntry], file_format: str) -> Iterator[str]:
    """The file piece by piece, so that no export has to fit into memory.

    Raises
    ------
    Invalid
        A format other than ``csv`` and ``json``.
    """
    if file_format not in FORMATS:
        raise Invalid(
            Words(f"没有“{file_format}”格式；可用 csv、json。", f"No format {file_format!r}: csv or json.")
        )
    return _csv(entries) if file_format == "csv" else _json(entries)


def write_into(file: IO[bytes], entries: Iterable[TrailEntry], file_format: str) -> int:
    """Write entries into an open file; how many."""
    count = 0

    def counting() -> Iterator[TrailEntry]:
        nonlocal count
        for entry in entries:
            count += 1
            yield entry

    file.writelines(piece.encode() for piece in written(counting(), file_format))
    return count


def _csv(entries: Iterable[TrailEntry]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line)

    def taken() -> str:
        text = line.getvalue()
        line.seek(0)
        line.truncate()
        return text

    writer.writerow(COLUMNS)
    yield MARK + taken()
    for entry in entries:
        told = as_document(entry)
        told["details"] = json.dumps(told["details"], ensure_ascii=False)
        told["place"] = "" if told["place"] is None else ",".join(f"{one:.3f}" for one in told["place"])
        writer.writerow([_cell(told[name]) for name in COLUMNS])
        yield taken()


def _cell(value: Any) -> str:
    text = "" if value is None else str(value)
    return f"'{text}" if text.startswith(FORMULA) else text


def _json(entries: Iterable[TrailEntry]) -> Iterator[str]:
    yield "["
    for number, entry in enumerate(entries):
        yield (",\n" if number else "\n") + json.dumps(as_document(entry), ensure_ascii=False)
    yield "\n]\n"
