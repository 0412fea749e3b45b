"""Many rows at once into a table: COPY in PostgreSQL's binary form, made from columns, never row by row.

Measured (docs/benchmarks/load.md): the rows of a frame are laid out at some 0.3 microseconds per value, so
that the server, not Python, is what a large load waits for.
"""

import itertools
import json
import struct
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import numba
import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import shapely
from geoalchemy2 import Geometry
from psycopg import sql
from psycopg.copy import LibpqWriter
from sqlalchemy import BigInteger, Boolean, Date, DateTime, Integer, Table, Text
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Session

from xzgis.core.db import STORAGE_SRID
from xzgis.core.sending import SENT_AHEAD_BYTES, widen
from xzgis.core.wall import before_the_wall

Bytes = npt.NDArray[np.uint8]
Offsets = npt.NDArray[np.int64]
Mask = npt.NDArray[np.bool_]

HEADER = b"PGCOPY\n\xff\r\n\0" + bytes(8)
TRAILER = b"\xff\xff"
ROWS_AT_ONCE = 65_536
# The first block is small: the server waits for it, and for no other.
ROWS_AT_FIRST = 8_192
# The rows that are written column by column lie in the processor's cache meanwhile; a longer field is moved as a whole.
ROWS_IN_CACHE = 1_024
SHORT = 24
EPOCH = np.datetime64("2000-01-01", "us")
FLOAT8_OID = 701
TEXT_OID = 25
EWKB_SRID_FLAG = 0x20000000
POINT, LINESTRING = 0, 1  # shapely's numbers for the types
JSON_VERSION = "\x01"
VERSION = pa.scalar(JSON_VERSION, pa.large_string())


@dataclass(frozen=True)
class _Column:
    """The bytes of one column: row ``i`` is ``data[offset[i]:offset[i + 1]]``, NULL where not ``known``."""

    data: Bytes
    offset: Offsets
    known: Mask


def ragged(values: npt.NDArray[np.float64], offset: npt.NDArray[np.int64]) -> pd.Series:
    """One array of numbers per row, as a column of a frame: row ``i`` is ``values[offset[i]:offset[i + 1]]``.

    NaN means unknown and becomes NULL; a row in which nothing is known becomes NULL as a whole.
    """
    lists = pa.LargeListArray.from_arrays(pa.array(offset, pa.int64()), pa.array(values, pa.float64()))
    return pd.Series(pd.arrays.ArrowExtensionArray(lists))


def copy_rows(
    session: Session,
    table: Table,
    frame: pd.DataFrame,
    constants: Mapping[str, Any],
    *,
    before_each: Callable[[], None] = lambda: None,
) -> int:
    """Append the rows of ``frame`` to ``table`` in the session's transaction; how many.

    Parameters
    ----------
    frame
        One column per column of ``table`` that is not left to its default. Numbers with NaN or NA for
        unknown; text; dates; ``ragged`` arrays; dicts or JSON text; shapely geometries in the storage CRS.
    constants
        Columns with the same value in every row: whole numbers, aware datetimes or None.
    before_each
        Called before each block of rows; what it raises ends the statement.
    """
    names = [*frame.columns, *constants]
    session.flush()
    connection = session.connection().connection.driver_connection
    statement = sql.SQL("copy {} ({}) from stdin (format binary)").format(
        sql.Identifier(table.name), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    assert connection is not None
    widen(connection)
    blocks = _blocks(table, frame, constants)
    with (
        before_the_wall(session),  # nothing can be copied into a table whose row security holds
        ThreadPoolExecutor(max_workers=1) as ahead,
        connection.cursor() as cursor,
        cursor.copy(statement, writer=LibpqWriter(cursor, flush_threshold=SENT_AHEAD_BYTES)) as copy,
    ):
        copy.write(HEADER)
        # While the server takes one block in, the next is laid out.
        following = ahead.submit(next, blocks, None)
        while (block := following.result()) is not None:
            before_each()
            following = ahead.submit(next, blocks, None)
            copy.write(block)
        copy.write(TRAILER)
    return len(frame)


def _blocks(table: Table, frame: pd.DataFrame, constants: Mapping[str, Any]) -> Iterator[memoryview]:
    bounds = {0, *range(ROWS_AT_FIRST, len(frame), ROWS_AT_ONCE), len(frame)}
    for start, end in itertools.pairwise(sorted(bounds)):
        part = frame.iloc[start:end]
        columns = [_encoded(table.columns[name].type, part[name]) for name in part.columns]
        columns += [_constant(value, len(part)) for value in constants.values()]
        yield _rows(columns, len(part))


def _rows(columns: Sequence[_Column], count: int) -> memoryview:
    """The rows of a block: per row the number of fields, per field its length and its bytes."""
    size = np.full(count, 2 + 4 * len(columns), np.int64)
    for column in columns:
        size += np.where(column.known, np.diff(column.offset), 0)
    cursor = np.concatenate(([0], np.cumsum(size)))
    out = np.empty(cursor[-1], np.uint8)
    cursor = cursor[:-1].copy()
    fields = len(columns)
    out[cursor], out[cursor + 1] = fields >> 8, fields & 0xFF
    cursor += 2
    for start in range(0, count, ROWS_IN_CACHE):
        end = min(start + ROWS_IN_CACHE, count)
        for column in columns:
            _place(out, cursor, column.data, column.offset, column.known, start, end)
    return out.data


@numba.njit(cache=True, nogil=True)
def _place(
    out: Bytes, cursor: Offsets, data: Bytes, offset: Offsets, known: Mask, start: int, end: int
) -> None:
    """Write one field of the rows from ``start`` to ``end`` at each row's cursor, and move the cursors on."""
    for row in range(start, end):
        at = cursor[row]
        if not known[row]:
            for byte in range(4):
                out[at + byte] = 255
            cursor[row] = at + 4
            continue
        source = offset[row]
        length = offset[row + 1] - source
        for byte in range(4):
            out[at + byte] = (length >> (24 - 8 * byte)) & 255
        if length == 8:
            # Most fields are numbers: a loop of known length is unrolled.
            for byte in range(8):
                out[at + 4 + byte] = data[source + byte]
        elif length < SHORT:
            for byte in range(length):
                out[at + 4 + byte] = data[source + byte]
        else:
            out[at + 4 : at + 4 + length] = data[source : source + length]
        cursor[row] = at + 4 + length


def _encoded(kind: Any, values: pd.Series) -> _Column:
    """The bytes of a column of the SQL type ``kind``."""
    if isinstance(kind, ARRAY) and isinstance(kind.item_type, Text):
        return _word_lists(values)
    for types, encode in ENCODERS:
        if isinstance(kind, types):
            made: _Column = encode(values)
            return made
    raise TypeError(f"no binary form for {kind!r}")


def _fixed(numbers: npt.NDArray[Any], known: Mask) -> _Column:
    width = numbers.dtype.itemsize
    data = np.ascontiguousarray(numbers.astype(numbers.dtype.newbyteorder(">"))).view(np.uint8)
    return _Column(data, np.arange(len(numbers) + 1, dtype=np.int64) * width, known)


def _constant(value: Any, count: int) -> _Column:
    if value is None:
        return _Column(np.empty(0, np.uint8), np.zeros(count + 1, np.int64), np.zeros(count, np.bool_))
    if isinstance(value, datetime):
        moment = np.datetime64(int(value.timestamp() * 1_000_000), "us")
        value = (moment - EPOCH).astype(np.int64)
    return _fixed(np.full(count, value, np.int64), np.ones(count, np.bool_))


def _whole(values: pd.Series, dtype: type[np.signedinteger[Any]]) -> _Column:
    known = values.notna().to_numpy()
    numbers = values.astype("Int64").to_numpy(dtype=np.int64, na_value=0)
    if dtype is np.int32 and len(numbers) and (numbers.max() > 2**31 - 1 or numbers.min() < -(2**31)):
        raise OverflowError(f"a value of {values.name} is beyond a four-byte whole number")
    return _fixed(numbers.astype(dtype), known)


def _number(values: pd.Series) -> _Column:
    numbers = pd.to_numeric(values).to_numpy(dtype=np.float64, na_value=np.nan)
    return _fixed(numbers, ~np.isnan(numbers))


def _truth(values: pd.Series) -> _Column:
    known = values.notna().to_numpy()
    return _fixed(values.astype("boolean").to_numpy(dtype=np.int8, na_value=0), known)


def _day(values: pd.Series) -> _Column:
    known = values.notna().to_numpy()
    days = pa.array(values, pa.date32(), from_pandas=True).cast(pa.int32()).fill_null(0).to_numpy()
    return _fixed((days - 10_957).astype(np.int32), known)  # days between 1970 and 2000


def _moment(values: pd.Series) -> _Column:
    moments = pd.to_datetime(values, utc=True)
    known = moments.notna().to_numpy()
    bare = moments.dt.tz_convert(None).to_numpy(dtype="datetime64[us]")
    return _fixed(np.where(known, (bare - EPOCH).astype(np.int64), 0), known)


def _words(values: pd.Series) -> _Column:
    return _strings(pa.array(values, pa.large_string(), from_pandas=True))


def _json(values: pd.Series) -> _Column:
    """JSON as the server takes it: a version byte, then the text."""
    objects = values.to_numpy(dtype=object)
    if pd.api.types.infer_dtype(objects, skipna=True) in ("string", "empty"):
        plain = pa.array(objects, pa.large_string(), from_pandas=True)
        return _strings(pc.binary_join_element_wise(VERSION, plain, pa.scalar("", pa.large_string())))
    known = values.notna().to_numpy()
    texts = [
        None
        if not there
        else JSON_VERSION + (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False))
        for value, there in zip(values, known, strict=True)
    ]
    return _strings(pa.array(texts, pa.large_string()))


def _strings(texts: pa.LargeStringArray) -> _Column:
    known = np.asarray(texts.is_valid())
    _, offsets, data = texts.buffers()
    start = texts.offset
    offset = np.frombuffer(offsets, np.int64)[start : start + len(texts) + 1]
    return _Column(np.frombuffer(data, np.uint8) if data else np.empty(0, np.uint8), offset, known)


def _array(values: pd.Series) -> _Column:
    """Arrays of numbers; NaN elements are NULL, a row without any known element is NULL."""
    lists = pa.array(values, pa.large_list(pa.float64()), from_pandas=True)
    if isinstance(lists, pa.ChunkedArray):
        lists = lists.combine_chunks()
    numbers = lists.flatten().to_numpy(zero_copy_only=False).astype(np.float64)
    length = np.where(lists.is_valid(), lists.value_lengths().fill_null(0), 0).astype(np.int64)
    begin = np.concatenate(([0], np.cumsum(length)))
    data, offset, known = _float_arrays(numbers, begin)
    return _Column(data, offset, known)


def _word_lists(values: pd.Series) -> _Column:
    """Lists of words, laid out once per distinct list; a missing one is NULL."""
    lists = values.to_numpy(dtype=object)
    # Rows mostly share one list in memory: a look at each such list, not at each row.
    number, _ = pd.factorize(np.fromiter(map(id, lists), np.int64, len(lists)))
    first = np.flatnonzero(~pd.Series(number).duplicated().to_numpy())
    gap = np.array([one is None or one is pd.NA for one in lists[first]], np.bool_)
    laid = [b"" if gone else _word_list(one) for one, gone in zip(lists[first], gap, strict=True)]
    size = np.fromiter(map(len, laid), np.int64, len(laid))
    data = b"".join([laid[at] for at in number])
    return _Column(
        np.frombuffer(data, np.uint8), np.concatenate(([0], np.cumsum(size[number]))), ~gap[number]
    )


def _word_list(words: Sequence[str]) -> bytes:
    if not words:
        return struct.pack(">iii", 0, 0, TEXT_OID)
    told = [word.encode() for word in words]
    head = struct.pack(">iiiii", 1, 0, TEXT_OID, len(told), 1)
    return head + b"".join(struct.pack(">i", len(one)) + one for one in told)


@numba.njit(cache=True, nogil=True)
def _float_arrays(values: npt.NDArray[np.float64], begin: Offsets) -> tuple[Bytes, Offsets, Mask]:
    count = len(begin) - 1
    bits = values.view(np.uint64)
    offset = np.zeros(count + 1, np.int64)
    known = np.zeros(count, np.bool_)
    for row in range(count):
        there = 0
        for at in range(begin[row], begin[row + 1]):
            there += not np.isnan(values[at])
        known[row] = there > 0
        size = 20 + 4 * (begin[row + 1] - begin[row]) + 8 * there
        offset[row + 1] = offset[row] + (size if known[row] else 0)
    data = np.zeros(offset[count], np.uint8)
    for row in range(count):
        if not known[row]:
            continue
        out = offset[row]
        length = begin[row + 1] - begin[row]
        full = offset[row + 1] - out == 20 + 12 * length
        data[out + 3] = 1
        data[out + 7] = 0 if full else 1
        data[out + 10], data[out + 11] = FLOAT8_OID >> 8, FLOAT8_OID & 255
        for byte in range(4):
            data[out + 12 + byte] = (length >> (24 - 8 * byte)) & 255
        data[out + 19] = 1
        out += 20
        for at in range(begin[row], begin[row + 1]):
            if np.isnan(values[at]):
                data[out : out + 4] = 255
                out += 4
                continue
            data[out + 3] = 8
            for byte in range(8):
                data[out + 4 + byte] = (bits[at] >> np.uint64(56 - 8 * byte)) & np.uint64(255)
            out += 12
    return data, offset, known


def _shape(values: pd.Series) -> _Column:
    """Shapes in the storage CRS; two-dimensional lines and points go without a way through objects."""
    shapes = np.asarray(values, dtype=object)
    known = ~shapely.is_missing(shapes)
    types, is_flat = shapely.get_type_id(shapes), not shapely.has_z(shapes).any()
    if is_flat and (types == POINT).all() and not shapely.is_empty(shapes).any():
        return _points(shapely.get_coordinates(shapes))
    if is_flat and (types == LINESTRING).all():
        xy = shapely.get_coordinates(shapes)
        begin = np.concatenate(([0], np.cumsum(shapely.get_num_coordinates(shapes)))).astype(np.int64)
        data, offset = _lines(xy, begin)
        return _Column(data, offset, known)
    blobs = shapely.to_wkb(shapely.set_srid(shapes, STORAGE_SRID), include_srid=True)
    packed = pa.array(blobs, pa.large_binary())
    _, offsets, data = packed.buffers()
    return _Column(np.frombuffer(data, np.uint8), np.frombuffer(offsets, np.int64)[: len(blobs) + 1], known)


def _points(xy: npt.NDArray[np.float64]) -> _Column:
    """Points as EWKB, little-endian: all of one length."""
    told = np.empty(
        len(xy), np.dtype([("order", "u1"), ("type", "<u4"), ("srid", "<u4"), ("xy", "<f8", (2,))])
    )
    told["order"], told["type"], told["srid"], told["xy"] = 1, EWKB_SRID_FLAG | 1, STORAGE_SRID, xy
    width = told.dtype.itemsize
    return _Column(
        told.view(np.uint8), np.arange(len(xy) + 1, dtype=np.int64) * width, np.ones(len(xy), np.bool_)
    )


@numba.njit(cache=True, nogil=True)
def _lines(xy: npt.NDArray[np.float64], begin: Offsets) -> tuple[Bytes, Offsets]:
    """Lines as EWKB, little-endian."""
    count = len(begin) - 1
    flat = xy.ravel().view(np.uint8)
    offset = np.zeros(count + 1, np.int64)
    for row in range(count):
        offset[row + 1] = offset[row] + 13 + 16 * (begin[row + 1] - begin[row])
    data = np.empty(offset[count], np.uint8)
    for row in range(count):
        out = offset[row]
        data[out] = 1
        length = begin[row + 1] - begin[row]
        for byte in range(4):
            data[out + 1 + byte] = ((EWKB_SRID_FLAG | 2) >> (8 * byte)) & 255
            data[out + 5 + byte] = (STORAGE_SRID >> (8 * byte)) & 255
            data[out + 9 + byte] = (length >> (8 * byte)) & 255
        source = 16 * begin[row]
        for byte in range(16 * length):
            data[out + 13 + byte] = flat[source + byte]
    return data, offset


ENCODERS: tuple[tuple[tuple[type, ...], Any], ...] = (
    ((Geometry,), _shape),
    ((ARRAY,), _array),
    ((JSONB,), _json),
    ((Text,), _words),
    ((Boolean,), _truth),
    ((DOUBLE_PRECISION,), _number),
    ((BigInteger,), partial(_whole, dtype=np.int64)),
    ((Integer,), partial(_whole, dtype=np.int32)),
    ((DateTime,), _moment),
    ((Date,), _day),
)
