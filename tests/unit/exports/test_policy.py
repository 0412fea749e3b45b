"""Who may decide, what the mark says, and how a file bears it."""

import io
import json
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from xzgis.core.actor import Actor
from xzgis.core.errors import NotAllowed
from xzgis.core.words import Words
from xzgis.exports.policy import check_can_decide
from xzgis.exports.rules.told import told_of
from xzgis.exports.terms import ApprovalState, Mark, Standing
from xzgis.formats.marked import (
    MARK_HERE,
    marked_csv,
    marked_html,
    marked_json,
    marked_svg,
    marked_workbook,
)
from xzgis.formats.sheets import csv_bytes, xlsx_bytes
from xzgis.identity.permissions import Permission

CHIEF = Actor(name="chief", via="page", id=7, permissions=frozenset({Permission.EXPORTS_APPROVE}))
MARK = Mark(
    number=12, person="li<&>", acting_for="wang", at=datetime(2026, 5, 4, 8, 0, tzinfo=UTC), grade="internal",
    grade_words=Words("内部", "internal"), dataset_words=Words("检查报告", "report"), token="ab" * 12,
)  # fmt: skip


def test_one_account_is_one_person_under_whatever_name() -> None:
    with pytest.raises(NotAllowed):
        check_can_decide(CHIEF, asked_by="renamed", asked_by_id=7, state=ApprovalState.ASKED)

    check_can_decide(CHIEF, asked_by="li", asked_by_id=8, state=ApprovalState.ASKED)
    check_can_decide(CHIEF, asked_by="console", asked_by_id=None, state=ApprovalState.ASKED)


def test_the_mark_says_who_when_and_how_secret_in_both_languages() -> None:
    assert MARK.line == (
        "导出 12 · 内部 · li<&>（代 wang） · 2026-05-04 16:00 · 未经许可不得转交 | "
        "Export 12 · internal · li<&> for wang · 2026-05-04 16:00 · not to be passed on"
    )


def test_a_csv_keeps_its_head_and_ends_with_the_mark() -> None:
    lines = marked_csv(csv_bytes([("a", "b"), (1, 2)]), MARK.line).decode("utf-8-sig").splitlines()

    assert lines[:2] == ["a,b", "1,2"]
    assert lines[2] == f"# {MARK.line},"


def test_a_json_object_bears_the_mark_and_says_the_rest_as_before() -> None:
    told = json.loads(marked_json(b'{\n"a": [1]\n}\n', MARK.document()))

    assert told.pop("export")["number"] == 12
    assert told == {"a": [1]}


@pytest.mark.parametrize("content", [b"[]", b"{}", b"{ \n}"])
def test_what_is_no_object_with_members_bears_none(content: bytes) -> None:
    with pytest.raises(ValueError, match="JSON"):
        marked_json(content, MARK.document())


def test_a_page_shows_the_mark_and_lets_no_name_become_markup() -> None:
    page = marked_html(
        b"<html><head></head><body><h1>x</h1></body></html>", MARK.line, MARK.document()
    ).decode()

    assert '<p class="export-mark">导出 12 · 内部 · li&lt;&amp;&gt;' in page
    assert "li<&>" not in page
    assert page.index("export-mark") < page.index("<h1>")


@pytest.mark.parametrize("body", ['<body class="a > b" data-x>', "<BODY\n id='x'>", "<body >"])
def test_a_page_bears_its_mark_whatever_its_body_is_called(body: str) -> None:
    page = marked_html(
        f"<html><HEAD></HEAD >{body}<h1>x</h1></body></html>".encode(), MARK.line, MARK.document()
    ).decode()

    assert f'{body}<p class="export-mark">' in page
    assert page.index('name="xzgis-export"') < page.index("</HEAD >")


@pytest.mark.parametrize("page", [b"<html><body>x</body></html>", b"<html><head></head>x</html>", b"<bodyx>"])
def test_a_page_that_can_bear_no_mark_does_not_leave(page: bytes) -> None:
    with pytest.raises(ValueError, match="mark"):
        marked_html(page, MARK.line, MARK.document())


def test_a_drawing_grows_by_the_line_of_its_mark() -> None:
    drawn = marked_svg(
        b'<svg viewBox="0 0 900.0 400.0" width="900.0" height="400.0"><g></g></svg>',
        MARK.line,
        MARK.document(),
    ).decode()

    assert 'viewBox="0 0 900.0 420"' in drawn
    assert 'height="420"' in drawn
    assert 'y="414"' in drawn
    assert "导出 12" in drawn
    assert "li<&>" not in drawn


def test_a_workbook_bears_the_mark_at_every_foot_and_on_a_sheet_of_its_own() -> None:
    content = marked_workbook(xlsx_bytes([("one", [("a",), (1,)])], mark=MARK_HERE), MARK.line)

    book = load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["one", "导出 Export"]
    assert book["导出 Export"]["A1"].value == MARK.line
    assert book.properties.description == MARK.line
    assert "导出 12" in str(book["one"].oddFooter.center.text)
    assert MARK_HERE.encode() not in content


def test_a_workbook_that_stays_bears_none() -> None:
    book = load_workbook(io.BytesIO(xlsx_bytes([("one", [("a",)])])))

    assert book.sheetnames == ["one"]
    assert book["one"].oddFooter.center.text is None


@pytest.mark.parametrize(
    ("standing", "by_content", "says"),
    [
        (Standing.VALID, True, "文件有效"),
        (Standing.VALID, False, "仅凭编号"),
        (Standing.WITHDRAWN, True, "已撤回"),
        (Standing.UNKNOWN, False, "查无此文件"),
    ],
)
def test_a_verification_vouches_for_no_more_than_it_saw(
    standing: Standing, by_content: bool, says: str
) -> None:
    assert says in told_of(standing, 12, by_content=by_content).zh
