"""Units and areas: the trees, and what is added to them."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import actor_of, need
from web.render import render
from xzgis.core.db import transaction
from xzgis.core.errors import Refusal
from xzgis.identity import actions, queries
from xzgis.identity.permissions import Permission
from xzgis.identity.terms import AreaAsked, Tier, UnitAsked, UnitKind

router = APIRouter()

READ = [need(Permission.IDENTITY_READ)]
KEEP = [need(Permission.IDENTITY_UNITS)]
Typed = Annotated[str, Form(max_length=200)]


def _units(request: Request, *, refusal: Refusal | None = None, typed: UnitAsked | None = None) -> Response:
    with transaction(actor_of(request)) as session:
        units = queries.units_tree(session, now=datetime.now(UTC), closed=True)
        areas = queries.areas_tree(session)
    return render(
        request, "people/units.html", status=422 if refusal else 200, units=units, areas=areas,
        codes={one.id: one.code for one in units}, places={one.id: one for one in areas},
        kinds=list(UnitKind), refusal=refusal, typed=typed,
    )  # fmt: skip


@router.get("/units", dependencies=READ)
def units(request: Request) -> Response:
    """Every unit with how many people hold a post in it; closed ones too."""
    return _units(request)


@router.post("/units", dependencies=KEEP)
def add_unit(
    request: Request,
    kind: Annotated[UnitKind, Form()],
    code: Typed = "",
    name_zh: Typed = "",
    name_en: Typed = "",
    area: Typed = "",
    parent: Typed = "",
) -> Response:
    """Add a unit."""
    actor = actor_of(request)
    asked = UnitAsked(code.strip().upper(), name_zh, name_en, kind, area, parent or None)
    try:
        with transaction(actor) as session:
            actions.add_unit(session, actor=actor, asked=asked, now=datetime.now(UTC))
    except Refusal as refusal:
        return _units(request, refusal=refusal, typed=asked)
    return RedirectResponse("/units", status_code=303)


@router.post("/units/{code}/close", dependencies=KEEP)
def close_unit(request: Request, code: Annotated[str, Path(max_length=40)]) -> Response:
    """Close a unit; its records stay."""
    actor = actor_of(request)
    try:
        with transaction(actor) as session:
            actions.close_unit(session, actor=actor, code=code, now=datetime.now(UTC))
    except Refusal as refusal:
        return _units(request, refusal=refusal)
    return RedirectResponse("/units", status_code=303)


def _areas(request: Request, *, refusal: Refusal | None = None, typed: AreaAsked | None = None) -> Response:
    with transaction(actor_of(request)) as session:
        areas = queries.areas_tree(session)
    return render(
        request, "people/areas.html", status=422 if refusal else 200, areas=areas, tiers=list(Tier),
        refusal=refusal, typed=typed,
    )  # fmt: skip


@router.get("/areas", dependencies=READ)
def areas(request: Request) -> Response:
    """Every area in the order of the tree."""
    return _areas(request)


@router.post("/areas", dependencies=KEEP)
def add_area(
    request: Request,
    tier: Annotated[Tier, Form()],
    code: Typed = "",
    name_zh: Typed = "",
    name_en: Typed = "",
) -> Response:
    """Add an area under the one its code begins with."""
    actor = actor_of(request)
    asked = AreaAsked(code.strip(), name_zh, name_en, tier)
    try:
        with transaction(actor) as session:
            actions.add_area(session, actor=actor, asked=asked, now=datetime.now(UTC))
    except Refusal as refusal:
        return _areas(request, refusal=refusal, typed=asked)
    return RedirectResponse("/areas", status_code=303)
