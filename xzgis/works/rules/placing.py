"""From a work document to the columns that the kernel reads."""

from collections.abc import Sequence
from itertools import accumulate

import numpy as np

from xzgis.catalogue.rules import outer_size, sigma
from xzgis.catalogue.terms import Catalogue
from xzgis.networks.terms import STRUCTURES, Conditions, FloatArray, LifeState, RunColumns, Shape
from xzgis.works.rules.axes import Axes
from xzgis.works.rules.levels import along, breakpoints, crown_and_bottom, places, told_levels
from xzgis.works.terms import GroundAlong, GroundSource, Hole, Joint, NewRun, PlacedWork, WorkDocument

SETTING_OUT = "design"
STEERED = "drilled"
"""A drilled line is not laid in a trench by marks: its head is steered by what is located from the surface."""
MM_PER_M = 1000.0
LEAST_BORE = 0.7
"""No pipe of the sizes that rules tell apart (200 mm and more) is named by less than this share of its outer size."""
THICKEST_WALL = 0.12
"""Of the outer size: concrete DN300 has 40 of 380 mm, polyethylene SDR 11 has 9 in a hundred."""
NAMED_BY_OUTER = "pe"
PENDING = tuple(LifeState).index(LifeState.PENDING)


def place(
    work: WorkDocument,
    catalogue: Catalogue,
    *,
    axes: Axes,
    grounds: Sequence[GroundAlong | None],
) -> PlacedWork:
    """``work`` as the kernel reads it.

    Parameters
    ----------
    work
        A document without faults (:func:`xzgis.works.rules.faults.check_sound`).
    axes
        Its shapes in the storage CRS.
    grounds
        The ground along every run; None where nobody knows.

    Returns
    -------
    placed
        Vertices stand at every bend and at every break of the profile or the ground.
    """
    origin = _origin([*axes.runs, *axes.outlines])
    placed = [
        _Run(run, catalogue, (axis, chain), ground)
        for run, axis, chain, ground in zip(work.runs, axes.runs, axes.chains, grounds, strict=True)
    ]
    return PlacedWork(
        runs=_columns(placed, origin),
        joints=tuple(
            Joint(index, tie.chainage_m, tie.run_id)
            for index, run in enumerate(work.runs)
            for tie in run.tie_ins
        ),
        holes=tuple(
            Hole(outline - origin, _or_nan(hole.depth_m), _or_nan(hole.bottom_level_m))
            for hole, outline in zip(work.excavations, axes.outlines, strict=True)
        ),
        ground=tuple(run.source for run in placed),
        cover_m=np.array([_or_nan(run.depth.cover_m) for run in work.runs], dtype=np.float64),
        cover_sigma_m=np.array([run.cover_sigma_m for run in placed], dtype=np.float64),
    )


class _Run:
    """One new run with its vertices, levels, envelope and accuracy."""

    def __init__(
        self,
        run: NewRun,
        catalogue: Catalogue,
        drawn: tuple[FloatArray, FloatArray],
        ground: GroundAlong | None,
    ) -> None:
        axis, chain = drawn
        # The profile first: no break of the ground beside it takes the place of one of its levels.
        at = breakpoints(chain, told_levels(run.depth.profile, chain[-1])[0])
        at = breakpoints(at, ground.chainage_m if ground is not None else np.empty(0))
        self.xy_m = places(axis, chain, at)
        self.ground_m = (
            along(at, ground.chainage_m, ground.level_m) if ground is not None else np.full(len(at), np.nan)
        )
        self.source = ground.source if ground is not None else GroundSource.UNKNOWN
        self.width_m, self.height_m = envelope_m(run, catalogue)
        height = self.height_m[0] if self.height_m[0] == self.height_m[1] else np.nan
        thinnest, thickest = wall_below_m(run, self.height_m)
        wall = (thinnest + thickest) / 2
        self.crown_m, self.bottom_m = crown_and_bottom(run.depth, at, self.ground_m, height, wall)
        self.conditions = conditions_of(run, catalogue)
        cover_m = run.depth.cover_m  # said, whether or not anybody knows the ground above it
        covered_m = None if cover_m is None else cover_m + self.height_m[1]
        deepest_m = _deepest_m(self.ground_m, np.fmin(self.crown_m, self.bottom_m), covered_m, catalogue)
        self.sigma_plan_m, self.setting_out_m = _sigmas(run, self.conditions, catalogue, deepest_m)
        self.sigma_level_m = self.cover_sigma_m = self.setting_out_m
        if run.depth.profile_of == "invert":
            off = np.nan_to_num((thickest - thinnest) / 2)
            self.sigma_level_m = self.cover_sigma_m = float(np.hypot(self.setting_out_m, off))
        with_ground = float(np.hypot(self.sigma_level_m, 0.0 if ground is None else ground.sigma_m))
        # What hangs on the ground is no better known than the ground: levels of a run laid at a cover, and the cover
        # of a run laid on levels.
        if run.depth.cover_m is not None:
            self.sigma_level_m = with_ground
        else:
            self.cover_sigma_m = with_ground


def conditions_of(run: NewRun, catalogue: Catalogue) -> Conditions:
    """The facts of a new run that rules ask for."""
    return Conditions(
        kind=run.kind,
        pressure_class=run.pressure_class,
        voltage_kv=run.voltage_kv,
        burial=run.burial,
        material=run.material,
        nominal_mm=_nominal_mm(run, catalogue),
        method=run.method.value,
    )


def _nominal_mm(run: NewRun, catalogue: Catalogue) -> float | None:
    """The nominal size. Given an outer one it is unknown where the rules ask on which side of a bound it lies.

    DN200 in steel is 219.1 mm outside: taken for its name it would be a main above 200 mm. Polyethylene is named
    by its outer size.
    """
    section = run.section
    given = section.diameter_mm if section.shape is Shape.CIRCLE else section.width_mm
    if given is None or not section.is_outer or run.material == NAMED_BY_OUTER:
        return given
    return None if any(given * LEAST_BORE <= bound < given for bound in _bounds_mm(catalogue)) else given


_known: list[tuple[Catalogue, frozenset[float]]] = []


def _bounds_mm(catalogue: Catalogue) -> frozenset[float]:
    """The nominal sizes on either side of which rules differ; those of the latest few catalogues are kept."""
    for held, bounds in _known:
        if held is catalogue:
            return bounds
    bounds = frozenset(
        bound
        for one in catalogue.conditions.values()
        if one.attribute == "nominal_mm"
        for bound in (one.at_least, one.above, one.below, one.at_most)
        if bound is not None
    )
    _known[:] = [*_known[-3:], (catalogue, bounds)]
    return bounds


def envelope_m(run: NewRun, catalogue: Catalogue) -> tuple[tuple[float, float], tuple[float, float]]:
    """Smallest and largest outer width and height of a new run, metres."""
    section = run.section
    if section.shape is Shape.CIRCLE and run.burial in STRUCTURES and not section.is_outer:
        # One diameter is that of what lies inside: the structure is at least as large (decision 0092).
        inside_mm, most_mm = section.diameter_mm or 0.0, catalogue.kinds[run.kind].plausible_outer_width_mm[1]
        sizes = inside_mm / MM_PER_M, max(inside_mm, most_mm) / MM_PER_M
        return sizes, sizes
    if section.shape is Shape.CIRCLE:
        sizes = _outer_m(run, catalogue, section.diameter_mm)
        return sizes, sizes
    return _outer_m(run, catalogue, section.width_mm), _outer_m(run, catalogue, section.height_mm)


def wall_below_m(run: NewRun, height_m: tuple[float, float]) -> tuple[float, float]:
    """Least and largest thickness between invert and bottom of the outer envelope; NaN where no size is said.

    ``height_m``: least and largest outer height. A nominal size that the envelope exceeds is the bore; beside an outer
    size, or one that names the outer size (polyethylene), the wall is anything up to :data:`THICKEST_WALL` of it.
    """
    section = run.section
    named = section.diameter_mm if section.shape is Shape.CIRCLE else section.height_mm
    if named is None:
        return np.nan, np.nan
    least, most = ((each - named / MM_PER_M) / 2 for each in height_m)
    if section.is_outer or least <= 0.0:
        return 0.0, max(THICKEST_WALL * height_m[1], most)
    return least, most


def _outer_m(run: NewRun, catalogue: Catalogue, nominal_mm: float | None) -> tuple[float, float]:
    """Bounds of one outer size in metres; the plausible bounds of the kind where nothing was said."""
    if nominal_mm is None:
        low, high = catalogue.kinds[run.kind].plausible_outer_width_mm
        return low / MM_PER_M, high / MM_PER_M
    if run.section.is_outer:
        return nominal_mm / MM_PER_M, nominal_mm / MM_PER_M
    size = outer_size(
        catalogue, kind=run.kind, nominal_mm=nominal_mm, material=run.material, burial=run.burial
    )
    if size is None:
        # No table knows the wall: at least what was said, at most what the kind can be.
        high = max(catalogue.kinds[run.kind].plausible_outer_width_mm[1], nominal_mm)
        return nominal_mm / MM_PER_M, high / MM_PER_M
    return max(size.outer_mm - size.spread_mm, 0.0) / MM_PER_M, (size.outer_mm + size.spread_mm) / MM_PER_M


def _deepest_m(
    ground_m: FloatArray, lowest_m: FloatArray, covered_m: float | None, catalogue: Catalogue
) -> float | None:
    """The depth of the deepest place of a run, as far as anybody knows it.

    Where the ground or the level is unknown somewhere, that may be the deepest: at least ``depth_when_unknown_m``, and
    the lowest level below the highest ground.
    """
    depth_m = ground_m - lowest_m
    if covered_m is not None:
        depth_m = np.fmax(depth_m, covered_m)
    known_m = depth_m[~np.isnan(depth_m)]
    if not len(known_m):
        return None
    if len(known_m) == len(depth_m):
        return float(known_m.max())
    across_m = np.nanmax(ground_m) - np.nanmin(lowest_m)
    return float(max(known_m.max(), across_m, catalogue.limits.values["depth_when_unknown_m"]))


def _sigmas(
    run: NewRun, conditions: Conditions, catalogue: Catalogue, deepest_m: float | None
) -> tuple[float, float]:
    """Standard deviations of position and level with which the run is set out, ``deepest_m`` deep at most."""
    known = sigma(catalogue, STEERED if conditions.is_steered else SETTING_OUT, deepest_m)
    plan = known.plan_m if run.sigma_plan_m is None else run.sigma_plan_m
    level = known.level_m if run.sigma_level_m is None else run.sigma_level_m
    return plan, level


def _columns(placed: Sequence[_Run], origin: FloatArray) -> RunColumns:
    """The runs side by side; equal conditions share one entry."""
    conditions = tuple(dict.fromkeys(run.conditions for run in placed))
    place_of = {condition: index for index, condition in enumerate(conditions)}
    count = len(placed)
    offset = [0, *accumulate(len(run.xy_m) for run in placed)]
    numbers = np.array(
        [(*run.width_m, *run.height_m, run.sigma_plan_m, run.sigma_level_m) for run in placed],
        dtype=np.float64,
    ).reshape(-1, 6)
    none = np.zeros(count, dtype=np.int64)
    return RunColumns(
        origin_m=(float(origin[0]), float(origin[1])),
        conditions=conditions,
        run_id=-1 - np.arange(count, dtype=np.int64),
        condition=np.array([place_of[run.conditions] for run in placed], dtype=np.int32),
        offset=np.array(offset, dtype=np.int64),
        xy_m=_joined([run.xy_m - origin for run in placed], (0, 2)),
        crown_m=_joined([run.crown_m for run in placed], (0,)),
        bottom_m=_joined([run.bottom_m for run in placed], (0,)),
        ground_m=_joined([run.ground_m for run in placed], (0,)),
        width_m=numbers[:, 0:2],
        height_m=numbers[:, 2:4],
        sigma_plan_m=numbers[:, 4],
        sigma_level_m=numbers[:, 5],
        life=np.full(count, PENDING, dtype=np.int8),
        from_node=none,
        to_node=none,
        bank=none,
        chamber_link=np.zeros(count, dtype=np.bool_),
    )


def _joined(parts: Sequence[FloatArray], empty: tuple[int, ...]) -> FloatArray:
    if len(parts) == 1:
        return parts[0]
    return np.concatenate(parts) if parts else np.empty(empty, dtype=np.float64)


def _origin(lines: Sequence[FloatArray]) -> FloatArray:
    """A round place near the middle of the work, so that coordinates stay small."""
    if not lines:
        return np.zeros(2)
    every = lines[0] if len(lines) == 1 else np.concatenate(lines)
    middle: FloatArray = np.round((np.minimum.reduce(every) + np.maximum.reduce(every)) / 2.0)
    return middle


def _or_nan(value: float | None) -> float:
    return float("nan") if value is None else value
