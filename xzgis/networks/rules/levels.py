"""Crown and bottom of the outer envelope from what crews record: depth or level, to a reference, of a section.

What a recorded depth is measured to (CJJ 61-2017, reference notes on survey tables, section 5): gravity sewers
and channels to the inner bottom, pressure pipes and cables to the outer crown, duct banks to the outer top.
Unknown stays NaN; what was assumed is told and widens the standard deviation.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.rules import size_row, sizes_by_name
from xzgis.catalogue.rules.envelopes import SizesByName
from xzgis.catalogue.terms import NetworkKind, OuterSize
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.ducts import is_no_wall, pieces, widest_mm
from xzgis.networks.rules.sections import settled
from xzgis.networks.rules.told_beside import is_cased
from xzgis.networks.rules.whole_sizes import is_in_tunnel, is_of_a_part

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

MM_PER_M = 1000.0
_HEAT = "heat"
# Walls of PE and PVC pipes as shares of their outer size: SDR 41 to SDR 9 (GB/T 13663.2, GB/T 10002.1, recalled).
_PLASTIC_WALLS = 1.0 / 41.0, 1.0 / 9.0
# No pipe has a wall thinner than this share of its bore: 4 mm of steel DN500 (own choice, thin).
_THINNEST_SHARE = 0.008
FROM_BELOW = ("invert", "inner_bottom", "outer_bottom")
FROM_ABOVE = ("crown", "outer_top", "inner_top")
# Of a line in a tunnel nobody knows whether its depth goes to the pipe or to the floor: both readings are held.
IN_TUNNELS = "inner_bottom"
_INSIDE = ("invert", "inner_bottom", "inner_top")


@dataclass(frozen=True)
class Envelopes:
    """Outer envelopes of n lines, millimetres; NaN where the size is unknown.

    ``spread_mm``: by how much the wall may be off. ``assumed``: the outer size is not what was delivered.
    ``is_open``: the figure told may be the outer or the inner size; the spread reaches from the one to the other.
    ``pieces``: of how many ducts or pipes it is the bounds, 0 of one; their sizes are the middle of the bounds.
    ``is_part``: the figure is of what lies inside, the size unknown; the wall is that of the channel.
    """

    width_mm: FloatArray
    height_mm: FloatArray
    wall_mm: FloatArray
    spread_mm: FloatArray
    assumed: BoolArray
    pieces: FloatArray
    is_open: BoolArray
    is_part: BoolArray

    def told_spread_mm(self) -> FloatArray:
        """``(n,)`` by how much the outer size may be off; nothing where there is none."""
        return np.where(np.isfinite(self.width_mm), 2.0 * np.nan_to_num(self.spread_mm), 0.0)


@dataclass(frozen=True)
class EndLevels:
    """Levels of the outer envelope at one end of n lines, metres; NaN where unknown."""

    crown_m: FloatArray
    bottom_m: FloatArray


def outer_envelopes(
    lines: pd.DataFrame,
    *,
    kinds: Mapping[str, NetworkKind],
    sizes: Sequence[OuterSize],
    says: ObjectArray,
    given_wall_mm: FloatArray,
) -> Envelopes:
    """Outer sizes of ``lines`` (``kind material burial shape nominal_width_mm nominal_height_mm``).

    ``says`` ``(n,)``: what the delivered figures are (``nominal outer inner walled``); ``given_wall_mm`` where the
    section text gives the wall.
    """
    says = settled(says, lines["kind"], lines["material"], kinds)
    width = lines["nominal_width_mm"].to_numpy(np.float64)
    height = lines["nominal_height_mm"].to_numpy(np.float64)
    count = pieces(lines, given_wall_mm)
    counted = count > 0
    is_part = is_of_a_part(lines, count) | is_cased(lines)
    # What is told of the pipe inside says nothing of the wall round it.
    says = np.where(is_part, "nominal", says)
    no_wall = counted | is_part | is_no_wall(given_wall_mm, width)
    walls = _walls(lines, sizes, kinds, says, np.where(no_wall, np.nan, given_wall_mm), is_steel=no_wall)
    wall_mm, grown, spread = walls[:3]
    outer_width, outer_height = width + 2 * grown, height + 2 * grown
    if counted.any():
        off_mm = 2 * np.nan_to_num(spread)
        least = np.fmax(width, outer_width - off_mm)
        most = np.maximum(widest_mm(outer_width, count, lines, kinds), outer_width + off_mm)
        outer_width = np.where(counted, (least + most) / 2, outer_width)
        outer_height = np.where(counted, (least + most) / 2, outer_height)
        # The half of it: a spread is told of one side.
        spread = np.where(counted, (most - least) / 4, spread)
    outer_width, outer_height = (np.where(is_part, np.nan, one) for one in (outer_width, outer_height))
    is_open = np.asarray(says == "open", dtype=np.bool_) & ~counted & ~is_part
    assumed = (walls[3] > 0) | counted
    return Envelopes(outer_width, outer_height, wall_mm, spread, assumed, count, is_open, is_part)


def _walls(
    lines: pd.DataFrame,
    sizes: Sequence[OuterSize],
    kinds: Mapping[str, NetworkKind],
    says: ObjectArray,
    given_wall_mm: FloatArray,
    *,
    is_steel: BoolArray,
) -> FloatArray:
    """``(4, n)``: wall, growth on each side, spread, whether assumed; each distinct line is looked up once.

    ``is_steel``: an outer size of a heat pipe is that of the steel even where no wall is given.
    """
    width = lines["nominal_width_mm"].to_numpy(np.float64)
    names = ["kind", "material", "burial"]
    steel = is_steel | np.isfinite(given_wall_mm)
    figures = [pd.Series(one) for one in (width, says, given_wall_mm, steel)]
    group = group_numbers(*(lines[name] for name in names), *figures)
    _, first, inverse = np.unique(group, return_index=True, return_inverse=True)
    if not len(first):
        return np.empty((4, 0))
    index = sizes_by_name(sizes)
    found = []
    for row in first:
        material, burial = (
            None if pd.isna(one) else str(one) for one in lines[["material", "burial"]].iloc[row]
        )
        look = _Look(index, kinds.get(str(lines["kind"].iloc[row])), material, burial)
        nominal = float(width[row])
        jacket = look.jacket(nominal) if steel[row] and says[row] == "outer" else None
        if says[row] == "inner":
            found.append(look.around(nominal, float(given_wall_mm[row])))
            continue
        size = look.at(nominal)
        found.append(jacket or _wall(size, nominal, str(says[row]), float(given_wall_mm[row])))
    return np.array(found, dtype=np.float64).T[:, inverse]


@dataclass(frozen=True)
class _Look:
    """The table of outer sizes, asked for one kind, material and burial."""

    index: SizesByName
    kind: NetworkKind | None
    material: str | None
    burial: str | None

    def at(self, nominal_mm: float, *, material: str | None = None) -> OuterSize | None:
        return size_row(
            self.index,
            kind=self.kind,
            material=material or self.material,
            burial=self.burial,
            nominal_mm=nominal_mm,
        )

    def around(self, inner_mm: float, given_mm: float) -> tuple[float, float, float, bool]:
        """As :func:`_wall`, of a line told by its bore (``ID500``): its wall comes to it on both sides.

        The wall is that of the table, give or take, and never less than the thinnest there is. Where the table tells
        outer sizes (PE), or the material is unknown, it may be any of the plastic series.
        """
        is_heat = self.kind is not None and self.kind.token == _HEAT
        if np.isfinite(given_mm) and not is_heat:
            return given_mm, given_mm, 0.0, False
        size = self.at(inner_mm)
        if size is None:
            return np.nan, np.nan, 0.0, True
        wall = size.wall_mm if size.wall_mm is not None else (size.wall_ratio or 0.0) * inner_mm
        least, most = wall - size.wall_spread_mm, wall + size.wall_spread_mm
        if size.nominal_is == "outer" or self.material is None:
            thin, thick = (inner_mm * share / (1.0 - 2.0 * share) for share in _PLASTIC_WALLS)
            least = thin if size.nominal_is == "outer" else min(least, thin)
            most = max(most, thick)
        least = max(least, _THINNEST_SHARE * inner_mm)
        return (least + most) / 2.0, (least + most) / 2.0, (most - least) / 2.0, True

    def jacket(self, steel_mm: float) -> tuple[float, float, float, bool] | None:
        """As :func:`_wall`, of a buried heat pipe told by its steel (``D325×8``): insulation and jacket come to it.

        The table tells nominal sizes with all round them (CJ/T 114); bare steel of the same nominal size is taken off.
        """
        if self.kind is None or self.kind.token != _HEAT or self.material not in (None, "steel"):
            return None
        bare = size_row(self.index, kind=None, material="steel", burial=None, nominal_mm=steel_mm)
        if bare is None or bare.wall_mm is None:
            return None
        nominal = steel_mm - 2 * bare.wall_mm
        bare = size_row(self.index, kind=None, material="steel", burial=None, nominal_mm=nominal)
        full = self.at(nominal, material="steel")
        if bare is None or full is None or bare.wall_mm is None or full.wall_mm is None:
            return None
        grown = max(full.wall_mm - bare.wall_mm, 0.0)
        return full.wall_mm, grown, full.wall_spread_mm, True


def _wall(
    size: OuterSize | None, nominal_mm: float, says: str, given_mm: float
) -> tuple[float, float, float, bool]:
    """Wall, growth of the delivered figure to the outer size on each side, spread, whether assumed."""
    if np.isfinite(given_mm) and says == "outer":
        return given_mm, 0.0, 0.0, False
    if np.isfinite(given_mm) and says == "open":
        return given_mm, given_mm / 2.0, given_mm / 2.0, True
    if size is None:
        return np.nan, 0.0 if says == "outer" else np.nan, 0.0, True
    wall = size.wall_mm if size.wall_mm is not None else (size.wall_ratio or 0.0) * nominal_mm
    if says == "outer":
        return wall, 0.0, size.wall_spread_mm, False
    if size.nominal_is == "outer":
        return wall, 0.0, size.wall_spread_mm, size.assumed
    return wall, wall, size.wall_spread_mm, size.assumed


def depth_references(
    lines: pd.DataFrame,
    *,
    kinds: Mapping[str, NetworkKind],
    burial_reference: ObjectArray,
    is_pressed: BoolArray,
    in_tunnels: str | None = None,
) -> ObjectArray:
    """``(n,)`` what the recorded depth of each line is measured to.

    The burial method goes before the kind; a sewer under pressure (rising main) is measured like a pressure pipe.
    ``in_tunnels``: what depths of lines in tunnels and passages are taken to be to, instead of the rule of their kind.
    """
    by_kind = {token: kind.depth_reference for token, kind in kinds.items()}
    reference = lines["kind"].map(by_kind).fillna("unknown").to_numpy(dtype=object, copy=True)
    gravity = is_gravity(lines["kind"], kinds)
    reference[gravity & is_pressed] = "crown"
    has = pd.notna(burial_reference)
    # A gravity sewer in a conduit or block is still measured to its invert.
    has &= ~(gravity & ~is_pressed & is_one_of(burial_reference, FROM_ABOVE))
    reference[has] = burial_reference[has]
    if in_tunnels is not None:
        reference[is_in_tunnel(lines)] = in_tunnels
    result: ObjectArray = reference
    return result


def is_gravity(kind: pd.Series, kinds: Mapping[str, NetworkKind]) -> BoolArray:
    """``(n,)`` whether each line's kind flows by gravity."""
    result: BoolArray = kind.isin(
        [token for token, entry in kinds.items() if entry.flow == "gravity"]
    ).to_numpy()
    return result


def reference_levels(
    ground_m: FloatArray, depth_m: FloatArray, recorded_m: FloatArray, *, overhead: BoolArray
) -> FloatArray:
    """``(n,)`` level of the reference: as recorded, else ground less depth, else NaN.

    A line marked overhead lies above the ground: its height is a negative depth, and 0 or more says none
    (CJJ 61-2017: depth negative or none). Its level is unknown then, never that of the ground.
    """
    told = np.where(overhead & ~(depth_m < 0), np.nan, depth_m)
    return np.where(np.isfinite(recorded_m), recorded_m, ground_m - told)


def end_levels(level_m: FloatArray, reference: ObjectArray, envelopes: Envelopes) -> EndLevels:
    """Crown and bottom of the outer envelope from the level of the reference.

    To an invert or inner bottom: bottom = level − wall, crown = bottom + outer height. To a crown or outer
    top: crown = level, bottom = crown − outer height. To the inner top: crown = level + wall, bottom = crown −
    outer height. To the outer bottom: bottom = level. An unknown reference gives neither; an unknown size gives
    only what needs no size.
    """
    # Of several ducts the far side is known by the bounds of the size alone: no level is told for it.
    outer_m = np.where(envelopes.pieces > 0, np.nan, envelopes.height_mm) / MM_PER_M
    wall_m = envelopes.wall_mm / MM_PER_M
    crown = np.full(len(level_m), np.nan)
    bottom = np.full(len(level_m), np.nan)
    above = is_one_of(reference, FROM_ABOVE)
    crown[above] = level_m[above]
    under = is_one_of(reference, ("inner_top",))
    crown[under] = level_m[under] + wall_m[under]
    bottom[above] = crown[above] - outer_m[above]
    inner = is_one_of(reference, ("invert", "inner_bottom"))
    bottom[inner] = level_m[inner] - wall_m[inner]
    crown[inner] = bottom[inner] + outer_m[inner]
    outer = is_one_of(reference, ("outer_bottom",))
    bottom[outer] = level_m[outer]
    crown[outer] = level_m[outer] + outer_m[outer]
    return EndLevels(crown, bottom)


def about_centre(levels: EndLevels, centre_m: FloatArray, envelopes: Envelopes) -> EndLevels:
    """``levels``, and of lines told by their centre half the outer height above and below it; neither without a size."""
    half_m = np.where(envelopes.pieces > 0, np.nan, envelopes.height_mm) / 2.0 / MM_PER_M
    told = np.isfinite(centre_m)
    return EndLevels(
        np.where(told, centre_m + half_m, levels.crown_m), np.where(told, centre_m - half_m, levels.bottom_m)
    )


def level_sigma_m(measured_m: FloatArray, envelopes: Envelopes, reference: ObjectArray) -> FloatArray:
    """``(n,)`` standard deviation of the levels: of measuring, and of the assumed wall.

    The spread of a wall is a limit; a limit is taken as two standard deviations (CJJ 61: 限差 = 2 中误差).
    Measured to the outside, only the far side of the envelope depends on the wall, by twice the wall.
    """
    # Of an open size the far side moves by twice the spread, wherever the wall of it is measured.
    near = is_one_of(reference, _INSIDE) & ~envelopes.is_open
    walls = np.where(near, 1.0, 2.0)
    spread_mm = np.where(envelopes.pieces > 0, 0.0, np.nan_to_num(envelopes.spread_mm))
    wall_sigma_m = spread_mm * walls / 2.0 / MM_PER_M
    return np.hypot(measured_m, wall_sigma_m)


DEEP_M = 0.1
"""Depth from which level and ground are told apart."""
FITS_M = 0.02
"""How far ground, depth and level may be apart where one is the sum of the others."""


@dataclass(frozen=True, slots=True)
class LevelMeaning:
    """What the level columns of a line table hold, and the count of line ends that say so."""

    meaning: str  # ground, pipe, unclear, unproven, none
    like_ground: int
    like_pipe: int
    asked: int


def level_meaning(
    ground_m: FloatArray, depth_m: FloatArray, level_m: FloatArray, *, tolerance_m: float = FITS_M
) -> LevelMeaning:
    """Whether recorded "pipe levels" are the ground in truth, from all line ends with ground, depth and level.

    Only ends deeper than :data:`DEEP_M` tell the two apart. Nine of ten must agree; else unclear. Where no
    depth is told, levels of lines at the ground are the ground itself. Without any ground beside depths nothing tells.
    """
    asked = np.isfinite(ground_m) & np.isfinite(depth_m) & np.isfinite(level_m) & (np.abs(depth_m) > DEEP_M)
    count = int(asked.sum())
    if count == 0:
        return _meaning_alone(ground_m, depth_m, level_m, tolerance_m)
    like_ground = int((asked & (np.abs(level_m - ground_m) <= tolerance_m)).sum())
    like_pipe = int((asked & (np.abs(level_m + depth_m - ground_m) <= tolerance_m)).sum())
    return LevelMeaning(_by_share(like_ground, count), like_ground, like_pipe, count)


def _by_share(like_ground: int, count: int) -> str:
    if like_ground >= 0.9 * count:
        return "ground"
    return "pipe" if like_ground <= 0.1 * count else "unclear"


def _meaning_alone(
    ground_m: FloatArray, depth_m: FloatArray, level_m: FloatArray, tolerance_m: float
) -> LevelMeaning:
    """The meaning of levels where no end has ground, depth and level."""
    told = np.isfinite(level_m)
    if not told.any():
        return LevelMeaning("none", 0, 0, 0)
    on_ground = told & np.isfinite(ground_m) & ~np.isfinite(depth_m)
    if (count := int(on_ground.sum())) > 0:
        like_ground = int((on_ground & (np.abs(level_m - ground_m) <= tolerance_m)).sum())
        return LevelMeaning(_by_share(like_ground, count), like_ground, 0, count)
    deep = told & (np.abs(depth_m) > DEEP_M)
    return LevelMeaning("unproven" if deep.any() else "pipe", 0, 0, int(deep.sum()))


def is_one_of(tokens: ObjectArray, wanted: Sequence[str]) -> BoolArray:
    """``(n,)`` whether each token is one of ``wanted``; a few distinct ones are compared, not a million texts."""
    codes, distinct = pd.factorize(tokens)
    found = np.array([*(token in wanted for token in distinct), False], dtype=np.bool_)
    result: BoolArray = found[codes]
    return result
