"""Writes a copy of an installation to the disk: file by file, and the list of them last."""

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import IO

from xzgis.core.files import sync_folder
from xzgis.keeping.queries.copies import MANIFEST, Copied, Manifest

CHUNK_BYTES = 1 << 20


def poured(source: IO[bytes], target: Path, inside: Path) -> Copied:
    """Write a stream to ``target``, synced; what was written, with its path relative to ``inside``."""
    digest, size = hashlib.sha256(), 0
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        while chunk := source.read(CHUNK_BYTES):
            digest.update(chunk)
            file.write(chunk)
            size += len(chunk)
        file.flush()
        os.fsync(file.fileno())
    return Copied(target.relative_to(inside).as_posix(), size, digest.hexdigest())


def copied_part(var: Path, part: str, inside: Path) -> Iterator[Copied]:
    """Copy one folder beside the database; what is still arriving in it is left out."""
    for path in sorted((var / part).rglob("*")):
        if path.is_file() and not path.is_symlink() and not path.name.startswith(("arriving-", ".")):
            with path.open("rb") as source:
                yield poured(source, inside / part / path.relative_to(var / part), inside)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """The list, written last: a folder without it is no copy."""
    path = folder / MANIFEST
    with path.open("x", encoding="utf-8") as file:
        json.dump(asdict(manifest), file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)
