"""The one table: every permission is granted to somebody, and the three see no business."""

import pytest

from xzgis.core.actor import SYSTEM, Actor
from xzgis.core.errors import NotAllowed
from xzgis.identity.permissions import CONSOLE, OWN, ROLES, Permission, allowed_to
from xzgis.identity.policy import Held, check_apart
from xzgis.identity.terms import ADMINISTRATORS, Role

ABOUT_THE_SYSTEM = ("identity.", "audit.", "jobs.", "settings.", "notices.", "metrics.", "logs.", "backups.")
#: How a procedure runs is no business of anybody's: everybody may read it, the system administrator prepares it.
PROCEDURES = {"workflow.read", "workflow.propose"}


def test_every_role_has_a_row_and_every_permission_a_role():
    assert set(ROLES) == set(Role)
    assert frozenset().union(*ROLES.values()) == set(Permission)


def test_no_administrator_sees_business_data():
    for role in ADMINISTRATORS:
        assert all(name.startswith(ABOUT_THE_SYSTEM) for name in ROLES[role] - PROCEDURES)


def test_no_business_role_administers():
    for role in set(Role) - set(ADMINISTRATORS):
        own = OWN | {"identity.tokens"}
        assert not [name for name in ROLES[role] - own if name.startswith(ABOUT_THE_SYSTEM)]


def test_no_two_administrators_share_a_power_over_others():
    """Reading the list of people and the procedures apart, each power is one administrator's alone."""
    for first in ADMINISTRATORS:
        for second in ADMINISTRATORS:
            if first is not second:
                assert ROLES[first] & ROLES[second] == OWN | {"identity.read", "workflow.read"}


def test_rights_of_several_posts_add_up_and_of_none_is_the_own_account():
    assert allowed_to([]) == OWN
    assert allowed_to([Role.READER, Role.SURVEYOR]) == ROLES[Role.READER] | ROLES[Role.SURVEYOR]


def test_a_refusal_names_the_permission_in_both_languages():
    with pytest.raises(NotAllowed) as refused:
        Actor("lihua", "page").require(Permission.NETWORKS_ACCEPT)

    assert "接收入库" in refused.value.words.zh
    assert "accept deliveries" in refused.value.words.en


def test_the_machine_itself_has_no_permission_by_being_one():
    assert SYSTEM.permissions == frozenset()
    assert "identity.own" not in CONSOLE


@pytest.mark.parametrize("held", list(Role))
@pytest.mark.parametrize("role", list(Role))
def test_roles_mix_within_a_camp_only(role, held):
    if role.camp == held.camp:
        check_apart(role, Held(frozenset({held})))
        return
    with pytest.raises(NotAllowed, match="三员分立"):
        check_apart(role, Held(frozenset({held})))


@pytest.mark.parametrize("role", list(Role))
def test_who_acts_for_others_becomes_no_administrator(role):
    held = Held(is_lent_posts=True)
    if not role.is_administrator:
        check_apart(role, held)
        return
    with pytest.raises(NotAllowed, match="代理"):
        check_apart(role, held)


def test_every_permission_and_role_has_words_in_both_languages():
    for word in (*Permission, *Role):
        assert word.words.zh
        assert word.words.en
        assert word.words.zh != word.words.en
