"""What an import tells of facts that the register knows and the delivery does not tell: D04 and D05 (decision 0079)."""

from collections.abc import Mapping

from xzgis.core.words import Words
from xzgis.networks.rules.known_facts import Untold
from xzgis.networks.terms import IntakeFinding

FACTS = {
    "appurtenance": Words("附属物", "appurtenance"),
    "chamber_depth_m": Words("井深", "chamber depth"),
    "feature": Words("特征", "feature"),
    "owner": Words("权属", "owner"),
    "road": Words("道路", "road"),
    "pressure_class": Words("压力级别", "pressure"),
    "voltage_kv": Words("电压", "voltage"),
    "material": Words("材质", "material"),
    "built_on": Words("建设年代", "year of construction"),
    "ground_m": Words("地面高程", "ground level"),
    "level": Words("标高", "level"),
    "size": Words("断面尺寸", "size"),
    "burial": Words("埋设方式", "way of laying"),
}


def untold_facts(told: Untold) -> list[IntakeFinding]:
    """D04: how many records keep facts that the delivery does not tell; D05: how many lose them."""
    found = []
    if told.points_kept or told.lines_kept:
        kept = counted(told.points_kept, told.lines_kept)
        found.append(
            IntakeFinding(
                code="D04",
                level="info",
                words=Words(
                    f"本次没有给出而登记库已有的，替换后沿用登记值：{kept.zh}",
                    f"Not delivered and known to the register: it stays with the records that are replaced: {kept.en}",
                ),
                remedy=Words(
                    "如实物已改变（如井已拆除），请在交付的表中写明，或入库后更改该记录",
                    "Where the thing has changed (a manhole was removed), write so in the delivered table, or change the "
                    "record afterwards",
                ),
            )
        )
    if told.points_lost or told.lines_lost:
        lost = counted(told.points_lost, told.lines_lost)
        found.append(
            IntakeFinding(
                code="D05",
                level="warning",
                words=Words(
                    f"登记库已有而本次没有给出，替换后成为未知（检查按最不利情形）：{lost.zh}",
                    f"Known to the register, not delivered and unknown once these records are replaced (checks then take "
                    f"the worst case): {lost.en}",
                ),
                remedy=Words(
                    "补齐这些列后重新导入；或入库时选择“保留”：又交来的管段及其两端管点以登记库为准，其余管点仍替换",
                    "Import again with these columns; or choose 'keep' when it goes in: lines delivered again and the points at "
                    "their ends then stand as registered, other points are replaced",
                ),
            )
        )
    return found


def counted(points: Mapping[str, int], lines: Mapping[str, int]) -> Words:
    """How many points and lines each fact concerns, for people."""
    zh, en = [], []
    for facts, noun, things in ((points, "个管点", "points"), (lines, "条管段", "lines")):
        zh += [f"{FACTS[name].zh} {count} {noun}" for name, count in facts.items()]
        en += [f"{FACTS[name].en} of {count} {things}" for name, count in facts.items()]
    return Words("、".join(zh), ", ".join(en))
