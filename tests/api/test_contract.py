"""No request that the published description allows brings the application down."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from sqlalchemy.orm import Session

from api.main import create_app
from xzgis.core import settings as settings_module

OURS = {"Host": "localhost"}
LEAST_OPERATIONS = 30
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
    """The description of the real application over the test's own transaction; uploads go to a folder of the test."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    yield schemathesis.openapi.from_asgi("/api/openapi.json", create_app(), headers=OURS)
    settings_module.settings.cache_clear()


def test_no_request_is_a_failure_of_ours(contract: Any) -> None:
    operations = [found.ok() for found in contract.get_all_operations()]

    bad = [told for operation in operations for told in _failures(operation)]

    assert len(operations) >= LEAST_OPERATIONS
    assert bad == []


def _failures(operation: Any) -> list[str]:
    bad: list[str] = []

    @SHORT
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        status = case.call(headers=OURS).status_code
        # 503 says that something is missing here; 403 is the guard's: nothing behind it would have been tried.
        if (status >= 500 and status != 503) or status == 403:
            bad.append(f"{operation.label} {status} {case.as_curl_command()}")

    probe()
    return bad
