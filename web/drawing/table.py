"""A section as a table of figures, and as CSV."""

from collections.abc import Sequence

from web.language import Speaker
from xzgis.catalogue.terms import Catalogue
from xzgis.formats.sheets import csv_bytes
from xzgis.networks.rules.cut import CutHit

COLUMNS = (
    "offset",
    "kind",
    "label",
    "size",
    "crown",
    "bottom",
    "ground",
    "cover",
    "angle",
    "sigma",
    "owner",
    "surveyed",
)


def rows_of(say: Speaker, known: Catalogue, found: Sequence[CutHit]) -> list[dict[str, str]]:
    """One row of words per line in the cut, unknown as a dash."""
    return [_row(say, known, hit) for hit in found]


def _row(say: Speaker, known: Catalogue, hit: CutHit) -> dict[str, str]:
    run = hit.run

    def spoken(value: float | None) -> str:
        return "—" if value is None else f"{value:.3f}"

    cover = None if hit.crown_m is None or hit.ground_m is None else hit.ground_m - hit.crown_m
    return {
        "offset": f"{hit.offset_m:.3f}", "kind": say.kind(known, run.kind), "label": run.label,
        "size": run.size or "—", "crown": spoken(hit.crown_m), "bottom": spoken(hit.bottom_m),
        "ground": spoken(hit.ground_m), "cover": spoken(cover), "angle": f"{hit.angle_deg:.1f}",
        "sigma": f"{run.sigma_plan_m:.2f} / {run.sigma_level_m:.2f}", "owner": run.owner or "—",
        "surveyed": str(run.surveyed_on or "—"),
    }  # fmt: skip


def csv_of(say: Speaker, known: Catalogue, found: Sequence[CutHit]) -> bytes:
    """The rows as CSV for spreadsheet programs."""
    heads = [say(f"works.col.{column}") for column in COLUMNS]
    return csv_bytes([heads, *(list(row.values()) for row in rows_of(say, known, found))])
