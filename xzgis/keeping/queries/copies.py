"""A copy of an installation on the disk as it is found: one folder, with a list of everything in it and the hashes."""

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from xzgis.core.errors import Invalid, NotFound
from xzgis.core.words import Words

FORM = "xzgis-backup-1"
MANIFEST = "manifest.json"
DATABASE = "cluster.tar.gz"
STAMP = "%Y%m%dT%H%M%SZ"
# Beside the database: deliveries, keys and seals of the trail, the key that seals secrets. Seals are copied first.
SEALS = "trail"
PARTS = (SEALS, "keys", "files")


@dataclass(frozen=True, slots=True)
class Copied:
    """One file of a copy: its path inside the folder, bytes, SHA-256 (hex)."""

    path: str
    size_bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a copy holds. ``began_at``, ``ended_at``: the database is as it was at the end, never earlier.

    ``wal_from``: file of the log of changes at its beginning; None in copies made before that was kept.
    """

    form: str
    began_at: str
    ended_at: str
    program: str
    schema: str | None
    cluster: str
    wal_archive: str | None
    files: tuple[Copied, ...]
    wal_from: str | None = None

    @property
    def size_bytes(self) -> int:
        """Bytes of everything."""
        return sum(one.size_bytes for one in self.files)

    @property
    def ended(self) -> datetime:
        """When the copy of the database was complete."""
        return datetime.fromisoformat(self.ended_at)


def find_copy(folder: Path) -> Path:
    """The copy at ``folder``, or the newest whole one inside it.

    Raises
    ------
    NotFound
        There is none.
    """
    if (folder / MANIFEST).is_file():
        return folder
    inside = sorted(path.parent for path in folder.glob(f"*/{MANIFEST}") if path.parent.suffix != ".partial")
    if not inside:
        raise NotFound(
            Words(
                f"{folder} 中没有完整的备份（缺 {MANIFEST}）；请指定 xzgis backup 写出的目录。",
                f"{folder} holds no whole backup (no {MANIFEST}): name a folder written by xzgis backup.",
            )
        )
    return inside[-1]


def read_manifest(folder: Path) -> Manifest:
    """The list of a copy.

    Raises
    ------
    Invalid
        It is not one of ours.
    """
    try:
        given = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(Copied(**one) for one in given.pop("files"))
        manifest = Manifest(files=files, **given)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise _not_ours(folder) from error
    if manifest.form != FORM or any(_leads_out(one.path) for one in files):
        raise _not_ours(folder)
    return manifest


def _leads_out(path: str) -> bool:
    return path != DATABASE and (path.split("/", maxsplit=1)[0] not in PARTS or ".." in path.split("/"))


def _not_ours(folder: Path) -> Invalid:
    return Invalid(
        Words(
            f"{folder / MANIFEST} 不是本程序的备份清单；请换一份备份。",
            f"{folder / MANIFEST} is no list of a backup of this program: take another backup.",
        )
    )


def check_copy(folder: Path, manifest: Manifest) -> None:
    """Compare every file of a copy with the list.

    Raises
    ------
    Invalid
        The first that is missing or not as it was written.
    """
    for one in manifest.files:
        path = folder / one.path
        if not path.is_file() or hash_of(path) != one.sha256:
            raise Invalid(
                Words(
                    f"备份 {folder} 中的 {one.path} 缺失或与清单不符；没有恢复，请换一份备份。",
                    f"{one.path} of the backup {folder} is missing or not as listed; nothing was restored: "
                    "take another backup.",
                )
            )


def hash_of(path: Path) -> str:
    """SHA-256 of a file, hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
