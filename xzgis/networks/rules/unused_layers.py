"""Layers of a delivery that were not used: which of them hold lines though nobody said that they are no pipes."""

from collections.abc import Sequence

import numpy as np
import shapely

from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping
from xzgis.networks.rules.feature_part import LayerPart

UNUSED_LAYER = "R33"
LINES = (1, 2, 5, 7)
"""Numbers of shapely for lines, rings, several lines, and collections, which may hold any of them."""

NO_SHAPE = Words(
    "其中没有可读的图形；如应为管线，请在来源软件中改正图形后重新导出",
    "It holds no shape that can be read; if these are lines, mend their geometry where they come from and export again",
)


def unread_layers(
    files: Sequence[FeatureFile], mapping: FeatureMapping
) -> tuple[tuple[str, str | None], ...]:
    """File and name of those layers with lines that were left out by a guess, and not because a person said so."""
    unused = LayerMapping(role="skip")
    return tuple(
        (file.file, layer.name)
        for file in files
        for layer in file.layers
        if (mapping.of(file.file, layer.name) or unused).role in ("skip", "area")
        and not mapping.is_told_to_skip(file.file, layer.name)
        and bool(np.isin(shapely.get_type_id(layer.geometry), LINES).any())
    )


def tell_unused(part: LayerPart, *, holds_lines: bool) -> None:
    """A layer left aside; a warning where it ``holds_lines`` and nobody said that they are no pipes."""
    layer = part.layer
    part.find(
        UNUSED_LAYER,
        "warning" if holds_lines else "info",
        Words(
            f"图层 {layer.name}（{len(layer.row)} 个要素{'，其中有线' if holds_lines else ''}）未使用",
            f"layer {layer.name} ({len(layer.row)} features{', lines among them' if holds_lines else ''}) was not used",
        ),
        _remedy(layer, holds_lines=holds_lines),
    )


def has_no_shape(layer: Layer) -> bool:
    """Whether no feature of a layer has a geometry that could be read: then no kind chosen for it helps."""
    return not any(one is not None and not one.is_empty for one in layer.geometry)


def _remedy(layer: Layer, *, holds_lines: bool) -> Words:
    if holds_lines:
        return Words(
            "如需导入，请为该图层选择管类；确认不是管线的，请选择“不读”",
            "choose a kind for it if it is to come in; if its lines are no pipes, choose 'skip'",
        )
    return (
        NO_SHAPE
        if has_no_shape(layer)
        else Words("如需导入，请为该图层选择管类", "choose a kind for it if it is to come in")
    )
