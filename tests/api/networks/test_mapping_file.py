"""The mapping of a batch leaves as a file that the command line takes."""

import json
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.api.networks.test_batches import read, store
from tests.api.test_matrix import APP
from xzgis.cli.deliveries.options import asked_options
from xzgis.networks.models import Batch

__all__ = ["read", "store"]


def test_what_a_person_said_and_what_was_understood_leave_together(
    client: Any, session: Session, read: int, tmp_path: Path
) -> None:
    options = dict(session.scalars(select(Batch.options).where(Batch.id == read)).one())
    said = {"overrides": {"备注": ""}, "code_kinds": {"WS": "drainage_foul"}}
    session.execute(update(Batch).where(Batch.id == read).values(options=options | said))

    pages = TestClient(APP, base_url="http://localhost", cookies=client.cookies)
    answer = pages.get(f"/intake/{read}/mapping.json")

    (tmp_path / "crew.json").write_bytes(answer.content)
    told = asked_options({}, mapping=str(tmp_path / "crew.json"), columns=[], codes=[], same="replace")
    assert answer.status_code == 200
    assert "mapping" in answer.headers["content-disposition"]
    assert json.loads(answer.content)["columns"]["终点点号"] == "to_point"
    assert told["overrides"]["备注"] == ""
    assert told["code_kinds"] == {"WS": "drainage_foul"}
    assert pages.get("/intake/4711/mapping.json").status_code == 404
