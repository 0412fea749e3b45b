"""What the files in ``layers/`` say, as typed values. A row that does not fit is refused by the loader."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from xzgis.catalogue.terms.changes import Applied
from xzgis.catalogue.terms.leaving import ExportRules
from xzgis.catalogue.terms.obstacles import ChamberSize
from xzgis.catalogue.terms.zones import ZoneRule

Confidence = Literal["verified", "memory"]
Surface = str
Metres = Annotated[float, Field(gt=0, le=50)]
ConditionAttribute = Literal[
    "kind", "pressure_class", "voltage_kv", "burial", "material", "nominal_mm", "method"
]
DepthReference = Literal[
    "invert", "crown", "outer_top", "inner_bottom", "outer_bottom", "inner_top", "unknown"
]
Flow = Literal["gravity", "pressure", "cable", "mixed", "none"]


class Definition(BaseModel):
    """Base of every definition: frozen, nothing unknown is let through."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


class Named(Definition):
    """A definition with a token and its names."""

    token: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)


class RuleKind(Named):
    """A kind as the rule tables name it: lines, and also building, kerb, tree, pole, railway."""

    note: str = ""


class Attribute(Named):
    """One attribute of a kind of line or node."""

    type: Literal["number", "integer", "text", "date", "code"]
    unit: str | None = None
    codes: str | None = Field(default=None, description="Code list in layers/codes that holds the values")
    minimum: float | None = None
    maximum: float | None = None


class KindCode(Definition):
    """One code under which a kind is delivered: ``(scheme, code)`` is unique together with the kind."""

    scheme: str = Field(description="CJJ 61-2017, CJJ 61-2003, local")
    code: str
    digits: str | None = Field(default=None, description="Digits inside the 8-digit element code")
    zh: str
    en: str
    kind: str = Field(description="Kind token that the code leads to")
    is_partial: bool = Field(default=False, description="Beside the kind's own: alone no survey of the kind")
    words: tuple[str, ...] = Field(default=(), description="Tell part from whole, never choose the kind")
    confidence: Confidence = "memory"
    source: str = ""
    note: str = ""


class NetworkKind(Named):
    """One kind of line (or of road part), as the rules, screens and intake see it.

    ``rule_kind`` is the token of the clearance tables (``drainage`` for the three sewers); None means
    that the tables do not reach this kind: its pairs are referred to an expert, never passed.
    """

    order: int = Field(ge=0, description="Place in lists and legends")
    geometry: Literal["line", "polygon", "point"] = "line"
    is_buried_line: bool = Field(default=True, description="Has runs with levels and takes part in checks")
    rule_kind: str | None = None
    flow: Flow = "mixed"
    depth_reference: DepthReference = "unknown"
    code: str = Field(description="Code written on the map, CJJ 61-2017")
    parent: str | None = Field(default=None, description="Kind this one is a part of (road parts)")
    table_words: tuple[str, ...] = Field(
        default=(), description="Words in a table, sheet or attribute that settle a code shared by kinds"
    )
    rule_kind_by_burial: dict[str, str] = Field(
        default_factory=dict, description="Further rule kind when laid so: heat in a channel is a trench too"
    )
    may_hold: dict[str, str] = Field(
        default_factory=dict,
        description="Kinds that may lie in it unrecorded, with their burial there: read as each of them too",
    )
    attributes: tuple[Attribute, ...] = ()
    plausible_outer_width_mm: tuple[float, float] = Field(
        default=(10.0, 3000.0), description="Bounds taken when the size is unknown"
    )
    plausible_cover_m: tuple[float, float] = (0.0, 15.0)
    note: str = ""


class Condition(Named):
    """What a condition token of the rule tables asks of a line.

    Every test given must hold. ``attribute`` is a field of :class:`xzgis.networks.terms.Conditions`;
    ``any_of`` and ``all_of`` name other conditions. Without any test the condition always holds.
    """

    token: str = Field(min_length=1)
    attribute: ConditionAttribute | None = Field(default=None, description="None: always holds")
    values: tuple[str, ...] = Field(default=(), description="Holds when the attribute is one of these")
    not_values: tuple[str, ...] = Field(default=(), description="Holds when the attribute is none of these")
    unknown_values: tuple[str, ...] = Field(
        default=(), description="Values that do not tell: a copper cable says nothing of its conduit"
    )
    any_of: tuple[str, ...] = ()
    all_of: tuple[str, ...] = ()
    at_least: float | None = None
    above: float | None = None
    below: float | None = None
    at_most: float | None = None
    note: str = ""


class ClearanceRule(Definition):
    """The least clear distance, wall to wall, of an unordered pair of kinds under conditions."""

    rule_id: str
    standard: str = Field(min_length=1)
    table: str = Field(min_length=1)
    kind_a: str
    condition_a: str = Field(default="", description="Condition tokens joined by ';', all must hold")
    kind_b: str
    condition_b: str = ""
    clearance_m: Metres | Literal["tunnel_outer_diameter"] = Field(description="Metres, or an expression")
    mandatory: bool = False
    confidence: Confidence
    clause: str = ""
    source: str = ""
    note: str = ""
    enabled: bool = True


class CoverRule(Definition):
    """The least cover, ground to outer crown, of a kind under a surface."""

    rule_id: str
    standard: str = Field(min_length=1)
    table: str = Field(min_length=1)
    kind: str
    condition: str = ""
    surface: str
    cover_m: float = Field(gt=0, le=20)
    mandatory: bool = False
    confidence: Confidence
    clause: str = ""
    source: str = ""
    note: str = ""
    enabled: bool = True


class OrderRule(Definition):
    """At a crossing ``upper`` lies above ``lower``; ``must`` for wording 应, else 宜."""

    rule_id: str
    standard: str
    clause: str
    upper: str
    lower: str
    must: bool
    confidence: Confidence
    source: str = ""
    note: str = ""
    enabled: bool = True


class GiveWayRule(Definition):
    """Who gives way: rules are asked in ``rank`` order, the first that tells the two apart decides.

    ``test`` names a comparison implemented in :mod:`xzgis.conflicts.rules`.
    """

    rule_id: str
    standard: str
    clause: str
    rank: int
    test: Literal[
        "pressure_to_gravity",
        "flexible_to_rigid",
        "branch_to_main",
        "small_to_large",
        "temporary_to_permanent",
        "new_to_existing",
    ]
    enabled: bool = True
    zh: str
    en: str
    confidence: Confidence
    source: str = ""
    note: str = ""


class OuterSize(Definition):
    """Outer size of a pipe of nominal size, by material; ``material`` '' is the fallback of a kind."""

    kind: str = Field(description="Kind token or rule kind, or 'any'")
    material: str = ""
    burial: str = Field(default="", description="Burial token, '' for any")
    nominal_mm_from: float
    nominal_mm_to: float
    nominal_is: Literal["inner", "outer", "nominal"]
    wall_mm: float | None = Field(
        default=None, ge=0, le=1000, description="Added on both sides of the nominal size"
    )
    wall_ratio: float | None = Field(default=None, ge=0, le=1, description="Wall as part of the nominal size")
    wall_spread_mm: float = Field(default=0.0, ge=0, description="The wall may be off by this much")
    assumed: bool = True
    source: str = Field(min_length=1)


class AccuracyClass(Named):
    """Standard deviations of a way of knowing a position; depth-dependent ones scale with centre depth h.

    sigma = sqrt(base_m^2 + (per_depth * max(h, depth_floor_m))^2), plan and level each: the survey of the
    point mark and the finding of the line are independent.
    """

    plan_base_m: float = Field(ge=0)
    plan_per_depth: float = Field(default=0, ge=0)
    level_base_m: float = Field(ge=0)
    level_per_depth: float = Field(default=0, ge=0)
    depth_floor_m: float = 1.0
    source: str
    confidence: Confidence


class CodeValue(Definition):
    """One value of a code list, with the aliases under which crews write it."""

    code: str
    token: str
    zh: str
    en: str
    aliases: tuple[str, ...] = ()
    kinds: tuple[str, ...] = Field(default=(), description="Kinds this value is for; empty: every kind")
    one_of: tuple[str, ...] = Field(
        default=(), description="Tokens this value may stand for: 中压 is medium_A or medium_B, not one"
    )
    minimum: float | None = Field(default=None, description="Lower bound, in unit")
    maximum: float | None = Field(default=None, description="Upper bound, in unit")
    unit: str | None = None
    depth_reference: DepthReference | None = Field(
        default=None, description="What the recorded depth of a line laid so is measured to"
    )
    scheme: str = ""
    confidence: Confidence = "memory"
    source: str = ""
    note: str = ""


class Symbol(Definition):
    """How a kind is drawn: screen colour and line, and the standard's own colour."""

    kind: str
    screen: str = Field(pattern=r"^#[0-9a-f]{6}$")
    standard_rgb: tuple[int, int, int] | None = None
    dash: tuple[float, ...] = ()
    casing: Literal["none", "double", "outline"] = "none"
    mark: str = ""


class MapLayer(Definition):
    """One layer of a map view."""

    id: str
    zh: str
    en: str
    source_layer: str
    kinds: tuple[str, ...] = ()
    min_zoom: int = 0
    visible: bool = True


class MapView(Named):
    """A map view: which layers, in what order, from which zoom, in which grid."""

    layers: tuple[MapLayer, ...]


class Grid(Definition):
    """The city's tile grid in the storage CRS."""

    srid: int
    origin_east_m: float
    origin_north_m: float
    extent_m: float
    max_zoom: int
    proj4: str


class CityExtent(Definition):
    """The city's plausible envelope, for the plausibility gate of incoming coordinates."""

    zh: str
    en: str
    lon_min: float
    lon_max: float
    lat_min: float
    lat_max: float
    east_min_m: float
    east_max_m: float
    north_min_m: float
    north_max_m: float
    centre_east_m: float
    centre_north_m: float


class IntakeField(Definition):
    """One of our fields and the column names under which it is delivered."""

    field: str
    names: tuple[str, ...]
    unit: str | None = None
    scale: float = 1.0


class IntakeMapping(Named):
    """How the columns of one delivered format become our fields."""

    reads: Literal["survey_tables", "one_table", "result_table", "imkl", "features", "register"]
    point_fields: tuple[IntakeField, ...] = ()
    line_fields: tuple[IntakeField, ...] = ()
    layer_kinds: dict[str, str] = Field(default_factory=dict)
    constants: dict[str, str | float] = Field(default_factory=dict)
    crs: str | None = None
    code_schemes: tuple[str, ...] = Field(default=(), description="Schemes asked for kind codes, empty: all")
    code_kinds: dict[str, str] = Field(default_factory=dict, description="Value of the kind column to kind")
    layer_filters: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="layer, column, value a feature must have to be of that kind"
    )
    values: dict[str, dict[str, str]] = Field(
        default_factory=dict, description="field, delivered value, token or text that is meant"
    )
    note: str = ""


class CheckRule(Definition):
    """One check of incoming data and how severe it is: as delivered, and for a new survey under contract."""

    code: str = Field(pattern=r"^[A-Z][0-9]{2}$")
    zh: str = Field(min_length=1)
    en: str = Field(min_length=1)
    level: Literal["error", "warning", "info"]
    level_strict: Literal["error", "warning", "info"]
    source: str = Field(min_length=1)


class Limits(Definition):
    """Limits and factors of checks: unit in every name, one source each (layers/limits.toml)."""

    sigma_factor: float = Field(default=2.0, description="k of: clear when gap - k sigma >= required")
    shallow_angle_deg: float = 15.0
    values: dict[str, float] = Field(default_factory=dict)
    sources: dict[str, str] = Field(default_factory=dict, description="Where each value comes from")


class Catalogue(Definition):
    """Everything ``layers/`` says, read once. ``version`` is the digest of all files read.

    ``changes``: rows that a city made other than shipped; the version stands for them too.
    """

    version: str
    changes: tuple[Applied, ...] = ()
    kinds: dict[str, NetworkKind]
    kind_codes: tuple[KindCode, ...]
    conditions: dict[str, Condition]
    horizontal: tuple[ClearanceRule, ...]
    vertical: tuple[ClearanceRule, ...]
    cover: tuple[CoverRule, ...]
    order: tuple[OrderRule, ...]
    give_way: tuple[GiveWayRule, ...]
    outer_sizes: tuple[OuterSize, ...]
    chambers: tuple[ChamberSize, ...] = ()
    zones: tuple[ZoneRule, ...] = ()
    accuracy: dict[str, AccuracyClass]
    codes: dict[str, tuple[CodeValue, ...]]
    symbols: dict[str, Symbol]
    maps: dict[str, MapView]
    grid: Grid
    city: CityExtent
    intakes: dict[str, IntakeMapping]
    limits: Limits
    exports: ExportRules
    checks: dict[str, CheckRule] = Field(default_factory=dict, description="Checks of layers/checks, by code")
    rule_kinds: dict[str, RuleKind] = Field(
        default_factory=dict, description="Kinds of the rule tables: also building, kerb, tree, railway"
    )
