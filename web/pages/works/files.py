"""A work out of an uploaded file, and the report of a check as a file."""

import re
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import anyio
from fastapi import APIRouter, Request, Response
from starlette.datastructures import UploadFile

from web.asking import actor_of, need
from web.forms.work import Faults, WorkForm, add_refusal, form_of
from web.language import Speaker
from web.pages.works.check import kept_page, page, page_of, typed
from web.pages.works.checked import check_form
from web.render import refuse, speaker
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.downloads import ReportAsked, drawn_report, leave_report
from xzgis.conflicts.reports.formats import file_name, format_named
from xzgis.core.errors import Invalid, Refusal
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.exports.actions.leaving import exporting
from xzgis.identity.permissions import Permission
from xzgis.works.queries.file import read_work
from xzgis.works.rules.axes import in_storage
from xzgis.works.rules.reading import ReadWork, WorkOptions, title_of
from xzgis.works.rules.unsaid import Unsaid

router = APIRouter()

# Facts typed into an empty form that stand over what the file says.
STANDS = ("pressure_class", "burial", "material", "surface")
FIGURES = ("voltage_kv", "sigma_plan_m", "sigma_level_m")
# Chosen by nobody: what a new form begins with says nothing of a file.
UNTOUCHED = WorkForm()
# Where the page asks what a file leaves open.
ASKED_AT = {"kind": "file_kind", "level_of": "level_of", "crs": "crs"}
SIZES = {"circle": ("diameter_mm",), "rectangle": ("width_mm", "height_mm")}
PIECE_BYTES = 1 << 20


@router.post("/works/upload", dependencies=[need(Permission.CONFLICTS_CHECK)])
async def upload(request: Request) -> Response:
    """Read a work from a file on the server and put it into the form."""
    async with request.form() as sent:
        fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        given = sent.get("file")
        if not isinstance(given, UploadFile) or not given.filename:
            return refuse(request, Invalid(Words("没有选择文件。", "No file was chosen.")))
        with tempfile.TemporaryDirectory(prefix="xzgis-work-") as folder:
            # Refusals name the file as its owner does, without any sign that could lead out of the folder.
            path = Path(folder) / _own_name(given.filename)
            async with await anyio.open_file(path, "wb") as out:
                while piece := await given.read(PIECE_BYTES):
                    await out.write(piece)
            return await anyio.to_thread.run_sync(_read, request, fields, path, Path(given.filename).stem)


def _own_name(name: str) -> str:
    """The name of an uploaded file, made harmless: no folder, no leading dot, of a length that a disk takes."""
    own = Path(name.replace("\\", "/"))
    return file_name(own.stem, "", re.sub(r"[^.0-9a-z]", "", own.suffix.lower())[:12])


def _read(request: Request, fields: dict[str, str], path: Path, name: str) -> Response:
    say = speaker(request)
    faults = Faults(say)
    form = WorkForm.of(fields)
    said = {} if _holds_a_work(form) else _said(form, faults)
    if faults.found:
        return page_of(request, form, fields, faults)
    limits = (settings().child_cpu_s, settings().child_memory_mb)
    try:
        options = _options(form, fields, said)
        read = read_work(path, catalogue(), options, limits=limits)
        # A work document has a name of its own; other files are named as their owner named them.
        own = read.document.name if read.document.name != title_of(path.name) else ""
        named = read.document.model_copy(update={"name": form.name or own or name})
        found = form_of(in_storage(named, catalogue()))
    except Unsaid as refusal:
        faults.found.append(_asked(say, form, refusal))
        return page_of(request, form, fields, faults)
    except Invalid as refusal:
        add_refusal(refusal, faults)
        return page_of(request, form, fields, faults)
    except Refusal as refusal:
        return refuse(request, refusal)
    if not _holds_a_work(form):
        found = replace(
            found, starts_on=form.starts_on or found.starts_on, ends_on=form.ends_on or found.ends_on
        )
    notes = _notes(say, form, said, read)
    if read.took_else_kind:
        notes.insert(0, say("works.kind_is", kind=say.kind(catalogue(), options.else_kind or "")))
    return page(request, replace(found, work_id=form.work_id, version=form.version), fields, notes=notes)


def _options(form: WorkForm, fields: dict[str, str], said: dict[str, float | str]) -> WorkOptions:
    """What the person says of the file: in the fields beside it, and in a form that shows no other work."""
    level_of = fields.get("level_of")
    chosen = form.kind if form.kind != UNTOUCHED.kind and not _holds_a_work(form) else None
    return WorkOptions(
        else_kind=fields.get("file_kind") or chosen,
        crs=fields.get("crs") or None,
        level_of=level_of if level_of in ("crown", "bottom", "invert") else None,  # type: ignore[arg-type]  # one of the three
        **said,  # type: ignore[arg-type]  # checked above
    )


def _asked(say: Speaker, form: WorkForm, refusal: Unsaid) -> tuple[str, str]:
    """The field where the page asks what the file leaves open, and what is to be done there."""
    name = ASKED_AT[refusal.asked]
    told = [say.of(refusal.words), say("works.say_and_send_again")]
    if name == "file_kind":
        # The kind that the form shows is none that anybody said of the file: who sees it there has to be told.
        told.append(say("works.kind_shown", kind=say.kind(catalogue(), form.kind)))
    return name, ("" if say.language == "zh" else " ").join(told)


def _notes(say: Speaker, form: WorkForm, said: dict[str, float | str], read: ReadWork) -> list[str]:
    """What is to be told of a file that was read."""
    document = read.document
    notes = [say.of(note) for note in read.notes]
    levels = dict.fromkeys(run.depth.profile_of for run in document.runs if run.depth.profile)
    if levels:
        notes.append(say("works.levels_are", what=_listed(say, (say(f"works.{what}") for what in levels))))
    if said:
        notes.append(say("works.form_stands", facts=_labels(say, said)))
    elif _holds_a_work(form):
        notes.append(say("works.file_stands"))
    shown = ("profile", "tie_ins") if form.depth == "profile" else ("tie_ins",)
    lost = [name for name in shown if getattr(form, name).strip()]
    if lost and not _holds_a_work(form):
        notes.append(say("works.not_taken", facts=_labels(say, lost)))
    if len(document.runs) != 1 or document.excavations:
        notes.append(say("works.read_parts", runs=len(document.runs), holes=len(document.excavations)))
    return notes


def _holds_a_work(form: WorkForm) -> bool:
    """Whether the form shows a work already: its facts are then that work's, not said of the file."""
    return bool(form.work_id or form.whole or form.axis.strip() or form.holes.strip())


def _said(form: WorkForm, faults: Faults) -> dict[str, float | str]:
    """The facts a person typed of every run of the file; a field that the form hides says nothing."""
    sizes = SIZES.get(form.shape, ())
    shown = (*sizes, *FIGURES, *(("cover_m",) if form.depth == "cover" else ()))
    numbers = {name: faults.number(name, getattr(form, name)) for name in shown}
    words = {name: getattr(form, name) for name in STANDS}
    said = {name: value for name, value in (numbers | words).items() if value not in (None, "")}
    if form.method != UNTOUCHED.method:
        said["method"] = form.method
    if form.is_outer and any(name in said for name in sizes):
        said["is_outer"] = True
    return said


def _labels(say: Speaker, names: Iterable[str]) -> str:
    """What the form calls these of its fields."""
    keys = [key for name in names for key in (f"works.f.{name}", f"map.f.{name}") if say.has(key)]
    return _listed(say, (say(key) for key in keys))


def _listed(say: Speaker, words: Iterable[str]) -> str:
    return ("、" if say.language == "zh" else ", ").join(words)


@router.post("/works/report", dependencies=[need(Permission.CONFLICTS_REPORT)])
async def report(request: Request) -> Response:
    """The check as a file: ``format`` html, xlsx, csv, json or geojson."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_report, request, sent)


def _report(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    say = speaker(request)
    wanted = format_named(sent.get("format", "html"))
    answered = check_form(actor_of(request), form, Faults(say))
    if answered is None:
        return page(request, form, sent)
    actor, now = actor_of(request), datetime.now(UTC)
    asked = ReportAsked(
        wanted.name, title=form.name or say("works.new_work"), number=form.work_id, reason=sent.get("reason", ""),
        language=say.language, for_people=True,
    )  # fmt: skip
    drawn = drawn_report(answered.checked, asked, catalogue=catalogue())
    try:
        with exporting(actor, now=now) as session:
            left = leave_report(session, actor=actor, drawn=drawn, catalogue=catalogue(), now=now)
    except Refusal as refusal:
        return kept_page(request, form, sent, refusal)
    return Response(left.content, media_type=left.media_type, headers=left.headers)
