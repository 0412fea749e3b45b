"""What "clear" rests on beside known facts: dry land where nobody knows the surface, figures from memory."""

from collections.abc import Sequence

from xzgis.catalogue.rules import conditions_hold, surface_holds
from xzgis.catalogue.terms import CoverRule
from xzgis.conflicts.kernel.compiled import EQUAL_M, JUST_BELOW_M
from xzgis.conflicts.kernel.profile import below
from xzgis.conflicts.rules.book import RuleBook
from xzgis.conflicts.rules.cover import ANY_KIND, cover_asked, dry_surfaces, profile_of, stretches_of
from xzgis.conflicts.rules.explain import merged
from xzgis.conflicts.rules.scene import Pair, Scene, conditions_of
from xzgis.conflicts.rules.verdict import Range
from xzgis.conflicts.rules.vertical import order_rule
from xzgis.conflicts.terms import AskedRule, AssumedDry, SurfaceStretch
from xzgis.networks.terms import Conditions

MEMORY = "memory"


def assumed_dry(scene: Scene, a: int, surfaces: Sequence[SurfaceStretch]) -> list[AssumedDry]:
    """Parts of new run ``a`` whose verdict on the cover would be another were there water above.

    Nothing says which surface lies there. It is read as every kind of dry land (``docs/decisions/0024``); a part
    that has the cover asked below a bed as well, beyond tolerance, hangs on nothing.
    """
    asked_m = asked_below_water_m(scene.book, conditions_of(scene.new, a))
    profile = profile_of(scene, a)
    bound = asked_m + scene.factor * float(scene.new.sigma_level_m[a]) - JUST_BELOW_M
    short = [(first, last) for first, last in below(profile.chain_m, profile.strict_m, bound).tolist()]
    named = [one for one in surfaces if one.new == a]
    spans = [span for span, surface in stretches_of(scene.length_m(a), named) if surface is None]
    parts = [
        (max(first, span[0]), min(last, span[1]))
        for span in spans
        for first, last in short
        if min(last, span[1]) - max(first, span[0]) > EQUAL_M
    ]
    return [AssumedDry(new=a, chainage_m=part, asked_m=asked_m) for part in merged(parts)]


def asked_below_water_m(book: RuleBook, facts: Conditions) -> float:
    """The largest cover that a rule may ask of a line below the bed of a water, metres; 0 where none speaks."""
    dry = dry_surfaces(book)
    return max(
        (
            rule.cover_m
            for rule in book.catalogue.cover
            if (rule.kind == ANY_KIND or rule.kind in book.rule_kinds(facts))
            and conditions_hold(book.catalogue, rule.condition, facts) is not False
            and not any(surface_holds(book.catalogue, rule.surface, under) for under in dry)
        ),
        default=0.0,
    )


def unverified_of(rules: Sequence[AskedRule] | Sequence[CoverRule], strict_m: float) -> str | None:
    """The rule from memory that alone asks the strictest figure; None where a verified one asks as much."""
    asking = [rule for rule in rules if _figure_m(rule) >= strict_m - EQUAL_M]
    if not asking or any(rule.confidence != MEMORY for rule in asking):
        return None
    return asking[0].rule_id


def _figure_m(rule: AskedRule | CoverRule) -> float:
    return rule.clearance_m if isinstance(rule, AskedRule) else rule.cover_m


def unverified_in_plan(scene: Scene, pair: Pair) -> str | None:
    """The rule from memory on which a clear plan clearance of ``pair`` rests."""
    tunnel = float(max(scene.new.width_m[pair.a, 1], scene.existing.width_m[pair.b, 1]))
    strict_m = pair.asked.range_m[1]
    return unverified_of(pair.requirement.asked_rules(strict_m, tunnel), strict_m)


def unverified_at_crossing(scene: Scene, pair: Pair) -> str | None:
    """The rule from memory on which a clear vertical gap of ``pair`` rests."""
    widths = [runs.width_m[run] for runs, run in ((scene.new, pair.a), (scene.existing, pair.b))]
    ranges: list[Range] = [(float(width[0]), float(width[1])) for width in widths]
    requirement = scene.book.vertical(conditions_of(scene.new, pair.a), conditions_of(scene.existing, pair.b))
    strict_m = requirement.range_m(ranges[0], ranges[1])[1]
    return unverified_of(requirement.asked_rules(strict_m, max(ranges[0][1], ranges[1][1])), strict_m)


def unverified_order(scene: Scene, pair: Pair) -> str | None:
    """The rule from memory on which the clear order of a crossing rests."""
    found = order_rule(scene, pair)
    return found[0].rule_id if found is not None and found[0].confidence == MEMORY else None


def unverified_cover(scene: Scene, a: int, surfaces: Sequence[SurfaceStretch]) -> str | None:
    """The first rule from memory on which a clear cover of new run ``a`` rests."""
    named = [one for one in surfaces if one.new == a]
    facts = conditions_of(scene.new, a)
    asked = [cover_asked(scene.book, facts, under) for _, under in stretches_of(scene.length_m(a), named)]
    found = (unverified_of(one.rules, one.asked.range_m[1]) for one in asked)
    return next((rule_id for rule_id in found if rule_id is not None), None)
