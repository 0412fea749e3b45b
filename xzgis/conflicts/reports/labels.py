"""Words for outcomes, measures and the columns of a report."""

from collections.abc import Mapping
from typing import Any

from xzgis.conflicts.rules.findings import EXCAVATION
from xzgis.conflicts.rules.masked import WITHHELD
from xzgis.conflicts.terms import LEAST_STRETCH_M, CheckResult, Finding, Measure, NotCovered, Outcome, Party
from xzgis.core.words import Language, Words

OUTCOMES = {
    Outcome.BREACH: Words("不满足", "breach"),
    Outcome.WITHIN_TOLERANCE: Words("公差内", "within tolerance"),
    Outcome.CANNOT_JUDGE: Words("无法判定", "cannot be judged"),
    Outcome.REFER: Words("需专家", "refer to an expert"),
    Outcome.CLEAR: Words("满足", "clear"),
}
MEASURES = {
    Measure.HORIZONTAL: Words("水平净距", "horizontal gap"),
    Measure.VERTICAL: Words("垂直净距", "vertical gap"),
    Measure.COVER: Words("覆土", "cover"),
    Measure.ORDER: Words("上下次序", "order"),
    Measure.STACKED: Words("垂直重叠", "stacked"),
    Measure.COLLISION: Words("碰撞", "collision"),
    Measure.DIG: Words("开挖影响", "dig"),
    Measure.ZONE: Words("保护（控制）范围", "protection zone"),
    Measure.NO_DIG: Words("禁挖", "no dig"),
    Measure.SLOPE: Words("坡度", "slope"),
    Measure.WORKS: Words("工程冲突", "works"),
    Measure.WITHHELD: Words("不予显示", "withheld"),
}
STATES = {
    "new": Words("新建", "new"),
    "pending": Words("待批", "pending"),
    "approved": Words("已批", "approved"),
    "reserved": Words("预留", "reserved"),
    "built": Words("现状", "built"),
    "disused": Words("废弃", "disused"),
    "withheld": Words("不予显示", "withheld"),
}

ASK_OWNER = Words("请询权属单位", "ask the owner")
PARTS = {"new": Words("新建管线", "new line"), "hole": Words("开挖范围", "excavation")}
VERSIONS = {
    "rules": Words("规则", "rules"),
    "data": Words("数据", "data"),
    "program": Words("程序", "program"),
    "terrain": Words("地形", "terrain"),
}

WAYS = {
    "a": Words("拟建管线让行", "the new line gives way"),
    "b": Words("既有管线让行", "the existing line gives way"),
}
LEFT_OUT = {
    "duct bank": Words("同一管沟内的管线", "lines of one duct bank"),
    "inside one chamber": Words("同一井室内", "inside one chamber"),
    "disused": Words("已废弃管线（只查碰撞和保护、控制范围）", "disused lines (collision and zones only)"),
    "joint": Words("接头处", "joints"),
    "same run": Words("同一管段", "the same run"),
    "shared node": Words("接头处", "joints"),
    "cover of an overhead line": Words("架空线的覆土", "cover of overhead lines"),
    "order and stacking of an overhead line": Words(
        "架空线的上下次序与重叠", "order and stacking of overhead lines"
    ),
}


def outcome_word(outcome: Outcome, language: Language) -> str:
    """The outcome in words."""
    return OUTCOMES[outcome].spoken(language)


def measure_word(measure: Measure, language: Language) -> str:
    """The measure in words."""
    return MEASURES[measure].spoken(language)


def kind_word(token: str, kinds: Mapping[str, Words], language: Language) -> str:
    """A kind of lines by its name; a token that nobody named as it is."""
    return kinds[token].spoken(language) if token in kinds else token


def party_word(party: Party | None, kinds: dict[str, Words], language: Language) -> str:
    """One object of a finding: kind, label, owner where it is told, and state."""
    if party is None:
        return ""
    kind = kind_word(party.kind, kinds, language)
    state = STATES[party.state].spoken(language) if party.state in STATES else party.state
    marked = f"（{state}）" if language == "zh" else f" ({state})"
    named = " ".join(part for part in (kind, party.label or part_word(party.id, language)) if part)
    return named + (f" · {party.owner}" if party.owner else "") + marked


def part_word(name: str, language: Language) -> str:
    """A part of the work as people number it: ``new:1``, ``hole:1`` in words, any other name as it is."""
    if name == WITHHELD:
        return ASK_OWNER.spoken(language)
    sort, _, number = name.partition(":")
    return f"{PARTS[sort].spoken(language)} {number}" if sort in PARTS and number else name


REASON_WITHHELD = Words(
    "理由可能涉及您无权查看的管线，不予显示", "the reason may speak of a line that you may not see"
)


def contest_words(finding: Finding, language: Language) -> str:
    """What is held against a finding, by whom and when; empty when nobody does."""
    said = finding.contest
    if said is None:
        return ""
    day, reason = said.at[:10], said.reason or REASON_WITHHELD.spoken(language)
    return Words(
        f"有人认为此项不适用（结论不变）：{reason}（{said.by}，{day}）",
        f"Held not to apply (the verdict stands): {reason} ({said.by}, {day})",
    ).spoken(language)


# Tables that their standard gives no number, called what they are.
UNNUMBERED = {
    "table of duct clearances": Words("管道间距表", "table of duct clearances"),
    "table of duct depth": Words("管道埋深表", "table of duct depth"),
}


def deciding_rule(finding: Finding, language: Language) -> str:
    """Standard and table of the rule that decides; empty when no rule was asked."""
    for rule in finding.rules:
        if rule.decides:
            named = UNNUMBERED.get(rule.table)
            return f"{rule.standard} {named.spoken(language) if named else rule.table}".strip()
    return ""


def way_words(way: Mapping[str, Any] | None, language: Language) -> str:
    """Who should give way, why and by which clause; empty when nothing is suggested."""
    if not way:
        return ""
    who = WAYS[way["who"]].spoken(language) if way["who"] in WAYS else ""
    why = str(way.get("why_en", way["why"]) if language == "en" else way["why"])
    clause = " ".join(
        str(way[part]) for part in ("standard", "clause") if way.get("clause") and way.get(part)
    )
    return " · ".join(part for part in (who, why, clause) if part)


def chainage_word(chainage_m: tuple[float, float]) -> str:
    """A chainage or a stretch, centimetres; what is shorter than :data:`LEAST_STRETCH_M` is one place."""
    first, last = chainage_m
    return f"{first:.2f}" if abs(last - first) < LEAST_STRETCH_M else f"{first:.2f}–{last:.2f}"


WHOLE_HOLE = Words("整个开挖范围", "the whole excavation")
ALONG_OTHER = Words(
    "沿对方管线，从其登记的起点量起", "along the other line, from its first point as registered"
)
AT_ITS_START = Words(
    "对方井室，或对方管线的起点", "the other's chamber, or the first point of the other line"
)
HOLE_CHAINAGES = Words(
    "开挖范围没有里程：其各项的里程沿对方管线，从其登记的起点量起；井室记 0。",
    "An excavation has no chainage: that of its findings runs along the other line, from its first point as registered;"
    " a chamber stands at 0.",
)


def along_other(finding: Finding) -> Words | None:
    """From where the chainage of a finding of an excavation is counted; None of a new line, which counts along itself."""
    if finding.a.kind != EXCAVATION or finding.b is None or is_place_withheld(finding):
        return None
    return AT_ITS_START if finding.chainage_m == (0.0, 0.0) else ALONG_OTHER


def is_place_withheld(finding: Finding) -> bool:
    """Whether no chainage is told: that of an excavation would run along a line that is kept back."""
    return finding.a.kind == EXCAVATION and finding.b is not None and finding.b.id == WITHHELD


def place_word(finding: Finding, language: Language) -> str:
    """Where along its line a finding lies, metres."""
    if is_place_withheld(finding):
        return STATES["withheld"].spoken(language)
    return chainage_word(finding.chainage_m)


def hole_chainages(result: CheckResult) -> list[Words]:
    """What is said once of the chainages of a report; empty where none runs along another line."""
    return [HOLE_CHAINAGES] if any(along_other(one) for one in result.findings) else []


def gap_place(part: NotCovered, language: Language) -> str:
    """Where nobody looked: metres along a new line; of an excavation all of it, whatever its outline measures."""
    if part.run.startswith("hole:"):
        return WHOLE_HOLE.spoken(language)
    return f"{chainage_word(part.chainage_m)} m"
