"""Look-ups in the definitions: codes, conditions, sizes, accuracy. Pure; unknown stays unknown."""

from xzgis.catalogue.rules.codes import CodeMatch, class_of_number, kind_of_code, normal, value_of
from xzgis.catalogue.rules.conditions import (
    LineFacts,
    condition_holds,
    conditions_hold,
    rule_kinds_of,
    surface_holds,
)
from xzgis.catalogue.rules.envelopes import OuterEnvelope, Sigma, outer_size, sigma

__all__ = [
    "CodeMatch",
    "LineFacts",
    "OuterEnvelope",
    "Sigma",
    "class_of_number",
    "condition_holds",
    "conditions_hold",
    "kind_of_code",
    "normal",
    "outer_size",
    "rule_kinds_of",
    "sigma",
    "surface_holds",
    "value_of",
]
