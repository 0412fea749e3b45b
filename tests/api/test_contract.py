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
from xzgis.identity.terms import Role

OURS = {"Host": "localhost"}
LEAST_OPERATIONS = 30
# Refusals there are the business of the actions too: nobody resets his own password, or ends the last post.
OF_ADMINISTRATORS = ("/api/identity",)
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
    asks = {
        "": BUSINESS,
        "/api/trail": [Role.AUDIT_ADMIN],
        "/api/jobs": [Role.SYSTEM_ADMIN],
        "/api/system": [Role.SYSTEM_ADMIN],
        "/metrics": [Role.SYSTEM_ADMIN],
        "/api/exports/requests/": [Role.APPROVER],  # nobody decides what he asked for himself
        "/api/identity": [Role.SYSTEM_ADMIN],
        "/api/workflow/versions": [Role.SYSTEM_ADMIN],  # who proposes never decides
        "/api/workflow/versions/": BUSINESS,
    }
    ours = {
        path: OURS | headers_of(a_session(session, f"tester{number}", *roles))
        for number, (path, roles) in enumerate(asks.items())
    }
    yield ours, schemathesis.openapi.from_asgi("/api/openapi.json", create_app(), headers=ours[""])
    settings_module.settings.cache_clear()


def test_no_request_is_a_failure_of_ours(contract: Any, session: Session) -> None:
    ours, described = contract
    operations = [found.ok() for found in described.get_all_operations()]

    bad = []
    for operation in operations:
        nested = session.connection().begin_nested()  # one of them signs out
        bad += _failures(operation, ours)
        nested.rollback()

    assert len(operations) >= LEAST_OPERATIONS
    assert bad == []


def _failures(operation: Any, ours: dict[str, dict[str, str]]) -> list[str]:
    bad: list[str] = []
    headers = ours[max(path for path in ours if operation.path.startswith(path))]

    @SHORT
    @given(case=operation.as_strategy())
    def probe(case: Any) -> None:
        status = case.call(headers=headers).status_code
        # 503 says that something is missing here; 401 and 403 are the door's: nothing behind it would have been
        # tried.
        refused = status in (401, 403) and not operation.path.startswith(OF_ADMINISTRATORS)
        if (status >= 500 and status != 503) or refused:
            bad.append(f"{operation.label} {status} {case.as_curl_command()}")

    probe()
    return bad
