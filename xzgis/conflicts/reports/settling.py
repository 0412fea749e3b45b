"""Which one missing fact would settle how many findings, said once above the list."""

from collections import Counter

from xzgis.conflicts.rules.words import fact_words
from xzgis.conflicts.terms import CheckResult, Outcome
from xzgis.core.words import Words

LEAST = 2
"""What a single finding lacks is said by itself."""


def settled_by(result: CheckResult) -> list[Words]:
    """One sentence for each fact that several findings which cannot be judged lack, and lack alone; the most first.

    A breach stays one, whatever its folded parts lack; so does what cannot be judged for another reason than a fact.
    Of existing lines the same fact may have to be found out for each of them.
    """
    alone = Counter(
        one.missing[0]
        for one in result.findings
        if one.outcome is Outcome.CANNOT_JUDGE
        and not one.advisory
        and len(one.missing) == len(one.to_find_out) == 1
    )
    told = []
    for fact, count in sorted(alone.items(), key=lambda each: (-each[1], each[0])):
        if count < LEAST:
            continue
        named = fact_words(fact)
        told.append(
            Words(
                f"查明{named.zh}，可确定其中 {count} 项。",
                f"{count} of the findings would be settled by one fact: {named.en}.",
            )
        )
    return told
