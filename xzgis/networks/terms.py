"""Words and values of the register.

Lengths in metres, sizes in millimetres, levels on the 1985 datum, plan coordinates east, north in the
storage CRS EPSG:4548 unless a name says otherwise. NaN (or None) always means unknown.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.spatial.crs import CrsDecision

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

# Bounds of what can be at all; the register's tables refuse what lies beyond (decision 0022).
LOWEST_LEVEL_M, HIGHEST_LEVEL_M = -500, 9000  # the lowest land of China lies at -154 m, the highest at 8849 m
LARGEST_RECORDED_M = (
    10_000  # a depth or level as recorded: kept though odd (120 for 120 cm), never as a level
)
LARGEST_VOLTAGE_KV = 2000  # the highest line in use has 1100 kV
LARGEST_SIZE_MM = 100_000


ASIDE = "aside"
"""Fact of a delivery: ``kind`` and ``place`` (hexadecimal WKB, storage CRS) of features that stay out for their geometry."""
TUNNELS = frozenset({"utility_tunnel", "small_passage", "civil_defence"})
"""Burials in a way of others, or of many."""
STRUCTURES = frozenset({"channel", "duct_block"}) | TUNNELS
"""Burials that are built round what is laid: a structure of its own size, which does not bend."""


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
    """The facts of one line that rules ask for; None means unknown.

    ``chamber``: of a chamber of such a line, what stands there (token of layers/codes/appurtenance.csv); no rule asks it.
    """

    kind: str
    pressure_class: str | None = None
    voltage_kv: float | None = None
    burial: str | None = None
    material: str | None = None
    nominal_mm: float | None = None
    method: str | None = None
    chamber: str | None = None

    @property
    def is_steered(self) -> bool:
        """Whether it was or is drilled, by its method or by its burial alone (decision 0089)."""
        return self.method == Method.DIRECTIONAL_DRILLING.value or self.burial == "drilled"


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
    """What a finding and a card say of one run beside its geometry.

    ``is_displaced``: test data of another place, laid over the city; ``is_invented``: of a sample.
    """

    run_id: int
    kind: str
    label: str
    owner: str | None
    state: str
    surveyed_on: date | None
    batch: str | None
    conditions: Conditions
    is_displaced: bool = False
    is_invented: bool = False


Level = Literal["error", "warning", "info"]


@dataclass(frozen=True, slots=True)
class IntakeFinding:
    """One thing that is wrong or was decided in a delivery, with its place and the way to mend it.

    ``code``: ``S01``-``S28`` the survey checks, ``R..`` reading and understanding, ``C..`` coordinates,
    ``G..`` geometry, ``D..`` duplicates. ``row`` is the row number people see in their own file, from 1.
    ``east_m``, ``north_m`` in the storage CRS where the place is known. ``table`` says whether the row is a
    point or a line, where one row of a file may be both.
    """

    code: str
    level: Level
    words: Words
    remedy: Words
    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    field: str | None = None
    value: str | None = None
    east_m: float | None = None
    north_m: float | None = None
    table: Literal["points", "lines"] | None = None


@dataclass(frozen=True, slots=True)
class DeliveredFile:
    """One file of a delivery as it was read. ``encoding``: how text was decoded; ``encoding_why``: what told it."""

    file: str
    format: str
    encoding: str | None = None
    rows_read: int = 0
    points: int = 0
    lines: int = 0
    length_m_by_code: Mapping[str, float] = field(default_factory=dict)
    encoding_why: Mapping[str, str] | None = None


@dataclass(frozen=True)
class Vertices:
    """The axes of n delivered lines as flat arrays of v vertices (as in :class:`RunColumns`).

    Line ``i`` of ``Delivery.lines`` owns ``offset[i]:offset[i + 1]``; none where it has no geometry.
    ``xy_m`` ``(v, 2)`` east, north in the storage CRS; levels ``(v,)`` of the outer envelope, 1985 datum,
    NaN where unknown.
    """

    offset: IntArray
    xy_m: FloatArray
    crown_m: FloatArray
    bottom_m: FloatArray
    ground_m: FloatArray


# Columns of Delivery.points and Delivery.lines. "text" is str or None; a number is float64 with NaN for
# unknown; "flag" is the nullable boolean; "date" is datetime.date or None.
POINT_COLUMNS: Mapping[str, str] = {
    "file": "text",
    "sheet": "text",
    "row": "int",  # as people see it in their file, from 1
    "code": "text",  # as delivered: J, YS, ...
    "kind": "text",  # token of the catalogue, None when the code is not understood
    "point_no": "text",  # unique within (code, delivery)
    "x_raw": "number",  # first delivered coordinate (Chinese X, north), as parsed
    "y_raw": "number",
    "east_m": "number",  # storage CRS
    "north_m": "number",
    "ground_m": "number",
    "feature": "text",
    "appurtenance": "text",
    "element_code": "text",
    "chamber_depth_m": "number",
    "offset_point_no": "text",  # eccentric cover: the real point
    "is_visible": "flag",  # None: not said, taken as hidden
    "accuracy_class": "text",
    "sigma_plan_m": "number",
    "sigma_level_m": "number",
    "life_state": "text",
    "owner": "text",
    "road": "text",
    "built_on": "date",
    "surveyed_on": "date",
    "attributes": "text",  # JSON of every delivered value not fully told above, None when empty
}
LINE_COLUMNS: Mapping[str, str] = {
    "file": "text",
    "sheet": "text",
    "row": "int",
    "code": "text",
    "kind": "text",
    "label": "text",  # what people call it: from-to, or the delivered identity
    "from_no": "text",
    "to_no": "text",
    "from_point": "int",  # row of Delivery.points, -1 where there is none
    "to_point": "int",
    "start_depth_m": "number",  # as recorded, to depth_reference
    "end_depth_m": "number",
    "start_level_m": "number",  # as recorded, to depth_reference; NaN when the column held ground levels
    "end_level_m": "number",
    "depth_reference": "text",  # invert crown outer_top inner_bottom outer_bottom inner_top unknown
    "section_text": "text",
    "shape": "text",  # circle, rectangle
    "nominal_width_mm": "number",
    "nominal_height_mm": "number",
    "outer_width_mm": "number",
    "outer_height_mm": "number",
    "outer_spread_mm": "number",
    "outer_is_assumed": "bool",
    "material": "text",  # token of the code list; the delivered text stays in attributes
    "burial": "text",
    "pressure_class": "text",
    "voltage_kv": "number",
    "life_state": "text",
    "flow": "int",  # 1 from-to, -1 to-from, 0 unknown
    "holes_total": "number",
    "holes_used": "number",
    "cables": "number",
    "bank": "int",  # number of the duct bank within the delivery, 0 none
    "accuracy_class": "text",
    "sigma_plan_m": "number",
    "sigma_level_m": "number",
    "owner": "text",
    "road": "text",
    "built_on": "date",
    "surveyed_on": "date",
    "assumptions": "text",  # tokens joined by ';': what was assumed for levels and sizes
    "attributes": "text",
}


_DTYPES: dict[str, Any] = {"number": "float64", "flag": "boolean", "int": "int64", "bool": "bool"}
_FEW = 1000


@dataclass(frozen=True)
class Delivery:
    """What was read from outside files, understood and placed, before it is checked and accepted.

    Every delivered row stays in ``points`` or ``lines``, also when a finding of level error names it.
    ``facts`` holds what else the files say of the whole delivery (areas asked for, stated owner, ...).
    """

    intake: str
    files: tuple[DeliveredFile, ...]
    crs: CrsDecision
    points: pd.DataFrame
    lines: pd.DataFrame
    vertices: Vertices
    findings: tuple[IntakeFinding, ...]
    facts: Mapping[str, Any] = field(default_factory=dict)


def empty_points(count: int = 0) -> pd.DataFrame:
    """``count`` points with every column of :data:`POINT_COLUMNS` unknown."""
    return _empty(POINT_COLUMNS, count)


def empty_lines(count: int = 0) -> pd.DataFrame:
    """``count`` lines with every column of :data:`LINE_COLUMNS` unknown."""
    return _empty(LINE_COLUMNS, count)


def conformed(frame: pd.DataFrame, columns: Mapping[str, str]) -> pd.DataFrame:
    """``frame`` with exactly ``columns`` in their order and types: text and dates as objects with None."""
    told = {name: _of_kind(frame[name], kind) for name, kind in columns.items()}
    # Not copied: putting a million rows into common blocks costs seconds and serves nobody here.
    return pd.DataFrame(told, index=frame.index, copy=False)


def _of_kind(values: pd.Series, kind: str) -> pd.Series:
    if kind in ("text", "date"):
        objects = values.to_numpy(dtype=object)
        gaps = pd.isna(objects)
        if gaps.any():
            objects = objects.copy()  # of the frame: not to be written to
            objects[gaps] = None
        elif values.dtype == object:
            return values
        return pd.Series(objects, index=values.index, dtype=object, copy=False)
    dtype = _DTYPES[kind]
    return values if values.dtype == dtype else values.astype(dtype)


def _empty(columns: Mapping[str, str], count: int) -> pd.DataFrame:
    # To make forty columns takes longer than all else that is done with a few rows.
    if count >= _FEW:
        return _blank(columns, count)
    rows = _one_blank(tuple(columns.items())).take([0] * count)
    rows.index = pd.RangeIndex(count)
    return rows


@lru_cache(maxsize=8)
def _one_blank(columns: tuple[tuple[str, str], ...]) -> pd.DataFrame:
    return _blank(dict(columns), 1)


def _blank(columns: Mapping[str, str], count: int) -> pd.DataFrame:
    blank: dict[str, Any] = {}
    for name, kind in columns.items():
        if kind == "number":
            blank[name] = np.full(count, np.nan)
        elif kind == "int":
            blank[name] = np.full(count, -1 if name.endswith("_point") else 0, dtype=np.int64)
        elif kind == "bool":
            blank[name] = np.zeros(count, dtype=np.bool_)
        elif kind == "flag":
            blank[name] = pd.array([None] * count, dtype="boolean")
        else:
            blank[name] = pd.Series(np.full(count, None, dtype=object), dtype=object, copy=False)
    return pd.DataFrame(blank, copy=False)
