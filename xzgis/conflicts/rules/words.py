"""The sentences of verdicts, Chinese first."""

import math
from collections.abc import Sequence

from xzgis.catalogue.terms import Catalogue
from xzgis.conflicts.rules.book import is_overhead
from xzgis.conflicts.rules.verdict import Range, rounded
from xzgis.conflicts.terms import LEAST_STRETCH_M, AskedRule, Measure, Outcome
from xzgis.core.words import Words
from xzgis.networks.terms import Conditions

MEASURES = {
    Measure.HORIZONTAL: Words("水平净距", "Horizontal clearance"),
    Measure.VERTICAL: Words("垂直净距", "Vertical clearance"),
    Measure.COVER: Words("覆土深度", "Cover"),
    Measure.ORDER: Words("上下次序", "Vertical order"),
    Measure.STACKED: Words("垂直重叠敷设", "Laid one above another"),
    Measure.COLLISION: Words("管体碰撞", "Collision"),
    Measure.DIG: Words("开挖触及", "Dig hit"),
}
OUTCOMES = {
    Outcome.BREACH: Words("不满足", "not met"),
    Outcome.WITHIN_TOLERANCE: Words("公差内", "within tolerance"),
    Outcome.CLEAR: Words("满足", "clear"),
    Outcome.CANNOT_JUDGE: Words("无法判定", "cannot be judged"),
    Outcome.REFER: Words("需专家判定", "refer to an expert: the tables do not reach"),
}
OF_MEASURE = {
    (Measure.COLLISION, Outcome.BREACH): Words("占用同一空间", "both in the same space"),
    (Measure.STACKED, Outcome.BREACH): Words("不应垂直重叠", "must not lie one above another"),
    (Measure.ORDER, Outcome.BREACH): Words("次序颠倒", "in the wrong order"),
    (Measure.DIG, Outcome.BREACH): Words("在开挖范围内", "inside the excavation"),
    (Measure.DIG, Outcome.WITHIN_TOLERANCE): Words("可能在开挖范围内", "perhaps inside the excavation"),
    (Measure.DIG, Outcome.CANNOT_JUDGE): Words("开挖是否触及无法判定", "cannot be told"),
    (Measure.DIG, Outcome.CLEAR): Words("在开挖作业保护范围内", "beside the excavation"),
}
FACTS = {
    "pressure_class": Words("压力级制", "pressure class"),
    "voltage_kv": Words("电压等级", "voltage"),
    "burial": Words("埋设方式", "burial method"),
    "material": Words("材质", "material"),
    "nominal_mm": Words("公称管径", "nominal size"),
    "method": Words("施工方法", "method of construction"),
    # A nominal size is not asked for again: what is open is the wall around it.
    "size": Words("含管壁的实际外径或外廓尺寸", "actual outer size, wall included"),
    "depth": Words("埋深", "depth"),
    "hole_depth": Words("开挖深度或坑底高程", "depth or bottom level of the excavation"),
    "kind": Words("管线种类", "kind of line"),
    "content": Words("管沟内敷设的管线", "what lies in the trench"),
    "ground": Words("地面高程", "ground level"),
    "surface": Words("地面类型", "surface"),
}
CHAMBER_FACTS = {
    "chamber_size": Words("检查井或井室的尺寸", "size of the existing chamber"),
    "chamber_depth": Words("检查井或井室的深度", "depth of the existing chamber"),
}
"""Facts of what stands at a point of an existing line."""
ASKED_OF = frozenset(FACTS) - {"size", "depth", "hole_depth", "ground"}
"""Facts on which the figure hangs, not the gap."""
GAP = Words("净距", "gap")
GAPS = {Measure.COVER: Words("覆土", "cover")}
NO_OVERLAP = {
    Measure.COLLISION: Words("重叠", "overlap"),
    Measure.STACKED: Words("平面重叠", "overlap in plan"),
}
"""Measures that ask nothing but that there is no overlap: its depth is said, no figure of a table.

Where it overlaps for certain the depth stands as a positive figure; a range over nought is a gap, negative in overlap.
"""
NEGATIVE = Words("，负值为重叠", ", negative is overlap")
NEGATIVES = {
    Measure.HORIZONTAL: Words("，负值为平面上重叠", ", negative is overlap in plan"),
    Measure.VERTICAL: Words("，负值为高程上重叠", ", negative is overlap in height"),
    Measure.COVER: Words("，负值为高出地面", ", negative is above the ground"),
}
"""What a figure below nought means, said where one stands."""
SIDES = {"a": Words("新建", "new"), "b": Words("既有", "existing")}
CHECK_FIGURE = Words(
    "该数值凭记忆录入，须按标准原文核对后方可作为依据",
    "the figure is from memory and awaits checking against the standard",
)


NO_MOVE = Words(
    "整段平移不能解决：移开此处后两线在别处仍过近，须改线",
    "no move to a side mends it: farther off here the two are too near elsewhere, the axis must change",
)
IN_THE_AIR = Words(
    "架空线不属地下管线净距表（表 4.1.9、4.1.14）的范围，按架空线路的标准判定",
    "overhead: tables 4.1.9 and 4.1.14 speak of lines in the ground, ask the standard of overhead lines",
)
EXCEPTION = Words(
    "低于表列值，条件所限时须经例外审批并采取措施",
    "below the figure of the table: needs a recorded exception and safety measures",
)
MANDATORY = Words("违反强制性条文，不得例外", "against a mandatory clause: no exception")


def in_the_air(facts: Sequence[Conditions], outcome: Outcome) -> list[Words]:
    """Why a pair with an overhead line is referred."""
    return [IN_THE_AIR] if outcome is Outcome.REFER and any(map(is_overhead, facts)) else []


def standing(rules: Sequence[AskedRule], outcome: Outcome) -> list[Words]:
    """What a breach calls for: tables 4.1.1, 4.1.9 and 4.1.14 know exceptions, mandatory clauses do not."""
    if outcome is not Outcome.BREACH:
        return []
    return [MANDATORY if any(rule.mandatory and rule.decides for rule in rules) else EXCEPTION]


def pair_words(catalogue: Catalogue, kinds: tuple[str, str | None], chamber: str | None = None) -> Words:
    """The two objects, or the one; ``chamber``: the last is a chamber of such a line, and what stands there."""
    first = catalogue.kinds[kinds[0]]
    stands = next((code for code in catalogue.codes["appurtenance"] if code.token == chamber), None)
    zh, en = ("", "") if stands is None else (f"（{stands.zh}）", f" ({stands.en})")
    if kinds[1] is None:
        return Words(f"{first.zh}{zh}", f"{first.en}{en}")
    second = catalogue.kinds[kinds[1]]
    return Words(f"{first.zh}与{second.zh}{zh}", f"{first.en} and {second.en}{en}")


def figures(measure: Measure, gap_m: Range, required_m: Range, missing: Sequence[str] = ()) -> Words:
    """What was measured against what is asked; a range says on which of the ``missing`` facts it hangs."""
    if measure in NO_OVERLAP and gap_m[0] < 0.0 and gap_m[1] <= 0.0:
        gap = _span((-gap_m[1], -gap_m[0]))
        named = NO_OVERLAP[measure]
        return Words(f"{named.zh} {gap[0]}", f"{named.en} {gap[1]}")
    if measure in NO_OVERLAP:
        gap = _span(gap_m)
        note = NEGATIVE if float("-inf") < gap_m[0] < 0.0 else Words("", "")
        return Words(f"{GAP.zh} {gap[0]}{note.zh}", f"{GAP.en} {gap[1]}{note.en}")
    named, gap, need = GAPS.get(measure, GAP), _span(gap_m), _span(required_m)
    below = negative_words(measure, gap_m)
    zh, en = f"{named.zh} {gap[0]}{below.zh}，", f"{named.en} {gap[1]}{below.en}, "
    hangs = [FACTS[fact.split(".", 1)[1]] for fact in missing if fact.split(".", 1)[1] in ASKED_OF]
    hangs = list(dict.fromkeys(hangs))
    if rounded(required_m[0]) == rounded(required_m[1]):
        return Words(f"{zh}要求不小于 {need[0]}", f"{en}required at least {need[1]}")
    if not hangs:
        return Words(f"{zh}要求在 {need[0]} 之间", f"{en}required between {need[1]}")
    return Words(
        f"{zh}要求随{'、'.join(fact.zh for fact in hangs)}而定，在 {need[0]} 之间",
        f"{en}required between {need[1]}, depending on the {', '.join(fact.en for fact in hangs)}",
    )


def negative_words(measure: Measure, gap_m: Range) -> Words:
    """What a negative figure of the measure means; empty where none is shown."""
    shown = any(math.isfinite(gap) and rounded(gap) < 0.0 for gap in gap_m)
    return NEGATIVES[measure] if shown and measure in NEGATIVES else Words("", "")


def beside_words(within_m: Sequence[Range], open_m: Sequence[Range] = ()) -> list[Words]:
    """The parts beside a breach of the same pair that lie within tolerance, and those that cannot be judged."""
    said = (
        (within_m, Words("在公差内", "within tolerance")),
        (open_m, OUTCOMES[Outcome.CANNOT_JUDGE]),
    )
    return [
        Words(f"相邻里程 {zh} {word.zh}", f"{word.en} beside it at chainage {zh.replace('、', ', ')}")
        for spans, word in said
        for zh in ([_chainages(spans)] if spans else [])
    ]


def _chainages(spans: Sequence[Range]) -> str:
    return "、".join(
        f"{rounded(low):.2f} m"
        if high - low < LEAST_STRETCH_M
        else f"{rounded(low):.2f}–{rounded(high):.2f} m"
        for low, high in spans
    )


def missing_words(missing: tuple[str, ...]) -> Words:
    """Which fact would settle it."""
    named = [fact_words(fact) for fact in missing]
    zh, en = "、".join(fact.zh for fact in named), ", ".join(fact.en for fact in named)
    return Words(f"查明{zh}即可判定" if len(named) == 1 else f"须查明{zh}", f"to settle it, find out: {en}")


def fact_words(missing: str) -> Words:
    """A missing fact, such as ``a.depth``, in words."""
    side, name = missing.split(".", 1)
    if name in CHAMBER_FACTS:
        return Words(f"{SIDES[side].zh}{CHAMBER_FACTS[name].zh}", CHAMBER_FACTS[name].en)
    fact = FACTS[name]
    if name == "hole_depth":
        return fact  # of no line
    return Words(f"{SIDES[side].zh}管线{fact.zh}", f"{fact.en} of the {SIDES[side].en} line")


def ground_words(sigma_m: float) -> Words:
    """That the ground above the new line is what keeps a verdict open, and what would settle it."""
    return Words(
        f"新建管线的标高由推得的地面高程算出（标准差 {rounded(sigma_m):.2f} m），给出沿线地面高程或地形即可判定",
        f"the levels of the new line hang on a ground level that is not known (sigma {rounded(sigma_m):.2f} m):"
        " to settle it, give the ground along the work or a terrain",
    )


def datum_words(a_m: float, b_m: float) -> Words:
    """That the two grounds at one place contradict each other, and what may be why."""
    return Words(
        f"同一处地面高程新建为 {rounded(a_m):.2f} m、既有为 {rounded(b_m):.2f} m，相互矛盾：核对高程基准与单位",
        f"at one place the ground is {rounded(a_m):.2f} m by the new line and {rounded(b_m):.2f} m by the existing"
        " one: height datum, or unit?",
    )


def with_note(said: Words, note: Words) -> Words:
    """A sentence with one more note in its brackets."""
    if said.zh.endswith("）") and said.en.endswith(")"):
        return Words(f"{said.zh[:-1]}；{note.zh}）", f"{said.en[:-1]}; {note.en})")
    return Words(f"{said.zh}（{note.zh}）", f"{said.en} ({note.en})")


def sentence(subject: Words, measure: Measure, outcome: Outcome, *notes: Words) -> Words:
    """One sentence from its parts."""
    named, said = MEASURES[measure], OF_MEASURE.get((measure, outcome), OUTCOMES[outcome])
    zh = "；".join(note.zh for note in notes)
    en = "; ".join(note.en for note in notes)
    return Words(
        f"{subject.zh}：{'' if measure is Measure.DIG else named.zh}{said.zh}" + (f"（{zh}）" if zh else ""),
        f"{subject.en}: {named.en.lower()} {said.en}" + (f" ({en})" if en else ""),
    )


def _span(values: Range) -> tuple[str, str]:
    low, high = values
    if abs(low) == abs(high) == float("inf"):
        return "未知", "unknown"
    if abs(low) == float("inf"):
        return f"不大于 {rounded(high):.3f} m", f"at most {rounded(high):.3f} m"
    if abs(high) == float("inf"):
        return f"不小于 {rounded(low):.3f} m", f"at least {rounded(low):.3f} m"
    first, last = rounded(low), rounded(high)
    if first == last:
        return f"{first:.3f} m", f"{first:.3f} m"
    return f"{first:.3f}～{last:.3f} m", f"{first:.3f} to {last:.3f} m"
