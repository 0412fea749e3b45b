"""Coordinate systems by their name: an EPSG code, WKT or a proj string. What PROJ said of a name is kept."""

from functools import lru_cache

from pyproj import CRS
from pyproj.exceptions import CRSError

from xzgis.core.errors import Invalid
from xzgis.core.words import Words


def known_crs(name: str) -> CRS:
    """The system that ``name`` (an EPSG code, WKT or proj string) stands for; refused when PROJ knows none."""
    try:
        return _system(name)
    except CRSError as unknown:
        raise Invalid(
            Words(
                f"不认识坐标系“{name[:80]}”。请给出 EPSG 代码，例如 EPSG:4548。",
                f"The coordinate system {name[:80]!r} is unknown. Give an EPSG code, such as EPSG:4548.",
            )
        ) from unknown


@lru_cache(maxsize=32)
def _system(name: str) -> CRS:
    return CRS.from_user_input(name)


@lru_cache(maxsize=32)
def authority_of(name: str) -> str | None:
    """The code of the system that ``name`` stands for (``EPSG:4548``), None where no authority lists it."""
    # PROJ compares a system with all that it lists: 20 ms, asked for every file of a delivery.
    found = known_crs(name).to_authority()
    return None if found is None else ":".join(found)
