"""Tables of the register. A changed or removed record stays: true from/to, known from/to."""

from datetime import date, datetime
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Sequence,
    SmallInteger,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from xzgis.core.db import STORAGE_SRID, Base
from xzgis.networks.rules.bounds import (
    ASSUMPTIONS,
    BUILT,
    BURIALS,
    CHINA,
    KNOWN,
    LEVELS,
    LEVELS_SOUND,
    LIFE_STATES,
    NOMINALS,
    OUTER_HOLDS,
    PRESSURES,
    RECORDED,
    REFERENCES,
    SIGMAS,
    SURVEYED,
    TRUE,
)
from xzgis.networks.terms import HIGHEST_LEVEL_M, LARGEST_RECORDED_M, LARGEST_VOLTAGE_KV, LOWEST_LEVEL_M

OBJECT_IDS = Sequence("networks_object_id", data_type=BigInteger, metadata=Base.metadata)
CURRENT = text("known_to is null")
TRUNK = text(
    "known_to is null and (kind = 'industrial' or (kind = 'gas' and (pressure_class is null or pressure_class not in "
    "('low', 'medium', 'medium_A', 'medium_B') or outer_width_mm + outer_spread_mm > 2000)))"
)
"""Lines whose protection and control zones reach farther than clearances (xzgis/conflicts/rules/zone_reach.py)."""
EDGE = text("known_to is null and feature = 'chamber_edge'")
PAST = text("known_to is not null")


def _version_indexes(table: str, *, place: str, search: str) -> tuple[Index, ...]:
    """Indexes of a table with history.

    Current and past versions are indexed apart: one current version per object is held by a unique
    index, and a large load pays for the current half only. Rows of one batch lie together on disk, so a
    block-range index finds them. The pattern class serves "begins with" under every collation.
    """
    pattern = {search: "text_pattern_ops"}
    return (
        Index(f"uq_{table}_current", "object_id", unique=True, postgresql_where=CURRENT),
        Index(f"ix_{table}_past", "object_id", postgresql_where=PAST),
        Index(f"ix_{table}_{place}_current", place, postgresql_using="gist", postgresql_where=CURRENT),
        Index(f"ix_{table}_{place}_past", place, postgresql_using="gist", postgresql_where=PAST),
        Index(f"ix_{table}_batch", "batch_id", postgresql_using="brin"),
        Index(f"ix_{table}_{search}", search, postgresql_ops=pattern, postgresql_where=CURRENT),
        Index(
            f"ix_{table}_road",
            "road",
            postgresql_ops={"road": "text_pattern_ops"},
            postgresql_where=text("known_to is null and road is not null"),
        ),
    )


class Batch(Base):
    """One delivery: what came in, how it was understood, and what became of it.

    ``points_told``: kinds of which it says at one point at least what stands there.
    """

    __tablename__ = "networks_batch"
    __table_args__ = (
        CheckConstraint(
            "state in ('received','reading','read','refused','accepting','accepted','undone','cancelled')",
            name="state",
        ),
        CheckConstraint("progress_percent between 0 and 100", name="progress_percent"),
        CheckConstraint("state <> 'accepted' or accepted_at is not null", name="accepted_told"),
        CheckConstraint("(state = 'undone') = (undone_at is not null)", name="undone_told"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(Text)
    intake: Mapped[str | None] = mapped_column(Text)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    files: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default=text("'[]'::jsonb"))
    content_digest: Mapped[str] = mapped_column(Text, index=True)
    crs: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    summary: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default=text("'{}'::jsonb"))
    delivery_file: Mapped[str | None] = mapped_column(Text)
    progress_percent: Mapped[int] = mapped_column(Integer, server_default=text("0"))
    progress_step: Mapped[str | None] = mapped_column(Text)
    cancel_asked: Mapped[bool] = mapped_column(server_default=text("false"))
    created_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    accepted_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_invented: Mapped[bool] = mapped_column(server_default=text("false"))
    points_told: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))


class BatchFinding(Base):
    """One finding of the intake: nothing that was rejected or doubted ever vanishes."""

    __tablename__ = "networks_batch_finding"
    __table_args__ = (CheckConstraint("table_name in ('points', 'lines')", name="table_name"),)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("networks_batch.id", ondelete="CASCADE"), index=True)
    code: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(Text)
    file: Mapped[str | None] = mapped_column(Text)
    sheet: Mapped[str | None] = mapped_column(Text)
    row: Mapped[int | None] = mapped_column(Integer)
    field: Mapped[str | None] = mapped_column(Text)
    value: Mapped[str | None] = mapped_column(Text)
    table_name: Mapped[str | None] = mapped_column(Text)
    message_zh: Mapped[str] = mapped_column(Text)
    message_en: Mapped[str] = mapped_column(Text)
    remedy_zh: Mapped[str] = mapped_column(Text)
    remedy_en: Mapped[str] = mapped_column(Text)
    place: Mapped[WKBElement | None] = mapped_column(
        Geometry("POINT", srid=STORAGE_SRID, spatial_index=False)
    )


class _Versioned:
    """Columns of a record with history: one row is one version of one object."""

    version_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text, ForeignKey("catalogue_kind.token"))
    owner: Mapped[str | None] = mapped_column(Text)
    life_state: Mapped[str] = mapped_column(Text)
    true_from: Mapped[date | None] = mapped_column(Date)
    true_to: Mapped[date | None] = mapped_column(Date)
    known_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    known_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("networks_batch.id"))
    source_row: Mapped[int | None] = mapped_column(Integer)
    attributes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class Run(_Versioned, Base):
    """One stretch of one line between two nodes, one version of it.

    ``crown_m``, ``bottom_m`` and ``ground_m`` hold one level per vertex of ``axis`` (outer envelope,
    1985 datum), an element NULL where unknown, the whole array NULL where nothing is known.
    ``assumptions`` holds what was assumed of it (tokens of ``layers/codes/assumption.csv``), NULL where that was
    not kept.
    """

    __tablename__ = "networks_run"
    __table_args__ = (
        CheckConstraint(LEVELS_SOUND, name="levels_sound"),
        CheckConstraint("ground_m is null or cardinality(ground_m) = st_npoints(axis)", name="ground_fits"),
        # NaN is larger than every number to PostgreSQL: the upper bound refuses it.
        CheckConstraint("st_length(axis) > 0 and st_length(axis) < 1000000", name="has_length"),
        CheckConstraint("true_to is null or true_from is null or true_from <= true_to", name="true_in_order"),
        CheckConstraint("known_to is null or known_from < known_to", name="known_in_order"),
        CheckConstraint(
            "outer_width_mm > 0 and outer_width_mm < 100000 and outer_height_mm > 0 and outer_height_mm < 100000",
            name="outer_positive",
        ),
        CheckConstraint("shape in ('circle','rectangle')", name="shape"),
        CheckConstraint(LIFE_STATES, name="life_state"),
        CheckConstraint(SIGMAS, name="sigma_positive"),
        CheckConstraint(f"axis @ {CHINA}", name="place_bounded"),
        CheckConstraint(LEVELS, name="levels_bounded"),
        CheckConstraint(RECORDED, name="recorded_bounded"),
        CheckConstraint(NOMINALS, name="nominal_positive"),
        CheckConstraint(OUTER_HOLDS, name="wall_not_negative"),
        CheckConstraint("outer_spread_mm >= 0 and outer_spread_mm < 100000", name="spread_positive"),
        CheckConstraint(f"voltage_kv > 0 and voltage_kv <= {LARGEST_VOLTAGE_KV}", name="voltage_positive"),
        CheckConstraint(PRESSURES, name="pressure_class"),
        CheckConstraint(REFERENCES, name="depth_reference"),
        CheckConstraint("flow in (1, -1)", name="flow"),
        CheckConstraint(ASSUMPTIONS, name="assumptions_known"),
        CheckConstraint(BURIALS, name="burial"),
        CheckConstraint(KNOWN, name="known_bounded"),
        CheckConstraint(TRUE, name="true_bounded"),
        CheckConstraint(SURVEYED, name="surveyed_before_known"),
        CheckConstraint(BUILT, name="built_before_known"),
        # A closed loop, or a stub whose two ends were near enough to be one node.
        CheckConstraint(
            "from_node_id <> to_node_id or st_distance(st_startpoint(axis), st_endpoint(axis)) < 0.1",
            name="ends_differ",
        ),
        *_version_indexes("networks_run", place="axis", search="label"),
        Index(
            "ix_networks_run_owner",
            "owner",
            postgresql_ops={"owner": "text_pattern_ops"},
            postgresql_where=text("known_to is null and owner is not null"),
        ),
        Index("ix_networks_run_from_node", "from_node_id", postgresql_where=CURRENT),
        Index("ix_networks_run_to_node", "to_node_id", postgresql_where=CURRENT),
        # The few runs that are vague or wide beyond the ordinary: a check looks them up farther away.
        Index("ix_networks_run_vague", "sigma_plan_m", postgresql_where=text("sigma_plan_m > 0.5")),
        Index("ix_networks_run_wide", "outer_width_mm", postgresql_where=text("outer_width_mm > 3000")),
        Index("ix_networks_run_spread", "outer_spread_mm", postgresql_where=text("outer_spread_mm > 500")),
        Index("ix_networks_run_unsized", "kind", postgresql_where=text("outer_width_mm is null")),
        Index("ix_networks_run_trunk", "axis", postgresql_using="gist", postgresql_where=TRUNK),
    )

    object_id: Mapped[int] = mapped_column(BigInteger, OBJECT_IDS)
    label: Mapped[str] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    axis: Mapped[WKBElement] = mapped_column(Geometry("LINESTRING", srid=STORAGE_SRID, spatial_index=False))
    crown_m: Mapped[list[float | None] | None] = mapped_column(ARRAY(DOUBLE_PRECISION))
    bottom_m: Mapped[list[float | None] | None] = mapped_column(ARRAY(DOUBLE_PRECISION))
    ground_m: Mapped[list[float | None] | None] = mapped_column(ARRAY(DOUBLE_PRECISION))
    from_node_id: Mapped[int | None] = mapped_column(BigInteger)
    to_node_id: Mapped[int | None] = mapped_column(BigInteger)
    shape: Mapped[str | None] = mapped_column(Text)
    nominal_width_mm: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    nominal_height_mm: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    outer_width_mm: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    outer_height_mm: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    outer_spread_mm: Mapped[float] = mapped_column(DOUBLE_PRECISION, server_default=text("0"))
    outer_is_assumed: Mapped[bool] = mapped_column(server_default=text("true"))
    pressure_class: Mapped[str | None] = mapped_column(Text)
    voltage_kv: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    burial: Mapped[str | None] = mapped_column(Text)
    material: Mapped[str | None] = mapped_column(Text)
    bank_id: Mapped[int | None] = mapped_column(BigInteger)
    start_depth_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    end_depth_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    start_level_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    end_level_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    depth_reference: Mapped[str | None] = mapped_column(Text)
    flow: Mapped[int | None] = mapped_column(Integer)
    accuracy_class: Mapped[str] = mapped_column(Text)
    sigma_plan_m: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    sigma_level_m: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    built_on: Mapped[date | None] = mapped_column(Date)
    surveyed_on: Mapped[date | None] = mapped_column(Date)
    road: Mapped[str | None] = mapped_column(Text)
    assumptions: Mapped[list[str] | None] = mapped_column(ARRAY(Text))


class Node(_Versioned, Base):
    """A survey point, fitting, chamber or structure; one version of it."""

    __tablename__ = "networks_node"
    __table_args__ = (
        CheckConstraint("true_to is null or true_from is null or true_from <= true_to", name="true_in_order"),
        CheckConstraint("known_to is null or known_from < known_to", name="known_in_order"),
        CheckConstraint(LIFE_STATES, name="life_state"),
        CheckConstraint(SIGMAS, name="sigma_positive"),
        # A box holds a point that is not a number; a comparison does not.
        CheckConstraint(
            "st_x(place) > 200000 and st_x(place) < 800000 and st_y(place) > 1500000 and st_y(place) < 6000000",
            name="place_bounded",
        ),
        CheckConstraint(
            f"ground_m > {LOWEST_LEVEL_M} and ground_m < {HIGHEST_LEVEL_M}", name="ground_bounded"
        ),
        CheckConstraint(f"abs(chamber_depth_m) < {LARGEST_RECORDED_M}", name="chamber_bounded"),
        CheckConstraint(KNOWN, name="known_bounded"),
        CheckConstraint(TRUE, name="true_bounded"),
        *_version_indexes("networks_node", place="place", search="point_no"),
        # The few edge points of chambers: a check asks for them round every chamber.
        Index("ix_networks_node_edge", "place", postgresql_using="gist", postgresql_where=EDGE),
        # The few points vaguer than the ordinary: a check looks for what stands there farther away, as for runs.
        Index("ix_networks_node_vague", "sigma_plan_m", postgresql_where=text("sigma_plan_m > 0.5")),
    )

    object_id: Mapped[int] = mapped_column(BigInteger, OBJECT_IDS)
    point_no: Mapped[str | None] = mapped_column(Text)
    code: Mapped[str | None] = mapped_column(Text)
    place: Mapped[WKBElement] = mapped_column(Geometry("POINT", srid=STORAGE_SRID, spatial_index=False))
    ground_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    feature: Mapped[str | None] = mapped_column(Text)
    appurtenance: Mapped[str | None] = mapped_column(Text)
    chamber_depth_m: Mapped[float | None] = mapped_column(DOUBLE_PRECISION)
    is_visible: Mapped[bool | None] = mapped_column()
    accuracy_class: Mapped[str] = mapped_column(Text)
    sigma_plan_m: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    sigma_level_m: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    road: Mapped[str | None] = mapped_column(Text)


class Coverage(Base):
    """Where somebody looked for a kind, when and how well; one version of it."""

    __tablename__ = "networks_coverage"
    __table_args__ = (
        CheckConstraint("st_isvalid(area)", name="area_valid"),
        CheckConstraint(f"area @ {CHINA}", name="place_bounded"),
        CheckConstraint("btrim(method) <> '' and length(method) <= 500", name="method_told"),
        CheckConstraint("btrim(quality) <> '' and length(quality) <= 500", name="quality_told"),
        CheckConstraint("known_to is null or known_from < known_to", name="known_in_order"),
        CheckConstraint(KNOWN, name="known_bounded"),
        CheckConstraint(SURVEYED, name="surveyed_before_known"),
        Index("ix_networks_coverage_area_current", "area", postgresql_using="gist", postgresql_where=CURRENT),
        Index("uq_networks_coverage_current", "object_id", unique=True, postgresql_where=CURRENT),
        Index("ix_networks_coverage_past", "object_id", postgresql_where=PAST),
    )

    version_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    object_id: Mapped[int] = mapped_column(BigInteger, OBJECT_IDS)
    kind: Mapped[str] = mapped_column(Text, ForeignKey("catalogue_kind.token"))
    area: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False))
    surveyed_on: Mapped[date | None] = mapped_column(Date)
    surveyed_by: Mapped[str | None] = mapped_column(Text)
    method: Mapped[str | None] = mapped_column(Text)
    quality: Mapped[str | None] = mapped_column(Text)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("networks_batch.id"), index=True)
    known_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    known_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    note: Mapped[str | None] = mapped_column(Text)


class UnknownGround(Base):
    """Ground round one row that a batch left out: of its kind (None: of any) only newer coverage shows that somebody looked.

    ``place``: the course or place of the row, by which it is known again once it goes in; ``ended_by``: the batch that
    brought it, which ended this.
    """

    __tablename__ = "networks_unknown_ground"
    __table_args__ = (
        CheckConstraint("st_isvalid(area)", name="area_valid"),
        CheckConstraint(f"area @ {CHINA}", name="place_bounded"),
        CheckConstraint("known_to is null or known_from < known_to", name="known_in_order"),
        CheckConstraint(KNOWN, name="known_bounded"),
        CheckConstraint("ended_by is null or known_to is not null", name="end_told"),
        Index("ix_networks_unknown_ground_area", "area", postgresql_using="gist"),
    )

    version_id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("networks_batch.id"), index=True)
    kind: Mapped[str | None] = mapped_column(Text, ForeignKey("catalogue_kind.token"))
    place: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=STORAGE_SRID, spatial_index=False))
    area: Mapped[WKBElement] = mapped_column(Geometry("MULTIPOLYGON", srid=STORAGE_SRID, spatial_index=False))
    known_from: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    known_to: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_by: Mapped[int | None] = mapped_column(ForeignKey("networks_batch.id"), index=True)


class SecretRecord(Base):
    """The grade of secrecy of a run, node or coverage, whatever its versions; without a row it has none."""

    __tablename__ = "networks_secret"
    __table_args__ = (CheckConstraint("grade between 1 and 3", name="grade"),)

    object_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    grade: Mapped[int] = mapped_column(SmallInteger)
    reason: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Road(Base):
    """A part of a road: centreline, carriageway, footway or kerb; it stands as long as the batch that brought it.

    Rows of an undone batch stay, for what was known while it stood: readers ask ``undone_at`` of the batch.
    """

    __tablename__ = "networks_road"
    __table_args__ = (
        CheckConstraint("st_isvalid(shape)", name="shape_valid"),
        CheckConstraint(f"shape @ {CHINA}", name="place_bounded"),
        CheckConstraint("part in ('centreline','carriageway','footway','kerb')", name="part"),
        Index("ix_networks_road_shape", "shape", postgresql_using="gist"),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    part: Mapped[str] = mapped_column(Text)
    name: Mapped[str | None] = mapped_column(Text, index=True)
    shape: Mapped[WKBElement] = mapped_column(Geometry("GEOMETRY", srid=STORAGE_SRID, spatial_index=False))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("networks_batch.id"), index=True)
