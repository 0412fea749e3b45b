"""Files that left: the list, one of them, withdrawal, verification; the register as a file; more ground."""

import tempfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path as Folder
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, File, Form, Path, Query, Request, Response, UploadFile
from fastapi.responses import FileResponse, RedirectResponse
from pydantic import Field
from sqlalchemy.orm import Session
from starlette.background import BackgroundTask

from web.asking import actor_of, need
from web.pages.map import buried_kinds
from web.render import render
from xzgis.audit.rules.asked import box_of
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, Refusal
from xzgis.core.words import Words
from xzgis.exports import queries
from xzgis.exports.actions import keeping
from xzgis.exports.jobs import digest_of
from xzgis.exports.rules.told import headers_of, told_of
from xzgis.exports.terms import LONGEST_REASON
from xzgis.identity.permissions import Permission
from xzgis.networks.actions.export import RegisterAsked, leave_register

router = APIRouter()

READ = [need(Permission.EXPORTS_READ)]
PAGE_SIZE = 50
PACKAGE = "application/geopackage+sqlite3"
Number = Annotated[int, Path(ge=1, le=2**62)]
Why = Annotated[str, Form(max_length=LONGEST_REASON * 2)]
Chosen = Annotated[list[Annotated[str, Field(max_length=60)]], Form(max_length=60)]
Doing = Callable[[Session, Actor, datetime], None]


@router.get("/exports", dependencies=READ)
def listed(
    request: Request,
    person: Annotated[str, Query(max_length=40)] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Response:
    """What left, and what can be done about it."""
    return _list(request, person=person, before=before)


def _list(
    request: Request,
    *,
    person: str = "",
    before: int | None = None,
    refusal: Refusal | None = None,
    told: tuple[Words, str] | None = None,
    typed: dict[str, Any] | None = None,
) -> Response:
    actor, rules = actor_of(request), catalogue().exports
    with transaction(actor) as session:
        rows = queries.exports(session, actor=actor, person=person, before=before, limit=PAGE_SIZE + 1)
        return render(
            request, "exports/list.html", status=422 if refusal else 200, rows=rows[:PAGE_SIZE],
            more=rows[PAGE_SIZE - 1].number if len(rows) > PAGE_SIZE else None, begun=before is not None,
            held_km2=queries.held_km2(session, actor, rules=rules, now=datetime.now(UTC)), person=person,
            requests=queries.approvals(session, actor=actor), rules=rules, refusal=refusal,
            told=told, typed={"reason": "", "box": "", "km2": "", "kinds": []} | (typed or {}),
            kinds=buried_kinds(catalogue()), account=actor.name,
        )  # fmt: skip


@router.post("/exports/register", dependencies=[need(Permission.NETWORKS_EXPORT)])
def take_register(
    request: Request,
    reason: Why = "",
    box: Annotated[str, Form(max_length=200)] = "",
    kinds: Chosen = [],  # noqa: B006 - never changed
) -> Response:
    """The register as one sees it, as a GeoPackage."""
    folder = tempfile.TemporaryDirectory(prefix="xzgis-export-")
    try:
        area = shapely.box(*box_of(box)) if box.strip() else None
        wanted = RegisterAsked(reason, kinds=tuple(kinds), area=area)
        out = Folder(folder.name) / "register.gpkg"
        begun, _ = leave_register(
            actor_of(request), wanted, out, catalogue=catalogue(), now=datetime.now(UTC)
        )
    except Refusal as refusal:
        folder.cleanup()
        return _list(request, refusal=refusal, typed={"reason": reason, "box": box, "kinds": kinds})
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        out, media_type=PACKAGE, filename=f"register-{begun.mark.number}.gpkg", headers=headers_of(begun),
        background=BackgroundTask(folder.cleanup),
    )  # fmt: skip


@router.post("/exports/verify", dependencies=READ)
def verify(
    request: Request,
    file: Annotated[UploadFile | None, File()] = None,
    number: Annotated[str, Form(max_length=20)] = "",
) -> Response:
    """Whether a file left this system, is unaltered, and still stands; by the file, or by the number it bears."""
    digest = digest_of(file.file) if file is not None and file.filename else ""
    asked = int(number) if number.strip().isascii() and number.strip().isdigit() else None
    if not digest and asked is None:
        return _list(
            request, refusal=Invalid(Words("请选择文件或填写编号。", "Choose a file, or write its number."))
        )
    with transaction(actor_of(request)) as session:
        found = keeping.verified(session, sha256=digest, number=asked)
        words = told_of(
            found.standing, None if found.export is None else found.export.number, by_content=found.by_content
        )
    return _list(request, told=(words, found.standing.value))


@router.post("/exports/requests", dependencies=READ)
def ask(request: Request, km2: Annotated[str, Form(max_length=20)] = "", reason: Why = "") -> Response:
    """Ask to hold more contiguous ground than the stop."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        keeping.ask_for_ground(session, actor=actor, km2=_area(km2), reason=reason, now=now)

    return _done(request, act, typed={"km2": km2})


@router.post("/exports/requests/{number}", dependencies=[need(Permission.EXPORTS_APPROVE)])
def decide(
    request: Request, number: Number, decision: Annotated[str, Form(max_length=10)] = "", reason: Why = ""
) -> Response:
    """Approve or refuse somebody else's request."""

    def act(session: Session, actor: Actor, now: datetime) -> None:
        if decision not in ("approve", "refuse"):
            raise Invalid(Words("请选择批准或驳回。", "Choose to approve or to refuse."))
        keeping.decide_ground(
            session, actor=actor, number=number, approved=decision == "approve", reason=reason,
            rules=catalogue().exports, now=now,
        )  # fmt: skip

    return _done(request, act)


@router.get("/exports/{number}", dependencies=READ)
def show(request: Request, number: Number) -> Response:
    """One export: its files, and whether it still stands."""
    return _one(request, number)


@router.post("/exports/{number}/withdraw", dependencies=[need(Permission.EXPORTS_WITHDRAW)])
def withdraw(request: Request, number: Number, reason: Why = "") -> Response:
    """Withdraw an export: its files are to be destroyed."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            keeping.withdraw_export(session, actor=actor, number=number, reason=reason, now=datetime.now(UTC))
    except Invalid as refusal:
        return _one(request, number, refusal)
    return RedirectResponse(f"/exports/{number}", status_code=303)


def _one(request: Request, number: int, refusal: Refusal | None = None) -> Response:
    actor = actor_of(request)
    with transaction(actor) as session:
        found = queries.export_of(session, number, actor=actor)
        return render(
            request, "exports/one.html", status=422 if refusal else 200, one=found, refusal=refusal,
            rules=catalogue().exports, units=queries.units_of(session, [found]),
        )  # fmt: skip


def _done(request: Request, act: Doing, *, typed: dict[str, Any] | None = None) -> Response:
    """Do something in one transaction and go back to the list; a refusal is told there."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            act(session, actor, datetime.now(UTC))
    except Refusal as refusal:
        return _list(request, refusal=refusal, typed=typed)
    return RedirectResponse("/exports", status_code=303)


def _area(text: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise Invalid(Words("请以平方千米填写面积。", "Write the area in square kilometres.")) from None
