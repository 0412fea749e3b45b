"""What the tables ask of a pair of lines, unknown facts read in every way they can be."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import product
from typing import Any, cast

from xzgis.catalogue.rules import conditions_hold, rule_kinds_of
from xzgis.catalogue.terms import Catalogue, ClearanceRule, Condition, GiveWayRule, OrderRule
from xzgis.conflicts.rules.draft import asked_rules
from xzgis.conflicts.rules.reach import ANY_KINDS
from xzgis.conflicts.terms import AskedRule
from xzgis.networks.terms import Conditions

FACTS = ("pressure_class", "voltage_kv", "burial", "material", "nominal_mm", "method")
OTHER = "(other)"
"""A value that no condition names: something else than what the tables tell apart."""
JUST_M = 1e-3
UNKNOWN_KIND = "unknown"
CONTENT = "content"
"""The fact what lies in a trench."""


OVERHEAD = "overhead"


def is_overhead(conditions: Conditions) -> bool:
    """Whether a line hangs in the air: tables 4.1.9 and 4.1.14 speak of lines in the ground."""
    return OVERHEAD in (conditions.burial, conditions.method)


@dataclass(frozen=True, slots=True)
class Reading:
    """One way the unknown facts can be, and what the tables then ask.

    ``least_m`` is the largest constant asked; ``tunnel`` says whose outer width is asked as well ('a', 'b');
    ``rules`` are all rules that apply. Without a rule the tables do not reach this reading.
    """

    facts: tuple[tuple[str, str | float | None], ...]
    least_m: float
    tunnel: str
    rules: tuple[ClearanceRule, ...]

    def asked_m(self, width_a_m: float, width_b_m: float) -> float:
        """The strictest clearance of this reading for these outer widths."""
        width = {"a": width_a_m, "b": width_b_m, "": 0.0}[self.tunnel]
        return max(self.least_m, width)


@dataclass(frozen=True, slots=True)
class Requirement:
    """Everything the tables ask of a pair of condition classes.

    ``reached`` holds the readings that have a rule; ``beyond`` is True when some reading has none, so that the
    pair is never simply clear. ``search_m`` is how far a pair without a figure is looked at; ``is_any_kind``: a line
    is of a kind that nobody knows, so it may be a tunnel, of which its outer width is asked.
    """

    readings: tuple[Reading, ...]
    beyond: bool
    search_m: float
    unknown: tuple[str, ...]
    reached: tuple[Reading, ...] = field(default=())
    is_any_kind: bool = False
    asking: tuple[Reading, ...] = field(init=False, compare=False, repr=False)
    """One of ``reached`` for each figure asked: hundreds of ways to be ask a handful of them."""
    _asked: dict[tuple[float, float], tuple[AskedRule, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )
    _constant: list[tuple[float, float]] = field(default_factory=list, init=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        figures = {(reading.least_m, reading.tunnel): reading for reading in reversed(self.reached)}
        object.__setattr__(self, "asking", tuple(reversed(figures.values())))

    def range_m(self, width_a_m: tuple[float, float], width_b_m: tuple[float, float]) -> tuple[float, float]:
        """Mildest and strictest clearance; ``search_m`` twice where there is no rule at all."""
        if self._constant:
            return self._constant[0]
        if not self.reached:
            return self.search_m, self.search_m
        asked = (
            min(r.asked_m(width_a_m[0], width_b_m[0]) for r in self.asking),
            max(r.asked_m(width_a_m[1], width_b_m[1]) for r in self.asking),
        )
        if not any(reading.tunnel for reading in self.reached):
            self._constant.append(asked)  # no reading asks a width: the same for all pairs of these facts
        return asked

    def given(self, fact: str) -> Iterator["Requirement"]:
        """The requirement with ``fact`` known, once per value that it can have."""
        values = dict.fromkeys(dict(r.facts).get(fact) for r in self.readings)
        for value in values:
            readings = tuple(r for r in self.readings if dict(r.facts).get(fact) == value)
            reached = tuple(r for r in readings if r.rules)
            yield replace(self, readings=readings, reached=reached, beyond=len(reached) < len(readings))

    def rules(self) -> tuple[ClearanceRule, ...]:
        """All rules asked in any reading, in the order of their identity."""
        return tuple(sorted({rule for r in self.reached for rule in r.rules}, key=lambda rule: rule.rule_id))

    def asked_rules(self, strict_m: float, tunnel_m: float) -> tuple[AskedRule, ...]:
        """All rules asked in any reading; the one with the strictest figure ``strict_m`` decides (kept)."""
        key = (strict_m, tunnel_m if any(reading.tunnel for reading in self.reached) else 0.0)
        if key not in self._asked:
            self._asked[key] = asked_rules(self.rules(), strict_m, tunnel_m)
        return self._asked[key]


class RuleBook:
    """The tables of one catalogue, with every answer kept."""

    def __init__(self, catalogue: Catalogue) -> None:
        self.catalogue = catalogue
        self._known: dict[tuple[str, Conditions, Conditions], Requirement] = {}
        self._farthest: dict[str | None, float] = {}
        self._kinds: dict[tuple[str, str | None], frozenset[str]] = {}
        self._all_kinds: dict[str, frozenset[str]] = {}
        self._orders: dict[tuple[str, str | None, str, str | None], tuple[OrderRule, bool] | None] = {}
        self._of_pressure: dict[str, list[Condition]] = {}
        self.covers: dict[tuple[Conditions, str | None], Any] = {}
        """Answers of :func:`xzgis.conflicts.rules.cover.cover_asked`, kept for the same while."""
        self.sought_m: dict[tuple[Conditions, str, float], float] = {}
        """Those of :mod:`xzgis.conflicts.rules.survey_reach`."""

    @cached_property
    def give_way(self) -> tuple[GiveWayRule, ...]:
        """The enabled rules of who gives way, in the order in which they are asked."""
        rules = sorted(self.catalogue.give_way, key=lambda rule: (rule.rank, rule.rule_id))
        return tuple(rule for rule in rules if rule.enabled)

    def horizontal(self, a: Conditions, b: Conditions) -> Requirement:
        """Plan clearance asked between lines of these facts."""
        return self._asked("horizontal", a, b)

    def vertical(self, a: Conditions, b: Conditions) -> Requirement:
        """Vertical clearance asked where lines of these facts cross."""
        return self._asked("vertical", a, b)

    def _asked(self, table: str, a: Conditions, b: Conditions) -> Requirement:
        key = (table, a, b)
        if key not in self._known:
            rules = self.catalogue.horizontal if table == "horizontal" else self.catalogue.vertical
            self._known[key] = self._read(rules, a, b)
        return self._known[key]

    def rule_kinds(self, conditions: Conditions) -> frozenset[str]:
        """Words of the tables under which a line with these facts is asked."""
        key = (conditions.kind, conditions.burial)
        if key not in self._kinds:
            self._kinds[key] = frozenset(rule_kinds_of(self.catalogue, conditions))
        return self._kinds[key]

    def order(self, a: Conditions, b: Conditions) -> tuple[OrderRule, bool] | None:
        """The rule of clause 4.1.12 for two lines, and whether it wants ``a`` above; must before should."""
        key = (a.kind, a.burial, b.kind, b.burial)
        if key not in self._orders:
            words = {a.kind} | self.rule_kinds(a), {b.kind} | self.rule_kinds(b)
            found = [
                (rule, rule.upper in words[0])
                for rule in self.catalogue.order
                if (rule.upper in words[0] and rule.lower in words[1])
                or (rule.upper in words[1] and rule.lower in words[0])
            ]
            self._orders[key] = min(found, key=lambda one: (not one[0].must, one[0].rule_id), default=None)
        return self._orders[key]

    def _read(self, table: Iterable[ClearanceRule], a: Conditions, b: Conditions) -> Requirement:
        rules = [rule for rule in table if self._concerns(rule, a, b) or self._concerns(rule, b, a)]
        tokens_a, tokens_b = self._tokens(rules, a), self._tokens(rules, b)
        readings: dict[Reading, None] = {}
        for read_a, read_b in product(self.readings_of(a, tokens_a), self.readings_of(b, tokens_b)):
            facts = tuple((f"a.{name}", value) for name, value in _changed(a, read_a)) + tuple(
                (f"b.{name}", value) for name, value in _changed(b, read_b)
            )
            # A trench keeps its own figures, whatever lies in it.
            ways = product(
                dict.fromkeys((read_a, _itself(a, read_a))), dict.fromkeys((read_b, _itself(b, read_b)))
            )
            readings[self._reading(rules, list(ways), facts)] = None
        kept = [r for r in readings if r.rules or OTHER not in dict(r.facts).values()] or list(readings)
        reached = tuple(r for r in kept if r.rules)
        unknown = tuple(dict.fromkeys(name for r in kept for name, _ in r.facts))
        return Requirement(
            readings=tuple(kept),
            reached=reached,
            beyond=len(reached) < len(kept),
            search_m=self._search_m(a, b, bool(rules)),
            unknown=unknown,
            is_any_kind=UNKNOWN_KIND in (a.kind, b.kind),
        )

    def _reading(
        self,
        rules: Sequence[ClearanceRule],
        ways: Sequence[tuple[Conditions, Conditions]],
        facts: tuple[tuple[str, str | float | None], ...],
    ) -> Reading:
        asked: list[ClearanceRule] = []
        least_m, tunnel = 0.0, ""
        is_reached = all(self._reach(one) for way in ways for one in way)
        turned = [(side, *way) for a, b in ways for side, way in (("ab", (a, b)), ("ba", (b, a)))]
        for rule in rules if is_reached else ():
            sides = [side for side, p, q in turned if self._applies(rule, p, q)]
            if not sides:
                continue
            asked.append(rule)
            if isinstance(rule.clearance_m, str):
                first = rule.kind_a == "utility_tunnel"
                tunnel = sides[0][0] if first else sides[0][1]
            else:
                least_m = max(least_m, rule.clearance_m)
        return Reading(facts=facts, least_m=least_m, tunnel=tunnel, rules=tuple(asked))

    def _reach(self, reading: Conditions) -> bool:
        """Whether the tables reach a line: in the ground, up to the pressure classes they name (gas 1.6 MPa)."""
        if is_overhead(reading):
            return False
        named = self._pressures(reading)
        return not named or reading.pressure_class in named

    def _pressures(self, conditions: Conditions) -> frozenset[str]:
        return frozenset(v for condition in self._asked_of_pressure(conditions) for v in condition.values)

    def _asked_of_pressure(self, conditions: Conditions) -> list[Condition]:
        """Conditions on the pressure class that the plan table knows for this kind of line."""
        if conditions.kind not in self._of_pressure:
            tokens = self._tokens(self.catalogue.horizontal, conditions)
            self._of_pressure[conditions.kind] = [
                leaf for token in tokens for leaf in self._leaves(token) if leaf.attribute == "pressure_class"
            ]
        return self._of_pressure[conditions.kind]

    def _applies(self, rule: ClearanceRule, a: Conditions, b: Conditions) -> bool:
        return (
            _is_of(rule.kind_a, self.rule_kinds(a))
            and _is_of(rule.kind_b, self.rule_kinds(b))
            and conditions_hold(self.catalogue, rule.condition_a, a) is True
            and conditions_hold(self.catalogue, rule.condition_b, b) is True
        )

    def _concerns(self, rule: ClearanceRule, a: Conditions, b: Conditions) -> bool:
        """Whether ``rule`` speaks of the kinds of ``a`` and ``b`` in any way they can be laid."""
        return _is_of(rule.kind_a, self.all_kinds(a)) and _is_of(rule.kind_b, self.all_kinds(b))

    def all_kinds(self, conditions: Conditions) -> frozenset[str]:
        """Words of the tables under which a line may be asked, in any way it can be laid."""
        if conditions.kind not in self._all_kinds:
            own = self.rule_kinds(replace(conditions, burial=None)) | frozenset(
                self._kinds_by_burial(conditions).values()
            )
            held = (self.rule_kinds(one) for one in self._held(conditions))
            self._all_kinds[conditions.kind] = own.union(*held)
        return self._all_kinds[conditions.kind]

    def _held(self, conditions: Conditions) -> list[Conditions]:
        """What may lie in it unrecorded, laid as it lies there."""
        kind = self.catalogue.kinds.get(conditions.kind)
        may_hold = {} if kind is None else kind.may_hold
        return [Conditions(name, burial=burial) for name, burial in may_hold.items()]

    def _kinds_by_burial(self, conditions: Conditions) -> dict[str, str]:
        """Burial to the further word of the tables; obstacles have none."""
        kind = self.catalogue.kinds.get(conditions.kind)
        return {} if kind is None else kind.rule_kind_by_burial

    def _tokens(self, rules: Sequence[ClearanceRule], conditions: Conditions) -> tuple[str, ...]:
        """Condition tokens that ``rules`` ask of the side of ``conditions``."""
        kinds = self.all_kinds(conditions)
        asked = [
            text
            for rule in rules
            for kind, text in ((rule.kind_a, rule.condition_a), (rule.kind_b, rule.condition_b))
            if _is_of(kind, kinds)
        ]
        return tuple(dict.fromkeys(token for text in asked for token in text.split(";") if token))

    def readings_of(self, conditions: Conditions, tokens: Sequence[str]) -> list[Conditions]:
        """Every way ``conditions`` can be, as far as the condition ``tokens`` can tell them apart."""
        held = [way for one in self._held(conditions) for way in self.readings_of(one, tokens)]
        if held:
            own = self._asked_of_itself(conditions)
            tokens = [token for token in tokens if token in own]
        asked = [condition for token in tokens for condition in self._leaves(token)]
        values: list[list[str | float | None]] = []
        for name in FACTS:
            concerned = [c for c in asked if c.attribute == name]
            if name == "pressure_class" and self._pressures(conditions):
                concerned = concerned or self._asked_of_pressure(conditions)
            values.append(self._values(conditions, name, concerned))
        ways = [dict(zip(FACTS, way, strict=True)) for way in product(*values)]
        return [replace(conditions, **cast(dict[str, Any], way)) for way in ways] + held

    def _asked_of_itself(self, conditions: Conditions) -> frozenset[str]:
        """Condition tokens that a table asks of a line itself, not of what may lie in it."""
        kinds, tables = self.rule_kinds(conditions), self.catalogue
        asked = [(rule.kind, rule.condition) for rule in tables.cover]
        for rule in (*tables.horizontal, *tables.vertical):
            asked += [(rule.kind_a, rule.condition_a), (rule.kind_b, rule.condition_b)]
        return frozenset(token for kind, text in asked if kind in kinds for token in text.split(";") if token)

    def _values(
        self, conditions: Conditions, name: str, asked: Sequence[Condition]
    ) -> list[str | float | None]:
        value = getattr(conditions, name)
        by_burial = self._kinds_by_burial(conditions) if name == "burial" else {}
        if not asked and not by_burial:
            return [value]
        if value is not None:
            group = self._one_of(name, str(value))
            if group:
                return list(group)
            if not any(value in condition.unknown_values for condition in asked):
                return [value]
        if name in ("nominal_mm", "voltage_kv"):
            return list(_either_side(asked))
        named = [v for condition in asked for v in (*condition.values, *condition.not_values)]
        named += list(by_burial)
        if name == "pressure_class":
            named += [code.token for code in self.catalogue.codes.get(name, ()) if not code.one_of]
        return [*dict.fromkeys(v for v in named if self._suits(name, v, conditions.kind)), OTHER]

    def _one_of(self, name: str, value: str) -> tuple[str, ...]:
        return next((code.one_of for code in self.catalogue.codes.get(name, ()) if code.token == value), ())

    def _suits(self, name: str, value: str, kind: str) -> bool:
        """Whether the code list gives ``value`` to lines of ``kind``."""
        codes = [code for code in self.catalogue.codes.get(name, ()) if code.token == value]
        return not codes or any(not code.kinds or kind in code.kinds for code in codes)

    def _leaves(self, token: str) -> list[Condition]:
        condition = self.catalogue.conditions[token]
        below = [leaf for name in (*condition.any_of, *condition.all_of) for leaf in self._leaves(name)]
        return [condition, *below]

    def farthest_m(self, kind: str | None) -> float:
        """The largest constant figure of the horizontal table between ``kind`` and any line; None: between any."""
        if kind not in self._farthest:
            self._farthest[kind] = max(
                (figure_m for figure_m, kinds in self._between_lines if kind is None or kind in kinds),
                default=0.0,
            )
        return self._farthest[kind]

    @cached_property
    def figures_m(self) -> tuple[float, ...]:
        """The constant figures of the horizontal table between lines of any kinds, ascending."""
        return tuple(sorted({figure_m for figure_m, _ in self._between_lines}))

    @cached_property
    def _between_lines(self) -> tuple[tuple[float, frozenset[str]], ...]:
        lines = {k.rule_kind for k in self.catalogue.kinds.values() if k.rule_kind} | ANY_KINDS
        return tuple(
            (rule.clearance_m, frozenset({rule.kind_a, rule.kind_b}))
            for rule in self.catalogue.horizontal
            if isinstance(rule.clearance_m, float) and {rule.kind_a, rule.kind_b} <= lines
        )

    def _search_m(self, a: Conditions, b: Conditions, has_rules: bool) -> float:
        """How far a pair without a figure is looked at: as far as the figures of the two kinds go.

        Where a kind stands outside the tables, or its figures end (gas above 1.6 MPa), as far as any figure of
        the table between lines goes.
        """
        kinds = [self.all_kinds(c) for c in (a, b)]
        if has_rules or not all(kinds):
            return self.farthest_m(None)
        return min(max(self.farthest_m(kind) for kind in of_one) for of_one in kinds)


def _is_of(word: str, kinds: frozenset[str]) -> bool:
    return word in kinds or (word in ANY_KINDS and bool(kinds))


def _itself(given: Conditions, read: Conditions) -> Conditions:
    """The line itself where ``read`` is what may lie in it."""
    return read if read.kind == given.kind else given


def _changed(given: Conditions, read: Conditions) -> Iterator[tuple[str, str | float | None]]:
    if read.kind != given.kind:
        # What else is not known of what lies in it is a part of what lies in it.
        facts = [read.kind, *(getattr(read, name) for name in FACTS)]
        yield CONTENT, OTHER if OTHER in facts else " ".join(str(fact) for fact in facts)
        return
    for name in FACTS:
        value = getattr(read, name)
        if value != getattr(given, name):
            yield name, value


def _either_side(asked: Sequence[Condition]) -> list[float]:
    """One number below, at and above every bound that ``asked`` names."""
    bounds = {
        bound for c in asked for bound in (c.at_least, c.above, c.below, c.at_most) if bound is not None
    }
    return sorted({value for bound in bounds for value in (max(bound - JUST_M, 0.0), bound, bound + JUST_M)})
