"""What slows guessing down, and never shuts the owner out."""

from datetime import timedelta

import pytest

from tests.factories import NOW
from tests.people import PASSWORD, inside, tries
from xzgis.identity.actions import hashing

S = timedelta(seconds=1)


def test_guessing_from_one_address_is_slowed_more_and_more(organised):
    inside(organised)
    for _ in range(4):
        assert tries(organised, "lihua", "guess").wait_s == 0

    assert tries(organised, "lihua", "guess").wait_s == 1
    refused = tries(organised, "lihua", PASSWORD)
    assert refused.token is None
    assert refused.wait_s == 1
    assert tries(organised, "lihua", "guess", now=NOW + S).wait_s == 2
    assert tries(organised, "lihua", PASSWORD, now=NOW + 3 * S).token is not None


def test_a_try_while_waiting_does_not_verify_and_is_not_counted(organised, monkeypatch):
    inside(organised)
    for _ in range(5):
        tries(organised, "lihua", "guess")
    monkeypatch.setattr(hashing, "matches", lambda *_: pytest.fail("verified"))

    assert [tries(organised, "lihua", "guess").wait_s for _ in range(3)] == [1, 1, 1]


def test_nobody_can_lock_others_out(organised):
    """Whoever guesses from elsewhere slows himself: a device that signed in before goes on at once."""
    lihua = inside(organised)
    for number in range(200):
        tries(organised, "lihua", "guess", address=f"198.51.100.{number}", now=NOW)

    from_home = tries(organised, "lihua", PASSWORD, device=lihua.device)
    from_a_new_one = tries(organised, "lihua", PASSWORD, now=NOW + 30 * S)

    assert from_home.token is not None
    assert from_a_new_one.token is not None


def test_the_device_of_one_person_says_nothing_of_another(organised):
    lihua = inside(organised)
    inside(organised, "wang")
    for _ in range(5):
        tries(organised, "wang", "guess", device=lihua.device)

    assert tries(organised, "wang", PASSWORD, device=lihua.device).wait_s == 1


def test_success_forgives_the_pair_but_not_the_address(organised):
    inside(organised)
    for number in range(50):
        tries(organised, f"victim{number}", "guess")

    assert tries(organised, "lihua", PASSWORD).wait_s == 1
    assert tries(organised, "lihua", PASSWORD, now=NOW + S).token is not None
    assert tries(organised, "victim3", "guess", now=NOW + S).wait_s >= 1


def test_an_hour_of_quiet_begins_anew(organised):
    inside(organised)
    now = NOW
    for _ in range(12):
        now += timedelta(seconds=tries(organised, "lihua", "guess", now=now).wait_s)

    assert tries(organised, "lihua", "guess", now=now + timedelta(hours=1)).wait_s == 0
