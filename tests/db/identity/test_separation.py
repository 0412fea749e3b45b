"""Accounts and posts: the three administrators apart, the leaver, the last one."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from tests.factories import NOW
from tests.people import HERE, PASSWORD, THE_CONSOLE, a_person, a_post, inside, tries
from xzgis.audit.models import TrailEntry
from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed, NotFound, WrongState
from xzgis.identity import actions, queries
from xzgis.identity.models import Delegation, Post
from xzgis.identity.permissions import OWN, ROLES, Permission
from xzgis.identity.queries import directory
from xzgis.identity.terms import DelegationAsked, PostAsked, Role, UnitAsked, UnitKind

DAY = timedelta(days=1)
S = timedelta(seconds=1)
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def somebody(session, account, role):
    """The actor a person of this role is, once signed in with everything asked of him."""
    person = a_person(session, account, role)
    post = queries.posts_of(session, person.id, now=NOW)[0]
    return Actor(
        name=account, via="page", id=person.id, unit_id=post.unit_id, address=HERE, permissions=ROLES[role]
    )


@pytest.fixture
def admins(organised):
    """The three of them, as actors."""
    return {role: somebody(organised, role.value.replace("_", "."), role) for role in ADMINISTRATORS}


def test_each_administrator_does_his_own_work_only(organised, admins):
    system, security, audit = (admins[role] for role in ADMINISTRATORS)
    post = PostAsked(unit="BUREAU", role=Role.READER, area="3299")

    actions.add_person(organised, actor=system, account="chen", name="陈", now=NOW)
    actions.grant_post(organised, actor=security, account="chen", asked=post, now=NOW)

    for wrong in (security, audit):
        with pytest.raises(NotAllowed):
            actions.add_person(organised, actor=wrong, account="zhou", name="周", now=NOW)
        with pytest.raises(NotAllowed):
            actions.leave_person(organised, actor=wrong, account="chen", now=NOW)
        with pytest.raises(NotAllowed):
            actions.add_unit(
                organised, actor=wrong, asked=UnitAsked("X", "x", "x", UnitKind.OWNER, "3299"), now=NOW
            )
    for wrong in (system, audit):
        with pytest.raises(NotAllowed):
            actions.grant_post(organised, actor=wrong, account="chen", asked=post, now=NOW)
        with pytest.raises(NotAllowed):
            actions.reset_second_factor(organised, actor=wrong, account="chen", now=NOW)


def test_nobody_grants_to_himself(organised, admins):
    security = admins[Role.SECURITY_ADMIN]
    asked = PostAsked(unit="BUREAU", role=Role.SECURITY_ADMIN, area="3299")

    with pytest.raises(NotAllowed, match="给自己"):
        actions.grant_post(organised, actor=security, account="security.admin", asked=asked, now=NOW)


@pytest.mark.parametrize("second", [role for role in Role if role is not Role.SYSTEM_ADMIN])
def test_no_person_mixes_an_administrator_with_anything(organised, second):
    a_person(organised, "chen", Role.SYSTEM_ADMIN)

    with pytest.raises(NotAllowed, match="三员分立"):
        a_post(organised, "chen", second)


def test_one_role_after_the_other_is_no_mixing(organised):
    a_person(organised, "chen")
    a_post(organised, "chen", Role.PLANNER, valid_to=NOW + DAY)
    asked = PostAsked("BUREAU", Role.AUDIT_ADMIN, "3299", valid_from=NOW + DAY)

    actions.grant_post(organised, actor=THE_CONSOLE, account="chen", asked=asked, now=NOW)

    chen = directory.person(organised, actor=THE_CONSOLE, account="chen", now=NOW)
    before, after = (
        [post.role for post in queries.posts_of(organised, chen.id, now=at)]
        for at in (NOW + DAY - S, NOW + DAY)
    )
    assert (before, after) == ([Role.PLANNER], [Role.AUDIT_ADMIN])


def insert_post(session, person_id, role, *, valid_to=None):
    unit, area = session.execute(
        text("select u.id, a.id from identity_unit u, identity_area a limit 1")
    ).one()
    session.add(
        Post(person_id=person_id, unit_id=unit, area_id=area, role=role, valid_from=NOW, valid_to=valid_to)
    )
    session.flush()


@pytest.mark.parametrize("first", ["planner", *ADMINISTRATORS])
@pytest.mark.parametrize("second", ["reader", *ADMINISTRATORS])
def test_the_database_keeps_them_apart_whoever_writes(organised, first, second):
    person = a_person(organised, "chen")
    insert_post(organised, person.id, str(first))
    mixed = Role(first).camp != Role(second).camp

    if not mixed:
        insert_post(organised, person.id, str(second))
        return
    with pytest.raises(IntegrityError, match="three administrators"):
        insert_post(organised, person.id, str(second))


def test_the_database_lets_no_post_change_hands_or_role(organised):
    person, other = a_person(organised, "chen", Role.PLANNER), a_person(organised, "zhou")
    for change in ({"role": "security_admin"}, {"person_id": other.id}):
        with pytest.raises(IntegrityError, match="keeps its person and its role"), organised.begin_nested():
            organised.execute(
                text(f"update identity_post set {next(iter(change))} = :value where person_id = :id"),
                {"value": next(iter(change.values())), "id": person.id},
            )


@pytest.mark.parametrize(
    ("whose", "to"), [("chen", "zhou"), ("zhou", "chen"), ("zhou", "zhou")],
    ids=["an administrator's", "to an administrator", "to himself"],
)  # fmt: skip
def test_the_database_lends_no_administrators_post(organised, whose, to):
    people = {
        "chen": a_person(organised, "chen", Role.AUDIT_ADMIN),
        "zhou": a_person(organised, "zhou", Role.READER),
    }
    post = queries.posts_of(organised, people[whose].id, now=NOW)[0].id
    organised.add(
        Delegation(post_id=post, to_person_id=people[to].id, from_at=NOW, until_at=NOW + DAY, reason="x")
    )

    with pytest.raises(IntegrityError, match="neither lends"):
        organised.flush()


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_the_last_administrator_stays(organised, admins, role):
    account = role.value.replace("_", ".")
    post = queries.posts_of(organised, admins[role].id, now=NOW)[0]

    with pytest.raises(NotAllowed, match="最后一位"):
        actions.end_post(organised, actor=THE_CONSOLE, post_id=post.id, now=NOW)
    with pytest.raises(NotAllowed, match="最后一位"):
        actions.leave_person(organised, actor=THE_CONSOLE, account=account, now=NOW)

    a_person(organised, "successor", role)
    actions.leave_person(organised, actor=THE_CONSOLE, account=account, now=NOW)
    assert queries.posts_of(organised, admins[role].id, now=NOW) == []


def test_an_administrator_ends_neither_himself_nor_his_post(organised, admins):
    a_person(organised, "second", Role.SECURITY_ADMIN)
    a_person(organised, "third", Role.SYSTEM_ADMIN)
    post = queries.posts_of(organised, admins[Role.SECURITY_ADMIN].id, now=NOW)[0]

    with pytest.raises(NotAllowed):
        actions.end_post(organised, actor=admins[Role.SECURITY_ADMIN], post_id=post.id, now=NOW)
    with pytest.raises(NotAllowed):
        actions.leave_person(organised, actor=admins[Role.SYSTEM_ADMIN], account="system.admin", now=NOW)


def test_a_leaver_loses_everything_at_once_and_stays_in_the_records(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    actor = lihua.actor(organised)
    token = actions.issue_token(
        organised, actor=actor, name="script", permissions=["works.read"], expires_at=NOW + DAY, now=NOW
    )
    own, foreign = (queries.posts_of(organised, who.person.id, now=NOW)[0].id for who in (lihua, wang))
    for giver, post, taker in ((lihua, own, "wang"), (wang, foreign, "lihua")):
        asked = DelegationAsked(post, taker, NOW + DAY, "休假")
        actions.delegate(organised, actor=giver.actor(organised), asked=asked, now=NOW)

    actions.leave_person(organised, actor=THE_CONSOLE, account="lihua", now=NOW + S)

    later = NOW + S
    assert not lihua.is_in(organised, now=later)
    assert queries.actor_of_token(organised, token.secret, now=later, address=HERE) is None
    assert queries.posts_of(organised, lihua.person.id, now=later) == []
    assert [post.acting_for for post in queries.posts_of(organised, wang.person.id, now=later)] == [None]
    assert tries(organised, "lihua", PASSWORD, now=later).token is None
    row = directory.person(organised, actor=THE_CONSOLE, account="lihua", now=later)
    assert (row.left_at, row.password_hash, row.name) == (later, None, "李华")
    with pytest.raises(WrongState, match="已被使用"):
        a_person(organised, "lihua")
    with pytest.raises(NotFound):
        a_post(organised, "lihua", Role.READER)
    entry = organised.scalars(select(TrailEntry).where(TrailEntry.event == "identity.person.left")).one()
    assert entry.details == {"account": "lihua", "posts": 1, "delegations": 2, "sessions": 1, "tokens": 1}


def test_a_post_holds_to_the_microsecond(organised):
    person = a_person(organised, "chen")
    a_post(organised, "chen", Role.READER, valid_to=NOW + DAY)

    ends = [
        queries.posts_of(organised, person.id, now=NOW + DAY - step)
        for step in (timedelta(microseconds=1), 0 * S)
    ]

    assert [len(held) for held in ends] == [1, 0]


def test_rights_rise_only_with_a_fresh_sign_in_and_fall_at_once(organised):
    lihua = inside(organised, "lihua", Role.READER)
    post = queries.posts_of(organised, lihua.person.id, now=NOW)[0]

    a_post(organised, "lihua", Role.PLANNER)
    assert not lihua.is_in(organised)

    again = tries(organised, "lihua", PASSWORD)
    actor, _ = queries.actor_of_session(organised, again.token, now=NOW, address=HERE)
    assert actor.may(Permission.WORKS_EDIT)
    for held in queries.posts_of(organised, lihua.person.id, now=NOW):
        actions.end_post(organised, actor=THE_CONSOLE, post_id=held.id, now=NOW)
    actor, _ = queries.actor_of_session(organised, again.token, now=NOW, address=HERE)
    assert actor.permissions == OWN
    assert actor.unit_id is None
    with pytest.raises(WrongState, match="已经结束"):
        actions.end_post(organised, actor=THE_CONSOLE, post_id=post.id, now=NOW)


def test_a_reset_password_ends_the_sessions_and_has_to_be_changed(organised, admins):
    lihua = inside(organised, "lihua", Role.READER)

    given = actions.reset_password(organised, actor=admins[Role.SYSTEM_ADMIN], account="lihua", now=NOW)

    assert not lihua.is_in(organised)
    assert tries(organised, "lihua", PASSWORD).token is None
    assert tries(organised, "lihua", given.password).must_change


def test_no_administrator_takes_anothers_place_by_a_reset(organised, admins):
    system = admins[Role.SYSTEM_ADMIN]

    with pytest.raises(NotAllowed, match="接管"):
        actions.reset_password(organised, actor=system, account="security.admin", now=NOW)
    with pytest.raises(NotAllowed):
        actions.reset_password(organised, actor=system, account="system.admin", now=NOW)
    assert actions.reset_password(organised, actor=THE_CONSOLE, account="security.admin", now=NOW).password
