"""The page and the route of datasets say the same, the grade in words, and the worst first when asked."""

from fastapi.testclient import TestClient
from sqlalchemy.orm import Session

from tests.api.test_matrix import APP
from tests.factories import NOW, a_run
from tests.signed_in import a_session, sign_in
from xzgis.identity.terms import Role
from xzgis.networks.models import SecretRecord


def test_datasets_are_told_with_grade_and_score(session: Session) -> None:
    secret = a_run("gas", owner="燃气公司", material="PE")
    session.add_all([a_run(), a_run(), secret])
    session.flush()
    session.add(SecretRecord(object_id=secret.object_id, grade=1, reason="t", since=NOW))
    client = TestClient(APP, base_url="http://localhost", follow_redirects=False)
    sign_in(client, a_session(session, "keeps.data", Role.DATA_KEEPER))

    told = client.get("/api/networks/datasets").json()
    page = client.get("/data/datasets?order=score").text

    seen = {one["owner"]: (one["grade"], one["score"], one["runs"]) for one in told}
    assert seen["水务集团"] == ("internal", 85, 2)
    rows = page.split('<tr data-dataset="')[1:]
    assert rows[0].startswith('water"')
    assert "<strong>85</strong>" in rows[0]
    assert "内部" in rows[0]
    assert len(rows) == len(told)
    if "燃气公司" in seen:  # a post that reaches that grade
        assert (seen["燃气公司"][0], "秘密" in page) == ("secret", True)
    assert client.get("/data/datasets?order=else").status_code == 422
