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
    "outer_edge": Words("管外壁起", "from the wall of the line"),
    "centreline": Words("中心线起", "from the axis of the line"),
}
ASK_OWNER = Words("作业前征求权属（运营）单位意见", "ask its owner before work begins")


def zone_words(
    catalogue: Catalogue, kinds: tuple[str, str | None], rule: ZoneRule, gap_m: Range, *, is_open: bool
) -> Words:
    """What a work that reaches into a zone is told; ``kinds`` of the existing line and of the new one, None for a hole."""
    line, work = catalogue.kinds[kinds[0]], None if kinds[1] is None else catalogue.kinds[kinds[1]]
    digs = Words("开挖范围", "excavation") if work is None else Words(f"新建{work.zh}", f"new {work.en}")
    zone, start = ZONES[rule.zone], FROM[rule.measured_from]
    far = f"{rule.distance_m:g} m"
    gap = f"{rounded(gap_m[0]):.2f} m"
    if is_open:
        said = Words(
            f"{digs.zh}距既有{line.zh} {gap}，其压力级制不明，可能在其保护或控制范围内（最远 {far}）：查明压力级制",
            f"{digs.en}: {gap} from existing {line.en} of unknown pressure, perhaps in its protection or control zone"
            f" (up to {far}): find out the pressure class",
        )
    else:
        said = Words(
            f"{digs.zh}在既有{line.zh}的{zone.zh}内（距 {gap}，{start.zh} {far} 以内）：{rule.effect_zh}",
            f"{digs.en}: in the {zone.en} of existing {line.en} ({gap} away, {far} {start.en}): {rule.effect_en}",
        )
    notes = [ASK_OWNER, *([CHECK_FIGURE] if rule.confidence == "memory" else [])]
    return Words(
        "；".join([said.zh, *(note.zh for note in notes)]), "; ".join([said.en, *(note.en for note in notes)])
    )
