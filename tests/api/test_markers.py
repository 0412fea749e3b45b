"""What may not be known never comes out: every route that is read, for every business role, on a secret line.

The line carries marks in every text and a place of its own; whoever is not cleared must see neither, whatever he asks
and however it is refused.
"""

import re

import pytest
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP, CASES, filled
from tests.factories import EAST_M, NORTH_M, NOW, a_batch, a_coverage, a_line, a_node, a_run
from tests.signed_in import BUSINESS, a_session, sign_in
from xzgis.catalogue.files import catalogue
from xzgis.networks.models import SecretRecord

MARKS = ("MARKLABEL", "MARKOWNER", "MARKROAD", "MARKPOINT", "MARKTOLD", "MARKCODE")
PLACES = ("517077.31", "3793044.77", "517088.13", "3793055.91", "517077,31")
READ = sorted({path for path, method, _ in CASES if method == "GET"})


@pytest.fixture
def secret(session: Session) -> dict[str, int]:
    """A run between two nodes with a coverage of its own, in a batch, all secret; and an ordinary line beside."""
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
    return {"run": run.object_id, "node": node.object_id, "batch": batch.id}


@pytest.fixture
def reader(session: Session, secret):
    from fastapi.testclient import TestClient

    client = TestClient(
        APP, raise_server_exceptions=False, base_url="http://localhost", follow_redirects=False
    )
    return sign_in(client, a_session(session, "walker", *BUSINESS))


def asked(path: str, secret: dict[str, int]) -> list[str]:
    """The path with the numbers of what is secret, and the ways that lead to it by question."""
    known = {"object_id": secret["run"], "batch_id": secret["batch"]}
    numbered = re.sub(r"{(object_id|batch_id)(?::\w+)?}", lambda found: str(known[found[1]]), path)
    with_node = re.sub(r"{object_id(?::\w+)?}", str(secret["node"]), path)
    with_node = re.sub(r"{batch_id(?::\w+)?}", str(secret["batch"]), with_node)
    near = f"e={EAST_M + 80}&n={NORTH_M + 50}&e1={EAST_M + 70}&n1={NORTH_M + 60}&e2={EAST_M + 95}&n2={NORTH_M + 40}"
    query = f"?q=MARK&{near}&runs={secret['run']}&nodes={secret['node']}&owner=MARKOWNER&language=zh"
    return [filled(numbered), filled(with_node), filled(numbered) + query]


def is_told(text: str) -> list[str]:
    return [mark for mark in (*MARKS, *PLACES) if mark in text]


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

    from xzgis.identity.models import DataRightRow, Person, Post
    from xzgis.identity.terms import Role

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
