"""The rule tables over HTTP and on pages: who may do what, old beside new, the check of an earlier time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.applications import application
from tests.db.conflicts.test_check import a_work, everywhere
from tests.factories import a_line, a_run
from tests.signed_in import a_session, sign_in
from xzgis.catalogue.files import shipped
from xzgis.identity.terms import Role

CELLS = {"clearance_m": "0.1"}


@pytest.fixture
def people(session: Session) -> Any:
    """A browser of anybody with a role: keeper and planner propose, the approver decides."""
    app = application(pages=True)
    tokens = {role: a_session(session, f"a.{role.value}", role) for role in Role}

    def of(role: Role) -> TestClient:
        return sign_in(TestClient(app, base_url="http://localhost", follow_redirects=False), tokens[role])

    return of


def propose(client: TestClient, row: str = "H020", **facts: Any) -> Any:
    given = {
        "table": "horizontal",
        "row": row,
        "cells": CELLS,
        "reason": "现场核实",
        "source": "GB 50289-2016 4.1.9",
    }
    return client.post("/api/rules/changes", json=given | facts)


def approve(client: TestClient, number: int, **facts: Any) -> Any:
    return client.post(
        f"/api/rules/changes/{number}/decision", json={"approved": True, "reason": "已核对"} | facts
    )


def test_two_people_change_a_clearance_and_an_earlier_check_stays(people: Any, session: Session) -> None:
    session.add(a_run("water", axis=a_line(y_m=0.5)))
    everywhere(session)
    keeper, chief, planner = people(Role.DATA_KEEPER), people(Role.APPROVER), people(Role.PLANNER)
    earlier = datetime.now(UTC).isoformat()
    for row in ("H020", "H041"):
        made = propose(keeper, row).json()
        assert (made["bearing"], made["before"], made["state"]) == (
            "looser",
            {"clearance_m": "0.5"},
            "proposed",
        )
        assert approve(chief, made["id"]).json()["state"] == "approved"

    document = a_work().model_dump(mode="json")
    now = planner.post("/api/conflicts/check", json=document).json()
    then = planner.post("/api/conflicts/check", json=document, params={"as_of": earlier}).json()

    assert [one["measure"] for one in now["findings"] if one["measure"] == "horizontal"] == []
    assert now["versions"]["rules"] == planner.get("/api/rules").json()["version"]
    assert {one["row"] for one in now["checked"]["rules_changed"]} == {"H020", "H041"}
    assert then["versions"]["rules"] == shipped().catalogue.version
    assert "rules_changed" not in then["checked"]
    rows = planner.get("/api/rules/tables/horizontal", params={"changed": True}).json()
    assert [(one["row"], one["shipped"]) for one in rows["items"]] == [
        ("H020", {"clearance_m": "0.5"}), ("H041", {"clearance_m": "0.5"}),
    ]  # fmt: skip
    assert (
        planner.get("/api/rules/tables/horizontal", params={"changed": True, "as_of": earlier}).json()[
            "items"
        ]
        == []
    )
    history = planner.get("/api/rules/changes", params={"table": "horizontal", "row": "H020"}).json()["items"]
    assert [(one["proposed_by"], one["decided_by"]) for one in history] == [("a.data_keeper", "a.approver")]


def test_what_is_wrong_is_refused_with_its_column(people: Any) -> None:
    answer = propose(people(Role.PLANNER), cells={"clearance_m": "99"})

    assert answer.status_code == 422
    assert "clearances/horizontal.csv 第 21 行“clearance_m”：数值过大" in answer.text


def test_roles_keep_to_their_part(people: Any) -> None:
    keeper, chief = people(Role.DATA_KEEPER), people(Role.APPROVER)
    number = propose(keeper).json()["id"]

    assert propose(people(Role.READER)).status_code == 403
    assert propose(chief).status_code == 403
    assert approve(keeper, number).status_code == 403
    assert propose(keeper).status_code == 409
    assert people(Role.READER).get("/api/rules").status_code == 200
    assert people(Role.SYSTEM_ADMIN).get("/api/rules").status_code == 403
    reader = people(Role.READER).post(f"/api/rules/changes/{number}/withdraw", json={"reason": "不需要"})
    assert reader.status_code == 403
    assert (
        keeper.post(f"/api/rules/changes/{number}/withdraw", json={"reason": "不需要"}).json()["state"]
        == "withdrawn"
    )


def test_a_scheduled_change_can_be_looked_at_before_its_time(people: Any) -> None:
    keeper, chief = people(Role.DATA_KEEPER), people(Role.APPROVER)
    soon = datetime.now(UTC) + timedelta(days=3)
    number = propose(keeper, wanted_from=soon.isoformat()).json()["id"]
    approve(chief, number)

    now = chief.get("/api/rules/tables/horizontal", params={"q": "H020"}).json()
    then = chief.get("/api/rules/tables/horizontal", params={"q": "H020", "as_of": soon.isoformat()}).json()

    assert (now["items"][0]["cells"]["clearance_m"], then["items"][0]["cells"]["clearance_m"]) == (
        "0.5",
        "0.1",
    )
    assert "已批准，未到时间" in chief.get(f"/rules/changes/{number}").text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_table_and_form_is_a_page(people: Any, language: str) -> None:
    keeper = people(Role.DATA_KEEPER)
    keeper.headers["accept-language"] = language
    propose(keeper)
    for one in keeper.get("/api/rules").json()["tables"]:
        rows = keeper.get(f"/api/rules/tables/{one['token']}", params={"limit": 1}).json()["items"]
        assert keeper.get(f"/rules/tables/{one['token']}").status_code == 200
        assert (
            keeper.get(f"/rules/tables/{one['token']}/row", params={"key": rows[0]["row"]}).status_code == 200
        )
        assert keeper.get(f"/rules/tables/{one['token']}/new").status_code == (200 if one["may_add"] else 404)
    assert "H020" in keeper.get("/rules").text
    assert "H020" in keeper.get("/rules/changes?state=proposed").text
    assert keeper.get("/rules/tables/horizontal/row?key=H999").status_code == 404


def test_a_row_of_the_city_is_added_on_the_page(people: Any) -> None:
    keeper = people(Role.DATA_KEEPER)
    sent = {
        "is_new": "yes", "cell-code": "XZ1", "cell-token": "xz_one", "cell-scheme": "local", "cell-zh": "徐州材料",
        "cell-en": "Xuzhou stuff", "cell-source": "徐规发〔2026〕12 号", "cell-confidence": "verified",
        "reason": "新材料", "source_of_change": "徐规发〔2026〕12 号",
    }  # fmt: skip

    made = keeper.post("/rules/tables/codes.material/proposals", data=sent)

    assert made.status_code == 303
    number = int(made.headers["location"].rsplit("/", 1)[1])
    approve(people(Role.APPROVER), number)
    rows = keeper.get("/api/rules/tables/codes.material", params={"changed": True}).json()["items"]
    assert [(one["row"], one["shipped"], one["bearing"]) for one in rows] == [
        ("XZ1|xz_one|local", None, "unclear")
    ]
