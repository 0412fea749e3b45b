"""The list of batches, and the form that brings a new one."""

import io
import json
from collections.abc import Sequence
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse
from starlette.datastructures import UploadFile

from web.asking import actor_of, need
from web.forms.intake import UploadForm, add_refusal, check_form
from web.forms.work import Faults
from web.language import Speaker
from web.render import render, speaker
from xzgis.catalogue.files import catalogue
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.identity.permissions import Permission
from xzgis.networks import jobs
from xzgis.networks.actions.receiving import SameContents
from xzgis.networks.queries.batches import all_batches
from xzgis.networks.rules.saved_mapping import MOST_BYTES

router = APIRouter()

PAGE = 30
MOST_FILES = 200
TONES = {
    "received": "info", "reading": "info", "read": "ok", "refused": "bad", "accepting": "info", "accepted": "ok",
    "undone": "plain", "cancelled": "plain",
}  # fmt: skip
Kept = Sequence[jobs.KeptFile]
SavedMapping = tuple[str, str]
"""Name and text of a file that holds a mapping."""


@router.get("/intake", dependencies=[need(Permission.DATA_READ)])
def list_batches(
    request: Request, before: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None
) -> Response:
    """What came in, the newest first, a page at a time."""
    with transaction(actor_of(request)) as session:
        rows = all_batches(session, before=before, limit=PAGE + 1)
    more = rows[PAGE - 1].id if len(rows) > PAGE else None
    return render(request, "intake/batches.html", rows=rows[:PAGE], more=more, before=before, tones=TONES,
                  intakes=catalogue().intakes)  # fmt: skip


def choices(say: Speaker) -> dict[str, Any]:
    """What the fields of the form offer."""
    return {
        "intakes": [(one.token, say.of(one)) for one in catalogue().intakes.values()],
        "encodings": ["utf-8", "gb18030", "utf-16", "big5"],
        "limit_mb": settings().upload_limit_mb,
    }


def form_page(
    request: Request,
    form: UploadForm,
    faults: Faults,
    *,
    kept: Kept = (),
    mapping: SavedMapping | None = None,
    earlier: int | None = None,
) -> Response:
    """The form; ``kept`` and ``mapping`` came already, ``earlier`` is the batch that brought the same contents."""
    status = 422 if faults.found else 200
    return render(
        request, "intake/upload.html", status=status, form=form, faults=faults, kept=kept, earlier=earlier,
        mapping=mapping, mapping_json=json.dumps(mapping, ensure_ascii=False),
        kept_json=json.dumps([[one.name, one.digest] for one in kept], ensure_ascii=False), **choices(faults.say),
    )  # fmt: skip


@router.get("/intake/new", dependencies=[need(Permission.NETWORKS_IMPORT)])
def new_batch(request: Request) -> Response:
    """The empty form."""
    return form_page(request, UploadForm(), Faults(speaker(request)))


@router.post("/intake", dependencies=[need(Permission.NETWORKS_IMPORT)])
async def upload(request: Request) -> Response:
    """Keep the files and queue their reading; on to the page of the batch."""
    async with request.form(max_files=MOST_FILES) as sent:
        fields = {name: value for name, value in sent.multi_items() if isinstance(value, str)}
        files = [one for one in sent.getlist("files") if isinstance(one, UploadFile) and one.filename]
        mapping = await _saved_mapping(sent.get("mapping"), fields.get("mapping_kept", ""))
        return await anyio.to_thread.run_sync(_upload, request, fields, files, mapping)


async def _saved_mapping(sent: UploadFile | str | None, kept: str) -> SavedMapping | None:
    """Name and text of the mapping that was chosen now, else of the one that came with an earlier sending."""
    if isinstance(sent, UploadFile) and sent.filename:
        content = await sent.read(MOST_BYTES + 1)
        return sent.filename[:200], content.decode("utf-8", errors="replace")
    try:
        name, text = json.loads(kept or "null") or ("", "")
        return (str(name)[:200], str(text)) if name else None
    except (ValueError, TypeError):
        return None


def _upload(
    request: Request, fields: dict[str, str], files: list[UploadFile], mapping: SavedMapping | None
) -> Response:
    form = UploadForm.of(fields)
    faults = Faults(speaker(request))
    check_form(form, faults)
    kept: list[jobs.KeptFile] = []
    try:
        kept = _came_before(fields.get("kept", ""))
        kept += jobs.keep_files([(one.filename or "file", one.file) for one in files])
        if faults.found:
            return form_page(request, form, faults, kept=kept, mapping=mapping)
        given = None if mapping is None else (mapping[0], io.BytesIO(mapping[1].encode()))
        options = jobs.with_saved_mapping(given, form.options())
        batch_id = jobs.batch_of_kept(actor_of(request), kept=kept, options=options)
    except SameContents as same:
        faults.found.append(("", faults.say.of(same.words)))
        return form_page(request, form, faults, kept=kept, mapping=mapping, earlier=same.batch_id)
    except Invalid as refusal:
        add_refusal(refusal, faults)
        return form_page(request, form, faults, kept=kept, mapping=mapping)
    return RedirectResponse(f"/intake/{batch_id}", status_code=303)


def _came_before(text: str) -> list[jobs.KeptFile]:
    """Files that came with an earlier sending of the form, so that nobody uploads them twice."""
    try:
        told = json.loads(text or "[]")
        return [jobs.KeptFile(str(name)[:200], str(digest)) for name, digest in told][:MOST_FILES]
    except (ValueError, TypeError):
        return []
