"""A report or a drawing of a check leaves as a file: counted, marked and kept like everything that leaves."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np
import shapely
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.reports.formats import disposition, file_name, format_named, marked, rendered
from xzgis.conflicts.rules.answer import Checked
from xzgis.core.actor import Actor
from xzgis.core.words import Language
from xzgis.exports.actions.leaving import begin_export, finish_export, left_file
from xzgis.exports.rules.told import headers_of
from xzgis.exports.terms import Begun, Leaving
from xzgis.formats.sheets import CSV_TYPE
from xzgis.networks.queries.secrecy import highest_grade
from xzgis.networks.rules.cut import CutHit
from xzgis.networks.terms import RunColumns
from xzgis.spatial.cells import cells_of, ground_of
from xzgis.spatial.extent import extent_of
from xzgis.works.terms import PlacedWork

DRAWN = "drawn"
SVG_TYPE = "image/svg+xml"
Cut = tuple[tuple[float, float], tuple[float, float]]


@dataclass(frozen=True, slots=True)
class ReportAsked:
    """A report to be taken out: its form, the work's title and number (empty for one that is not saved), the reason.

    ``file_name`` empty: that of the work. ``for_people``: taken from a page, see :func:`rendered`.
    """

    file_format: str
    title: str = ""
    number: str = ""
    reason: str = ""
    language: Language = "zh"
    file_name: str = ""
    for_people: bool = False

    @property
    def about(self) -> str:
        """The work as the export names it."""
        return " ".join(part for part in (self.number, self.title) if part) or DRAWN


@dataclass(frozen=True, slots=True)
class Drawn:
    """A file made of a check, before it may leave: it gets its mark with its number."""

    content: bytes
    media_type: str
    name: str
    what: Leaving
    object_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LeftReport:
    """A file with the headers under which it travels, and what was begun for it."""

    content: bytes
    media_type: str
    headers: dict[str, str]
    begun: Begun


def drawn_report(checked: Checked, asked: ReportAsked, *, catalogue: Catalogue) -> Drawn:
    """The report of a check as a file, drawn outside any transaction: a large one takes its time.

    Its ground is that of the work and of every line it was compared with, since the plan shows them. The reason is the
    work itself where none is typed (docs/decisions/0056).

    Raises
    ------
    Invalid
        No such format.
    """
    form = format_named(asked.file_format)
    content = rendered(
        checked, form.name, catalogue=catalogue, title=asked.title or "检查报告", language=asked.language,
        leaves=True, for_people=asked.for_people,
    )  # fmt: skip
    name = asked.file_name or file_name(asked.title, asked.number, form.suffix)
    what = Leaving(
        dataset="report",
        file_format=form.name,
        records=len(checked.result.findings),
        about=asked.about,
        extent=held_ground(checked, side_m=catalogue.exports.cell_m),
        reason=asked.reason,
    )
    return Drawn(content, form.media_type, name, what, tuple(checked.existing.run_id.tolist()))


def drawn_section(
    content: bytes, asked: ReportAsked, *, cut_m: Cut, hits: Sequence[CutHit], catalogue: Catalogue
) -> Drawn:
    """A cross-section as a file, SVG or CSV: of a work when ``asked`` names one, else of the register alone.

    Its ground is that of the cut, storage CRS.
    """
    side_m = catalogue.exports.cell_m
    what = Leaving(
        dataset="report" if asked.about != DRAWN else "section",
        file_format=asked.file_format,
        records=len(hits),
        about=asked.about,
        extent=ground_of(cells_of([shapely.LineString(cut_m)], side_m=side_m), side_m=side_m),
        reason=asked.reason,
    )
    numbers = tuple(hit.run.run_id for hit in hits if hit.run.run_id > 0)
    media_type = CSV_TYPE if asked.file_format == "csv" else SVG_TYPE
    return Drawn(content, media_type, asked.file_name, what, numbers)


def leave_report(
    session: Session, *, actor: Actor, drawn: Drawn, catalogue: Catalogue, now: datetime
) -> LeftReport:
    """Let a drawn file leave: marked, and kept in the session's transaction.

    Raises
    ------
    Invalid
        A reason is needed, since something in it is of a grade.
    HeldBack
        Too much contiguous ground.
    """
    what = replace(drawn.what, record_grade=highest_grade(session, drawn.object_ids))
    begun = begin_export(session, actor=actor, what=what, rules=catalogue.exports, now=now)
    content = marked(drawn.content, what.file_format, begun.mark)
    finish_export(session, actor=actor, begun=begun, files=[left_file(drawn.name, content)])
    return LeftReport(content, drawn.media_type, disposition(drawn.name) | headers_of(begun), begun)


def held_ground(checked: Checked, *, side_m: float) -> shapely.MultiPolygon:
    """The ground of a report in whole cells: the work, its excavations and the lines around it, storage CRS."""
    origin_m = np.asarray(checked.work.runs.origin_m)
    holes = [shapely.Polygon(hole.outline_m + origin_m) for hole in checked.work.holes]
    shapes = [*lines_of(checked.work.runs), *lines_of(checked.existing), *holes]
    return ground_of(cells_of(shapes, side_m=side_m), side_m=side_m)


def lines_of(runs: RunColumns) -> Sequence[shapely.LineString]:
    """The axes of runs in the storage CRS; what has a single vertex has no axis."""
    origin_m = np.asarray(runs.origin_m)
    pairs = zip(runs.offset[:-1].tolist(), runs.offset[1:].tolist(), strict=True)
    return [shapely.LineString(runs.xy_m[start:end] + origin_m) for start, end in pairs if end - start > 1]


def place_of(work: PlacedWork) -> shapely.Polygon | None:
    """The box around the runs and holes of a work, in the storage CRS; None for an empty one."""
    origin_m = np.asarray(work.runs.origin_m)
    outlines = [work.runs.xy_m, *(hole.outline_m for hole in work.holes)]
    return extent_of([shapely.multipoints(outline + origin_m) for outline in outlines])
