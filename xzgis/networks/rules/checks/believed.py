"""What a delivery says once it is checked: one way for the register and for a check against files."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.checks.depths import ENDS
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.checks.units import without_doubted_levels
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.rules.survey import POINTS_MISSING
from xzgis.networks.terms import Delivery, IntakeFinding


def checked(
    delivery: Delivery,
    catalogue: Catalogue,
    *,
    strict: bool = False,
    believed: Callable[[Delivery], None] = lambda _delivery: None,
) -> tuple[Delivery, tuple[IntakeFinding, ...]]:
    """``delivery`` with the levels unknown that contradict others or hang on a doubted unit, and everything found in it.

    Records of our own export stood in a register: its intake changes nothing of them (:func:`uncontradicted` does
    for a check). Lines whose points are missing have nothing to be checked. ``believed`` is told the first before the
    second is looked for.
    """
    if delivery.facts.get(POINTS_MISSING):
        return delivery, delivery.findings
    told = delivery if delivery.intake == OWN_EXPORT else uncontradicted(delivery, catalogue)
    believed(told)
    return told, findings_of(delivery, catalogue, strict=strict)


def uncontradicted(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """``delivery`` as a check may believe it, our own export too: its file may have been edited since it was written."""
    if delivery.facts.get(POINTS_MISSING):
        return delivery
    mended = without_doubted_levels(without_contradicted_levels(delivery, catalogue), catalogue)
    return _as_told(mended, catalogue) if delivery.intake == OWN_EXPORT else mended


def _as_told(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """An own export without the levels of lines whose levels along the axis are not those told of an end.

    The level told of an end (else ground minus depth) lies between top and bottom, whichever of them was measured.
    """
    checker = Checker(delivery, catalogue, strict=False)
    vertices, lines = delivery.vertices, delivery.lines
    height_m = np.nan_to_num(lines["outer_height_mm"].to_numpy(np.float64)) / 1000
    slack_m = checker.limit("point_to_level_tolerance_m") + height_m + 1e-9
    off = np.zeros(len(lines), dtype=np.bool_)
    for end, name, _words in ENDS:
        told = lines[f"{name}_level_m"].to_numpy(np.float64)
        depth = lines[f"{name}_depth_m"].to_numpy(np.float64)
        told = np.where(np.isfinite(told), told, checker.at_vertex(end, vertices.ground_m) - depth)
        crown, bottom = checker.at_vertex(end, vertices.crown_m), checker.at_vertex(end, vertices.bottom_m)
        # Unknowns compare false: they contradict nothing.
        off |= (told - np.fmax(crown, bottom) > slack_m) | (np.fmin(crown, bottom) - told > slack_m)
    unknown = np.repeat(off, np.diff(vertices.offset))
    crown, bottom = (np.where(unknown, np.nan, each) for each in (vertices.crown_m, vertices.bottom_m))
    return replace(delivery, vertices=replace(vertices, crown_m=crown, bottom_m=bottom))
