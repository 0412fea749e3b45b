"""The register read: now, as it was known, as it stood; lists, searches and sums."""

from datetime import date, timedelta

import pytest
from shapely import MultiPolygon
from sqlalchemy.orm import Session

from tests.factories import NOW, a_batch, a_coverage, a_line, a_node, a_run, an_area
from xzgis.core.db import stored
from xzgis.core.errors import Invalid, NotFound
from xzgis.networks.models import Node, Road, Run
from xzgis.networks.queries.history import Wanted, runs_page, version_at, versions
from xzgis.networks.queries.lookup import look_up
from xzgis.networks.queries.summary import coverages, summary

DAY = timedelta(days=1)


@pytest.fixture
def register(session: Session) -> Session:
    batch = a_batch(name="测区一")
    session.add(batch)
    session.flush()
    session.add_all(
        [
            a_run("gas", object_id=1, label="MQ1-MQ2", material="PE", known_to=NOW + DAY, batch_id=batch.id),
            a_run("gas", object_id=1, label="MQ1-MQ2", material="钢", known_from=NOW + DAY, road="解放北路"),
            a_run(
                "water", object_id=2, y_m=20, true_from=date(2010, 1, 1), true_to=date(2020, 1, 1), owner=None
            ),
            a_run(
                "water",
                object_id=3,
                y_m=2000,
                crown_m=[30.0, None],
                surveyed_on=date(2024, 6, 1),
                road="解放南路",
            ),
            a_run("heat", object_id=4, y_m=30, known_to=NOW + DAY),
            a_node("gas", object_id=5, point_no="MQ1"),
            a_coverage("gas"),
            a_coverage("gas", area=an_area(x_m=0)),
            Road(part="centreline", name="人民广场路", shape=stored(a_line())),
        ]
    )
    session.flush()
    return session


def test_a_card_has_every_column_the_shape_and_the_batch(register: Session) -> None:
    card = version_at(register, Run, 1, known_at=NOW)

    assert set(card.columns) == {column.name for column in Run.__table__.columns} - {"axis"}
    assert card.geometry["type"] == "LineString"
    assert (card.batch_name, card.is_displaced, card.is_invented) == ("测区一", False, False)


def test_a_record_is_read_as_it_was_known(register: Session) -> None:
    assert version_at(register, Run, 1).columns["material"] == "钢"
    assert version_at(register, Run, 1, known_at=NOW + DAY).columns["material"] == "钢"
    assert version_at(register, Run, 1, known_at=NOW + DAY / 2).columns["material"] == "PE"
    with pytest.raises(NotFound):
        version_at(register, Run, 1, known_at=NOW - DAY)
    with pytest.raises(NotFound):
        version_at(register, Run, 4)


def test_history_is_given_youngest_first(register: Session) -> None:
    assert [one.columns["material"] for one in versions(register, Run, 1)] == ["钢", "PE"]
    assert len(versions(register, Run, 4)) == 1
    with pytest.raises(NotFound):
        versions(register, Node, 4711)


@pytest.mark.parametrize(
    ("day", "there"),
    [
        pytest.param(date(2009, 12, 31), False, id="the day before it was built"),
        pytest.param(date(2010, 1, 1), True, id="the day it was built"),
        pytest.param(date(2019, 12, 31), True, id="its last day"),
        pytest.param(date(2020, 1, 1), False, id="the day it was gone"),
    ],
)
def test_the_ground_is_read_as_it_truly_stood(register: Session, day: date, there: bool) -> None:
    found = {one.columns["object_id"] for one in runs_page(register, Wanted(true_on=day)).items}

    assert (2 in found) is there
    assert {1, 3} <= found


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        pytest.param(Wanted(), [1, 2, 3], id="everything"),
        pytest.param(Wanted(kinds=("water", "heat")), [2, 3], id="kinds"),
        pytest.param(Wanted(known_at=NOW), [1, 4, 2, 3], id="as it was known"),
        pytest.param(Wanted(within=an_area()), [1, 2], id="in a box"),
        pytest.param(Wanted(within=an_area(), known_at=NOW), [1, 4, 2], id="in a box as it was known"),
        pytest.param(Wanted(road="解放北路"), [1], id="road"),
        pytest.param(Wanted(owner="水务集团"), [1, 3], id="owner"),
    ],
)
def test_a_list_shows_what_was_asked_for(register: Session, wanted: Wanted, found: list[int]) -> None:
    assert [one.columns["object_id"] for one in runs_page(register, wanted).items] == found


def test_pages_follow_each_other_without_gap_or_overlap(register: Session) -> None:
    first = runs_page(register, Wanted(), limit=2)
    second = runs_page(register, Wanted(), limit=2, after=first.after)

    assert [one.columns["object_id"] for one in (*first.items, *second.items)] == [1, 2, 3]
    assert second.after is None


@pytest.mark.parametrize("after", ["nonsense", "WzEsIDJd", "", "é"])
def test_a_page_mark_that_is_not_ours_is_refused(register: Session, after: str) -> None:
    with pytest.raises(Invalid):
        runs_page(register, Wanted(), after=after)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("解放", [("road", "解放北路"), ("road", "解放南路")], id="road"),
        pytest.param("南路", [("road", "解放南路")], id="end of a road"),
        pytest.param("水务", [("owner", "水务集团")], id="owner"),
        pytest.param("人民", [("road", "人民广场路")], id="a road of the road register that no line names"),
        pytest.param("mq1", [("node", "MQ1"), ("run", "MQ1-MQ2")], id="small letters"),
        pytest.param("MQ1-", [("run", "MQ1-MQ2")], id="label"),
        pytest.param("%", [], id="a sign is a letter"),
        pytest.param("  ", [], id="nothing"),
    ],
)
def test_look_up_finds_what_people_remember(
    register: Session, text: str, found: list[tuple[str, str]]
) -> None:
    assert [(hit.what, hit.label) for hit in look_up(register, text)] == found


def test_the_summary_counts_lengths_and_ground_once(register: Session) -> None:
    found = summary(register, today=date(2026, 11, 22))

    gas, water = found.kinds
    assert (gas.kind, gas.runs, gas.nodes, gas.length_m) == ("gas", 1, 1, pytest.approx(100))
    assert gas.covered_m2 == pytest.approx(350 * 300)
    assert (water.runs, water.runs_without_level, water.length_m, water.length_without_level_m) == (
        2,
        1,
        pytest.approx(200),
        pytest.approx(100),
    )
    assert {share.name: share.runs for share in found.by_owner} == {"水务集团": 2, None: 1}
    assert {share.name: share.runs for share in found.by_age} == {None: 2, "<5": 1}


def test_the_summary_of_nothing_is_empty(session: Session) -> None:
    assert summary(session, today=date(2026, 2, 28)).kinds == ()


def test_coverages_are_found_by_ground(register: Session) -> None:
    assert len(coverages(register, within=an_area(x_m=-40, size_m=10))) == 1
    assert len(coverages(register, kinds=("water",))) == 0
    (first, _) = coverages(register)
    assert first.area["type"] == MultiPolygon().geom_type
