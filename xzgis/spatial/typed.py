"""A place that somebody typed: two numbers, and what they are."""

import re
from dataclasses import dataclass

import numpy as np

from xzgis.core.words import Words
from xzgis.spatial.crs import Extent, to_storage

NUMBER = r"[-+]?\d+(?:\.\d+)?"
PAIR = re.compile(
    rf"^\s*(?:[xynelon度]+\s*[=::]\s*)?({NUMBER})\s*°?\s*[nesw]?\s*[,,;;\s]\s*(?:[xynelat度]+\s*[=::]\s*)?({NUMBER})\s*°?\s*[nesw]?\s*$",
    re.IGNORECASE,
)
ZONE = 39_000_000.0  # 3-degree zone 39, central meridian 117 degrees
EAST_NORTH = Words("东、北", "east, north")
NORTH_EAST = Words("北、东（X = 北）", "north, east (X = north)")
LON_LAT = Words("经度、纬度", "longitude, latitude")
LAT_LON = Words("纬度、经度", "latitude, longitude")
STORAGE = Words("CGCS2000 / 3 度带 117°(EPSG:4548)", "CGCS2000 / 3-degree, 117 E (EPSG:4548)")


@dataclass(frozen=True, slots=True)
class TypedPlace:
    """A place in the storage CRS, and a sentence that says how the numbers were understood."""

    east_m: float
    north_m: float
    words: Words


def read_place(text: str, city: Extent) -> TypedPlace | None:
    """The place that ``text`` names, when it is two numbers of which only one reading lies in the city.

    Understood: east and north or north and east in the storage CRS, with or without the zone prefix 39,
    longitude and latitude in degrees (CGCS2000) in either order. None when nothing fits.
    """
    found = PAIR.match(text)
    if found is None:
        return None
    first, second = float(found[1]), float(found[2])
    return _plane(first, second, city) or _degrees(first, second, city)


def _plane(first: float, second: float, city: Extent) -> TypedPlace | None:
    for east, north, order in ((first, second, EAST_NORTH), (second, first, NORTH_EAST)):
        bare = east - ZONE if east > ZONE else east
        if _within(bare, city.east_min_m, city.east_max_m) and _within(
            north, city.north_min_m, city.north_max_m
        ):
            zone = Words("，已去掉带号 39", ", zone prefix 39 taken off") if bare != east else Words("", "")
            zh = f"按 {STORAGE.zh} 的{order.zh}坐标理解{zone.zh}"
            return TypedPlace(bare, north, Words(zh, f"understood as {order.en} in {STORAGE.en}{zone.en}"))
    return None


def _degrees(first: float, second: float, city: Extent) -> TypedPlace | None:
    for lon, lat, order in ((first, second, LON_LAT), (second, first, LAT_LON)):
        if _within(lon, city.lon_min, city.lon_max) and _within(lat, city.lat_min, city.lat_max):
            east_m, north_m = to_storage(np.array([[lon, lat]]), "EPSG:4490")[0].tolist()
            zh = f"按 CGCS2000 的{order.zh}理解（EPSG:4490）"
            return TypedPlace(east_m, north_m, Words(zh, f"understood as {order.en} in CGCS2000 (EPSG:4490)"))
    return None


def _within(value: float, low: float, high: float) -> bool:
    return low <= value <= high
