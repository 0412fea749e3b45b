"""Saving a work on the page over one that changed meanwhile."""

import re
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.api.test_matrix import APP
from tests.api.works.test_page_words import LINE
from tests.signed_in import a_session, sign_in
from xzgis.identity.terms import Role
from xzgis.works.models import Work


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found is not None
    return found.group(1)


def test_the_second_of_two_tabs_keeps_what_was_typed_and_takes_nobodys_place(session: Any) -> None:
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    sign_in(client, a_session(session, "planner", Role.PLANNER))

    def save(**typed: str) -> Any:
        return client.post("/works/save", data=LINE | typed)

    opened = client.get(save(name="甲").headers["location"]).text
    mine = {name: hidden(opened, name) for name in ("work_id", "version")}
    save(**mine, name="先存")

    late = save(**mine, name="后存", diameter_mm="333")
    again = save(name="后存", work_id=hidden(late.text, "work_id"))

    assert late.status_code == 409
    assert "打开之后已被修改" in late.text
    assert 'value="后存"' in late.text
    assert 'value="333"' in late.text
    assert again.status_code == 303
    assert sorted(session.scalars(select(Work.name))) == ["先存", "后存"]
