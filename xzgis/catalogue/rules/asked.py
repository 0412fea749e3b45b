"""Which facts of a line the rule tables ask for: what a form for a new line has to offer."""

from collections.abc import Iterable

from xzgis.catalogue.terms import Catalogue, CodeValue


def asked_attributes(catalogue: Catalogue, kind: str) -> frozenset[str]:
    """Fields of :class:`xzgis.networks.terms.Conditions` that some rule asks of a line of ``kind``.

    A kind that may be laid as another one (power in a channel) is asked what that one is asked too.
    """
    known = catalogue.kinds.get(kind)
    if known is None:
        return frozenset()
    names = {name for name in (known.rule_kind, *known.rule_kind_by_burial.values()) if name is not None}
    tokens: set[str] = set()
    for rule in (*catalogue.horizontal, *catalogue.vertical):
        if rule.kind_a in names:
            tokens.update(_tokens(rule.condition_a))
        if rule.kind_b in names:
            tokens.update(_tokens(rule.condition_b))
    for cover in catalogue.cover:
        if cover.kind in names:
            tokens.update(_tokens(cover.condition))
    found = {attribute for token in tokens for attribute in _attributes(catalogue, token)}
    if known.rule_kind_by_burial:
        found.add("burial")
    return frozenset(found)


def offered_values(catalogue: Catalogue, code_list: str, kind: str) -> list[CodeValue]:
    """The values of a code list that a line of ``kind`` may have, each token once, in the list's order."""
    known = catalogue.kinds.get(kind)
    names = {kind, known.rule_kind if known else None}
    seen: dict[str, CodeValue] = {}
    for value in catalogue.codes.get(code_list, ()):
        if not value.kinds or names & set(value.kinds):
            seen.setdefault(value.token, value)
    return list(seen.values())


def _tokens(condition: str) -> Iterable[str]:
    return (token.strip() for token in condition.split(";") if token.strip())


def _attributes(catalogue: Catalogue, token: str, seen: frozenset[str] = frozenset()) -> set[str]:
    condition = catalogue.conditions.get(token)
    if condition is None or token in seen:
        return set()
    found: set[str] = {condition.attribute} if condition.attribute else set()
    for further in (*condition.any_of, *condition.all_of):
        found |= _attributes(catalogue, further, seen | {token})
    return found
