"""What is told of a new run beside a chamber: joints of its own network, and lines that pass below or above it."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import Anchor, Explanation
from xzgis.conflicts.rules.near import Near
from xzgis.conflicts.rules.scene import Scene, conditions_of
from xzgis.conflicts.rules.words import fact_words, figures, pair_words, sentence
from xzgis.conflicts.terms import Measure, Outcome, Verdict
from xzgis.core.words import Words

PASSES = Words(
    "自井室上方或下方穿越，净距表未规定该数值，须征求权属单位意见",
    "it passes above or below the chamber, for which no table gives a figure: ask the owner",
)

OF_CHAMBER = {"b.size": "b.chamber_size", "b.depth": "b.chamber_depth"}


def of_chamber(verdict: Verdict) -> Verdict:
    """``verdict`` on a chamber with its missing facts named as the chamber's own, not as those of a line."""
    words = verdict.words
    for was, now in OF_CHAMBER.items():
        if was in (*verdict.missing, *(fact for other in verdict.also for fact in other.missing)):
            of_line, own = fact_words(was), fact_words(now)
            words = Words(words.zh.replace(of_line.zh, own.zh), words.en.replace(of_line.en, own.en))
    return replace(
        verdict,
        missing=_own(verdict.missing),
        also=tuple(replace(other, missing=_own(other.missing)) for other in verdict.also),
        words=words,
    )


def _own(missing: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(OF_CHAMBER.get(fact, fact) for fact in missing)


def joints_at_chambers(work: Scene, chambers: Scene, explained: Sequence[Explanation]) -> list[Explanation]:
    """The joints of the new runs with existing ones, as far as they reach the chamber at the end of such a run.

    What a joint explains of a run it explains of the chamber at the run's end, as far along the lines.
    """
    at_node: dict[int, list[int]] = defaultdict(list)
    for number, node in enumerate(chambers.existing.from_node.tolist()):
        at_node[node].append(number)
    found = []
    for joint in explained:
        if not joint.is_joint:
            continue
        on_b: dict[int, list[Anchor]] = defaultdict(list)
        for b, anchors in joint.on_b.items():
            length_m = float(work.others.chain_m[work.others.offset[b + 1] - 1])
            ends = ((work.existing.from_node[b], 0.0), (work.existing.to_node[b], length_m))
            for node, end_m in ends:
                way_m = min(used + abs(end_m - place) for place, used, _ in anchors)
                for number in at_node.get(int(node), ()):
                    if conditions_of(chambers.existing, number).kind == conditions_of(work.existing, b).kind:
                        on_b[number].append(Anchor(0.0, way_m))
        if on_b:
            found.append(Explanation(joint.sine, True, joint.on_a, dict(on_b)))
    return found


def beside_chamber(near: Near, drafts: Sequence[Draft], hits: Sequence[Draft]) -> list[Draft]:
    """``drafts`` on the plan clearance, those of a line that passes above or below for certain left to its owner."""
    told = [draft if hits or not _overlap(near, draft) else _passing(near.scene, draft) for draft in drafts]
    for draft in told:
        draft.gives_way = None  # a chamber stands
    return told


def _overlap(near: Near, draft: Draft) -> bool:
    first, last = draft.chainage_m
    return any(low <= last and high >= first for low, high in near.overlap)


def _passing(scene: Scene, draft: Draft) -> Draft:
    assert draft.b is not None  # of a pair
    assert draft.gap_m is not None  # in plan
    kinds = (conditions_of(scene.new, draft.a).kind, conditions_of(scene.existing, draft.b).kind)
    chamber = conditions_of(scene.existing, draft.b).chamber
    said = figures(Measure.STACKED, draft.gap_m, (0.0, 0.0))
    return replace(
        draft,
        outcome=Outcome.REFER,
        required_m=None,
        rules=(),
        missing=(),
        mend=None,
        needs_checking=False,
        within_tolerance_m=(),
        cannot_judge_m=(),
        words=sentence(
            pair_words(scene.catalogue, kinds, chamber), Measure.HORIZONTAL, Outcome.REFER, said, PASSES
        ),
    )
