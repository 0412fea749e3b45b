"""Words and values of the invented district. Plan coordinates east, north in the storage CRS, metres."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]

EAST_WEST, NORTH_SOUTH = 0, 1
MARK = "（虚构）"
WITHHELD_FILE = "secret.json"
PARCEL_PREFIX, BUILDING_PREFIX = "YL", "样例楼"
#: From the surface downward, GB 50289-2016 clause 4.1.12; reclaimed lies in one street where no sewer passes.
STACK = ("telecom", "power", "gas", "heat", "water", "drainage_storm", "drainage_foul")
KINDS = (*STACK, "reclaimed")
#: Across the street from its middle, metres; east of a north-south street, north of an east-west one.
OFFSET_M = {
    "power": -16.2, "water": -13.3, "heat": -10.3, "drainage_storm": -5.5,
    "drainage_foul": 5.5, "reclaimed": 11.0, "gas": 13.5, "telecom": 16.2,
}  # fmt: skip
KERB_M = 8.0
RED_LINE_M = 18.0
LATERAL_END_M = 19.5
JUNCTION_M = 22.0
FIRST_SLOT_M = 28.0
SLOT_M = 4.0
#: Where along a segment, from its middle, an injected violation has the street for itself.
FAULT_WINDOW_M = (4.0, 34.0)
JITTER_M = 0.12


@dataclass(frozen=True, slots=True)
class Line:
    """What is laid: sizes and materials of one kind of main or lateral."""

    nominal_mm: float
    material: str
    burial: str
    pressure_class: str | None = None
    voltage_kv: float | None = None


#: Street classes: 0 main street, 1 collector, 2 local street.
MAINS: dict[str, tuple[Line | None, Line | None, Line | None]] = {
    "telecom": (Line(200, "pvc", "conduit"), Line(160, "pvc", "conduit"), Line(110, "pvc", "conduit")),
    "power": (Line(200, "pvc", "conduit", voltage_kv=10), Line(160, "pvc", "conduit", voltage_kv=10),
              Line(110, "pvc", "conduit", voltage_kv=0.38)),
    # In steel: of a polyethylene pipe beside heat the tables print no figure (CJJ 63), every crossing would be referred.
    "gas": (Line(200, "steel", "direct_buried", "medium_A"), Line(150, "steel", "direct_buried", "medium_A"),
            Line(100, "steel", "direct_buried", "low")),
    "heat": (Line(200, "steel", "direct_buried"), None, None),
    "water": (Line(300, "ductile_iron", "direct_buried"), Line(200, "ductile_iron", "direct_buried"),
              Line(150, "ductile_iron", "direct_buried")),
    "drainage_storm": (Line(600, "concrete", "pipe_buried"), Line(500, "concrete", "pipe_buried"),
                       Line(500, "concrete", "pipe_buried")),
    "drainage_foul": (Line(400, "concrete", "pipe_buried"), Line(400, "concrete", "pipe_buried"),
                      Line(300, "concrete", "pipe_buried")),
    "reclaimed": (Line(150, "ductile_iron", "direct_buried"), None, None),
}  # fmt: skip
LATERALS: dict[str, Line] = {
    "telecom": Line(50, "pvc", "conduit"),
    "power": Line(110, "pvc", "conduit", voltage_kv=0.38),
    "gas": Line(50, "steel", "direct_buried", "low"),
    "heat": Line(80, "steel", "direct_buried"),
    "water": Line(100, "ductile_iron", "direct_buried"),
    "drainage_storm": Line(300, "concrete", "pipe_buried"),
    "drainage_foul": Line(300, "concrete", "pipe_buried"),
}
CODES = {"telecom": "TX", "power": "DL", "gas": "RQ", "heat": "RL", "water": "JS", "reclaimed": "ZS",
         "drainage_storm": "YS", "drainage_foul": "WS", "industrial": "GY", "unknown": "BM",
         "utility_tunnel": "ZH"}  # fmt: skip
OWNERS = {"telecom": "样例通信", "power": "样例供电", "gas": "样例燃气", "heat": "样例热力", "water": "样例水务",
          "reclaimed": "样例水务", "drainage_storm": "样例排水", "drainage_foul": "样例排水",
          "industrial": "样例化工", "unknown": "权属不明", "utility_tunnel": "样例管廊"}  # fmt: skip
#: How many laterals of a kind, of a hundred.
LATERAL_SHARES = {"water": 26, "drainage_foul": 20, "drainage_storm": 20, "power": 15, "telecom": 10, "gas": 7,
                  "heat": 2}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """The streets: north-south ones from west to east, east-west ones from north to south.

    Attributes
    ----------
    east_m, north_m
        ``(columns,)`` and ``(rows,)`` middles of the streets.
    column_class, row_class
        Street class of each, 0 main, 1 collector, 2 local.
    column_name, row_name
        Invented names.
    """

    seed: int
    east_m: FloatArray
    north_m: FloatArray
    column_class: IntArray
    row_class: IntArray
    column_name: tuple[str, ...]
    row_name: tuple[str, ...]

    @property
    def box_m(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the district with its edge."""
        edge = 60.0
        return (
            float(self.east_m[0]) - edge,
            float(self.north_m[-1]) - edge,
            float(self.east_m[-1]) + edge,
            float(self.north_m[0]) + edge,
        )


@dataclass(frozen=True, slots=True)
class Band:
    """Depths between which the mains of a kind lie: below ground, to the outer crown and outer bottom."""

    crown_m: float
    bottom_m: float


@dataclass(frozen=True)
class Sample:
    """The whole invented district as frames; geometry as shapely objects in the storage CRS.

    ``runs`` have two vertices each; columns as delivered and as derived (see data/README.md).
    ``expected`` is what ``expected.json`` says.
    """

    layout: Layout
    runs: pd.DataFrame
    nodes: pd.DataFrame
    roads: pd.DataFrame
    parcels: pd.DataFrame
    buildings: pd.DataFrame
    coverage: pd.DataFrame
    expected: dict[str, Any]
