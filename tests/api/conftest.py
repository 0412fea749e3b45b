"""One event loop for all requests of the run."""

from collections.abc import Iterator

import pytest
from anyio.from_thread import start_blocking_portal
from starlette.testclient import TestClient


@pytest.fixture(scope="session", autouse=True)
def one_loop() -> Iterator[None]:
    """Clients share a loop, as the requests of a served application do.

    Otherwise each request starts a loop and its threads anew, which costs more than most of the answers.
    """
    with start_blocking_portal() as portal, pytest.MonkeyPatch.context() as patched:
        patched.setattr(TestClient, "portal", portal)
        yield
