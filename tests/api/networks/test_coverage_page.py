"""Two people have the page of one coverage open: the second does not write over the first."""

import re
from datetime import date
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.factories import a_coverage
from xzgis.networks.models import Coverage

PAGE = "/data/coverage/4"


def hidden(page: str) -> list[dict[str, str]]:
    """The hidden fields of each form about this coverage, in the order of the page."""
    forms = re.findall(rf'<form [^>]*action="{PAGE}.*?</form>', page, re.DOTALL)
    field = r'<input type="hidden" name="(\w+)" value="([^"]*)">'
    return [dict(re.findall(field, form)) for form in forms]


@pytest.fixture
def pages(client: Any, session: Session) -> TestClient:
    session.add(a_coverage("gas", object_id=4))
    session.flush()
    return TestClient(APP, base_url="http://localhost", cookies=client.cookies, follow_redirects=False)


def area() -> str:
    return "3793000 530000\n3793000 530100\n3793100 530100\n3793100 530000"


def test_the_second_of_two_editors_is_told_and_writes_nothing(pages: TestClient, session: Session) -> None:
    change, remove = hidden(pages.get(PAGE).text)
    first = pages.post(PAGE, data=change | {"area": area(), "note": "甲"})

    late = [
        pages.post(PAGE, data=change | {"area": area(), "note": "乙"}),
        pages.post(f"{PAGE}/remove", data=remove | {"reason": "有误"}),
        pages.post(PAGE, data={"csrf": change["csrf"], "area": area(), "note": "丙"}),
    ]

    assert first.status_code == 303
    assert [one.status_code for one in late] == [409, 409, 409]
    assert all("打开之后已被修改" in one.text for one in late)
    assert "乙" in late[0].text
    assert "3793100.000 530000.000" in late[1].text
    held = session.scalars(select(Coverage.note).where(Coverage.known_to.is_(None))).all()
    assert held == ["甲"]


def test_who_was_late_sees_what_he_typed_and_may_save_it_after_the_latest(
    pages: TestClient, session: Session
) -> None:
    change = hidden(pages.get(PAGE).text)[0]
    pages.post(PAGE, data=change | {"area": area(), "note": "甲"})
    late = pages.post(PAGE, data=change | {"area": area(), "note": "乙"})

    again = pages.post(PAGE, data=hidden(late.text)[0] | {"area": area(), "note": "乙"})

    assert again.status_code == 303
    held = session.scalars(select(Coverage.note).where(Coverage.known_to.is_(None))).all()
    assert held == ["乙"]


def test_who_opens_it_again_may_change_and_withdraw_it(pages: TestClient) -> None:
    pages.post(PAGE, data=hidden(pages.get(PAGE).text)[0] | {"area": area(), "note": "甲"})

    again = pages.post(PAGE, data=hidden(pages.get(PAGE).text)[0] | {"area": area(), "note": "乙"})
    gone = pages.post(f"{PAGE}/remove", data=hidden(pages.get(PAGE).text)[1] | {"reason": "有误"})

    assert (again.status_code, gone.status_code) == (303, 303)


def test_the_page_of_data_counts_the_coverages_without_a_day(pages: TestClient, session: Session) -> None:
    session.add_all([a_coverage("gas", surveyed_on=date(2011, 2, 3)), a_coverage("heat", surveyed_on=None)])
    session.flush()

    page = pages.get("/data").text
    rows = dict(re.findall(r'<tr data-kind="(\w+)">(.*?)</tr>', page, re.DOTALL))

    assert "2011-02-03" in rows["gas"]
    assert "1 处无日期" in rows["gas"]
    assert "处无日期" not in rows["heat"]
