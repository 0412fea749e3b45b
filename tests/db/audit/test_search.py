"""The trail is found by person, record, time, event, result and place, and leaves as a file."""

import csv
import io
import json
from dataclasses import replace
from datetime import timedelta

import pytest
from shapely import box
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.factories import EAST_M, NORTH_M, NOW, an_actor
from tests.trails import ThingMoved
from xzgis.audit.models import TrailEntry
from xzgis.audit.queries import search
from xzgis.audit.queries.written import write_into, written
from xzgis.audit.record import record
from xzgis.audit.rules.asked import search_of
from xzgis.audit.terms import Search
from xzgis.core.errors import Invalid


@pytest.fixture
def three(session: Session) -> Session:
    """Three things: one by Li on the map, one by Wang for Li, a try of Zhao that was refused."""
    li, wang = an_actor("li"), replace(an_actor("wang"), acting_for="li", id=5, address="10.0.0.7")
    place = box(EAST_M, NORTH_M, EAST_M + 100, NORTH_M + 50)
    record(session, actor=li, event=ThingMoved("1", by_m=1), now=NOW, place=place)
    record(session, actor=wang, event=ThingMoved("2", by_m=2), now=NOW + timedelta(days=1))
    record(session, actor=an_actor("zhao"), event=ThingMoved("=3", by_m=3), now=NOW, result="refused")
    session.flush()
    return session


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param({}, ["2", "=3", "1"], id="everything, the latest first"),
        pytest.param({"person": "li"}, ["2", "1"], id="who acted or was acted for"),
        pytest.param({"record": "thing/2"}, ["2"], id="one record"),
        pytest.param({"record": "thing"}, ["2", "=3", "1"], id="a kind of record"),
        pytest.param({"event": "tests.thing"}, ["2", "=3", "1"], id="the beginning of an event"),
        pytest.param({"event": "works"}, [], id="another event"),
        pytest.param({"result": "refused"}, ["=3"], id="what was refused"),
        pytest.param({"since": "2026-05-05"}, ["2"], id="from a day on"),
        pytest.param({"until": "2026-05-04"}, ["=3", "1"], id="up to a day"),
        pytest.param({"box": f"{EAST_M - 5},{NORTH_M - 5},{EAST_M + 1},{NORTH_M + 1}"}, ["1"], id="on the map"),
        pytest.param({"box": f"{EAST_M - 9},{NORTH_M - 9},{EAST_M - 5},{NORTH_M - 5}"}, [], id="elsewhere"),
    ],
)  # fmt: skip
def test_search(three: Session, asked: dict[str, str], expected: list[str]) -> None:
    given = search_of(**asked)

    found = search.found(three, given, before=None, limit=10)

    assert [entry.object_id for entry in found] == expected
    assert search.counted(three, given) == len(expected)


def test_pages_follow_each_other(three: Session) -> None:
    first = search.found(three, Search(), before=None, limit=2)
    at, number = search.key_of(first[-1])

    second = search.found(three, Search(), before=(search.moment_of(at), number), limit=2)

    assert [entry.object_id for entry in [*first, *second]] == ["2", "=3", "1"]


@pytest.mark.parametrize("box_text", ["1,2,3", "a,b,c,d", "nan,nan,nan,nan", "517000,3793000,516000,3794000"])
def test_what_is_no_box_is_refused(box_text: str) -> None:
    with pytest.raises(Invalid, match="范围"):
        search_of(box=box_text)


def test_a_csv_runs_no_formula_and_holds_everything(three: Session) -> None:
    text = "".join(written(search.all_found(three, Search()), "csv"))

    rows = list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))

    assert [row["object_id"] for row in rows] == ["1", "'=3", "2"]
    assert rows[0]["place"] == f"{EAST_M:.3f},{NORTH_M:.3f},{EAST_M + 100:.3f},{NORTH_M + 50:.3f}"
    assert json.loads(rows[2]["details"]) == {"by_m": 2}


def test_json_is_one_document(three: Session) -> None:
    file = io.BytesIO()

    count = write_into(file, search.all_found(three, Search()), "json")

    told = json.loads(file.getvalue())
    assert count == len(told) == 3
    assert (told[2]["acting_for"], told[2]["actor_id"], told[2]["address"]) == ("li", 5, "10.0.0.7")


def test_a_place_is_kept_as_its_box(three: Session) -> None:
    from geoalchemy2.shape import to_shape

    entry = three.scalars(select(TrailEntry).where(TrailEntry.object_id == "1")).one()

    assert entry.place is not None
    assert to_shape(entry.place).bounds == (EAST_M, NORTH_M, EAST_M + 100, NORTH_M + 50)
