"""Blobs kept under the hash of their content, in ``<var>/files/ab/cd/<sha256>``.

A file is written beside its place, synced and renamed, so that a name in the store always has its whole content;
only then may a row name it. The same content is kept once.
"""

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from xzgis.core.errors import Invalid, NotFound
from xzgis.core.settings import Settings
from xzgis.core.words import Words

CHUNK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Kept:
    """What was kept: digest of the content (SHA-256, hex) and its size."""

    digest: str
    size_bytes: int


def keep(settings: Settings, source: BinaryIO, *, limit_bytes: int | None = None) -> Kept:
    """Keep the content of ``source``.

    Raises
    ------
    Invalid
        The content is larger than ``limit_bytes``.
    """
    folder = settings.var_dir / "files"
    folder.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    handle, name = tempfile.mkstemp(prefix="arriving-", dir=folder)
    arriving = Path(name)
    try:
        with os.fdopen(handle, "wb") as target:
            while chunk := source.read(CHUNK_BYTES):
                size += len(chunk)
                if limit_bytes is not None and size > limit_bytes:
                    limit_mb = limit_bytes >> 20
                    raise Invalid(
                        Words(
                            f"文件超过 {limit_mb} MB 的上限，请拆分后重试。",
                            f"The file is larger than {limit_mb} MB; split it and try again.",
                        )
                    )
                digest.update(chunk)
                target.write(chunk)
            target.flush()
            os.fsync(target.fileno())
        place = _place(settings, digest.hexdigest())
        place.parent.mkdir(parents=True, exist_ok=True)
        arriving.replace(place)
        sync_folder(place.parent)
    finally:
        arriving.unlink(missing_ok=True)
    return Kept(digest=digest.hexdigest(), size_bytes=size)


def kept_path(settings: Settings, digest: str) -> Path:
    """Where the content of ``digest`` lies.

    Raises
    ------
    NotFound
        Nothing with this digest is in the store.
    """
    if len(digest) == 64 and digest.isascii() and digest.isalnum():
        path = _place(settings, digest)
        if path.is_file():
            return path
    raise NotFound(Words(f"文件库中没有 {digest[:12]}…。", f"The store holds no file {digest[:12]}…."))


def _place(settings: Settings, digest: str) -> Path:
    return settings.var_dir / "files" / digest[:2] / digest[2:4] / digest


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` outlive a loss of power."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
