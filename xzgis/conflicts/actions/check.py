"""Check one work against the register: place it, find candidates, judge, say what nobody looked at."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from shapely import Polygon, unary_union
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.candidates import asked_runs
from xzgis.conflicts.queries.columns import columns_of
from xzgis.conflicts.queries.facts import STATE, facts_of, state_of
from xzgis.conflicts.queries.surroundings import (
    areas_of,
    asked_areas,
    road_surfaces,
    surveyed_areas,
    surveyed_ground,
)
from xzgis.conflicts.queries.terrain import Terrain, terrain
from xzgis.conflicts.rules.answer import (
    Around,
    Checked,
    answer_of,
    holes_of,
    surfaces_given,
    tie_ins_of,
)
from xzgis.conflicts.rules.coverage import axes_of as lines_of
from xzgis.conflicts.rules.coverage import not_covered, surface_along, surveyed_kinds
from xzgis.conflicts.rules.declared_cover import with_declared_cover
from xzgis.conflicts.rules.findings import hole_name, named_runs, run_names
from xzgis.conflicts.rules.ground import (
    FARTHEST_LEVEL_M,
    STATION_M,
    filled,
    ground_of_levels,
    ground_of_survey,
    ground_of_work,
    stations,
)
from xzgis.conflicts.rules.ground_sigma import with_ground_named
from xzgis.conflicts.rules.judge import judge, rule_book
from xzgis.conflicts.rules.reach import grown_boxes
from xzgis.conflicts.rules.survey_reach import farthest_m, survey_reaches_m
from xzgis.conflicts.terms import NotCovered, SurfaceStretch
from xzgis.core.errors import NotFound, Unavailable
from xzgis.core.files import kept_path
from xzgis.core.settings import Settings
from xzgis.core.sql import binary_answers
from xzgis.core.version import program_version
from xzgis.core.words import Words
from xzgis.networks.queries.terrain import terrain_in_force
from xzgis.networks.terms import FloatArray, RunColumns
from xzgis.works.rules.axes import Axes
from xzgis.works.rules.axes import axes_of as shapes_of
from xzgis.works.rules.faults import check_lengths, check_sound
from xzgis.works.rules.placing import place
from xzgis.works.terms import GroundAlong, GroundSource, NewRun, WorkDocument

LEAST_STATION_M = 2.0
"""No closer than this is the terrain read, however fine its cells."""


@dataclass(frozen=True)
class Sources:
    """Where a check looks beside the register of lines.

    ``terrain``: the raster that the settings name; None: the one that came in with a batch, found in ``files``;
    none of both: the ground comes from the survey. ``as_of`` None: the register as it is known now.
    """

    terrain: Terrain | None = None
    terrain_sigma_m: float = 0.15
    files: Settings | None = None
    as_of: datetime | None = None


def sources_of(settings: Settings, *, as_of: datetime | None = None) -> Sources:
    """The sources that the settings name; ``as_of`` reads the register as it was known then."""
    raster = None if settings.terrain is None else terrain(settings.terrain)
    return Sources(terrain=raster, terrain_sigma_m=settings.terrain_sigma_m, files=settings, as_of=as_of)


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
    check_lengths(work, axes.runs)
    grounds = _grounds(session, work, axes, sources)
    placed = place(work, catalogue, axes=axes.runs, outlines=axes.outlines, grounds=grounds)
    looked = survey_reaches_m(placed.runs, surveyed_kinds(catalogue), rule_book(catalogue))
    boxes = grown_boxes(placed.runs, farthest_m(looked, len(axes.runs)))
    state, rows, areas = binary_answers(
        session,
        "conflicts",
        [
            STATE,  # first: a version that is named must never be newer than what was looked at
            asked_runs(placed.runs, catalogue, outlines=axes.outlines, as_of=sources.as_of),
            asked_areas(boxes, as_of=sources.as_of),
        ],
    )
    existing = columns_of(rows, catalogue, origin_m=placed.runs.origin_m)
    surfaces = _surfaces(session, work, placed.runs)
    judgement = judge(
        placed.runs, existing, catalogue, surfaces=surfaces, excavations=holes_of(placed),
        tie_ins=tie_ins_of(placed),
    )  # fmt: skip
    judgement = with_declared_cover(judgement, placed, catalogue, surfaces)
    judgement = with_ground_named(judgement, placed, catalogue)
    facts = facts_of(rows, named_runs(judgement, existing, with_clear=with_clear))
    version, is_invented = state_of(state)
    around = Around(
        label=work.name,
        not_covered=not_covered(
            lines_of(placed.runs), run_names(placed.runs), areas_of(session, areas), looked
        )
        + _holes_not_covered(session, axes.outlines, surveyed_kinds(catalogue), sources),
        surfaces=surfaces,
        data_version=version,
        program_version=program_version(),
        is_invented=is_invented,
    )
    result = answer_of(judgement, placed, existing, facts, around, catalogue=catalogue, with_clear=with_clear)
    return Checked(result=result, work=placed, existing=existing)


def _grounds(session: Session, work: WorkDocument, axes: Axes, sources: Sources) -> list[GroundAlong | None]:
    """The ground along every run: from the work, else the terrain, else the nearest surveyed levels."""
    return [
        _ground(session, run, axis, kept, sources)
        for run, axis, kept in zip(work.runs, axes.runs, axes.kept, strict=True)
    ]


def _ground(
    session: Session, run: NewRun, axis: FloatArray, kept: npt.NDArray[np.bool_], sources: Sources
) -> GroundAlong | None:
    said = ground_of_work(run, axis, kept)
    if said is not None and not np.isnan(said.level_m).any():
        return said
    raster, sigma_m = _terrain(session, sources)
    if raster is not None:
        at, where = stations(axis, max(raster.cell_m, LEAST_STATION_M))
        levels = raster.levels(where)
        said = filled(said, ground_of_levels(at, levels, GroundSource.TERRAIN, sigma_m))
        if said is not None and not np.isnan(said.level_m).any():
            return said
    at, where = stations(axis, STATION_M)
    boxes = (
        np.hstack([where.min(axis=0), where.max(axis=0)])[None, :]
        + np.array([-1, -1, 1, 1]) * FARTHEST_LEVEL_M
    )
    return filled(said, ground_of_survey(at, where, surveyed_ground(session, boxes)))


def _terrain(session: Session, sources: Sources) -> tuple[Terrain | None, float]:
    """The raster the ground is read from, and its standard deviation; settings go before batches."""
    if sources.terrain is not None or sources.files is None:
        return sources.terrain, sources.terrain_sigma_m
    found = terrain_in_force(session, as_of=sources.as_of)
    if found is None:
        return None, 0.0
    try:
        path = kept_path(sources.files, found.digest)
    except NotFound as error:
        raise Unavailable(
            Words(f"批次 {found.batch_id} 的地形栅格 {found.name} 不在文件库中；请用 xzgis terrain import 重新导入，"
                  f"或用 xzgis undo {found.batch_id} 撤销该批次。",
                  f"The terrain raster {found.name} of batch {found.batch_id} is not in the file store; bring it in "
                  f"again with xzgis terrain import, or take the batch out with xzgis undo {found.batch_id}.")
        ) from error  # fmt: skip
    return terrain(path), found.sigma_m


def _surfaces(session: Session, work: WorkDocument, runs: RunColumns) -> tuple[SurfaceStretch, ...]:
    """The surface along every run: from the work, else from the road register, else unknown."""
    axes = lines_of(runs)
    if work.surface is not None or not axes:
        return surfaces_given(work.surface, [axis.length for axis in axes])
    driven, walked = road_surfaces(session, grown_boxes(runs, np.zeros(len(axes))))
    return tuple(
        SurfaceStretch(new=number, chainage_m=(first, last), surface=surface)
        for number, axis in enumerate(axes)
        for first, last, surface in surface_along(axis, driven, walked)
    )


def _holes_not_covered(
    session: Session, outlines: Sequence[FloatArray], kinds: Sequence[str], sources: Sources
) -> tuple[NotCovered, ...]:
    """Excavations that are not wholly surveyed for a kind, named with their whole outline."""
    found = []
    for number, outline in enumerate(outlines):
        hole = Polygon(outline)
        areas = surveyed_areas(session, np.array([hole.bounds]), as_of=sources.as_of)
        found += [
            NotCovered(kind=kind, run=hole_name(number), chainage_m=(0.0, hole.length))
            for kind in kinds
            if not unary_union([*areas.get(kind, ())]).covers(hole)
        ]
    return tuple(found)
