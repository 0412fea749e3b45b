"""A key of the test's own, and an organisation to work in."""

import pytest

from tests.people import an_organisation
from xzgis.core import sealing


@pytest.fixture(autouse=True)
def own_key(tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "keys" / "sealing.key")


@pytest.fixture
def organised(session):
    """The session, with an organisation in it."""
    an_organisation(session)
    return session
