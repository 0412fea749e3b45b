"""A sealed secret opens here, in its own place, and nowhere else."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from xzgis.core import sealing
from xzgis.core.errors import Unavailable


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "keys" / "sealing.key")


def test_what_was_sealed_opens_in_its_context_only():
    sealed = sealing.seal(b"secret", context="person:1")

    assert sealing.unseal(sealed, context="person:1") == b"secret"
    assert b"secret" not in sealed
    with pytest.raises(Unavailable):
        sealing.unseal(sealed, context="person:2")


@pytest.mark.parametrize("at", [0, 11, 12, -1])
def test_an_altered_byte_is_noticed(at):
    sealed = bytearray(sealing.seal(b"secret", context="x"))
    sealed[at] ^= 1

    with pytest.raises(Unavailable, match="打不开"):
        sealing.unseal(bytes(sealed), context="x")


def test_too_short_is_refused():
    with pytest.raises(Unavailable):
        sealing.unseal(b"", context="x")


def test_the_key_is_made_once_whoever_comes_first_and_is_the_owners(tmp_path):
    with ThreadPoolExecutor(8) as threads:
        sealed = list(threads.map(lambda number: sealing.seal(bytes([number]), context="x"), range(16)))

    assert [sealing.unseal(one, context="x")[0] for one in sealed] == list(range(16))
    assert [path.name for path in (tmp_path / "keys").iterdir()] == ["sealing.key"]
    assert (tmp_path / "keys" / "sealing.key").stat().st_mode & 0o777 == 0o600
