"""Which kinds nobody surveyed beside an excavation, as far as digging there concerns a line (decision 0023)."""

from collections.abc import Mapping, Sequence

import numpy as np
import shapely
from shapely import LineString, Polygon
from shapely.geometry.base import BaseGeometry

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.coverage import SLIT_M, not_covered
from xzgis.conflicts.rules.findings import hole_name
from xzgis.conflicts.terms import NotCovered
from xzgis.networks.terms import FloatArray


def hole_survey_m(catalogue: Catalogue) -> float:
    """How far beside an excavation a line of any kind would be a finding, wall to edge: the widest zone of care."""
    values = catalogue.limits.values
    return max(values["dig_hand_zone_m"], values["dig_owner_present_m"])


def boxes_around(outlines: Sequence[FloatArray], reach_m: float) -> FloatArray:
    """``(n, 4)`` boxes of the outlines ``(k, 2)``, storage CRS, grown by ``reach_m``."""
    boxes = [
        np.concatenate([outline.min(axis=0) - reach_m, outline.max(axis=0) + reach_m]) for outline in outlines
    ]
    return np.array(boxes, dtype=np.float64).reshape(-1, 4)


def holes_not_covered(
    outlines: Sequence[FloatArray],
    kinds: Sequence[str],
    areas: Mapping[str, Sequence[BaseGeometry]],
    catalogue: Catalogue,
) -> tuple[NotCovered, ...]:
    """Excavations whose ground, grown by :func:`hole_survey_m`, is not wholly surveyed for a kind; the whole outline.

    Parameters
    ----------
    outlines
        Outline ``(k, 2)`` of each excavation, storage CRS.
    areas
        Surveyed areas by kind, all that lie within reach of any outline.
    """
    reach_m = hole_survey_m(catalogue)
    found: list[NotCovered] = []
    for number, outline in enumerate(outlines):
        ring = LineString(np.vstack([outline, outline[:1]]))
        ground, name = shapely.make_valid(Polygon(outline)), hole_name(number)
        beside = not_covered([ring], [name], areas, {kind: [reach_m] for kind in kinds})
        open_kinds = {part.kind for part in beside}
        found += [
            NotCovered(kind=kind, run=name, chainage_m=(0.0, ring.length))
            for kind in kinds
            if kind in open_kinds or not _holds(areas.get(kind, ()), ground)
        ]
    return tuple(found)


def _holds(areas: Sequence[BaseGeometry], ground: BaseGeometry) -> bool:
    """Whether the areas together hold ``ground``; slits between them that are none are closed."""
    if any(area.covers(ground) for area in areas):
        return True
    near = [area for area in areas if area.intersects(ground)]
    return bool(near) and bool(
        shapely.union_all(shapely.buffer(near, SLIT_M, join_style="mitre")).covers(ground)
    )
