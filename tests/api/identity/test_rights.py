"""Data rights of a post: by role at first, given and taken by the security administrator, told in the trail."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from tests.applications import application
from tests.factories import a_line, a_run
from tests.signed_in import a_session, sign_in
from xzgis.audit.models import TrailEntry
from xzgis.identity.models import DataRightRow, Person, Post
from xzgis.identity.terms import Role


def of(session, *roles, account="security"):
    made = TestClient(application(pages=True), base_url="http://localhost", follow_redirects=False)
    return sign_in(made, a_session(session, account, *roles))


@pytest.fixture
def post(session):
    """The post of a planner who is signed in as ``reader``."""
    a_session(session, "planner", Role.PLANNER)
    return session.scalars(
        select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == "planner")
    ).one()


def test_a_post_begins_with_the_rights_of_its_role(session, post):
    (right,) = of(session, Role.SECURITY_ADMIN).get(f"/api/identity/posts/{post}/rights").json()

    assert (right["id"], right["precision"], right["secrecy"], right["kinds"]) == (None, "exact", 0, None)


def test_a_right_is_given_and_told_in_the_trail(session, post):
    client = of(session, Role.SECURITY_ADMIN)

    asked = {"precision": "exact", "kinds": ["gas"], "area": "3298", "attributes": ["depth", "size"]}
    answer = client.post(f"/api/identity/posts/{post}/rights", json=asked)

    assert answer.status_code == 201
    (right,) = answer.json()
    assert {name: right[name] for name in asked} == asked
    entry = session.scalars(select(TrailEntry).where(TrailEntry.event == "identity.post.right_given")).one()
    assert entry.details["kinds"] == ["gas"]


@pytest.mark.parametrize(
    "wrong",
    [
        {"precision": "blurred"}, {"precision": "exact", "kinds": ["gold"]}, {"precision": "exact", "secrecy": 4},
        {"precision": "exact", "attributes": []}, {"precision": "exact", "more": 1},
    ],
)  # fmt: skip
def test_a_right_that_is_none_is_refused(session, post, wrong):
    answer = of(session, Role.SECURITY_ADMIN).post(f"/api/identity/posts/{post}/rights", json=wrong)

    assert answer.status_code == 422


def test_the_last_right_is_not_taken(session, post):
    client = of(session, Role.SECURITY_ADMIN)
    here = f"/api/identity/posts/{post}/rights"
    first = client.post(here, json={"precision": "corridor"}).json()[0]["id"]

    assert client.delete(f"{here}/{first}").status_code == 409
    second = client.post(here, json={"precision": "hidden"}).json()[1]["id"]
    assert client.delete(f"{here}/{first}").status_code == 204
    assert [one["id"] for one in client.get(here).json()] == [second]


def test_a_planner_gives_no_right(session, post):
    answer = of(session, Role.PLANNER, account="another").post(
        f"/api/identity/posts/{post}/rights", json={"precision": "exact", "secrecy": 3}
    )

    assert answer.status_code == 403


def test_what_was_given_holds_in_lists_and_cards(session):
    gas, water = a_run("gas", label="G-1"), a_run("water", label="W-1", axis=a_line(y_m=9.0))
    session.add_all([gas, water])
    session.flush()
    reader = of(session, Role.READER, account="reader")
    post = session.scalars(
        select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == "reader")
    ).one()
    session.add(DataRightRow(post_id=post, precision="exact", kinds=["gas"]))
    session.flush()

    listed = reader.get("/api/networks/runs")
    assert len(listed.json()["items"]) == 1
    assert "G-1" in listed.text
    assert reader.get(f"/api/networks/runs/{gas.object_id}").status_code == 200
    assert reader.get(f"/api/networks/runs/{water.object_id}").status_code == 404
    assert reader.get(f"/map/runs/{water.object_id}").status_code == 404
    assert "W-1" not in reader.get("/api/networks/search?q=W-").text


def corridors_alone(session, account):
    found = select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == account)
    session.add(DataRightRow(post_id=session.scalars(found).one(), precision="corridor"))
    session.flush()


def test_lines_that_are_kept_back_are_not_called_absent(session):
    reader = of(session, Role.PLANNER, account="reader")
    before = reader.get("/map").text

    corridors_alone(session, "reader")
    told = reader.get("/map").text

    assert "无记录" in before
    assert "以廊道显示或不向您显示" not in before
    assert "无记录" not in told
    assert "以廊道显示或不向您显示" in told


def test_a_section_says_what_it_may_lack_and_no_more(session):
    reader = of(session, Role.PLANNER, account="reader")
    cut = "/map/section?e1=517000&n1=3792000&e2=517020&n2=3792000"
    before = reader.get(cut).text

    corridors_alone(session, "reader")

    assert "不含涉密管线" in before
    assert "未含您无权查看的管线" not in before
    assert "未含您无权查看的管线" in reader.get(cut).text


@pytest.mark.parametrize(
    ("grade", "said"), [(0, "（不含涉密管线）"), (2, "（不含密级高于机密的管线）"), (3, "")], ids=str
)
def test_a_section_with_classified_lines_is_not_called_one_without(session, grade, said):
    reader = of(session, Role.PLANNER, account="reader")
    found = select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == "reader")
    session.add(DataRightRow(post_id=session.scalars(found).one(), precision="exact", secrecy=grade))
    session.flush()

    section = reader.get("/map/section?e1=517000&n1=3792000&e2=517020&n2=3792000").text

    assert said in section
    assert ("不含" in section) is bool(said)


def test_a_section_with_classified_lines_of_one_kind_is_not_called_one_without(session):
    reader = of(session, Role.PLANNER, account="reader")
    found = select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == "reader")
    post = session.scalars(found).one()
    session.add(DataRightRow(post_id=post, precision="exact"))
    session.add(DataRightRow(post_id=post, precision="exact", kinds=["gas"], secrecy=2))
    session.flush()

    section = reader.get("/map/section?e1=517000&n1=3792000&e2=517020&n2=3792000").text

    assert "未含您无权查看的管线" in section
    assert "不含" not in section


def test_the_page_shows_and_gives(session, post):
    client = of(session, Role.SECURITY_ADMIN)

    before = client.get("/people/planner/rights")
    sent = client.post(
        f"/people/planner/rights/{post}",
        data={"precision": "exact", "kinds": ["gas", "water"], "owners": "样例燃气，别家"},
    )
    after = client.get("/people/planner/rights")

    assert before.status_code == after.status_code == 200
    assert "随角色" in before.text
    assert sent.status_code == 303
    assert "随角色" not in after.text
    assert "别家、样例燃气" in after.text
