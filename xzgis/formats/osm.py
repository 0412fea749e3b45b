"""OpenStreetMap extracts (PBF and XML): lines and points with their tags as columns."""

from pathlib import Path

import numpy as np

from xzgis.formats.features import FeatureFile, Layer
from xzgis.formats.gdal import hstore_values, read_with
from xzgis.formats.safe_xml import refuse_document_type

# Tags that say what a line is and how it lies; GDAL leaves most of them inside one text.
TAGS = (
    "power",
    "voltage",
    "cables",
    "circuits",
    "location",
    "substance",
    "pipeline",
    "diameter",
    "usage",
    "operator",
    "tunnel",
    "layer",
    "man_made",
    "highway",
    "waterway",
    "communication",
    "utility",
)


def read(path: Path, *, file: str, work: Path) -> FeatureFile:
    """Layers ``power``, ``pipeline``, ``telecom`` and ``highway`` (lines) and ``power_point`` of an extract.

    Only ways and nodes with one of these tags are kept: the rest of an extract is no concern of a register
    of lines. ``facts["features"]`` counts the ways and nodes with tags.
    """
    with path.open("rb") as stream:
        is_xml = stream.read(256).lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")
    if is_xml:
        refuse_document_type(path, file=file)
    whole = read_with("OSM", path, file=file, work=work, only=("points", "lines"))
    layers: list[Layer] = []
    for source, wanted in (
        ("lines", ("power", "pipeline", "telecom", "highway")),
        ("points", ("power_point",)),
    ):
        layer = whole.layer(source)
        tagged = _with_tags(layer)
        layers += [_picked(tagged, name) for name in wanted]
    facts = {"features": {layer.name: len(layer.row) for layer in whole.layers}}
    return FeatureFile(file, "OSM", tuple(layer for layer in layers if len(layer.row)), whole.notes, facts)


def _with_tags(layer: Layer) -> Layer:
    frame = layer.frame
    if "other_tags" in frame.columns:
        found = hstore_values(frame["other_tags"], [tag for tag in TAGS if tag not in frame.columns])
        frame = frame.drop(columns="other_tags").join(found)
    for tag in TAGS:
        if tag not in frame.columns:
            frame[tag] = np.nan
    return Layer(layer.name, frame, layer.geometry, layer.row, layer.crs, layer.crs_source)


def _picked(layer: Layer, name: str) -> Layer:
    frame = layer.frame
    if name == "pipeline":
        mask = frame["man_made"] == "pipeline"
    elif name == "telecom":
        mask = (frame["communication"] == "line") | (frame["utility"] == "telecom")
    else:
        mask = frame["highway" if name == "highway" else "power"].notna()
    at = np.flatnonzero(mask.to_numpy(dtype=bool, na_value=False))
    part = frame.iloc[at].dropna(axis=1, how="all").reset_index(drop=True)
    return Layer(name, part, layer.geometry[at], layer.row[at], layer.crs, "standard")
