"""The ground along a line, for checks and for drawings alike."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from sqlalchemy.orm import Session

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.queries.believed import check_setting
from xzgis.conflicts.queries.rasters import Rasters, Sources, rasters_of
from xzgis.conflicts.queries.surroundings import seen_ground, surveyed_ground
from xzgis.conflicts.queries.terrain import Plausible, plausible_ground
from xzgis.conflicts.rules.ground import (
    FARTHEST_LEVEL_M,
    STATION_M,
    filled,
    ground_of_survey,
    stations,
)
from xzgis.networks.terms import FloatArray
from xzgis.works.rules.levels import ground_of_work, told_ground
from xzgis.works.terms import GroundAlong, NewRun

Levels = Callable[..., FloatArray]


@dataclass(frozen=True)
class Grounds:
    """Where the ground comes from: the work, else terrain, else the nearest surveyed levels."""

    session: Session
    rasters: Rasters
    within: Plausible
    as_of: datetime | None

    def along(
        self, run: NewRun, axis: FloatArray, chain: FloatArray, kept: npt.NDArray[np.bool_]
    ) -> GroundAlong | None:
        """The ground along one new run; ``kept`` tells which vertices of the document stayed in ``axis``."""
        return self._completed(told_ground(ground_of_work(run, chain, kept)), axis, surveyed_ground)

    def beside(self, axis: FloatArray) -> GroundAlong | None:
        """The ground along any line ``(n, 2)``, storage CRS, as it lies, for drawings: from levels that are seen alone."""
        return self._completed(None, axis, seen_ground)

    def _completed(self, said: GroundAlong | None, axis: FloatArray, levels: Levels) -> GroundAlong | None:
        if _is_whole(said):
            return said
        said = filled(said, self.rasters.ground(axis, self.within))
        if _is_whole(said):
            return said
        at, where = stations(axis, STATION_M)
        boxes = (
            np.hstack([where.min(axis=0), where.max(axis=0)])[None, :]
            + np.array([-1, -1, 1, 1]) * FARTHEST_LEVEL_M
        )
        known = levels(self.session, boxes, as_of=self.as_of)
        return filled(said, ground_of_survey(at, where, known))


def grounds_of(
    session: Session, catalogue: Catalogue, sources: Sources, rasters: Rasters | None = None
) -> Grounds:
    """The ground as ``sources`` tell it; ``rasters`` when they were already looked up.

    Raises
    ------
    Unavailable
        The raster of the settings lies off the ground surveyed in its area.
    """
    found = rasters_of(session, sources) if rasters is None else rasters
    within = plausible_ground(catalogue.limits.values)
    if found.given is not None:
        check_setting(session, found.given, within)
    return Grounds(session, found, within, sources.as_of)


def _is_whole(ground: GroundAlong | None) -> bool:
    return ground is not None and not np.isnan(ground.level_m).any()
