"""Where somebody looked: drawn by typed coordinates or GeoJSON, replaced, withdrawn."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import RedirectResponse
from shapely import MultiPolygon
from sqlalchemy.orm import Session
from starlette.datastructures import UploadFile

from web.asking import actor_of, need
from web.forms.work import Faults
from web.pages.map import buried_kinds
from web.render import render, speaker
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, NotFound, WrongState
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks.actions.coverage import coverage_to_change, remove_coverage, set_coverage
from xzgis.networks.queries.summary import CoverageRow, coverages
from xzgis.networks.rules.survey import city_extent
from xzgis.networks.rules.typed_area import area_of_geojson, area_of_text

router = APIRouter()

ObjectId = Annotated[int, Path(ge=1, le=2**63 - 1)]
MOST_BYTES = 5_000_000


class Stale(WrongState):
    """The coverage was changed since the page showed it."""


STALE = Words(
    "这个覆盖范围在打开之后已被修改，未保存。以下是您填写的内容，请对照最新的一份；再次保存将作为它之后的版本。",
    "This coverage was changed after you opened it; nothing was saved. Below is what you typed: compare it with the latest "
    "one; saved again it becomes the version after that.",
)
CHANGED = Words(
    "这个覆盖范围在打开之后已被修改，未撤回。以下是最新的一份。",
    "This coverage was changed after you opened it; it was not withdrawn. Below is the latest one.",
)


@dataclass(frozen=True)
class CoverageForm:
    """The fields of the form as they were typed."""

    kind: str = ""
    area: str = ""
    surveyed_on: str = ""
    surveyed_by: str = ""
    quality: str = ""
    note: str = ""
    version: str = ""

    @classmethod
    def of(cls, sent: Mapping[str, Any]) -> "CoverageForm":
        """The form out of what a browser sent."""
        known = {one.name for one in fields(cls)}
        return cls(**{name: str(value)[:2_000_000] for name, value in sent.items() if name in known})

    @classmethod
    def of_row(cls, row: CoverageRow) -> "CoverageForm":
        """The form of a coverage that is there."""
        return cls(row.kind, _typed(row.area), str(row.surveyed_on or ""), row.surveyed_by or "",
                   row.quality or "", row.note or "", str(row.version_id))  # fmt: skip


def _typed(area: Mapping[str, Any]) -> str:
    """The outer corners of an area as somebody would type them; empty when it has holes, which lines cannot say."""
    if any(len(rings) > 1 for rings in area["coordinates"]):
        return ""
    rings = [rings[0][:-1] for rings in area["coordinates"]]
    return "\n\n".join("\n".join(f"{north:.3f} {east:.3f}" for east, north in ring) for ring in rings)


def _row(actor: Actor, object_id: int) -> list[CoverageRow]:
    with transaction(actor) as session:
        rows = coverages(session, object_id=object_id, with_past=True)
    if not rows:
        raise NotFound(Words(f"没有编号 {object_id} 的覆盖范围。", f"There is no coverage {object_id}."))
    return rows


def _page(
    request: Request, form: CoverageForm, faults: Faults, *, rows: list[CoverageRow] | None = None,
    status: int = 422,
) -> Response:  # fmt: skip
    kinds = [(kind.token, f"{faults.say.of(kind)} {kind.code}") for kind in buried_kinds(catalogue())]
    return render(request, "data/coverage.html", status=status if faults.found else 200, form=form, faults=faults,
                  rows=rows or [], kinds=kinds, known=catalogue())  # fmt: skip


@router.get("/data/coverage/new", dependencies=[need(Permission.NETWORKS_COVERAGE)])
def new_coverage(request: Request) -> Response:
    """The empty form."""
    return _page(request, CoverageForm(), Faults(speaker(request)))


@router.get("/data/coverage/{object_id}", dependencies=[need(Permission.DATA_READ)])
def show(request: Request, object_id: ObjectId) -> Response:
    """One coverage with its history, to be replaced or withdrawn."""
    rows = _row(actor_of(request), object_id)
    return _page(request, CoverageForm.of_row(rows[0]), Faults(speaker(request)), rows=rows)


@router.post("/data/coverage", dependencies=[need(Permission.NETWORKS_COVERAGE)])
async def draw(request: Request) -> Response:
    """Draw a new coverage."""
    form, content = await _sent(request)
    return await anyio.to_thread.run_sync(_keep, request, form, content, None)


@router.post("/data/coverage/{object_id}", dependencies=[need(Permission.NETWORKS_COVERAGE)])
async def replace_one(request: Request, object_id: ObjectId) -> Response:
    """Give a coverage a new version; the old one stays in the history."""
    form, content = await _sent(request)
    return await anyio.to_thread.run_sync(_keep, request, form, content, object_id)


async def _sent(request: Request) -> tuple[CoverageForm, bytes]:
    async with request.form() as sent:
        typed = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        file = sent.get("file")
        content = await file.read(MOST_BYTES) if isinstance(file, UploadFile) and file.filename else b""
    return CoverageForm.of(typed), content


def _keep(request: Request, form: CoverageForm, content: bytes, object_id: int | None) -> Response:
    rows = _row(actor_of(request), object_id) if object_id else None
    faults = Faults(speaker(request))
    area = _area(form, content, faults)
    day = faults.day("surveyed_on", form.surveyed_on)
    kind = rows[0].kind if rows else form.kind
    if kind not in {one.token for one in buried_kinds(catalogue())}:
        faults.add("kind", "data.choose_kind")
    if area is None or faults.found:
        return _page(request, form, faults, rows=rows)
    facts = {
        "kind": kind, "surveyed_on": day, "surveyed_by": form.surveyed_by[:200] or None,
        "quality": form.quality[:200] or None, "note": form.note[:500] or None,
    }  # fmt: skip
    try:
        with transaction(actor_of(request)) as session:
            if object_id is not None:
                _check_fresh(session, object_id, form.version)
            kept = set_coverage(session, actor=actor_of(request), object_id=object_id, area=area, facts=facts,
                                now=datetime.now(UTC), catalogue=catalogue())  # fmt: skip
            number = kept.object_id
    except Invalid as refusal:
        told = [(str(one.loc[-1]), one.words) for one in refusal.faults] or [("area", refusal.words)]
        faults.found += [(field, faults.say.of(words)) for field, words in told]
        return _page(request, form, faults, rows=rows)
    except Stale as stale:
        latest = _row(actor_of(request), object_id or 0)
        faults.found.append(("area", faults.say.of(stale.words)))
        return _page(
            request, replace(form, version=str(latest[0].version_id)), faults, rows=latest, status=409
        )
    return RedirectResponse(f"/data/coverage/{number}", status_code=303)


def _check_fresh(session: Session, object_id: int, version: str) -> None:
    """Refuse to change another version than the one the page showed."""
    if str(coverage_to_change(session, object_id).version_id) != version:
        raise Stale(STALE)


def _area(form: CoverageForm, content: bytes, faults: Faults) -> MultiPolygon | None:
    city = city_extent(catalogue())
    try:
        if content:
            return area_of_geojson(content, city)
        if form.area.lstrip().startswith("{"):
            return area_of_geojson(form.area, city)
        return area_of_text(form.area, city)
    except Invalid as refusal:
        for fault in refusal.faults:
            remedy = f" {faults.say.of(fault.remedy)}" if fault.remedy else ""
            faults.found.append((str(fault.loc[0]), f"{faults.say.of(fault.words)}{remedy}"))
        return None


@router.post("/data/coverage/{object_id}/remove", dependencies=[need(Permission.NETWORKS_COVERAGE)])
def remove(
    request: Request,
    object_id: ObjectId,
    reason: Annotated[str, Form(max_length=500)] = "",
    version: Annotated[str, Form(max_length=30)] = "",
) -> Response:
    """Withdraw a coverage; the reason is compulsory and kept in the trail."""
    faults = Faults(speaker(request))
    if not reason.strip():
        rows = _row(actor_of(request), object_id)
        faults.add("reason", "data.say_why")
        return _page(request, CoverageForm.of_row(rows[0]), faults, rows=rows)
    try:
        with transaction(actor_of(request)) as session:
            _check_fresh(session, object_id, version)
            remove_coverage(
                session,
                actor=actor_of(request),
                object_id=object_id,
                reason=reason.strip(),
                now=datetime.now(UTC),
            )
    except Stale:
        rows = _row(actor_of(request), object_id)
        faults.found.append(("reason", faults.say.of(CHANGED)))
        return _page(request, CoverageForm.of_row(rows[0]), faults, rows=rows, status=409)
    return RedirectResponse("/data#coverage", status_code=303)
