"""Datasets out of the register: kind by owner, what is missing of them, and only what somebody sees whole."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, a_run, an_actor
from xzgis.core import db
from xzgis.core.sight import DataRight, Sight
from xzgis.networks.models import BatchFinding, SecretRecord
from xzgis.networks.queries.datasets import datasets
from xzgis.networks.rules.quality import Dataset

TODAY = date(2026, 11, 23)
GOOD = {"material": "球墨铸铁", "surveyed_on": date(2024, 5, 1)}


def by_name(session: Session, **asked: object) -> dict[tuple[str, str | None], Dataset]:
    return {(one.kind, one.owner): one for one in datasets(session, today=TODAY, **asked)}  # type: ignore[arg-type]  # each as the query names it


def test_kinds_and_owners_stand_apart_with_what_they_lack(session: Session) -> None:
    batch = a_batch()
    session.add(batch)
    session.flush()
    session.add_all([
        a_run(batch_id=batch.id, **GOOD),
        a_run(**GOOD, crown_m=None, bottom_m=None),
        a_run(**GOOD, assumptions=["standard_depth"]),
        a_run(**GOOD, assumptions=["level_column_contradicts_rule"]),
        a_run(accuracy_class="digitised", surveyed_on=date(2010, 1, 1)),
        a_run(**GOOD, known_to=NOW.replace(year=NOW.year + 1)),
        a_run("gas", **GOOD, owner=None),
        *(BatchFinding(batch_id=batch.id, code="L01", level=level, file="a.xlsx", row=row, message_zh="错", message_en="x",
                       remedy_zh="改", remedy_en="mend") for level, row in
          [("error", 7), ("error", 7), ("error", 9), ("warning", 11)]),
    ])  # fmt: skip
    session.flush()

    found = by_name(session)

    assert list(found) == [("water", "水务集团"), ("gas", None)]
    water = found["water", "水务集团"]
    assert (water.runs, water.length_m, water.left_out) == (5, pytest.approx(500), 2)
    assert {part: round(metres) for part, metres in water.bad_m.items()} == {
        "levels": 200, "size": 0, "position": 100, "agreement": 100, "recent": 100, "material": 100,
    }  # fmt: skip
    assert (water.surveyed_on, water.accepted_at, water.undated_m) == (date(2024, 5, 1), NOW, 0)
    assert found["gas", None].score == 100
    assert list(by_name(session, kinds=["gas"])) == [("gas", None)]
    assert list(by_name(session, owner="水务")) == [("water", "水务集团")]


def test_lines_that_are_not_seen_whole_do_not_count(session: Session) -> None:
    secret = a_run(**GOOD)
    session.add_all([a_run(**GOOD), secret, a_run("gas", **GOOD), a_run("heat", **GOOD)])
    session.flush()
    session.add(SecretRecord(object_id=secret.object_id, grade=2, reason="t", since=NOW))
    session.flush()
    rights = (
        DataRight("exact", kinds=frozenset({"water"})),
        DataRight("exact", kinds=frozenset({"gas"}), attributes=frozenset({"owner"})),
        DataRight("corridor", kinds=frozenset({"heat"})),
    )
    actor = replace(an_actor(), sight=Sight(rights, 20.0))

    with db.transaction(actor) as seen:
        found = by_name(seen)

    assert {key: (one.runs, one.grade) for key, one in found.items()} == {("water", "水务集团"): (1, 0)}
    assert by_name(session)["water", "水务集团"].grade == 2
