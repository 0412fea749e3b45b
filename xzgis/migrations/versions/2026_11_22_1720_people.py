"""People, units, posts, sessions, tokens."""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from geoalchemy2 import Geometry
from sqlalchemy.dialects import postgresql

revision: str = "6e0c41d7a9b3"
down_revision: str | None = "d17f4a60b8c3"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Read committed does not show what another transaction grants at the same moment: the person's row is taken
# first, and each statement of a volatile function sees what was committed before it. "No key update" does not
# wait for the foreign keys of the two inserts, which would be a deadlock.
POST_SEPARATED = """
create function identity_post_separated() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.person_id, new.role) is distinct from (old.person_id, old.role) then
    raise exception 'a post keeps its person and its role' using errcode = '23514', constraint = tg_name;
  end if;
  perform 1 from identity_person where id = new.person_id for no key update;
  if exists (
    select from identity_post other
     where other.person_id = new.person_id and other.id <> new.id
       and tstzrange(other.valid_from, other.valid_to) && tstzrange(new.valid_from, new.valid_to)
       and identity_camp(other.role) <> identity_camp(new.role)
  ) or identity_camp(new.role) <> 'business' and exists (
    select from identity_delegation lent
     where lent.to_person_id = new.person_id
       and tstzrange(lent.from_at, lent.until_at) && tstzrange(new.valid_from, new.valid_to)
  ) then
    raise exception 'the three administrators are separate people, apart from the business'
      using errcode = '23514', constraint = tg_name;
  end if;
  return null;
end $$
"""

DELEGATION_SEPARATED = """
create function identity_delegation_separated() returns trigger language plpgsql as $$
begin
  perform 1 from identity_person where id = new.to_person_id for no key update;
  if exists (
    select from identity_post lent
     where lent.id = new.post_id and (identity_camp(lent.role) <> 'business' or lent.person_id = new.to_person_id)
  ) or exists (
    select from identity_post held
     where held.person_id = new.to_person_id and identity_camp(held.role) <> 'business'
       and tstzrange(held.valid_from, held.valid_to) && tstzrange(new.from_at, new.until_at)
  ) then
    raise exception 'an administrator neither lends his post nor acts for others'
      using errcode = '23514', constraint = tg_name;
  end if;
  return null;
end $$
"""

CAMP = """
create function identity_camp(role text) returns text language sql immutable parallel safe as $$
  select case when role in ('system_admin', 'security_admin', 'audit_admin') then role else 'business' end
$$
"""


def upgrade() -> None:
    """Make the tables, and the triggers that keep the three administrators apart whoever writes."""
    op.create_table(
        "identity_area",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("tier", sa.Text(), nullable=False),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column(
            "boundary", Geometry("MULTIPOLYGON", srid=4548, dimension=2, spatial_index=False), nullable=True
        ),
        sa.CheckConstraint(
            "(parent_id is null) = (tier = 'city')", name=op.f("ck_identity_area_root_is_a_city")
        ),
        sa.CheckConstraint("code ~ '^[0-9]{4,12}$'", name=op.f("ck_identity_area_code")),
        sa.CheckConstraint("tier in ('city', 'district', 'township')", name=op.f("ck_identity_area_tier")),
        sa.ForeignKeyConstraint(["parent_id"], ["identity_area.id"], name=op.f("fk_identity_area_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_area")),
        sa.UniqueConstraint("code", name=op.f("uq_identity_area_code")),
    )
    op.create_index(
        "ix_identity_area_boundary", "identity_area", ["boundary"], unique=False, postgresql_using="gist"
    )
    op.create_index(op.f("ix_identity_area_parent_id"), "identity_area", ["parent_id"], unique=False)
    op.create_table(
        "identity_person",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("account", sa.Text(collation="C"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=True),
        sa.Column("phone", sa.Text(), nullable=True),
        sa.Column("password_hash", sa.Text(), nullable=True),
        sa.Column("must_change", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("password_changed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_pending", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.BigInteger(), server_default=sa.text("0"), nullable=False),
        sa.Column("rights_version", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("account ~ '^[a-z][a-z0-9._-]{1,31}$'", name=op.f("ck_identity_person_account")),
        sa.CheckConstraint(
            "left_at is null or (password_hash is null and totp_secret is null and totp_pending is null)",
            name=op.f("ck_identity_person_leaver_has_no_secret"),
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_person")),
        sa.UniqueConstraint("account", name=op.f("uq_identity_person_account")),
    )
    op.create_index("ix_identity_person_name", "identity_person", ["name", "id"], unique=False)
    op.create_table(
        "identity_try",
        sa.Column("key", sa.LargeBinary(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_identity_try")),
        prefixes=["UNLOGGED"],
    )
    op.create_table(
        "identity_device",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_identity_device_digest_is_sha256")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_device_person_id")
        ),
        sa.PrimaryKeyConstraint("digest", "person_id", name=op.f("pk_identity_device")),
    )
    op.create_index(op.f("ix_identity_device_person_id"), "identity_device", ["person_id"], unique=False)
    op.create_table(
        "identity_token",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("permissions", sa.ARRAY(sa.Text()), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("cardinality(permissions) > 0", name=op.f("ck_identity_token_permissions_named")),
        sa.CheckConstraint("expires_at > created_at", name=op.f("ck_identity_token_expires_after_it_began")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_identity_token_digest_is_sha256")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_token_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_token")),
        sa.UniqueConstraint("digest", name=op.f("uq_identity_token_digest")),
    )
    op.create_index(op.f("ix_identity_token_person_id"), "identity_token", ["person_id"], unique=False)
    op.create_table(
        "identity_unit",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("code", sa.Text(collation="C"), nullable=False),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("name_zh", sa.Text(), nullable=False),
        sa.Column("name_en", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("code ~ '^[A-Z0-9][A-Z0-9-]{0,31}$'", name=op.f("ck_identity_unit_code")),
        sa.CheckConstraint(
            "kind in ('department', 'owner', 'survey', 'applicant')", name=op.f("ck_identity_unit_kind")
        ),
        sa.CheckConstraint("parent_id <> id", name=op.f("ck_identity_unit_not_its_own_parent")),
        sa.ForeignKeyConstraint(["area_id"], ["identity_area.id"], name=op.f("fk_identity_unit_area_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["identity_unit.id"], name=op.f("fk_identity_unit_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_unit")),
        sa.UniqueConstraint("code", name=op.f("uq_identity_unit_code")),
    )
    op.create_index(op.f("ix_identity_unit_area_id"), "identity_unit", ["area_id"], unique=False)
    op.create_index(op.f("ix_identity_unit_parent_id"), "identity_unit", ["parent_id"], unique=False)
    op.create_table(
        "identity_post",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("area_id", sa.BigInteger(), nullable=False),
        sa.Column("kinds", sa.ARRAY(sa.Text()), nullable=True),
        sa.Column("valid_from", sa.DateTime(timezone=True), nullable=False),
        sa.Column("valid_to", sa.DateTime(timezone=True), nullable=True),
        sa.Column("granted_by", sa.BigInteger(), nullable=True),
        sa.CheckConstraint(
            "role in ('planner', 'approver', 'clerk', 'surveyor', 'owner', 'data_keeper', 'reader', "
            "'system_admin', 'security_admin', 'audit_admin')",
            name=op.f("ck_identity_post_role"),
        ),
        sa.CheckConstraint("cardinality(kinds) > 0", name=op.f("ck_identity_post_kinds_named")),
        sa.CheckConstraint("granted_by <> person_id", name=op.f("ck_identity_post_not_granted_to_himself")),
        sa.CheckConstraint("valid_to >= valid_from", name=op.f("ck_identity_post_period_in_order")),
        sa.ForeignKeyConstraint(["area_id"], ["identity_area.id"], name=op.f("fk_identity_post_area_id")),
        sa.ForeignKeyConstraint(
            ["granted_by"], ["identity_person.id"], name=op.f("fk_identity_post_granted_by")
        ),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_post_person_id")
        ),
        sa.ForeignKeyConstraint(["unit_id"], ["identity_unit.id"], name=op.f("fk_identity_post_unit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_post")),
    )
    op.create_index(op.f("ix_identity_post_area_id"), "identity_post", ["area_id"], unique=False)
    op.create_index(op.f("ix_identity_post_person_id"), "identity_post", ["person_id"], unique=False)
    op.create_index("ix_identity_post_role", "identity_post", ["role", "valid_to"], unique=False)
    op.create_index(op.f("ix_identity_post_unit_id"), "identity_post", ["unit_id"], unique=False)
    op.create_table(
        "identity_delegation",
        sa.Column("id", sa.BigInteger(), sa.Identity(always=False), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=False),
        sa.Column("to_person_id", sa.BigInteger(), nullable=False),
        sa.Column("from_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("btrim(reason) <> ''", name=op.f("ck_identity_delegation_reason_given")),
        sa.CheckConstraint("until_at >= from_at", name=op.f("ck_identity_delegation_period_in_order")),
        sa.ForeignKeyConstraint(
            ["post_id"], ["identity_post.id"], name=op.f("fk_identity_delegation_post_id")
        ),
        sa.ForeignKeyConstraint(
            ["to_person_id"], ["identity_person.id"], name=op.f("fk_identity_delegation_to_person_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_identity_delegation")),
    )
    op.create_index(op.f("ix_identity_delegation_post_id"), "identity_delegation", ["post_id"], unique=False)
    op.create_index(
        op.f("ix_identity_delegation_to_person_id"), "identity_delegation", ["to_person_id"], unique=False
    )
    op.create_table(
        "identity_session",
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("person_id", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("address", postgresql.INET(), nullable=True),
        sa.Column("agent", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("second_factor", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("rights_version", sa.Integer(), nullable=False),
        sa.Column("post_id", sa.BigInteger(), nullable=True),
        sa.CheckConstraint("ends_at > created_at", name=op.f("ck_identity_session_ends_after_it_began")),
        sa.CheckConstraint("octet_length(digest) = 32", name=op.f("ck_identity_session_digest_is_sha256")),
        sa.ForeignKeyConstraint(
            ["person_id"], ["identity_person.id"], name=op.f("fk_identity_session_person_id")
        ),
        sa.ForeignKeyConstraint(["post_id"], ["identity_post.id"], name=op.f("fk_identity_session_post_id")),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_identity_session")),
    )
    op.create_index("ix_identity_session_ends_at", "identity_session", ["ends_at"], unique=False)
    op.create_index(op.f("ix_identity_session_person_id"), "identity_session", ["person_id"], unique=False)
    op.create_index(op.f("ix_identity_session_post_id"), "identity_session", ["post_id"], unique=False)
    op.execute(CAMP)
    op.execute(POST_SEPARATED)
    op.execute(DELEGATION_SEPARATED)
    op.execute(
        "create constraint trigger identity_post_separated after insert or update on identity_post "
        "for each row execute function identity_post_separated()"
    )
    op.execute(
        "create constraint trigger identity_delegation_separated after insert or update on identity_delegation "
        "for each row execute function identity_delegation_separated()"
    )


def downgrade() -> None:
    """Without people; whoever comes to the server acts as its console again."""
    for table in ("session", "delegation", "post", "unit", "token", "device", "try", "person", "area"):
        op.drop_table(f"identity_{table}")
    for function in ("identity_post_separated()", "identity_delegation_separated()", "identity_camp(text)"):
        op.execute(f"drop function {function}")
