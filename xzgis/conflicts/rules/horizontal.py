"""Plan clearance along stretches, and runs laid one above another (clause 4.1.6)."""

from collections.abc import Sequence

from xzgis.conflicts.kernel.compiled import EQUAL_M
from xzgis.conflicts.rules.book import UNKNOWN_KIND
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.give_way import gives_way
from xzgis.conflicts.rules.moving import move_of
from xzgis.conflicts.rules.near import Left, Near, Seen
from xzgis.conflicts.rules.pieces import Piece, hulls, layered
from xzgis.conflicts.rules.scene import Pair, Scene, conditions_of, facts_of
from xzgis.conflicts.rules.settle import Trial, fact_trials, gap_trial, most_telling
from xzgis.conflicts.rules.verdict import Asked, Range, is_open, outcome_of, rounded
from xzgis.conflicts.rules.words import (
    CHECK_FIGURE,
    NO_MOVE,
    beside_words,
    figures,
    in_the_air,
    missing_words,
    negative_words,
    pair_words,
    sentence,
    standing,
)
from xzgis.conflicts.terms import AskedRule, Measure, Outcome
from xzgis.core.words import Words

STACKED = AskedRule(
    rule_id="GB50289-4.1.6",
    standard="GB 50289-2016",
    table="4.1.6",
    clearance_m=0.0,
    confidence="verified",
    decides=True,
    note="不应垂直重叠敷设",
)


def judge_horizontal(scene: Scene, near: Near) -> list[Draft]:
    """The verdicts on the plan clearance of one pair that are not clear."""
    pair = near.pair
    is_ranged = pair.asked.reached and pair.strict_m - pair.mild_m > EQUAL_M
    strict = near.left_in_any_reading(0.0)
    reach = near.left_in_any_reading(pair.reach_m(scene.factor) - pair.strict_m)
    places = near.places(near.reach, pair.reach_m(scene.factor)) if near.is_read_many_ways else None
    pieces = layered(
        near.unexplained(near.mild, pair.mild_m) if is_ranged else None,
        strict.spans,
        reach.spans,
        lambda span: _judged(scene, strict, span),
        lambda span: _judged(scene, reach, span),
        places,
    )
    return [_draft(near, piece) for piece in pieces]


def _judged(scene: Scene, left: Left, span: Range) -> Piece:
    pair, seen = left.near.pair, left.seen(span)
    outcome = outcome_of(seen.gap_m, pair.sigma_m, pair.asked, scene.factor)
    return Piece(
        span_m=span,
        gap_m=seen.gap_m,
        outcome=_as_read(outcome, seen),
        side=seen.place.side,
        is_open=seen.is_excused or is_open(seen.gap_m, pair.sigma_m, pair.asked, scene.factor),
        is_excused=seen.is_excused,
    )


def _as_read(outcome: Outcome, seen: Seen) -> Outcome:
    """``outcome``, but for a breach in a part that one reading leaves and another explains whole: in some only."""
    return Outcome.CANNOT_JUDGE if seen.is_excused and outcome is Outcome.BREACH else outcome


def _draft(near: Near, piece: Piece) -> Draft:
    scene, pair = near.scene, near.pair
    range_m = pair.asked.range_m
    tunnel = float(max(scene.new.width_m[pair.a, 1], scene.existing.width_m[pair.b, 1]))
    rules = pair.requirement.asked_rules(range_m[1], tunnel)
    kinds = (conditions_of(scene.new, pair.a).kind, conditions_of(scene.existing, pair.b).kind)
    chamber = conditions_of(scene.existing, pair.b).chamber
    missing = _missing(scene, pair, piece)
    checking = awaits_checking(rules, piece.gap_m[1] + scene.factor * pair.sigma_m, piece.outcome)
    notes = (
        [figures(Measure.HORIZONTAL, piece.gap_m, range_m, missing)]
        if pair.asked.reached
        else [_bare_gap(piece.gap_m[0])]
    )
    notes += beside_words(piece.within_m, piece.open_m) + ([missing_words(missing)] if missing else [])
    notes += standing(rules, piece.outcome) + in_the_air(facts_of(scene, pair), piece.outcome)
    mend, is_none = move_of(near, piece)
    notes += ([CHECK_FIGURE] if checking else []) + ([NO_MOVE] if is_none else [])
    return Draft(
        measure=Measure.HORIZONTAL,
        outcome=piece.outcome,
        a=pair.a,
        b=pair.b,
        chainage_m=piece.span_m,
        points=scene.points(pair.a, *piece.span_m),
        gap_m=piece.gap_m,
        required_m=range_m if pair.asked.reached else None,
        sigma_m=pair.sigma_m,
        rules=rules,
        missing=missing,
        gives_way=gives_way(scene, pair.a, pair.b),
        mend=mend,
        needs_checking=checking,
        within_tolerance_m=piece.within_m,
        cannot_judge_m=piece.open_m,
        words=sentence(
            pair_words(scene.catalogue, kinds, chamber), Measure.HORIZONTAL, piece.outcome, *notes
        ),
    )


def _bare_gap(gap_m: float) -> Words:
    """A gap of which no table asks anything."""
    below = negative_words(Measure.HORIZONTAL, (gap_m, gap_m))
    return Words(f"净距{rounded(gap_m):.3f} m{below.zh}", f"gap {rounded(gap_m):.3f} m{below.en}")


def awaits_checking(rules: Sequence[AskedRule], gap_high_m: float, outcome: Outcome) -> bool:
    """Whether the verdict rests on a figure of confidence memory alone."""
    deciding = next((rule for rule in rules if rule.decides), None)
    if deciding is None or deciding.confidence == "verified":
        return False
    if outcome is not Outcome.BREACH:
        return True
    return not any(
        rule.confidence == "verified" and gap_high_m < rule.clearance_m - EQUAL_M for rule in rules
    )


def _missing(scene: Scene, pair: Pair, piece: Piece) -> tuple[str, ...]:
    if not piece.is_open or piece.outcome is Outcome.REFER:
        return ()
    if not pair.asked.kind_known:
        return unknown_kinds(scene, pair)
    if piece.is_excused:
        return _all_open(scene, pair)
    widths = [scene.new.width_m[pair.a], scene.existing.width_m[pair.b]]
    ranges = tuple((float(w[0]), float(w[1])) for w in widths)
    trials = fact_trials(pair.requirement, piece.gap_m, pair.sigma_m, scene.factor, (ranges[0], ranges[1]))
    return most_telling(trials + _size_trials(scene, pair, piece.gap_m, pair.asked))


def _size_trials(scene: Scene, pair: Pair, gap_m: Range, asked: Asked) -> list[tuple[str, Trial]]:
    """A trial for each size that is not known to the micrometre: one that settles nothing is not to blame."""
    sides = (("a.size", scene.new.width_m[pair.a]), ("b.size", scene.existing.width_m[pair.b]))
    return [
        (name, gap_trial(gap_m, float(width[1] - width[0]) / 2.0, pair.sigma_m, asked, scene.factor))
        for name, width in sides
        if width[1] - width[0] > EQUAL_M
    ]


def unknown_kinds(scene: Scene, pair: Pair) -> tuple[str, ...]:
    """The sides of the pair whose kind is not known, as missing facts."""
    facts = (("a.kind", conditions_of(scene.new, pair.a)), ("b.kind", conditions_of(scene.existing, pair.b)))
    return tuple(name for name, fact in facts if fact.kind == UNKNOWN_KIND)


def _all_open(scene: Scene, pair: Pair) -> tuple[str, ...]:
    """Every fact on which the explained length hangs."""
    wide = tuple(
        (float(low), float(high)) for low, high in (scene.new.width_m[pair.a], scene.existing.width_m[pair.b])
    )
    asked = pair.requirement
    facts = tuple(
        fact
        for fact in asked.unknown
        if any(given.range_m(*wide) != asked.range_m(*wide) for given in asked.given(fact))
    )
    return (unknown_kinds(scene, pair) or facts) + _open_sizes(scene, pair)


def _open_sizes(scene: Scene, pair: Pair) -> tuple[str, ...]:
    widths = (("a.size", scene.new.width_m[pair.a]), ("b.size", scene.existing.width_m[pair.b]))
    return tuple(name for name, width in widths if width[1] - width[0] > EQUAL_M)


def judge_stacked(scene: Scene, near: Near) -> list[Draft]:
    """Stretches on which one run lies above the other over more than the explained length."""
    pair, asked = near.pair, Asked((0.0, 0.0))
    drafts = []
    left = near.stacked_in_any_reading()
    places = near.places(near.overlap, pair.half_m[1]) if near.is_read_many_ways else None
    for span in left.spans if places is None else hulls(left.spans, places):
        seen = left.seen(span)
        gap = seen.gap_m
        outcome = _as_read(outcome_of(gap, pair.sigma_m, asked, scene.factor), seen)
        kinds = (conditions_of(scene.new, pair.a).kind, conditions_of(scene.existing, pair.b).kind)
        missing: tuple[str, ...] = ()
        if seen.is_excused:
            missing = _all_open(scene, pair)
        elif is_open(gap, pair.sigma_m, asked, scene.factor):
            missing = most_telling(_size_trials(scene, pair, gap, asked))
        notes = [figures(Measure.STACKED, gap, asked.range_m)] + ([missing_words(missing)] if missing else [])
        drafts.append(
            Draft(
                measure=Measure.STACKED,
                outcome=outcome,
                a=pair.a,
                b=pair.b,
                chainage_m=span,
                points=scene.points(pair.a, *span),
                gap_m=gap,
                required_m=asked.range_m,
                sigma_m=pair.sigma_m,
                rules=(STACKED,),
                missing=missing,
                gives_way=gives_way(scene, pair.a, pair.b),
                words=sentence(pair_words(scene.catalogue, kinds), Measure.STACKED, outcome, *notes),
            )
        )
    return [draft for draft in drafts if draft.outcome is not Outcome.CLEAR]
