"""Words and values of people, organisations and sign-in."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Self

from xzgis.core.actor import Actor
from xzgis.core.words import Words


class _Spoken(StrEnum):
    """A value with its words."""

    words: Words

    def __new__(cls, name: str, zh: str = "", en: str = "") -> Self:
        made = str.__new__(cls, name)
        made._value_ = name
        made.words = Words(zh, en)
        return made


class Role(_Spoken):
    """What a post is for; what it may do stands in ``permissions.ROLES``."""

    PLANNER = "planner", "规划员", "planner"
    APPROVER = "approver", "审批员", "approver"
    CLERK = "clerk", "文员", "clerk"
    SURVEYOR = "surveyor", "测绘员", "surveyor"
    OWNER = "owner", "权属单位联络员", "line owner's contact"
    DATA_KEEPER = "data_keeper", "数据管理员", "data keeper"
    READER = "reader", "查阅员", "reader"
    SYSTEM_ADMIN = "system_admin", "系统管理员", "system administrator"
    SECURITY_ADMIN = "security_admin", "安全管理员", "security administrator"
    AUDIT_ADMIN = "audit_admin", "审计管理员", "audit administrator"

    @property
    def is_administrator(self) -> bool:
        """Whether this is one of the three 三员."""
        return self in ADMINISTRATORS

    @property
    def camp(self) -> str:
        """What may not be mixed in one person: each administrator is a camp of its own, business is one."""
        return self.value if self.is_administrator else "business"


ADMINISTRATORS = (Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)


class UnitKind(_Spoken):
    """What a unit is."""

    DEPARTMENT = "department", "政府部门", "government department"
    OWNER = "owner", "权属单位", "line owner"
    SURVEY = "survey", "测绘单位", "survey firm"
    APPLICANT = "applicant", "申请单位", "applicant's company"


class Tier(_Spoken):
    """Level of an area."""

    CITY = "city", "市", "city"
    DISTRICT = "district", "区县", "district or county"
    TOWNSHIP = "township", "乡镇街道", "township"


MOST_SECRET = 3
"""The highest grade: 0 none, 1 秘密, 2 机密, 3 绝密."""
PRECISIONS = ("exact", "corridor", "hidden")
ATTRIBUTE_GROUPS = ("depth", "size", "owner", "pressure", "other")
"""Groups of attributes that a data right shows or keeps back, in the order of lists."""


@dataclass(frozen=True, slots=True)
class PersonFacts:
    """A person as lists show him: ``email`` and ``phone`` masked; ``left_at`` None while he is there."""

    id: int
    account: str
    name: str
    email: str | None
    phone: str | None
    must_change: bool
    has_second_factor: bool
    created_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostFacts:
    """A post of a person; ``kinds`` None means every kind, ``valid_to`` None no end.

    The period is half open: the post holds from ``valid_from`` until just before ``valid_to``.
    ``acting_for`` is the account of the holder when the post is lent by delegation.
    """

    id: int
    person_id: int
    unit_id: int
    unit_zh: str
    unit_en: str
    role: Role
    area_id: int
    area_code: str
    kinds: frozenset[str] | None
    valid_from: datetime
    valid_to: datetime | None
    acting_for: str | None = None


@dataclass(frozen=True, slots=True)
class SessionFacts:
    """A browser that signed in. ``key`` names it in lists and is no secret; the token is not kept.

    ``post_id`` is the one post acted in, None for all of the person's own. ``must_change`` and ``must_enrol``
    say that only the own password or second factor may be touched until that is done. ``note_seen`` says that
    the caller should write ``actions.note_seen`` (at most once a minute).
    """

    key: str
    person_id: int
    created_at: datetime
    seen_at: datetime
    ends_at: datetime
    address: str | None
    agent: str
    second_factor: bool
    post_id: int | None
    must_change: bool
    must_enrol: bool
    note_seen: bool


CHANGE_FIRST = Words(
    "请先在“我的账号”（/me）修改密码：一次性密码或已到期的密码只能用来修改密码。",
    "Change your password on your own page (/me) first: a one-time or expired password serves for nothing else.",
)
ENROL_FIRST = Words(
    "请先在“我的账号”（/me）登记验证器或通行密钥：您的岗位须有第二重验证。",
    "Set up an authenticator or a passkey on your own page (/me) first: your post needs a second factor.",
)


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the actor, his name and unit in words; ``session``, ``token`` and ``csrf`` for a browser only.

    ``csrf`` is what a page of the session sends back with every change.
    """

    actor: Actor
    name: str
    unit_zh: str
    unit_en: str
    session: SessionFacts | None = None
    token: str = ""
    csrf: str = ""

    @property
    def is_held_up(self) -> bool:
        """Whether the own password or second factor comes before anything else."""
        return self.held_up_words is not None

    @property
    def held_up_words(self) -> Words | None:
        """What has to be done before anything else; None when nothing has."""
        if self.session is None:
            return None
        if self.session.must_change:
            return CHANGE_FIRST
        return ENROL_FIRST if self.session.must_enrol else None


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What came of a try to sign in; ``token`` None means refused, and ``refusal`` says why.

    A refusal is a result and not an exception, so that the record of the try is committed with the caller's
    transaction. ``device`` is to be kept in the browser for a year: it tells a device that signed in before.
    ``needs_code`` asks for the second factor; ``wait_s`` is how long to wait before the next try.
    """

    token: str | None
    refusal: Words | None = None
    person_id: int | None = None
    device: str | None = None
    ends_at: datetime | None = None
    needs_code: bool = False
    wait_s: int = 0
    must_change: bool = False
    must_enrol: bool = False


@dataclass(frozen=True, slots=True)
class Browser:
    """What a browser says of itself: the device it kept from an earlier sign-in, and its own name."""

    device: str | None = None
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Site:
    """Where the pages are served, as passkeys are bound to it: host name, and address with scheme and port."""

    host: str
    origin: str
    name: str = "XZGIS"


@dataclass(frozen=True, slots=True)
class PasskeyFacts:
    """A passkey as lists show it."""

    id: int
    name: str
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Enrolment:
    """A second factor waiting for its first code: the secret to type, and the address of the square code."""

    secret: str
    address: str


@dataclass(frozen=True, slots=True)
class PostAsked:
    """A post to be granted, by the codes of unit and area; ``valid_from`` None begins at once."""

    unit: str
    role: Role
    area: str
    kinds: frozenset[str] | None = None
    valid_from: datetime | None = None
    valid_to: datetime | None = None


@dataclass(frozen=True, slots=True)
class PostGround:
    """What the rights of a post rest on where nobody gave it any; ``area_id`` None for the whole city."""

    role: Role
    unit_kind: UnitKind
    unit_name: str
    area_id: int | None
    kinds: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class RightAsked:
    """A data right to be given to a post; None means whatever, ``area`` is the code of an area."""

    precision: str
    kinds: frozenset[str] | None = None
    area: str | None = None
    owners: frozenset[str] | None = None
    life_states: frozenset[str] | None = None
    secrecy: int = 0
    attributes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class RightFacts:
    """A data right as lists show it; ``id`` None for one that follows from the post itself."""

    id: int | None
    precision: str
    kinds: frozenset[str] | None
    area: str | None
    owners: frozenset[str] | None
    life_states: frozenset[str] | None
    secrecy: int
    attributes: frozenset[str] | None


@dataclass(frozen=True, slots=True)
class DelegationAsked:
    """A post to be lent; ``from_at`` None begins at once."""

    post_id: int
    to_account: str
    until_at: datetime
    reason: str
    from_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class UnitAsked:
    """A unit to be made; ``parent`` is the code of the one above it, None for the top."""

    code: str
    name_zh: str
    name_en: str
    kind: UnitKind
    area: str
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class AreaAsked:
    """An area to be made; its parent is the longest code it begins with."""

    code: str
    name_zh: str
    name_en: str
    tier: Tier


@dataclass(frozen=True, slots=True)
class NewPerson:
    """A person just made and the one-time password, shown once and kept nowhere."""

    id: int
    account: str
    name: str
    password: str


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token just issued; ``secret`` is shown once and kept only as a digest."""

    id: int
    secret: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class TokenFacts:
    """A token as lists show it."""

    id: int
    person_id: int
    name: str
    permissions: frozenset[str]
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class AreaFacts:
    """An area of the tree; a code begins with the code of the area it lies in."""

    id: int
    code: str
    parent_id: int | None
    tier: Tier
    name_zh: str
    name_en: str


@dataclass(frozen=True, slots=True)
class UnitFacts:
    """A unit of the tree; ``people`` counts those who hold a post in it now."""

    id: int
    code: str
    parent_id: int | None
    kind: UnitKind
    area_id: int
    name_zh: str
    name_en: str
    closed: bool
    people: int
