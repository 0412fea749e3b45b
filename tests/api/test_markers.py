"""What may not be known never comes out: every route that is read, for every business role, on a secret line.

The line carries marks in every text and a place of its own; whoever is not cleared must see neither, whatever he asks
and however it is refused.
"""

import re
from dataclasses import asdict
from io import BytesIO
from zipfile import ZipFile

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP, CASES, alone, filled
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run
from tests.signed_in import BUSINESS, a_session, sign_in
from web.forms.work import form_of
from xzgis.catalogue.files import catalogue
from xzgis.conflicts.actions.check import check_work
from xzgis.conflicts.actions.contest import Objection, contest_finding
from xzgis.conflicts.queries.rasters import Sources
from xzgis.conflicts.reports.formats import FORMATS
from xzgis.core.actor import Actor
from xzgis.identity.models import DataRightRow, Person, Post
from xzgis.identity.terms import Role
from xzgis.networks.models import SecretRecord
from xzgis.works.actions import save_work
from xzgis.works.terms import Depth, NewRun, Section, TieIn, WorkDocument

ROOT = Actor(name="root", via="command")
__all__ = ["alone"]

MARKS = ("MARKLABEL", "MARKOWNER", "MARKROAD", "MARKPOINT", "MARKTOLD", "MARKCODE", "MARKREASON")
PLACES = ("517077.31", "3793044.77", "517088.13", "3793055.91", "517077,31", "13.3719")
READ = sorted({path for path, method, _ in CASES if method == "GET"})


@pytest.fixture
def secret(session: Session) -> dict[str, int]:
    """A run between two nodes with a coverage of its own, in a batch, all secret; and an ordinary line beside.

    A saved work runs beside it, says that it is joined to it, and somebody contests its finding.
    """
    batch = a_batch(name="MARKTOLD", created_by="somebody.else")
    session.add(batch)
    session.flush()
    axis = a_line(points=[(77.31, 44.77), (88.13, 55.91)])
    told = {
        "road": "MARKROAD",
        "owner": "MARKOWNER",
        "batch_id": batch.id,
        "attributes": {"note": "MARKTOLD"},
    }
    node = a_node("power", point_no="MARKPOINT", batch_id=batch.id)
    session.add_all(
        [node, a_coverage("power", batch_id=batch.id), a_run("water", label="SW1", axis=a_line(y_m=40.0))]
    )
    session.flush()
    run = a_run("power", axis=axis, label="MARKLABEL", code="MARKCODE", from_node_id=node.object_id, **told)
    session.add(run)
    session.flush()
    session.add_all(
        SecretRecord(object_id=number, grade=1, reason="试验", since=NOW)
        for number in (run.object_id, node.object_id)
    )
    session.flush()
    work = save_work(session, actor=ROOT, document=beside(run.object_id), catalogue=catalogue(), now=NOW)
    found = check_work(session, beside(run.object_id), catalogue=catalogue()).result.findings
    contested = next(one for one in found if one.b is not None and one.b.id == str(run.object_id))
    contest_finding(
        session, actor=ROOT, work_id=work.id, said=Objection(contested.id, "MARKREASON"), catalogue=catalogue(),
        sources=Sources(), now=NOW,
    )  # fmt: skip
    return {"run": run.object_id, "node": node.object_id, "batch": batch.id, "work": work.id}


def beside(run_id: int | None = None) -> WorkDocument:
    """A cable a hand's breadth beside the secret one; joined to it when that is named."""
    ties = () if run_id is None else (TieIn(chainage_m=13.3719, run_id=run_id),)
    run = NewRun(
        kind="power", axis=((EAST_M + 70.0, NORTH_M + 37.5), (EAST_M + 95.0, NORTH_M + 62.5)),
        section=Section(diameter_mm=200, is_outer=True), burial="direct_buried", voltage_kv=10.0,
        depth=Depth(cover_m=1.0), ground_m=(31.0, 31.0), tie_ins=ties,
    )  # fmt: skip
    return WorkDocument(name="邻缆", runs=(run,), surface="carriageway")


@pytest.fixture
def reader(session: Session, secret):
    from fastapi.testclient import TestClient

    client = TestClient(
        APP, raise_server_exceptions=False, base_url="http://localhost", follow_redirects=False
    )
    return sign_in(client, a_session(session, "walker", *BUSINESS))


def asked(path: str, secret: dict[str, int]) -> list[str]:
    """The path with the numbers of what is secret, and the ways that lead to it by question."""
    known = {"object_id": secret["run"], "batch_id": secret["batch"], "work_id": secret["work"]}
    numbered = re.sub(r"{(object_id|batch_id|work_id)(?::\w+)?}", lambda found: str(known[found[1]]), path)
    with_node = re.sub(r"{object_id(?::\w+)?}", str(secret["node"]), path)
    with_node = re.sub(r"{batch_id(?::\w+)?}", str(secret["batch"]), with_node)
    near = f"e={EAST_M + 80}&n={NORTH_M + 50}&e1={EAST_M + 70}&n1={NORTH_M + 60}&e2={EAST_M + 95}&n2={NORTH_M + 40}"
    query = f"?q=MARK&{near}&runs={secret['run']}&nodes={secret['node']}&owner=MARKOWNER&language=zh"
    return [filled(numbered), filled(with_node), filled(numbered) + query]


def is_told(text: str) -> list[str]:
    return [mark for mark in (*MARKS, *PLACES) if mark in text]


def with_right(session: Session, account: str, right: str | None) -> None:
    """Rows in place of what follows from the role: ``corridor`` reaches the secret line too, ``hidden`` takes its kind."""
    posts = session.scalars(
        select(Post.id).join(Person, Person.id == Post.person_id).where(Person.account == account)
    ).all()
    for post in posts if right is not None else ():
        session.add(DataRightRow(post_id=post, precision="exact", kinds=["water"]))
        kinds = ["power"] if right == "hidden" else None
        session.add(DataRightRow(post_id=post, precision=right, kinds=kinds, secrecy=3))
    session.flush()


def told_by(answer) -> list[str]:
    content = answer.content
    if content[:2] == b"PK":
        content = b"".join(
            ZipFile(BytesIO(content)).read(each) for each in ZipFile(BytesIO(content)).namelist()
        )
    return is_told(content.decode("utf-8", "replace"))


@pytest.mark.timeout(240)
@pytest.mark.parametrize("right", ["corridor", "hidden"])
@pytest.mark.parametrize("role", BUSINESS)
def test_no_role_is_told_more_than_a_corridor(role, right, secret, session, alone):
    token = a_session(session, "walker", role)
    with_right(session, "walker", right)
    wrong = []
    for path in READ:
        sign_in(alone, token)  # again: signing out took the cookie away
        address = asked(path, secret)[0]
        answer = alone.get(address)
        if told_by(answer) or (answer.status_code >= 500 and answer.status_code != 503):
            wrong.append((address, answer.status_code, told_by(answer)))

    assert wrong == []


POSTED = {"check": {}, "section": {"chainage": "12"}, "report": {"format": "html"}, "save": {}}


@pytest.mark.timeout(240)
@pytest.mark.parametrize("right", [None, "corridor", "hidden"])
def test_no_check_section_profile_or_report_tells_of_the_secret_line(right, secret, session, alone):
    sign_in(alone, a_session(session, "walker", *BUSINESS))
    with_right(session, "walker", right)
    form = asdict(form_of(beside(), work_id=secret["work"], at=0))
    sent = {name: str(value) for name, value in form.items() if value is not None}
    answers = [
        alone.post(f"/works/{what}", data=sent | more, headers={"HX-Request": "true"})
        for what, more in POSTED.items()
    ]
    answers += [
        alone.post("/works/section", data=sent | {"download": ending}) for ending in ("svg", "csv")
    ] + [alone.post("/works/report", data=sent | {"format": each}) for each in FORMATS if each != "table"]
    document = beside(secret["run"]).model_dump(mode="json") | {"name": "邻缆"}
    document["runs"][0]["tie_ins"][0]["chainage_m"] = 1.5
    answers += [alone.post(f"/api/conflicts/check?all=true&format={each}", json=document) for each in FORMATS]
    answers += [alone.get(f"/api/works/{secret['work']}/check?all=true&format={each}") for each in FORMATS]
    answers.append(alone.post("/api/works", json=document))

    assert [(str(one.request.url), told_by(one)) for one in answers if told_by(one)] == []
    assert {one.status_code for one in answers} <= {200, 201, 303, 409}
    assert f'"run_id":{secret["run"]}' not in answers[-1].text
    checked = alone.post("/api/conflicts/check", json=document).json()
    assert checked["checked"]["withheld"]["findings"] > 0


REFUSED = [
    ("PATCH", "/api/networks/runs/{run}"), ("PUT", "/api/networks/runs/{run}"), ("DELETE", "/api/networks/runs/{run}"),
    ("PATCH", "/api/networks/nodes/{node}"), ("DELETE", "/api/networks/nodes/{node}"),
    ("POST", "/api/networks/batches/{batch}/accept"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path"), REFUSED)
def test_a_refusal_is_that_of_a_line_that_there_is_not(method, path, secret, session, alone):
    sign_in(alone, a_session(session, "walker", *BUSINESS))
    with_right(session, "walker", "hidden")
    nothing = dict.fromkeys(secret, 2**40)

    real, none = (
        alone.request(
            method, path.format(**numbers), json={"life_state": "disused"}, headers={"If-Match": "*"}
        )
        for numbers in (secret, nothing)
    )

    assert real.status_code == none.status_code >= 400
    same = real.text
    for name, number in secret.items():
        same = same.replace(f" {number} ", f" {nothing[name]} ")
    assert same == none.text
    assert told_by(real) == []


@pytest.mark.parametrize("path", READ)
def test_no_answer_tells_of_the_secret_line(path, secret, reader):
    for address in asked(path, secret):
        answer = reader.get(address)
        # What was asked is said again in some answers; that is the asker's own.
        said = answer.content.decode("utf-8", "replace")
        own = address.partition("?")[2]
        told = [mark for mark in is_told(said) if mark not in own]
        assert told == [], address
        assert answer.status_code < 500 or answer.status_code == 503, address


def test_the_marks_come_out_for_who_is_cleared(session, secret):
    """Else the walk would find nothing because there is nothing to find."""
    from fastapi.testclient import TestClient

    token = a_session(session, "cleared", Role.READER)
    post = (
        session.query(Post.id)
        .join(Person, Person.id == Post.person_id)
        .filter(Person.account == "cleared")
        .scalar()
    )
    session.add(DataRightRow(post_id=post, precision="exact", secrecy=1))
    session.flush()
    client = sign_in(TestClient(APP, base_url="http://localhost"), token)

    card = client.get(f"/api/networks/runs/{secret['run']}").text

    assert {"MARKLABEL", "MARKOWNER", "MARKROAD", "MARKTOLD", "517077.31"} <= set(is_told(card))


def test_tiles_show_no_secret_line(reader, secret):
    grid = catalogue().grid
    for z in range(grid.max_zoom + 1):
        wide_m = grid.extent_m / 2**z
        x, y = (
            int((EAST_M + 80 - grid.origin_east_m) / wide_m),
            int((grid.origin_north_m - NORTH_M - 50) / wide_m),
        )
        tile = reader.get(f"/api/map/tiles/{z}/{x}/{y}")
        assert tile.status_code == 200
        assert is_told(tile.content.decode("latin-1")) == []
        assert kinds_drawn(tile.content) <= {"water"}


def kinds_drawn(tile: bytes) -> set[str]:
    """Kinds named in the layers of lines and nodes; coverage names every kind that was looked for."""
    kinds: set[str] = set()
    for name, layer in layers_of(tile):
        if name in ("runs", "nodes", "streets", "corridors"):
            # The name of a column holds the token of the unknown kind.
            said = layer.replace(b"depth_unknown", b"")
            kinds |= {token for token in catalogue().kinds if token.encode() in said}
    return kinds


def layers_of(tile: bytes):
    """Name and bytes of each layer: field 3 of the tile, field 1 of the layer (Mapbox vector tile 2.1)."""
    at = 0
    while at < len(tile):
        at += 1  # the tag of a layer, 0x1a
        length, at = number_at(tile, at)
        layer = tile[at : at + length]
        at += length
        start = layer.index(b"\x0a") + 1
        size, start = number_at(layer, start)
        yield layer[start : start + size].decode(), layer


def number_at(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        value |= (data[at] & 0x7F) << shift
        shift, at = shift + 7, at + 1
        if not data[at - 1] & 0x80:
            return value, at
