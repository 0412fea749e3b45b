"""Layers of a delivery that were not used: which of them may hold lines though nobody said that they are no pipes."""

import re
from collections.abc import Sequence

import numpy as np
import shapely

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Layer
from xzgis.networks.rules.feature_mapping import FeatureMapping, LayerMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.kind_words import english_words
from xzgis.networks.rules.layer_kinds import is_in_doubt, kind_of_layer_name, parts_of_name
from xzgis.networks.rules.numbers import plain

UNUSED_LAYER = "R33"
LINES = (1, 2, 5, 7)
"""Numbers of shapely for lines, rings, several lines, and collections, which may hold any of them."""

NO_SHAPE = Words(
    "其中没有可读的图形；如应为管线，请在来源软件中改正图形后重新导出",
    "It holds no shape that can be read; if these are lines, mend their geometry where they come from and export again",
)


AREAS = (3, 6)
"""Of areas: channels and chambers are drawn so, but parcels and buildings too, so their kind decides."""
AREAS_REMEDY = Words(
    "请在来源处把面转为线（中心线）后重新导出；确认不是管线的，请选择“不读”",
    "turn the areas into lines (their centrelines) where they come from and export again; if they are no pipes,"
    " choose 'skip'",
)
# A protected zone along a pipe is no pipe, nor is what somebody manages (管理); who manages (管委会) says nothing of it.
_ZONE = re.compile(r"保护(?![管套])|(?:管理|管辖)[区范]")
_CHANNEL = re.compile(r"管(?![理委辖])|沟|渠|涵|廊|隧|电缆|光缆")
# At the end of what names the kind: 雨水汇水区 is ground, 泉山区雨水 and 雨水_泉山区 are the rain water of a district.
_GROUND = re.compile(
    r"(?:范围|用地|厂|站|流域|井室|水系|水面|水体|(?:[小水气热电务划分]|服务|作业)区)[面图层线0-9]*$"
)
_CHANNEL_WORDS = frozenset({
    "pipe", "pipes", "pipeline", "pipelines", "main", "mains", "duct", "ducts", "channel", "channels", "trench", "trenches",
    "tunnel", "tunnels", "culvert", "culverts", "cable", "cables", "conduit", "conduits", "box", "boxes",
})  # fmt: skip
_GROUND_WORDS = frozenset({
    "landuse", "station", "stations", "substation", "substations", "area", "areas", "plant", "plants", "zone", "zones",
    "district", "districts", "catchment", "catchments", "basin", "basins",
})  # fmt: skip
_SHAPE_WORDS = frozenset({"polygon", "polygons", "poly"})
_MAINS_WATER = re.compile(r"给水|供水|自来水")
SURE = 0.85
"""How sure a kind must be: by its name, or by a column most of which is understood."""


def unread_layers(
    files: Sequence[FeatureFile], mapping: FeatureMapping, catalogue: Catalogue
) -> tuple[tuple[str, str | None], ...]:
    """File and name of those layers that were left out by a guess, and not because a person said so.

    Those with lines, and those with areas that are of a kind of buried lines.
    """
    unused = LayerMapping(role="skip")
    return tuple(
        (file.file, layer.name)
        for file in files
        for layer in file.layers
        for about in (mapping.of(file.file, layer.name) or unused,)
        if about.role in ("skip", "area")
        and not mapping.is_told_to_skip(file.file, layer.name)
        and (_holds(layer, LINES) or (_holds(layer, AREAS) and _is_of_lines(about, layer.name, catalogue)))
    )


def only_areas(layer: Layer) -> bool:
    """Whether a layer that is unread holds areas and no lines: their places are then known, and unknown ground."""
    return _holds(layer, AREAS) and not _holds(layer, LINES)


def _holds(layer: Layer, types: tuple[int, ...]) -> bool:
    return bool(np.isin(shapely.get_type_id(layer.geometry), types).any())


def _is_of_lines(about: LayerMapping, name: str, catalogue: Catalogue) -> bool:
    kinds = {about.kind, *about.kind_values.values(), *(rule.kind for rule in about.kind_rules)}
    named = (catalogue.kinds.get(kind) for kind in kinds if kind is not None)
    of_lines = {kind.token for kind in named if kind is not None and kind.is_buried_line}
    if about.confidence >= SURE and of_lines:
        return not _is_ground(name, tuple(about.kind_values), of_lines, catalogue)
    # 电力管沟 may be of two kinds: a channel of either is there.
    return _says_channel(name) and not _ZONE.search(plain(name)) and is_in_doubt(name, catalogue)


def _is_ground(name: str, values: Sequence[str], kinds: set[str], catalogue: Catalogue) -> bool:
    """Whether a layer of areas called ``name`` is of works, zones or open water, though of ``kinds`` of lines.

    ``values``: what its column of kinds says. A name or value that says a pipe or a channel is of none of them.
    """
    if _ZONE.search(plain(name)):
        return True
    if any(map(_says_channel, (name, *values))):
        return False
    is_open_water = kinds == {"water"} and not any(_MAINS_WATER.search(plain(one)) for one in (name, *values))
    return is_open_water or _names_ground(name, catalogue)


def _names_ground(name: str, catalogue: Catalogue) -> bool:
    words = [word for word in english_words(name) if word not in _SHAPE_WORDS]
    if not _GROUND_WORDS.isdisjoint(words[-1:]):
        return True
    # A place may stand beside the kind: 燃气_火车站 is no station of gas.
    parts = [part for part in parts_of_name(name) if not part.isascii()]
    naming = parts if len(parts) == 1 else [part for part in parts if kind_of_layer_name(part, catalogue)]
    return any(map(_GROUND.search, naming))


def _says_channel(name: str) -> bool:
    return bool(_CHANNEL.search(plain(name)) or set(english_words(name)) & _CHANNEL_WORDS)


def tell_unused(part: LayerPart, *, is_unread: bool) -> None:
    """A layer left aside; a warning where it may hold lines (``is_unread``) and nobody said that they are no pipes."""
    layer = part.layer
    holds = Words("", "")
    if is_unread:
        of_lines = _holds(layer, LINES)
        holds = (
            Words("，其中有线", ", lines among them")
            if of_lines
            else Words("，其中有面状管线", ", pipes drawn as areas among them")
        )
    part.find(
        UNUSED_LAYER,
        "warning" if is_unread else "info",
        Words(
            f"图层 {layer.name}（{len(layer.row)} 个要素{holds.zh}）未使用",
            f"layer {layer.name} ({len(layer.row)} features{holds.en}) was not used",
        ),
        _remedy(layer, is_unread=is_unread),
    )


def has_no_shape(layer: Layer) -> bool:
    """Whether no feature of a layer has a geometry that could be read: then no kind chosen for it helps."""
    return not any(one is not None and not one.is_empty for one in layer.geometry)


def _remedy(layer: Layer, *, is_unread: bool) -> Words:
    if is_unread and not _holds(layer, LINES):
        return AREAS_REMEDY
    if is_unread:
        return Words(
            "如需导入，请为该图层选择管类；确认不是管线的，请选择“不读”",
            "choose a kind for it if it is to come in; if its lines are no pipes, choose 'skip'",
        )
    return (
        NO_SHAPE
        if has_no_shape(layer)
        else Words("如需导入，请为该图层选择管类", "choose a kind for it if it is to come in")
    )
