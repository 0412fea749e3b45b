"""Check one work against the register: place it, find candidates, judge, say what nobody looked at."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import numpy as np
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.candidates import asked_runs
from xzgis.conflicts.queries.chambers import asked_chambers, asked_untold, chambers_of
from xzgis.conflicts.queries.columns import columns_of
from xzgis.conflicts.queries.facts import facts_of, state_asked, state_of
from xzgis.conflicts.queries.ground import Grounds, grounds_of
from xzgis.conflicts.queries.invented import invented_around
from xzgis.conflicts.queries.rasters import Sources, rasters_of
from xzgis.conflicts.queries.surroundings import (
    areas_of,
    asked_areas,
    road_surfaces,
    surveyed_areas,
)
from xzgis.conflicts.queries.terrain import terrain
from xzgis.conflicts.rules.answer import (
    Around,
    Checked,
    answer_of,
    holes_of,
    surfaces_given,
    tie_ins_of,
)
from xzgis.conflicts.rules.chambers import Chamber, chamber_columns, facts_of_chambers, with_chambers
from xzgis.conflicts.rules.coverage import axes_of as lines_of
from xzgis.conflicts.rules.coverage import not_covered, surface_along, surveyed_kinds
from xzgis.conflicts.rules.declared_cover import with_declared_cover
from xzgis.conflicts.rules.findings import named_runs, run_names
from xzgis.conflicts.rules.ground_sigma import ground_sigma_of, with_ground_named
from xzgis.conflicts.rules.hole_coverage import boxes_around, hole_survey_m, holes_not_covered
from xzgis.conflicts.rules.judge import judge, rule_book
from xzgis.conflicts.rules.reach import grown_boxes
from xzgis.conflicts.rules.stated_surface import asks_roads, stricter
from xzgis.conflicts.rules.survey_reach import farthest_m, survey_reaches_m
from xzgis.conflicts.rules.untold_chambers import as_told
from xzgis.conflicts.terms import NotCovered, SurfaceStretch
from xzgis.core.metering import timed_check
from xzgis.core.settings import Settings
from xzgis.core.sql import binary_answers, binary_rows
from xzgis.core.version import program_version
from xzgis.networks.terms import FloatArray, RunColumns
from xzgis.works.rules.axes import Axes
from xzgis.works.rules.axes import axes_of as shapes_of
from xzgis.works.rules.believed_levels import check_levels
from xzgis.works.rules.faults import check_lengths, check_sound
from xzgis.works.rules.placing import place
from xzgis.works.terms import GroundAlong, WorkDocument


def sources_of(settings: Settings, *, as_of: datetime | None = None) -> Sources:
    """The sources that the settings name; ``as_of`` reads the register as it was known then."""
    raster = None if settings.terrain is None else terrain(settings.terrain)
    return Sources(terrain=raster, terrain_sigma_m=settings.terrain_sigma_m, files=settings, as_of=as_of)


@timed_check("register")
def check_work(
    session: Session,
    work: WorkDocument,
    *,
    catalogue: Catalogue,
    sources: Sources | None = None,
    with_clear: bool = False,
) -> Checked:
    """The conflicts of ``work`` with the register, what is clear, and what could not be judged.

    Parameters
    ----------
    with_clear
        Name the clear pairs too; else they are only counted.

    Raises
    ------
    Invalid
        The document is not sound; each fault with its path.
    """  # fmt: skip
    sources = sources or Sources()
    check_sound(work, catalogue)
    axes = shapes_of(work, catalogue)
    check_lengths(work, axes.chains)
    # First: a version that is named must never be newer than what was looked at.
    state = binary_rows(session, "conflicts", *state_asked(sources.as_of))
    rasters = rasters_of(session, sources)
    grounds = _grounds(work, axes, catalogue, grounds_of(session, catalogue, sources, rasters))
    placed = place(work, catalogue, axes=axes, grounds=grounds)
    looked = survey_reaches_m(placed.runs, surveyed_kinds(catalogue), rule_book(catalogue))
    boxes = grown_boxes(placed.runs, farthest_m(looked, len(axes.runs)))
    rows, areas, points, untold = binary_answers(session, "conflicts", [
        asked_runs(placed.runs, catalogue, outlines=axes.outlines, as_of=sources.as_of),
        asked_areas(boxes, as_of=sources.as_of),
        asked_chambers(placed.runs, catalogue, outlines=axes.outlines, as_of=sources.as_of),
        asked_untold(placed.runs, catalogue, outlines=axes.outlines, as_of=sources.as_of),
    ])  # fmt: skip
    existing, standing = _existing(rows, points, catalogue, placed.runs.origin_m)
    roads = asks_roads(work.surface, placed.runs, catalogue)
    surfaces = _surfaces(session, work, placed.runs, catalogue, sources.as_of)
    judgement = judge(
        placed.runs, existing, catalogue, surfaces=surfaces, excavations=holes_of(placed),
        tie_ins=tie_ins_of(placed), ground_sigma_m=ground_sigma_of(placed),
    )  # fmt: skip
    judgement = with_declared_cover(judgement, placed, catalogue, surfaces)
    judgement = with_ground_named(judgement, placed, catalogue)
    version, holds_invented = state_of(state)
    named = named_runs(judgement, existing, with_clear=with_clear or holds_invented)  # all judged took part
    facts = facts_of(rows, named) | facts_of_chambers(standing, named, catalogue)
    near = np.vstack([boxes, boxes_around(axes.outlines, hole_survey_m(catalogue))])
    is_invented = holds_invented and (
        any(fact.is_invented for fact in facts.values())
        or invented_around(session, near, placed, rasters, asks_roads=roads, as_of=sources.as_of)
    )
    along = not_covered(lines_of(placed.runs), run_names(placed.runs), areas_of(session, areas), looked)
    around = Around(
        label=work.name,
        not_covered=along + _holes_not_covered(session, axes.outlines, catalogue, sources),
        surfaces=surfaces,
        data_version=version,
        program_version=program_version(),
        terrain_version=rasters.version,
        is_invented=is_invented,
        is_displaced=any(fact.is_displaced for fact in facts.values()),
        without_points=as_told((kind for _, kind in untold), catalogue),
        untold=tuple(untold),
    )
    result = answer_of(judgement, placed, existing, facts, around, catalogue=catalogue, with_clear=with_clear)
    return Checked(result=result, work=placed, existing=existing)


def _existing(
    rows: Sequence[Any], points: Sequence[Any], catalogue: Catalogue, origin_m: tuple[float, float]
) -> tuple[RunColumns, list[Chamber]]:
    """The runs and after them the chambers that were found, as columns; and the chambers as they are told."""
    standing = chambers_of(points, catalogue)
    runs = columns_of(rows, catalogue, origin_m=origin_m)
    return with_chambers(runs, chamber_columns(standing, catalogue, origin_m=origin_m)), standing


def _grounds(
    work: WorkDocument, axes: Axes, catalogue: Catalogue, known: Grounds
) -> list[GroundAlong | None]:
    """The ground along every run; a work that it denies is refused."""
    grounds = [known.along(*each) for each in zip(work.runs, axes.runs, axes.chains, axes.kept, strict=True)]
    check_levels(work, catalogue, grounds)
    return grounds


def _surfaces(
    session: Session, work: WorkDocument, runs: RunColumns, catalogue: Catalogue, as_of: datetime | None
) -> tuple[SurfaceStretch, ...]:
    """The surface along every run: from the work and the road register, the stricter of both, else unknown."""
    axes = lines_of(runs)
    if not axes or not asks_roads(work.surface, runs, catalogue):
        return surfaces_given(work.surface, [axis.length for axis in axes])
    driven, walked = road_surfaces(session, grown_boxes(runs, np.zeros(len(axes))), as_of=as_of)
    found = tuple(
        SurfaceStretch(new=number, chainage_m=(first, last), surface=surface)
        for number, axis in enumerate(axes)
        for first, last, surface in surface_along(axis, driven, walked)
    )
    return found if work.surface is None else stricter(found, work.surface, runs, catalogue)


def _holes_not_covered(
    session: Session, outlines: Sequence[FloatArray], catalogue: Catalogue, sources: Sources
) -> tuple[NotCovered, ...]:
    """Excavations that are not wholly surveyed for a kind, as far as digging concerns it."""
    if not outlines:
        return ()
    boxes = boxes_around(outlines, hole_survey_m(catalogue))
    areas = surveyed_areas(session, boxes, as_of=sources.as_of)
    return holes_not_covered(outlines, surveyed_kinds(catalogue), areas, catalogue)
