"""Reads delivered files of features by a mapping; touches no database."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.formats.child import Progress
from xzgis.formats.feature_files import read_feature_files
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.feature_delivery import Placing, deliver
from xzgis.networks.rules.feature_mapping import mapping_from_json
from xzgis.networks.rules.invented import INVENTED, says_invented
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.rules.own_export import deliver_own_export, is_own_export
from xzgis.networks.rules.proposed_mapping import propose_mapping
from xzgis.networks.terms import Delivery

_SHOWN_VALUES = 5
_LOOKED_AT_ROWS = 20_000
_GEOMETRY_WORDS = {
    0: "point",
    1: "line",
    2: "line",
    3: "polygon",
    4: "point",
    5: "line",
    6: "polygon",
    7: "mixed",
}


@dataclass(frozen=True, slots=True)
class LayerSight:
    """What a person must see of a layer to map it: counts by geometry, columns with their first values."""

    file: str
    name: str
    features: int
    geometry: Mapping[str, int]
    crs: str | None
    columns: Mapping[str, tuple[str, ...]]


def read_features(  # noqa: PLR0913 - what a person may say of a delivery, and the bounds of the reading
    paths: Sequence[Path],
    *,
    catalogue: Catalogue,
    intake: str | None = None,
    mapping: Mapping[str, Any] | None = None,
    code_kinds: Mapping[str, str] | None = None,
    crs: str | None = None,
    displace: bool = False,
    explode_blocks: bool = False,
    limits: tuple[int, int] = (300, 8192),
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
    placed_points: Callable[[Delivery], None] = lambda _delivery: None,
) -> Delivery:
    """The delivery of features in ``paths``, read, understood, placed, joined and given levels.

    Formats: GeoPackage, Shapefile (zip or loose parts), GeoJSON, DXF, IMKL (zip or XML), OSM, GML. ``mapping`` is
    what a person picked or edited (see :class:`FeatureMapping`); None: the proposal, in which ``code_kinds`` (value of the
    column of kinds → kind token) go first. ``explode_blocks``: also the
    lines inside the blocks of a drawing. ``limits``: CPU seconds and megabytes of the reading process. ``placed_points``
    is told the points before the lines are worked out (:func:`deliver`). Refuses files that cannot be read; what is wrong
    inside is a finding.
    """
    files = read_feature_files(
        paths, explode_blocks=explode_blocks, limits=limits, progress=progress, cancelled=cancelled
    )
    placing = Placing(crs, displace)
    if not mapping and (intake == OWN_EXPORT or (intake is None and is_own_export(files))):
        return deliver_own_export(files, placing, catalogue)
    if mapping:
        chosen = mapping_from_json(mapping, catalogue)
    else:
        chosen = propose_mapping(files, catalogue, intake=intake, code_kinds=code_kinds)
    delivery = deliver(files, chosen, placing, catalogue, placed_points=placed_points)
    sights = [asdict(_sight(file, layer)) for file in files for layer in file.layers]
    return replace(delivery, facts={**delivery.facts, "layers": sights, INVENTED: says_invented(files)})


def sight_features(
    paths: Sequence[Path],
    *,
    catalogue: Catalogue,
    intake: str | None = None,
    limits: tuple[int, int] = (300, 8192),
) -> tuple[tuple[LayerSight, ...], dict[str, Any]]:
    """The layers of ``paths`` for the mapping screen, and the proposed mapping as plain data to edit."""
    files = read_feature_files(paths, limits=limits)
    sights = tuple(_sight(file, layer) for file in files for layer in file.layers)
    return sights, propose_mapping(files, catalogue, intake=intake).as_json()


def _sight(file: FeatureFile, layer: Layer) -> LayerSight:
    types, counts = np.unique(shapely.get_type_id(layer.geometry), return_counts=True)
    geometry: dict[str, int] = {}
    for kind, count in zip(types, counts, strict=True):
        word = _GEOMETRY_WORDS.get(int(kind), "none")
        geometry[word] = geometry.get(word, 0) + int(count)
    columns = {
        str(name): tuple(str(value)[:60] for value in _first_values(layer.frame[name]))
        for name in layer.frame.columns
    }
    return LayerSight(file.file, layer.name, len(layer.row), geometry, layer.crs, columns)


def _first_values(column: pd.Series) -> Sequence[object]:
    """The first few different values; of a long column only its beginning is looked at."""
    begin = column.head(_LOOKED_AT_ROWS).dropna()
    if not pd.api.types.is_object_dtype(begin.dtype):
        # Of one type: different values read differently, and only those that are shown need be written out.
        begin = begin.drop_duplicates().head(_SHOWN_VALUES)
    return list(begin.astype(str).unique()[:_SHOWN_VALUES])
