"""Look-ups in the definitions: codes, conditions, sizes, accuracy. Pure; unknown stays unknown."""

from xzgis.catalogue.rules.codes import CodeMatch, class_of_number, kind_of_code, normal, value_of
from xzgis.catalogue.rules.conditions import (
    LineFacts,
    condition_holds,
    conditions_hold,
    rule_kinds_of,
    surface_holds,
)
from xzgis.catalogue.rules.envelopes import (
    OuterEnvelope,
    Sigma,
    SizesByName,
    outer_size,
    sigma,
    size_row,
    sizes_by_name,
)

__all__ = [
    "CodeMatch",
    "LineFacts",
    "OuterEnvelope",
    "Sigma",
    "SizesByName",
    "class_of_number",
    "condition_holds",
    "conditions_hold",
    "kind_of_code",
    "normal",
    "outer_size",
    "rule_kinds_of",
    "sigma",
    "size_row",
    "sizes_by_name",
    "surface_holds",
    "value_of",
]
