"""“I think this does not apply”: a planner contests a finding of a saved work, or withdraws it."""

from datetime import UTC, datetime

import anyio
from fastapi import APIRouter, Request, Response

from web.asking import actor_of, need
from web.forms.work import Faults, WorkForm
from web.pages.works.check import answer_page, page_of, typed
from web.render import speaker, wants_fragment
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.contest import Objection, contest_finding, withdraw_told_contest
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid, NotFound
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission

router = APIRouter()


@router.post("/works/contest", dependencies=[need(Permission.WORKS_EDIT)])
async def contest(request: Request) -> Response:
    """Keep or withdraw a contest; what stands in the form stays typed."""
    sent = await typed(request)
    return await anyio.to_thread.run_sync(_contest, request, sent)


def _contest(request: Request, sent: dict[str, str]) -> Response:
    form = WorkForm.of(sent)
    faults = Faults(speaker(request))
    finding_id = sent.get("contest") or sent.get("withdraw") or ""
    if not form.work_id.isdigit():
        raise Invalid(Words("请先保存工程，再提出异议。", "Save the work before contesting a finding."))
    work_id, now, actor = int(form.work_id), datetime.now(UTC), actor_of(request)
    try:
        with transaction(actor) as session:
            if sent.get("withdraw"):
                withdraw_told_contest(session, actor=actor, work_id=work_id, finding_id=finding_id, now=now)
            else:
                said = Objection(finding_id, sent.get(f"reason-{finding_id}", ""))
                contest_finding(
                    session, actor=actor, work_id=work_id, said=said, catalogue=catalogue(),
                    sources=sources_of(settings()), now=now,
                )  # fmt: skip
    except (Invalid, NotFound) as refusal:
        faults.found.append((f"reason-{finding_id}", faults.say.of(refusal.words)))
    if wants_fragment(request):
        return answer_page(request, form, sent, faults)
    return page_of(request, form, sent, faults)
