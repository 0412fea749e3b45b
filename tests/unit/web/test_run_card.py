"""The card under a run's address when the number is a point's."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from web.pages import map as pages
from xzgis.core.errors import NotFound
from xzgis.networks.queries import map_view

POINT = 7


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """For each node card asked for: whether a connection was held meanwhile."""
    asked: list[bool] = []
    open_now: list[str] = []

    @contextmanager
    def transaction(_actor: object) -> Iterator[None]:
        open_now.append("one")
        yield
        open_now.pop()

    monkeypatch.setattr(pages, "transaction", transaction)
    monkeypatch.setattr(pages, "actor_of", lambda _request: None)
    monkeypatch.setattr(map_view, "run_versions", lambda *_: [])
    monkeypatch.setattr(map_view, "node_versions", lambda _session, number: [1] * (number == POINT))
    monkeypatch.setattr(pages, "node_card", lambda *_: asked.append(bool(open_now)))
    return asked


def test_a_point_under_a_runs_address_is_shown_on_one_connection(held: list[bool]) -> None:
    pages.run_card(None, POINT)  # type: ignore[arg-type]  # nobody is asked who it is

    assert held == [False]


def test_a_number_of_nothing_is_not_found(held: list[bool]) -> None:
    with pytest.raises(NotFound, match="8"):
        pages.run_card(None, 8)  # type: ignore[arg-type]  # nobody is asked who it is
    assert held == []
