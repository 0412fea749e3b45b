"""The register read: records, lists, search, sums, survey coverage."""

from dataclasses import fields
from datetime import date, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Path, Query, Response
from pydantic import AwareDatetime
from sqlalchemy.orm import Session

from api.deps import STALE, IfMatch, LanguageDep, NowDep, check_fresh, need, tag
from api.networks.schemas import (
    Box,
    CoverageIn,
    CoverageOut,
    RecordOut,
    RecordPage,
    RunQuery,
    SearchOut,
    SummaryOut,
    read_box,
)
from xzgis.catalogue.files import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Fault, Invalid, NotFound
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks.actions import coverage as coverage_actions
from xzgis.networks.models import Node, Run
from xzgis.networks.queries import history, lookup
from xzgis.networks.queries import summary as sums
from xzgis.spatial.crs import Extent
from xzgis.spatial.typed import read_place

router = APIRouter(prefix="/api/networks", tags=["networks"])

Read = Annotated[Actor, need(Permission.NETWORKS_READ)]
Sums = Annotated[Actor, need(Permission.DATA_READ)]
Draw = Annotated[Actor, need(Permission.NETWORKS_COVERAGE)]

ObjectId = Annotated[int, Path(ge=1, le=2**63 - 1)]
KnownAt = Annotated[AwareDatetime | None, Query(description="As it was known then; now when left out")]
TrueOn = Annotated[date | None, Query(description="As it stood in the ground on this day")]
Kinds = Annotated[list[str] | None, Query(max_length=50)]
BoxQuery = Annotated[Box, Query()]
RECORDS: dict[str, history.Record] = {"runs": Run, "nodes": Node}
SUMMARY_LIMIT_S = 30


@router.get("/runs")
def runs(actor: Read, asked: Annotated[RunQuery, Query()]) -> RecordPage:
    """Runs in the order of kind and identity, a page at a time."""
    with transaction(actor) as session:
        page = history.runs_page(session, asked.wanted(), after=asked.after, limit=asked.limit)
        return RecordPage(items=[RecordOut.of(one) for one in page.items], after=page.after)


@router.get("/runs/{object_id}")
def run(object_id: ObjectId, actor: Read, known_at: KnownAt = None, true_on: TrueOn = None) -> RecordOut:
    """One run with every attribute, as it is now or was at a time."""
    with transaction(actor) as session:
        return RecordOut.of(history.version_at(session, Run, object_id, known_at=known_at, true_on=true_on))


@router.get("/nodes/{object_id}")
def node(object_id: ObjectId, actor: Read, known_at: KnownAt = None, true_on: TrueOn = None) -> RecordOut:
    """One survey point, fitting or chamber, as it is now or was at a time."""
    with transaction(actor) as session:
        return RecordOut.of(history.version_at(session, Node, object_id, known_at=known_at, true_on=true_on))


@router.get("/{what}/{object_id}/history")
def record_history(what: Literal["runs", "nodes"], object_id: ObjectId, actor: Read) -> list[RecordOut]:
    """Every version of a record, the youngest first; removed ones too."""
    with transaction(actor) as session:
        return [RecordOut.of(one) for one in history.versions(session, RECORDS[what], object_id)]


@router.get("/search")
def search(
    actor: Read,
    language: LanguageDep,
    q: Annotated[str, Query(min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> SearchOut:
    """Find by road, point number, label, or two numbers; a place says how it was understood."""
    place = read_place(q, city())
    if place is not None:
        return SearchOut.of(place, [], language)
    with transaction(actor) as session:
        return SearchOut.of(None, lookup.look_up(session, q, limit=limit), language)


@router.get("/summary")
def summary(actor: Sums, now: NowDep) -> SummaryOut:
    """What the register holds, by kind, owner, accuracy, age and state."""
    with transaction(actor, statement_timeout_s=SUMMARY_LIMIT_S) as session:
        return SummaryOut.of(sums.summary(session, today=now.date()))


@router.get("/coverage")
def coverages(actor: Read, kind: Kinds = None, bbox: BoxQuery = None) -> list[CoverageOut]:
    """Where somebody looked, by kind and box; at most a thousand areas."""
    with transaction(actor) as session:
        rows = sums.coverages(session, kinds=tuple(kind or ()), within=read_box(bbox))
        return [CoverageOut.of(row) for row in rows]


@router.get("/coverage/{object_id}")
def coverage(object_id: ObjectId, actor: Read, response: Response) -> list[CoverageOut]:
    """Every version of one coverage, the youngest first; ``ETag`` is of the youngest."""
    with transaction(actor) as session:
        rows = sums.coverages(session, object_id=object_id, with_past=True)
        if not rows:
            raise NotFound(Words(f"没有编号 {object_id} 的覆盖范围。", f"There is no coverage {object_id}."))
        tag(response, str(rows[0].version_id))
        return [CoverageOut.of(row) for row in rows]


@router.post("/coverage", status_code=201)
def draw_coverage(body: CoverageIn, actor: Draw, now: NowDep, response: Response) -> CoverageOut:
    """Draw a coverage: somebody looked for this kind here."""
    if body.kind is None:
        words = Words("请说明是哪一类管线的覆盖范围。", "Say for which kind somebody looked.")
        raise Invalid(words, faults=(Fault(("body", "kind"), words),))
    with transaction(actor) as session:
        return _set(session, None, body, actor, now, response)


@router.put("/coverage/{object_id}", responses=STALE)
def change_coverage(
    object_id: ObjectId,
    body: CoverageIn,
    actor: Draw,
    now: NowDep,
    response: Response,
    if_match: IfMatch = None,
) -> CoverageOut:
    """Give a coverage a new version; the old one stays in its history. ``If-Match`` says which version was read."""
    with transaction(actor) as session:
        before = coverage_actions.coverage_to_change(session, object_id)
        check_fresh(str(before.version_id), if_match)
        return _set(session, object_id, body, actor, now, response)


@router.delete("/coverage/{object_id}", status_code=204, responses=STALE)
def withdraw_coverage(
    object_id: ObjectId,
    actor: Draw,
    now: NowDep,
    reason: Annotated[str, Query(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")] = "",
    if_match: IfMatch = None,
) -> Response:
    """Withdraw a coverage: nobody is known to have looked there any more."""
    with transaction(actor) as session:
        before = coverage_actions.coverage_to_change(session, object_id)
        check_fresh(str(before.version_id), if_match)
        coverage_actions.remove_coverage(session, actor=actor, object_id=object_id, reason=reason, now=now)
    return Response(status_code=204)


def _set(
    session: Session, object_id: int | None, body: CoverageIn, actor: Draw, now: datetime, response: Response
) -> CoverageOut:
    made = coverage_actions.set_coverage(
        session,
        actor=actor,
        object_id=object_id,
        area=body.area.to_shape(),
        facts=body.facts(),
        now=now,
        catalogue=catalogue(),
    )
    tag(response, str(made.version_id))
    return CoverageOut.of(sums.coverages(session, object_id=made.object_id)[0])


def city() -> Extent:
    """Where the city lies, from the definitions."""
    known = catalogue().city
    return Extent(**{field.name: getattr(known, field.name) for field in fields(Extent)})
