"""Secrets at rest: sealed with a key that lies beside the database, not in it.

AES-256-GCM; the context (whose secret it is) is bound in, so that a sealed value moved to another row does not open.
A copy of the database alone opens nothing; a backup needs the key file as well.
"""

import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from xzgis.core.errors import Unavailable
from xzgis.core.settings import settings
from xzgis.core.words import Words

KEY_BYTES = 32
NONCE_BYTES = 12


def key_file() -> Path:
    """Where the key of this installation lies."""
    return settings().var_dir / "keys" / "sealing.key"


def keyed(plain: str, *, context: str) -> str:
    """Sixteen hexadecimal digits that stand for ``plain``, the same each time; only this installation can make them."""
    own = hmac.digest(_key(), context.encode(), "sha256")
    return hmac.digest(own, plain.encode(), "sha256").hex()[:16]


def seal(plain: bytes, *, context: str) -> bytes:
    """``plain`` so that only this installation can read it, and only in the same ``context``."""
    nonce = secrets.token_bytes(NONCE_BYTES)
    return nonce + AESGCM(_key()).encrypt(nonce, plain, context.encode())


def unseal(sealed: bytes, *, context: str) -> bytes:
    """What was sealed.

    Raises
    ------
    Unavailable
        The key is another one, the value was altered, or it belongs elsewhere.
    """
    try:
        return AESGCM(_key()).decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], context.encode())
    except (InvalidTag, ValueError) as error:
        raise Unavailable(
            Words(
                f"密封的密钥打不开：{key_file()} 不是封存时的那把，或数据被改动；请从备份恢复该文件。",
                f"A sealed secret does not open: {key_file()} is not the key it was sealed with, or it was altered; "
                "restore that file from the backup.",
            )
        ) from error


def _key() -> bytes:
    """The key; made by the first who needs it, complete before it gets its name, so that two cannot both make it."""
    place = key_file()
    try:
        return place.read_bytes()
    except FileNotFoundError:
        pass
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_name(f".{secrets.token_hex(8)}")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(draft, place)
    finally:
        draft.unlink()
    return place.read_bytes()
