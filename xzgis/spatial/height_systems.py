"""On which datum the vertical part of a named coordinate system puts heights: of a compound one, or of one in 3D.

Heights are kept on the 1985 datum (EPSG:5737, Yellow Sea 1985). What the plan of a system says is :mod:`.crs`.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from pyproj import CRS

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.crs import STORAGE
from xzgis.spatial.datum_words import THE_DATUM
from xzgis.spatial.named_systems import known_crs

OUR_HEIGHTS = "EPSG:5737"
# The storage CRS with heights on the datum that is kept: what a person names over a system that a file bears by mistake.
STORAGE_WITH_HEIGHTS = f"{STORAGE}+5737"
# 85 alone is also the datum of the Great Lakes (IGLD 1985).
_CHINESE = re.compile(r"yellow[\s_]*sea|huang[\s_]*hai|黄海|国家|高程|china|national", re.IGNORECASE)
_SHOWN = 60
_AXES_IN_SPACE = 3


@dataclass(frozen=True, slots=True)
class HeightSystem:
    """The heights that a coordinate system names; ``is_ours``: metres upward on the 1985 datum."""

    name: str
    is_ours: bool


@lru_cache(maxsize=64)
def height_system(system: str) -> HeightSystem | None:
    """The heights that ``system`` (an EPSG code, WKT or proj string) names; None where it speaks of the plan alone."""
    try:
        crs = _unbound(known_crs(system))
    except Invalid:
        return None  # whoever places by it refuses it
    if crs.is_compound:
        vertical = next((part for part in map(_unbound, crs.sub_crs_list) if part.is_vertical), None)
        if vertical is not None:
            return _of_vertical(vertical)
        crs = _unbound(crs.sub_crs_list[0])
    if len(crs.axis_info) < _AXES_IN_SPACE:
        return None
    return HeightSystem(f"{crs.name[:_SHOWN]} 3D, ellipsoidal height", is_ours=False)


def _unbound(crs: CRS) -> CRS:
    return crs.source_crs if crs.is_bound and crs.source_crs is not None else crs


def _of_vertical(vertical: CRS) -> HeightSystem:
    datum = "" if vertical.datum is None else vertical.datum.name
    said = f"{vertical.name} {datum}"
    is_datum = vertical.to_authority() == ("EPSG", "5737") or bool(
        THE_DATUM.search(said) and _CHINESE.search(said) and "1956" not in said
    )
    is_metres_up = all(
        one.direction == "up" and one.unit_conversion_factor == 1.0 for one in vertical.axis_info
    )
    code = vertical.to_authority()
    coded = f" ({':'.join(code)})" if code else ""
    return HeightSystem(f"{vertical.name[:_SHOWN]}{coded}", is_datum and is_metres_up)


def other_heights(declared: str | None, attached: str | None) -> str | None:
    """The name of the height system on another datum than 1985 that a file bears, None where none is named.

    ``declared``: what the person says of the system; it decides where it says anything of heights. ``attached``: what the
    file says.
    """
    for system in (declared, attached):
        told = height_system(system) if system else None
        if told is not None:
            return None if told.is_ours else told.name
    return None


def not_used(name: str) -> Words:
    """What is told of a system with heights on another datum where no height is in use."""
    return Words(
        f"坐标系带有高程基准“{name}”，不是 1985 国家高程基准：未使用任何高程。",
        f"The coordinate system bears heights on {name!r}, not the 1985 datum: no height was used.",
    )
