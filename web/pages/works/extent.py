"""How large a work is, in words: the length of its lines, the area and depth of its excavations."""

from collections.abc import Sequence

from shapely import Polygon

from web.language import Speaker
from xzgis.works.terms import Excavation


def extent_words(say: Speaker, *, length_m: float, holes: Sequence[Excavation]) -> str:
    """What a check was of; a work of excavations alone has no length.

    Parameters
    ----------
    length_m
        Of all runs together; 0 where there is none.
    """
    told = [say("works.extent_run", length=f"{length_m:.1f}")] if length_m or not holes else []
    if holes:
        area = f"{sum(Polygon(hole.outline).area for hole in holes):.1f}"
        key = "works.extent_hole" if len(holes) == 1 else "works.extent_holes"
        told.append(say(key, count=len(holes), area=area, deep=_deep(say, holes)))
    return ("；" if say.language == "zh" else "; ").join(told)


def _deep(say: Speaker, holes: Sequence[Excavation]) -> str:
    """How deep the holes go: below the ground, or down to a level; what nobody said is told."""
    depths = sorted(hole.depth_m for hole in holes if hole.depth_m is not None)
    levels = sorted(hole.bottom_level_m for hole in holes if hole.bottom_level_m is not None)
    told = []
    if depths:
        key = "works.deep_m" if depths[0] == depths[-1] else "works.deep_to_m"
        told.append(say(key, least=f"{depths[0]:g}", deep=f"{depths[-1]:g}"))
    if levels:
        key = "works.bottom_m" if levels[0] == levels[-1] else "works.bottom_to_m"
        told.append(say(key, level=f"{levels[0]:.2f}"))
    if any(hole.depth_m is None and hole.bottom_level_m is None for hole in holes):
        told.append(say("works.deep_partly_unsaid" if told else "works.deep_unsaid"))
    return ("，" if say.language == "zh" else ", ").join(told)
