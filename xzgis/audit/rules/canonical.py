"""The one form in which a row, a seal and an archived month are hashed and signed.

A change here makes every older digest wrong: tests/unit/audit/test_canonical.py holds the form by golden values.
"""

import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from xzgis.audit.terms import ArchivedMonth, ChainSeal, HashName, Row
from xzgis.core.errors import Unavailable
from xzgis.core.words import Words

ROW_FORM = "xz1"
SEAL_FORM = "xz-seal-1"
MONTH_FORM = "xz-month-1"
MOMENT = "%Y-%m-%dT%H:%M:%S.%fZ"
# Made once: json.dumps makes an encoder for every call.
COMPACT = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
Hasher = Callable[[bytes], bytes]


@lru_cache
def hasher(name: HashName) -> Hasher:
    """The hash ``sha256`` or ``sm3`` (GB/T 32905-2016) as a function of bytes.

    Raises
    ------
    Unavailable
        This machine's OpenSSL brings no SM3.
    """
    if name == "sha256":
        return lambda content: hashlib.sha256(content).digest()
    if "sm3" not in hashlib.algorithms_available:
        raise Unavailable(
            Words(
                "本机的 OpenSSL 没有 SM3；请安装带国密算法的 OpenSSL，或设 XZGIS_TRAIL_HASH=sha256。",
                "The OpenSSL of this machine has no SM3: install one that has, or set XZGIS_TRAIL_HASH=sha256.",
            )
        )
    return lambda content: hashlib.new("sm3", content).digest()


def running(name: HashName) -> Any:
    """A hash of that name that takes its content piece by piece: ``update`` and ``digest``."""
    hasher(name)
    return hashlib.new(name)


def moment(value: datetime) -> str:
    """A moment in UTC with microseconds."""
    # Not strftime, which takes five times as long and leaves years before 1000 unpadded.
    return f"{value.astimezone(UTC).isoformat(timespec='microseconds')[:26]}Z"


def read_moment(text: str) -> datetime:
    """The moment out of :func:`moment`."""
    return datetime.strptime(text, MOMENT).replace(tzinfo=UTC)


def row_line(row: Row) -> bytes:
    """A row as one line of JSON in a fixed order; the details stand as the database wrote them."""
    head = [
        ROW_FORM, row.id, row.transaction_id, moment(row.happened_at), row.actor_id, row.actor, row.acting_for,
        row.via, row.address, row.event, row.object_kind, row.object_id, row.result, row.place,
    ]  # fmt: skip
    return f"{_compact(head)[:-1]},{row.details}]".encode()


def link_hash(hashed: Hasher, before: bytes, pos: int, digest: bytes) -> bytes:
    """The hash of a link: of the link before it, its position and the digest of its row."""
    return hashed(b"link" + before + pos.to_bytes(8, "big") + digest)


def epoch_hash(hashed: Hasher, before: bytes, epoch: int, cluster: str) -> bytes:
    """Where the chain of an epoch begins: bound to what the epoch before came to."""
    return hashed(b"epoch" + before + epoch.to_bytes(8, "big") + cluster.encode())


def seal_message(seal: ChainSeal) -> bytes:
    """What the signature of a seal covers."""
    return _compact(
        [SEAL_FORM, seal.number, seal.kind, seal.epoch, seal.previous, seal.pos, seal.horizon,
         moment(seal.sealed_at), seal.hash.hex(), seal.algorithm, seal.cluster, seal.reason, seal.key_id]
    ).encode()  # fmt: skip


def seal_document(seal: ChainSeal) -> dict[str, Any]:
    """A seal as JSON, as it stands in the file outside the database and in archives."""
    return {
        "number": seal.number, "kind": seal.kind, "epoch": seal.epoch, "previous": seal.previous,
        "pos": seal.pos, "horizon": seal.horizon, "sealed_at": moment(seal.sealed_at), "hash": seal.hash.hex(),
        "algorithm": seal.algorithm, "cluster": seal.cluster, "reason": seal.reason, "key_id": seal.key_id,
        "signature": seal.signature.hex(),
    }  # fmt: skip


def read_seal(document: dict[str, Any]) -> ChainSeal:
    """The seal out of :func:`seal_document`; KeyError, ValueError or TypeError when it is none."""
    given = dict(document)
    given["sealed_at"] = read_moment(str(given["sealed_at"]))
    given["hash"] = bytes.fromhex(given["hash"])
    given["signature"] = bytes.fromhex(given["signature"])
    return ChainSeal(**given)


def month_message(month: ArchivedMonth) -> bytes:
    """What the signature of an archived month covers."""
    return _compact(
        [MONTH_FORM, month.partition, moment(month.from_at), moment(month.to_at), month.rows, month.first_pos,
         month.last_pos, month.root.hex(), month.algorithm, month.file, month.file_digest,
         moment(month.archived_at), month.key_id]
    ).encode()  # fmt: skip


def _compact(value: Any) -> str:
    return COMPACT(value)
