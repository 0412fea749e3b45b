"""What lies beside the database: the file of seals and the public keys, in ``<var>/trail``."""

import json
import os
from pathlib import Path
from typing import BinaryIO

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from xzgis.audit.rules.canonical import read_seal
from xzgis.audit.rules.signing import key_name, public_key
from xzgis.audit.terms import ChainSeal
from xzgis.core.errors import Invalid
from xzgis.core.settings import Settings
from xzgis.core.words import Words

TAIL_BYTES = 4096
SEALS_NAME = "seals.jsonl"


def trail_folder(settings: Settings) -> Path:
    """Where keys, seals and archives of this installation lie."""
    return settings.var_dir / "trail"


def seals_file(settings: Settings) -> Path:
    """The file every seal is appended to."""
    return trail_folder(settings) / SEALS_NAME


def archive_folder(settings: Settings) -> Path:
    """Where months that left the database lie."""
    return trail_folder(settings) / "archive"


def read_outside(path: Path) -> list[ChainSeal]:
    """The seals of a file, in its order; nothing when there is no file. A torn last line is not counted.

    Raises
    ------
    Invalid
        A line that is no seal.
    """
    if not path.exists():
        return []
    lines = path.read_bytes().split(b"\n")[:-1]
    found = []
    for number, line in enumerate(lines, start=1):
        try:
            found.append(read_seal(json.loads(line)))
        except (KeyError, TypeError, ValueError) as error:
            raise Invalid(
                Words(
                    f"{path} 第 {number} 行不是封签；请用另存的副本核对（--seals）。",
                    f"Line {number} of {path} is no seal: compare with a copy kept elsewhere (--seals).",
                )
            ) from error
    return found


def last_outside(path: Path) -> ChainSeal | None:
    """The last seal of a file; None when it holds none. Only the end of the file is read."""
    if not path.exists():
        return None
    with path.open("rb") as file:
        line, _ = last_line(file)
    return read_seal(json.loads(line)) if line else None


def last_line(file: BinaryIO) -> tuple[bytes, int]:
    """The last whole line without its end (empty: none), and where the whole lines of the file end, in bytes."""
    size = file.seek(0, os.SEEK_END)
    begin, tail = size, b""
    while begin > 0 and tail.count(b"\n") < 2:
        step = min(begin, TAIL_BYTES)
        begin -= step
        file.seek(begin)
        tail = file.read(step) + tail
    lines = tail.split(b"\n")
    return lines[-2] if len(lines) > 1 else b"", size - len(lines[-1])


def known_keys(settings: Settings) -> dict[str, Ed25519PublicKey]:
    """The public keys of this installation by name."""
    found = {}
    for path in sorted((trail_folder(settings) / "keys").glob("*.pub")):
        key = public_key(path.read_text(encoding="ascii"))
        found[key_name(key)] = key
    return found
