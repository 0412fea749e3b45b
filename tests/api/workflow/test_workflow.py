"""Process definitions over HTTP and on pages: who may do what, the differences, the drawing, and hostile files."""

from typing import Any

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.applications import application
from tests.processes import END, START, a_file, a_flow, a_process, a_task
from tests.signed_in import a_session, sign_in
from xzgis.catalogue.files import process_files
from xzgis.identity.terms import Role
from xzgis.workflow.actions.shipping import sync_processes

ROAD = "road_occupation"
WHY = {"reason": "机构改革", "source": "徐政办〔2026〕8 号"}


@pytest.fixture
def people(session: Session) -> Any:
    """A browser of anybody with a role: the system administrator proposes, the approver decides."""
    sync_processes(session, process_files())
    app = application(pages=True)
    tokens = {role: a_session(session, f"a.{role.value}", role) for role in Role}

    def of(role: Role) -> TestClient:
        return sign_in(TestClient(app, base_url="http://localhost", follow_redirects=False), tokens[role])

    return of


def shipped(key: str = ROAD) -> str:
    return process_files()[f"workflow/{key}.bpmn"].decode()


def propose(client: TestClient, bpmn: str) -> Any:
    return client.post("/api/workflow/versions", json={"bpmn": bpmn, **WHY})


def approve(client: TestClient, version_id: int, **facts: Any) -> Any:
    given = {"approved": True, "reason": "已核对"} | facts
    return client.post(f"/api/workflow/versions/{version_id}/decision", json=given)


def test_two_people_change_a_process(people: Any) -> None:
    admin, chief, reader = people(Role.SYSTEM_ADMIN), people(Role.APPROVER), people(Role.READER)
    known = {
        one["version"]["process_key"]: one for one in reader.get("/api/workflow/processes").json()["items"]
    }
    assert len(known) == 4
    assert known[ROAD]["definition"]["statutory_days"] == 20
    changed = shipped().replace('name="催办"', 'name="电话催办"').replace('hours="24"', 'hours="12"')

    made = propose(admin, changed).json()
    assert (made["state"], made["number"]) == ("proposed", None)
    assert propose(chief, changed).status_code == 403
    assert approve(admin, made["id"]).status_code == 403
    assert reader.get(f"/api/workflow/processes/{ROAD}").json()["version"]["number"] == 1
    assert approve(chief, made["id"]).json()["number"] == 2

    now = reader.get(f"/api/workflow/versions/{made['id']}").json()
    assert {one["zh"] for one in now["differences"]} == {
        "经办“催办”改名为“电话催办”", "“补办手续”的时限（小时）由 24 改为 12",
    }  # fmt: skip
    assert reader.get(f"/api/workflow/processes/{ROAD}").json()["version"]["number"] == 2
    assert len(reader.get(f"/api/workflow/processes/{ROAD}/versions").json()["items"]) == 2
    assert reader.get(f"/api/workflow/versions/{made['id']}/file").text == changed


def test_an_earlier_moment_has_its_own_version(people: Any) -> None:
    reader = people(Role.READER)
    before = {"as_of": "2020-01-01T00:00:00+08:00"}

    assert reader.get("/api/workflow/processes", params=before).json()["items"] == []
    assert reader.get(f"/api/workflow/processes/{ROAD}", params=before).status_code == 404


def test_a_version_is_compared_with_any_other_of_its_process_alone(people: Any) -> None:
    admin, chief = people(Role.SYSTEM_ADMIN), people(Role.APPROVER)
    first = admin.get(f"/api/workflow/processes/{ROAD}").json()["version"]["id"]
    foreign = admin.get("/api/workflow/processes/pipeline_coordination").json()["version"]["id"]
    second = propose(admin, shipped().replace('name="催办"', 'name="电话催办"')).json()["id"]
    approve(chief, second)

    def against(other: int, one: int = first) -> Any:
        return admin.get(f"/api/workflow/versions/{one}", params={"against": other})

    assert [one["zh"] for one in against(second).json()["differences"]] == ["经办“电话催办”改名为“催办”"]
    assert against(foreign).status_code == 404
    assert admin.get(f"/api/workflow/versions/{first}").json()["against"] is None


@pytest.mark.parametrize(
    "bpmn",
    [
        pytest.param('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', id="entity"),
        pytest.param("<a>" * 5000, id="broken"),
        pytest.param("\ud800", id="no text"),
        pytest.param("\x00", id="nothing"),
        pytest.param(a_process("<bpmn:scriptTask id='x'/>").decode(), id="script"),
        pytest.param(
            a_file(START, a_task("a"), END, a_flow("start", "a"), a_flow("a", "end", "open('x')")).decode(),
            id="calls",
        ),
    ],
)
def test_a_hostile_file_is_refused_and_nothing_waits(people: Any, bpmn: str) -> None:
    admin = people(Role.SYSTEM_ADMIN)

    for path, more in (("versions", WHY), ("checks", {})):
        body = '{"bpmn": "\\ud800"' + "".join(f', "{name}": "{said}"' for name, said in more.items()) + "}"
        answer = (
            admin.post(
                f"/api/workflow/{path}", content=body.encode(), headers={"Content-Type": "application/json"}
            )
            if bpmn == "\ud800"
            else admin.post(f"/api/workflow/{path}", json={"bpmn": bpmn, **more})
        )
        assert answer.status_code == 422
        assert answer.headers["content-type"] == "application/problem+json"
        assert "root:" not in answer.text
    assert admin.get("/api/workflow/processes").json()["waiting"] == []


def test_faults_name_element_line_and_remedy(people: Any) -> None:
    answer = people(Role.READER).post(
        "/api/workflow/checks", json={"bpmn": a_process("<bpmn:scriptTask id='x'/>").decode()}
    )

    (fault,) = answer.json()["errors"]
    assert fault["loc"][-3:] == ["bpmn", "x", 9]
    assert "scriptTask" in fault["msg"]
    assert "userTask" in fault["remedy"]
    assert (
        people(Role.READER).post("/api/workflow/checks", json={"bpmn": shipped()}).json()["process"] == ROAD
    )


def test_names_of_a_file_are_text_on_the_page(people: Any, session: Session) -> None:
    admin = people(Role.SYSTEM_ADMIN)
    named = a_process(said="&lt;script&gt;alert(1)&lt;/script&gt;").decode()
    made = propose(admin, named).json()["id"]

    page = admin.get(f"/workflow/versions/{made}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_pages_show_list_drawing_and_what_is_wrong(people: Any) -> None:
    admin, auditor = people(Role.SYSTEM_ADMIN), people(Role.AUDIT_ADMIN)
    assert "城市道路占用、挖掘许可" in auditor.get("/workflow").text
    page = auditor.get(f"/workflow/processes/{ROAD}").text
    assert page.count("<svg") == 1
    assert "凭记忆，待核对" in page
    assert "提出新版本" not in page
    assert auditor.get("/workflow/processes/gone").status_code == 404

    def send(content: bytes) -> Any:
        given = {"csrf": admin.headers["x-csrf-token"], "reason": "机构改革", "source_of_change": "文号"}
        return admin.post("/workflow/versions", data=given, files={"file": ("a.bpmn", content)})

    refused = send(a_process("<bpmn:laneSet/>"))
    assert refused.status_code == 422
    assert "不允许的元素 laneSet" in refused.text
    assert "机构改革" in refused.text
    assert send(b"").status_code == 422
    taken = send(a_process())
    assert taken.status_code == 303
    assert "这是该流程的第一个版本" in admin.get(taken.headers["location"]).text
    assert "试验流程" in admin.get("/workflow").text
    assert admin.get("/workflow/processes/trial").status_code == 200
