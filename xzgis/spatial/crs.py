"""The storage CRS and the way in and out of it.

Storage is EPSG:4548 (CGCS2000, 3 degrees, central meridian 117 E, metres, east first). Transformers are
built with ``always_xy=True``. PROJ silently fakes unknown datum changes by copying latitude and longitude
("ballpark"); those are refused, and so is the same no-op written into the system itself: a bound CRS whose
shift is nothing (TOWGS84 of zeros, nadgrids=@null). Source: docs/decisions, coordinates notes section 3 (run
on PROJ 9.5.1).
"""

import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
from pyproj import CRS, Geod, Transformer
from pyproj.exceptions import ProjError
from pyproj.transformer import TransformerGroup

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.named_systems import known_crs

FloatArray = npt.NDArray[np.float64]
How = Literal["given", "header", "ranges", "extent", "asked", "displaced"]

STORAGE = "EPSG:4548"
GEOGRAPHIC = "EPSG:4490"


@dataclass(frozen=True, slots=True)
class Displacement:
    """A delivery of another place laid over the city as displaced test data.

    Local metres of ``source`` (east, north) plus ``east_m, north_m`` give the storage CRS. It is no
    coordinate operation and says so wherever the batch is shown.
    """

    source: str
    east_m: float
    north_m: float


@dataclass(frozen=True, slots=True)
class CrsDecision:
    """In which system the delivered coordinates are, how that was decided, and on what evidence.

    ``decided`` is None when a person must say it; then nothing is placed. ``swapped_axes`` is True when
    the first delivered coordinate is the northing. ``warnings`` cannot be settled by figures alone. ``system`` is what
    the figures are placed by where ``decided`` may not say it: parameters between a datum and CGCS2000 are secret, so
    they are told nowhere and kept nowhere. ``sigma_m`` is what the change of datum adds to the accuracy in plan.
    """

    decided: str | None
    how: How
    evidence: tuple[Words, ...] = ()
    swapped_axes: bool = False
    warnings: tuple[Words, ...] = ()
    displaced: Displacement | None = None
    candidates: tuple[str, ...] = ()
    height_datum: str = "unknown"
    extra: Mapping[str, Any] = field(default_factory=dict)
    system: str | None = None
    sigma_m: float = 0.0

    def as_json(self) -> dict[str, Any]:
        """The decision as kept with the batch and printed by ``xzgis import --json``."""
        told: dict[str, Any] = {
            "decided": self.decided,
            "how": self.how,
            "evidence": [str(words) for words in self.evidence],
            "evidence_en": [words.en for words in self.evidence],
            "warnings": [str(words) for words in self.warnings],
            "warnings_en": [words.en for words in self.warnings],
            "swapped_axes": self.swapped_axes,
            "height_datum": self.height_datum,
        }
        if self.displaced is not None:
            told["displaced"] = {
                "source": self.displaced.source,
                "east_m": self.displaced.east_m,
                "north_m": self.displaced.north_m,
            }
        if self.sigma_m:
            told["sigma_m"] = self.sigma_m
        if self.candidates:
            told["candidates"] = list(self.candidates)
        return told


@dataclass(frozen=True, slots=True)
class Extent:
    """The plausible envelope of the city: degrees of CGCS2000 and metres of the storage CRS."""

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

    def holds(self, xy_m: FloatArray) -> npt.NDArray[np.bool_]:
        """``(n,)`` whether the points ``(n, 2)`` of the storage CRS lie inside; unknown ones do not."""
        east, north = xy_m[:, 0], xy_m[:, 1]
        inside = (east >= self.east_min_m) & (east <= self.east_max_m)
        return inside & (north >= self.north_min_m) & (north <= self.north_max_m)


class FakedDatum(Invalid):
    """PROJ knows no true operation between two datums and would copy latitude and longitude."""


# Their relation to CGCS2000 is known to the city's surveying institute alone, and secret.
_SECRET_DATUMS = ("beijing 1954", "new beijing", "xian 1980")
# Equal to CGCS2000 within decimetres: no operation is needed (coordinates notes, section 3, rule 1).
_SAME_AS_STORAGE = (
    "world geodetic system 1984",
    "wgs 84",
    "wgs_1984",
    "wgs84",
    "china 2000",
    "cgcs2000",
    "china_2000",
)
# Semi-major axes of Beijing 54 (Krasovsky 1940) and Xian 80 (IAG 1975): a file that names the datum otherwise,
# or not at all, is on it all the same.
_SECRET_SEMI_MAJOR_M = (6_378_245.0, 6_378_140.0)
_WORLD_SEMI_MAJOR_M = 6_378_137.0
_WORLD_INVERSE_FLATTENING = (298.25, 298.26)
_SAME_AXIS_M = 0.5
# A file with seven parameters of its own says neither where they were fitted nor how well. EPSG publishes 19 such sets
# from datums on Krasovsky 1940 to WGS 84, good to 1 to 15 m; those of Beijing 1954 to 10 and 15 m: the worst of them.
WRITTEN_SHIFT_SIGMA_M = 15.0
FOLLOWED_SHIFT = Words(
    f"坐标系自带七参数，来源与精度不明：按所带参数转换，平面精度另计 σ = {WRITTEN_SHIFT_SIGMA_M:g} m（EPSG 同类参数中最差者）。"
    "参数可能涉密，结果中不予显示；请由测绘主管部门转换为 CGCS2000 后重交，以取得可用的精度。",
    "The system carries seven parameters of unknown origin and accuracy: they were followed, and sigma "
    f"{WRITTEN_SHIFT_SIGMA_M:g} m (the worst that EPSG gives for such sets) was added in plan. They may be secret and are not "
    "shown; have the surveying authority convert the data to CGCS2000 for an accuracy that serves.",
)
# The largest parameters among those sets, rounded up (metres; arc seconds or parts per million).
_LARGEST_SHIFT_M, _LARGEST_TURN = 1000.0, 30.0
_SEVEN = 7
# What a true shift moves a place of the city by, beyond copied latitude and longitude; longitude and latitude of that place.
_MOVES_M = (10.0, 300.0)
_HERE = (117.2, 34.3)
# A shift below these, in metres and in arc seconds or parts per million, is none.
_NO_SHIFT_M = 1.0
_NO_TURN = 1e-3


def to_storage(xy: FloatArray, source: str, *, by_written_shift: bool = False) -> FloatArray:
    """``(n, 2)`` east, north (or lon, lat) of ``source`` → ``(n, 2)`` east, north of the storage CRS.

    Refuses with :class:`FakedDatum` where only a ballpark operation exists; NaN stays NaN. Figures of the
    storage CRS itself come back untouched, to the last digit. ``by_written_shift``: follow seven parameters that a system
    on an old datum carries (:func:`has_written_shift`); only who adds ``WRITTEN_SHIFT_SIGMA_M`` to the accuracy asks so.
    """
    if source == STORAGE:
        return xy
    return _moved(xy, _steps(source, STORAGE, by_written_shift))


def from_storage(xy_m: FloatArray, target: str) -> FloatArray:
    """``(n, 2)`` east, north of the storage CRS → east, north (or lon, lat) of ``target``; see :func:`to_storage`."""
    return _moved(xy_m, _steps(STORAGE, target))


def _moved(xy: FloatArray, steps: tuple[Transformer, ...]) -> FloatArray:
    first, second = np.array(xy[:, 0], dtype=np.float64), np.array(xy[:, 1], dtype=np.float64)
    known = np.isfinite(first) & np.isfinite(second)
    east, north = first[known], second[known]
    for step in steps:
        east, north = step.transform(east, north)
    moved = np.full((len(first), 2), np.nan)
    moved[known, 0], moved[known, 1] = east, north
    moved[~np.isfinite(moved).all(axis=1)] = np.nan
    return moved


@lru_cache(maxsize=64)
def _steps(source: str, target: str, by_written_shift: bool = False) -> tuple[Transformer, ...]:
    """Transformers applied in turn. WGS 84 and CGCS2000 count as one datum, so the change between is no step."""
    first, last = known_crs(source), known_crs(target)
    if by_written_shift and has_written_shift(first):
        return (_best(first, CRS.from_epsg(4326), source), *_from_world(last, target))
    return (*_to_world(first, source), *_from_world(last, target))


def has_written_shift(crs: CRS) -> bool:
    """Whether a system on a datum without a public operation carries seven parameters that may be true ones.

    Three alone are a shift of somewhere else as often as of here, and zeros are the copy in disguise: both stay refused.
    """
    parts = _bound_parts(crs)
    return _on_secret_datum(crs) and bool(parts) and all(_is_true_shift(part) for part in parts)


def told_of(crs: CRS) -> str:
    """What a system with a shift of its own is called: its datum, and none of its parameters."""
    shape = crs.ellipsoid
    ellipsoid = "unknown" if shape is None else shape.name[:40]
    return f"7-parameter shift, {_shown_datum(crs)[:60]}, {ellipsoid}"


def _is_true_shift(bound: CRS) -> bool:
    operation = bound.coordinate_operation
    parameters = () if operation is None else tuple(operation.params)
    if len(parameters) != _SEVEN:
        return False
    for parameter in parameters:
        value: float | str = parameter.value
        if isinstance(value, str):
            return False
        largest = _LARGEST_SHIFT_M if parameter.unit_name == "metre" else _LARGEST_TURN
        if not abs(value) <= largest:
            return False
    turns = [float(one.value) for one in parameters if one.unit_name != "metre"]
    return any(abs(turn) > _NO_TURN for turn in turns) and _MOVES_M[0] <= _moves_m(bound) <= _MOVES_M[1]


def _moves_m(bound: CRS) -> float:
    """How far the shift moves a place of the city from where copied latitude and longitude would put it."""
    world = CRS.from_epsg(4326)
    there = _group(bound, world).transformers
    plain = bound.source_crs
    if not there or plain is None or plain.geodetic_crs is None:
        return float("inf")
    lon, lat = _HERE
    figures = Transformer.from_crs(plain.geodetic_crs, plain, always_xy=True).transform(lon, lat)
    moved = there[0].transform(*figures)
    return float(Geod(ellps="WGS84").inv(lon, lat, *moved)[2])


def _is_world(crs: CRS) -> bool:
    """Whether the datum is CGCS2000 or WGS 84 by name, by ellipsoid, and without a shift written beside it."""
    if _shifted(crs) or not _on_world_ellipsoid(crs):
        return False
    name = _datum_name(crs).casefold()
    return any(same in name for same in _SAME_AS_STORAGE)


def _datum_name(crs: CRS) -> str:
    datum = crs.geodetic_crs.datum if crs.geodetic_crs is not None else None
    return datum.name if datum is not None else "unknown"


def _shown_datum(crs: CRS) -> str:
    """The name of the datum without the parameters that PROJ puts into the name of one that has none."""
    return _datum_name(crs).partition("using towgs84")[0].partition("using nadgrids")[0].strip()


def _on_world_ellipsoid(crs: CRS) -> bool:
    shape = crs.ellipsoid
    if shape is None or abs(shape.semi_major_metre - _WORLD_SEMI_MAJOR_M) > _SAME_AXIS_M:
        return False
    low, high = _WORLD_INVERSE_FLATTENING
    # The sphere of web mercator (inverse flattening 0) copies latitudes of the ellipsoid on purpose.
    return low <= shape.inverse_flattening <= high or shape.inverse_flattening == 0


def _bound_parts(crs: CRS) -> tuple[CRS, ...]:
    """The systems inside ``crs`` (the plane one of a compound) that carry a shift of their own."""
    parts = crs.sub_crs_list if crs.is_compound else [crs]
    return tuple(part for part in parts if part.is_bound and part.geodetic_crs is not None)


def _shifted(crs: CRS) -> bool:
    """Whether a shift that does something is written beside the system."""
    return any(not _null_shift(part) for part in _bound_parts(crs))


def _null_shift(bound: CRS) -> bool:
    """Whether the shift of a bound CRS leaves the figures as they are: zeros, or a grid that may be missing."""
    operation = bound.coordinate_operation
    if operation is None:
        return True
    for parameter in operation.params:
        value: float | str = parameter.value
        if isinstance(value, str):
            # "@name" lets PROJ go on without the grid; "null" is the grid of zeros.
            return "@" in value or "null" in value.casefold()
        if abs(value) > (_NO_SHIFT_M if parameter.unit_name == "metre" else _NO_TURN):
            return False
    return True


def _is_faked(crs: CRS) -> bool:
    """Whether a change to CGCS2000 would be made up: a secret datum by name or ellipsoid, or a shift of nothing."""
    if _on_secret_datum(crs):
        return True
    return not _on_world_ellipsoid(crs) and any(_null_shift(part) for part in _bound_parts(crs))


def _on_secret_datum(crs: CRS) -> bool:
    """Whether the datum is one whose relation to CGCS2000 is secret, by its name or by its ellipsoid."""
    if any(secret in _datum_name(crs).casefold() for secret in _SECRET_DATUMS):
        return True
    shape = crs.ellipsoid
    return shape is not None and any(
        abs(shape.semi_major_metre - secret_m) < _SAME_AXIS_M for secret_m in _SECRET_SEMI_MAJOR_M
    )


def _to_world(crs: CRS, name: str) -> tuple[Transformer, ...]:
    if _is_world(crs):
        return () if crs.is_geographic else (_within(crs, _geodetic(crs)),)
    return (_sound(crs, CRS.from_epsg(4326), name),)


def _from_world(crs: CRS, name: str) -> tuple[Transformer, ...]:
    if _is_world(crs):
        return () if crs.is_geographic else (_within(_geodetic(crs), crs),)
    return (_sound(CRS.from_epsg(4326), crs, name),)


def _geodetic(crs: CRS) -> CRS:
    geodetic = crs.geodetic_crs
    if geodetic is None:
        raise Invalid(Words("该坐标系没有大地基准。", "This coordinate system has no geodetic datum."))
    return geodetic.to_2d() if hasattr(geodetic, "to_2d") else geodetic


def _within(source: CRS, target: CRS) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True, allow_ballpark=False)


def _sound(source: CRS, target: CRS, name: str) -> Transformer:
    """The best true operation between two datums."""
    foreign = source if not _is_world(source) else target
    if _is_faked(foreign):
        raise _faked(name, _shown_datum(foreign))
    return _best(source, target, name)


def _best(source: CRS, target: CRS, name: str) -> Transformer:
    """The best operation that PROJ knows between two datums; refused where it knows none."""
    datum_name = _shown_datum(source if not _is_world(source) else target)
    try:
        group = _group(source, target)
        if not group.transformers:
            raise _faked(name, datum_name)
        return group.transformers[0]
    except ProjError as none:
        raise _faked(name, datum_name) from none


def _group(source: CRS, target: CRS) -> TransformerGroup:
    with warnings.catch_warnings():
        # PROJ's word on a better operation whose grid is not here names a folder of this machine.
        warnings.simplefilter("ignore", UserWarning)
        return TransformerGroup(source, target, always_xy=True, allow_ballpark=False)


def second_best(name: str) -> Words | None:
    """What is to be said when the best known operation from ``name`` needs a grid that is not here; else None."""
    crs = known_crs(name)
    if _is_world(crs):
        return None
    group = _group(crs, CRS.from_epsg(4326))
    if group.best_available or not group.transformers:
        return None
    accuracy_m = group.transformers[0].accuracy
    off = Words(f"约 {accuracy_m:g} m", f"about {accuracy_m:g} m")
    off = off if accuracy_m > 0 else Words("不详", "unknown")
    return Words(
        f"本机没有 {name[:60]} 最精确转换所需的格网，改用次一级转换，精度{off.zh}",
        f"the grid of the best operation from {name[:60]} is not here; the next best was used, accuracy {off.en}",
    )


def _faked(name: str, datum: str) -> FakedDatum:
    return FakedDatum(
        Words(
            f"坐标系 {name[:60]}（基准 {datum}）与 CGCS2000 之间没有公开的真实转换：PROJ 只会照抄经纬度，误差可达几十至上百米，"
            "故拒绝。请由测绘主管部门转换为 CGCS2000（EPSG:4548）后再交。",
            f"There is no public true operation between {name[:60]} (datum {datum}) and CGCS2000: PROJ would copy latitude "
            "and longitude, tens of metres off. Refused. Have the surveying authority convert it to CGCS2000 (EPSG:4548).",
        )
    )
