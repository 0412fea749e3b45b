"""Areas, units, people, posts, delegations, sessions, tokens."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    Text,
    false,
    text,
)
from sqlalchemy.dialects.postgresql import INET
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base
from xzgis.identity.terms import Role, Tier, UnitKind


def _one_of(column: str, values: type[Role] | type[Tier] | type[UnitKind]) -> str:
    return f"{column} in ({', '.join(repr(str(value)) for value in values)})"


class Area(Base):
    """A city, district or township. The code begins with its parent's, so a prefix is a whole branch."""

    __tablename__ = "identity_area"
    __table_args__ = (
        CheckConstraint(_one_of("tier", Tier), name="tier"),
        CheckConstraint("code ~ '^[0-9]{4,12}$'", name="code"),
        CheckConstraint("(parent_id is null) = (tier = 'city')", name="root_is_a_city"),
        Index("ix_identity_area_boundary", "boundary", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("identity_area.id"), index=True)
    tier: Mapped[str] = mapped_column(Text)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    boundary: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False)
    )


class Unit(Base):
    """A department or a company."""

    __tablename__ = "identity_unit"
    __table_args__ = (
        CheckConstraint(_one_of("kind", UnitKind), name="kind"),
        CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'", name="code"),
        CheckConstraint("parent_id <> id", name="not_its_own_parent"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("identity_unit.id"), index=True)
    name_zh: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int] = mapped_column(ForeignKey("identity_area.id"), index=True)
    closed_on: Mapped[date | None] = mapped_column(Date)


class Person(Base):
    """Somebody who may sign in; a leaver stays for the records that name him.

    ``rights_version`` grows when rights are given or a secret is changed: older sessions are over.
    ``totp_secret`` is sealed with the installation's key, ``totp_pending`` waits for its first code;
    ``totp_step`` is the step of the last code, used up.
    """

    __tablename__ = "identity_person"
    __table_args__ = (
        CheckConstraint("account ~ '^[a-z][a-z0-9._-]{1,31}$'", name="account"),
        CheckConstraint(
            "left_at is null or (password_hash is null and totp_secret is null and totp_pending is null)",
            name="leaver_has_no_secret",
        ),
        Index("ix_identity_person_name", "name", "id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    account: Mapped[str] = mapped_column(Text(collation="C"), unique=True)
    name: Mapped[str] = mapped_column(Text)
    email: Mapped[str | None] = mapped_column(Text)
    phone: Mapped[str | None] = mapped_column(Text)
    password_hash: Mapped[str | None] = mapped_column(Text)
    must_change: Mapped[bool] = mapped_column(Boolean, server_default=false())
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_pending: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    rights_version: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    left_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Post(Base):
    """What a person is: unit, role, area, kinds, period [valid_from, valid_to).

    The trigger ``identity_post_separated`` keeps the three administrators apart, whoever writes.
    """

    __tablename__ = "identity_post"
    __table_args__ = (
        CheckConstraint(_one_of("role", Role), name="role"),
        CheckConstraint("valid_to >= valid_from", name="period_in_order"),
        CheckConstraint("cardinality(kinds) > 0", name="kinds_named"),
        CheckConstraint("granted_by <> person_id", name="not_granted_to_himself"),
        Index("ix_identity_post_role", "role", "valid_to"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("identity_unit.id"), index=True)
    role: Mapped[str] = mapped_column(Text)
    area_id: Mapped[int] = mapped_column(ForeignKey("identity_area.id"), index=True)
    kinds: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    valid_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("identity_person.id"))


class DataRightRow(Base):
    """One thing a post may see of the register; NULL means whatever. A post without rows has those of its role.

    ``hidden`` takes away what the other rows give. ``owners`` are names as the register writes them.
    """

    __tablename__ = "identity_data_right"
    __table_args__ = (
        CheckConstraint("precision in ('exact', 'corridor', 'hidden')", name="precision"),
        CheckConstraint("secrecy between 0 and 3", name="secrecy"),
        CheckConstraint(
            "cardinality(kinds) > 0 and cardinality(owners) > 0 and cardinality(life_states) > 0 "
            "and cardinality(attributes) > 0",
            name="nothing_empty",
        ),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("identity_post.id"), index=True)
    precision: Mapped[str] = mapped_column(Text)
    kinds: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    area_id: Mapped[int | None] = mapped_column(ForeignKey("identity_area.id"), index=True)
    owners: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    life_states: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    secrecy: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    attributes: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    granted_by: Mapped[int | None] = mapped_column(ForeignKey("identity_person.id"))


class Delegation(Base):
    """A post lent to somebody during [from_at, until_at); never an administrator's."""

    __tablename__ = "identity_delegation"
    __table_args__ = (
        CheckConstraint("until_at >= from_at", name="period_in_order"),
        CheckConstraint("btrim(reason) <> ''", name="reason_given"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    post_id: Mapped[int] = mapped_column(ForeignKey("identity_post.id"), index=True)
    to_person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), index=True)
    from_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    until_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str] = mapped_column(Text)


class SignedInSession(Base):
    """A browser that signed in, known by the SHA-256 of its token."""

    __tablename__ = "identity_session"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("ends_at > created_at", name="ends_after_it_began"),
        Index("ix_identity_session_ends_at", "ends_at"),
    )

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    address: Mapped[str | None] = mapped_column(INET)
    agent: Mapped[str] = mapped_column(Text, server_default=text("''"))
    second_factor: Mapped[bool] = mapped_column(Boolean, server_default=false())
    rights_version: Mapped[int] = mapped_column(Integer)
    post_id: Mapped[int | None] = mapped_column(ForeignKey("identity_post.id"), index=True)


class Device(Base):
    """A browser in which this person signed in before: guesses made elsewhere do not slow it down."""

    __tablename__ = "identity_device"
    __table_args__ = (CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), primary_key=True, index=True)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Passkey(Base):
    """A key kept by a device or a stick, which asks its owner for a finger or a number before it signs."""

    __tablename__ = "identity_passkey"

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    sign_count: Mapped[int] = mapped_column(BigInteger)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Challenge(Base):
    """What a passkey is asked to sign, once; ``person_id`` None at the door, else who adds a passkey."""

    __tablename__ = "identity_challenge"
    __table_args__ = (CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),)

    digest: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    person_id: Mapped[int | None] = mapped_column(ForeignKey("identity_person.id"), index=True)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), index=True)


class Token(Base):
    """A machine's way in, in the name of a person; at most what that person may do at the moment."""

    __tablename__ = "identity_token"
    __table_args__ = (
        CheckConstraint("octet_length(digest) = 32", name="digest_is_sha256"),
        CheckConstraint("cardinality(permissions) > 0", name="permissions_named"),
        CheckConstraint("expires_at > created_at", name="expires_after_it_began"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("identity_person.id"), index=True)
    name: Mapped[str] = mapped_column(Text)
    digest: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    permissions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class Try(Base):
    """Failed tries under a key (a pair of account and address, an account, an address, a device); unlogged."""

    __tablename__ = "identity_try"
    __table_args__ = {"prefixes": ["UNLOGGED"]}  # noqa: RUF012 - the form SQLAlchemy asks for

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    count: Mapped[int] = mapped_column(Integer)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    last_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
