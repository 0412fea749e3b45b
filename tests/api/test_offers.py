"""No page offers its reader a link, a button or a form that he may not use: each is held against its own route."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from urllib.parse import urldefrag, urljoin, urlsplit

import pytest
from fastapi.testclient import TestClient
from sqlalchemy.orm import Session
from starlette.routing import compile_path

from tests.api.networks.test_batches import send
from tests.api.test_matrix import APP, ROUTES, permissions
from tests.db.catalogue.test_changes import proposed
from tests.db.networks.test_batches import tables
from tests.db.workflow.test_changing import proposed as proposed_process
from tests.db.works.test_actions import saved
from tests.factories import a_batch, a_coverage, a_run, an_actor
from tests.signed_in import BUSINESS, a_session, sign_in
from xzgis.catalogue.files import process_files
from xzgis.core import settings as settings_module
from xzgis.identity.permissions import PUBLIC, ROLES
from xzgis.identity.terms import Role
from xzgis.networks import jobs
from xzgis.workflow.actions.shipping import sync_processes

DOORS = [
    (compile_path(each.path_format)[0], each.original_route.methods, permissions(each)[0]) for each in ROUTES
]
NOT_PAGES = re.compile(r"/api/|/static/|/trail/entries|/sign-out|.*\.(svg|csv|xlsx|json)$|.*download=|/docs")
MOST_OF_A_SORT = 2
#: What each role's pages must at least lead to, so that a page that shows nothing at all does not pass.
MUST_OFFER = {
    Role.PLANNER: {"/works/new", "/works/save", "/works/report", "/me/tokens", "/rules/tables/limits/proposals"},
    Role.APPROVER: {"/works/check", "/works/report", "/intake", "/rules/changes/{}/decision",
                    "/workflow/versions/{}/decision"},
    Role.CLERK: {"/works/save", "/works/contest", "/rules/tables/cover/row"},
    Role.SURVEYOR: {"/intake/new", "/intake/{}/mapping", "/intake/{}/cancel"},
    Role.OWNER: {"/works/new", "/works/check"},
    Role.DATA_KEEPER: {"/intake/{}/accept", "/intake/{}/undo", "/data/coverage/new", "/data/coverage/{}/remove",
                       "/data/datasets", "/rules/tables/horizontal/new", "/rules/tables/codes.burial/proposals"},
    Role.READER: {"/map", "/works", "/works/{}", "/rules", "/rules/changes/{}"},
    Role.SYSTEM_ADMIN: {"/jobs", "/people", "/people/tester/leave", "/units", "/areas", "/system", "/system/backups",
                        "/system/logs", "/system/logs/file", "/workflow/new", "/workflow/versions"},
    Role.SECURITY_ADMIN: {"/people/tester/posts", "/people/tester/reset-factor"},
    Role.AUDIT_ADMIN: {"/trail", "/trail/checks", "/people", "/workflow/versions/{}/file"},
}  # fmt: skip


@dataclass
class Offers(HTMLParser):
    """What a page offers: method and address of every link, form and button."""

    here: str
    found: set[tuple[str, str]] = field(default_factory=set)

    def __post_init__(self) -> None:
        super().__init__()
        self.method = "GET"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.method = given.get("method", "get").upper()
            self._offer(self.method, given.get("action") or self.here)
        if tag == "a" and "href" in given:
            self._offer("GET", given["href"])
        if "formaction" in given:
            # Buttons that stand outside belong to the form of a work, which is posted.
            self._offer("POST" if given.get("form") else self.method, given["formaction"])
        for method in ("get", "post"):
            if f"hx-{method}" in given:
                self._offer(method.upper(), given[f"hx-{method}"])

    def _offer(self, method: str, address: str) -> None:
        whole = urldefrag(urljoin(self.here, address)).url
        if whole.startswith("/"):
            self.found.add((method, whole))


def asked_of(method: str, path: str) -> Any:
    """The permission that the first route for this asks for; None when there is no such route."""
    return next((door for shape, methods, door in DOORS if shape.match(path) and method in methods), None)


@pytest.fixture
def filled(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[TestClient]:
    """A saved work, a delivery that was read with an error, one in the register, a covered area, a change that waits."""
    monkeypatch.setenv("XZGIS_VAR_DIR", str(tmp_path / "var"))
    settings_module.settings.cache_clear()
    client = TestClient(
        APP, raise_server_exceptions=True, base_url="http://localhost", follow_redirects=False
    )
    sign_in(client, a_session(session, "tester", *BUSINESS))
    batch = a_batch()
    session.add_all([a_coverage(), batch])
    session.flush()
    session.add(a_run(batch_id=batch.id))
    saved(session, an_actor())
    proposed(session)
    # One that is in force and one that waits: no more than the walk looks at of a sort.
    sync_processes(session, dict([next(iter(process_files().items()))]))
    proposed_process(session)
    jobs.read_batch(int(send(client, tables(last="9")).json()["id"]))
    yield client
    client.close()
    settings_module.settings.cache_clear()


def walked(client: TestClient) -> dict[tuple[str, str], str]:
    """Everything offered on the way from the start page along links, and the page that offers it."""
    offered: dict[tuple[str, str], str] = {}
    ahead, seen, sorts = ["/"], set(), Counter[str]()
    while ahead:
        address = ahead.pop()
        sort = re.sub(r"\d+", "{}", urlsplit(address).path) + ("?" if "?" in address else "")
        # A few pages of a sort show what differs with their state; more of them nothing new.
        if address in seen or NOT_PAGES.match(address) or sorts[sort] >= MOST_OF_A_SORT:
            continue
        seen.add(address)
        sorts[sort] += 1
        answer = client.get(address)
        if answer.is_redirect:
            ahead.append(answer.headers["location"])
            continue
        # What is refused was offered by another page, and is held against its route there.
        if answer.status_code != 200 or not answer.headers["content-type"].startswith("text/html"):
            continue
        page = Offers(address)
        page.feed(answer.text)
        for offer in page.found:
            offered.setdefault(offer, address)
            if offer[0] == "GET":
                ahead.append(offer[1])
    return offered


@pytest.mark.timeout(240)
def test_nobody_is_offered_what_he_may_not_do(filled: TestClient, session: Session) -> None:
    dead, missing = [], {}
    for role in Role:
        sign_in(filled, a_session(session, f"an.{role.value}", role))
        offered = walked(filled)
        for (method, address), page in offered.items():
            door = asked_of(method, urlsplit(address).path)
            if door != PUBLIC and door not in ROLES[role]:
                dead.append((role.value, method, address, "on", page))
        shapes = {re.sub(r"\d+", "{}", urlsplit(address).path) for _, address in offered}
        missing[role.value] = MUST_OFFER[role] - shapes

    assert dead == []
    assert {role: paths for role, paths in missing.items() if paths} == {}
