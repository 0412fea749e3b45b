"""What can have happened to people and their rights, past tense. No secret and no telephone stands in them."""

from dataclasses import dataclass
from typing import ClassVar

from xzgis.audit.record import Event


@dataclass(frozen=True)
class _AboutPerson(Event):
    """``object_id`` is the person's number."""

    about: ClassVar[str] = "identity.person"


@dataclass(frozen=True)
class PersonSignedIn(_AboutPerson):
    """Somebody signed in."""

    name: ClassVar[str] = "identity.person.signed_in"
    second_factor: bool
    known_device: bool


@dataclass(frozen=True)
class SignInRefused(_AboutPerson):
    """A try was refused; ``object_id`` is ``unknown`` for an account that is not there, as typed secrets land there."""

    name: ClassVar[str] = "identity.person.sign_in_refused"
    reason: str
    failures: int


@dataclass(frozen=True)
class FactRevealed(_AboutPerson):
    """Somebody looked at a masked fact of the person in clear; which and why, not the fact itself."""

    name: ClassVar[str] = "identity.person.fact_revealed"
    account: str
    field: str
    reason: str


@dataclass(frozen=True)
class SignedOut(_AboutPerson):
    """So many sessions were ended."""

    name: ClassVar[str] = "identity.person.signed_out"
    sessions: int


@dataclass(frozen=True)
class PostActedIn(_AboutPerson):
    """A session goes on in one post, or in all own ones (None)."""

    name: ClassVar[str] = "identity.person.acts_in_post"
    post_id: int | None
    acting_for: str | None


@dataclass(frozen=True)
class PasswordChanged(_AboutPerson):
    """By the person himself."""

    name: ClassVar[str] = "identity.person.password_changed"


@dataclass(frozen=True)
class OwnPasswordWrong(_AboutPerson):
    """Inside a session the current password was given wrong."""

    name: ClassVar[str] = "identity.person.own_password_wrong"
    failures: int


@dataclass(frozen=True)
class PasswordReset(_AboutPerson):
    """By an administrator, who was told a one-time password."""

    name: ClassVar[str] = "identity.person.password_reset"
    account: str


@dataclass(frozen=True)
class SecondFactorEnrolled(_AboutPerson):
    """The person confirmed a second factor with its first code."""

    name: ClassVar[str] = "identity.person.second_factor_enrolled"


@dataclass(frozen=True)
class SecondFactorReset(_AboutPerson):
    """An administrator took a lost second factor away."""

    name: ClassVar[str] = "identity.person.second_factor_reset"
    account: str


@dataclass(frozen=True)
class PasskeyAdded(_AboutPerson):
    """The person let a key in."""

    name: ClassVar[str] = "identity.person.passkey_added"
    passkey: str


@dataclass(frozen=True)
class PasskeyRemoved(_AboutPerson):
    """The person shut a key out."""

    name: ClassVar[str] = "identity.person.passkey_removed"
    passkey: str


@dataclass(frozen=True)
class PersonAdded(_AboutPerson):
    """An account was made."""

    name: ClassVar[str] = "identity.person.added"
    account: str
    person: str


@dataclass(frozen=True)
class PersonChanged(_AboutPerson):
    """Name or addresses were changed; which fields."""

    name: ClassVar[str] = "identity.person.changed"
    account: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class PersonLeft(_AboutPerson):
    """Everything that let the person in was ended; how many of each."""

    name: ClassVar[str] = "identity.person.left"
    account: str
    posts: int
    delegations: int
    sessions: int
    tokens: int


@dataclass(frozen=True)
class PostGranted(Event):
    """``object_id`` is the post's number."""

    name: ClassVar[str] = "identity.post.granted"
    about: ClassVar[str] = "identity.post"
    account: str
    role: str
    unit: str
    area: str
    kinds: tuple[str, ...] | None
    valid_from: str
    valid_to: str | None


@dataclass(frozen=True)
class PostEnded(Event):
    """``object_id`` is the post's number."""

    name: ClassVar[str] = "identity.post.ended"
    about: ClassVar[str] = "identity.post"
    account: str
    role: str
    delegations: int


@dataclass(frozen=True)
class DataRightGiven(Event):
    """``object_id`` is the post's number; None means whatever."""

    name: ClassVar[str] = "identity.post.right_given"
    about: ClassVar[str] = "identity.post"
    account: str
    right_id: int
    precision: str
    kinds: list[str] | None
    area: str | None
    owners: list[str] | None
    life_states: list[str] | None
    secrecy: int
    attributes: list[str] | None


@dataclass(frozen=True)
class DataRightTaken(Event):
    """``object_id`` is the post's number."""

    name: ClassVar[str] = "identity.post.right_taken"
    about: ClassVar[str] = "identity.post"
    account: str
    right_id: int


@dataclass(frozen=True)
class DelegationGiven(Event):
    """``object_id`` is the delegation's number."""

    name: ClassVar[str] = "identity.delegation.given"
    about: ClassVar[str] = "identity.delegation"
    post_id: int
    from_account: str
    to_account: str
    from_at: str
    until_at: str
    reason: str


@dataclass(frozen=True)
class DelegationEnded(Event):
    """Before its time; ``object_id`` is the delegation's number."""

    name: ClassVar[str] = "identity.delegation.ended"
    about: ClassVar[str] = "identity.delegation"
    post_id: int


@dataclass(frozen=True)
class AreaAdded(Event):
    """``object_id`` is the area's code."""

    name: ClassVar[str] = "identity.area.added"
    about: ClassVar[str] = "identity.area"
    zh: str


@dataclass(frozen=True)
class UnitAdded(Event):
    """``object_id`` is the unit's code."""

    name: ClassVar[str] = "identity.unit.added"
    about: ClassVar[str] = "identity.unit"
    zh: str
    kind: str
    area: str


@dataclass(frozen=True)
class UnitClosed(Event):
    """``object_id`` is the unit's code."""

    name: ClassVar[str] = "identity.unit.closed"
    about: ClassVar[str] = "identity.unit"


@dataclass(frozen=True)
class TokenIssued(Event):
    """``object_id`` is the token's number."""

    name: ClassVar[str] = "identity.token.issued"
    about: ClassVar[str] = "identity.token"
    label: str
    permissions: tuple[str, ...]
    expires_at: str


@dataclass(frozen=True)
class TokenRevoked(Event):
    """``object_id`` is the token's number."""

    name: ClassVar[str] = "identity.token.revoked"
    about: ClassVar[str] = "identity.token"
    label: str
    account: str
