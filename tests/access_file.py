"""Writes small Access databases (Jet 3 and Jet 4), so that tests read real MDB files with invented rows.

Just enough of the format for tables of text, long integers and doubles without indexes; written from the
public description of the page layout. No program of this project writes MDB: this serves tests alone.
"""

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

Cell = str | int | float | None
Rows = Sequence[Sequence[Cell]]

LONG, INTEGER, DOUBLE, TEXT, OLE = 4, 3, 7, 10, 11
_FIXED = {LONG: ("<i", 4), INTEGER: ("<h", 2), DOUBLE: ("<d", 8)}
_HEADER_KEY = bytes((0xC7, 0xDA, 0x39, 0x6B))


@dataclass(frozen=True)
class Column:
    """Name and Jet type of one column."""

    name: str
    type: int = TEXT


class _Jet:
    """Sizes and encodings of one version of the format."""

    def __init__(self, version: int) -> None:
        self.is_jet3 = version == 3
        self.page = 2048 if self.is_jet3 else 4096
        self.head = 10 if self.is_jet3 else 14
        self.text = "gbk" if self.is_jet3 else "utf-16-le"
        self.count = "<B" if self.is_jet3 else "<H"


def write_access(
    path: Path, tables: Mapping[str, tuple[Sequence[Column], Rows]], *, version: int = 4
) -> None:
    """Writes ``tables`` to ``path``: name → (columns, rows). ``version`` 3 is Access 97, 4 is Access 2000."""
    jet = _Jet(version)
    pages: dict[int, bytes] = {0: _definition(jet, version), 1: bytes((1, 1)).ljust(jet.page, b"\x00")}
    catalogue_columns = [
        Column("Id", LONG), Column("ParentId", LONG), Column("Name"), Column("Type", INTEGER),
        Column("Flags", LONG), Column("LvProp", OLE),
    ]  # fmt: skip
    at = 4
    entries: list[Sequence[Cell]] = [(2, 0, "MSysObjects", 1, -2147483648, None)]
    maps: list[set[int]] = []
    for name, (columns, rows) in tables.items():
        definition, first = at, at + 1
        data = _data_pages(jet, definition, columns, rows)
        pages |= {first + index: page for index, page in enumerate(data)}
        maps.append(set(range(first, first + len(data))))
        pages[definition] = _table(jet, columns, len(rows), len(maps))
        entries.append((definition, 0, name, 1, 0, None))
        at = first + len(data)
    data = _data_pages(jet, 2, catalogue_columns, entries)
    pages |= {at + index: page for index, page in enumerate(data)}
    pages[2] = _table(jet, catalogue_columns, len(entries), 0, is_system=True)
    owned = [set(range(at, at + len(data))), *maps]
    pages[3] = _page(jet, 1, [_usage_map(own) for own in owned])
    path.write_bytes(b"".join(pages[number] for number in range(at + len(data))))


def _definition(jet: _Jet, version: int) -> bytes:
    page = bytearray(jet.page)
    page[0:20] = b"\x00\x01\x00\x00Standard Jet DB\x00"
    page[0x14] = version - 3
    size = 126 if jet.is_jet3 else 128
    struct.pack_into("<H", page, 0x3C, 936)
    page[0x18 : 0x18 + size] = _rc4(_HEADER_KEY, bytes(page[0x18 : 0x18 + size]))
    return bytes(page)


def _rc4(key: bytes, data: bytes) -> bytes:
    state = list(range(256))
    other = 0
    for index in range(256):
        other = (other + state[index] + key[index % len(key)]) % 256
        state[index], state[other] = state[other], state[index]
    first = second = 0
    out = bytearray()
    for byte in data:
        first = (first + 1) % 256
        second = (second + state[first]) % 256
        state[first], state[second] = state[second], state[first]
        out.append(byte ^ state[(state[first] + state[second]) % 256])
    return bytes(out)


def _usage_map(own: set[int]) -> bytes:
    bits = bytearray(max(64, max(own, default=0) // 8 + 1))
    for number in own:
        bits[number // 8] |= 1 << number % 8
    return b"\x00" + struct.pack("<I", 0) + bytes(bits)


def _page(jet: _Jet, owner: int, rows: Sequence[bytes]) -> bytes:
    """A data page: rows from its end towards its head."""
    page = bytearray(jet.page)
    page[0:2] = b"\x01\x01"
    struct.pack_into("<I", page, 4, owner)
    struct.pack_into("<H", page, jet.head - 2, len(rows))
    end = jet.page
    for index, row in enumerate(rows):
        end -= len(row)
        page[end : end + len(row)] = row
        struct.pack_into("<H", page, jet.head + 2 * index, end)
    struct.pack_into("<H", page, 2, end - jet.head - 2 * len(rows))
    return bytes(page)


def _data_pages(jet: _Jet, owner: int, columns: Sequence[Column], rows: Rows) -> list[bytes]:
    pages: list[bytes] = []
    held: list[bytes] = []
    for row in rows:
        packed = _row(jet, columns, row)
        used = jet.head + sum(len(other) + 2 for other in held)
        if used + len(packed) + 2 > jet.page:
            pages.append(_page(jet, owner, held))
            held = []
        held.append(packed)
    return [*pages, _page(jet, owner, held)]


def _row(jet: _Jet, columns: Sequence[Column], row: Sequence[Cell]) -> bytes:
    fixed = b""
    variable: list[bytes] = []
    mask = bytearray((len(columns) + 7) // 8)
    for index, (column, value) in enumerate(zip(columns, row, strict=True)):
        if value is not None:
            mask[index // 8] |= 1 << index % 8
        if column.type in _FIXED:
            fixed += struct.pack(_FIXED[column.type][0], value or 0)
        else:
            variable.append(str(value).encode(jet.text) if value is not None else b"")
    body = struct.pack(jet.count, len(columns)) + fixed
    offsets = []
    for text in variable:
        offsets.append(len(body))
        body += text
    ends = [*offsets, len(body)]
    packed = body + b"".join(struct.pack(jet.count, end) for end in reversed(ends))
    packed += struct.pack(jet.count, len(variable)) + bytes(mask)
    if jet.is_jet3 and len(packed) > 255:
        raise ValueError("rows of Jet 3 beyond 255 bytes need a jump table, which this writer does not make")
    return packed


def _table(
    jet: _Jet, columns: Sequence[Column], row_count: int, map_row: int, *, is_system: bool = False
) -> bytes:
    page = bytearray(jet.page)
    page[0:4] = b"\x02\x01VC"
    at = 12 if jet.is_jet3 else 16
    struct.pack_into("<I", page, at, row_count)
    counts_at = 20 if jet.is_jet3 else 40
    variable = [column for column in columns if column.type not in _FIXED]
    page[counts_at] = 0x53 if is_system else 0x4E
    struct.pack_into("<HHH", page, counts_at + 1, len(columns), len(variable), len(columns))
    map_at = counts_at + 15
    struct.pack_into("<II", page, map_at, 3 << 8 | map_row, 3 << 8 | map_row)
    at = map_at + 8
    fixed_offset = variable_number = 0
    for number, column in enumerate(columns):
        is_fixed = column.type in _FIXED
        size = (
            _FIXED[column.type][1]
            if is_fixed
            else (0 if column.type == OLE else 255 * (1 if jet.is_jet3 else 2))
        )
        flags = 3 if is_fixed else 2
        if jet.is_jet3:
            told = (column.type, number, variable_number, number, 0x804, 936, 0, flags, fixed_offset, size)
            entry = struct.pack("<BHHHHHHBHH", *told)
        else:
            told = (
                column.type,
                1625,
                number,
                variable_number,
                number,
                0x804,
                0,
                flags,
                0,
                0,
                fixed_offset,
                size,
            )
            entry = struct.pack("<BIHHHHHBBIHH", *told)
        page[at : at + len(entry)] = entry
        at += len(entry)
        fixed_offset += size if is_fixed else 0
        variable_number += 0 if is_fixed else 1
    for column in columns:
        name = column.name.encode(jet.text)
        page[at : at + struct.calcsize(jet.count)] = struct.pack(jet.count, len(name))
        at += struct.calcsize(jet.count)
        page[at : at + len(name)] = name
        at += len(name)
    struct.pack_into("<I", page, 8, at - 8)
    return bytes(page)
