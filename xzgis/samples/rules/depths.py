"""At which depth each kind lies, so that lines of different kinds are clear wherever they cross."""

import math
from collections.abc import Mapping

from xzgis.catalogue.rules import conditions_hold, outer_size, rule_kinds_of, sigma
from xzgis.catalogue.terms import Catalogue
from xzgis.networks.terms import Conditions
from xzgis.samples.terms import LATERALS, MAINS, STACK, Band, Line

FIRST_CROWN_M = 1.30
"""Crown of the uppermost kind: the largest cover under a carriageway with what the survey may be off."""
CROSSING_CLASS = "visible_point"
SLACK_M = 0.05
SEWER_SLACK_M = 0.25
"""Laterals of sewers rise from the main: by so much where they cross others."""


def facts_of(kind: str, line: Line) -> Conditions:
    """The facts that rules ask of a line of the district."""
    return Conditions(
        kind=kind,
        pressure_class=line.pressure_class,
        voltage_kv=line.voltage_kv,
        burial=line.burial,
        material=line.material,
        nominal_mm=line.nominal_mm,
    )


def lines_of(kind: str) -> list[Line]:
    """Every line of a kind in the district, mains and laterals."""
    found = [line for line in MAINS[kind] if line is not None]
    return [*found, LATERALS[kind]] if kind in LATERALS else found


def largest_outer_m(catalogue: Catalogue, kind: str) -> float:
    """The largest outer size of a kind in the district, what it may be off included, metres."""
    sizes = [
        outer_size(
            catalogue, kind=kind, nominal_mm=line.nominal_mm, material=line.material, burial=line.burial
        )
        for line in lines_of(kind)
    ]
    return max(size.outer_mm + size.spread_mm for size in sizes if size is not None) / 1000


def asked_m(catalogue: Catalogue, a: str, b: str) -> float:
    """The strictest vertical clearance between any lines of two kinds in the district, metres."""
    found = [0.0]
    for rule in catalogue.vertical:
        for x, y in ((a, b), (b, a)):
            for line_x in lines_of(x):
                for line_y in lines_of(y):
                    facts = facts_of(x, line_x), facts_of(y, line_y)
                    if isinstance(rule.clearance_m, float) and _speaks(catalogue, rule, facts):
                        found.append(rule.clearance_m)
    return max(found)


def _speaks(catalogue: Catalogue, rule: object, facts: tuple[Conditions, Conditions]) -> bool:
    return all(
        getattr(rule, f"kind_{side}") in rule_kinds_of(catalogue, fact)
        and conditions_hold(catalogue, getattr(rule, f"condition_{side}"), fact) is not False
        for side, fact in zip("ab", facts, strict=True)
    )


def margin_m(catalogue: Catalogue, depth_a_m: float, depth_b_m: float) -> float:
    """What the survey of two crossing lines may be off, at the factor of the catalogue."""
    a, b = (sigma(catalogue, CROSSING_CLASS, depth).level_m for depth in (depth_a_m, depth_b_m))
    return catalogue.limits.sigma_factor * math.hypot(a, b)


def bands_of(catalogue: Catalogue) -> Mapping[str, Band]:
    """The band of every kind: in the order of clause 4.1.12, each clear of all above it."""
    bands: dict[str, Band] = {}
    for kind in STACK:
        bands[kind] = _below(catalogue, kind, bands, [above for above in STACK if above in bands])
    bands["reclaimed"] = _below(catalogue, "reclaimed", bands, ["telecom", "power", "gas", "heat", "water"])
    bands["drainage_foul"] = _below(catalogue, "drainage_foul", bands, [*STACK[:-1], "reclaimed"])
    return bands


def _below(catalogue: Catalogue, kind: str, bands: Mapping[str, Band], above: list[str]) -> Band:
    height = largest_outer_m(catalogue, kind)
    crown = FIRST_CROWN_M
    for other in above:
        upper = bands[other]
        guess = upper.bottom_m + 1.5
        least = upper.bottom_m + asked_m(catalogue, other, kind) + margin_m(catalogue, upper.bottom_m, guess)
        crown = max(crown, least + (SEWER_SLACK_M if kind.startswith("drainage") else SLACK_M))
    crown = round(math.ceil(crown * 100) / 100, 2)
    return Band(crown_m=crown, bottom_m=crown + height)
