"""Cover of new runs: ground minus crown, along the chainage, against the surface above (table 4.1.1)."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from xzgis.catalogue.rules import conditions_hold, surface_holds
from xzgis.catalogue.terms import CoverRule
from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.profile import below, lowest, unknown
from xzgis.conflicts.rules.book import OTHER, UNKNOWN_KIND, RuleBook, is_overhead
from xzgis.conflicts.rules.draft import Draft
from xzgis.conflicts.rules.explain import subtract
from xzgis.conflicts.rules.horizontal import awaits_checking
from xzgis.conflicts.rules.pieces import Piece, layered
from xzgis.conflicts.rules.scene import Scene, conditions_of
from xzgis.conflicts.rules.verdict import Asked, Range, is_open, outcome_of, rounded_up
from xzgis.conflicts.rules.words import (
    CHECK_FIGURE,
    beside_words,
    figures,
    missing_words,
    pair_words,
    sentence,
    standing,
)
from xzgis.conflicts.terms import AskedRule, Measure, Outcome, SurfaceStretch
from xzgis.networks.terms import Conditions, FloatArray

ANY_LAND = "general"
"""The group of the surface list that stands for any dry surface."""
ANY_KIND = "any"


@dataclass(frozen=True, slots=True)
class CoverAsked:
    """What the cover table asks of a run under a surface."""

    asked: Asked
    rules: tuple[CoverRule, ...]
    unknown: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Profile:
    """Cover along a run: with the largest and with the smallest height where a crown follows from it."""

    chain_m: FloatArray
    strict_m: FloatArray
    mild_m: FloatArray
    ground_m: FloatArray


def judge_cover(scene: Scene, a: int, surfaces: Sequence[SurfaceStretch]) -> list[Draft]:
    """The verdicts on the cover of new run ``a`` that are not clear."""
    facts = conditions_of(scene.new, a)
    profile = profile_of(scene, a)
    drafts = []
    for span, surface in stretches_of(scene.length_m(a), [s for s in surfaces if s.new == a]):
        asked = cover_asked(scene.book, facts, surface)
        if not asked.asked.reached:
            drafts.append(_draft(scene, a, _outside(asked, span), asked, ()))
            continue
        nowhere = _unknown(profile, span)
        if asked.asked.beyond:
            known = subtract([span], [part for part, _ in nowhere])
            pieces = [_beyond(profile, part) for part in known]
            nowhere = [(part, (*missing, *asked.unknown)) for part, missing in nowhere]
        else:
            pieces = _pieces(scene, a, profile, span, asked)
        drafts += [_draft(scene, a, piece, asked, _missing(piece, asked, surface)) for piece in pieces]
        drafts += [
            _draft(scene, a, Piece(part, (-np.inf, np.inf), Outcome.CANNOT_JUDGE), asked, missing)
            for part, missing in nowhere
        ]
    return drafts


def stretches_of(length_m: float, named: Sequence[SurfaceStretch]) -> list[tuple[Range, str | None]]:
    """The whole run cut by surface; what nobody named has an unknown surface. The first one named counts."""
    ends = sorted({0.0, length_m, *(min(max(c, 0.0), length_m) for s in named for c in s.chainage_m)})
    cut: list[tuple[Range, str | None]] = []
    for low, high in zip(ends[:-1] or ends, ends[1:] or ends, strict=True):
        middle = (low + high) / 2.0
        surface = next((s.surface for s in named if s.chainage_m[0] <= middle <= s.chainage_m[1]), None)
        if cut and cut[-1][1] == surface:
            cut[-1] = ((cut[-1][0][0], high), surface)
        elif high - low > EQUAL_M or length_m <= EQUAL_M:
            cut.append(((low, high), surface))
    return cut


def cover_asked(book: RuleBook, facts: Conditions, surface: str | None) -> CoverAsked:
    """What is asked of a line under a surface; unknown facts are read every way, an unknown surface as any dry one.

    That dry land was taken is told beside the answer (:func:`xzgis.conflicts.rules.assumed.assumed_dry`).
    """
    known = book.covers.get((facts, surface))
    if known is None:
        known = book.covers[facts, surface] = _cover_asked(book, facts, surface)
    return known


def _cover_asked(book: RuleBook, facts: Conditions, surface: str | None) -> CoverAsked:
    kinds = book.all_kinds(facts)
    rules = [rule for rule in book.catalogue.cover if rule.kind == ANY_KIND or rule.kind in kinds]
    tokens = tuple(dict.fromkeys(t for rule in rules for t in rule.condition.split(";") if t))
    readings = book.readings_of(facts, tokens)
    figures_m: list[float] = []
    applied: set[CoverRule] = set()
    beyond = False
    surfaces = [surface] if surface is not None else dry_surfaces(book)
    for read in readings:
        found = [_read(book, rules, read, under) for under in surfaces]
        beyond = beyond or not any(is_told for _, is_told in found)
        applied |= {rule for held, _ in found for rule in held}
        figures_m += [max(rule.cover_m for rule in held) for held, _ in found if held]
    unknown_facts = {
        name
        for name in ("burial", "material", "nominal_mm")
        if any(getattr(read, name) != getattr(facts, name) for read in readings if read.kind == facts.kind)
    }
    asked = Asked(
        (min(figures_m, default=0.0), max(figures_m, default=0.0)),
        beyond=beyond,
        reached=bool(figures_m),
        kind_known=facts.kind != UNKNOWN_KIND,
    )
    missing = tuple(f"a.{name}" for name in sorted(unknown_facts)) + (
        ("a.surface",) if surface is None else ()
    )
    return CoverAsked(
        asked=asked, rules=tuple(sorted(applied, key=lambda rule: rule.rule_id)), unknown=missing
    )


def _read(
    book: RuleBook, rules: Sequence[CoverRule], read: Conditions, under: str
) -> tuple[list[CoverRule], bool]:
    """The rules that ask a line of this reading under a surface, and whether the table says what it asks at all.

    A reading in which nothing but a value stands that no condition names is not told apart by the table; one that a
    value leaves open (a cable in a channel may lie in a steel duct) is told by the readings beside it.
    """
    kinds = book.rule_kinds(read)
    tests = [
        (rule, conditions_hold(book.catalogue, rule.condition, read))
        for rule in rules
        if (rule.kind == ANY_KIND or rule.kind in kinds)
        and surface_holds(book.catalogue, rule.surface, under)
    ]
    held = [rule for rule, holds in tests if holds is True]
    is_other = OTHER in (read.burial, read.material)
    return held, bool(held) or is_other or any(holds is None for _, holds in tests)


def dry_surfaces(book: RuleBook) -> tuple[str, ...]:
    """Every surface of dry land that the tables tell apart."""
    return next(
        (code.one_of for code in book.catalogue.codes.get("surface", ()) if code.token == ANY_LAND), ()
    )


def leaves_cover(scene: Scene, a: int, at_m: float, raise_m: float) -> bool:
    """Whether new run ``a``, raised at a chainage, still has cover beyond tolerance there.

    Where its cover or what is asked of it is not known nothing stands against raising it: the cover has a verdict
    of its own that says so.
    """
    facts = conditions_of(scene.new, a)
    if is_overhead(facts):
        return True
    profile = profile_of(scene, a)
    cover_m = float(np.interp(at_m, profile.chain_m, profile.strict_m)) - raise_m
    spread_m = scene.factor * float(scene.new.sigma_level_m[a])
    named = [one for one in scene.surfaces if one.new == a]
    here = [
        cover_asked(scene.book, facts, surface).asked
        for (low, high), surface in stretches_of(scene.length_m(a), named)
        if low - EQUAL_M <= at_m <= high + EQUAL_M
    ]
    return not any(one.reached and cover_m - spread_m < one.range_m[1] - EQUAL_M for one in here)


def profile_of(scene: Scene, a: int) -> Profile:
    """Cover along new run ``a`` at its vertices."""
    rows = slice(scene.lines.offset[a], scene.lines.offset[a + 1])
    ground = scene.lines.ground_m[rows]
    crowns = [lines.crown_m[rows] for lines in (scene.strict[0], scene.mild[0])]
    return Profile(
        chain_m=scene.lines.chain_m[rows],
        strict_m=ground - crowns[0],
        mild_m=ground - crowns[1],
        ground_m=ground,
    )


def _pieces(scene: Scene, a: int, profile: Profile, span: Range, asked: CoverAsked) -> list[Piece]:
    sigma = float(scene.new.sigma_level_m[a])
    low, high = asked.asked.range_m

    def judged(part: Range) -> Piece:
        gap = (
            lowest(profile.chain_m, profile.strict_m, *part),
            lowest(profile.chain_m, profile.mild_m, *part),
        )
        judging = gap, sigma, asked.asked, scene.factor
        return Piece(part, gap, outcome_of(*judging), is_open=is_open(*judging))

    def parts(value: FloatArray, bound: float) -> list[Range]:
        every = below(profile.chain_m, value, bound - JUST_BELOW_M).tolist()
        cut = [(first == last, (max(first, span[0]), min(last, span[1]))) for first, last in every]
        # A drop or riser has no length along the run and all its levels.
        return [
            part for is_drop, part in cut if part[1] - part[0] > EQUAL_M or (is_drop and part[0] == part[1])
        ]

    is_ranged = high - low > EQUAL_M or not np.array_equal(profile.strict_m, profile.mild_m, equal_nan=True)
    return layered(
        parts(profile.mild_m, low) if is_ranged else None,
        parts(profile.strict_m, high),
        parts(profile.strict_m, high + scene.factor * sigma),
        judged,
    )


def _unknown(profile: Profile, span: Range) -> list[tuple[Range, tuple[str, ...]]]:
    """Parts whose cover is not known, with what is missing."""
    found = []
    for first, last in unknown(profile.chain_m, profile.strict_m).tolist():
        part = max(first, span[0]), min(last, span[1])
        if part[1] - part[0] <= EQUAL_M and not first == last == part[0] == part[1]:
            continue
        rows = (profile.chain_m >= first - EQUAL_M) & (profile.chain_m <= last + EQUAL_M)
        no_ground = bool(np.isnan(profile.ground_m[rows]).any())
        no_level = bool(np.isnan(profile.strict_m[rows] - profile.ground_m[rows]).any()) and not (
            no_ground and not np.isnan(profile.strict_m[rows][~np.isnan(profile.ground_m[rows])]).any()
        )
        found.append((part, (("a.ground",) if no_ground else ()) + (("a.depth",) if no_level else ())))
    return found


def _beyond(profile: Profile, part: Range) -> Piece:
    """A part under which the table asks nothing of some way the line may be laid: never clear, never a breach."""
    gap = (
        lowest(profile.chain_m, profile.strict_m, *part),
        lowest(profile.chain_m, profile.mild_m, *part),
    )
    return Piece(part, gap, Outcome.CANNOT_JUDGE, is_open=True)


def _outside(asked: CoverAsked, span: Range) -> Piece:
    outcome = Outcome.REFER if asked.asked.kind_known else Outcome.CANNOT_JUDGE
    return Piece(span, (-np.inf, np.inf), outcome)


def _missing(piece: Piece, asked: CoverAsked, surface: str | None) -> tuple[str, ...]:
    if not piece.is_open:
        return ()
    if surface is None and piece.gap_m[1] - piece.gap_m[0] <= EQUAL_M and asked.unknown == ("a.surface",):
        return ("a.surface",)
    return asked.unknown + (("a.size",) if piece.gap_m[1] - piece.gap_m[0] > EQUAL_M else ())


def asked_rules_of(asked: CoverAsked) -> tuple[AskedRule, ...]:
    """The rows asked under a surface; the one with the largest figure decides (the first by identity)."""
    high = asked.asked.range_m[1]
    deciding = next((rule.rule_id for rule in asked.rules if abs(rule.cover_m - high) <= EQUAL_M), None)
    return tuple(
        AskedRule(
            rule_id=rule.rule_id,
            standard=rule.standard,
            table=rule.table,
            clearance_m=rule.cover_m,
            confidence=rule.confidence,
            decides=rule.rule_id == deciding,
            mandatory=rule.mandatory,
            note=rule.note,
        )
        for rule in asked.rules
    )


def _draft(scene: Scene, a: int, piece: Piece, asked: CoverAsked, missing: tuple[str, ...]) -> Draft:
    facts, sigma = conditions_of(scene.new, a), float(scene.new.sigma_level_m[a])
    low, high = asked.asked.range_m
    rules = asked_rules_of(asked)
    if (piece.is_open or piece.outcome is Outcome.CANNOT_JUDGE) and not asked.asked.kind_known:
        missing = ("a.kind",)
    checking = awaits_checking(rules, piece.gap_m[1] + scene.factor * sigma, piece.outcome)
    notes = [figures(Measure.COVER, piece.gap_m, asked.asked.range_m, missing)] if asked.asked.reached else []
    notes += beside_words(piece.within_m) + ([missing_words(missing)] if missing else [])
    notes += standing(rules, piece.outcome)
    notes += [CHECK_FIGURE] if checking else []
    mend = None
    if piece.outcome in (Outcome.BREACH, Outcome.WITHIN_TOLERANCE):
        short = high - piece.gap_m[0]
        mend = {
            "lower_m": rounded_up(max(short, 0.0)),
            "clear_lower_m": rounded_up(short + scene.factor * sigma),
        }
    return Draft(
        measure=Measure.COVER,
        outcome=piece.outcome,
        a=a,
        b=None,
        chainage_m=piece.span_m,
        points=scene.points(a, *piece.span_m),
        gap_m=piece.gap_m,
        required_m=(low, high) if asked.asked.reached else None,
        sigma_m=sigma,
        rules=rules,
        missing=missing,
        mend=mend,
        needs_checking=checking,
        within_tolerance_m=piece.within_m,
        words=sentence(pair_words(scene.catalogue, (facts.kind, None)), Measure.COVER, piece.outcome, *notes),
    )
