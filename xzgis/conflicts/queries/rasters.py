"""The terrain rasters a check reads the ground from, best first, and what names them in its versions."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import numpy as np
from sqlalchemy.orm import Session

from xzgis.conflicts.queries.terrain import Plausible, Terrain, terrain
from xzgis.conflicts.rules.ground import ground_of_levels, stations
from xzgis.core.errors import Invalid, NotFound, Unavailable
from xzgis.core.files import kept_path
from xzgis.core.settings import Settings
from xzgis.core.words import Words
from xzgis.networks.queries.terrain import TerrainRecord, terrains_in_force
from xzgis.networks.terms import FloatArray
from xzgis.works.terms import GroundAlong, GroundSource

LEAST_STATION_M = 2.0
"""No closer than this is the terrain read, however fine its cells."""
NONE = "none"


@dataclass(frozen=True)
class Sources:
    """Where a check looks beside the register of lines.

    ``terrain``: the raster that the settings name; None: those that came in with batches, found in ``files``;
    none of both: the ground comes from the survey. ``as_of`` None: the register as it is known now.

    Raises
    ------
    Invalid
        ``as_of`` has no time zone: read in the zone of a server it would be another moment.
    """

    terrain: Terrain | None = None
    terrain_sigma_m: float = 0.15
    files: Settings | None = None
    as_of: datetime | None = None

    def __post_init__(self) -> None:
        if self.as_of is not None and self.as_of.utcoffset() is None:
            told = self.as_of.isoformat()
            raise Invalid(
                Words(f"as_of 的时刻 {told} 没有时区；请写明时区，例如 {told}+08:00。",
                      f"The moment {told} of as_of has no time zone; say it, as in {told}+08:00.")
            )  # fmt: skip


@dataclass(frozen=True)
class Rasters:
    """The rasters in force: the one of the settings alone, or those of batches, the newest first."""

    given: Terrain | None
    given_sigma_m: float
    kept: tuple[tuple[TerrainRecord, Settings], ...]

    @property
    def version(self) -> str:
        """Sixteen digits that stand for the contents of all rasters, their order and their sigmas."""
        told = [(self.given.digest, self.given_sigma_m)] if self.given is not None else []
        told += [(record.digest, record.sigma_m) for record, _ in self.kept]
        return sha256(repr(told).encode()).hexdigest()[:16] if told else NONE

    def ground(self, axis: FloatArray, within: Plausible) -> GroundAlong | None:
        """The ground along ``axis`` ``(n, 2)``, storage CRS: at each place from the first raster with a value there.

        The sigma is the worst of the rasters that tell anything. A raster is opened only where those before it
        leave something unknown.
        """
        opened: list[tuple[Terrain, float]] = []
        at, level, worst_m, every_m = np.empty(0), np.empty(0), 0.0, np.inf
        for number in range(len(self.kept) + (self.given is not None)):
            opened.append(self._open(number))
            asked, cell_m = opened[-1:], max(opened[-1][0].cell_m, LEAST_STATION_M)
            if cell_m < every_m:
                # A finer raster asks for closer places, of those before it too.
                every_m, worst_m, asked = cell_m, 0.0, opened
                at, where = stations(axis, every_m)
                level = np.full(len(at), np.nan)
            for raster, sigma_m in asked:
                open_ = np.isnan(level)
                told = raster.levels(where[open_], within)
                level[open_] = told
                worst_m = max(worst_m, sigma_m) if np.isfinite(told).any() else worst_m
            if not np.isnan(level).any():
                break
        return ground_of_levels(at, level, GroundSource.TERRAIN, worst_m)

    def _open(self, number: int) -> tuple[Terrain, float]:
        if self.given is not None:
            return self.given, self.given_sigma_m
        record, files = self.kept[number]
        return _kept(record, files), record.sigma_m


def rasters_of(session: Session, sources: Sources) -> Rasters:
    """The rasters in force for ``sources``; settings go before batches."""
    if sources.terrain is not None or sources.files is None:
        return Rasters(sources.terrain, sources.terrain_sigma_m, ())
    files = sources.files
    records = terrains_in_force(session, as_of=sources.as_of)
    return Rasters(None, 0.0, tuple((record, files) for record in records))


def _kept(record: TerrainRecord, files: Settings) -> Terrain:
    """The raster of a batch.

    Raises
    ------
    Unavailable
        It is not in the file store.
    """
    try:
        return terrain(kept_path(files, record.digest))
    except NotFound as error:
        raise Unavailable(
            Words(f"批次 {record.batch_id} 的地形栅格 {record.name} 不在文件库中；请用 xzgis terrain import 重新导入，"
                  f"或用 xzgis undo {record.batch_id} 撤销该批次。",
                  f"The terrain raster {record.name} of batch {record.batch_id} is not in the file store; bring it in "
                  f"again with xzgis terrain import, or take the batch out with xzgis undo {record.batch_id}.")
        ) from error  # fmt: skip
