"""The kind of each feature by its layer's mapping, and what the file itself calls it."""

from pathlib import PurePath

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.feature_mapping import kind_columns
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.layer_kinds import kind_of_layer_name
from xzgis.networks.rules.partial_codes import PartialCodes

ObjectArray = npt.NDArray[np.object_]
UNTOLD_KIND = "R32"


def kinds_of(part: LayerPart) -> ObjectArray:
    """``(n,)`` kind token of each feature; ``unknown``, with a finding, where nothing tells it."""
    mapping, frame = part.mapping, part.layer.frame
    # Where the column is not there that tells kinds apart, the layer's own kind would make all of them one.
    otherwise = mapping.kind if not kind_columns(mapping) - set(frame.columns) else None
    kinds: ObjectArray = np.full(len(frame), otherwise, dtype=object)
    column = frame[mapping.kind_column] if mapping.kind_column in frame.columns else None
    if column is not None:
        codes, names = pd.factorize(column)
        tokens = [mapping.kind_values.get(str(name)) for name in names]
        told: ObjectArray = np.array([*tokens, None], dtype=object)[codes]
        # A word that nobody knows is no less a word: the layer's own kind is for empty cells.
        kinds = np.where(column.isna().to_numpy(np.bool_), kinds, told)
    for rule in reversed(mapping.kind_rules):
        fits = np.ones(len(frame), dtype=np.bool_)
        for name, value in rule.where.items():
            is_so = (
                (frame[name] == value).fillna(False).to_numpy(dtype=np.bool_)
                if name in frame.columns
                else False
            )
            fits &= is_so
        kinds[fits] = rule.kind
    untold = pd.isna(kinds)
    if untold.any() and not mapping.kind_rules:
        named = _column_of_kinds(part)
        part.find_values(
            untold,
            UNTOLD_KIND,
            "warning",
            Words("看不出管类，按“不明管线”导入", "the kind cannot be told; it comes in as unknown"),
            Words("在图层对应中为其选择管类", "choose its kind in the layer mapping"),
            field=named or "",
            values=pd.Series([part.layer.name] * len(frame), dtype=object) if named is None else frame[named],
        )
    kinds[untold] = "unknown"
    return kinds


def codes_as_delivered(part: LayerPart, kind: ObjectArray) -> ObjectArray:
    """``(n,)`` what the file calls the kind: the value of the kind column, else our own code of the kind.

    A layer of street lamps is not called power: where the name of the layer says a part of its kind, that code stands. Nor
    is 图层1, whoever chose its kind: of a kind with parts, the name of the layer stands where nothing names the kind.
    """
    column = part.mapping.kind_column
    own = {token: one.code for token, one in part.catalogue.kinds.items()}
    asked = part.mapping.kind
    said = asked and PartialCodes.of(part.catalogue).in_name(asked, part.layer.name)
    if asked and said:
        own[asked] = said.code
    elif asked and not _names_kind(part, asked):
        own[asked] = part.layer.name
    number, tokens = pd.factorize(kind)
    ours: ObjectArray = np.array([*(own.get(token) for token in tokens), None], dtype=object)[number]
    if column is None or column not in part.layer.frame.columns:
        return ours
    delivered = part.layer.frame[column]
    told: ObjectArray = delivered.astype(object).to_numpy(dtype=object)
    return np.where(delivered.notna().to_numpy(), told, ours)


def _names_kind(part: LayerPart, kind: str) -> bool:
    """Whether the name of the layer or of its file says ``kind``, or an intake knows the layer; so of kinds without parts."""
    codes, name, file = PartialCodes.of(part.catalogue), part.layer.name, PurePath(part.file.file).stem
    if codes.is_whole(kind, name) or any(
        name in intake.layer_kinds for intake in part.catalogue.intakes.values()
    ):
        return True
    saying = [name] if codes.in_name(kind, file) else [name, file]
    named = (kind_of_layer_name(each, part.catalogue) for each in saying)
    return any(one is not None and one.kind == kind for one in named)


def _column_of_kinds(part: LayerPart) -> str | None:
    """The column in which the file says the kind, though in words that nobody knows; None where it has none."""
    mapping = part.mapping
    code = mapping.fields.get("code")
    for name in (mapping.kind_column, code.column if code is not None else None):
        if name is not None and name in part.layer.frame.columns:
            return name
    return None
