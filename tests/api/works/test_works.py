"""Saved works over HTTP."""

from tests.api.conflicts.test_check import WORK


def save(client, document=WORK):
    """A saved work: its answer and its ETag."""
    answer = client.post("/api/works", json=document)
    assert answer.status_code == 201
    return answer.json(), answer.headers["etag"]


def test_a_work_is_saved_and_read_again(client):
    work, tag = save(client)

    again = client.get(f"/api/works/{work['id']}")

    assert again.json() == work
    assert again.headers["etag"] == tag
    assert work["document"]["runs"][0]["depth"]["cover_m"] == 1.2


def test_a_change_must_say_what_it_changes(client):
    work, tag = save(client)
    changed = WORK | {"name": "改线"}

    missing = client.put(f"/api/works/{work['id']}", json=changed)
    stale = client.put(f"/api/works/{work['id']}", json=changed, headers={"If-Match": '"old"'})
    right = client.put(f"/api/works/{work['id']}", json=changed, headers={"If-Match": tag})

    assert (missing.status_code, stale.status_code, right.status_code) == (428, 412, 200)
    assert right.json()["name"] == "改线"
    assert right.headers["etag"] != tag


def test_a_removed_work_is_not_found(client):
    work, tag = save(client)

    gone = client.delete(f"/api/works/{work['id']}", headers={"If-Match": tag})

    assert gone.status_code == 204
    assert client.get(f"/api/works/{work['id']}").status_code == 404


def test_a_saved_work_is_checked_again_and_reported(client):
    work, _ = save(client)

    told = client.get(f"/api/works/{work['id']}/check")
    page = client.get(f"/api/works/{work['id']}/check?format=html")

    assert told.json()["verdict"] in ("findings", "cannot_judge")
    assert page.content.startswith(b"<!DOCTYPE html>")
    assert page.headers["content-disposition"].startswith("attachment")


def test_works_come_page_by_page(client):
    ids = [save(client)[0]["id"] for _ in range(3)]

    first = client.get("/api/works?limit=2").json()
    rest = client.get(f"/api/works?limit=2&after={first['after']}").json()

    assert [work["id"] for work in first["items"] + rest["items"]] == ids[::-1]
    assert rest["after"] is None


def test_a_page_mark_of_strangers_is_refused(client):
    assert client.get("/api/works?after=zzz").status_code == 422


def test_a_finding_is_contested_and_the_contest_withdrawn(client):
    shallow = WORK | {"runs": [WORK["runs"][0] | {"depth": {"cover_m": 0.1}}]}
    work, _ = save(client, shallow)
    address = f"/api/works/{work['id']}"
    finding = client.get(f"{address}/check").json()["findings"][0]

    kept = client.post(f"{address}/contests", json={"finding_id": finding["id"], "reason": "另有设计"})

    assert kept.status_code == 201
    told = client.get(f"{address}/check").json()
    assert (
        next(one for one in told["findings"] if one["id"] == finding["id"])["contest"]["reason"] == "另有设计"
    )
    assert "另有设计" in client.get(f"{address}/check?format=html").text
    assert "另有设计" in client.get(f"{address}/check?format=csv").text
    assert [row["finding_id"] for row in client.get(f"{address}/contests").json()] == [finding["id"]]
    assert client.delete(f"{address}/contests/{finding['id']}").status_code == 204
    assert client.delete(f"{address}/contests/{finding['id']}").status_code == 404
    assert client.post(f"{address}/contests", json={"finding_id": "ff", "reason": "x"}).status_code == 404
