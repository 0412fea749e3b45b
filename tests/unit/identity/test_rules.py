"""Accounts, passwords, periods, codes, delays: the boundary, the empty, the reversed case."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from xzgis.core.errors import Invalid
from xzgis.identity.rules import periods, slowing, tokens
from xzgis.identity.rules.accounts import account_of, name_of, phone_of
from xzgis.identity.rules.codes import SECRET_BYTES, address_of, secret_text, step_of
from xzgis.identity.rules.passwords import LONGEST, SHORTEST, check_password, normalised

NOW = datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
S = timedelta(seconds=1)
TIMES = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds are naive by the library's wish


@pytest.mark.parametrize(
    "password",
    [
        "password123!", "P@ssw0rd2026", "Xuzhou2026!!", "woaini520520", "1234567890", "qwertyuiop", "1qaz2wsx3edc",
        "aaaaaaaaaa", "abababababab", "asdfghjkl;'", "20260504080000", "iloveyou1314", "admin@123456", "Huawei12#$",
        "zaq12wsx!!", "woaizhongguo", "passwordpassword", "qwerqwerqwer", "!@#$%^&*()", "letmein2024", "Passw0rd!!!!",
        "13812345678", "320311199001011234", "abcdefghij", "zyxwvutsrq", "xuzhouguihuaju1", "MonkeyDragon1",
    ],
)  # fmt: skip
def test_what_everybody_tries_is_refused(password):
    with pytest.raises(Invalid):
        check_password(password, account="lihua", name="李华")


@pytest.mark.parametrize(
    "password",
    [
        "stapler-Quarz-liliput-7",
        "春风又绿江南岸明月何时照我还",
        "tK9#vLq2!wRz",
        "correct horse battery staple",
        "我家的猫叫三十七号公交",
    ],
)
def test_what_nobody_foresees_is_taken(password):
    check_password(password, account="lihua", name="李华")


@pytest.mark.parametrize("password", ["lihua-tK9#vLq2", "tK9#李华vLq2wRz", "TK9#LIHUAvlq2"])
def test_the_own_name_is_refused(password):
    with pytest.raises(Invalid, match="账号或姓名"):
        check_password(password, account="lihua", name="李华")


def test_length_is_counted_to_the_sign():
    unforeseen = "tK9#vLq2!wRzu7&pXe"
    with pytest.raises(Invalid):
        check_password(unforeseen[: SHORTEST - 1], account="aa", name="x")
    check_password(unforeseen[:SHORTEST], account="aa", name="x")
    check_password((unforeseen * 8)[:LONGEST], account="aa", name="x")
    with pytest.raises(Invalid):
        check_password((unforeseen * 8)[: LONGEST + 1], account="aa", name="x")


@given(st.text(max_size=200))
def test_any_text_is_judged_and_never_repeated_in_the_sentence(password):
    refused = []
    try:
        check_password(password, account="lihua", name="李华")
    except Invalid as refusal:
        refused.append(refusal.words.zh + refusal.words.en)

    assert not [sentence for sentence in refused if len(password) > 2 and password in sentence]
    assert refused or SHORTEST <= len(normalised(password)) <= LONGEST


def test_full_width_and_half_width_are_one_password():
    assert normalised("ｔＫ９＃ｖＬｑ２") == normalised("tK9#vLq2")


@given(st.text(max_size=60))
def test_an_account_is_refused_or_stays_as_it_is_kept(typed):
    try:
        kept = account_of(typed)
    except Invalid:
        return
    assert account_of(kept) == kept
    assert kept.isascii()


@given(st.text(max_size=80))
def test_a_name_is_refused_or_shows_every_sign(typed):
    try:
        kept = name_of(typed)
    except Invalid:
        return
    assert name_of(kept) == kept
    assert kept.isprintable() or " " in kept


@given(TIMES, TIMES, TIMES)
def test_a_period_holds_from_its_beginning_until_just_before_its_end(begins, ends, now):
    assert periods.holds_at(begins, ends, now) == (begins <= now < ends)
    assert periods.holds_at(begins, begins, now) is False
    assert periods.holds_at(now, None, now)


@pytest.mark.parametrize(
    ("begins", "ends"),
    [(NOW - timedelta(minutes=6), None), (NOW, NOW), (NOW, NOW - S)],
    ids=["from the past", "empty", "reversed"],
)
def test_a_post_has_a_sound_period(begins, ends):
    with pytest.raises(Invalid):
        periods.check_post_period(begins, ends, now=NOW)


@pytest.mark.parametrize(("days", "sound"), [(0, False), (92, True), (93, False), (-1, False)])
def test_a_delegation_lasts_a_quarter_at_the_most(days, sound):
    def check():
        periods.check_delegation_period(NOW, NOW + timedelta(days=days), now=NOW)

    if sound:
        check()
        return
    with pytest.raises(Invalid):
        check()


@pytest.mark.parametrize(
    ("delta", "sound"),
    [(S, True), (0 * S, False), (timedelta(days=366), True), (timedelta(days=366) + S, False)],
)
def test_a_token_lasts_a_year_at_the_most(delta, sound):
    if sound:
        periods.check_token_period(NOW + delta, now=NOW)
        return
    with pytest.raises(Invalid):
        periods.check_token_period(NOW + delta, now=NOW)


# RFC 6238 appendix B, SHA-1, cut to six figures.
@pytest.mark.parametrize(
    ("at_s", "code"),
    [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")],
)
def test_codes_are_those_of_the_standard(at_s, code):
    secret = b"12345678901234567890"
    now = datetime.fromtimestamp(at_s, UTC)

    assert step_of(secret, code, last_step=0, now=now) == at_s // 30
    assert step_of(secret, f"{code[:3]} {code[3:]}", last_step=0, now=now) == at_s // 30
    assert step_of(secret, code, last_step=at_s // 30, now=now) is None


@given(st.text(max_size=12).filter(lambda typed: "".join(typed.split()) not in ("287082", "081804")))
def test_no_other_text_is_a_code(typed):
    secret = b"12345678901234567890"
    found = step_of(secret, typed, last_step=0, now=datetime.fromtimestamp(59, UTC))

    assert found in (None, 0, 2)


def test_the_square_code_names_account_and_issuer():
    secret = bytes(SECRET_BYTES)

    assert secret_text(secret) == "A" * 32
    assert address_of(secret, account="lihua", issuer="XZGIS").startswith(
        "otpauth://totp/XZGIS:lihua?secret=AAAA"
    )


@pytest.mark.parametrize("counter", list(slowing.Counter))
def test_a_delay_begins_after_the_free_ones_grows_and_stops_growing(counter):
    patience = slowing.PATIENCE[counter]
    waits = [slowing.wait_s(counter, count=n, last_at=NOW, now=NOW) for n in range(patience.free + 40)]

    assert waits[patience.free - 1] == 0
    assert waits[patience.free] == 1
    assert waits == sorted(waits)
    assert waits[-1] == patience.longest_s


@given(st.sampled_from(list(slowing.Counter)), st.integers(0, 10**6), st.integers(0, 7200))
def test_waiting_is_never_longer_than_the_longest_and_ends(counter, count, after_s):
    wait = slowing.wait_s(counter, count=count, last_at=NOW, now=NOW + after_s * S)

    assert 0 <= wait <= slowing.PATIENCE[counter].longest_s
    assert slowing.wait_s(counter, count=count, last_at=NOW, now=NOW + (after_s + wait) * S) == 0


def test_a_forged_mark_of_a_page_is_refused():
    mark = tokens.csrf_token("session-a")

    assert tokens.csrf_matches("session-a", mark)
    assert not tokens.csrf_matches("session-b", mark)
    assert not tokens.csrf_matches("session-a", "")
    assert not tokens.csrf_matches("session-a", "\ud800é")
    assert "session-a" not in mark


@pytest.mark.parametrize(
    "typed", ["0516-12345678", "13812345678", "85741234", "+86-516-83700000-8001", "0516 8370 0000"]
)
def test_a_telephone_number_is_taken_as_people_write_it(typed: str) -> None:
    assert phone_of(typed) == typed.replace(" ", "")


@pytest.mark.parametrize(
    "typed", ["1234", "0-1-2-3", "0516--12345678", "12345-", "0516-12345678\n1", "电话12345678"]
)
def test_what_is_no_telephone_number_is_refused_with_an_example_that_is_one(typed: str) -> None:
    with pytest.raises(Invalid) as refusal:
        phone_of(typed)

    remedy = refusal.value.faults[0].remedy
    assert remedy is not None
    assert phone_of(remedy.zh.removeprefix("例：")) == "0516-12345678"
