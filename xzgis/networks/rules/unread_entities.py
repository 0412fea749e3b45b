"""Entities of a drawing that were not read: what they may be hangs on what the layer they stand on is for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.formats.features import FeatureFile, Note
from xzgis.networks.rules.feature_mapping import FeatureMapping
from xzgis.networks.rules.layer_kinds import is_in_doubt, kind_of_layer_name

UNREAD = "R37"
_MOST_LAYERS_NAMED = 20


def notes_of(file: FeatureFile, mapping: FeatureMapping, catalogue: Catalogue) -> Iterator[Note]:
    """The notes of ``file``; entities that were not read on a layer of lines are a warning.

    A line drawn as a leader or a filled strip is not there for anybody who trusts the answer. On the layers that
    nobody knows they are told together, and of no layer: that of one would say that a person calls it none of ours.
    """
    unknown: list[Note] = []
    for note in file.notes:
        if not _is_left_out(note) or mapping.is_told_to_skip(file.file, note.layer):
            yield note
        elif _is_of_lines(file, str(note.layer), mapping, catalogue):
            yield replace(note, level="warning")
        else:
            unknown.append(note)
    if unknown:
        yield _together(unknown)


def _is_left_out(note: Note) -> bool:
    return note.code == UNREAD and note.level == "info" and note.layer is not None


def _is_of_lines(file: FeatureFile, layer: str, mapping: FeatureMapping, catalogue: Catalogue) -> bool:
    """Whether a layer is used for lines or points, or its name speaks of some line."""
    about = mapping.of(file.file, layer)
    if about is not None and about.role not in ("skip", "area"):
        return True
    # A layer of such entities alone is no layer to the reading: only its name can speak.
    return kind_of_layer_name(layer, catalogue) is not None or is_in_doubt(layer, catalogue)


def _together(notes: Sequence[Note]) -> Note:
    listed = [f"{note.layer}: {note.value}" for note in notes[:_MOST_LAYERS_NAMED]]
    more = len(notes) - len(listed)
    zh, en = "；".join(listed), "; ".join(listed)
    return replace(
        notes[0],
        words=Words(
            f"未读取的图元（按图层）：{zh}" + (f"；另有 {more} 个图层" if more else ""),
            f"entities not read, by layer: {en}" + (f"; {more} more layers" if more else ""),
        ),
        layer=None,
        value=None,
    )
