"""Check one work against files, with no database at all."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import numpy as np

from xzgis.catalogue.files import shipped
from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.deliveries import lines_in_files, near_boxes, near_places, run_boxes
from xzgis.conflicts.rules.answer import Around, Checked, answer_of, holes_of, surfaces_given
from xzgis.conflicts.rules.chamber_sizes import widest_m
from xzgis.conflicts.rules.chambers import chamber_columns, facts_of_chambers, with_chambers
from xzgis.conflicts.rules.columns import chosen
from xzgis.conflicts.rules.coverage import axes_of as lines_of
from xzgis.conflicts.rules.coverage import not_covered, surveyed_kinds
from xzgis.conflicts.rules.declared_cover import with_declared_cover
from xzgis.conflicts.rules.delivered import Delivered, covered_by_lines
from xzgis.conflicts.rules.findings import named_runs, run_names
from xzgis.conflicts.rules.ground import STATION_M, filled, ground_of_survey, stations
from xzgis.conflicts.rules.ground_sigma import ground_sigma_of, with_ground_named
from xzgis.conflicts.rules.hole_coverage import boxes_around, hole_survey_m, holes_not_covered
from xzgis.conflicts.rules.judge import judge, rule_book
from xzgis.conflicts.rules.reach import Bounds, grown_boxes, hole_boxes, ordinary, reaches_m
from xzgis.conflicts.rules.survey_reach import farthest_m, survey_reaches_m
from xzgis.conflicts.rules.unread import as_told, aside_told, parts_told
from xzgis.conflicts.rules.untold_chambers import kinds_without_points
from xzgis.conflicts.rules.zone_reach import with_zones, zone_boxes
from xzgis.conflicts.terms import NotCovered
from xzgis.core.metering import timed_check
from xzgis.core.version import program_version
from xzgis.networks.rules.partial_codes import PartialCodes
from xzgis.networks.terms import FloatArray, IntArray, RunColumns
from xzgis.works.rules.axes import axes_of as shapes_of
from xzgis.works.rules.believed_levels import check_levels
from xzgis.works.rules.faults import check_lengths, check_sound
from xzgis.works.rules.levels import ground_of_work, told_ground
from xzgis.works.rules.placing import place
from xzgis.works.terms import GroundAlong, WorkDocument

COVERAGE_REACH = "coverage_reach_m"


@dataclass(frozen=True)
class FileOptions:
    """How the files are read: as a person says (``reading``), and with which limits of the reading process.

    ``reading``: ``crs`` where the files do not say it, ``encoding``, ``intake``, ``overrides``, ``code_kinds``, ``mapping``, as
    an import keeps them (:class:`xzgis.networks.actions.reading.ReadOptions`); all may be missing.
    ``leave_out_errors``: go on without the rows that have errors; the answer lists them and is never clear.
    """

    reading: Mapping[str, Any] = field(default_factory=dict)
    limits: tuple[int, int] = (300, 8192)
    with_clear: bool = False
    leave_out_errors: bool = False


@timed_check("files")
def check_against_files(
    work: WorkDocument, paths: Sequence[Path], *, catalogue: Catalogue, options: FileOptions | None = None
) -> Checked:
    """The conflicts of ``work`` with the lines in ``paths``.

    Declared tie-ins name lines of the register by their numbers there, which say nothing of the lines of files: they
    excuse nothing here. What the files show as looked at is the ground near their surveyed lines, kind by kind, as
    for a batch; a line without a place counts as something that cannot be judged. Ground comes from the work, else
    from the levels at the lines of the files; the surface from the work alone.

    Raises
    ------
    Invalid, NotFound
        The work is not sound, or a file is missing, not understood, without lines or with rows in error.
    """
    options = options or FileOptions()
    check_sound(work, catalogue)
    axes = shapes_of(work, catalogue)
    check_lengths(work, axes.chains)
    grounds = [
        told_ground(ground_of_work(*each)) for each in zip(work.runs, axes.chains, axes.kept, strict=True)
    ]
    first = place(work, catalogue, axes=axes, grounds=grounds)
    given = lines_in_files(
        paths, catalogue, origin_m=first.runs.origin_m, reading=options.reading, limits=options.limits,
        leave_out_errors=options.leave_out_errors,
    )  # fmt: skip
    grounds = _completed(grounds, axes.runs, _levels(given.runs))
    check_levels(work, catalogue, grounds)
    placed = place(work, catalogue, axes=axes, grounds=grounds)
    existing = _near(placed.runs, axes.outlines, given, catalogue)
    lines = lines_of(placed.runs)
    surfaces = surfaces_given(work.surface, [axis.length for axis in lines])
    judgement = judge(
        placed.runs, existing, catalogue, surfaces=surfaces, excavations=holes_of(placed),
        ground_sigma_m=ground_sigma_of(placed),  # no tie-ins: they name lines of the register
    )  # fmt: skip
    judgement = with_declared_cover(judgement, placed, catalogue, surfaces)
    judgement = with_ground_named(judgement, placed, catalogue)
    named = named_runs(judgement, existing, with_clear=options.with_clear)
    around = Around(
        label=work.name,
        not_covered=_not_covered(placed.runs, axes.outlines, given, catalogue),
        surfaces=surfaces,
        data_version=_digest(paths),
        program_version=program_version(),
        is_invented=given.is_invented,
        is_displaced=given.is_displaced,
        unplaced_lines=given.unplaced,
        not_read=tuple(as_told(one) for one in given.not_read),
        left_aside=tuple(aside_told(one) for one in given.left_aside),
        untold_kinds=tuple(as_told(one) for one in given.untold_kinds),
        in_part=tuple(parts_told(given.in_part(PartialCodes.of(catalogue)), catalogue)),
        without_points=_without_points(placed.runs, axes.outlines, given, catalogue),
    )
    facts = given.facts(named) | facts_of_chambers(given.chambers, named, catalogue)
    result = answer_of(
        judgement, placed, existing, facts, around, catalogue=catalogue, with_clear=options.with_clear
    )
    # No register is asked, so that what it approved is not known: the answer says by which tables it was judged.
    tables = {"tables": "shipped" if catalogue.version == shipped().catalogue.version else "folder"}
    result = replace(result, checked={**result.checked, **tables})
    return Checked(result=result, work=placed, existing=existing)


def _near(
    new: RunColumns, outlines: Sequence[FloatArray], given: Delivered, catalogue: Catalogue
) -> RunColumns:
    """Lines and after them chambers of the files that the work can concern; the bounds are those of the files themselves."""
    usual = ordinary()
    runs = given.runs
    bounds = Bounds(
        width_m=max(usual.width_m, float(runs.width_m[:, 1].max(initial=0.0))),
        sigma_m=max(usual.sigma_m, float(runs.sigma_plan_m.max(initial=0.0))),
    )
    boxes = _boxes(new, outlines, catalogue, bounds)
    near = chosen(runs, _places(new, outlines, runs, catalogue, (boxes, bounds)))
    standing = chamber_columns(given.chambers, catalogue, origin_m=runs.origin_m)
    if standing is None:
        return near
    wide = Bounds(widest_m(catalogue), max(usual.sigma_m, float(standing.sigma_plan_m.max())))
    standing = near_boxes(standing, _boxes(new, outlines, catalogue, wide))
    return with_chambers(near, standing) if len(standing.run_id) else near


def _without_points(
    new: RunColumns, outlines: Sequence[FloatArray], given: Delivered, catalogue: Catalogue
) -> tuple[dict[str, Any], ...]:
    """Kinds without points of the lines at which a chamber would concern the work, wherever it stands on them."""
    sigma_m = max(ordinary().sigma_m, float(given.runs.sigma_plan_m.max(initial=0.0)))
    wide = _boxes(new, outlines, catalogue, Bounds(widest_m(catalogue), sigma_m))
    deliveries = [source.delivery for source in given.sources]
    return kinds_without_points(near_boxes(given.runs, wide), deliveries, catalogue)


def _boxes(
    new: RunColumns, outlines: Sequence[FloatArray], catalogue: Catalogue, bounds: Bounds
) -> FloatArray:
    """``(n, 4)`` boxes of the work, grown by all that may concern it within ``bounds``; storage CRS."""
    along = grown_boxes(new, reaches_m(new, catalogue, bounds))
    return np.concatenate([along, hole_boxes(outlines, catalogue, bounds)])


def _places(
    new: RunColumns,
    outlines: Sequence[FloatArray],
    runs: RunColumns,
    catalogue: Catalogue,
    within: tuple[FloatArray, Bounds],
) -> IntArray:
    """Places of the lines whose box meets one of the boxes, and farther off of those with zones; ascending."""
    boxes, bounds = within
    of_runs, zoned = run_boxes(runs), with_zones(runs, catalogue)
    near = near_places(of_runs, boxes)
    if not len(zoned):
        return near
    far = zoned[near_places(of_runs[zoned], zone_boxes(new, outlines, catalogue, bounds))]
    return np.union1d(near, far)


def _not_covered(
    new: RunColumns, outlines: Sequence[FloatArray], given: Delivered, catalogue: Catalogue
) -> tuple[NotCovered, ...]:
    """Parts of the work away from every surveyed line of a kind in the files."""
    reach_m, kinds = catalogue.limits.values[COVERAGE_REACH], surveyed_kinds(catalogue)
    looked = survey_reaches_m(new, kinds, rule_book(catalogue))
    far = reach_m + farthest_m(looked, len(new.run_id))
    boxes = np.concatenate(
        [grown_boxes(new, far), boxes_around(outlines, reach_m + hole_survey_m(catalogue))]
    )
    near = near_boxes(given.runs, boxes)
    partly = given.in_part(PartialCodes.of(catalogue))
    ground = covered_by_lines(near, surveyed=given.surveyed, reach_m=reach_m)
    areas = {kind: shapes for kind, shapes in ground.items() if kind not in partly}
    found = not_covered(lines_of(new), run_names(new), areas, looked)
    return found + holes_not_covered(outlines, kinds, areas, catalogue)


def _levels(runs: RunColumns) -> FloatArray:
    """``(n, 4)`` east, north, ground level and sigma at the vertices of the files' lines that know it."""
    sigma = np.repeat(runs.sigma_level_m, np.diff(runs.offset))
    known = np.isfinite(runs.ground_m)
    xy = runs.xy_m[known] + np.array(runs.origin_m)
    return np.column_stack([xy, runs.ground_m[known], sigma[known]])


def _completed(
    said: Sequence[GroundAlong | None], axes: Sequence[FloatArray], known: FloatArray
) -> list[GroundAlong | None]:
    return [_with_survey(one, axis, known) for one, axis in zip(said, axes, strict=True)]


def _with_survey(said: GroundAlong | None, axis: FloatArray, known: FloatArray) -> GroundAlong | None:
    if said is not None and not np.isnan(said.level_m).any():
        return said
    at, where = stations(axis, STATION_M)
    return filled(said, ground_of_survey(at, where, known))


def _digest(paths: Sequence[Path]) -> str:
    """Sixteen digits that stand for the contents of the files, in their order."""
    digest = sha256()
    for path in paths:
        digest.update(sha256(path.read_bytes()).digest())
    return digest.hexdigest()[:16]
