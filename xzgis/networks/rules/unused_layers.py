"""Layers of a delivery that were not used: which of them hold lines though nobody said that they are no pipes."""

from collections.abc import Sequence

import numpy as np
import shapely

from xzgis.formats.features import FeatureFile
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping

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
