"""Whether the definitions agree with each other: every name meant exists, nothing is said twice."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations
from pathlib import PurePosixPath
from typing import Any

from xzgis.catalogue.rules.definitions import (
    ADD_CODE,
    ADD_CONDITION,
    ADD_KIND,
    WITHIN,
    Finding,
    Parts,
    Read,
    list_tokens,
    rule_kinds,
    tokens_of,
    twice,
    unknown,
)
from xzgis.catalogue.rules.sound_chambers import called_chambers, chamber_sizes, vague_chambers
from xzgis.catalogue.rules.sound_parts import part_words
from xzgis.catalogue.terms.closed import CLOSED
from xzgis.core.words import Words

RULES = ("horizontal", "vertical", "cover", "order", "give_way", "zones")


def faults_between(parts: Parts) -> tuple[Finding, ...]:
    """Every disagreement between the parts read, in the order of the checks."""
    checks: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
        _repeated,
        _kinds,
        _kind_codes,
        part_words,
        _conditions,
        _rules,
        _pairs_once,
        _outer_sizes,
        chamber_sizes,
        called_chambers,
        vague_chambers,
        _zones,
        _code_lists,
        _limits,
        _drawing,
        _intakes,
    )
    return tuple(finding for check in checks for finding in check(parts))


def _repeated(parts: Parts) -> Iterator[Finding]:
    """Tokens and rule identities stand once; a file of one definition bears its name."""
    for part in ("kinds", "conditions", "rule_kinds", "accuracy", "maps", "intake"):
        yield from _once(parts.get(part, ()), "token", lambda value: value.token)
    yield from _once(parts.get("symbols", ()), "kind", lambda value: value.kind)
    rules = [read for part in RULES for read in parts.get(part, ())]
    yield from _once(rules, "rule_id", lambda value: value.rule_id)
    yield from _once(parts.get("checks", ()), "code", lambda value: value.code)
    yield from _once(parts.get("give_way", ()), "rank", lambda value: str(value.rank))
    for read in (*parts.get("kinds", ()), *parts.get("maps", ()), *parts.get("intake", ())):
        if PurePosixPath(read.file).stem != read.value.token:
            reason = Words("文件名与 token 不同", "the file does not bear the token's name")
            yield Finding(read.file, read.line, "token", reason, Words("使两者一致。", "Make them the same."))


def _once(reads: Sequence[Read], column: str, name: Callable[[Any], str]) -> Iterator[Finding]:
    seen: dict[str, Read] = {}
    for read in reads:
        first = seen.setdefault(name(read.value), read)
        if first is not read:
            yield twice(read, column, name(read.value), first)


def _kinds(parts: Parts) -> Iterator[Finding]:
    """A kind's parent, rule kinds, burials and code lists exist."""
    kinds, meant, burials = tokens_of(parts, "kinds"), rule_kinds(parts), list_tokens(parts, "burial")
    for read in parts["kinds"]:
        kind = read.value
        if kind.parent is not None and kind.parent not in kinds:
            yield unknown(read, "parent", kind.parent, ADD_KIND)
        for name in filter(None, (kind.rule_kind, *kind.rule_kind_by_burial.values())):
            if name not in meant:
                yield unknown(read, "rule_kind", name, ADD_KIND)
        for burial in set(kind.rule_kind_by_burial) - burials:
            yield unknown(read, "rule_kind_by_burial", burial, ADD_CODE)
        for held in set(kind.may_hold) - kinds:
            yield unknown(read, "may_hold", held, ADD_KIND)
        for burial in set(kind.may_hold.values()) - burials:
            yield unknown(read, "may_hold", burial, ADD_CODE)
        for attribute in kind.attributes:
            if attribute.codes is not None and f"codes/{attribute.codes}" not in parts:
                yield unknown(read, f"attributes.{attribute.token}", attribute.codes, ADD_CODE)


def _kind_codes(parts: Parts) -> Iterator[Finding]:
    """One kind gives one code of a scheme once; different kinds may share it, and intake then asks."""
    yield from _once(parts["kind_codes"], "code", lambda value: f"{value.scheme} {value.code} {value.kind}")


def _conditions(parts: Parts) -> Iterator[Finding]:
    """Conditions name conditions and values that exist."""
    known = tokens_of(parts, "conditions")
    lists = {"pressure_class": "pressure_class", "burial": "burial", "material": "material"}
    for read in parts["conditions"]:
        condition = read.value
        for name in set(condition.any_of + condition.all_of) - known:
            yield unknown(read, "any_of", name, ADD_CONDITION)
        if condition.attribute in lists:
            values = list_tokens(parts, lists[condition.attribute])
            for name in sorted(
                set(condition.values + condition.not_values + condition.unknown_values) - values
            ):
                yield unknown(read, "values", name, ADD_CODE)


def _rules(parts: Parts) -> Iterator[Finding]:
    """Rules name kinds, conditions and surfaces that exist, and say where they come from."""
    for part in RULES:
        for read in parts.get(part, ()):
            yield from _rule(parts, read)


def _rule(parts: Parts, read: Read) -> Iterator[Finding]:
    rule, kinds, conditions = read.value, rule_kinds(parts), tokens_of(parts, "conditions")
    for column in ("kind", "kind_a", "kind_b", "upper", "lower"):
        name = getattr(rule, column, None)
        if name is not None and name not in kinds:
            yield unknown(read, column, name, ADD_KIND)
    for column in ("condition", "condition_a", "condition_b"):
        for name in filter(None, getattr(rule, column, "").split(";")):
            if name not in conditions:
                yield unknown(read, column, name, ADD_CONDITION)
    surface = getattr(rule, "surface", None)
    if surface is not None and surface not in list_tokens(parts, "surface"):
        yield unknown(read, "surface", surface, ADD_CODE)
    if not rule.source:
        reason = Words("规则没有出处", "the rule has no source")
        yield Finding(read.file, read.line, "source", reason, Words("写明出处。", "Say where it comes from."))


def _pairs_once(parts: Parts) -> Iterator[Finding]:
    """One standard gives an unordered pair of kinds and conditions one figure in one table; what is disabled gives none."""
    for part in ("horizontal", "vertical"):
        yield from _once([read for read in parts[part] if read.value.enabled], "kind_a", _pair_name)


def _pair_name(rule: Any) -> str:
    sides = sorted(((rule.kind_a, rule.condition_a), (rule.kind_b, rule.condition_b)))
    return " ".join((rule.standard, rule.table, *(f"{kind}[{condition}]" for kind, condition in sides)))


def _outer_sizes(parts: Parts) -> Iterator[Finding]:
    """Rows of outer sizes name what exists, have a wall and a range that is one."""
    kinds = rule_kinds(parts) | {"any"}
    materials, burials = list_tokens(parts, "material") | {""}, list_tokens(parts, "burial") | {""}
    for read in parts["outer_sizes"]:
        size = read.value
        for column, name, known in (
            ("kind", size.kind, kinds),
            ("material", size.material, materials),
            ("burial", size.burial, burials),
        ):
            if name not in known:
                yield unknown(read, column, name, ADD_KIND if column == "kind" else ADD_CODE)
        if size.nominal_mm_from >= size.nominal_mm_to:
            reason = Words("范围为空", "the range is empty")
            yield Finding(
                read.file, read.line, "nominal_mm_to", reason, Words("改正范围。", "Correct the range.")
            )
        if (size.wall_mm is None) == (size.wall_ratio is None):
            reason = Words("壁厚与壁厚比须且只须填一个", "exactly one of wall_mm and wall_ratio is needed")
            yield Finding(read.file, read.line, "wall_mm", reason, Words("只填一个。", "Fill in one."))


def _zones(parts: Parts) -> Iterator[Finding]:
    """Zones are of lines that there are and name pressure classes; a line has one of each sort."""
    lines = {read.value.token for read in parts["kinds"] if read.value.is_buried_line}
    classes = {read.value.token for read in parts["codes/pressure_class"] if not read.value.one_of}
    materials = {read.value.token for read in parts["codes/material"]}
    seen: set[tuple[str, str, str]] = set()
    for read in parts.get("zones", ()):
        zone = read.value
        if zone.kind not in lines:
            yield unknown(read, "kind", zone.kind, ADD_KIND)
        for name in zone.pressure_classes:
            if name not in classes:
                yield unknown(read, "pressure_classes", name, ADD_CODE)
        for name in zone.not_materials:
            if name not in materials:
                yield unknown(read, "not_materials", name, ADD_CODE)
        for name in zone.pressure_classes or ("",):
            key = (zone.kind, name, zone.zone)
            if key in seen:
                reason = Words(
                    f"{zone.kind} {name} 的该范围已有一行",
                    f"{zone.kind} {name} has a row of this zone already",
                )
                yield Finding(
                    read.file, read.line, "pressure_classes", reason, Words("删去一处。", "Remove one.")
                )
            seen |= {key} if zone.enabled else set()


def _code_lists(parts: Parts) -> Iterator[Finding]:
    """Within a code list one word means one value, for one kind and scheme; groups name values."""
    kinds = rule_kinds(parts)
    for part, reads in parts.items():
        if not part.startswith("codes/"):
            continue
        tokens = {read.value.token for read in reads}
        for read in reads:
            for name in set(read.value.one_of) - tokens:
                yield unknown(read, "one_of", name, ADD_CODE)
            for name in set(read.value.kinds) - kinds:
                yield unknown(read, "kinds", name, ADD_KIND)
        yield from _outside(part.removeprefix("codes/"), reads)
        yield from _clashing(reads)


def _outside(name: str, reads: Sequence[Read]) -> Iterator[Finding]:
    """Rows of a closed list that stand for a token which neither the register nor the checks know."""
    known = CLOSED.get(name)
    for read in reads:
        if known is not None and read.value.token not in known:
            listed = ", ".join(sorted(known))
            reason = Words(
                f"“{read.value.token}”不在该代码表之内，登记库与检查都不认识它",
                f"{read.value.token!r} is no token of this list, and neither register nor checks know it",
            )
            remedy = Words(
                f"填写表内的一个代号（{listed}），把行业用语写作它的别名。",
                f"Write one of its tokens ({listed}), with the crews' words as aliases of it.",
            )
            yield Finding(read.file, read.line, "token", reason, remedy)


def _words(value: Any) -> set[str]:
    return {word.casefold() for word in (value.code, value.zh, *value.aliases)}


def _clashing(reads: Sequence[Read]) -> Iterator[Finding]:
    counts = Counter(word for read in reads for word in _words(read.value))
    shared = [read for read in reads if any(counts[word] > 1 for word in _words(read.value))]
    for first, second in combinations(shared, 2):
        a, b = first.value, second.value
        apart = (
            a.token == b.token
            or a.scheme != b.scheme
            or (a.kinds and b.kinds and not set(a.kinds) & set(b.kinds))
        )
        words = _words(a) & _words(b)
        if words and not apart:
            yield twice(second, "aliases", min(words), first)


def _limits(parts: Parts) -> Iterator[Finding]:
    """Every limit stands once and between its bounds, and the lowest ground below the highest."""
    reads = parts.get("limits", ())
    yield from _once(reads, "token", lambda value: value.token)
    values = {read.value.token: read.value.value for read in reads}
    for read in reads:
        limit = read.value
        if not limit.least <= limit.value <= limit.most:
            reason = Words(
                f"{limit.value:g} 不在 {limit.least:g} 至 {limit.most:g} 之间",
                f"{limit.value:g} is not between {limit.least:g} and {limit.most:g}",
            )
            yield Finding(read.file, read.line, "value", reason, WITHIN)
        highest = values.get("highest_ground_m", limit.value)
        if limit.token == "lowest_ground_m" and limit.value > highest:  # noqa: S105 - a limit, no secret
            reason = Words(f"高于地面高程上限 {highest:g}", f"above the highest ground, {highest:g}")
            yield Finding(read.file, read.line, "value", reason, WITHIN)


def _drawing(parts: Parts) -> Iterator[Finding]:
    """Symbols and map layers speak of kinds that exist, and every buried line can be drawn."""
    kinds, drawn = tokens_of(parts, "kinds"), {read.value.kind for read in parts["symbols"]}
    for read in parts["symbols"]:
        if read.value.kind not in kinds:
            yield unknown(read, "kind", read.value.kind, ADD_KIND)
    for read in parts["maps"]:
        for layer in read.value.layers:
            for name in set(layer.kinds) - kinds:
                yield unknown(read, f"layers.{layer.id}", name, ADD_KIND)
    for read in parts["kinds"]:
        if read.value.is_buried_line and read.value.token not in drawn:
            remedy = Words("在 layers/symbols 中补一个文件。", "Add a file to layers/symbols.")
            yield unknown(read, "token", f"symbol {read.value.token}", remedy)


def _intakes(parts: Parts) -> Iterator[Finding]:
    """Mappings lead to kinds that exist and ask schemes that some kind has."""
    kinds, schemes = tokens_of(parts, "kinds"), {read.value.scheme for read in parts["kind_codes"]}
    for read in parts["intake"]:
        mapping = read.value
        for name in {*mapping.layer_kinds.values(), *mapping.code_kinds.values()} - kinds:
            yield unknown(read, "layer_kinds", name, ADD_KIND)
        for name in set(mapping.code_schemes) - schemes:
            yield unknown(read, "code_schemes", name, ADD_CODE)
