"""What another house says of how somebody proved himself."""

import pytest

from xzgis.identity.rules.federation import is_strong


@pytest.mark.parametrize(
    "amr",
    [["mfa"], "mfa", ["pwd", "otp"], ["pin", "sc"], ["hwk", "face"], ["pwd", "fpt"], ["pwd", "mfa", "sms"]],
)
def test_two_sorts_of_proof_are_two_factors(amr):
    assert is_strong({"amr": amr})


@pytest.mark.parametrize(
    "amr",
    [
        None, [], "", ["pwd"], ["sms"], ["otp"], ["hwk"], ["face"], ["pwd", "pin"], ["sms", "otp", "hwk"],
        ["face", "fpt"], ["mca", "geo"], ["user", "pwd"], ["MFA"], "mfa pwd", {"mfa": True}, 1,
    ],
)  # fmt: skip
def test_one_sort_of_proof_is_not(amr):
    assert not is_strong({"amr": amr})


def test_silence_is_not():
    assert not is_strong({})
