"""How a batch was understood, to be edited and read again."""

import json
from dataclasses import dataclass
from typing import Any

import anyio
from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from web.asking import actor_of, need
from web.forms import mapping as forms
from web.forms.intake import UploadForm, add_refusal, check_form
from web.forms.work import Faults
from web.pages.intake.batch import BatchId, batch_values, open_batch
from web.pages.intake.upload import choices
from web.render import refuse, render, speaker
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.reports.formats import disposition
from xzgis.core.actor import Actor
from xzgis.core.errors import Invalid, Refusal
from xzgis.identity.permissions import Permission
from xzgis.networks import jobs
from xzgis.networks.models import Batch
from xzgis.networks.rules.feature_fields import ALL_FIELDS
from xzgis.networks.rules.finding_words import survey_fields
from xzgis.networks.rules.saved_mapping import mapping_document

router = APIRouter()

MOST_FIELDS = 40_000
UNITS = ("m", "dm", "cm", "mm", "km", "ft", "in", "kV", "V", "MPa", "bar", "kPa")
# What stays with a batch whatever is changed here.
LASTING = ("name", "again", "invented")


@dataclass(frozen=True)
class Edited:
    """A batch, how it was understood, and what the form says now: options, overrides, kinds, mapping."""

    batch: Batch
    facts: dict[str, Any]
    form: UploadForm
    overrides: dict[str, str]
    code_kinds: dict[str, str]
    mapping: dict[str, Any]

    def options(self) -> dict[str, Any]:
        """The options of the next reading."""
        told = self.form.options()
        lasting = {name: self.batch.options[name] for name in LASTING if name in self.batch.options}
        options = lasting | {name: value for name, value in told.items() if name not in LASTING}
        if self.overrides:
            options["overrides"] = self.overrides
        if self.code_kinds:
            options["code_kinds"] = self.code_kinds
        # A mapping nobody touched is proposed anew, by the intake that may just have been chosen.
        same_intake = options.get("intake") == self.batch.options.get("intake")
        if same_intake and self.mapping != self.facts.get("mapping", {}):
            options["mapping"] = self.mapping
        elif same_intake and self.batch.options.get("mapping"):
            options["mapping"] = self.batch.options["mapping"]
        return options


def _as_kept(actor: Actor, batch_id: int) -> Edited:
    batch = open_batch(actor, batch_id)
    facts = jobs.facts_of(actor, batch_id)
    return Edited(
        batch=batch,
        facts=facts,
        form=UploadForm.of_options(batch.options),
        overrides=dict(batch.options.get("overrides", {})),
        code_kinds=dict(batch.options.get("code_kinds", {})),
        mapping=dict(facts.get("mapping", {})),
    )


def _page(request: Request, edited: Edited, faults: Faults) -> Response:
    say = faults.say
    known = catalogue()
    kinds = [
        (kind.token, f"{say.of(kind)} {kind.code}") for kind in known.kinds.values() if kind.is_buried_line
    ]
    return render(
        request, "intake/mapping.html", status=422 if faults.found else 200, faults=faults, form=edited.form,
        facts=edited.facts, kinds=kinds, code_kinds=edited.code_kinds,
        columns=forms.survey_columns(edited.facts, edited.overrides),
        survey_fields=[(one, forms.field_words(say, one)) for one in survey_fields(known)],
        layers=forms.layer_views(edited.facts, edited.mapping, say),
        layer_fields=sorted({forms.field_words(say, one) for one in ALL_FIELDS}), units=UNITS,
        roles=[(one, say(f"intake.layer_role.{one}")) for one in forms.ROLES],
        **choices(say), **batch_values(edited.batch),
    )  # fmt: skip


@router.get("/intake/{batch_id}/mapping", dependencies=[need(Permission.NETWORKS_IMPORT)])
def show(request: Request, batch_id: BatchId) -> Response:
    """The mapping as it was used."""
    return _page(request, _as_kept(actor_of(request), batch_id), Faults(speaker(request)))


@router.get("/intake/{batch_id}/mapping.json", dependencies=[need(Permission.NETWORKS_IMPORT)])
def saved(request: Request, batch_id: BatchId) -> Response:
    """The mapping as a file, for ``xzgis import --mapping`` and for the next delivery of the same crew."""
    kept = _as_kept(actor_of(request), batch_id)
    document = mapping_document(kept.batch.options, kept.facts, kept.batch.intake)
    content = json.dumps(document, ensure_ascii=False, indent=1) + "\n"
    headers = disposition(f"mapping-{batch_id}.json")
    return Response(content, media_type="application/json", headers=headers)


@router.post("/intake/{batch_id}/mapping", dependencies=[need(Permission.NETWORKS_IMPORT)])
async def read_again(request: Request, batch_id: BatchId) -> Response:
    """Read the same files again, by the mapping as edited."""
    async with request.form(max_fields=MOST_FIELDS) as form:
        sent = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    return await anyio.to_thread.run_sync(_read_again, request, batch_id, sent)


def _read_again(request: Request, batch_id: int, sent: dict[str, str]) -> Response:
    kept = _as_kept(actor_of(request), batch_id)
    faults = Faults(speaker(request))
    form = UploadForm.of(sent)
    check_form(form, faults)
    edited = Edited(
        batch=kept.batch,
        facts=kept.facts,
        form=form,
        overrides=forms.sent_overrides(sent, catalogue(), faults),
        code_kinds=forms.sent_kinds(sent),
        mapping=forms.sent_mapping(sent, kept.facts, kept.mapping, faults),
    )
    if faults.found:
        return _page(request, edited, faults)
    try:
        jobs.read_again(actor_of(request), batch_id, options=edited.options())
    except Invalid as refusal:
        add_refusal(refusal, faults)
        return _page(request, edited, faults)
    except Refusal as refusal:
        return refuse(request, refusal)
    return RedirectResponse(f"/intake/{batch_id}", status_code=303)
