"""Plane metres of another place, for test data that is moved as a whole."""

import numpy as np
from pyproj import CRS, Proj, Transformer

from xzgis.spatial.crs import FloatArray, from_storage, to_storage
from xzgis.spatial.named_systems import known_crs


def north_is_first(crs: CRS, figures: FloatArray) -> bool:
    """Whether the first figure is the north: the order that lies where ``crs`` is used, else the habit of surveys."""
    area = crs.area_of_use
    if area is None or crs.geodetic_crs is None:
        return True
    to_degrees = Transformer.from_crs(crs, crs.geodetic_crs, always_xy=True)
    shares = {}
    for swapped in (True, False):
        first, second = figures[:, int(swapped)], figures[:, 1 - int(swapped)]
        lon, lat = (first, second) if crs.is_geographic else to_degrees.transform(first, second)
        inside = (lon >= area.west) & (lon <= area.east) & (lat >= area.south) & (lat <= area.north)
        shares[swapped] = float(inside.mean())
    return shares[True] >= shares[False]


def local_source(label: str, figures: FloatArray) -> str:
    """The system of local metres: the delivery's own when it is plane metres, else a plane round its middle."""
    crs = known_crs(label)
    if crs.is_projected and abs(crs.axis_info[0].unit_conversion_factor - 1.0) < 1e-9:
        return label
    lon, lat = np.median(figures if crs.is_geographic else from_plane(figures, label), axis=0)
    # Rounded to whole tenths of a degree: deliveries of one place share their plane.
    return f"+proj=tmerc +lat_0={np.round(lat, 1)} +lon_0={np.round(lon, 1)} +k=1 +x_0=0 +y_0=0 +ellps=GRS80 +from={label}"


def from_plane(xy: FloatArray, label: str) -> FloatArray:
    """``(n, 2)`` lon, lat of plane coordinates of ``label``."""
    return from_storage(to_storage(xy, label), "EPSG:4490")


def local_m(xy: FloatArray, source: str) -> FloatArray:
    """Local metres of ``source``: as they are, or projected from longitude and latitude."""
    if "+from=" not in source:
        return xy
    plane, _, label = source.partition(" +from=")
    lonlat = xy if known_crs(label).is_geographic else from_plane(xy, label)
    east, north = Proj(plane)(lonlat[:, 0], lonlat[:, 1])
    return np.column_stack([east, north])
