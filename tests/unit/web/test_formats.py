"""How figures are written on the pages."""

import pytest

from web.formats import share


@pytest.mark.parametrize(
    ("part", "said"),
    [
        (1.0, "100 %"),
        (0.99999, "99.9 %"),
        (0.995, "99.5 %"),
        (0.9899, "98 %"),
        (0.29, "29 %"),
        (0.004, "0.4 %"),
        (0.00001, "< 0.1 %"),
        (0.0, "0 %"),
        (1.0 - 0.0 / 7, "100 %"),
    ],
)
def test_a_share_is_never_rounded_up_to_all_nor_down_to_nothing(part: float, said: str) -> None:
    assert share(part) == said
