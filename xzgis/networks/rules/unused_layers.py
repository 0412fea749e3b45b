"""Layers of a delivery that were not used: which of them hold lines though nobody said that they are no pipes."""

from collections.abc import Sequence

import numpy as np
import shapely

from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping
from xzgis.networks.rules.feature_part import LayerPart

UNUSED_LAYER = "R33"
LINES = (1, 2, 5, 7)
"""Numbers of shapely for lines, rings, several lines, and collections, which may hold any of them."""


def unread_layers(
    files: Sequence[FeatureFile], mapping: FeatureMapping
) -> tuple[tuple[str, str | None], ...]:
    """File and name of those layers with lines that were left out by a guess, and not because a person said so."""
    unused = LayerMapping(role="skip")
    return tuple(
        (file.file, layer.name)
        for file in files
        for layer in file.layers
        if mapping.layers.get(layer.name, unused).role in ("skip", "area")
        and not mapping.is_told_to_skip(layer.name)
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
        Words(
            "如需导入，请为该图层选择管类；确认不是管线的，请选择“不读”",
            "choose a kind for it if it is to come in; if its lines are no pipes, choose 'skip'",
        )
        if holds_lines
        else Words("如需导入，请为该图层选择管类", "choose a kind for it if it is to come in"),
    )
