"""A key of the test's own, and an organisation to work in."""

import pytest
from argon2 import PasswordHasher

from tests.people import an_organisation
from xzgis.core import sealing
from xzgis.identity.actions import hashing


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "keys" / "sealing.key")


@pytest.fixture(autouse=True)
def quick_hashes(request, monkeypatch):
    """Hashes that cost nothing, but for tests that ask for ``real_hashes``."""
    if "real_hashes" not in request.fixturenames:
        monkeypatch.setattr(hashing, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        hashing._dummy.cache_clear()
    yield
    hashing._dummy.cache_clear()


@pytest.fixture
def real_hashes():
    """The parameters of the product."""


@pytest.fixture
def organised(session):
    """The session, with an organisation in it."""
    an_organisation(session)
    return session
