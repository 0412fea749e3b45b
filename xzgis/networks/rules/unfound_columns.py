"""Columns that a mapping of layers names and a layer lacks (R46), as :mod:`.saved_mapping` tells them of tables.

A mapping that was saved for another layout reads without a word: what its columns should tell is not told, and a layer of
gas, power and water becomes all water. What hides a line's kind, size, place or accuracy is an error.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.feature_accuracy import OF_ACCURACY
from xzgis.networks.rules.feature_fields import HEIGHT_COLUMN, UNIT_OF
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping, key_of, kind_columns
from xzgis.networks.terms import IntakeFinding

UNFOUND = "R46"
_KIND = "kind"
_DECIDING = (
    {_KIND, "section", "burial", "depth_reference", *OF_ACCURACY}
    | {name for name, unit in UNIT_OF.items() if unit in ("m", "mm")}
) - {"length_m"}
"""What a wrong clearance can come of: the kind, sizes, depths and levels, what they are measured to, how well they are known."""
_REMEDY = Words(
    "核对图层的列名，在图层对应中改选列；此图层确无此项的，去掉该字段",
    "Compare the names of the layer's columns and choose another one; leave the field out of the mapping if the layer has none",
    "--mapping FILE",
)


def has_column(layer: Layer, column: str) -> bool:
    """Whether a layer has a column, or heights in its geometry where those are meant."""
    return column == HEIGHT_COLUMN or column in layer.frame.columns


def unfound_columns(files: Sequence[FeatureFile], mapping: FeatureMapping) -> list[IntakeFinding]:
    """A finding for each column that the mapping of a layer names and the layer lacks.

    A column that other files have in a layer of the same name is a warning: what it should tell is unknown here.
    """
    of_key: dict[str, list[tuple[FeatureFile, Layer]]] = defaultdict(list)
    for file in files:
        for layer in file.layers:
            if len(layer.row):
                of_key[key_of(mapping.layers, file.file, layer.name)].append((file, layer))
    found: list[IntakeFinding] = []
    for key, layers in of_key.items():
        about = mapping.layers.get(key)
        if about is None or about.role in ("skip", "area"):
            continue
        for field, column in _named(about):
            lacking = [(file, layer) for file, layer in layers if not has_column(layer, column)]
            is_error = field in _DECIDING and len(lacking) == len(layers)
            found += [_finding(field, column, file, layer, is_error=is_error) for file, layer in lacking]
    return found


def _named(about: LayerMapping) -> Iterator[tuple[str, str]]:
    """Our fields and the columns that a mapping names for them."""
    yield from ((_KIND, column) for column in sorted(kind_columns(about)))
    yield from ((field, source.column) for field, source in about.fields.items())


def _finding(field: str, column: str, file: FeatureFile, layer: Layer, *, is_error: bool) -> IntakeFinding:
    return IntakeFinding(
        UNFOUND,
        "error" if is_error else "warning",
        Words(
            f"图层对应中 {field} 的列“{column}”不在图层 {layer.name} 中{_taken(field).zh}",
            f"The layer {layer.name} has no column {column!r}, which its mapping names for {field}{_taken(field).en}",
        ),
        _REMEDY,
        file=file.file,
        sheet=layer.name,
        field=column,
    )


def _taken(field: str) -> Words:
    """What is taken for a field whose column is not there."""
    if field == _KIND:
        return Words("，其管类按不明管线", "; its kind is taken as unknown")
    if field in OF_ACCURACY:
        return Words("，精度按推测计", "; taken as inferred")
    return Words("，按未知", "; taken as unknown")
