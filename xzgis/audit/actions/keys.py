"""The key that signs seals: made once, readable by this installation alone; its public half is kept beside it."""

import os
import secrets
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from xzgis.audit.queries.outside import trail_folder
from xzgis.audit.rules.signing import key_name, public_text
from xzgis.core.errors import Unavailable
from xzgis.core.files import sync_folder
from xzgis.core.settings import Settings
from xzgis.core.words import Words

OTHERS = 0o077


def signing_key(settings: Settings) -> Ed25519PrivateKey:
    """The private key in ``<var>/trail/seal.key``; made with its public half when there is none.

    Raises
    ------
    Unavailable
        Others may read the file, or it is no Ed25519 key.
    """
    path = trail_folder(settings) / "seal.key"
    if not path.exists():
        _make(path)
    if path.stat().st_mode & OTHERS:
        raise Unavailable(
            Words(f"密钥文件 {path} 他人可读；请执行 chmod 600 {path}。",
                  f"Others may read the key {path}: run chmod 600 {path}.")
        )  # fmt: skip
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except ValueError:
        key = None
    if not isinstance(key, Ed25519PrivateKey):
        raise Unavailable(
            Words(f"{path} 不是 Ed25519 密钥；请从备份恢复。",
                  f"{path} is no Ed25519 key: bring it back from a backup.")
        )  # fmt: skip
    _publish(key, path.parent / "keys")
    return key


def _make(path: Path) -> None:
    """Make a key whole or not at all; of two at once one wins."""
    path.parent.mkdir(parents=True, exist_ok=True)
    content = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(fresh)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    sync_folder(path.parent)


def _publish(key: Ed25519PrivateKey, folder: Path) -> None:
    public = key.public_key()
    path = folder / f"{key_name(public)}.pub"
    if path.exists():
        return
    folder.mkdir(exist_ok=True)
    fresh = path.with_suffix(f".{secrets.token_hex(6)}")
    fresh.write_text(public_text(public), encoding="ascii")
    fresh.replace(path)
    sync_folder(folder)
