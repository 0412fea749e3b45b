"""Exports: take the register out, list, withdraw, verify; ask for more ground and decide that."""

import tempfile
from pathlib import Path as Folder
from typing import Annotated, Any

import shapely
from fastapi import APIRouter, Path, Query, Response
from fastapi.responses import FileResponse
from starlette.background import BackgroundTask

from api.deps import LanguageDep, NowDep, need
from api.exports.schemas import (
    ApprovalOut,
    DecisionIn,
    ExportOut,
    ExportPage,
    GroundIn,
    ReasonIn,
    RegisterIn,
    StandingOut,
)
from xzgis.audit.rules.asked import box_of
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.exports import queries
from xzgis.exports.actions import keeping
from xzgis.exports.rules.told import headers_of, told_of
from xzgis.identity.permissions import Permission
from xzgis.networks.actions.export import RegisterAsked, leave_register

router = APIRouter(prefix="/api/exports", tags=["exports"])

Read = Annotated[Actor, need(Permission.EXPORTS_READ)]
Take = Annotated[Actor, need(Permission.NETWORKS_EXPORT)]
Approve = Annotated[Actor, need(Permission.EXPORTS_APPROVE)]
Withdraw = Annotated[Actor, need(Permission.EXPORTS_WITHDRAW)]
Number = Annotated[int, Path(ge=1, le=2**62)]
PACKAGE = "application/geopackage+sqlite3"
FILES: dict[int | str, dict[str, Any]] = {200: {"content": {PACKAGE: {}}}}


@router.get("")
def listed(
    actor: Read,
    now: NowDep,
    person: Annotated[str, Query(max_length=40, description="Account; empty for everybody one may see")] = "",
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> ExportPage:
    """What left: one's own exports, or everybody's with that right; the newest first."""
    with transaction(actor) as session:
        rows = queries.exports(session, actor=actor, person=person, before=before, limit=limit + 1)
        items = [ExportOut.of(row) for row in rows[:limit]]
        held_km2 = queries.held_km2(session, actor, rules=catalogue().exports, now=now)
    return ExportPage(items=items, before=items[-1].number if len(rows) > limit else None, held_km2=held_km2)


@router.get("/verify")
def verify(
    actor: Read,
    language: LanguageDep,
    sha256: Annotated[str, Query(pattern="^([0-9a-fA-F]{64})?$", description="Of the file")] = "",
    number: Annotated[int | None, Query(ge=1, le=2**62, description="The number it bears")] = None,
) -> StandingOut:
    """Whether a file left this system, is unaltered, and still stands."""
    with transaction(actor) as session:
        found = keeping.verified(session, sha256=sha256, number=number)
        export = found.export
        words = told_of(
            found.standing, None if export is None else export.number, by_content=found.by_content
        )
        return StandingOut(
            standing=found.standing,
            number=None if export is None else export.number,
            grade=None if export is None else export.grade,
            at=None if export is None else export.at,
            by_content=found.by_content,
            words=words.spoken(language),
        )


@router.post("/register", response_class=FileResponse, responses=FILES)
def take_register(asked: RegisterIn, actor: Take, now: NowDep) -> Response:
    """The register as one sees it, as a GeoPackage: an export with a reason, marked and counted."""
    area = shapely.box(*box_of(asked.box)) if asked.box else None
    wanted = RegisterAsked(asked.reason, kinds=tuple(asked.kinds), area=area)
    folder = tempfile.TemporaryDirectory(prefix="xzgis-export-")
    try:
        out = Folder(folder.name) / "register.gpkg"
        begun, _ = leave_register(actor, wanted, out, catalogue=catalogue(), now=now)
    except BaseException:
        folder.cleanup()
        raise
    return FileResponse(
        out, media_type=PACKAGE, filename=f"register-{begun.mark.number}.gpkg", headers=headers_of(begun),
        background=BackgroundTask(folder.cleanup),
    )  # fmt: skip


@router.get("/requests")
def requests(actor: Read) -> list[ApprovalOut]:
    """Requests for more ground, open ones first: one's own, or everybody's for who decides them."""
    with transaction(actor) as session:
        return [ApprovalOut.of(row) for row in queries.approvals(session, actor=actor)]


@router.post("/requests", status_code=201)
def ask(asked: GroundIn, actor: Read, now: NowDep) -> ApprovalOut:
    """Ask to hold more contiguous ground than the stop; somebody else decides."""
    with transaction(actor) as session:
        made = keeping.ask_for_ground(session, actor=actor, km2=asked.km2, reason=asked.reason, now=now)
        return ApprovalOut.of(made)


@router.post("/requests/{number}/decision")
def decide(number: Number, said: DecisionIn, actor: Approve, now: NowDep) -> ApprovalOut:
    """Approve or refuse somebody else's request; an approval holds for some days."""
    with transaction(actor) as session:
        made = keeping.decide_ground(
            session, actor=actor, number=number, approved=said.approved, reason=said.reason,
            rules=catalogue().exports, now=now,
        )  # fmt: skip
        return ApprovalOut.of(made)


@router.get("/{number}")
def one(number: Number, actor: Read) -> ExportOut:
    """One export with its files."""
    with transaction(actor) as session:
        return ExportOut.of(queries.export_of(session, number, actor=actor))


@router.post("/{number}/withdraw")
def withdraw(number: Number, said: ReasonIn, actor: Withdraw, now: NowDep) -> ExportOut:
    """Withdraw an export: its files are to be destroyed, and every verification says so."""
    with transaction(actor) as session:
        return ExportOut.of(
            keeping.withdraw_export(session, actor=actor, number=number, reason=said.reason, now=now)
        )
