"""What a delivery says once it is checked: one way for the register and for a check against files."""

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.checks import findings_of
from xzgis.networks.rules.checks.levels import without_contradicted_levels
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.rules.survey import POINTS_MISSING
from xzgis.networks.terms import Delivery, IntakeFinding


def checked(
    delivery: Delivery, catalogue: Catalogue, *, strict: bool = False
) -> tuple[Delivery, tuple[IntakeFinding, ...]]:
    """``delivery`` with the levels that contradict others unknown, and everything found in it.

    Records of our own export stood in a register: nothing of them is changed. Lines whose points are missing have
    nothing to be checked.
    """
    if delivery.facts.get(POINTS_MISSING):
        return delivery, delivery.findings
    found = findings_of(delivery, catalogue, strict=strict)
    return (
        delivery if delivery.intake == OWN_EXPORT else without_contradicted_levels(delivery, catalogue)
    ), found
