"""Every page says words: no codes of the program in either language, and in English no Chinese but names and data."""

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute, iter_route_contexts
from playwright.sync_api import Page
from sqlalchemy import select

from tests.browser import cookie_of
from tests.e2e.conftest import Street
from tests.e2e.test_intake import Work, made, store, upload, work
from tests.factories import NOW, an_actor
from tests.signed_in import a_session
from web.pages import ROUTERS
from xzgis.catalogue.actions.changing import propose_change, withdraw_change
from xzgis.catalogue.files import catalogue
from xzgis.catalogue.models import RuleChange
from xzgis.catalogue.terms.changes import Proposal
from xzgis.core.db import transaction
from xzgis.exports.models import Export, ExportApproval
from xzgis.identity.models import Person
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import Role
from xzgis.networks.models import Batch, Node, Run
from xzgis.works.actions import save_work
from xzgis.works.models import Work as SavedWork
from xzgis.works.terms import Depth, NewRun, Section, WorkDocument

__all__ = ["store", "work"]

TOKEN = re.compile(
    r"\b[a-z]+(?:_[a-z0-9]+)+\b|\b(?:None|True|False|NaN|nan|null|undefined)\b|\{\{|\}\}|\{%|\{[a-z_]+\}"
)
HAN = re.compile(r"[\u3400-\u9fff]+")
# What people typed or delivered stays as they wrote it.
# Values of findings are quoted as the tables write them.
DATA = "污水 测试街普查 水务集团 燃气公司 赵一 测试局 测试市 近水管 测试路 说明 重测"
# Asked by administrators alone, who see nothing of the register.
KEEPING = ("/system", "/system/logs", "/system/backups")
OFFICE = dict.fromkeys(
    ("/people", "/people/tester", "/units", "/areas", "/jobs", *KEEPING), Role.SYSTEM_ADMIN
) | {
    # Details and names of events stand in code and pre: records are quoted as they are kept.
    "/trail": Role.AUDIT_ADMIN
}
# Routes that are no page of words of their own: what a page of the sweep shows of itself or leads on to, and files.
NOT_SWEPT = {
    "/": "leads on to the first page", "/sign-in": "tests/e2e/test_signing_in.py",
    "/sign-in/provider": "leads to another house", "/sign-in/provider/back": "leads on",
    "/people/{account}/rights": "tests/api/identity/test_rights.py",
    "/trail/checks/{check_id}": "needs a check of the trail", "/trail/checks/{check_id}/progress": "a fragment of it",
    "/exports/{number}": "tests/e2e/test_exports.py",
    "/trail/export": "a file", "/data/coverage/{object_id}": "leads to the map", "/intake/{batch_id}/findings": "a fragment",
    "/intake/{batch_id}/progress": "a fragment", "/intake/{batch_id}/sketch.svg": "a drawing",
    "/intake/{batch_id}/mapping.json": "a file",
    "/intake/{batch_id}/undo": "asks whether to undo", "/works/check": "a fragment", "/works/contest": "a fragment",
    "/works/fields": "a fragment", "/works/part": "a fragment", "/works/report": "a file",
    "/works/section": "a fragment", "/works/upload": "a fragment", "/works/{work_id}/document": "a file",
    **dict.fromkeys(
        ("/workflow", "/workflow/new", "/workflow/processes/{key}", "/workflow/versions/{version_id}"),
        "tests/e2e/test_workflow.py",
    ),
    "/workflow/versions/{version_id}/file": "a file",
}  # fmt: skip
SHOWN = """() => {
  const said = [];
  const left = "script, style, noscript, template, textarea, [translate=no], main [lang], code, pre";
  for (const box of document.querySelectorAll("details")) box.open = true;
  const walk = document.createTreeWalker(document.querySelector("main"), NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const text = walk.currentNode.textContent.trim();
    if (text && !walk.currentNode.parentElement.closest(left)) said.push(text);
  }
  for (const name of ["placeholder", "title", "aria-label", "alt"])
    for (const one of document.querySelectorAll(`main [${name}]`)) said.push(one.getAttribute(name));
  return said;
}"""


@pytest.fixture
def change() -> Iterator[int]:
    """A change of a clearance that waits for somebody's decision; withdrawn in the end."""
    planner = replace(
        an_actor(), permissions=frozenset({Permission.CATALOGUE_READ, Permission.CATALOGUE_PROPOSE})
    )
    proposal = Proposal("horizontal", "H041", {"clearance_m": "0.6"}, "测试修改", "测试依据")
    with transaction(planner) as session:
        number = propose_change(session, actor=planner, proposal=proposal, now=NOW).id
    yield number
    with transaction(planner) as session:
        withdraw_change(session, actor=planner, number=number, reason="测试完毕", now=NOW)


@pytest.fixture
def addresses(clean_page: Page, street: Street, work: Work, change: int, tmp_path: Path) -> list[str]:
    """An address of every page of the register, each with something to show."""
    e, n = street.east_m, street.north_m
    line = NewRun(
        kind="gas", axis=((e + 5, n + 0.5), (e + 60, n + 0.5)), section=Section(diameter_mm=200),
        depth=Depth(cover_m=1.0), pressure_class="medium_A",
    )  # fmt: skip
    document = WorkDocument(name="近水管", runs=(line,))
    with transaction(an_actor()) as session:
        run = session.scalars(select(Run.object_id).where(Run.label == "JX1–JX2")).first()
        node = session.scalars(select(Node.object_id).where(Node.point_no == "JX1")).first()
        saved = save_work(session, actor=an_actor(), document=document, catalogue=catalogue(), now=NOW).id
    batch = upload(clean_page, made(tmp_path / "words", last="9", start_m=527_000.0))
    work()
    cut = f"e1={e + 30}&n1={n - 9}&e2={e + 30}&n2={n + 9}"
    return [
        "/desk", "/notices", "/notices?what=done",
        "/map", "/map/list", "/map/search?q=JX1", f"/map/pick?runs={run}", f"/map/runs/{run}", f"/map/nodes/{node}",
        f"/map/section?{cut}", "/works", "/works/new", f"/works/{saved}", "/intake", "/intake/new", f"/intake/{batch}",
        f"/intake/{batch}/preview", f"/intake/{batch}/mapping", "/data", "/data/datasets", "/data/coverage/new", "/docs", "/me",
        "/exports", "/rules", "/rules/tables/horizontal", "/rules/tables/horizontal/row?key=H041",
        "/rules/tables/horizontal/new", "/rules/changes", f"/rules/changes/{change}",
    ]  # fmt: skip


def test_every_page_is_swept_or_a_named_exception(addresses: list[str]) -> None:
    pages = [
        each for router in ROUTERS for each in iter_route_contexts(router.routes)
        if isinstance(each.original_route, APIRoute) and "GET" in (each.original_route.methods or ())
    ]  # fmt: skip
    swept = [address.split("?")[0] for address in (*addresses, *OFFICE)]
    # A page with a number in its address is swept as one such page, and not by a page that has a name there.
    named = {str(each.path_format) for each in pages}
    met = {
        address if address in named else
        next((path for path in named if re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), address)), address)
        for address in swept
    }  # fmt: skip

    assert met - named == set()
    assert met & NOT_SWEPT.keys() == set()
    assert named - met == NOT_SWEPT.keys()


def test_pages_say_words_and_no_codes_in_both_languages(
    clean_page: Page, addresses: list[str], tmp_path: Path, session_cookie: Any
) -> None:
    with transaction(an_actor()) as session:
        office: dict[str, Any] = {
            address: cookie_of(a_session(session, f"office{number}", role))
            for number, (address, role) in enumerate(OFFICE.items())
        }
        # What tests before this one typed: names of people, works and batches, reasons of exports and changes.
        typed = (
            Person.name, SavedWork.name, Batch.name, Export.about, Export.reason, Export.withdrawn_reason,
            ExportApproval.reason, ExportApproval.decided_reason, RuleChange.reason, RuleChange.source, RuleChange.decided_reason,
            RuleChange.withdrawn_reason,
        )  # fmt: skip
        named = [told for column in typed for told in session.scalars(select(column)) if told]
    delivered = [path.name + path.read_text(encoding="utf-8") for path in (tmp_path / "words").iterdir()]
    data = " ".join([DATA, *delivered, *named])
    wrong: list[tuple[str, str, str]] = []

    for language in ("zh", "en"):
        clean_page.context.add_cookies(
            [{"name": "xz_language", "value": language, "domain": "127.0.0.1", "path": "/"}]
        )
        for address in (*addresses, *OFFICE):
            clean_page.context.add_cookies([office.get(address, session_cookie)])
            # A browser that is already there may tell of no answer: it is asked again.
            answer = clean_page.goto(address) or clean_page.reload()
            assert answer is not None
            assert answer.status == 200, address
            said = clean_page.evaluate(SHOWN)
            assert said, address
            for text in said:
                codes = [code for code in TOKEN.findall(text) if code not in data]
                han = [word for word in HAN.findall(text) if word not in data] if language == "en" else []
                wrong += [(address, " ".join(codes + han), text[:100])] if codes or han else []

    assert not wrong, "\n".join(" | ".join(one) for one in wrong)
