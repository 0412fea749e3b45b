"""One chamber beside one new run is one finding: the gravest leads, the other measures of that place are said in it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.identity import OUTCOME_RANK
from xzgis.conflicts.rules.words import with_note
from xzgis.conflicts.terms import Also, Measure, Outcome
from xzgis.core.words import Words

LEADS = {measure: rank for rank, measure in enumerate((Measure.COLLISION, Measure.HORIZONTAL, Measure.DIG))}
"""Of two verdicts alike, to be hit is graver than to be near."""


def folded(drafts: Sequence[Draft]) -> list[Draft]:
    """``drafts`` on chambers with those of one run, one chamber and one place folded into the gravest of them.

    A verdict leads a duty. A duty that is graver than every verdict stays a finding of its own, as does one of a
    declared hole: it has no other measure.
    """
    pairs: dict[tuple[int, int | None], list[Draft]] = defaultdict(list)
    told = []
    for draft in drafts:
        if draft.a_is_hole:
            told.append(draft)
        else:
            pairs[draft.a, draft.b].append(draft)
    for mine in pairs.values():
        for place in _places(mine):
            told += _told_once(place)
    return told


def _places(drafts: Sequence[Draft]) -> list[list[Draft]]:
    """``drafts`` of one pair by the place along the new run, what meets or overlaps together."""
    places: list[list[Draft]] = []
    reached = float("-inf")
    for draft in sorted(drafts, key=lambda one: one.chainage_m):
        if not places or draft.chainage_m[0] > reached + EQUAL_M:
            places.append([])
        places[-1].append(draft)
        reached = max(reached, draft.chainage_m[1])
    return places


def _told_once(place: Sequence[Draft]) -> list[Draft]:
    gravest = sorted(
        place,
        key=lambda one: (
            one.advisory,
            OUTCOME_RANK[one.outcome],
            LEADS.get(one.measure, len(LEADS)),
            one.chainage_m,
        ),
    )
    lead = gravest[0]
    inside: list[Draft] = []
    apart: list[Draft] = []
    for draft in gravest[1:]:
        is_graver = OUTCOME_RANK[draft.outcome] < OUTCOME_RANK[lead.outcome]
        is_like = draft.measure is lead.measure
        (apart if is_graver or is_like else inside).append(draft)
    if not inside:
        return [lead, *apart]
    missing = lead.missing
    if lead.outcome is Outcome.CANNOT_JUDGE:
        missing = tuple(dict.fromkeys(fact for one in (lead, *inside) for fact in one.missing))
    words = lead.words
    for draft in inside:
        words = with_note(words, _there_too(draft))
    whole = replace(
        lead,
        missing=missing,
        mend=lead.mend or next((one.mend for one in inside if one.mend), None),
        words=words,
        also=tuple(Also(one.measure, one.outcome, one.missing, one.duties) for one in inside),
    )
    return [whole, *apart]


def _there_too(draft: Draft) -> Words:
    """What a draft says, without the two objects that it speaks of."""
    zh, en = draft.words.zh.split("：", 1)[1], draft.words.en.split(": ", 1)[1]
    if zh.endswith("）") and en.endswith(")"):
        zh, en = zh[:-1].replace("（", "：", 1), en[:-1].replace(" (", ": ", 1)
    return Words(f"同处{zh}", f"there too: {en}")
