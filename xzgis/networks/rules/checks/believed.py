"""What a delivery says once it is checked: one way for the register and for a check against files."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.checks.depths import ENDS
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.rules.checks.places import line_lengths
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.checks.units import without_doubted_levels
from xzgis.networks.rules.courses import Lie, untold_between
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.levels import FROM_BELOW, EndLevels, is_gravity, is_one_of
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.rules.survey import POINTS_MISSING
from xzgis.networks.rules.told_spans import knows_levels
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
    for a check), but for slopes that nobody laid, which registers of before held (decision 0091). Lines whose points
    are missing have nothing to be checked. ``believed`` is told the first before the second is looked for.
    """
    if delivery.facts.get(POINTS_MISSING):
        return delivery, delivery.findings
    doubts, is_ours = Doubts(), delivery.intake == OWN_EXPORT
    told = _without_slopes(delivery, catalogue, doubts) if is_ours else uncontradicted(delivery, catalogue)
    believed(told)
    return told, (*findings_of(delivery, catalogue, strict=strict), *doubts.found)


def uncontradicted(delivery: Delivery, catalogue: Catalogue) -> Delivery:
    """``delivery`` as a check may believe it, our own export too: its file may have been edited since it was written."""
    if delivery.facts.get(POINTS_MISSING):
        return delivery
    mended = without_doubted_levels(without_contradicted_levels(delivery, catalogue), catalogue)
    if delivery.intake != OWN_EXPORT:
        return mended
    return _without_slopes(_as_told(mended, catalogue), catalogue, Doubts())


def _without_slopes(delivery: Delivery, catalogue: Catalogue, doubts: Doubts) -> Delivery:
    """An own export without levels straight between the ends of risers, drilled lines and siphons; each is told."""
    checker = Checker(delivery, catalogue, strict=False)
    lines, vertices = delivery.lines, delivery.vertices
    reference = lines["depth_reference"].to_numpy(dtype=object)
    lies = []
    for which, name, _words in ENDS:
        held = EndLevels(*(checker.at_vertex(which, each) for each in (vertices.crown_m, vertices.bottom_m)))
        ground_m, depth_m = checker.at_vertex(which, vertices.ground_m), lines[f"{name}_depth_m"]
        lies.append(Lie(ground_m, depth_m.to_numpy(np.float64), held, reference, knows_levels(held)))
    # A rising main is measured to its crown.
    gravity = is_gravity(lines["kind"], catalogue.kinds) & is_one_of(reference, FROM_BELOW)
    untold = untold_between(lines, (lies[0], lies[1]), line_lengths(checker), gravity, doubts)
    return _without_levels(delivery, untold)


def _without_levels(delivery: Delivery, lines: npt.NDArray[np.bool_]) -> Delivery:
    vertices = delivery.vertices
    unknown = np.repeat(lines, np.diff(vertices.offset))
    crown, bottom = (np.where(unknown, np.nan, each) for each in (vertices.crown_m, vertices.bottom_m))
    return replace(delivery, vertices=replace(vertices, crown_m=crown, bottom_m=bottom))


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
    return _without_levels(delivery, off)
