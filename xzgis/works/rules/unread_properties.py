"""Properties of features that look like a size, a depth or a level of the work and that nobody reads."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from shapely.geometry.base import BaseGeometry

from xzgis.core.words import Words
from xzgis.works.rules.cells import as_figure, as_text
from xzgis.works.rules.list_columns import MAY_BE_DEPTH, MAY_BE_LEVEL, MAY_DECIDE

OF_LINE = (
    "kind", "diameter_mm", "width_mm", "height_mm", "pressure_class", "voltage_kv", "burial", "material", "method",
    "cover_m", "sigma_plan_m", "sigma_level_m",
)  # fmt: skip
OF_HOLE = ("depth_m", "bottom_level_m")


def unread_properties(
    features: Iterable[tuple[BaseGeometry | None, Mapping[str, Any]]], name: str
) -> tuple[Words, ...]:
    """One sentence for the properties of lines, one for those of polygons, that the file ``name`` tells in vain."""
    of_line: dict[str, None] = {}
    of_hole: dict[str, None] = {}
    for shape, properties in features:
        told = [key for key, value in properties.items() if as_text(value) or as_figure(value) is not None]
        if shape is None or shape.is_empty:
            continue
        if "Line" in shape.geom_type or shape.geom_type == "GeometryCollection":
            of_line |= dict.fromkeys(key for key in told if key not in OF_LINE and _decides(key, MAY_DECIDE))
        if "Polygon" in shape.geom_type or shape.geom_type == "GeometryCollection":
            of_hole |= dict.fromkeys(key for key in told if key not in OF_HOLE and _decides(key))
    return (
        *_sentence(tuple(of_line), OF_LINE, name, Words("线", "lines")),
        *_sentence(tuple(of_hole), OF_HOLE, name, Words("面", "polygons")),
    )


def _decides(key: str, also: re.Pattern[str] | None = None) -> bool:
    is_level = MAY_BE_LEVEL.search(key) or MAY_BE_DEPTH.match(key)
    return bool(is_level or (also is not None and also.search(key)))


def _sentence(keys: Sequence[str], read: Sequence[str], name: str, of: Words) -> tuple[Words, ...]:
    if not keys:
        return ()
    return (
        Words(
            f"{name} 中{of.zh}的属性{'、'.join(f'“{key}”' for key in keys)}未读取。{of.zh}只读取这些属性："
            f"{'、'.join(read)}；请改用这些名称（注意单位），或另行给出。",
            f"Not read of the {of.en} in {name}: {', '.join(f'“{key}”' for key in keys)}. Of {of.en} these properties are "
            f"read: {', '.join(read)}. Call them so (mind the units), or say it beside the file.",
        ),
    )
