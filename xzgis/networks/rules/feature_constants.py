"""Constants of a mapping: what holds for every feature of a layer, read as a column that holds it in every row would be.

``120cm`` is a depth, ``废弃`` a state, and a day yet to come is none: told once for the layer and not row by row.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.formats.features import Layer
from xzgis.networks.rules.codes import WORDS_NAMED
from xzgis.networks.rules.feature_conditions import is_of_words, tell_conditions
from xzgis.networks.rules.feature_mapping import FieldMapping
from xzgis.networks.rules.feature_part import LayerPart
from xzgis.networks.rules.feature_texts import objects
from xzgis.networks.rules.feature_values import field_column
from xzgis.networks.terms import Level

ObjectArray = npt.NDArray[np.object_]
_PRESSURE_CLASS = "pressure_class"


class _Constants(LayerPart):
    """The constants of a layer, one row for each kind of its features; what is found of them has no row of the file."""

    def find_rows(self, mask: npt.NDArray[np.bool_], *told: Any, **where: Any) -> None:
        """Keep one finding for the constant."""
        self.find_values(mask, *told, **where)

    def find_values(
        self,
        mask: npt.NDArray[np.bool_],
        code: str,
        level: Level,
        words: Words,
        remedy: Words,
        *,
        field: str | None = None,
        values: pd.Series | None = None,
    ) -> None:
        """Keep one finding for the constant, whatever the number of kinds that it does not suit."""
        if not mask.any() or field is None:
            return
        value = None if values is None else str(values.iloc[int(np.argmax(mask))])[:120]
        said = Words(
            f"图层对应中的固定值 {field}：{words.zh}", f"the constant {field} of the mapping: {words.en}"
        )
        self.find(code, level, said, self._remedy(field, remedy), field=field, value=value)

    def _remedy(self, field: str, remedy: Words) -> Words:
        listed = self.catalogue.codes.get(field, ())
        if listed:
            zh = list(dict.fromkeys(one.zh for one in listed))[:WORDS_NAMED]
            en = list(dict.fromkeys(one.en for one in listed))[:WORDS_NAMED]
            remedy = Words(f"写作 {'、'.join(zh)} 等", f"write {', '.join(en)} or the like")
        return Words(
            f"在图层对应的固定值（constants）中改正或去掉它；{remedy.zh}",
            f"correct it among the constants of the layer's mapping, or leave it out; {remedy.en}",
            "--mapping FILE",
        )


def tell_constants(part: LayerPart, columns: dict[str, object], kind: ObjectArray) -> None:
    """Adds the constants of the layer's mapping to ``columns`` as far as no column tells the field."""
    constants = {name: value for name, value in part.mapping.constants.items() if name not in columns}
    if not constants or not len(kind):
        return
    # A word of a code list may mean one thing for gas and another for power: read once for each kind.
    at, kinds = pd.factorize(kind)
    of_kind = np.asarray(kinds, dtype=object)
    one = _of_kinds(part, constants, len(of_kind))
    told: dict[str, object] = {
        name: field_column(one, name, of_kind)[0]
        for name, source in one.mapping.fields.items()
        if not is_of_words(one, name, source)
    }
    tell_conditions(one, told, of_kind)
    for name, values in told.items():
        spread = np.asarray(values)[at]
        if name not in columns:
            columns[name] = objects(spread) if spread.dtype == object else spread
        elif name == _PRESSURE_CLASS:
            own = pd.Series(np.asarray(columns[name], dtype=object), dtype=object)
            columns[name] = objects(np.where(own.isna(), spread, own))


def _of_kinds(part: LayerPart, constants: Mapping[str, str | float], count: int) -> _Constants:
    frame = pd.DataFrame({name: [value] * count for name, value in constants.items()})
    nowhere: ObjectArray = np.full(count, None, dtype=object)
    layer = Layer(
        part.layer.name, frame, nowhere, np.zeros(count, np.int64), part.layer.crs, part.layer.crs_source
    )
    fields = {name: FieldMapping(column=name) for name in constants}
    mapping = part.mapping.model_copy(update={"fields": fields, "constants": {}})
    return _Constants(part.file, layer, mapping, part.catalogue, part.schemes, part.findings)
