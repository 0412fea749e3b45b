"""Deliveries: uploaded, read, looked at, accepted, undone."""

import json
from dataclasses import asdict
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Body, File, Form, Path, Query, Response, UploadFile
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from api.deps import LanguageDep, NowDep, TakingDep, need
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.core.errors import Fault, Invalid
from xzgis.core.mistakes import mistake
from xzgis.core.words import Words
from xzgis.exports.jobs import leave_file
from xzgis.exports.terms import Leaving
from xzgis.formats.marked import MARK_HERE
from xzgis.formats.sheets import CSV_TYPE, XLSX_TYPE, csv_bytes, xlsx_bytes
from xzgis.identity.permissions import Permission
from xzgis.networks import jobs
from xzgis.networks.actions import batches, undo
from xzgis.networks.queries import batches as reading
from xzgis.networks.rules.finding_words import Heads
from xzgis.networks.rules.import_document import finding_as_json, findings_table
from xzgis.networks.rules.preview import preview_lines, preview_rows

router = APIRouter(prefix="/api/networks/batches", tags=["batches"])

Read = Annotated[Actor, need(Permission.DATA_READ)]
Bring = Annotated[Actor, need(Permission.NETWORKS_IMPORT)]
Accept = Annotated[Actor, need(Permission.NETWORKS_ACCEPT)]
Undo = Annotated[Actor, need(Permission.NETWORKS_UNDO)]

BatchId = Annotated[int, Path(ge=1, le=2**63 - 1)]
MOST_PREVIEWED = 5000
TEXT = r"^[^\x00-\x1f\x7f]*$"


class ReadOptionsIn(BaseModel):
    """What a person says of a delivery beside its files; everything may be left to the product."""

    model_config = ConfigDict(extra="forbid")

    name: str | None = Field(default=None, max_length=200, pattern=TEXT)
    intake: str | None = Field(default=None, max_length=60, pattern=r"^[a-z0-9_-]+$")
    crs: str | None = Field(default=None, max_length=4000)
    displace: bool = False
    strict: bool = False
    explode_blocks: bool = False
    again: bool = False
    encoding: str | None = Field(default=None, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")
    level_meaning: Literal["pipe", "ground"] | None = None
    overrides: dict[str, str] = Field(default_factory=dict, max_length=500)
    code_kinds: dict[str, str] = Field(default_factory=dict, max_length=500)
    mapping: dict[str, Any] | None = None

    def kept(self) -> dict[str, Any]:
        """The options as kept with the batch."""
        return self.model_dump(exclude_none=True)


class AcceptIn(BaseModel):
    """How a batch goes in."""

    model_config = ConfigDict(extra="forbid")

    leave_out_errors: bool = False
    same: Literal["replace", "keep", "beside"] | None = Field(
        default=None,
        description="what becomes of a line whose kind and course the register holds: it replaces the record, the record is "
        "kept with the points at its ends (every other point delivered again is replaced, also where a registered line ends "
        "that was not delivered), or a line of another level, size, owner, voltage or pressure (D03) goes in beside it. "
        "Not told: it replaces the record, and the batch is refused where these differ",
    )


class BatchOut(BaseModel):
    """One batch."""

    id: int
    name: str
    state: str
    intake: str | None
    points: int
    lines: int
    points_in: int | None
    lines_in: int | None
    counts: dict[str, int]
    progress_percent: int
    progress_step: str | None
    created_by: str
    created_at: str
    accepted_at: str | None
    is_invented: bool
    is_displaced: bool
    stopped: dict[str, str] | None = None
    crs: dict[str, Any] | None = None
    files: list[dict[str, Any]] = Field(default_factory=list)
    summary: dict[str, Any] = Field(default_factory=dict)


@router.post("", status_code=202)
def upload(
    actor: Bring,
    files: Annotated[list[UploadFile], File(max_length=200)],
    options: Annotated[str, Form(max_length=200_000)] = "{}",
    mapping: Annotated[
        UploadFile | None, File(description="A saved mapping, JSON or TOML; options go before it")
    ] = None,
) -> BatchOut:
    """Upload the files of one delivery; they are read in the background. ``options`` is a JSON document."""
    try:
        asked = ReadOptionsIn.model_validate_json(options)
    except ValidationError as error:
        faults = tuple(Fault(("options", *one["loc"]), mistake(one)) for one in error.errors())
        raise Invalid(
            Words("导入选项不合要求。", "The options are not acceptable."), faults=faults
        ) from error
    given = None if mapping is None else (mapping.filename or "mapping.json", mapping.file)
    batch_id = jobs.upload_batch(
        actor,
        files=[(one.filename or "file", one.file) for one in files],
        options=jobs.with_saved_mapping(given, asked.kept()),
    )
    return one_batch(batch_id, actor)


@router.get("")
def list_batches(
    actor: Read,
    before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> list[BatchOut]:
    """Batches, the newest first."""
    with transaction(actor) as session:
        rows = reading.all_batches(session, before=before, limit=limit)
    return [BatchOut(**row.as_json()) for row in rows]


@router.get("/{batch_id}")
def one_batch(batch_id: BatchId, actor: Read) -> BatchOut:
    """One batch: where it stands, how it was understood, what was found."""
    with transaction(actor) as session:
        batch = reading.batch_of(session, batch_id)
        row = reading.batch_row(batch).as_json()
        files = [{"name": one["name"], "bytes": one["bytes"]} for one in batch.files]
        return BatchOut(**row, crs=batch.crs, files=files, summary=batch.summary)


@router.get("/{batch_id}/findings")
def findings(
    batch_id: BatchId,
    actor: Read,
    language: LanguageDep,
    level: Literal["error", "warning", "info"] | None = None,
    after: Annotated[int, Query(ge=0, le=2**63 - 1)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> list[dict[str, Any]]:
    """Findings of a batch behind number ``after``; each carries its ``number``."""
    with transaction(actor) as session:
        reading.batch_of(session, batch_id)
        page = reading.findings_page(session, batch_id=batch_id, level=level, after=after, limit=limit)
    heads = _heads(actor, batch_id)
    return [
        {"number": number} | finding_as_json(one, catalogue(), language, heads=heads) for number, one in page
    ]


def _heads(actor: Actor, batch_id: int) -> Heads:
    """What the delivered tables call our fields."""
    heads: Heads = jobs.facts_of(actor, batch_id).get("columns", {})
    return heads


@router.get("/{batch_id}/findings.{ending}", response_class=Response)
def findings_file(
    batch_id: BatchId,
    ending: Literal["csv", "xlsx", "json"],
    actor: Read,
    taking: TakingDep,
    chosen: Annotated[Literal["zh", "en"] | None, Query(alias="language")] = None,
) -> Response:
    """Every finding of a batch as a file, in ``language`` or else in that of the request; kept as an export."""
    language = chosen or taking.language
    with transaction(actor) as session:
        reading.batch_of(session, batch_id)
        every = reading.findings_of(session, batch_id=batch_id)
    heads = _heads(actor, batch_id)
    if ending == "json":
        told = [finding_as_json(one, catalogue(), language, heads=heads) for one in every]
        content, kind = json.dumps(told, ensure_ascii=False).encode(), "application/json"
    elif ending == "csv":
        content, kind = csv_bytes(findings_table(every, catalogue(), language, heads=heads)), CSV_TYPE
    else:
        rows = findings_table(every, catalogue(), language, heads=heads)
        content, kind = xlsx_bytes([("findings", rows)], mark=MARK_HERE), XLSX_TYPE
    name = f"findings-{batch_id}.{ending}"
    what = Leaving("findings", ending, records=len(every), about=str(batch_id), reason=taking.reason)
    content, headers = leave_file(actor, what, content, name=name, now=taking.now)
    headers |= {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, media_type=kind, headers=headers)


@router.get("/{batch_id}/preview")
def preview(batch_id: BatchId, actor: Read) -> dict[str, Any]:
    """At most 5 000 lines of what was read, as GeoJSON in EPSG:4548; ``shown`` and ``of`` say how many."""
    return preview_lines(jobs.delivery_of(actor, batch_id), most=MOST_PREVIEWED)


class UndoEffectOut(BaseModel):
    """What undoing a batch would take out of the register."""

    runs: int
    nodes: int
    revived: int = Field(description="lines and points that it replaced, and that come back")
    coverages: int
    replaced_since: int = Field(
        description="lines and points that it brought, since then renewed by another batch or taken out by somebody"
    )
    stripped: int = Field(
        description="lines and points of other batches that lose facts which they have from this one"
    )


@router.get("/{batch_id}/undo")
def foresee_undo(batch_id: BatchId, actor: Undo) -> UndoEffectOut:
    """What undoing a batch would do; nothing is done. Refused where undoing would be."""
    with transaction(actor, statement_timeout_s=jobs.LONG_STATEMENT_S) as session:
        return UndoEffectOut(**asdict(undo.foreseen(session, batch_id=batch_id)))


@router.get("/{batch_id}/{table}")
def rows(
    batch_id: BatchId,
    table: Literal["points", "lines"],
    actor: Read,
    start: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    limit: Annotated[int, Query(ge=1, le=500)] = 50,
) -> list[dict[str, Any]]:
    """Rows of what was read, as understood."""
    return preview_rows(jobs.delivery_of(actor, batch_id), table, start=start, most=limit)


@router.post("/{batch_id}/read", status_code=202)
def read_again(batch_id: BatchId, actor: Bring, options: ReadOptionsIn) -> BatchOut:
    """Read a batch once more with other options (mapping, coordinate system, severities)."""
    jobs.read_again(actor, batch_id, options=options.kept())
    return one_batch(batch_id, actor)


@router.post("/{batch_id}/accept", status_code=202)
def accept(
    batch_id: BatchId, actor: Accept, how: Annotated[AcceptIn, Body(default_factory=AcceptIn)]
) -> BatchOut:
    """Put a read batch into the register, all or nothing; the work is done in the background."""
    with transaction(actor) as session:
        batches.ask_acceptance(
            session, actor=actor, batch_id=batch_id, leave_out_errors=how.leave_out_errors, same=how.same
        )
    return one_batch(batch_id, actor)


@router.post("/{batch_id}/cancel")
def cancel(batch_id: BatchId, actor: Bring, now: NowDep) -> BatchOut:
    """Give a batch up before it is in the register."""
    with transaction(actor) as session:
        batches.cancel_batch(session, actor=actor, batch_id=batch_id, reason="asked", now=now)
    return one_batch(batch_id, actor)


@router.post("/{batch_id}/undo")
def undo_one(batch_id: BatchId, actor: Undo, now: NowDep) -> BatchOut:
    """Take a batch out of the register again; its history stays readable."""
    with transaction(actor, statement_timeout_s=jobs.LONG_STATEMENT_S) as session:
        undo.undo_batch(session, actor=actor, batch_id=batch_id, now=now)
    return one_batch(batch_id, actor)
