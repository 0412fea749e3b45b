"""Ed25519 signatures (RFC 8032) over seals."""

import hashlib
from collections.abc import Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_public_key

# Public keys by their name, as they were exported beside the product.
Keys = Mapping[str, Ed25519PublicKey]


def key_name(key: Ed25519PublicKey) -> str:
    """The name of a key: the beginning of the hash of its public half."""
    raw = key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return hashlib.sha256(raw).hexdigest()[:16]


def public_text(key: Ed25519PublicKey) -> str:
    """The public half as PEM."""
    return key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


def public_key(text: str) -> Ed25519PublicKey:
    """The key out of PEM; ValueError when it is none."""
    key = load_pem_public_key(text.encode())
    if not isinstance(key, Ed25519PublicKey):
        raise ValueError("not an Ed25519 key")  # noqa: TRY004 - it is the text that is wrong
    return key


def signed(key: Ed25519PrivateKey, message: bytes) -> bytes:
    """The signature of ``message``."""
    return key.sign(message)


def is_signed(keys: Keys, key_id: str, message: bytes, signature: bytes) -> bool:
    """Whether ``signature`` is that of the key ``key_id``; False for a key that is not known."""
    key = keys.get(key_id)
    if key is None:
        return False
    try:
        key.verify(signature, message)
    except InvalidSignature:
        return False
    return True
