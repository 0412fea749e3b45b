"""What the register would say to a delivery that is only looked at: replaced, kept, new, or that nobody asked it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xzgis.cli.frame import actor as acting
from xzgis.core.words import Words

if TYPE_CHECKING:
    from xzgis.networks.rules.same_findings import Same
    from xzgis.networks.terms import Delivery, IntakeFinding

# Of what would be replaced nobody knows yet whether it says the same: nothing is written.
UNTOLD = ("kept_as_registered", "points_kept_as_registered", "unchanged", "facts_kept", "facts_lost")


@dataclass(frozen=True)
class Asked:
    """What the register says: its findings, its part of the import document, and the sentence about it."""

    words: Words
    findings: tuple["IntakeFinding", ...] = ()
    summary: dict[str, Any] = field(default_factory=dict)


def ask_register(
    delivery: "Delivery", findings: tuple["IntakeFinding", ...], *, same: "Same | None"
) -> Asked:
    """What an import of ``delivery`` would do at this moment; the register is read and never made, mended or written."""
    from xzgis.cli.start.ready import there
    from xzgis.core.settings import settings

    engine = there(settings())
    if isinstance(engine, Words):
        words = Words(
            f"未与登记库比较（{engine.zh}）：会替换哪些现有记录，没有查看。",
            f"Not compared with the register ({engine.en}): which records would be replaced was not looked at.",
        )
        return Asked(words, summary={"compared": False, "replaced": None} | dict.fromkeys(UNTOLD))
    return compared(delivery, findings, same=same)


def compared(delivery: "Delivery", findings: tuple["IntakeFinding", ...], *, same: "Same | None") -> Asked:
    """As :func:`ask_register`, of the register this process is bound to."""
    from xzgis.catalogue.queries import catalogue
    from xzgis.core.db import transaction
    from xzgis.networks.actions.reading import compare_with_register
    from xzgis.networks.actions.sameness import foreseen
    from xzgis.networks.jobs import LONG_STATEMENT_S
    from xzgis.networks.rules.same_findings import answered

    with transaction(acting(), statement_timeout_s=LONG_STATEMENT_S) as session:
        known = catalogue()
        found = answered(compare_with_register(session, delivery, known).findings, same)
        all_found, factor = (*findings, *found), known.limits.sigma_factor
        would = foreseen(session, delivery, all_found, same, sigma_factor=factor)
    words = Words(
        f"与登记库比较：导入将替换现有 {would.points_replaced} 点、{would.lines_replaced} 段，"
        f"{would.points_kept} 点、{would.lines_kept} 段与现有相同而保留现有，新增 {would.points_new} 点、{would.lines_new} 段。",
        f"Compared with the register: an import would replace {would.points_replaced} points and "
        f"{would.lines_replaced} lines, leave {would.points_kept} points and {would.lines_kept} lines as they are "
        f"registered, and add "
        f"{would.points_new} points and {would.lines_new} lines.",
    )
    summary = {
        "compared": True,
        "replaced": {"points": would.points_replaced, "lines": would.lines_replaced},
        "unchanged": None,
        "kept_as_registered": would.lines_kept,
        "points_kept_as_registered": would.points_kept,
    } | would.untold.as_summary()
    return Asked(words, found, summary)
