"""A refusal names what a page was asked with in words, whatever it was."""

import inspect
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts

from web.language import Speaker
from web.pages import ROUTERS


def asked_with(dependant: Any) -> Iterator[str]:
    """Every parameter of a route, and the fields of a form that is read as one."""
    for one in [*dependant.query_params, *dependant.body_params, *dependant.path_params]:
        kind = one.field_info.annotation
        is_form = inspect.isclass(kind) and hasattr(kind, "model_fields")
        yield from kind.model_fields if is_form else [one.alias]
    for inner in dependant.dependencies:
        yield from asked_with(inner)


ROUTES = [
    each.original_route for router in ROUTERS for each in iter_route_contexts(router.routes)
    if isinstance(each.original_route, APIRoute)
]  # fmt: skip
NAMES = sorted({name for route in ROUTES for name in asked_with(route.dependant)})


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_parameter_of_a_page_has_a_word(language: Any) -> None:
    say = Speaker(language)

    assert len(NAMES) > 40
    assert [name for name in NAMES if not (say.has(f"asked.{name}") or say.has(f"field.{name}"))] == []


def test_a_place_is_told_in_words_and_names_of_files_stay() -> None:
    assert Speaker("zh").asked(("e1",)) == "断面线起点东坐标"
    assert Speaker("en").asked(("new",)) == "new password"
    assert Speaker("en").asked(("a.csv", 17, "点号")) == "a.csv · 17 · 点号"
