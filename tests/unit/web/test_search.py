"""Two numbers typed into the search of the map are a place, whichever comes first."""

import pytest

from tests.factories import an_actor
from web.pages.map import _search


@pytest.mark.parametrize(
    ("typed", "order"),
    [
        ("3793900 517800", "X = 北"),
        ("517800 3793900", "东、北"),
        ("39517800, 3793900", "带号 39"),
        ("X=517800 Y=3793900", "东、北"),
    ],
)
def test_a_place_typed_in_either_order_is_one_place_and_says_how_it_was_read(typed: str, order: str) -> None:
    found = _search(an_actor(), typed)

    assert found["place"] == (517_800.0, 3_793_900.0)
    assert order in found["understood"].zh
