"""A post lent: who acts for whom, from when until when."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from tests.factories import NOW
from tests.people import HERE, PASSWORD, a_post, inside, tries
from xzgis.audit.models import TrailEntry
from xzgis.core.errors import NotFound, WrongState
from xzgis.identity import actions, queries
from xzgis.identity.permissions import ROLES, Permission
from xzgis.identity.terms import DelegationAsked, Role

DAY = timedelta(days=1)
S = timedelta(seconds=1)
ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


def lent(session, giver, taker, *, until_at=NOW + DAY, **facts):
    post = queries.posts_of(session, giver.person.id, now=NOW)[0].id
    asked = DelegationAsked(post, taker.person.account, until_at, "出差", **facts)
    return post, actions.delegate(session, actor=giver.actor(session), asked=asked, now=NOW)


def test_who_acts_for_another_says_so_and_only_when_he_chooses(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    post, _ = lent(organised, lihua, wang)

    before = wang.actor(organised)
    token = actions.act_in(organised, actor=before, token=wang.token, post_id=post, now=NOW)
    acting, facts = queries.actor_of_session(organised, token, now=NOW, address=HERE)

    assert (before.acting_for, before.may(Permission.WORKS_EDIT)) == (None, False)
    assert (acting.name, acting.acting_for, acting.may(Permission.WORKS_EDIT)) == ("wang", "lihua", True)
    assert facts.post_id == post
    assert not wang.is_in(organised)  # a rise of rights is a fresh token
    entry = organised.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
    assert entry.details == {"post_id": post, "acting_for": "lihua"}


def test_a_delegation_ends_to_the_second(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    end = NOW + timedelta(minutes=10)
    post, _ = lent(organised, lihua, wang, until_at=end)
    token = actions.act_in(organised, actor=wang.actor(organised), token=wang.token, post_id=post, now=NOW)

    last, _ = queries.actor_of_session(organised, token, now=end - S, address=HERE)
    after, facts = queries.actor_of_session(organised, token, now=end, address=HERE)

    assert last.acting_for == "lihua"
    assert (after.acting_for, after.permissions, facts.post_id) == (None, ROLES[Role.READER], None)


def test_a_delegation_not_yet_begun_gives_nothing(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    post, _ = lent(organised, lihua, wang, from_at=NOW + timedelta(hours=1))

    with pytest.raises(NotFound):
        actions.act_in(organised, actor=wang.actor(organised), token=wang.token, post_id=post, now=NOW)


def test_a_lent_post_is_taken_back_by_giver_taker_or_security_but_no_stranger(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    stranger = inside(organised, "stranger", Role.READER)

    for ender in (lihua, wang):
        _, number = lent(organised, lihua, wang)
        with pytest.raises(NotFound):
            actions.end_delegation(organised, actor=stranger.actor(organised), delegation_id=number, now=NOW)
        actions.end_delegation(organised, actor=ender.actor(organised), delegation_id=number, now=NOW)
        assert len(queries.posts_of(organised, wang.person.id, now=NOW)) == 1


def test_a_lent_post_is_not_lent_on(organised):
    lihua, wang = inside(organised, "lihua", Role.PLANNER), inside(organised, "wang", Role.READER)
    zhou = inside(organised, "zhou", Role.READER)
    post, _ = lent(organised, lihua, wang)
    token = actions.act_in(organised, actor=wang.actor(organised), token=wang.token, post_id=post, now=NOW)
    acting, _ = queries.actor_of_session(organised, token, now=NOW, address=HERE)

    asked = DelegationAsked(post, zhou.person.account, NOW + DAY, "again")
    with pytest.raises(NotFound):
        actions.delegate(organised, actor=acting, asked=asked, now=NOW)


def test_no_post_is_lent_for_longer_than_it_holds(organised):
    lihua, wang = inside(organised, "lihua"), inside(organised, "wang", Role.READER)
    a_post(organised, "lihua", Role.PLANNER, valid_to=NOW + DAY)
    again = tries(organised, "lihua", PASSWORD)
    actor, _ = queries.actor_of_session(organised, again.token, now=NOW, address=HERE)
    post = queries.posts_of(organised, lihua.person.id, now=NOW)[0].id

    asked = DelegationAsked(post, wang.person.account, NOW + 2 * DAY, "出差")
    with pytest.raises(WrongState, match="超出岗位"):
        actions.delegate(organised, actor=actor, asked=asked, now=NOW)
