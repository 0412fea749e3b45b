"""The language of a page: the reader's choice, else the browser's, else Chinese."""

import pytest
from fastapi import Request

from web.language import Speaker
from web.render import language_of
from xzgis.catalogue.files import catalogue


def asking(accept: str | None, cookie: str | None = None) -> Request:
    headers = [] if accept is None else [(b"accept-language", accept.encode())]
    if cookie:
        headers.append((b"cookie", f"xz_language={cookie}".encode()))
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("accept", "cookie", "language"),
    [
        (None, None, "zh"),
        ("", None, "zh"),
        ("en-US,en;q=0.9", None, "en"),
        ("de,en;q=0.7", None, "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", None, "zh"),
        ("en;q=0.3, zh-TW;q=0.8", None, "zh"),
        ("de-DE", None, "zh"),
        ("en;q=0", None, "zh"),
        ("en;q=oops, *;q=0.1", None, "zh"),
        ("en-US", "zh", "zh"),
        ("zh-CN", "en", "en"),
    ],
)
def test_the_language_of_a_first_visit_and_after_a_choice(
    accept: str | None, cookie: str | None, language: str
) -> None:
    assert language_of(asking(accept, cookie)) == language


def test_land_use_codes_of_the_sample_have_words() -> None:
    say = Speaker("en")

    assert [say.code(catalogue(), "land_use", code) for code in ("0701", "0802", "0901", "1001")] == [
        "urban housing", "research", "commercial", "industrial"
    ]  # fmt: skip
