"""The sentences of protection and control zones, Chinese first."""

from dataclasses import dataclass

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.zones import ZoneRule
from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.verdict import Range, rounded
from xzgis.conflicts.rules.words import CHECK_FIGURE
from xzgis.core.words import Words

ZONES = {
    "protection": Words("保护范围", "protection zone"),
    "control": Words("控制范围", "control zone"),
}
FROM = {
    "outer_edge": Words("其外壁", "its wall"),
    "centreline": Words("其中心线", "its axis"),
}
DIGS = {
    "hole": Words("开挖边缘", "the edge of the excavation"),
    "trench": Words("沟槽边缘", "the edge of the trench"),
    "wall": Words("新管外壁", "the wall of the new line"),
}
"""What the gap is measured from."""
ASK_OWNER = Words("作业前征求权属（运营）单位意见", "ask its owner before work begins")
NOT_EMPTIED = Words(
    "该线已废弃，但未必已放空、隔断：由权属单位确认前按在用管线对待",
    "the line is disused, but nobody tells that it was emptied and cut off: until its owner says so it counts as in use",
)


SHOWN_M = 0.005
"""What is shown as a centimetre."""


@dataclass(frozen=True, slots=True)
class Apart:
    """How far the ground that is dug lies from a line, metres: from what (:data:`DIGS`), the least and the most of
    what the sizes allow, and the tolerance of both positions, k sigma.
    """

    digs: str
    gap_m: Range
    tolerance_m: float

    def is_within_tolerance(self, rule: ZoneRule) -> bool:
        """Whether the work lies beyond the zone as it is drawn, and reaches it by the tolerance alone."""
        return self.gap_m[0] > rule.distance_m + EQUAL_M

    def words(self, rule: ZoneRule) -> Words:
        """The distance as other findings tell theirs: what is not known of it beside it."""
        edge, start = DIGS[self.digs], FROM[rule.measured_from]
        least, most = (f"{rounded(each):.2f}" for each in self.gap_m)
        gap = least if least == most else f"{least}～{most}"
        zh, en = f"{edge.zh}距{start.zh} {gap} m", f"{gap} m from {edge.en} to {start.en}"
        if self.tolerance_m < SHOWN_M:
            return Words(zh, en)
        tolerance = f"{rounded(self.tolerance_m):.2f} m"
        return Words(f"{zh}，位置公差 ±{tolerance}", f"{en}, tolerance of the positions ±{tolerance}")


def zone_words(
    catalogue: Catalogue,
    kinds: tuple[str, str | None],
    rule: ZoneRule,
    apart: Apart,
    *,
    is_open: bool,
    is_disused: bool = False,
) -> Words:
    """What a work that reaches into a zone is told; ``kinds`` of the existing line and of the new one, None for a hole."""
    line, work = catalogue.kinds[kinds[0]], None if kinds[1] is None else catalogue.kinds[kinds[1]]
    digs = Words("开挖范围", "excavation") if work is None else Words(f"新建{work.zh}", f"new {work.en}")
    zone, away = ZONES[rule.zone], apart.words(rule)
    far = f"{rule.distance_m:g} m"
    if is_open:
        said = Words(
            f"{digs.zh}旁的既有{line.zh}压力级制不明（{away.zh}），可能在其保护或控制范围内（最远 {far}）：查明压力级制",
            f"{digs.en}: existing {line.en} of unknown pressure ({away.en}), perhaps in its protection or control zone"
            f" (up to {far}): find out the pressure class",
        )
    elif apart.is_within_tolerance(rule):
        said = Words(
            f"{digs.zh}在公差内可能进入既有{line.zh}的{zone.zh}（{away.zh}，范围 {far}）：{rule.effect_zh}",
            f"{digs.en}: within tolerance it may reach into the {zone.en} of existing {line.en}"
            f" ({away.en}, the zone is {far}): {rule.effect_en}",
        )
    else:
        said = Words(
            f"{digs.zh}在既有{line.zh}的{zone.zh}内（{away.zh}，范围 {far}）：{rule.effect_zh}",
            f"{digs.en}: in the {zone.en} of existing {line.en} ({away.en}, the zone is {far}): {rule.effect_en}",
        )
    notes = [
        ASK_OWNER,
        *([NOT_EMPTIED] if is_disused else []),
        *([CHECK_FIGURE] if rule.confidence == "memory" else []),
    ]
    return Words(
        "；".join([said.zh, *(note.zh for note in notes)]), "; ".join([said.en, *(note.en for note in notes)])
    )
