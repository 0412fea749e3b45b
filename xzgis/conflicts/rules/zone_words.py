"""The sentences of protection and control zones, Chinese first."""

from xzgis.catalogue.terms import Catalogue
from xzgis.catalogue.terms.zones import ZoneRule
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


def zone_words(
    catalogue: Catalogue,
    kinds: tuple[str, str | None],
    rule: ZoneRule,
    gap: tuple[str, Range],
    *,
    is_open: bool,
    is_disused: bool = False,
) -> Words:
    """What a work that reaches into a zone is told; ``kinds`` of the existing line and of the new one, None for a hole.

    ``gap``: what it is measured from (:data:`DIGS`), and the least and the most, metres.
    """
    line, work = catalogue.kinds[kinds[0]], None if kinds[1] is None else catalogue.kinds[kinds[1]]
    digs = Words("开挖范围", "excavation") if work is None else Words(f"新建{work.zh}", f"new {work.en}")
    zone, start, edge = ZONES[rule.zone], FROM[rule.measured_from], DIGS[gap[0]]
    far = f"{rule.distance_m:g} m"
    away = Words(
        f"{edge.zh}距{start.zh} {rounded(gap[1][0]):.2f} m",
        f"{rounded(gap[1][0]):.2f} m from {edge.en} to {start.en}",
    )
    if is_open:
        said = Words(
            f"{digs.zh}旁的既有{line.zh}压力级制不明（{away.zh}），可能在其保护或控制范围内（最远 {far}）：查明压力级制",
            f"{digs.en}: existing {line.en} of unknown pressure ({away.en}), perhaps in its protection or control zone"
            f" (up to {far}): find out the pressure class",
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
