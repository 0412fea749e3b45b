"""Shapes of the register's answers and requests. Geometry is GeoJSON form in EPSG:4548, named in ``crs``."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

import shapely
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field
from shapely import Polygon, box
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from xzgis.core.errors import Fault, Invalid
from xzgis.core.mistakes import Unacceptable
from xzgis.core.words import Language, Words
from xzgis.networks.queries.history import Version, Wanted
from xzgis.networks.queries.lookup import Hit
from xzgis.networks.queries.summary import CoverageRow, KindHolding, Share, Summary
from xzgis.spatial.typed import TypedPlace

CRS: Literal["EPSG:4548"] = "EPSG:4548"
DEEPEST = 4
LARGEST_M = 1e8
OWN_FIELDS = {
    "object_id", "version_id", "kind", "owner", "life_state", "true_from", "true_to", "known_from", "known_to",
    "batch_id", "accuracy_class", "sigma_plan_m", "sigma_level_m", "surveyed_on", "attributes",
}  # fmt: skip
PrintedText = Annotated[str, Field(max_length=500, pattern=r"^[^\x00-\x1f\x7f]*$")]

Box = Annotated[str | None, Field(max_length=120, description="east,north,east,north in EPSG:4548, metres")]


def read_box(text: str | None) -> Polygon | None:
    """The box of four numbers; None when none is asked for."""
    if text is None:
        return None
    words = Words(
        "bbox 要写成四个数，以半角逗号分隔：东、北、东、北（米）。",
        "bbox is four numbers: east,north,east,north (metres).",
    )
    fault = Fault(("query", "bbox"), words)
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError as error:
        raise Invalid(words, faults=(fault,)) from error
    if not (
        all(abs(number) < LARGEST_M for number in (west, south, east, north))
        and west < east
        and south < north
    ):
        raise Invalid(words, faults=(fault,))
    return box(west, south, east, north)


class RunQuery(BaseModel):
    """Which runs a list shows."""

    model_config = ConfigDict(extra="forbid")

    kind: list[PrintedText] = Field(default=[], max_length=50)
    bbox: Box = None
    owner: PrintedText | None = None
    accuracy_class: PrintedText | None = None
    road: PrintedText | None = None
    batch_id: int | None = Field(default=None, ge=1, le=2**63 - 1)
    known_at: AwareDatetime | None = Field(
        default=None, description="As it was known then; now when left out"
    )
    true_on: date | None = Field(default=None, description="As it stood in the ground on this day")
    after: str | None = Field(default=None, max_length=300, description="Mark of the next page")
    limit: int = Field(default=50, ge=1, le=200)

    def wanted(self) -> Wanted:
        """The filters of the list."""
        return Wanted(
            kinds=tuple(self.kind),
            owner=self.owner,
            accuracy_class=self.accuracy_class,
            batch_id=self.batch_id,
            road=self.road,
            within=read_box(self.bbox),
            known_at=self.known_at,
            true_on=self.true_on,
        )


class RecordOut(BaseModel):
    """One version of a run or node. ``facts`` holds the other columns by name, the unit at the end of the name."""

    crs: Literal["EPSG:4548"] = CRS
    object_id: int
    version_id: int
    kind: str
    owner: str | None
    life_state: str
    true_from: date | None
    true_to: date | None
    known_from: datetime
    known_to: datetime | None
    batch_id: int | None
    batch_name: str | None
    is_displaced: bool
    is_invented: bool
    accuracy_class: str
    sigma_plan_m: float
    sigma_level_m: float
    surveyed_on: date | None
    geometry: dict[str, Any]
    facts: dict[str, Any]
    attributes: dict[str, Any]

    @classmethod
    def of(cls, version: Version) -> "RecordOut":
        """The answer for a version."""
        columns = version.columns
        own = {name: columns.get(name) for name in OWN_FIELDS}
        own["attributes"] = columns.get("attributes") or {}
        facts = {name: value for name, value in columns.items() if name not in OWN_FIELDS}
        names = ("batch_name", "is_displaced", "is_invented", "geometry")
        told = {name: getattr(version, name) for name in names}
        return cls.model_validate({**own, **told, "facts": facts})


class RecordPage(BaseModel):
    """Records, and the mark under which the next page is asked for; None: no more."""

    items: list[RecordOut]
    after: str | None


class HitOut(BaseModel):
    """One thing found by name."""

    what: Literal["road", "owner", "node", "run"]
    object_id: int | None
    kind: str | None
    label: str
    geometry: dict[str, Any]


class PlaceOut(BaseModel):
    """A place that was typed as two numbers, and how they were understood."""

    east_m: float
    north_m: float
    understood: str


class SearchOut(BaseModel):
    """What a search found."""

    crs: Literal["EPSG:4548"] = CRS
    place: PlaceOut | None
    hits: list[HitOut]

    @classmethod
    def of(cls, place: TypedPlace | None, hits: list[Hit], language: Language) -> "SearchOut":
        """The answer for a place or for hits."""
        found = None
        if place is not None:
            understood = place.words.spoken(language)
            found = PlaceOut(east_m=place.east_m, north_m=place.north_m, understood=understood)
        return cls(
            place=found,
            hits=[
                HitOut(
                    what=hit.what,
                    object_id=hit.object_id,
                    kind=hit.kind,
                    label=hit.label,
                    geometry=hit.geometry,
                )
                for hit in hits
            ],
        )


class ShareOut(BaseModel):
    """A part of the register; ``name`` None stands for unknown."""

    model_config = ConfigDict(from_attributes=True)

    name: str | None
    runs: int
    length_m: float


class KindOut(BaseModel):
    """What the register holds of one kind."""

    model_config = ConfigDict(from_attributes=True)

    kind: str
    runs: int
    nodes: int
    length_m: float
    length_without_level_m: float
    covered_m2: float


class SummaryOut(BaseModel):
    """What the register holds."""

    kinds: list[KindOut]
    by_owner: list[ShareOut]
    by_accuracy: list[ShareOut]
    by_age: list[ShareOut]
    by_state: list[ShareOut]

    @classmethod
    def of(cls, found: Summary) -> "SummaryOut":
        """The answer for a summary."""

        def shares(parts: tuple[Share, ...]) -> list[ShareOut]:
            return [ShareOut.model_validate(part) for part in parts]

        def kind(one: KindHolding) -> KindOut:
            return KindOut.model_validate(one)

        return cls(
            kinds=[kind(one) for one in found.kinds],
            by_owner=shares(found.by_owner),
            by_accuracy=shares(found.by_accuracy),
            by_age=shares(found.by_age),
            by_state=shares(found.by_state),
        )


class CoverageOut(BaseModel):
    """Where somebody looked for a kind; one version of it."""

    model_config = ConfigDict(from_attributes=True)

    crs: Literal["EPSG:4548"] = CRS
    object_id: int
    version_id: int
    kind: str
    area: dict[str, Any]
    area_m2: float
    surveyed_on: date | None
    surveyed_by: str | None
    method: str | None
    quality: str | None
    batch_id: int | None
    note: str | None
    known_from: datetime
    known_to: datetime | None

    @classmethod
    def of(cls, row: CoverageRow) -> "CoverageOut":
        """The answer for one coverage."""
        return cls.model_validate(row)


def _flat(numbers: Any, depth: int = 0) -> Any:
    """Nested coordinates, refused when deeper than a multipolygon's."""
    if isinstance(numbers, list):
        if depth >= DEEPEST:
            raise Unacceptable(Words("坐标嵌套太深。", "The coordinates are nested too deeply."))
        for part in numbers:
            _flat(part, depth + 1)
    elif isinstance(numbers, bool) or not isinstance(numbers, int | float):
        raise Unacceptable(Words("坐标须是数字。", "A coordinate is not a number."))
    return numbers


class AreaIn(BaseModel):
    """A polygon or multipolygon in GeoJSON form, east and north in EPSG:4548."""

    model_config = ConfigDict(extra="forbid")

    type: Literal["Polygon", "MultiPolygon"]
    coordinates: Annotated[list[Any], AfterValidator(_flat)]

    def to_shape(self) -> BaseGeometry:
        """The shape, as it was sent."""
        try:
            made: BaseGeometry = shape({"type": self.type, "coordinates": self.coordinates})
            return made
        except (ValueError, TypeError, IndexError, shapely.errors.ShapelyError) as error:
            words = Words("面的坐标写法不对。", "The coordinates do not make a polygon.")
            raise Invalid(words, faults=(Fault(("body", "area"), words),)) from error


class CoverageIn(BaseModel):
    """A coverage as it is drawn or changed; what is left out of a change stays as it was."""

    model_config = ConfigDict(extra="forbid")

    area: AreaIn
    kind: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,60}$")] | None = None
    surveyed_on: date | None = None
    surveyed_by: PrintedText | None = None
    method: PrintedText | None = None
    quality: PrintedText | None = None
    note: PrintedText | None = None

    def facts(self) -> dict[str, Any]:
        """The facts that were sent."""
        return self.model_dump(exclude={"area"}, exclude_unset=True)
