"""Three planned works to try on the district: one in conflict, one clear, one where nobody has looked."""

from typing import Any

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.samples.rules.depths import bands_of
from xzgis.samples.rules.layout import ground_m, segments_of
from xzgis.samples.rules.streets import place
from xzgis.samples.terms import JUNCTION_M, MARK, OFFSET_M, Sample

BESIDE_TELECOM_M = 0.8
FREE_LANE_M = 10.7
"""Beside where reclaimed water lies in the northernmost street, and nothing elsewhere; away from the gullies at the kerb."""
CLEAR_LANE_M = 9.8
"""There also clear of the largest valve chambers of gas beyond the footway, in a street without gullies."""
VERTICES = 5
TITLES = {
    "gas_in_conflict": ("中压燃气管道工程", "gas main"),
    "heat_clear": ("热力管道工程", "heat main"),
    "heat_not_surveyed": ("热力管道工程", "heat main, gas not surveyed"),
}
STREET_CLASS = 1
"""Collectors: no heat main there, so that one may be planned."""


def works_of(catalogue: Catalogue, sample: Sample) -> dict[str, dict[str, Any]]:
    """Work documents by file name, each along one street segment; crown levels as profiles.

    ``gas_in_conflict`` runs too near a telecom main; ``heat_clear`` keeps clear of everything, jacked in the depth
    band of heat; ``heat_not_surveyed`` does the same where nobody has looked for gas. A district too small to
    have a street left for one does without it.
    """
    streets = segments_of(sample.layout)
    holes = {entry["kind"]: entry["segment"] for entry in sample.expected["not_surveyed"]}
    fit = [n for n in np.flatnonzero(streets["street_class"] == STREET_CLASS).tolist()
           if n not in holes.values() and not _has_violation(sample, n)]  # fmt: skip
    bands = bands_of(catalogue)
    gas = {"kind": "gas", "section": {"diameter_mm": 160}, "material": "pe", "burial": "direct_buried",
           "pressure_class": "medium_A", "method": "open_cut"}  # fmt: skip
    heat = {"kind": "heat", "section": {"diameter_mm": 200}, "material": "steel", "burial": "direct_buried",
            "method": "jacking"}  # fmt: skip
    beside = OFFSET_M["telecom"] - BESIDE_TELECOM_M
    plans: dict[str, tuple[int, float, float, dict[str, Any]]] = {}
    if fit:
        plans["gas_in_conflict"] = (fit[len(fit) // 3], beside, bands["gas"].crown_m, gas)
        plans["heat_clear"] = (fit[2 * len(fit) // 3], CLEAR_LANE_M, bands["heat"].crown_m, heat)
    if "gas" in holes:
        plans["heat_not_surveyed"] = (holes["gas"], FREE_LANE_M, bands["heat"].crown_m, heat)
    return {name: _document(sample, name, *plan) for name, plan in plans.items()}


def _has_violation(sample: Sample, segment: int) -> bool:
    """Whether a violation was injected in the segment."""
    streets = segments_of(sample.layout)
    length = float(streets["length_m"].iloc[segment])
    east, north = place(streets, np.full(2, segment), np.array([0.0, length]), np.array([-20.0, 20.0]))
    return any(min(east) < entry["east_m"] < max(east) and min(north) < entry["north_m"] < max(north)
               for entry in sample.expected["violations"])  # fmt: skip


def _document(
    sample: Sample, name: str, segment: int, across_m: float, crown_m: float, facts: dict[str, Any]
) -> dict[str, Any]:
    streets = segments_of(sample.layout)
    length = float(streets["length_m"].iloc[segment])
    along = np.linspace(JUNCTION_M + 4, length - JUNCTION_M - 4, VERTICES)
    east, north = place(streets, np.full(VERTICES, segment), along, np.full(VERTICES, across_m))
    ground = ground_m(sample.layout, east, north)
    profile = [{"chainage_m": round(float(at - along[0]), 3), "level_m": round(float(level - crown_m), 3)}
               for at, level in zip(along, ground, strict=True)]  # fmt: skip
    run = {
        **facts, "axis": [[round(float(x), 3), round(float(y), 3)] for x, y in zip(east, north, strict=True)],
        "depth": {"profile": profile, "profile_of": "crown"}, "ground_m": [round(float(g), 3) for g in ground],
    }  # fmt: skip
    title, english = TITLES[name]
    road = str(streets["road"].iloc[segment]).removesuffix(MARK)
    return {"name": f"{road}{title} {english}{MARK}", "crs": "EPSG:4548", "runs": [run]}
