"""Decides in which system delivered coordinates are, from what is declared and from the figures themselves.

Headers prove nothing: Chinese survey tables call the northing X. Every decision carries its evidence.
Source: coordinates notes sections 1, 2, 3 and 6; survey table notes section 4; docs/decisions.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np

from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.spatial.crs import (
    FOLLOWED_SHIFT,
    STORAGE,
    WRITTEN_SHIFT_SIGMA_M,
    CrsDecision,
    Displacement,
    Extent,
    FloatArray,
    How,
    has_written_shift,
    to_storage,
    told_of,
)
from xzgis.spatial.datum_words import MODERN_WORDS, forbidden_words, world_words
from xzgis.spatial.local_plane import local_m, local_source, north_is_first
from xzgis.spatial.meridian_words import contradiction, disagreement, told_meridians, unread_meridian
from xzgis.spatial.named_systems import authority_of, known_crs

# Systems tried on figures alone, and whether the city's own work may be in them without asking.
_OWN = {
    "EPSG:4548": "CGCS2000 / CM 117E",
    "EPSG:4527": "CGCS2000 / zone 39",
    "EPSG:4498": "CGCS2000 / 6°, zone 20",
}
_OTHER_MERIDIANS = {
    "EPSG:4547": "CGCS2000 / CM 114E",
    "EPSG:4549": "CGCS2000 / CM 120E",
    "EPSG:4526": "CGCS2000 / zone 38",
    "EPSG:4528": "CGCS2000 / zone 40",
}
_GEOGRAPHIC = {"EPSG:4490": "CGCS2000 lon/lat"}
_INSIDE_SHARE = 0.98
_MOSTLY_SHARE = 0.5
_TRIED_POINTS = 20_000
_CELL_M = 10_000.0
# No coordinate of any system is as large.
_LARGEST = 1e10
_LONGEST_SHOWN = 130

# System, whether the first figure is north, share of the points inside the city.
Fit = tuple[str, bool, float]

_ANY_DATUM = Words(
    "仅凭数值无法区分 CGCS2000 与西安80、北京54 或地方坐标系（相差可达上百米），请核对测量说明。",
    "Figures alone cannot tell CGCS2000 from Xian 80, Beijing 54 or a local grid (up to a hundred metres apart): "
    "compare the survey report.",
)
_MAY_BE_SHIFTED = Words(
    "经纬度可能来自高德/腾讯（GCJ-02）或百度（BD-09）地图，在徐州偏移约 540 m 或 1.2 km，仅凭数值无法判定，请确认来源。",
    "Longitude and latitude may come from Amap or Tencent (GCJ-02) or Baidu (BD-09): some 540 m or 1.2 km off in Xuzhou. "
    "Figures cannot tell; say where they come from.",
)

_EITHER_ORDER = Words(
    "按这个坐标系，两种轴序都落在本市，数值无法判定哪个是北：按第一坐标为北读取，请核对。",
    "In this system both orders of the axes lie in the city, so figures cannot tell which is north: the first was taken "
    "as north; make sure of it.",
)


@dataclass(frozen=True, slots=True)
class PlaceQuestion:
    """What is known before placing.

    ``first``, ``second``: ``(n,)`` delivered coordinates in their delivered order, NaN where missing.
    ``declared``: what the user says (``--crs``); ``attached``: what the files say (.prj, header, layer).
    ``words``: titles and notes of the files. ``displace``: lay data of another place over the city as
    displaced test data. ``axes_known``: the format fixes x = east, so the order is not in question.
    ``takes_shift``: the asker adds ``CrsDecision.sigma_m``, so parameters that a system carries may be followed.
    """

    first: FloatArray
    second: FloatArray
    declared: str | None = None
    attached: str | None = None
    words: str = ""
    displace: bool = False
    axes_known: bool = False
    takes_shift: bool = False


def place(question: PlaceQuestion, city: Extent) -> CrsDecision:
    """In which system the figures are; ``decided`` is None when a person must say it.

    Refuses a declared system whose figures lie outside the city, and datums that PROJ would fake.
    """
    known = np.isfinite(question.first) & np.isfinite(question.second)
    if not known.any():
        return CrsDecision(None, "asked", (Words("没有可用的坐标。", "There are no coordinates."),))
    figures = np.column_stack([question.first[known], question.second[known]])
    evidence = (_ranges(figures),)
    # Every system is tried on these: an even pick of many points decides as well as all of them.
    figures = figures[:: max(1, len(figures) // _TRIED_POINTS)]
    if question.displace:
        return _displaced(question, figures, city, evidence)
    named = question.declared or question.attached
    if named is not None:
        how: How = "given" if question.declared else "header"
        decision = _named(named, how, question, figures, city)
        return replace(decision, evidence=(*evidence, *decision.evidence))
    decision = _by_ranges(question, figures, city)
    return replace(decision, evidence=(*evidence, *decision.evidence))


def placed(decision: CrsDecision, first: FloatArray, second: FloatArray) -> FloatArray:
    """``(n, 2)`` east, north in the storage CRS by ``decision``; NaN where it is undecided or unknown."""
    pair = (second, first) if decision.swapped_axes else (first, second)
    xy = np.column_stack(pair).astype(np.float64)
    if decision.displaced is not None:
        shift_m = np.array([decision.displaced.east_m, decision.displaced.north_m])
        moved: FloatArray = local_m(xy, decision.displaced.source) + shift_m
        return moved
    if decision.decided is None:
        return np.full(xy.shape, np.nan)
    return to_storage(xy, decision.system or decision.decided, by_written_shift=decision.system is not None)


def _ranges(figures: FloatArray) -> Words:
    low, high = figures.min(axis=0), figures.max(axis=0)
    digits = 6 if np.abs(high).max() < 400 else 0
    first, second = (
        f"{told_figure(low[axis], digits)} – {told_figure(high[axis], digits)}" for axis in (0, 1)
    )
    return Words(
        f"第一坐标 {first}，第二坐标 {second}，共 {len(figures)} 点",
        f"first coordinate {first}, second {second}, {len(figures)} points",
    )


def told_figure(value: float, digits: int) -> str:
    """A coordinate for people; one that can be none, such as 1e300, without its three hundred digits."""
    return f"{value:.{digits}f}" if abs(value) < _LARGEST else f"{value:g}"


def _share_inside(figures: FloatArray, source: str, city: Extent, *, swapped: bool) -> float:
    xy = figures[:, ::-1] if swapped else figures
    if not _could_be(xy, source):
        return 0.0
    return float(city.holds(to_storage(np.ascontiguousarray(xy), source)).mean())


def _could_be(xy: FloatArray, source: str) -> bool:
    """Cheap look at the size of the figures before PROJ is asked."""
    east = np.median(np.abs(xy[:, 0]))
    if known_crs(source).is_geographic:
        return bool(np.abs(xy[:, 0]).max() <= 180 and np.abs(xy[:, 1]).max() <= 90)
    has_prefix = source in ("EPSG:4527", "EPSG:4526", "EPSG:4528", "EPSG:4498")
    return bool(east > 1e7) if has_prefix else bool(1e4 < east < 1e7)


def _by_ranges(question: PlaceQuestion, figures: FloatArray, city: Extent) -> CrsDecision:
    forbidden = forbidden_words(question.words)
    fits = _fitting(question, figures, city)
    if forbidden is not None:
        return CrsDecision(None, "asked", (forbidden,), candidates=tuple(system for system, _, _ in fits))
    if not fits:
        best = max(_every_fit(question, figures, city), key=lambda fit: fit[2])
        nearest = _fits(best[0], best[2], len(figures))
        return CrsDecision(None, "asked", (_nothing_fits(city), nearest))
    told = told_meridians(question.words)
    systems = tuple(dict.fromkeys(system for system, _, _ in fits))
    wrong = contradiction(told) or disagreement(told, systems)
    if wrong is not None:
        return CrsDecision(None, "asked", (wrong,), candidates=systems)
    # A meridian that the words name decides, also one that figures alone would have to be asked about.
    fits = [fit for fit in fits if all(one.agrees(fit[0]) for one in told)]
    own = [fit for fit in fits if told or fit[0] not in _OTHER_MERIDIANS]
    if not own:
        return _only_elsewhere(fits, _closest_own(question, figures, city), len(figures))
    system, swapped, share = own[0]
    evidence = [_fits(system, share, len(figures)), _order(swapped), *_as_written(one.said for one in told)]
    modern = MODERN_WORDS.search(question.words)
    if modern:
        evidence += _as_written([modern.group(0)])
    doubts = (
        None if modern else _ANY_DATUM,
        world_words(question.words),
        unread_meridian(question.words, told),
    )
    warnings = tuple(words for words in doubts if words is not None)
    if system in _GEOGRAPHIC:
        warnings = (*warnings, _MAY_BE_SHIFTED)
    return CrsDecision(system, "header" if modern else "ranges", tuple(evidence), swapped, warnings)


def _as_written(said: Iterable[str]) -> list[Words]:
    return [Words(f"文件写明“{one}”", f"the files say {one!r}") for one in dict.fromkeys(said)]


def _fitting(question: PlaceQuestion, figures: FloatArray, city: Extent) -> list[Fit]:
    """Every known system and axis order in which the figures lie in the city."""
    return [fit for fit in _every_fit(question, figures, city) if fit[2] >= _INSIDE_SHARE]


def _closest_own(question: PlaceQuestion, figures: FloatArray, city: Extent) -> Fit:
    """The city's own system in which the most of the figures lie in the city, be they ever so few."""
    return max((fit for fit in _every_fit(question, figures, city) if fit[0] in _OWN), key=lambda fit: fit[2])


def _every_fit(question: PlaceQuestion, figures: FloatArray, city: Extent) -> list[Fit]:
    orders = (False,) if question.axes_known else (True, False)
    return [
        (system, swapped, _share_inside(figures, system, city, swapped=swapped))
        for systems in (_OWN, _OTHER_MERIDIANS, _GEOGRAPHIC)
        for system in systems
        for swapped in orders
    ]


def _only_elsewhere(fits: list[Fit], own: Fit, tried: int) -> CrsDecision:
    system, swapped, share = fits[0]
    name = _OTHER_MERIDIANS[system]
    words = Words(
        f"这些坐标只有按 {system}（{name}）才落在本市范围内，按 117° 中央子午线则不在：疑为别的中央子午线的数据。"
        f"请确认后指定为 {system}。",
        f"Only as {system} ({name}) do these figures lie in the city, not with the central meridian 117°: probably data of "
        f"another meridian. Make sure, then name {system}.",
    )
    candidates = tuple(dict.fromkeys(fit[0] for fit in fits))
    evidence = (words, _fits(system, share, tried), _fits(own[0], own[2], tried), _order(swapped))
    return CrsDecision(None, "asked", evidence, swapped, candidates=candidates)


def _nothing_fits(city: Extent) -> Words:
    return Words(
        f"按任何已知坐标系和轴序，这些坐标都不在本市范围内（北 {city.north_min_m:.0f}–{city.north_max_m:.0f}，"
        f"东 {city.east_min_m:.0f}–{city.east_max_m:.0f}）：可能是地方坐标系或外地数据。请指定坐标系。",
        f"In no known system and axis order do these figures lie in the city (north {city.north_min_m:.0f}–"
        f"{city.north_max_m:.0f}, east {city.east_min_m:.0f}–{city.east_max_m:.0f}): a local grid, or data of another "
        "place. Name the system.",
    )


def _fits(system: str, share: float, tried: int) -> Words:
    name = {**_OWN, **_OTHER_MERIDIANS, **_GEOGRAPHIC}.get(system)
    called = Words(f"（{name}）", f" ({name})") if name else Words("", "")
    inside = round(share * tried)
    return Words(
        f"按 {system}{called.zh}，试算的 {tried} 点中有 {inside} 点（{share:.1%}）落在本市范围内",
        f"as {system}{called.en} {inside} of the {tried} points tried ({share:.1%}) lie in the city",
    )


def _order(swapped: bool) -> Words:
    if swapped:
        return Words(
            "第一坐标为北（测量习惯 X=北），已按（东，北）交换",
            "the first coordinate is north (survey habit X = north); swapped to east, north",
        )
    return Words("第一坐标为东", "the first coordinate is east")


def _named(named: str, how: How, question: PlaceQuestion, figures: FloatArray, city: Extent) -> CrsDecision:
    crs = known_crs(named)
    label = authority_of(named) or crs.to_string()
    orders = (False,) if question.axes_known else (True, False)
    shifted = question.takes_shift and has_written_shift(crs)
    shares = {
        turned: _share_named(figures, label, city, swapped=turned, shifted=shifted) for turned in orders
    }
    label, system = (told_of(crs), label) if shifted else (label, None)
    swapped = max(shares, key=lambda order: shares[order])
    share = shares[swapped]
    said = Words(
        "用户指定" if how == "given" else "文件自带",
        "given by the user" if how == "given" else "attached to the files",
    )
    # Most lie inside: the person may be right and some points wrong; the checks name them one by one.
    taken_in_doubt = how == "given" and _MOSTLY_SHARE < share < _INSIDE_SHARE
    fitting: tuple[str, ...] = ()
    if share < _INSIDE_SHARE:
        fitting = tuple(fit[0] for fit in _fitting(question, figures, city))
        if not taken_in_doubt:
            return _outside((shown(label), said), share, fitting, len(figures))
    warnings: tuple[Words, ...] = (_MAY_BE_SHIFTED,) if crs.is_geographic else ()
    if len(orders) > 1 and min(shares.values()) >= _INSIDE_SHARE:
        warnings = (_EITHER_ORDER, *warnings)
    if taken_in_doubt:
        warnings = (_partly_outside(shown(label), share, fitting, len(figures)), *warnings)
    if shifted:
        warnings = (FOLLOWED_SHIFT, *warnings)
    told = told_meridians(question.words)
    wrong = contradiction(told) or disagreement(told, (label if system is None else system,))
    if wrong is not None and how == "header":
        return CrsDecision(None, "asked", (wrong,), candidates=(label,))
    warnings = (
        *warnings,
        *(words for words in (wrong, forbidden_words(question.words)) if words is not None),
    )
    called = shown(label)
    evidence = (
        Words(f"{called}：{said.zh}", f"{called}: {said.en}"),
        _fits(called, share, len(figures)),
        _order(swapped),
    )
    sigma_m = WRITTEN_SHIFT_SIGMA_M * shifted
    return CrsDecision(label, how, evidence, swapped, warnings, system=system, sigma_m=sigma_m)


def shown(system: str) -> str:
    """What a system is called in a sentence: its code, or of one told in full its name."""
    return system if len(system) <= _LONGEST_SHOWN else known_crs(system).name[:_LONGEST_SHOWN]


def _share_named(figures: FloatArray, label: str, city: Extent, *, swapped: bool, shifted: bool) -> float:
    xy = np.ascontiguousarray(figures[:, ::-1] if swapped else figures)
    return float(city.holds(to_storage(xy, label, by_written_shift=shifted)).mean())


def _as_these(fitting: tuple[str, ...]) -> Words:
    if not fitting:
        return Words("", "")
    return Words(f"按 {'、'.join(fitting)} 则在。", f" They do as {', '.join(fitting)}.")


def _partly_outside(label: str, share: float, fitting: tuple[str, ...], tried: int) -> Words:
    """The doubt about a system that a person named and that holds most of the figures, not all."""
    outside, hint = tried - round(share * tried), _as_these(fitting)
    return Words(
        f"按指定的 {label}，试算的 {tried} 点中有 {outside} 点不在本市范围内：已按指定采用，请核对这些点或坐标系。{hint.zh}",
        f"As {label}, which was named, {outside} of the {tried} points tried lie outside the city: taken as named; "
        f"check those points, or the system.{hint.en}",
    )


def _outside(named: tuple[str, Words], share: float, fitting: tuple[str, ...], tried: int) -> CrsDecision:
    """A system that was named and does not hold the figures: its label, and how it is said who named it."""
    label, said = named
    hint = _as_these(fitting)
    words = Words(
        f"{label}（{said.zh}）下试算的 {tried} 点中只有 {round(share * tried)} 点（{share:.1%}）落在本市范围内，"
        f"未采用。{hint.zh}若确为外地的试验数据，"
        "只能作为批次导入：导入时选“外地试验数据”，整体平移到本市，并处处标明。",
        f"As {label} ({said.en}) only {round(share * tried)} of the {tried} points tried ({share:.1%}) lie in the city: "
        f"not taken.{hint.en} If this is test data of another place, import it as a batch and choose "
        "displaced test data there: it is moved as a whole onto the city and marked everywhere.",
    )
    return CrsDecision(None, "asked", (words,), candidates=(*fitting, label))


def _displaced(
    question: PlaceQuestion, figures: FloatArray, city: Extent, evidence: tuple[Words, ...]
) -> CrsDecision:
    named = question.declared or question.attached
    if named is None:
        needed = Words(
            "外地试验数据必须指明其自身的坐标系，才能按米平移。",
            "Displaced test data needs its own coordinate system to be moved in metres.",
            "--crs",
        )
        remedy = Words(
            "文件无需改动：指定其坐标系后重新读取",
            "The file is sound: name its coordinate system and read again",
        )
        raise Invalid(needed, faults=(Fault(("crs",), needed, remedy),))
    crs = known_crs(named)
    label = authority_of(named) or named
    swapped = not question.axes_known and north_is_first(crs, figures)
    figures = np.ascontiguousarray(figures[:, ::-1]) if swapped else figures
    source = local_source(label, figures)
    local = local_m(figures, source)
    # The corner of a 10 km cell, so that deliveries of one place keep their places to each other.
    corner = np.floor(np.median(local, axis=0) / _CELL_M) * _CELL_M + _CELL_M / 2
    shift = np.round(np.array([city.centre_east_m, city.centre_north_m]) - corner)
    moved = Displacement(source, float(shift[0]), float(shift[1]))
    told = Words(
        f"外地试验数据：以 {label} 的平面坐标（已换算为米）整体平移（东 {shift[0]:+.0f}，"
        f"北 {shift[1]:+.0f}）到本市，位置不具真实意义",
        f"displaced test data: plane coordinates of {label}, in metres, moved as a whole (east {shift[0]:+.0f}, "
        f"north {shift[1]:+.0f}) onto the city; the places mean nothing",
    )
    ordered = () if question.axes_known else (_order(swapped),)
    return CrsDecision(STORAGE, "displaced", (*evidence, told, *ordered), swapped, displaced=moved)
