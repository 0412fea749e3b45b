"""Machines let in, people listed, units and areas kept, attacks refused."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import NOW
from tests.people import HERE, THE_CONSOLE, a_person, a_post, inside, tries
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, NotAllowed, NotFound, Refusal, WrongState
from xzgis.identity import actions, queries
from xzgis.identity.models import Person
from xzgis.identity.queries import directory
from xzgis.identity.terms import AreaAsked as Asked
from xzgis.identity.terms import Role, Tier, UnitAsked, UnitKind

DAY = timedelta(days=1)
S = timedelta(seconds=1)
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def test_a_token_may_what_it_was_given_while_its_person_may(organised):
    lihua = inside(organised, "lihua", Role.PLANNER)
    given = actions.issue_token(
        organised, actor=lihua.actor(organised), name="夜间导出", permissions=["works.read", "works.edit"],
        expires_at=NOW + DAY, now=NOW,
    )  # fmt: skip

    actor, facts = queries.actor_of_token(organised, given.secret, now=NOW, address=HERE)
    assert (actor.name, actor.via, actor.permissions) == ("lihua", "api", {"works.read", "works.edit"})
    assert given.secret not in str(facts)
    actions.note_used(organised, token_id=facts.id, now=NOW)

    a_post(organised, "lihua", Role.READER)
    planner = next(
        one for one in queries.posts_of(organised, lihua.person.id, now=NOW) if one.role == "planner"
    )
    actions.end_post(organised, actor=THE_CONSOLE, post_id=planner.id, now=NOW)
    actor, facts = queries.actor_of_token(organised, given.secret, now=NOW, address=HERE)
    assert actor.permissions == {"works.read"}
    assert facts.used_at == NOW


def test_a_token_ends_to_the_second_and_by_word(organised):
    lihua = inside(organised, "lihua", Role.PLANNER)
    first, second = (
        actions.issue_token(
            organised, actor=lihua.actor(organised), name="a", permissions=["map.read"],
            expires_at=NOW + DAY, now=NOW,
        )
        for _ in range(2)
    )  # fmt: skip

    def lets_in(token, now):
        return queries.actor_of_token(organised, token.secret, now=now, address=HERE) is not None

    assert (lets_in(first, NOW + DAY - S), lets_in(first, NOW + DAY)) == (True, False)
    actions.revoke_token(organised, actor=lihua.actor(organised), token_id=second.id, now=NOW)
    assert not lets_in(second, NOW)
    assert queries.actor_of_token(organised, "xzt_" + "A" * 43, now=NOW, address=HERE) is None


@pytest.mark.parametrize(
    "permissions", [["networks.accept"], ["identity.own"], ["identity.tokens"], ["no.such"], []]
)
def test_a_token_carries_nothing_but_own_business(organised, permissions):
    lihua = inside(organised, "lihua", Role.PLANNER)

    with pytest.raises(NotAllowed):
        actions.issue_token(
            organised, actor=lihua.actor(organised), name="a", permissions=permissions,
            expires_at=NOW + DAY, now=NOW,
        )  # fmt: skip


def test_a_foreign_token_is_not_there(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.PLANNER)
    given = actions.issue_token(
        organised, actor=lihua.actor(organised), name="a", permissions=["map.read"], expires_at=NOW + DAY,
        now=NOW,
    )  # fmt: skip

    with pytest.raises(NotFound):
        actions.revoke_token(organised, actor=wang.actor(organised), token_id=given.id, now=NOW)


def test_a_list_is_paged_by_account_and_searched_literally(organised):
    for number in range(5):
        a_person(organised, f"chen{number}")
    a_person(organised, "per_cent")

    def accounts(**asked):
        page = queries.people(organised, actor=THE_CONSOLE, now=NOW, **asked)
        return [one.account for one in page.items], page.after

    first, after = accounts(limit=2)
    second, _ = accounts(limit=2, after=after)
    assert first + second == ["chen0", "chen1", "chen2", "chen3"]
    assert accounts(asked_for=queries.PeopleAsked(search="r_c"))[0] == ["per_cent"]
    assert accounts(asked_for=queries.PeopleAsked(search="n_"))[0] == []
    assert accounts(asked_for=queries.PeopleAsked(search="%"))[0] == []


def test_who_may_not_read_people_knows_his_unit_only(organised):
    lihua = inside(organised, "lihua", Role.READER)
    a_person(organised, "colleague", Role.PLANNER)
    a_person(organised, "gasman", Role.OWNER, unit="GAS")
    actor = lihua.actor(organised)

    assert [one.account for one in queries.people(organised, actor=actor, now=NOW).items] == [
        "colleague",
        "lihua",
    ]
    with pytest.raises(NotFound):
        directory.person(organised, actor=actor, account="gasman", now=NOW)


def test_a_unit_with_posts_or_units_in_it_is_not_closed(organised):
    a_person(organised, "chen", Role.READER)
    asked = UnitAsked("BUREAU-1", "一科", "Section 1", UnitKind.DEPARTMENT, "3299", parent="BUREAU")
    actions.add_unit(organised, actor=THE_CONSOLE, asked=asked, now=NOW)

    with pytest.raises(WrongState, match="还有岗位"):
        actions.close_unit(organised, actor=THE_CONSOLE, code="BUREAU", now=NOW)
    actions.leave_person(organised, actor=THE_CONSOLE, account="chen", now=NOW)
    with pytest.raises(WrongState, match="下级单位"):
        actions.close_unit(organised, actor=THE_CONSOLE, code="BUREAU", now=NOW)
    for code in ("BUREAU-1", "BUREAU"):
        actions.close_unit(organised, actor=THE_CONSOLE, code=code, now=NOW)

    assert [unit.code for unit in queries.units_tree(organised, now=NOW)] == ["GAS"]
    a_person(organised, "zhou")
    with pytest.raises(WrongState, match="已关闭"):
        a_post(organised, "zhou", Role.READER)


@pytest.mark.parametrize(
    ("code", "tier"),
    [("329902001", Tier.TOWNSHIP), ("3301", Tier.DISTRICT), ("32", Tier.CITY), ("3299a", Tier.CITY)],
)
def test_an_area_stands_under_the_one_its_code_begins_with(organised, code, tier):
    with pytest.raises(Invalid):
        actions.add_area(organised, actor=THE_CONSOLE, asked=Asked(code, "x", "x", tier), now=NOW)


def test_a_code_taken_is_told(organised):
    with pytest.raises(WrongState, match="已被使用"):
        actions.add_area(
            organised, actor=THE_CONSOLE, asked=Asked("329901", "x", "x", Tier.DISTRICT), now=NOW
        )


def test_the_first_three_come_once_and_only_from_the_console(session):
    with pytest.raises(NotAllowed):
        actions.first_administrators(session, actor=Actor("guest", "page"), now=NOW)

    made = actions.first_administrators(session, actor=THE_CONSOLE, now=NOW)

    assert [one.account for one in made] == ["sysadmin", "secadmin", "auditadmin"]
    assert len({one.password for one in made}) == 3
    assert actions.first_administrators(session, actor=THE_CONSOLE, now=NOW) == ()
    assert [tries(session, one.account, one.password).must_change for one in made] == [True] * 3


ATTACKS = (
    "'; drop table identity_person; --", "<script>alert(1)</script>", "{{7*7}}", "${jndi:ldap://x}", "../../etc/passwd",
    "admin\r\nSet-Cookie: sid=1", "a\x00b", "\u202eresu", "a\u200bb", "\ud800", "=cmd|' /C calc'!A0", "%s%n", "a" * 100_000, "",
)  # fmt: skip


@pytest.mark.parametrize("attack", ATTACKS, ids=range(len(ATTACKS)))
def test_an_attack_is_refused_or_kept_as_the_letters_it_is(organised, attack):
    before = organised.scalars(select(Person.account)).all()
    with pytest.raises(Refusal):
        actions.add_person(organised, actor=THE_CONSOLE, account=attack, name="李", now=NOW)
    for field in ("email", "phone"):
        if attack:
            with pytest.raises(Refusal):
                actions.add_person(
                    organised, actor=THE_CONSOLE, account="chen", name="陈", now=NOW, **{field: attack}
                )
    assert organised.scalars(select(Person.account)).all() == before

    try:
        made = actions.add_person(organised, actor=THE_CONSOLE, account="chen", name=attack, now=NOW)
    except Invalid:
        return
    assert made.name == " ".join(attack.split())
    assert queries.people(
        organised, actor=THE_CONSOLE, now=NOW, asked_for=queries.PeopleAsked(search=made.name[:50])
    ).items[0].name == made.name  # fmt: skip
