"""Three planned works to try on the district: one in conflict, one clear, one where nobody has looked."""

from typing import Any

import numpy as np
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.samples.rules.depths import bands_of
from xzgis.samples.rules.layout import segments_of
from xzgis.samples.rules.streets import place
from xzgis.samples.terms import JUNCTION_M, MARK, OFFSET_M, Sample

BESIDE_TELECOM_M = 0.8
FREE_LANE_M = 0.0


def works_of(catalogue: Catalogue, sample: Sample) -> dict[str, dict[str, Any]]:
    """GeoJSON documents by file name; axes in EPSG:4548, named in ``crs``."""
    streets = segments_of(sample.layout)
    holes = {entry["kind"]: entry["segment"] for entry in sample.expected["not_surveyed"]}
    taken = {entry["segment"] for entry in sample.expected["not_surveyed"]}
    fit = [n for n in np.flatnonzero(streets["street_class"] == 1).tolist() if n not in taken]
    heat_m = bands_of(catalogue)["heat"].crown_m
    plans = {
        "gas_in_conflict": (fit[len(fit) // 3], OFFSET_M["telecom"] - BESIDE_TELECOM_M,
                            {"kind": "gas", "diameter_mm": 160, "material": "pe", "burial": "direct_buried",
                             "pressure_class": "medium_A", "cover_m": 1.2}),
        "heat_clear": (fit[len(fit) // 2], FREE_LANE_M,
                       {"kind": "heat", "diameter_mm": 200, "material": "steel", "burial": "direct_buried",
                        "cover_m": heat_m}),
        "telecom_not_surveyed": (holes["gas"], FREE_LANE_M,
                                 {"kind": "telecom", "diameter_mm": 110, "material": "pvc", "burial": "conduit",
                                  "cover_m": 1.3}),
    }  # fmt: skip
    return {name: _document(streets, name, *plan) for name, plan in plans.items()}


def _document(streets: pd.DataFrame, name: str, segment: int, across_m: float, facts: dict[str, Any]) -> dict[str, Any]:
    length = float(streets["length_m"].iloc[segment])
    along = np.array([JUNCTION_M + 4, length - JUNCTION_M - 4])
    east, north = place(streets, np.full(2, segment), along, np.full(2, across_m))
    axis = [[round(float(x), 2), round(float(y), 2)] for x, y in zip(east, north, strict=True)]
    return {
        "type": "FeatureCollection", "name": name + MARK,
        "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::4548"}},
        "features": [{"type": "Feature", "properties": facts,
                      "geometry": {"type": "LineString", "coordinates": axis}}],
    }  # fmt: skip
