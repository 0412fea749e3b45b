"""Shapes of people, units, areas, posts, delegations, tokens and the own account."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from xzgis.identity.terms import AreaFacts, PersonFacts, PostFacts, Role, Tier, UnitFacts, UnitKind

Text = Annotated[str, Field(max_length=200, pattern=r"^[^\x00-\x1f\x7f]*$")]


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Out(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class PersonIn(_In):
    """Somebody to be given an account."""

    account: Text
    name: Text
    email: Text | None = None
    phone: Text | None = None


class PersonChange(_In):
    """Name and addresses as they are to be; an address sent as its mask stays as it is."""

    name: Text
    email: Text | None = None
    phone: Text | None = None


class PersonOut(_Out):
    """A person, e-mail and telephone masked; ``left_at`` null while he is there."""

    id: int
    account: str
    name: str
    email: str | None
    phone: str | None
    must_change: bool
    has_second_factor: bool
    created_at: datetime
    left_at: datetime | None

    @classmethod
    def of(cls, facts: PersonFacts) -> "PersonOut":
        """The person as he is answered."""
        return cls.model_validate(facts)


class RevealIn(_In):
    """Which masked fact is looked at in clear, and why."""

    field: Literal["email", "phone"]
    reason: Text


class RevealedOut(BaseModel):
    """A fact in clear; null when there is none."""

    field: str
    value: str | None


class PersonPage(BaseModel):
    """People by account; ``after`` leads to the next page."""

    items: list[PersonOut]
    after: str | None


class NewPersonOut(_Out):
    """An account with its one-time password, answered this once and kept nowhere."""

    id: int
    account: str
    name: str
    password: str


class PostIn(_In):
    """A post to be granted; ``kinds`` null means every kind, ``valid_from`` null now, ``valid_to`` null no end."""

    role: Role
    unit: Text
    area: Text
    kinds: Annotated[list[Text], Field(min_length=1, max_length=60)] | None = None
    valid_from: AwareDatetime | None = None
    valid_to: AwareDatetime | None = None


class PostOut(_Out):
    """A post; ``acting_for`` is the account of the holder when it is lent."""

    id: int
    person_id: int
    role: Role
    unit_id: int
    unit_zh: str
    unit_en: str
    area_code: str
    kinds: list[str] | None
    valid_from: datetime
    valid_to: datetime | None
    acting_for: str | None

    @classmethod
    def of(cls, facts: Iterable[PostFacts]) -> "list[PostOut]":
        """Posts as they are answered."""
        return [cls.model_validate(one) for one in facts]


class DelegationIn(_In):
    """A post to be lent; ``from_at`` null begins at once."""

    post_id: Annotated[int, Field(ge=1, le=2**62)]
    to_account: Text
    until_at: AwareDatetime
    reason: Text
    from_at: AwareDatetime | None = None


class DelegationOut(_Out):
    """A post that is lent."""

    id: int
    post_id: int
    from_account: str
    to_account: str
    from_at: datetime
    until_at: datetime
    reason: str


class UnitIn(_In):
    """A unit to be made, under the codes of its area and of the unit above."""

    code: Text
    name_zh: Text
    name_en: Text
    kind: UnitKind
    area: Text
    parent: Text | None = None


class UnitOut(_Out):
    """A unit; ``people`` counts those who hold a post in it now."""

    id: int
    code: str
    parent_id: int | None
    kind: UnitKind
    area_id: int
    name_zh: str
    name_en: str
    closed: bool
    people: int

    @classmethod
    def of(cls, facts: UnitFacts) -> "UnitOut":
        """The unit as it is answered."""
        return cls.model_validate(facts)


class AreaIn(_In):
    """An area to be made; it lies in the one its code begins with."""

    code: Text
    name_zh: Text
    name_en: Text
    tier: Tier


class AreaOut(_Out):
    """An area of the tree."""

    id: int
    code: str
    parent_id: int | None
    tier: Tier
    name_zh: str
    name_en: str

    @classmethod
    def of(cls, facts: AreaFacts) -> "AreaOut":
        """The area as it is answered."""
        return cls.model_validate(facts)


class TokenIn(_In):
    """A program to be let in with some of one's own permissions."""

    name: Text
    permissions: Annotated[list[Text], Field(max_length=60)]
    expires_at: AwareDatetime


class NewTokenOut(_Out):
    """A token; ``secret`` is answered this once and kept only as a digest."""

    id: int
    secret: str
    expires_at: datetime


class TokenOut(_Out):
    """A token without its secret."""

    id: int
    name: str
    permissions: list[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


class SessionOut(_Out):
    """A browser that is signed in; ``key`` names it and is no secret."""

    key: str
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str | None
    agent: str
    second_factor: bool


class PasskeyOut(_Out):
    """A passkey that lets the person in; nothing of its key."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


class OwnOut(BaseModel):
    """Who asks, in which posts, with which permissions."""

    account: str
    acting_for: str | None
    permissions: list[str]
    posts: list[PostOut]
    sessions: list[SessionOut]
    delegations: list[DelegationOut]
