"""The datasets of the register, kind by owner: how much, how fresh, how secret, how good."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response

from web.asking import actor_of, need
from web.pages.map import buried_kinds
from web.render import render
from xzgis.catalogue.files import catalogue
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.core.lens import sight_of
from xzgis.identity.permissions import Permission
from xzgis.networks.queries.datasets import MOST_DATASETS, datasets
from xzgis.networks.rules.quality import WEIGHTS

router = APIRouter()

SHOWN = 200
# Sums over a million runs take longer than a page's usual limit.
TIMEOUT_S = 60


@router.get("/data/datasets", dependencies=[need(Permission.DATA_READ)])
def page(
    request: Request,
    kind: Annotated[str, Query(max_length=40)] = "",
    owner: Annotated[str, Query(max_length=100)] = "",
    order: Annotated[str, Query(pattern="^(length|score)$")] = "length",
) -> Response:
    """The longest first, or the worst first."""
    today = datetime.now(UTC).astimezone(city_zone()).date()
    with transaction(actor_of(request), statement_timeout_s=TIMEOUT_S) as session:
        found = datasets(session, today=today, kinds=[kind] if kind else [], owner=owner.strip())
        limited = sight_of(session) is not None
    if order == "score":
        found.sort(key=lambda one: (one.score, -one.length_m))
    known = catalogue()
    return render(
        request, "data/datasets.html", found=found[:SHOWN], count=len(found), shown=SHOWN, most=MOST_DATASETS,
        limited=limited, kind=kind, owner=owner, order=order, known=known, parts=tuple(WEIGHTS),
        kinds=[(one.token, one) for one in buried_kinds(known)], grade_of=known.exports.register_grade,
    )  # fmt: skip
