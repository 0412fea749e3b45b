"""The invented government: complete, separated, and with passwords nobody else can read."""

from collections import defaultdict

import pytest
from argon2 import PasswordHasher
from sqlalchemy import select

from tests.factories import NOW
from tests.people import THE_CONSOLE, tries
from xzgis.audit.models import TrailEntry
from xzgis.core import sealing
from xzgis.core.settings import ROOT
from xzgis.identity import queries
from xzgis.identity.actions import hashing
from xzgis.identity.models import Area, Person
from xzgis.identity.terms import Role
from xzgis.samples.actions.organise import organise, organise_sample
from xzgis.samples.terms import MARK, OWNERS


@pytest.fixture
def people(session, tmp_path, monkeypatch):
    monkeypatch.setattr(sealing, "key_file", lambda: tmp_path / "sealing.key")
    # What the hash costs is proven with the door; here sixty of them would take a minute.
    monkeypatch.setattr(hashing, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    return organise(session, ROOT / "data" / "sample", actor=THE_CONSOLE, now=NOW)


def test_every_role_is_there_in_every_tier(session, people):
    tiers = defaultdict(set)
    for person in people:
        for post in queries.posts_of(session, person.id, now=NOW):
            if post.acting_for is None:
                tiers[post.role].add(len(post.area_code))

    business = {role: found for role, found in tiers.items() if not role.is_administrator}
    assert set(tiers) == set(Role)
    assert set(map(frozenset, business.values())) == {frozenset({4, 6, 9})}


def test_line_owners_are_called_as_in_the_register(session, people):
    names = {unit.name_zh for unit in queries.units_tree(session, now=NOW) if unit.kind == "owner"}

    assert {name + MARK for name in OWNERS.values()} - {"权属不明" + MARK} == names


def test_the_areas_hold_the_sample_and_townships_lie_in_their_districts(session, people):
    from shapely import Point

    middle = queries.area_of_place(session, Point(516_600, 3_792_300))

    assert (middle.code, middle.tier) == ("320391001", "township")
    assert queries.area_of_place(session, Point(500_000, 3_700_000)) is None
    areas = session.scalars(select(Area)).all()
    assert all(
        session.get(Area, area.parent_id).code == area.code[: {6: 4, 9: 6}[len(area.code)]]
        for area in areas
        if area.parent_id is not None
    )


def test_each_gets_in_with_his_one_time_password_and_must_change_it(session, people):
    assert len({person.password for person in people}) == len(people) == 31
    for number, person in enumerate(people):
        done = tries(session, person.account, person.password, address=f"192.0.2.{number}")
        assert done.must_change

    kept = [row.password_hash for row in session.scalars(select(Person))]
    told = [str(row.details) for row in session.scalars(select(TrailEntry))]
    assert not [text for text in kept + told for person in people if person.password in text]


def test_somebody_stands_in_for_an_absent_one(session, people):
    clerk = next(person for person in people if person.account == "clerk.district")

    assert [post.acting_for for post in queries.posts_of(session, clerk.id, now=NOW)] == [
        None,
        "planner.district",
    ]


def test_a_second_time_makes_nobody(session, people):
    assert organise(session, None, actor=THE_CONSOLE, now=NOW) == ()


def test_a_register_without_the_sample_city_gets_its_administrators_alone(session, tmp_path):
    made = organise_sample(session, tmp_path, actor=THE_CONSOLE, now=NOW)

    assert [person.account for person in made] == ["sysadmin", "secadmin", "auditadmin"]


@pytest.mark.parametrize(
    ("account", "precisions"),
    [
        ("planner.city", [("exact", None, None)]),
        ("planner.district", [("exact", None, "320391"), ("corridor", None, None)]),
        ("planner.gas", [("exact", frozenset({"样例燃气（虚构）"}), None), ("corridor", None, None)]),
        ("reader.city", [("corridor", None, None)]),
    ],
)
def test_each_sort_of_data_right_has_somebody(session, people, account, precisions):
    person = next(person for person in people if person.account == account)
    (post,) = [post for post in queries.posts_of(session, person.id, now=NOW) if post.acting_for is None]

    rights = queries.rights_of(session, post.id)

    assert [(right.precision, right.owners, right.area) for right in rights] == precisions
    assert {right.secrecy for right in rights} == {0}


def test_one_person_alone_is_cleared_for_the_secret_lines(session, people):
    reached = {
        person.account: {right.secrecy for right in queries.rights_of(session, post.id)}
        for person in people
        for post in queries.posts_of(session, person.id, now=NOW)
    }

    assert {account for account, grades in reached.items() if grades - {0}} == {"planner.secret"}
    assert reached["planner.secret"] == {2}
