"""Which layer of features is which kind, and which column is which of our fields: shown, edited, handed in.

A mapping is plain data (JSON) that a person may change on screen before anything is understood by it.
"""

from collections.abc import Container, Mapping
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault, Invalid
from xzgis.core.mistakes import mistake
from xzgis.core.words import Words
from xzgis.networks.rules.feature_fields import ALL_FIELDS

Role = Literal["lines", "points", "depth_points", "area", "skip"]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class FieldMapping(_Data):
    """One of our fields: its column, the unit of that column, and how sure the proposal is (0..1).

    ``scale`` multiplies into our unit; at 1 the unit decides. The column ``@z`` means the height of the
    geometry. A column beside it called ``<column>_uom`` holds the unit row by row.
    """

    column: str
    unit: str | None = None
    scale: float = 1.0
    confidence: float = Field(default=1.0, ge=0, le=1)


class KindRule(_Data):
    """Features whose columns hold these values are of this kind."""

    kind: str
    where: dict[str, str]


class LayerMapping(_Data):
    """How one layer is understood.

    The kind of a feature: the first of ``kind_rules`` that fits, else ``kind_values`` of ``kind_column``; ``kind`` where
    that column is empty or none is named, and a word without an entry is unknown. ``values`` turns delivered values of a
    field into tokens before the code lists are asked.
    """

    role: Role = "lines"
    kind: str | None = None
    kind_column: str | None = None
    kind_values: dict[str, str] = Field(default_factory=dict)
    kind_rules: tuple[KindRule, ...] = ()
    fields: dict[str, FieldMapping] = Field(default_factory=dict)
    constants: dict[str, str | float] = Field(default_factory=dict)
    values: dict[str, dict[str, str]] = Field(default_factory=dict)
    confidence: float = Field(default=1.0, ge=0, le=1)
    why_zh: str = ""
    why_en: str = ""


def own_key(file: str, layer: str) -> str:
    """What a mapping calls a layer that other files hold under the same name, differently: by its file too."""
    return f"{file}/{layer}"


def key_of(layers: Container[str], file: str, layer: str) -> str:
    """The name under which ``layers`` of a mapping speak of a layer: its own where they have it, else that of all its name."""
    own = own_key(file, layer)
    return own if own in layers else layer


class FeatureMapping(_Data):
    """How a delivery of features is understood: the intake it follows and its layers by name (:func:`key_of`).

    ``is_proposed``: nobody looked at it, so a layer that it skips was not said to be none; never part of the data.
    """

    intake: str = "features"
    schemes: tuple[str, ...] = ()
    layers: dict[str, LayerMapping] = Field(default_factory=dict)
    is_proposed: bool = Field(default=False, exclude=True)

    def of(self, file: str, layer: str) -> LayerMapping | None:
        """How the layer of a file is understood; None where nothing speaks of it."""
        return self.layers.get(key_of(self.layers, file, layer))

    def is_told_to_skip(self, file: str, layer: str | None) -> bool:
        """Whether a person said that this layer holds nothing to be read."""
        about = self.of(file, layer or "")
        return not self.is_proposed and about is not None and about.role == "skip"

    def as_json(self) -> dict[str, Any]:
        """The mapping as plain data, without what says nothing."""
        return self.model_dump(mode="json", exclude_defaults=True)


def kind_columns(layer: LayerMapping) -> set[str]:
    """The columns by which a layer's mapping tells kinds apart."""
    named = {name for rule in layer.kind_rules for name in rule.where}
    return named | ({layer.kind_column} if layer.kind_column else set())


def mapping_from_json(data: Mapping[str, Any], catalogue: Catalogue) -> FeatureMapping:
    """The mapping a person handed in. Refuses unknown members, kinds and fields, with the place of each."""
    try:
        mapping = FeatureMapping.model_validate(data)
    except ValidationError as wrong:
        faults = tuple(Fault(tuple(one["loc"]), mistake(one)) for one in wrong.errors())
        raise Invalid(
            Words("图层对应关系的格式不对。", "The layer mapping is not well-formed."), faults=faults
        ) from wrong
    faults = tuple(_faults(mapping, catalogue))
    if faults:
        raise Invalid(
            Words("图层对应关系中有未知的管类或字段。", "The layer mapping names unknown kinds or fields."),
            faults=faults,
        )
    return mapping


def _faults(mapping: FeatureMapping, catalogue: Catalogue) -> list[Fault]:
    faults: list[Fault] = []
    for name, layer in mapping.layers.items():
        kinds = [layer.kind, *layer.kind_values.values(), *(rule.kind for rule in layer.kind_rules)]
        faults += [
            Fault(("layers", name, "kind"), Words(f"没有管类 {kind}", f"there is no kind {kind}"))
            for kind in kinds
            if kind is not None and kind not in catalogue.kinds
        ]
        faults += [
            Fault(("layers", name, "fields", field), Words(f"没有字段 {field}", f"there is no field {field}"))
            for field in (*layer.fields, *layer.constants, *layer.values)
            if field not in ALL_FIELDS
        ]
    return faults
