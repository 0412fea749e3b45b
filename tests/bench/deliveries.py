"""Believable large deliveries for measurements: streets with parallel lines of several kinds, joined end to end."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyogrio.raw
import shapely

from tests.factories import EAST_M, NORTH_M

SEGMENTS, SEGMENT_M, BETWEEN_M = 40, 25.0, 320.0


@dataclass(frozen=True)
class Laid:
    """How one kind lies in a street: code, offset from the middle, depth, sections, material, how it is laid."""

    code: str
    offset_m: float
    depth_m: float
    sections: tuple[str, ...]
    material: str
    burial: str
    pressure: str | None = None
    voltage_kv: float | None = None


LAID = {
    "gas": Laid("RQ", -6.0, 1.1, ("110", "160", "200"), "PE", "直埋", pressure="中压"),
    "water": Laid("JS", -4.0, 1.4, ("200", "300", "600"), "球墨铸铁", "直埋"),
    "power": Laid("DL", -8.0, 0.9, ("200", "900X600"), "铜", "管埋", voltage_kv=10.0),
    "telecom": Laid("DX", 8.0, 1.0, ("110", "300X200"), "光纤", "管块"),
    "drainage_storm": Laid("YS", 2.5, 2.2, ("400", "800", "1000X800"), "砼", "直埋"),
    "drainage_foul": Laid("WS", 0.5, 2.8, ("300", "500"), "砼", "直埋"),
    "heat": Laid("RS", 6.0, 1.5, ("250", "400"), "钢", "直埋"),
}


@dataclass(frozen=True)
class City:
    """``n`` segments: their line of LAID, street, place on it, and joints ``a``, ``b`` (east, north, depth)."""

    kind: npt.NDArray[np.int64]
    street: npt.NDArray[np.int64]
    a: npt.NDArray[np.float64]
    b: npt.NDArray[np.float64]
    depth_m: npt.NDArray[np.float64]


def city(count: int, seed: int = 1) -> City:
    """Streets of 40 segments of 25 m, every kind in each, alternately running east and north."""
    rng = np.random.default_rng(seed)
    kinds = len(LAID)
    number = np.arange(count)
    place, rest = number % SEGMENTS, number // SEGMENTS
    kind, street = rest % kinds, rest // kinds
    offset = np.array([one.offset_m for one in LAID.values()])[kind]
    depth = np.array([one.depth_m for one in LAID.values()])[kind]
    wobble = rng.uniform(-0.05, 0.05, (count + 1, 2))
    wide = max(1, int(np.sqrt(street.max() + 1)))
    across = (street // 2) // wide * BETWEEN_M + offset
    along = (street // 2) % wide * (SEGMENTS * SEGMENT_M + BETWEEN_M / 2)

    def joint(at: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
        far, side = along + at * SEGMENT_M, across + wobble[number + (at - place), 0]
        north_south = street % 2 == 1
        xy = np.where(north_south[:, None], np.column_stack([side + 80, far]), np.column_stack([far, side]))
        return np.round(xy + np.array([EAST_M, NORTH_M]), 3)

    ends = np.column_stack([depth + 0.002 * place, depth + 0.002 * (place + 1)])
    return City(kind, street, joint(place), joint(place + 1), np.round(ends, 2))


def write_geopackage(path: Path, count: int) -> None:
    """``count`` lines of two to four vertices in one layer per kind, with the columns of a city's result database."""
    made = city(count)
    rng = np.random.default_rng(2)
    for index, (kind, laid) in enumerate(LAID.items()):
        mine = np.flatnonzero(made.kind == index)
        if not len(mine):
            continue
        lines = _bent(made.a[mine], made.b[mine], rng)
        fields = {
            "id": np.array([f"{laid.code}{number}" for number in mine], dtype=object),
            "D_S": np.array(laid.sections, dtype=object)[made.street[mine] % len(laid.sections)],
            "MATERIAL": np.full(len(mine), laid.material, dtype=object),
            "D_TYPE": np.full(len(mine), laid.burial, dtype=object),
            "S_DEEP": made.depth_m[mine, 0],
            "E_DEEP": made.depth_m[mine, 1],
            "ground_m": np.round(31.0 + 0.001 * (made.a[mine, 0] - EAST_M), 2),
            "LOCATION": np.array([f"第{street}街" for street in made.street[mine]], dtype=object),
            "OWNER": np.full(len(mine), f"{laid.code}集团", dtype=object),
            "SDATE": np.array(["2023-05-17", "2024-08-02"], dtype=object)[made.street[mine] % 2],
            "MEMO": np.array([None, "利用旧管"], dtype=object)[(mine % 50 == 0).astype(int)],
        }
        if laid.pressure:
            fields["pressure_class"] = np.full(len(mine), laid.pressure, dtype=object)
        if laid.voltage_kv:
            fields["VOLTAGE"] = np.full(len(mine), laid.voltage_kv)
        pyogrio.raw.write(
            path, shapely.to_wkb(lines), list(fields.values()), list(fields), layer=kind, driver="GPKG",
            geometry_type="LineString", crs="EPSG:4548", append=path.exists(),
        )  # fmt: skip


def _bent(
    a: npt.NDArray[np.float64], b: npt.NDArray[np.float64], rng: np.random.Generator
) -> npt.NDArray[np.object_]:
    """Lines from ``a`` to ``b`` with none, one or two vertices between."""
    bends = rng.integers(0, 3, len(a))
    first = a + (b - a) * 0.4 + rng.uniform(-0.2, 0.2, a.shape)
    second = a + (b - a) * 0.7 + rng.uniform(-0.2, 0.2, a.shape)
    vertices = np.stack([a, first, second, b], axis=1)
    keep = np.column_stack([np.ones(len(a), bool), bends >= 1, bends >= 2, np.ones(len(a), bool)])
    owner = np.repeat(np.arange(len(a)), keep.sum(axis=1))
    made: npt.NDArray[np.object_] = shapely.linestrings(np.round(vertices[keep], 3), indices=owner)
    return made


def write_survey(path: Path, count: int) -> None:
    """``count`` rows of a one-table survey CSV (UTF-8): the segment with both its points, X north and Y east."""
    made = city(count)
    laid = list(LAID.values())
    codes = np.array([one.code for one in laid], dtype=object)[made.kind]
    line = made.street * len(laid) + made.kind
    place = np.arange(count) % SEGMENTS
    name = pd.Series(codes) + pd.Series(line).astype(str) + "_"
    frame = pd.DataFrame(
        {
            "管线类别": codes,
            "起点点号": name + pd.Series(place).astype(str),
            "终点点号": name + pd.Series(place + 1).astype(str),
            "起点X": made.a[:, 1], "起点Y": made.a[:, 0], "终点X": made.b[:, 1], "终点Y": made.b[:, 0],
            "起点地面高程": 31.0, "终点地面高程": 31.0,
            "起点埋深": made.depth_m[:, 0], "终点埋深": made.depth_m[:, 1],
            "管径或断面尺寸": [laid[kind].sections[street % len(laid[kind].sections)]
                        for kind, street in zip(made.kind, made.street, strict=True)],
            "材质": np.array([one.material for one in laid], dtype=object)[made.kind],
            "埋设方式": np.array([one.burial for one in laid], dtype=object)[made.kind],
            "权属单位": codes + "集团",
        }
    )  # fmt: skip
    frame.to_csv(path, index=False, encoding="utf-8")
