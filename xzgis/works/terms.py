"""The work document: a new work as people send it, on the page, in the API and in a file."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from xzgis.networks.terms import FloatArray, Method, RunColumns, Shape

# A number is a number: of true and of texts pydantic makes figures as Python does, of "0_6" a 6.
Figure = Annotated[float, Field(strict=True)]


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Section(_Strict):
    """Section of a new run. Sizes are nominal unless ``is_outer``; the outer envelope comes from layers/."""

    shape: Shape = Shape.CIRCLE
    diameter_mm: Figure | None = Field(default=None, gt=0, le=20000)
    width_mm: Figure | None = Field(default=None, gt=0, le=50000)
    height_mm: Figure | None = Field(default=None, gt=0, le=50000)
    is_outer: bool = False


class ProfilePoint(_Strict):
    """A level of the new run at a chainage, 1985 datum; of what, says :attr:`Depth.profile_of`."""

    chainage_m: Figure = Field(ge=0, le=1_000_000)
    level_m: Figure = Field(ge=-500, le=9000)


class Depth(_Strict):
    """Depth of a new run: constant cover, or a profile of levels, or nothing (unknown).

    ``profile_of``: crown or bottom of the outer envelope, or the invert 管内底, on which the water flows.
    """

    cover_m: Figure | None = Field(default=None, ge=-50, le=200, description="Ground to outer crown, metres")
    profile: tuple[ProfilePoint, ...] = ()
    profile_of: Literal["crown", "bottom", "invert"] = "crown"


class TieIn(_Strict):
    """A declared joint of the new run with an existing run."""

    chainage_m: Figure = Field(ge=0)
    run_id: Annotated[int, Field(strict=True)]


class NewRun(_Strict):
    """One run to be laid. ``axis`` is east, north in the document's ``crs``."""

    kind: str
    axis: tuple[tuple[Figure, Figure], ...] = Field(min_length=2, max_length=20000)
    section: Section = Section()
    depth: Depth = Depth()
    ground_m: tuple[Figure | None, ...] | None = Field(default=None, description="Ground level per vertex")
    pressure_class: str | None = None
    voltage_kv: Figure | None = Field(default=None, ge=0, le=2000)
    burial: str | None = None
    material: str | None = None
    method: Method = Method.OPEN_CUT
    sigma_plan_m: Figure | None = Field(default=None, ge=0, le=100, description="None: setting-out accuracy")
    sigma_level_m: Figure | None = Field(default=None, ge=0, le=100)
    tie_ins: tuple[TieIn, ...] = ()


class Excavation(_Strict):
    """A hole to be dug: outline (east, north in ``crs``) and depth below ground or bottom level."""

    outline: tuple[tuple[Figure, Figure], ...] = Field(min_length=3, max_length=20000)
    depth_m: Figure | None = Field(default=None, gt=0, le=200)
    bottom_level_m: Figure | None = None


class WorkDocument(_Strict):
    """A new work. Coordinates are east, north in ``crs``; heights on the 1985 datum."""

    name: str = Field(default="", max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")
    crs: str = "EPSG:4548"
    runs: tuple[NewRun, ...] = Field(default=(), max_length=500)
    excavations: tuple[Excavation, ...] = Field(default=(), max_length=200)
    surface: str | None = Field(default=None, description="Surface token; None: from the road register")
    starts_on: date | None = None
    ends_on: date | None = None


class GroundSource(StrEnum):
    """Where the ground level along a new run came from, best first."""

    WORK = "work"
    TERRAIN = "terrain"
    SURVEYED = "surveyed"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class GroundAlong:
    """The ground along one new run, as levels at chainages; straight between them.

    Attributes
    ----------
    chainage_m, level_m
        ``(g,)`` ascending chainages and ground levels, NaN where unknown.
    source
        Where the levels came from.
    sigma_m
        Standard deviation of the levels.
    """

    chainage_m: FloatArray
    level_m: FloatArray
    source: GroundSource
    sigma_m: float


@dataclass(frozen=True, slots=True)
class Joint:
    """A declared tie-in of new run ``run`` (its place in the work) with the existing run ``run_id``."""

    run: int
    chainage_m: float
    run_id: int


@dataclass(frozen=True)
class Hole:
    """An excavation in the storage CRS: ``outline_m`` ``(n, 2)`` minus the origin, bottom NaN if unknown."""

    outline_m: FloatArray
    depth_m: float
    bottom_m: float


@dataclass(frozen=True)
class PlacedWork:
    """A work as the kernel reads it.

    Attributes
    ----------
    runs
        The new runs; run ``i`` of the document has the identity ``-1 - i``.
    joints, holes
        Declared tie-ins and excavations.
    ground
        Source of the ground along each new run.
    cover_m
        ``(n,)`` declared constant cover of each run, NaN where none was declared.
    cover_sigma_m
        ``(n,)`` standard deviation of the cover: of setting out alone where it was declared, else with the ground's.
    """

    runs: RunColumns
    joints: tuple[Joint, ...]
    holes: tuple[Hole, ...]
    ground: tuple[GroundSource, ...]
    cover_m: FloatArray
    cover_sigma_m: FloatArray
