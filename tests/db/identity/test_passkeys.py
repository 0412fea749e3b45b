"""Passkeys, signed by a key of software that can misbehave."""

import base64
import hashlib
import json
from datetime import timedelta

import cbor2
import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy import select

from tests.factories import NOW
from tests.people import HERE, PASSWORD, THE_CONSOLE, inside, tries
from xzgis.audit.models import TrailEntry
from xzgis.core.errors import NotAllowed, NotFound
from xzgis.identity import actions, queries
from xzgis.identity.permissions import OWN, Permission
from xzgis.identity.terms import Browser, Role, Site

SITE = Site(host="gis.example.cn", origin="https://gis.example.cn")
S = timedelta(seconds=1)
PRESENT, VERIFIED, ATTESTED = 0x01, 0x04, 0x40


def text(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class SoftKey:
    """An authenticator; each fault of its answers is asked for by name."""

    def __init__(self):
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = b"soft-key-0123456"
        self.count = 0

    def _client(self, kind, options, origin):
        asked = json.loads(options)["challenge"]
        return json.dumps({"type": kind, "challenge": asked, "origin": origin}).encode()

    def _said(self, host, flags):
        self.count += 1
        return hashlib.sha256(host.encode()).digest() + bytes([flags]) + self.count.to_bytes(4, "big")

    def create(self, options, *, origin=SITE.origin, host=SITE.host, verified=True):
        point = self.private.public_key().public_numbers()
        public = {1: 2, 3: -7, -1: 1, -2: point.x.to_bytes(32, "big"), -3: point.y.to_bytes(32, "big")}
        flags = PRESENT | ATTESTED | (VERIFIED if verified else 0)
        data = (
            self._said(host, flags)
            + bytes(16)
            + len(self.id).to_bytes(2, "big")
            + self.id
            + cbor2.dumps(public)
        )
        attestation = cbor2.dumps({"fmt": "none", "attStmt": {}, "authData": data})
        response = {
            "clientDataJSON": text(self._client("webauthn.create", options, origin)),
            "attestationObject": text(attestation),
        }
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        )

    def get(self, options, *, origin=SITE.origin, host=SITE.host, verified=True, key=None, counted=None):
        if counted is not None:
            self.count = counted
        data = self._said(host, PRESENT | (VERIFIED if verified else 0))
        client = self._client("webauthn.get", options, origin)
        signed = (key or self.private).sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text(client), "authenticatorData": text(data), "signature": text(signed),
            "userHandle": None,
        }  # fmt: skip
        return json.dumps(
            {"id": text(self.id), "rawId": text(self.id), "type": "public-key", "response": response}
        )


def with_passkey(session, *roles):
    """Somebody with a passkey: his key, and the session he goes on in."""
    lihua, key = inside(session, "lihua", *roles), SoftKey()
    actor = lihua.actor(session)
    options = actions.begin_passkey(session, actor=actor, password=PASSWORD, site=SITE, now=NOW)
    token = actions.add_passkey(
        session,
        actor=actor,
        token=lihua.token,
        answer=key.create(options),
        name="工位电脑",
        site=SITE,
        now=NOW,
    )
    return lihua, key, token


def signs_in(session, answer, *, now=NOW, address=HERE):
    return actions.sign_in_with_passkey(
        session, answer=answer, site=SITE, address=address, browser=Browser(), now=now
    )


def asked(session, *, now=NOW):
    return actions.begin_passkey_sign_in(session, site=SITE, now=now)


def test_a_passkey_lets_in_with_two_factors(organised):
    lihua, key, token = with_passkey(organised, Role.SYSTEM_ADMIN)

    done = signs_in(organised, key.get(asked(organised)))

    for one in (token, done.token):
        actor, facts = queries.actor_of_session(organised, one, now=NOW, address=HERE)
        assert facts.second_factor
        assert actor.may(Permission.IDENTITY_PEOPLE)
    assert not lihua.is_in(organised)
    assert [one.name for one in actions.passkeys_of(organised, lihua.person.id)] == ["工位电脑"]


def test_an_administrators_password_alone_gives_nothing_but_the_own_account(organised):
    with_passkey(organised, Role.SYSTEM_ADMIN)

    done = tries(organised, "lihua", PASSWORD)

    actor, facts = queries.actor_of_session(organised, done.token, now=NOW, address=HERE)
    assert facts.must_enrol
    assert actor.permissions == OWN


@pytest.mark.parametrize(
    "fault",
    [
        {"origin": "https://gis.example.cn.evil.example"}, {"origin": "http://gis.example.cn"},
        {"host": "evil.example"}, {"verified": False}, {"key": ec.generate_private_key(ec.SECP256R1())},
        {"counted": 0},
    ],
    ids=["foreign origin", "plain http", "foreign host", "nobody verified", "foreign key", "a copy of the key"],
)  # fmt: skip
def test_a_wrong_answer_is_refused_and_recorded(organised, fault):
    _, key, _ = with_passkey(organised)
    key.count = 5
    assert signs_in(organised, key.get(asked(organised))).token is not None

    done = signs_in(organised, key.get(asked(organised), **fault))

    assert done.token is None
    last = organised.scalars(select(TrailEntry).order_by(TrailEntry.id.desc()).limit(1)).one()
    assert (last.event, last.details["reason"]) == ("identity.person.sign_in_refused", "passkey")


def test_an_answer_counts_once_and_in_time(organised):
    _, key, _ = with_passkey(organised)
    once, late = key.get(asked(organised)), key.get(asked(organised))

    assert signs_in(organised, once).token is not None
    assert signs_in(organised, once).token is None
    assert signs_in(organised, late, now=NOW + timedelta(minutes=5)).token is None


def test_an_answer_to_a_question_never_asked_is_refused(organised):
    _, key, _ = with_passkey(organised)

    assert signs_in(organised, key.get(json.dumps({"challenge": text(bytes(32))}))).token is None


@pytest.mark.parametrize(
    "answer",
    ["", "{}", "null", "[]", '{"rawId": 1}', '{"rawId": "AA", "response": {"clientDataJSON": "AA"}}', "[" * 50_000, "é\ud800"],
    ids=["empty", "no field", "null", "list", "number", "no JSON inside", "deep", "surrogate"],
)  # fmt: skip
def test_rubbish_is_refused_at_the_door(organised, answer):
    assert signs_in(organised, answer).token is None


@pytest.mark.parametrize(
    "fault", [{"origin": "https://evil.example"}, {"host": "evil.example"}, {"verified": False}]
)
def test_a_key_from_elsewhere_is_not_taken_into_use(organised, fault):
    lihua, key = inside(organised), SoftKey()
    actor = lihua.actor(organised)
    options = actions.begin_passkey(organised, actor=actor, password=PASSWORD, site=SITE, now=NOW)

    with pytest.raises(NotAllowed, match="未被接受"):
        actions.add_passkey(
            organised, actor=actor, token=lihua.token, answer=key.create(options, **fault), name="x", site=SITE,
            now=NOW,
        )  # fmt: skip


def test_a_question_asked_of_one_is_not_answered_by_another(organised):
    lihua, wang = inside(organised), inside(organised, "wang")
    options = actions.begin_passkey(
        organised, actor=lihua.actor(organised), password=PASSWORD, site=SITE, now=NOW
    )

    with pytest.raises(NotAllowed, match="未被接受"):
        actions.add_passkey(
            organised, actor=wang.actor(organised), token=wang.token, answer=SoftKey().create(options), name="x",
            site=SITE, now=NOW,
        )  # fmt: skip


def test_a_passkey_asks_for_the_password_first(organised):
    lihua = inside(organised)

    with pytest.raises(NotAllowed, match="当前密码不正确"):
        actions.begin_passkey(organised, actor=lihua.actor(organised), password="no", site=SITE, now=NOW)


def test_a_removed_key_and_a_leavers_key_let_nobody_in(organised):
    lihua, key, token = with_passkey(organised)
    actor, _ = queries.actor_of_session(organised, token, now=NOW, address=HERE)
    wang = inside(organised, "wang")
    (mine,) = actions.passkeys_of(organised, lihua.person.id)

    with pytest.raises(NotFound):
        actions.remove_passkey(organised, actor=wang.actor(organised), passkey_id=mine.id, now=NOW)
    before = key.get(asked(organised))
    actions.leave_person(organised, actor=THE_CONSOLE, account="lihua", now=NOW)

    assert actions.passkeys_of(organised, lihua.person.id) == []
    assert signs_in(organised, before).token is None
    assert actor.id == lihua.person.id


def test_one_removes_the_own_key(organised):
    lihua, key, token = with_passkey(organised)
    actor, _ = queries.actor_of_session(organised, token, now=NOW, address=HERE)
    (mine,) = actions.passkeys_of(organised, lihua.person.id)

    actions.remove_passkey(organised, actor=actor, passkey_id=mine.id, now=NOW)

    assert signs_in(organised, key.get(asked(organised))).token is None


def test_refused_keys_slow_their_address_down(organised):
    _, key, _ = with_passkey(organised)
    for _ in range(5):
        signs_in(organised, key.get(asked(organised), verified=False))

    assert signs_in(organised, key.get(asked(organised))).wait_s == 1
    assert signs_in(organised, key.get(asked(organised)), now=NOW + S).token is not None
