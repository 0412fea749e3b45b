"""The page of what the register holds, as it was known on a day."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.signed_in import a_session, sign_in
from xzgis.core.clock import city_zone
from xzgis.identity.terms import Role


def the_page(session: Session, day: object) -> Any:
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    sign_in(client, a_session(session, "keeps.data", Role.DATA_KEEPER))
    return client.get(f"/data?as_of={day}")


@pytest.mark.parametrize(("days", "answer"), [(-400, 200), (0, 200), (1, 422), (2000, 422)])
def test_of_a_day_to_come_nothing_is_known(session: Session, days: int, answer: int) -> None:
    day = datetime.now(UTC).astimezone(city_zone()).date() + timedelta(days=days)

    told = the_page(session, day)

    assert told.status_code == answer
    assert ("还没有到" in told.text) is (answer == 422)


@pytest.mark.parametrize("day", ["2999-01-01", "2026-13-01"])
def test_a_day_that_cannot_be_is_refused_at_its_field_above_what_is_held_now(
    session: Session, day: str
) -> None:
    told = the_page(session, day)

    assert told.status_code == 422
    assert f'value="{day}" aria-describedby' in told.text
    assert "下面是现在的数据" in told.text
