"""What is in the register: by kind, accuracy, age, owner; coverage; batches."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response

from web.asking import actor_of, need
from web.pages.map import buried_kinds
from web.render import render
from xzgis.audit.queries.protected import TRAIL_PROTECTED
from xzgis.catalogue.queries import catalogue
from xzgis.core.clock import city_zone
from xzgis.core.db import transaction
from xzgis.core.errors import Invalid
from xzgis.core.settings import settings
from xzgis.core.words import Words
from xzgis.identity.permissions import Permission
from xzgis.networks.queries import batches, summary
from xzgis.networks.queries.terrain import terrain_in_force

router = APIRouter()

AGES = ("<1", "<5", "<10", "<20", ">20", None)
MOST_OWNERS = 30
MOST_COVERAGES = 200
LAST_BATCHES = 5
# Sums over a million runs take longer than a page's usual limit.
TIMEOUT_S = 60


def moment_of(day: str) -> datetime | None:
    """The end of a day in the city's time; None when no day was chosen."""
    if not day:
        return None
    try:
        return datetime.combine(date.fromisoformat(day) + timedelta(days=1), time(), tzinfo=city_zone())
    except (ValueError, OverflowError) as wrong:
        raise Invalid(
            Words(f"“{day}”不是日期（年-月-日）。", f"{day!r} is no date (year-month-day).")
        ) from wrong


def _asked_day(day: str, now: date) -> date:
    """The day asked for; ``now`` where none is. Of a day to come nothing is known."""
    if moment_of(day) is None:
        return now
    asked = date.fromisoformat(day)
    if asked > now:
        raise Invalid(
            Words(
                f"{asked} 还没有到；请选择今天或以前的一天。",
                f"{asked} is yet to come; choose today or a day before.",
            )
        )
    return asked


@router.get("/data", dependencies=[need(Permission.DATA_READ)])
def overview(request: Request, as_of: Annotated[str, Query(max_length=20)] = "") -> Response:
    """The register now, or as it was known at the end of a day."""
    now = datetime.now(UTC).astimezone(city_zone()).date()
    refusal, today, known_at = None, now, None
    try:
        today, known_at = _asked_day(as_of, now), moment_of(as_of)
    except Invalid as wrong:
        refusal = wrong
    with transaction(actor_of(request), statement_timeout_s=TIMEOUT_S) as session:
        values: dict[str, Any] = {
            "terrain": terrain_in_force(session),
            "trail_protected": bool(session.scalar(TRAIL_PROTECTED)),
            "held": summary.summary(session, today=today, known_at=known_at),
            "by_accuracy": summary.lengths_by_kind(session, "accuracy", today=today, known_at=known_at),
            "by_age": summary.lengths_by_kind(session, "age", today=today, known_at=known_at),
            "untrue": summary.untrue(session, known_at=known_at),
            "ages": summary.coverage_ages(session, known_at=known_at),
            "coverages": summary.coverages(session, limit=MOST_COVERAGES + 1),
            "last": batches.all_batches(session, limit=LAST_BATCHES),
        }
    known, raster = catalogue(), settings().terrain
    order = {kind.token: number for number, kind in enumerate(buried_kinds(known))}
    kinds = sorted(values["held"].kinds, key=lambda one: order.get(one.kind, 99))
    return render(
        request, "data/overview.html", status=422 if refusal else 200, refusal=refusal, asked=as_of,
        as_of="" if refusal else as_of, known=known, kinds=kinds, age_names=AGES,
        missing=[kind for kind in buried_kinds(known) if kind.token not in {one.kind for one in kinds}],
        terrain_file=raster.name if raster else None,
        most_owners=MOST_OWNERS, most_coverages=MOST_COVERAGES, **values,
    )  # fmt: skip
