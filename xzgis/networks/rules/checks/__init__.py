"""The 28 checks of a survey delivery, and how severe each is.

Source: CJJ 61-2017 practice as collected in ``layers/checks/survey.csv``; a check's severity is data. A delivery
is checked *as delivered* (an error is what would make the register false) or *strictly* (acceptance of a new
survey under contract, where the standard's own severities apply).
"""

from dataclasses import replace

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules.checks import depths, fields, levels, partly, places, possible, topology, units
from xzgis.networks.rules.checks.hanging import name_hanging_lines
from xzgis.networks.rules.checks.possible import IMPOSSIBLE
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.own_export import INTAKE as OWN_EXPORT
from xzgis.networks.terms import Delivery, IntakeFinding

CHECKS = (
    fields.check_required,
    fields.check_unique_points,
    fields.check_feature_or_appurtenance,
    fields.check_codes,
    fields.check_classes,
    fields.check_holes,
    places.check_same_place,
    places.check_inside_city,
    places.check_length_and_slope,
    places.check_illicit_connections,
    topology.check_ends_exist,
    topology.check_orphans,
    topology.check_start_is_not_end,
    topology.check_duplicates,
    topology.check_degree,
    topology.check_changes_are_marked,
    topology.check_islands,
    topology.check_angles,
    levels.check_identity,
    levels.check_agreement,
    depths.check_depth_range,
    units.check_depth_units,
    levels.check_fall,
    levels.check_downstream_size,
    levels.check_chamber_bottom,
    possible.check_possible,
    partly.check_partly_looked,
)


def check_delivery(
    delivery: Delivery, catalogue: Catalogue, *, strict: bool = False
) -> tuple[IntakeFinding, ...]:
    """Every finding of the checks S02 to S28 (S01 and S03 arise where the file is read, S25 beside the register).

    In the order of the codes, within a code in the order of the rows. ``strict`` takes the severities of the
    standard for new surveys.
    """
    checker = Checker(delivery, catalogue, strict=strict)
    for check in CHECKS:
        check(checker)
    name_hanging_lines(checker, checker.errors())
    return checker.found()


def findings_of(
    delivery: Delivery, catalogue: Catalogue, *, strict: bool = False
) -> tuple[IntakeFinding, ...]:
    """What reading found in ``delivery`` and what the checks find.

    The records of our own export stood in a register: what a check doubts of them is told as a warning. What
    cannot be at all no register ever held.
    """
    checked = check_delivery(delivery, catalogue, strict=strict)
    if delivery.intake == OWN_EXPORT:
        checked = tuple(
            replace(one, level="warning") if one.level == "error" and one.code != IMPOSSIBLE else one
            for one in checked
        )
    return (*delivery.findings, *checked)
