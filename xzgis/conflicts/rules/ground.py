"""The ground along a new run when the work does not say it."""

import numpy as np
import numpy.typing as npt

from xzgis.networks.terms import FloatArray
from xzgis.works.rules.levels import along, breakpoints, chainages, places, simplified
from xzgis.works.terms import GroundAlong, GroundSource

STATION_M = 10.0
"""A place along the work every so often, beside its bends."""
STRAIGHT_M = 0.01
"""Ground that lies straight to a centimetre needs no vertex of its own."""
FARTHEST_LEVEL_M = 40.0
"""A surveyed ground level farther away says nothing."""
TOGETHER = 256
"""Stations looked at together, so that a long work among many levels stays small in memory."""
SLOPE = 0.02
"""What the ground of a built-up plain may rise or fall per metre between a level and the work, one sigma."""

LEAST_STEP_M = 0.05
"""A step between two grounds that lies in rounding and in kerbs."""
SURE = 2.0
"""Standard deviations within which two grounds are one."""


def stations(axis: FloatArray, every_m: float) -> tuple[FloatArray, FloatArray]:
    """Chainages ``(k,)`` and places ``(k, 2)``: every bend, and a place at least every ``every_m``."""
    chain = chainages(axis)
    at = breakpoints(chain, np.arange(every_m, chain[-1], every_m))
    return at, places(axis, chain, at)


def ground_of_levels(
    at: FloatArray, level: FloatArray, source: GroundSource, sigma_m: float
) -> GroundAlong | None:
    """Levels at stations as ground with few points; None where nothing is known at all."""
    if np.isnan(level).all():
        return None
    return simplified(GroundAlong(at, level, source, sigma_m), STRAIGHT_M)


def ground_of_survey(at: FloatArray, where: FloatArray, known: FloatArray) -> GroundAlong | None:
    """The ground from the nearest surveyed levels.

    Parameters
    ----------
    at, where
        Chainages ``(k,)`` and places ``(k, 2)`` of the stations.
    known
        ``(n, 4)`` east, north, level, sigma of surveyed ground.

    Returns
    -------
    ground
        Its sigma is the worst along the run: that of the level, and a slope over the distance to it. None
        when no station has a level within reach.
    """
    if len(known) == 0:
        return None
    # Equally near levels: the lower-lying one decides, so that the order of rows does not.
    known = known[np.lexsort((known[:, 1], known[:, 0], known[:, 2]))]
    parts = [_nearest(where[first : first + TOGETHER], known) for first in range(0, len(where), TOGETHER)]
    nearest = np.concatenate([part[0] for part in parts])
    far = np.concatenate([part[1] for part in parts])
    level = np.where(far <= FARTHEST_LEVEL_M, known[nearest, 2], np.nan)
    if np.isnan(level).all():
        return None
    sigma = np.hypot(known[nearest, 3], SLOPE * far)[~np.isnan(level)].max()
    return ground_of_levels(at, level, GroundSource.SURVEYED, float(sigma))


def _nearest(where: FloatArray, known: FloatArray) -> tuple[npt.NDArray[np.intp], FloatArray]:
    """Row of the nearest known level for each place, and its distance."""
    distance = np.hypot(where[:, None, 0] - known[None, :, 0], where[:, None, 1] - known[None, :, 1])
    nearest = np.argmin(distance, axis=1)
    return nearest, distance[np.arange(len(where)), nearest]


def filled(first: GroundAlong | None, second: GroundAlong | None) -> GroundAlong | None:
    """``first``, with its unknown stretches taken from ``second``; the worse source and sigma are named.

    Between two levels of ``first`` that ``second`` contradicts nothing is taken: the ground told may be a planned one,
    or one of the two of another datum.
    """
    if first is None or second is None or not np.isnan(first.level_m).any():
        return first if first is not None else second
    end = max(float(first.chainage_m[-1]), float(second.chainage_m[-1]))
    every = np.unique(np.concatenate([first.chainage_m, second.chainage_m, np.arange(0.0, end, STATION_M)]))
    own = along(every, first.chainage_m, first.level_m)
    is_told = np.isin(every, first.chainage_m)
    at, own = every[is_told | np.isnan(own)], own[is_told | np.isnan(own)]
    other = along(at, second.chainage_m, second.level_m)
    other[_contradicted(at, first, second)] = np.nan
    level = np.where(np.isnan(own), other, own)
    if not (np.isnan(own) & np.isfinite(other)).any():
        return first
    whole = GroundAlong(at, level, second.source, max(first.sigma_m, second.sigma_m))
    return simplified(whole, STRAIGHT_M)


def _contradicted(at: FloatArray, first: GroundAlong, second: GroundAlong) -> npt.NDArray[np.bool_]:
    """``(n,)`` chainages between two known places of ``first`` at either of which ``second`` says something else."""
    known = np.isfinite(first.level_m)
    told_at, told_m = first.chainage_m[known], first.level_m[known]
    if len(told_at) < 2:
        return np.zeros(len(at), np.bool_)
    off = np.abs(along(told_at, second.chainage_m, second.level_m) - told_m)
    agrees = off <= LEAST_STEP_M + SURE * np.hypot(first.sigma_m, second.sigma_m)
    after = np.searchsorted(told_at, at)
    is_between = (after > 0) & (after < len(told_at))
    right = np.clip(after, 1, len(told_at) - 1)
    found: npt.NDArray[np.bool_] = is_between & ~(agrees[right - 1] & agrees[right])
    return found
