"""No request that the published description allows brings the application down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.orm import Session

from api.main import create_app
from tests.signed_in import BUSINESS, a_session, headers_of
from xzgis.core import settings as settings_module

OURS = {"Host": "localhost"}
LEAST_OPERATIONS = 30
OF_ADMINISTRATORS = ("/api/trail", "/api/identity")
SHORT = settings(
    max_examples=10,
    derandomize=True,
    deadline=None,
    database=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture
def contract(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """What a signed-in browser sends, and the description of the application over the test's own transaction.

    Uploads go to a folder of the test.
    """
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    ours = OURS | headers_of(a_session(session, "tester", *BUSINESS))
    yield ours, schemathesis.openapi.from_asgi("/api/openapi.json", create_app(), headers=ours)
    settings_module.settings.cache_clear()


def test_no_request_is_a_failure_of_ours(contract: Any) -> None:
    ours, described = contract
    operations = [found.ok() for found in described.get_all_operations()]

    bad = [told for operation in operations for told in _failures(operation, ours)]

    assert len(operations) >= LEAST_OPERATIONS
    assert bad == []


def _failures(operation: Any, ours: dict[str, str]) -> list[str]:
    bad: list[str] = []

    @SHORT
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        status = case.call(headers=ours).status_code
        # 503 says that something is missing here; 401 and 403 are the door's: nothing behind it would have been
        # tried. Routes that business roles may not use are tried by the matrix.
        refused = status in (401, 403) and not operation.path.startswith(OF_ADMINISTRATORS)
        if (status >= 500 and status != 503) or refused:
            bad.append(f"{operation.label} {status} {case.as_curl_command()}")

    probe()
    return bad
