"""Every kind has its words, filled in alike in both languages, and letters say nothing of which one."""

import string
from datetime import UTC, datetime, timedelta

import pytest

from xzgis.core.words import Words
from xzgis.notices.rules import PAUSES, letter_of, next_try, sentence_of
from xzgis.notices.terms import SORTS, Kind, Sort, Told
from xzgis.notices.terms.sorts import UNKNOWN_SORT

NOW = datetime(2026, 5, 4, 8, tzinfo=UTC)
PRODUCT = Words("产品", "Product")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def a_told(kind: str = "batch_waits", **facts: object) -> Told:
    return Told(1, kind, "networks.batch", "7", facts, None, NOW, None, None, None, None)


def test_every_kind_has_a_sort() -> None:
    assert set(SORTS) == set(Kind)


@pytest.mark.parametrize("kind", Kind)
def test_both_languages_fill_in_the_same_and_titles_nothing(kind: Kind) -> None:
    sort = SORTS[kind]

    assert fields(sort.sentence.zh) == fields(sort.sentence.en)
    assert fields(sort.title.zh) == fields(sort.title.en) == set()
    assert sort.is_todo or not sort.by_hand


def test_a_missing_fact_is_a_dash_and_a_time_is_read_in_the_city() -> None:
    told = a_told("post_expires", role={"zh": "规划员", "en": "planner"}, until_at=NOW.isoformat())
    moment = "{:%H:%M}".format

    assert sentence_of(told, "en", moment=moment).startswith("Your post planner ends at 08:00;")
    assert "规划员 将于 08:00" in sentence_of(told, "zh", moment=moment)
    assert sentence_of(a_told(), "zh", moment=moment) == "批次 7 已读完（管点 —、管线 —），等待接收入库。"


def test_what_was_typed_is_no_template() -> None:
    told = a_told("batch_cancelled", by="x", reason="{id.__class__} {0}")

    assert sentence_of(told, "en", moment=str).endswith(": {id.__class__} {0}")


def test_a_kind_of_a_newer_version_is_shown_as_one() -> None:
    assert a_told("from_the_future").sort is UNKNOWN_SORT
    assert a_told("from_the_future").path is None


def test_a_clock_has_run_out_after_its_time_and_not_at_it() -> None:
    due = Told(1, "batch_waits", "a", "1", {}, None, NOW, NOW, None, None, None)

    assert not due.is_overdue(NOW)
    assert due.is_overdue(NOW + timedelta(microseconds=1))


@pytest.mark.parametrize("sort", SORTS.values(), ids=lambda sort: sort.title.en)
def test_a_letter_says_what_sort_it_is_and_nothing_of_which(sort: Sort) -> None:
    subject, text = letter_of(
        sort, due="2026-05-09 16:00", link="https://x/notices", account="li", product=PRODUCT
    )

    assert subject == f"[产品] {sort.title.zh}"
    assert sort.title.en in text
    assert "{" not in subject + text
    assert text.count("https://x/notices") == 2


def test_tries_end() -> None:
    waits = [next_try(tries, NOW) for tries in range(1, len(PAUSES) + 2)]

    assert waits[-1] is None
    assert [wait - NOW for wait in waits[:-1] if wait is not None] == list(PAUSES)
