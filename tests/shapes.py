"""A shelf of awkward geometries, in metres around the origin unless a name says otherwise."""

import numpy as np
from shapely import LineString, MultiPolygon, Point, Polygon, from_wkt

EMPTY_LINE = LineString()
NO_LENGTH = LineString([(1.0, 1.0), (1.0, 1.0)])
TWO_POINTS = LineString([(0.0, 0.0), (10.0, 0.0)])
CLOSED_LOOP = LineString([(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 0.0)])
SELF_CROSSING = LineString([(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)])
THERE_AND_BACK = LineString([(0.0, 0.0), (10.0, 0.0), (0.0, 0.0)])
REPEATED_VERTEX = LineString([(0.0, 0.0), (5.0, 0.0), (5.0, 0.0), (10.0, 0.0)])
WITH_Z = LineString([(0.0, 0.0, 1.0), (10.0, 0.0, 2.0)])
with np.errstate(invalid="ignore"):  # shapely computes the box of each and says so
    WITH_NAN = from_wkt("LINESTRING (0 0, NaN 0)")
    WITH_INFINITY = from_wkt("LINESTRING (0 0, Infinity 0)")
NATIONAL_SIZE = LineString([(517_844.512, 3_793_991.437), (517_944.512, 3_793_991.437)])
HAIR = LineString([(0.0, 0.0), (1e-6, 0.0)])
BOW_TIE = Polygon([(0.0, 0.0), (10.0, 10.0), (10.0, 0.0), (0.0, 10.0)])
WITH_HOLE = Polygon(
    [(0.0, 0.0), (30.0, 0.0), (30.0, 30.0), (0.0, 30.0)],
    [[(10.0, 10.0), (20.0, 10.0), (20.0, 20.0), (10.0, 20.0)]],
)
EMPTY_AREA = MultiPolygon()
EMPTY_POINT = Point()
