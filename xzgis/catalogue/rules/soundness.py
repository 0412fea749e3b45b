"""Whether the definitions agree with each other: every name meant exists, nothing is said twice."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, product
from pathlib import PurePosixPath
from typing import Any

from xzgis.catalogue.terms.closed import CLOSED
from xzgis.catalogue.terms.obstacles import CALLED, VAGUE
from xzgis.core.words import Words

Parts = Mapping[str, Sequence["Read"]]
RULES = ("horizontal", "vertical", "cover", "order", "give_way")


@dataclass(frozen=True, slots=True)
class Read:
    """One definition and where it stands."""

    file: str
    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement between definitions."""

    file: str
    line: int
    column: str
    reason: Words
    remedy: Words


def _unknown(read: Read, column: str, name: str, remedy: Words) -> Finding:
    reason = Words(f"没有“{name}”的定义", f"{name!r} is not defined")
    return Finding(read.file, read.line, column, reason, remedy)


def _twice(read: Read, column: str, name: str, first: Read) -> Finding:
    reason = Words(
        f"“{name}”与 {first.file} 第 {first.line} 行重复", f"{name!r} repeats {first.file} line {first.line}"
    )
    return Finding(read.file, read.line, column, reason, Words("删去一处或改名。", "Remove or rename one."))


ADD_KIND = Words(
    "在 layers/kinds 或 rule_kinds.csv 中定义该种类。", "Define it in layers/kinds or rule_kinds.csv."
)
ADD_CODE = Words("在 layers/codes 的代码表中补上。", "Add it to the code list in layers/codes.")
WITHIN = Words("填写允许范围内的数。", "Write a number within the bounds.")
ADD_CONDITION = Words("在 conditions.csv 中定义该条件。", "Define it in conditions.csv.")


def faults_between(parts: Parts) -> tuple[Finding, ...]:
    """Every disagreement between the parts read, in the order of the checks."""
    checks: tuple[Callable[[Parts], Iterator[Finding]], ...] = (
        _repeated,
        _kinds,
        _kind_codes,
        _conditions,
        _rules,
        _pairs_once,
        _outer_sizes,
        _chambers,
        _called_chambers,
        _vague_chambers,
        _code_lists,
        _limits,
        _drawing,
        _intakes,
    )
    return tuple(finding for check in checks for finding in check(parts))


def _tokens(parts: Parts, part: str) -> set[str]:
    return {read.value.token for read in parts.get(part, ())}


def _list_tokens(parts: Parts, name: str) -> set[str]:
    return {read.value.token for read in parts.get(f"codes/{name}", ())}


def _rule_kinds(parts: Parts) -> set[str]:
    """What a rule may name: kinds of the rule tables and network kinds."""
    return _tokens(parts, "kinds") | _tokens(parts, "rule_kinds")


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
            yield _twice(read, column, name(read.value), first)


def _kinds(parts: Parts) -> Iterator[Finding]:
    """A kind's parent, rule kinds, burials and code lists exist."""
    kinds, rule_kinds, burials = _tokens(parts, "kinds"), _rule_kinds(parts), _list_tokens(parts, "burial")
    for read in parts["kinds"]:
        kind = read.value
        if kind.parent is not None and kind.parent not in kinds:
            yield _unknown(read, "parent", kind.parent, ADD_KIND)
        for name in filter(None, (kind.rule_kind, *kind.rule_kind_by_burial.values())):
            if name not in rule_kinds:
                yield _unknown(read, "rule_kind", name, ADD_KIND)
        for burial in set(kind.rule_kind_by_burial) - burials:
            yield _unknown(read, "rule_kind_by_burial", burial, ADD_CODE)
        for held in set(kind.may_hold) - kinds:
            yield _unknown(read, "may_hold", held, ADD_KIND)
        for burial in set(kind.may_hold.values()) - burials:
            yield _unknown(read, "may_hold", burial, ADD_CODE)
        for attribute in kind.attributes:
            if attribute.codes is not None and f"codes/{attribute.codes}" not in parts:
                yield _unknown(read, f"attributes.{attribute.token}", attribute.codes, ADD_CODE)


def _kind_codes(parts: Parts) -> Iterator[Finding]:
    """One kind gives one code of a scheme once; different kinds may share it, and intake then asks."""
    yield from _once(parts["kind_codes"], "code", lambda value: f"{value.scheme} {value.code} {value.kind}")


def _conditions(parts: Parts) -> Iterator[Finding]:
    """Conditions name conditions and values that exist."""
    known = _tokens(parts, "conditions")
    lists = {"pressure_class": "pressure_class", "burial": "burial", "material": "material"}
    for read in parts["conditions"]:
        condition = read.value
        for name in set(condition.any_of + condition.all_of) - known:
            yield _unknown(read, "any_of", name, ADD_CONDITION)
        if condition.attribute in lists:
            values = _list_tokens(parts, lists[condition.attribute])
            for name in sorted(
                set(condition.values + condition.not_values + condition.unknown_values) - values
            ):
                yield _unknown(read, "values", name, ADD_CODE)


def _rules(parts: Parts) -> Iterator[Finding]:
    """Rules name kinds, conditions and surfaces that exist, and say where they come from."""
    for part in RULES:
        for read in parts.get(part, ()):
            yield from _rule(parts, read)


def _rule(parts: Parts, read: Read) -> Iterator[Finding]:
    rule, kinds, conditions = read.value, _rule_kinds(parts), _tokens(parts, "conditions")
    for column in ("kind", "kind_a", "kind_b", "upper", "lower"):
        name = getattr(rule, column, None)
        if name is not None and name not in kinds:
            yield _unknown(read, column, name, ADD_KIND)
    for column in ("condition", "condition_a", "condition_b"):
        for name in filter(None, getattr(rule, column, "").split(";")):
            if name not in conditions:
                yield _unknown(read, column, name, ADD_CONDITION)
    surface = getattr(rule, "surface", None)
    if surface is not None and surface not in _list_tokens(parts, "surface"):
        yield _unknown(read, "surface", surface, ADD_CODE)
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
    kinds = _rule_kinds(parts) | {"any"}
    materials, burials = _list_tokens(parts, "material") | {""}, _list_tokens(parts, "burial") | {""}
    for read in parts["outer_sizes"]:
        size = read.value
        for column, name, known in (
            ("kind", size.kind, kinds),
            ("material", size.material, materials),
            ("burial", size.burial, burials),
        ):
            if name not in known:
                yield _unknown(read, column, name, ADD_KIND if column == "kind" else ADD_CODE)
        if size.nominal_mm_from >= size.nominal_mm_to:
            reason = Words("范围为空", "the range is empty")
            yield Finding(
                read.file, read.line, "nominal_mm_to", reason, Words("改正范围。", "Correct the range.")
            )
        if (size.wall_mm is None) == (size.wall_ratio is None):
            reason = Words("壁厚与壁厚比须且只须填一个", "exactly one of wall_mm and wall_ratio is needed")
            yield Finding(read.file, read.line, "wall_mm", reason, Words("只填一个。", "Fill in one."))


def _chambers(parts: Parts) -> Iterator[Finding]:
    """Sizes of chambers name what exists and have ranges that are some."""
    kinds, tokens = _rule_kinds(parts) | {"any"}, _list_tokens(parts, "appurtenance")
    for read in parts.get("chambers", ()):
        size = read.value
        if size.appurtenance not in tokens:
            yield _unknown(read, "appurtenance", size.appurtenance, ADD_CODE)
        if size.kind not in kinds:
            yield _unknown(read, "kind", size.kind, ADD_KIND)
        for what in ("line", "width", "depth", "base"):
            low, high = getattr(size, f"{what}_mm_from"), getattr(size, f"{what}_mm_to")
            if high < low or (what == "line" and high == low):
                reason = Words("范围为空", "the range is empty")
                yield Finding(
                    read.file, read.line, f"{what}_mm_to", reason, Words("改正范围。", "Correct the range.")
                )


def _called_chambers(parts: Parts) -> Iterator[Finding]:
    """What the words of a listed appurtenance call a chamber has a size, of whatever kind: else it would be none."""
    sized = {read.value.appurtenance for read in parts.get("chambers", ())}
    pattern = "|".join(f"(?:{pattern})" for pattern, _ in CALLED)
    for read in parts.get("codes/appurtenance", ()):
        code = read.value
        word = next(
            (word for word in (code.zh, *code.aliases) if re.search(pattern, word, re.IGNORECASE)), None
        )
        if sized and word is not None and code.token not in sized:
            reason = Words(
                f"“{word}”是有大小的井室或箱柜，chambers.csv 中却没有它的尺寸",
                f"{word!r} has an extent, but chambers.csv has no size for it",
            )
            yield Finding(
                read.file, read.line, "token", reason, Words("在 chambers.csv 中补上尺寸。", "Add its size.")
            )


def _vague_chambers(parts: Parts) -> Iterator[Finding]:
    """A vague word is of no kind smaller than what else it may mean of that kind."""
    reads = parts.get("chambers", ())
    of_code = {read.value.token: read.value.kinds for read in parts.get("codes/appurtenance", ())}
    rule_kinds = {read.value.token: read.value.rule_kind for read in parts.get("kinds", ())}

    def sizes(token: str, kind: str) -> list[Read]:
        for name in (kind, rule_kinds.get(kind), "any"):
            if of_kind := [one for one in reads if (one.value.appurtenance, one.value.kind) == (token, name)]:
                return of_kind
        return []

    told = set()
    for vague, precise in ((vague, precise) for vague, many in VAGUE.items() for precise in many):
        for kind, what in product(
            of_code.get(precise, ()) or sorted(rule_kinds), ("width_mm_to", "depth_mm_to")
        ):
            mine, others = sizes(vague, kind), sizes(precise, kind)
            if not mine or not others:
                continue
            most = max(getattr(one.value, what) for one in mine)
            larger = next((one for one in others if getattr(one.value, what) > most), None)
            if larger is not None and (larger.line, what) not in told:
                told.add((larger.line, what))
                reason = Words(
                    f"“{vague}”也可指“{precise}”（{kind}），却不如它大：{most:g}",
                    f"{vague!r} may mean {precise!r} too ({kind}), but is smaller: {most:g}",
                )
                remedy = Words("加大含糊词的上限。", "Widen the row of the vague word.")
                yield Finding(larger.file, larger.line, what, reason, remedy)


def _code_lists(parts: Parts) -> Iterator[Finding]:
    """Within a code list one word means one value, for one kind and scheme; groups name values."""
    kinds = _rule_kinds(parts)
    for part, reads in parts.items():
        if not part.startswith("codes/"):
            continue
        tokens = {read.value.token for read in reads}
        for read in reads:
            for name in set(read.value.one_of) - tokens:
                yield _unknown(read, "one_of", name, ADD_CODE)
            for name in set(read.value.kinds) - kinds:
                yield _unknown(read, "kinds", name, ADD_KIND)
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
            yield _twice(second, "aliases", min(words), first)


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
    kinds, drawn = _tokens(parts, "kinds"), {read.value.kind for read in parts["symbols"]}
    for read in parts["symbols"]:
        if read.value.kind not in kinds:
            yield _unknown(read, "kind", read.value.kind, ADD_KIND)
    for read in parts["maps"]:
        for layer in read.value.layers:
            for name in set(layer.kinds) - kinds:
                yield _unknown(read, f"layers.{layer.id}", name, ADD_KIND)
    for read in parts["kinds"]:
        if read.value.is_buried_line and read.value.token not in drawn:
            remedy = Words("在 layers/symbols 中补一个文件。", "Add a file to layers/symbols.")
            yield _unknown(read, "token", f"symbol {read.value.token}", remedy)


def _intakes(parts: Parts) -> Iterator[Finding]:
    """Mappings lead to kinds that exist and ask schemes that some kind has."""
    kinds, schemes = _tokens(parts, "kinds"), {read.value.scheme for read in parts["kind_codes"]}
    for read in parts["intake"]:
        mapping = read.value
        for name in {*mapping.layer_kinds.values(), *mapping.code_kinds.values()} - kinds:
            yield _unknown(read, "layer_kinds", name, ADD_KIND)
        for name in set(mapping.code_schemes) - schemes:
            yield _unknown(read, "code_schemes", name, ADD_CODE)
