"""Arrays of numbers to PostgreSQL as they lie in memory, without a Python object for each number."""

import struct

import numpy as np
import psycopg
from psycopg.abc import Buffer
from psycopg.adapt import Dumper
from psycopg.pq import Format

FLOAT8_OID, FLOAT8_ARRAY_OID = 701, 1022
ELEMENT = np.dtype([("length", ">i4"), ("value", ">f8")])


class FloatsDumper(Dumper):
    """A numpy array ``(n,)`` of numbers as the wire form of ``float8[]``; NaN stays NaN, never null."""

    format = Format.BINARY
    oid = FLOAT8_ARRAY_OID

    def dump(self, obj: "np.typing.NDArray[np.float64]") -> Buffer | None:
        """The bytes: dimensions, nulls, type, length, lower bound; then length and value of each element."""
        elements = np.empty(len(obj), dtype=ELEMENT)
        elements["length"] = 8
        elements["value"] = obj
        return struct.pack(">5i", 1, 0, FLOAT8_OID, len(obj), 1) + elements.tobytes()


def accept_arrays() -> None:
    """Let every engine made from now on take numpy arrays as parameters."""
    psycopg.adapters.register_dumper(np.ndarray, FloatsDumper)
