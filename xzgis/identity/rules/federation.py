"""People whom another house signs in: which account is theirs, and which posts the rules give them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.identity.terms import PostAsked, Role

ACCOUNT_PREFIX = "oidc-"
ACCOUNT_DIGITS = 24
#: Values of ``amr`` (RFC 8176, section 2) by what they prove: something known, held, or of the body.
FACTORS: Mapping[str, frozenset[str]] = {
    "known": frozenset({"pwd", "pin", "kba"}),
    "held": frozenset({"hwk", "swk", "otp", "sms", "tel", "sc", "pop"}),
    "of the body": frozenset({"face", "fpt", "iris", "retina", "vbm"}),
}
FIELDS = frozenset({"claim", "value", "unit", "role", "area"})


@dataclass(frozen=True, slots=True)
class PostRule:
    """Whoever's ``claim`` is or holds ``value`` has the post."""

    claim: str
    value: str
    post: PostAsked


def rules_of(rows: Iterable[Mapping[str, str]]) -> tuple[PostRule, ...]:
    """The rules out of the settings.

    Raises
    ------
    Invalid
        A field is missing or unknown, there is no such role, or it is that of one of the three administrators:
        these are granted by a person, never by another house.
    """
    return tuple(_rule_of(number, row) for number, row in enumerate(rows, 1))


def _rule_of(number: int, row: Mapping[str, str]) -> PostRule:
    if set(row) != FIELDS or row["role"] not in set(Role) or Role(row["role"]).is_administrator:
        named = "、".join(sorted(FIELDS))
        raise Invalid(
            Words(
                f"XZGIS_OIDC_POSTS 第 {number} 条无效：须恰有字段 {named}，角色须存在且不是三员。",
                f"Rule {number} of XZGIS_OIDC_POSTS is not one: it has exactly {', '.join(sorted(FIELDS))}, and a role "
                "that exists and is none of the three administrators.",
            )
        )
    asked = PostAsked(unit=row["unit"], role=Role(row["role"]), area=row["area"])
    return PostRule(row["claim"], row["value"], asked)


def posts_by_rule(claims: Mapping[str, Any], rules: Sequence[PostRule]) -> tuple[PostAsked, ...]:
    """The posts that the claims give, each once, in the order of the rules."""
    given = [rule.post for rule in rules if rule.value in _values(claims.get(rule.claim))]
    return tuple(dict.fromkeys(given))


def _values(claim: Any) -> list[str]:
    return [each for each in (claim if isinstance(claim, list) else [claim]) if isinstance(each, str)]


def account_of_subject(issuer: str, subject: str) -> str:
    """The account of a person of another house.

    It follows from what never changes there (issuer and ``sub``), not from a name that may be given to somebody
    else later, and can be no account of ours.
    """
    digest = hashlib.sha256(f"{issuer}\n{subject}".encode()).hexdigest()
    return ACCOUNT_PREFIX + digest[:ACCOUNT_DIGITS]


def is_strong(claims: Mapping[str, Any]) -> bool:
    """Whether the other house says that it asked for two factors.

    It says so by ``mfa``, or by two proofs of different sorts: a code by message alone, or a password and a PIN, is one.
    """
    told = frozenset(_values(claims.get("amr")))
    return "mfa" in told or sum(not told.isdisjoint(proofs) for proofs in FACTORS.values()) > 1


def name_told(claims: Mapping[str, Any]) -> str:
    """What the person is called there; the ``sub`` when nothing better is told."""
    told = next(
        (
            text
            for field in ("name", "preferred_username", "email", "sub")
            for text in _values(claims.get(field))
        ),
        "—",
    )
    return "".join(sign for sign in told if sign.isprintable())[:60].strip() or "—"
