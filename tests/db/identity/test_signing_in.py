"""The door: passwords, codes, sessions, and what slows guessing down."""

from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import func, select

from tests.factories import NOW
from tests.people import HERE, PASSWORD, THE_CONSOLE, a_person, inside, tries
from xzgis.audit.models import TrailEntry
from xzgis.core.errors import NotAllowed, NotFound
from xzgis.core.settings import Settings
from xzgis.identity import actions, queries
from xzgis.identity.actions import hashing, own, signing_in
from xzgis.identity.models import Person, SignedInSession
from xzgis.identity.permissions import OWN, Permission
from xzgis.identity.terms import Role

S = timedelta(seconds=1)


def events(session):
    return list(session.scalars(select(TrailEntry.event).order_by(TrailEntry.id)))


def test_a_one_time_password_lets_in_and_has_to_be_changed(organised):
    person = a_person(organised, "lihua", Role.PLANNER)

    done = tries(organised, "lihua", person.password)

    actor, facts = queries.actor_of_session(organised, done.token, now=NOW, address=HERE)
    assert done.must_change
    assert facts.must_change
    assert actor.permissions == OWN
    assert events(organised)[-1] == "identity.person.signed_in"


def test_after_the_change_the_post_counts(organised):
    lihua = inside(organised, "lihua", Role.PLANNER)

    actor = lihua.actor(organised)

    assert actor.name == "lihua"
    assert actor.id == lihua.person.id
    assert actor.via == "page"
    assert actor.unit_id is not None
    assert actor.may(Permission.WORKS_EDIT)
    assert not actor.may(Permission.NETWORKS_ACCEPT)


def test_nothing_that_lets_in_is_kept_in_clear(organised, real_hashes):
    lihua = inside(organised)
    person = organised.scalars(select(Person)).one()
    kept = organised.scalars(select(SignedInSession)).one()

    assert person.password_hash.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert lihua.token.encode() not in kept.digest
    everything = [str(row.details) for row in organised.scalars(select(TrailEntry))]
    assert not [
        row for row in everything if lihua.token in row or lihua.person.password in row or PASSWORD in row
    ]


@pytest.mark.parametrize(
    "typed", ["ＬＩＨＵＡ", "  LiHua ", "lihua"], ids=["full width", "capitals and space", "as it is"]
)
def test_an_account_is_found_however_it_is_typed(organised, typed):
    inside(organised)

    assert tries(organised, typed, PASSWORD).token is not None


def test_unknown_account_and_wrong_password_are_told_alike(organised):
    inside(organised)

    wrong, unknown = tries(organised, "lihua", "wrong"), tries(organised, "nobody", "wrong")

    assert wrong == unknown
    assert wrong.token is None
    assert wrong.refusal == signing_in.WRONG


@pytest.mark.parametrize("account", ["nobody", "", "x" * 5000, "ad'--", "\x00", "\ud800", "zhang"])
def test_an_account_that_is_not_there_costs_a_hash_as_well(organised, real_hashes, monkeypatch, account):
    """``zhang`` has left. The time is the same because the work is: the verify is called."""
    a_person(organised, "zhang")
    actions.leave_person(organised, actor=THE_CONSOLE, account="zhang", now=NOW)
    verified = []
    real = hashing._verified
    monkeypatch.setattr(hashing, "_verified", lambda kept, given: verified.append(kept) or real(kept, given))

    done = tries(organised, account, "anything at all")

    assert done.refusal == signing_in.WRONG
    assert [kept.startswith("$argon2id$v=19$m=19456,t=2,p=1$") for kept in verified] == [True]


def test_a_typed_secret_does_not_reach_the_trail(organised):
    """People type their password into the field of the account."""
    tries(organised, "Hunter2-hunter2", "lihua")

    entry = organised.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()

    assert entry.event == "identity.person.sign_in_refused"
    assert entry.object_id == "unknown"
    assert "unter2" not in f"{entry.actor} {entry.details}"


def test_every_sign_in_makes_a_fresh_token(organised):
    """Session fixation: a token that came from outside is never taken over."""
    first = inside(organised)

    again = tries(organised, "lihua", PASSWORD, device=first.device)

    assert again.token != first.token
    assert queries.actor_of_session(organised, "planted" * 7, now=NOW, address=HERE) is None
    assert len(again.token) >= 43


def test_a_session_ends_to_the_second_when_nobody_uses_it(organised):
    lihua = inside(organised)
    idle = timedelta(minutes=30)

    assert lihua.is_in(organised, now=NOW + idle - S)
    assert not lihua.is_in(organised, now=NOW + idle)


def test_a_session_in_use_ends_to_the_second_after_twelve_hours(organised):
    lihua = inside(organised)
    end = NOW + timedelta(hours=12)
    for minutes in range(20, 12 * 60, 20):
        actions.note_seen(organised, token=lihua.token, address=HERE, now=NOW + timedelta(minutes=minutes))

    assert lihua.is_in(organised, now=end - S)
    assert not lihua.is_in(organised, now=end)


def test_being_seen_is_written_once_a_minute(organised):
    lihua = inside(organised)

    def seen():
        return organised.scalar(select(SignedInSession.seen_at))

    actions.note_seen(organised, token=lihua.token, address=HERE, now=NOW + 59 * S)
    assert seen() == NOW
    actions.note_seen(organised, token=lihua.token, address=HERE, now=NOW + 60 * S)
    assert seen() == NOW + 60 * S


def test_a_changed_password_ends_every_other_session(organised):
    lihua = inside(organised)
    other = tries(organised, "lihua", PASSWORD)

    token = actions.change_password(
        organised, actor=lihua.actor(organised), token=lihua.token, current=PASSWORD,
        new="anders-als-Vorher-3", now=NOW,
    )  # fmt: skip

    assert queries.actor_of_session(organised, other.token, now=NOW, address=HERE) is None
    assert not lihua.is_in(organised)
    assert queries.actor_of_session(organised, token, now=NOW, address=HERE) is not None
    assert tries(organised, "lihua", PASSWORD).token is None


def test_a_change_does_not_lengthen_the_session(organised):
    lihua = inside(organised)
    later = NOW + timedelta(minutes=20)

    token = actions.change_password(
        organised, actor=lihua.actor(organised, now=later), token=lihua.token, current=PASSWORD,
        new="anders-als-Vorher-3", now=later,
    )  # fmt: skip

    _, facts = queries.actor_of_session(organised, token, now=later, address=HERE)
    assert facts.ends_at == NOW + timedelta(hours=12)


def test_a_hijacked_session_cannot_guess_the_password_for_long(organised):
    lihua = inside(organised)
    actor = lihua.actor(organised)
    for _ in range(5):
        with pytest.raises(NotAllowed, match="当前密码不正确"):
            own.change_password(
                organised, actor=actor, token=lihua.token, current="guess", new="anders-als-Vorher-3", now=NOW
            )

    with pytest.raises(NotAllowed, match="秒后再试"):
        own.change_password(
            organised, actor=actor, token=lihua.token, current=PASSWORD, new="anders-als-Vorher-3", now=NOW
        )
    assert events(organised).count("identity.person.own_password_wrong") == 5


def test_sign_out_ends_this_session_and_everywhere_all(organised):
    lihua = inside(organised)
    second, third = (tries(organised, "lihua", PASSWORD).token for _ in range(2))
    actor = lihua.actor(organised)

    actions.sign_out(organised, actor=actor, token=second, now=NOW)
    assert queries.actor_of_session(organised, second, now=NOW, address=HERE) is None
    assert queries.actor_of_session(organised, third, now=NOW, address=HERE) is not None

    assert actions.sign_out_everywhere(organised, actor=actor, now=NOW) == 2
    assert not lihua.is_in(organised)


def test_one_session_is_ended_by_its_key_and_nobody_elses(organised):
    lihua, wang = inside(organised), inside(organised, "wang")
    other = tries(organised, "lihua", PASSWORD).token
    keys = {one.key for one in queries.sessions_of(organised, lihua.person.id, now=NOW)}
    (own_key,) = {queries.actor_of_session(organised, lihua.token, now=NOW, address=HERE)[1].key}

    with pytest.raises(NotFound):
        actions.end_session(organised, actor=wang.actor(organised), key=own_key, now=NOW)
    actions.end_session(organised, actor=lihua.actor(organised), key=(keys - {own_key}).pop(), now=NOW)

    assert queries.actor_of_session(organised, other, now=NOW, address=HERE) is None
    assert lihua.is_in(organised)


# --- the second factor ---------------------------------------------------------------------------


def enrolled(session, lihua, *, now=NOW):
    begun = actions.enrol_totp(session, actor=lihua.actor(session, now=now), password=PASSWORD, now=now)
    totp = pyotp.TOTP(begun.secret)
    token = actions.confirm_totp(
        session, actor=lihua.actor(session, now=now), token=lihua.token, code=totp.at(now), now=now
    )
    return totp, token


def test_a_code_is_asked_for_and_used_once(organised):
    lihua = inside(organised)
    totp, _ = enrolled(organised, lihua)
    later = NOW + 60 * S

    asked = tries(organised, "lihua", PASSWORD, now=later)
    first = tries(organised, "lihua", PASSWORD, code=totp.at(later), now=later)
    again = tries(organised, "lihua", PASSWORD, code=totp.at(later), now=later + S)

    assert (asked.token, asked.needs_code) == (None, True)
    assert first.token is not None
    assert queries.actor_of_session(organised, first.token, now=later, address=HERE)[1].second_factor
    assert (again.token, again.refusal) == (None, signing_in.WRONG)


def test_confirming_uses_the_code_up_and_ends_the_other_sessions(organised):
    lihua = inside(organised)
    other = tries(organised, "lihua", PASSWORD).token
    totp, token = enrolled(organised, lihua)

    assert queries.actor_of_session(organised, other, now=NOW, address=HERE) is None
    assert queries.actor_of_session(organised, token, now=NOW, address=HERE)[1].second_factor
    assert tries(organised, "lihua", PASSWORD, code=totp.at(NOW)).token is None


@pytest.mark.parametrize(
    ("offset_s", "lets_in"), [(-60, False), (-30, True), (0, True), (30, True), (60, False)]
)
def test_a_clock_may_be_wrong_by_one_step(organised, offset_s, lets_in):
    lihua = inside(organised)
    totp, _ = enrolled(organised, lihua)
    later = NOW + 300 * S

    done = tries(organised, "lihua", PASSWORD, code=totp.at(later + offset_s * S), now=later)

    assert (done.token is not None) == lets_in


def test_the_secret_is_sealed_and_bound_to_its_person(organised):
    lihua, wang = inside(organised), inside(organised, "wang")
    totp, _ = enrolled(organised, lihua)
    rows = {one.account: one for one in organised.scalars(select(Person))}

    assert totp.secret.encode() not in rows["lihua"].totp_secret
    rows["wang"].totp_secret = rows["lihua"].totp_secret
    organised.flush()
    with pytest.raises(Exception, match="打不开"):
        tries(organised, "wang", PASSWORD, code=totp.at(NOW + 60 * S), now=NOW + 60 * S)
    assert wang.person.id != lihua.person.id


def test_a_new_factor_asks_for_the_password_and_the_old_one_holds_until_confirmed(organised):
    lihua = inside(organised)
    totp, token = enrolled(organised, lihua)
    actor, _ = queries.actor_of_session(organised, token, now=NOW, address=HERE)

    with pytest.raises(NotAllowed):
        actions.enrol_totp(organised, actor=actor, password="wrong", now=NOW)
    actions.enrol_totp(organised, actor=actor, password=PASSWORD, now=NOW)

    later = NOW + 90 * S
    assert tries(organised, "lihua", PASSWORD, code=totp.at(later), now=later).token is not None


def test_an_administrator_without_a_second_factor_may_only_set_one_up(organised):
    root = inside(organised, "root2", Role.SYSTEM_ADMIN)

    actor, facts = queries.actor_of_session(organised, root.token, now=NOW, address=HERE)
    assert facts.must_enrol
    assert actor.permissions == OWN

    _, token = enrolled(organised, root)
    actor, facts = queries.actor_of_session(organised, token, now=NOW, address=HERE)
    assert not facts.must_enrol
    assert actor.may(Permission.IDENTITY_PEOPLE)


def test_an_old_password_has_to_be_changed_when_the_setting_says_so(organised, monkeypatch):
    lihua = inside(organised, "lihua", Role.READER)
    monkeypatch.setattr(
        "xzgis.identity.queries.actors.settings", lambda: Settings(password_days=1, session_hours=72)
    )
    kept = organised.scalars(select(SignedInSession)).one()
    day = timedelta(days=1)
    kept.ends_at, kept.seen_at = NOW + 2 * day, NOW + day - S

    organised.flush()

    assert lihua.actor(organised, now=NOW + day - S).may(Permission.MAP_READ)
    assert lihua.actor(organised, now=NOW + day).permissions == OWN


def test_tidying_keeps_what_still_holds(organised):
    inside(organised)
    assert actions.tidy(organised, now=NOW + timedelta(hours=12) - S) == 0

    assert actions.tidy(organised, now=NOW + timedelta(hours=12)) == 1
    assert organised.scalar(select(func.count()).select_from(SignedInSession)) == 0


def test_a_password_hashed_with_less_is_hashed_anew(organised, real_hashes):
    from argon2 import PasswordHasher

    inside(organised)
    person = organised.scalars(select(Person)).one()
    person.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    organised.flush()

    assert tries(organised, "lihua", PASSWORD).token is not None
    assert "m=19456" in person.password_hash
