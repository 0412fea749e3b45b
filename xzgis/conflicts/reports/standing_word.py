"""What a finding is called and what is counted: an item of a table by its outcome, a duty or a hint by its own name.

Decision 0019: duties about digging and orders with wording 宜 are advice. They keep an ``outcome`` for scripts
and stand beside the counts, so people must never read them as a breach or as clear.
"""

from collections import Counter
from collections.abc import Mapping

from xzgis.conflicts.reports.labels import outcome_word
from xzgis.conflicts.terms import CheckResult, Finding, Measure, Outcome
from xzgis.core.words import Language, Words

DUTY = Words("开挖注意", "digging duty")
HINT = Words("提示", "hint")
CONSENT = Words("须征得同意", "consent needed")
OPEN = {
    Outcome.CANNOT_JUDGE: Words("（无法判定）", " (cannot be judged)"),
    Outcome.REFER: Words("（需专家）", " (refer to an expert)"),
}


def standing_word(finding: Finding, language: Language) -> str:
    """The outcome in words; a duty or a hint by that name, and openly where even it cannot be told."""
    if not finding.advisory:
        return outcome_word(finding.outcome, language)
    if finding.measure is Measure.ZONE:
        return CONSENT.spoken(language)  # who is asked decides: no expert beside him
    named = DUTY if finding.measure is Measure.DIG else HINT
    doubt = OPEN.get(finding.outcome)
    return named.spoken(language) + (doubt.spoken(language) if doubt else "")


def advice_count(result: CheckResult) -> int:
    """Duties and hints among the findings; they stand beside the counts."""
    return sum(one.advisory for one in result.findings)


def counts_line(result: CheckResult, language: Language) -> str:
    """Items by outcome, advice apart, then the pairs of lines they were judged on."""
    counts: Mapping[str, int] = result.counts
    said = " · ".join(f"{outcome_word(each, language)} {counts.get(each.value, 0)}" for each in Outcome)
    items, advice, pairs = sum(counts.values()), advice_count(result), result.checked.get("pairs", 0)
    beside = Words(
        f"；另有开挖注意、须征得同意或提示 {advice} 条，不计入" if advice else "",
        f"; beside them {advice} duties, consents or hints, not counted" if advice else "",
    )
    # Covers and what an excavation touches are items of no pair: "0 pairs" would read as "no line near".
    of_pairs = Words(
        f"（可及范围内 {pairs} 对管线，一对可有几项）" if pairs else "",
        f" ({pairs} pairs of lines within reach; a pair may have several items)" if pairs else "",
    )
    return Words(
        f"共判定 {items} 项：{said}{beside.zh}{of_pairs.zh}",
        f"{items} items judged: {said}{beside.en}{of_pairs.en}",
    ).spoken(language)


def advice_sorts(result: CheckResult) -> list[tuple[Words, int]]:
    """Consents, duties and hints beside the counts, each by its name with its number; none of what there is none."""
    named = Counter(
        CONSENT if one.measure is Measure.ZONE else DUTY if one.measure is Measure.DIG else HINT
        for one in result.findings
        if one.advisory
    )
    return [(word, named[word]) for word in (CONSENT, DUTY, HINT) if named[word]]


def beside_clear(result: CheckResult) -> Words:
    """Which duties, consents and hints stand beside a verdict that all is clear; empty where there is none."""
    told = advice_sorts(result)
    if not told:
        return Words("", "")
    return Words(
        f"另有{'、'.join(f'{word.zh} {count} 条' for word, count in told)}，见下。",
        f" Beside that, see below: {', '.join(f'{word.en} {count}' for word, count in told)}.",
    )
