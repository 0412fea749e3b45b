"""A free cross-section of the register: a cut drawn on the map."""

from math import hypot
from typing import Annotated

import numpy as np
from fastapi import APIRouter, Depends, Query, Request, Response
from fastapi.responses import HTMLResponse

from web.asking import actor_of, need
from web.drawing.table import rows_of
from web.pages.works.check import left_section
from web.pages.works.drawings import cut_feature, partly, svg_text
from web.render import refuse, render, speaker, wants_fragment
from xzgis.catalogue.queries import catalogue
from xzgis.conflicts.actions.check import sources_of
from xzgis.conflicts.actions.downloads import Cut, ReportAsked
from xzgis.conflicts.queries.ground import grounds_of
from xzgis.conflicts.reports.sections.ground import ground_of_section
from xzgis.conflicts.reports.sections.scenes import Draughtsman, Opened, section_scene
from xzgis.conflicts.reports.sections.sheet import lay_out
from xzgis.conflicts.reports.sections.speech import Speech
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks.queries.section import cut_hits

router = APIRouter()

LENGTHS_M = (0.5, 500.0)
Across = Annotated[float, Query(ge=300_000, le=700_000)]
Up = Annotated[float, Query(ge=3_000_000, le=5_000_000)]


def cut_between(e1: Across, n1: Up, e2: Across, n2: Up) -> Cut:
    """The cut line of a request, storage CRS."""
    return (e1, n1), (e2, n2)


CutDep = Annotated[Cut, Depends(cut_between)]
Why = Annotated[str, Query(max_length=500)]


@router.get("/map/section", dependencies=[need(Permission.NETWORKS_READ)])
def section(
    request: Request, cut: CutDep, scale: str = "fill", download: str = "", reason: Why = ""
) -> Response:
    """The section of the register between two places; ``download`` svg gives the drawing as a file, with a reason."""
    (e1, n1), (e2, n2) = cut
    length = hypot(e2 - e1, n2 - n1)
    if not LENGTHS_M[0] <= length <= LENGTHS_M[1]:
        return refuse(request, Invalid(Words(
            f"断面线长 {length:.1f} m；请画 {LENGTHS_M[0]:g} 到 {LENGTHS_M[1]:g} m 之间的线。",
            f"The cut is {length:.1f} m long; draw one between {LENGTHS_M[0]:g} and {LENGTHS_M[1]:g} m.",
        )))  # fmt: skip
    say, known = speaker(request), catalogue()
    with transaction(actor_of(request)) as session:
        found = cut_hits(session, start_m=cut[0], end_m=cut[1])
        beside = grounds_of(session, known, sources_of(settings())).beside(np.array(cut))
    speech = Speech(say.language)
    ground = ground_of_section(speech, mine=(), found=found, sources=(), beside=beside)
    scene = section_scene(
        Draughtsman(speech, known), opened=Opened(cut, found, (), ground), spoken=(),
        title=say("map.section_title", length=f"{length:.1f}") + partly(actor_of(request), say),
    )  # fmt: skip
    sheet = lay_out(scene, true_scale=scale == "true")
    if download == "svg":
        asked = ReportAsked("svg", reason=reason, file_name="section.svg")
        return left_section(request, svg_text(sheet).encode(), asked, cut_m=cut, hits=found)
    template = "map/_section.html" if wants_fragment(request) else "map/section.html"
    page: HTMLResponse = render(
        request, template, sheet=sheet, rows=rows_of(say, known, found), cut=cut_feature(cut, ""), cut_m=cut,
        ask=f"/map/section?e1={e1:.3f}&n1={n1:.3f}&e2={e2:.3f}&n2={n2:.3f}", true_scale=scale == "true",
    )  # fmt: skip
    return page
