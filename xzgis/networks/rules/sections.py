"""Section texts: ``300``, ``DN300``, ``φ300``, ``De110``, ``D219×6``, ``900X600`` and their kin."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import NetworkKind
from xzgis.networks.rules.numbers import NULL_TEXTS, has_other_digits, plain
from xzgis.networks.rules.units import LENGTHS_MM
from xzgis.networks.terms import Shape

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
Says = Literal["nominal", "outer", "inner", "walled", "open"]
# Of these a figure before × wall is the bore: GB/T 11836 tells concrete pipes by their inner diameter.
TOLD_BY_BORE = ("concrete", "masonry", "brick", "stone", "asbestos_cement", "ceramic")

# What these say is in millimetres by its meaning.
_IN_MILLIMETRES = ("dn", "de", "od", "id")
_TIMES = re.compile(r"[x×*✕╳]")
_PREFIX = re.compile(r"(dn|de|od|id|φ|ф|Φ|ø|∅|Ø|d)", re.IGNORECASE)
_LARGEST_MM = 20_000.0
# Longer names before those they end in: 厘米 before 米.
_UNITS = sorted(LENGTHS_MM.items(), key=lambda one: -len(one[0]))
# DN and De are millimetres by what they mean; φ says a diameter alone.
UNIT_TOLD = re.compile(rf"^(?:dn|de|od|id)|(?:{'|'.join(LENGTHS_MM)})$")
# Two figures this small are rows and columns of holes, not millimetres.
_LARGEST_HOLES = 30.0
_THINNEST_SHARE = 0.2
# How far beyond the usual widths of a kind a size must lie to be no size of it.
_FAR_BELOW, _FAR_ABOVE = 0.5, 2.0


@dataclass(frozen=True, slots=True)
class Section:
    """One section in millimetres. ``says``: what the figures are; ``wall_mm`` only where the text gives it.

    ``walled``: a diameter and its wall (``D219×6``), outer or inner by kind and material (:func:`settled`).
    ``bare``: two figures in millimetres or without a unit; of ducts the one may be their count.
    """

    shape: Shape
    width_mm: float
    height_mm: float
    says: Says = "nominal"
    wall_mm: float = np.nan
    bare: bool = False


@dataclass(frozen=True)
class Sections:
    """A column of sections: ``(n,)`` each. ``bad``: there is a text that cannot be understood."""

    shape: npt.NDArray[np.object_]
    width_mm: FloatArray
    height_mm: FloatArray
    says: npt.NDArray[np.object_]
    wall_mm: FloatArray
    bad: BoolArray
    bare: BoolArray


def parse_section(text: str) -> Section | None:
    """The section a text names, None when it names none.

    Two figures are width × height. ``D219×6`` (a diameter sign, the second figure small) is a
    diameter and the wall. Two figures up to 30 are an arrangement of holes and no size. Units: millimetres; figures may
    name another (``cm``, ``dm``, ``m``, 厘米 …).
    """
    if has_other_digits(text):
        return None
    told = plain(text).casefold().replace(" ", "")
    prefix = _PREFIX.match(told)
    sign = prefix.group(1) if prefix else ""
    body, factor = _without_unit(told[len(sign) :])
    # DN60 under 管径(cm): either DN or the unit is wrong.
    is_torn = sign in _IN_MILLIMETRES and factor != 1.0
    parts = _TIMES.split(body)
    if len(parts) == 2 and _PREFIX.match(parts[1]):
        return None
    figures = [_figure(part) for part in parts]
    if is_torn or any(figure is None for figure in figures) or len(figures) > 2:
        return None
    sizes = [figure * factor for figure in figures if figure is not None]
    if not all(0 < size <= _LARGEST_MM for size in sizes):
        return None
    if len(sizes) == 1:
        return Section(Shape.CIRCLE, sizes[0], sizes[0], _said(sign))
    section = _two_figures(sign, sizes[0], sizes[1])
    return None if section is None else replace(section, bare=not sign and factor == 1.0)


def _two_figures(sign: str, first: float, second: float) -> Section | None:
    if sign == "id" and second < first * _THINNEST_SHARE:
        return Section(Shape.CIRCLE, first, first, "inner", second)
    if sign and sign != "dn" and second < first * _THINNEST_SHARE:
        return Section(Shape.CIRCLE, first, first, _said(sign) if sign in ("de", "od") else "walled", second)
    is_layout = max(first, second) <= _LARGEST_HOLES
    # 219X6 without a sign may be diameter and wall: nobody can tell.
    may_be_wall = second <= _LARGEST_HOLES and second < first * _THINNEST_SHARE
    if sign or is_layout or may_be_wall:
        return None
    return Section(Shape.RECTANGLE, first, second)


def _said(sign: str) -> Says:
    if sign in ("de", "od"):
        return "outer"
    return "inner" if sign == "id" else "nominal"


def _without_unit(text: str) -> tuple[str, float]:
    for unit, factor in _UNITS:
        if text.endswith(unit):
            return text.removesuffix(unit).replace(unit, ""), factor
    return text, 1.0


def _figure(text: str) -> float | None:
    return float(text) if re.fullmatch(r"\d+(\.\d+)?", text) else None


def parse_sections(column: pd.Series) -> Sections:
    """Sections of a text column; ``0`` and the null texts are unknown, not bad."""
    codes, texts = pd.factorize(column)
    found: list[Section | None] = []
    bad: list[bool] = []
    for text in texts:
        told = plain(str(text)).casefold()
        says_nothing = told in NULL_TEXTS or re.fullmatch(r"-?0+(\.0+)?|-9999|-1", told) is not None
        section = None if says_nothing else parse_section(told)
        found.append(section)
        bad.append(section is None and not says_nothing)
    found.append(None)
    bad.append(False)
    return Sections(
        shape=np.array([None if s is None else s.shape.value for s in found], dtype=object)[codes],
        width_mm=np.array([np.nan if s is None else s.width_mm for s in found])[codes],
        height_mm=np.array([np.nan if s is None else s.height_mm for s in found])[codes],
        says=np.array(["nominal" if s is None else s.says for s in found], dtype=object)[codes],
        wall_mm=np.array([np.nan if s is None else s.wall_mm for s in found])[codes],
        bad=np.array(bad)[codes],
        bare=np.array([s is not None and s.bare for s in found], dtype=np.bool_)[codes],
    )


def settled(
    says: npt.NDArray[np.object_], kind: pd.Series, material: pd.Series, kinds: Mapping[str, NetworkKind]
) -> npt.NDArray[np.object_]:
    """``(n,)`` ``says`` with every ``walled`` one told: of what the diameter before ``× wall`` is.

    Of pressure pipes the outer one (``D219×6``). Of gravity sewers of concrete and brick the inner one
    (``d1000×100``). Of other sewers, of concrete under pressure and of unknown kinds either: ``open``.
    """
    walled = np.asarray(says == "walled", dtype=np.bool_)
    if not walled.any():
        return says
    gravity = kind.map({token: entry.flow == "gravity" for token, entry in kinds.items()})
    by_bore = material.isin(TOLD_BY_BORE).to_numpy(np.bool_)
    is_gravity = gravity.eq(True).to_numpy(np.bool_)
    either = is_gravity | by_bore | gravity.isna().to_numpy(np.bool_)
    result = says.copy()
    result[walled] = "outer"
    result[walled & either] = "open"
    result[walled & is_gravity & by_bore] = "inner"
    return result


def believable_mm(kind: NetworkKind) -> tuple[float, float]:
    """Least and largest figure that may be a size of a line of ``kind`` in millimetres."""
    least, most = kind.plausible_outer_width_mm
    return least * _FAR_BELOW, most * _FAR_ABOVE


def odd_sizes(
    width_mm: FloatArray, height_mm: FloatArray, kind: pd.Series, kinds: Mapping[str, NetworkKind]
) -> BoolArray:
    """``(n,)`` sizes far outside the widths of their kind: metres or centimetres written as millimetres."""
    widths = {token: believable_mm(entry) for token, entry in kinds.items()}
    number, tokens = pd.factorize(kind)
    # No kind: anything above a millimetre may be.
    bounds = [widths.get(str(token)) for token in tokens]
    least = np.array([*(1.0 if one is None else one[0] for one in bounds), 1.0])[number]
    most = np.array([*(np.inf if one is None else one[1] for one in bounds), np.inf])[number]
    odd: BoolArray = (np.fmin(width_mm, height_mm) < least) | (np.fmax(width_mm, height_mm) > most)
    return odd
