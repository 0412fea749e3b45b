"""Words and values of the register.

Lengths in metres, sizes in millimetres, levels on the 1985 datum, plan coordinates east, north in the
storage CRS EPSG:4548 unless a name says otherwise. NaN (or None) always means unknown.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]


class LifeState(StrEnum):
    """Where a record stands in its life."""

    PENDING = "pending"
    APPROVED = "approved"
    RESERVED = "reserved"
    BUILT = "built"
    DISUSED = "disused"


class Method(StrEnum):
    """How a new work is laid."""

    OPEN_CUT = "open_cut"
    JACKING = "jacking"
    DIRECTIONAL_DRILLING = "directional_drilling"
    OVERHEAD = "overhead"


class Shape(StrEnum):
    """Shape of a section. An egg is kept as a rectangle of its width and height."""

    CIRCLE = "circle"
    RECTANGLE = "rectangle"


class BatchState(StrEnum):
    """Where a delivery stands."""

    RECEIVED = "received"
    READING = "reading"
    READ = "read"
    REFUSED = "refused"
    ACCEPTING = "accepting"
    ACCEPTED = "accepted"
    UNDONE = "undone"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The facts of one line that rules ask for; None means unknown."""

    kind: str
    pressure_class: str | None = None
    voltage_kv: float | None = None
    burial: str | None = None
    material: str | None = None
    nominal_mm: float | None = None
    method: str | None = None


@dataclass(frozen=True)
class RunColumns:
    """Many runs as plain arrays: n runs, v vertices. What the kernel works on.

    Attributes
    ----------
    origin_m
        East and north that were subtracted from every coordinate.
    run_id
        ``(n,)`` identity of each run; runs of a new work count down from -1.
    condition
        ``(n,)`` index into ``conditions``, where equal facts share one entry.
    offset
        ``(n + 1,)`` run ``i`` owns the vertices ``offset[i]:offset[i + 1]``.
    xy_m
        ``(v, 2)`` east and north minus the origin.
    crown_m, bottom_m, ground_m
        ``(v,)`` levels of the outer envelope and of the ground, NaN where unknown.
    width_m, height_m
        ``(n, 2)`` smallest and largest outer width and height; equal where known exactly, the kind's
        plausible bounds where unknown.
    sigma_plan_m, sigma_level_m
        ``(n,)`` standard deviation of position and level: the worse of the run's two ends.
    life
        ``(n,)`` index into ``tuple(LifeState)``.
    from_node, to_node
        ``(n,)`` identity of the end nodes, 0 where there is none.
    bank
        ``(n,)`` number of the duct bank or cable bed the run lies in, 0 where none.
    chamber_link
        ``(n,)`` True for a link inside a chamber (burial JN).
    """

    origin_m: tuple[float, float]
    conditions: tuple[Conditions, ...]
    run_id: IntArray
    condition: npt.NDArray[np.int32]
    offset: IntArray
    xy_m: FloatArray
    crown_m: FloatArray
    bottom_m: FloatArray
    ground_m: FloatArray
    width_m: FloatArray
    height_m: FloatArray
    sigma_plan_m: FloatArray
    sigma_level_m: FloatArray
    life: npt.NDArray[np.int8]
    from_node: IntArray
    to_node: IntArray
    bank: IntArray
    chamber_link: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a finding and a card say of one run beside its geometry."""

    run_id: int
    kind: str
    label: str
    owner: str | None
    state: str
    surveyed_on: date | None
    batch: str | None
    conditions: Conditions
