"""What may be said of ground that somebody looked at: where, for what, and when."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words


def check_claim(area: BaseGeometry, facts: Mapping[str, Any], *, today: date, catalogue: Catalogue) -> None:
    """Refuse a coverage outside the city, of a kind that is not buried, or of a day to come.

    Parameters
    ----------
    area
        In the storage CRS.
    facts
        ``kind``, and ``surveyed_on`` where the day is known.
    today
        In the city's time.

    Raises
    ------
    Invalid
        With every fault, each at its place.
    """
    faults = [*_of_place(area, catalogue), *_of_kind(facts.get("kind"), catalogue)]
    day = facts.get("surveyed_on")
    if day is not None and day > today:
        words = Words(f"普查日期 {day} 还没有到。", f"The day of the survey, {day}, has not come yet.")
        faults.append(
            Fault(("body", "surveyed_on"), words, Words("改为实际普查的日期", "Give the day it was done"))
        )
    if faults:
        raise Invalid(faults[0].words, faults=tuple(faults))


def _of_place(area: BaseGeometry, catalogue: Catalogue) -> list[Fault]:
    city = catalogue.city
    extent = shapely.box(city.east_min_m, city.north_min_m, city.east_max_m, city.north_max_m)
    if extent.covers(area):
        return []
    west, south, east, north = area.bounds
    words = Words(
        f"覆盖范围超出本市：X（北）{south:.0f} 至 {north:.0f}，Y（东）{west:.0f} 至 {east:.0f}；"
        f"本市为 X {city.north_min_m:.0f} 至 {city.north_max_m:.0f}，Y {city.east_min_m:.0f} 至 {city.east_max_m:.0f}。",
        f"The area reaches out of the city: X (north) {south:.0f} to {north:.0f}, Y (east) {west:.0f} to {east:.0f}; "
        f"the city is X {city.north_min_m:.0f} to {city.north_max_m:.0f}, "
        f"Y {city.east_min_m:.0f} to {city.east_max_m:.0f}.",
    )
    remedy = Words(
        "坐标用 CGCS2000 3° 带 117°（EPSG:4548），单位米，X 为北、Y 为东",
        "Give metres of CGCS2000, 3-degree zone 117 (EPSG:4548), X north and Y east",
    )
    return [Fault(("body", "area"), words, remedy)]


def _of_kind(kind: str | None, catalogue: Catalogue) -> list[Fault]:
    known = catalogue.kinds.get(kind or "")
    if known is not None and known.is_buried_line:
        return []
    words = Words(f"“{kind}”不是地下管线的种类。", f"“{kind}” is no kind of buried line.")
    offered = [token for token, one in catalogue.kinds.items() if one.is_buried_line]
    remedy = Words(f"可用：{'、'.join(offered)}", f"one of: {', '.join(offered)}")
    return [Fault(("body", "kind"), words, remedy)]
