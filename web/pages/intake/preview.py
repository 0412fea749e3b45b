"""What was read of a batch, before it goes in: on the map, as a sketch, and row by row."""

import json
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Request, Response

from web.asking import actor_of, need
from web.drawing.sketch import sketch
from web.language import Speaker
from web.pages.intake.batch import BatchId, batch_values, open_batch
from web.pages.map import holdings_now, map_config
from web.render import ENVIRONMENT, render, speaker
from xzgis.catalogue.queries import catalogue
from xzgis.core.actor import Actor
from xzgis.core.db import transaction
from xzgis.identity.permissions import Permission
from xzgis.networks import jobs
from xzgis.networks.queries import batches as reading
from xzgis.networks.rules.preview import LINE_LEVELS, LINE_SHOWN, POINT_SHOWN, preview_lines, preview_rows

router = APIRouter()

ROWS = 30
MOST_SKETCHED = 5000
MOST_MARKED = 1000
TONE_OF = {"error": "bad", "warning": "warn", "info": "ask"}
NUMERIC = ("row", "x_raw", "y_raw")
Table = Literal["points", "lines"]


@router.get("/intake/{batch_id}/preview", dependencies=[need(Permission.DATA_READ)])
def preview(
    request: Request,
    batch_id: BatchId,
    table: Annotated[Table, Query()] = "lines",
    start: Annotated[int, Query(ge=0, le=100_000_000)] = 0,
    finding: Annotated[int | None, Query(ge=1, le=2**63 - 1)] = None,
) -> Response:
    """The map of what was read over what the register holds, and its rows."""
    batch = open_batch(actor_of(request), batch_id)
    delivery = jobs.delivery_of(actor_of(request), batch_id)
    say = speaker(request)
    with transaction(actor_of(request)) as session:
        placed = reading.findings_with_place(session, batch_id=batch_id, limit=MOST_MARKED)
    total = len(delivery.points if table == "points" else delivery.lines)
    return render(
        request, "intake/preview.html", table=table, start=start, total=total, step=ROWS,
        columns=POINT_SHOWN if table == "points" else (*LINE_SHOWN, *LINE_LEVELS),
        rows=[spoken_row(say, row) for row in preview_rows(delivery, table, start=start, most=ROWS)],
        numeric=NUMERIC, config=json.dumps(_config(actor_of(request), say), ensure_ascii=False), marks=_marks(placed, finding),
        chosen=next((one for number, one in placed if number == finding), None),
        kinds=sorted({str(kind) for kind in delivery.lines["kind"].dropna().unique()}),
        symbols=catalogue().symbols, unplaced=int((delivery.vertices.offset[1:] == delivery.vertices.offset[:-1]).sum()),
        **batch_values(batch),
    )  # fmt: skip


def _config(actor: Actor, say: Speaker) -> dict[str, Any]:
    colours = {token: symbol.screen for token, symbol in catalogue().symbols.items()}
    return map_config(say, holdings_now(actor)) | {"colours": colours}


def _marks(placed: Any, chosen: int | None) -> list[dict[str, Any]]:
    """Findings as features for the map, in the storage CRS; the chosen one last, so that it lies on top."""
    ordered = sorted(placed, key=lambda one: one[0] == chosen)
    return [
        {
            "type": "Feature",
            "geometry": {"type": "Point", "coordinates": [one.east_m, one.north_m]},
            "properties": {"tone": TONE_OF[one.level], "id": str(number)}
            | ({"text": f"{one.code} #{one.row}"} if number == chosen else {}),
        }
        for number, one in ordered
    ]


def spoken_row(say: Speaker, row: dict[str, Any]) -> dict[str, str]:
    """One row of the preview in words; unknown is a dash."""
    told: dict[str, str] = {}
    for name, value in row.items():
        if name == "kind":
            told[name] = say.kind(catalogue(), value)
        elif value is None:
            told[name] = "—"
        elif isinstance(value, float):
            trimmed = name.endswith(("_kv", "_mm"))
            told[name] = f"{value:.3f}".rstrip("0").rstrip(".") if trimmed else f"{value:.3f}"
        elif name == "accuracy_class" and value in catalogue().accuracy:
            told[name] = say.of(catalogue().accuracy[value])
        elif name == "assumptions":
            told[name] = "; ".join(_assumed(say, one) for one in str(value).split(";"))
        elif name in ("material", "burial", "pressure_class", "feature", "appurtenance"):
            told[name] = say.code(catalogue(), name, str(value))
        else:
            told[name] = str(value)
    return told


def _assumed(say: Speaker, token: str) -> str:
    return say(f"intake.assumed.{token}") if say.has(f"intake.assumed.{token}") else token


@router.get("/intake/{batch_id}/sketch.svg", dependencies=[need(Permission.DATA_READ)])
def sketch_file(request: Request, batch_id: BatchId) -> Response:
    """The lines of a batch as a drawing, for readers without a map."""
    lines = preview_lines(jobs.delivery_of(actor_of(request), batch_id), most=MOST_SKETCHED)
    colours = {token: symbol.screen for token, symbol in catalogue().symbols.items()}
    drawn = ENVIRONMENT.get_template("intake/_sketch.svg.html").render(
        sketch=sketch(lines["features"], colours), t=speaker(request), shown=lines["shown"], of=lines["of"]
    )
    return Response(drawn, media_type="image/svg+xml")
