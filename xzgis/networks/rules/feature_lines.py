"""Understood and placed features as canonical lines with sizes, accuracy and the levels of their envelopes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.networks.rules import levels
from xzgis.networks.rules.accuracy import centre_depth_m, half_heights_m
from xzgis.networks.rules.burials import IS_OPEN, NOT_UNDERSTOOD, other_reference
from xzgis.networks.rules.courses import RAISED, Lie, untold_between
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.ducts import tell_pieces
from xzgis.networks.rules.feature_accuracy import fill_lines
from xzgis.networks.rules.feature_assumptions import add_told_before, assumption_tokens
from xzgis.networks.rules.feature_counts import add_counts
from xzgis.networks.rules.feature_geometry import Axes
from xzgis.networks.rules.feature_sections import believed_sizes, positive, second_figures
from xzgis.networks.rules.feature_texts import objects
from xzgis.networks.rules.level_columns import levels_of_lines
from xzgis.networks.rules.line_conditions import pressure_classes
from xzgis.networks.rules.named_burials import add_named_burials
from xzgis.networks.rules.numbers import says_no_height
from xzgis.networks.rules.open_tops import End, of_shared_sheets, with_open_tops
from xzgis.networks.rules.told_beside import add_said_beside, is_cased, tell_cased, without_depth
from xzgis.networks.rules.told_drilled import add_said_drilled
from xzgis.networks.rules.told_levels import (
    EndFound,
    Recorded,
    Rule,
    found_end,
    reference_of,
    rule_of,
    sigma_m,
    tell_heads,
)
from xzgis.networks.rules.told_spans import (
    knows_levels,
    tell_untold,
    tells_own_level,
    too_far_apart,
    without_levels,
)
from xzgis.networks.rules.whole_sizes import tell_parts
from xzgis.networks.terms import FloatArray, Vertices, empty_lines

ObjectArray = npt.NDArray[np.object_]
BoolArray = npt.NDArray[np.bool_]
_ENDS = ("start", "end")
_AS_TOLD = (
    "file", "sheet", "code", "kind", "owner", "road", "attributes", "burial", "material", "built_on", "surveyed_on",
)  # fmt: skip


@dataclass(frozen=True)
class EndFigures:
    """What is known at both ends of n lines: ``[start, end]`` each; ground in metres, NaN where unknown."""

    told: tuple[Recorded, Recorded]
    ground_m: tuple[FloatArray, FloatArray]
    is_standard: BoolArray


def canonical_lines(
    features: pd.DataFrame,
    axes: Axes,
    point_ground_m: tuple[FloatArray, FloatArray],
    catalogue: Catalogue,
    doubts: Doubts,
) -> tuple[pd.DataFrame, Vertices]:
    """Lines and their vertices with levels; links to points are still to be filled.

    ``features`` are the understood features, one row per axis already. ``point_ground_m`` is the ground level
    of the delivered point at each end, used where the line itself says none.
    """
    lines = _told_lines(features, axes, catalogue)
    _conditions(lines, features, catalogue)
    figures = _end_figures(features, axes, lines, point_ground_m)
    told, grounds = levels_of_lines(lines, figures.told, figures.ground_m, doubts)
    figures = replace(figures, told=told, ground_m=grounds)
    for at, end in enumerate(("start", "end")):
        lines[f"{end}_depth_m"], lines[f"{end}_level_m"] = figures.told[at].depth_m, figures.told[at].level_m
    envelopes = _sizes(lines, features, catalogue, doubts)
    may_be_pressed = _flag(features, "is_pressed") | _flag(features, "may_be_pressed")
    readings = (_flag(features, "is_pressed"), None), (may_be_pressed, levels.IN_TUNNELS)
    references = [_references(lines, features, reading, catalogue) for reading in readings]
    rule = rule_of(lines, envelopes, references[0], _or_else(lines, features, references[1]))
    nowhere = np.full(len(lines), np.nan)
    recorded = [End(figures.ground_m[at], figures.told[at], nowhere) for at in (0, 1)]
    rule = with_open_tops(rule, (recorded[0], recorded[1]), of_shared_sheets(lines, catalogue.kinds))
    ends = [found_end(one.ground_m, one.told, rule) for one in recorded]
    tell_heads(lines, ends[0], ends[1], doubts)
    lines["depth_reference"] = objects(reference_of(ends[0], ends[1]))
    length_m = axes.lengths_m()
    is_far = too_far_apart(length_m, lines["kind"], catalogue.kinds)
    hangs = is_far & ~_tells_levels(figures, features, rule)
    tell_untold(lines, hangs & knows_levels(ends[0].levels) & knows_levels(ends[1].levels), doubts)
    guessed = figures.is_standard | _flag(features, "depth_from_point")
    half_m = half_heights_m(envelopes, lines["kind"], catalogue.kinds)
    lies = _lies(recorded, ends, features)
    lie = _centres(lines, lies, half_m)
    measured_m = fill_lines(lines, features, lie, guessed, catalogue)
    gravity = levels.is_gravity(lines["kind"], catalogue.kinds) & ~may_be_pressed
    untold = untold_between(lines, lies, length_m, gravity, doubts)
    found = [
        without_levels(_overridden(without_levels(one.levels, hangs), features, end), untold)
        for end, one in zip(_ENDS, ends, strict=True)
    ]
    lines["sigma_level_m"] = sigma_m(measured_m, ends[0], ends[1], rule)
    lines["assumptions"] = assumption_tokens(
        {
            "outer_size": envelopes.assumed & np.isfinite(envelopes.height_mm),
            "standard_depth": figures.is_standard,
            "depth_from_one_point": _flag(features, "depth_from_point"),
            "level_column_contradicts_rule": ends[0].contradicted | ends[1].contradicted,
        },
        len(lines),
    )
    add_told_before(lines, features, catalogue)
    if "bank" in features.columns:
        lines["bank"] = _bank_numbers(features["bank"])
    return lines, _vertices(axes, found, figures.ground_m, is_far)


def _centres(
    lines: pd.DataFrame, lies: Sequence[Lie], half_m: FloatArray
) -> list[tuple[FloatArray, levels.EndLevels]]:
    """Depth of the centre and levels at each end; no depth where it is no measurement."""
    deep = (centre_depth_m(one.ground_m, one.levels, one.depth_m, one.reference, half_m) for one in lies)
    return [(without_depth(lines, depth_m), one.levels) for depth_m, one in zip(deep, lies, strict=True)]


def _lies(recorded: list[End], ends: list[EndFound], features: pd.DataFrame) -> tuple[Lie, Lie]:
    """Where both ends lie, by what the delivery itself tells of the envelope before what was worked out."""
    lies = []
    for name, one, at_end in zip(_ENDS, recorded, ends, strict=True):
        held = _overridden(at_end.levels, features, name)
        by_level = np.isfinite(one.told.level_m) | knows_levels(_envelope_told(features, name))
        lies.append(Lie(one.ground_m, one.told.depth_m, held, at_end.reference, by_level))
    return lies[0], lies[1]


def _told_lines(features: pd.DataFrame, axes: Axes, catalogue: Catalogue) -> pd.DataFrame:
    """Lines with all that needs no working out."""
    lines = empty_lines(len(features))
    for name in _AS_TOLD:
        if name in features.columns:
            lines[name] = objects(features[name].to_numpy(dtype=object))
    lines[IS_OPEN] = lines["burial"].eq(NOT_UNDERSTOOD).to_numpy(np.bool_)
    lines["burial"] = lines["burial"].where(~lines[IS_OPEN], None)
    add_said_drilled(lines)
    add_named_burials(lines, levels.is_gravity(lines["kind"], catalogue.kinds))
    add_said_beside(lines)
    lines["row"] = features["row"].to_numpy(np.int64)
    lines["label"] = objects(_labels(features, axes))
    lines["life_state"] = objects(_life_states(features))
    lines["flow"] = _flow(features)
    add_counts(lines, features)
    return lines


def _flag(features: pd.DataFrame, name: str) -> BoolArray:
    if name not in features.columns:
        return np.zeros(len(features), dtype=np.bool_)
    return features[name].fillna(False).to_numpy(dtype=np.bool_)


def _labels(features: pd.DataFrame, axes: Axes) -> ObjectArray:
    """What people call a line: its delivered identity, else its row; parts of one feature are counted."""
    label: ObjectArray = np.full(len(features), None, dtype=object)
    if "line_no" in features.columns:
        label = features["line_no"].to_numpy(dtype=object, copy=True)
    untold = pd.isna(label)
    label[untold] = features["row"].to_numpy(np.int64)[untold].astype(str)
    later = axes.part > 0
    if later.any():
        label[later] = [
            f"{name}/{part + 1}" for name, part in zip(label[later], axes.part[later], strict=True)
        ]
    return label


def _life_states(features: pd.DataFrame) -> ObjectArray:
    if "status" not in features.columns:
        return np.full(len(features), "built", dtype=object)
    told = features["status"].to_numpy(dtype=object)
    state: ObjectArray = np.where(pd.isna(told), "built", told)
    return state


def _flow(features: pd.DataFrame) -> npt.NDArray[np.int64]:
    if "flow" not in features.columns:
        return np.zeros(len(features), dtype=np.int64)
    return pd.to_numeric(features["flow"], errors="coerce").fillna(0).to_numpy(dtype=np.int64)


def _conditions(lines: pd.DataFrame, features: pd.DataFrame, catalogue: Catalogue) -> None:
    """Pressure class of gas (told, or by its pressure) and voltage of power."""
    gas = (lines["kind"] == "gas").to_numpy()
    classes: ObjectArray = np.full(len(lines), None, dtype=object)
    pressure = positive(features, "pressure")
    known = gas & np.isfinite(pressure)
    classes[known] = pressure_classes(pressure[known], catalogue)
    if "pressure_class" in features.columns:
        told = features["pressure_class"].to_numpy(dtype=object)
        has = gas & ~pd.isna(told)
        classes[has] = told[has]
    lines["pressure_class"] = objects(classes)
    told_kv, raw = positive(features, "voltage_kv"), positive(features, "voltage")
    power = (lines["kind"] == "power").to_numpy()
    lines["voltage_kv"] = np.where(power, np.where(np.isfinite(told_kv), told_kv, raw), np.nan)


def _end_figures(
    features: pd.DataFrame, axes: Axes, lines: pd.DataFrame, point_ground_m: tuple[FloatArray, FloatArray]
) -> EndFigures:
    last = np.ones(len(features), dtype=np.bool_)
    last[:-1] = axes.feature[1:] != axes.feature[:-1]
    # What a feature of several parts says of its ends belongs to its first start and its last end alone.
    belongs = {"start": axes.part == 0, "end": last}
    raised = lines["burial"].isin(RAISED).to_numpy()
    both_ground = _number(features, "ground_m")
    standard = positive(features, "standard_depth_m")
    told, ground, lacks = [], [], []
    for at, end in enumerate(("start", "end")):
        mine = belongs[end]
        depth, depth_word = _of_end(features, end, "depth", mine, raised)
        level, level_word = _of_end(features, end, "level", mine)
        beside, beside_word = _of_end(features, end, "beside", mine)
        one = Recorded(depth, level, beside, depth_word, level_word, beside_word).ordered()
        lacking = ~np.isfinite(depth) & ~np.isfinite(one.level_m) & np.isfinite(standard)
        lacks.append(lacking)
        told.append(replace(one, depth_m=np.where(lacking, standard, depth)))
        ground.append(
            _first(
                np.where(mine, _number(features, f"{end}_ground_m"), np.nan), both_ground, point_ground_m[at]
            )
        )
    return EndFigures((told[0], told[1]), (ground[0], ground[1]), lacks[0] | lacks[1])


def _of_end(
    features: pd.DataFrame, end: str, what: str, mine: BoolArray, zero_is_real: BoolArray | None = None
) -> tuple[FloatArray, ObjectArray]:
    """Depths or levels of one end, else those told of both ends, and what the head of the one taken says."""
    own = np.where(mine, _number(features, f"{end}_{what}_m", zero_is_real), np.nan)
    words = [
        features[name].to_numpy(dtype=object)
        if (name := f"{of}{what}_word") in features.columns
        else np.full(len(features), None, dtype=object)
        for of in (f"{end}_", "")
    ]
    word: ObjectArray = np.where(np.isfinite(own), words[0], words[1])
    return _first(own, _number(features, f"{what}_m", zero_is_real)), word


def _number(features: pd.DataFrame, name: str, zero_is_real: BoolArray | None = None) -> FloatArray:
    """A column of metres; a depth of 0 or -1 is unknown unless the line lies on or above the ground."""
    if name not in features.columns:
        return np.full(len(features), np.nan)
    values = features[name].to_numpy(dtype=np.float64)
    if zero_is_real is None:
        return values
    return np.where(says_no_height(values) & ~zero_is_real, np.nan, values)


def _first(*candidates: FloatArray) -> FloatArray:
    found = candidates[0]
    for one in candidates[1:]:
        found = np.where(np.isfinite(found), found, one)
    return found


def _sizes(
    lines: pd.DataFrame, features: pd.DataFrame, catalogue: Catalogue, doubts: Doubts
) -> levels.Envelopes:
    shape, width, height, says = believed_sizes(features, lines, catalogue, doubts)
    lines["shape"], lines["nominal_width_mm"], lines["nominal_height_mm"] = objects(shape), width, height
    if "section" in features.columns:
        lines["section_text"] = objects(features["section"].to_numpy(dtype=object))
    envelopes = levels.outer_envelopes(
        lines,
        kinds=dict(catalogue.kinds),
        sizes=catalogue.outer_sizes,
        says=says,
        given_wall_mm=second_figures(features, lines, width),
    )
    tell_pieces(lines, envelopes.pieces, doubts)
    tell_parts(lines, envelopes.is_part & ~is_cased(lines), doubts)
    tell_cased(lines, doubts)
    lines["outer_width_mm"], lines["outer_height_mm"] = envelopes.width_mm, envelopes.height_mm
    lines["outer_spread_mm"] = envelopes.told_spread_mm()
    lines["outer_is_assumed"] = envelopes.assumed
    return envelopes


def _references(
    lines: pd.DataFrame, features: pd.DataFrame, reading: tuple[BoolArray, str | None], catalogue: Catalogue
) -> ObjectArray:
    """What depths and levels are measured to: as told, else by burial and kind.

    ``reading``: which sewers are pressed, and to what depths in tunnels go, None by their kind.
    """
    by_token = {one.token: one.depth_reference for one in catalogue.codes.get("burial", ())}
    codes, tokens = pd.factorize(lines["burial"])
    by_burial: ObjectArray = np.array([*(by_token.get(token) for token in tokens), None], dtype=object)[codes]
    reference = levels.depth_references(
        lines,
        kinds=dict(catalogue.kinds),
        burial_reference=by_burial,
        is_pressed=reading[0],
        in_tunnels=reading[1],
    )
    if "depth_reference" in features.columns:
        told = features["depth_reference"].to_numpy(dtype=object)
        reference = np.where(pd.isna(told), reference, told)
    return reference


def _or_else(lines: pd.DataFrame, features: pd.DataFrame, reference: ObjectArray) -> ObjectArray:
    """What may be the reference instead of ``reference``; what is told of a line stands."""
    other = other_reference(lines, reference)
    told = features.get("depth_reference")
    return other if told is None else np.where(told.isna().to_numpy(np.bool_), other, reference)


def _overridden(found: levels.EndLevels, features: pd.DataFrame, end: str) -> levels.EndLevels:
    """Levels of the envelope that the delivery itself tells go before those worked out."""
    own = _envelope_told(features, end)
    return levels.EndLevels(_first(own.crown_m, found.crown_m), _first(own.bottom_m, found.bottom_m))


def _envelope_told(features: pd.DataFrame, end: str) -> levels.EndLevels:
    """What the columns of crown and bottom tell of one end."""
    crown, bottom = (
        _first(_number(features, f"{end}_{side}_m"), _number(features, f"{side}_m"))
        for side in ("crown", "bottom")
    )
    return levels.EndLevels(crown, bottom)


def _bank_numbers(bank: pd.Series) -> npt.NDArray[np.int64]:
    """Banks as numbers: as they are, or counted by name; nothing is 0."""
    if pd.api.types.is_integer_dtype(bank):
        return bank.to_numpy(dtype=np.int64)
    codes, _ = pd.factorize(bank)
    return (codes + 1).astype(np.int64)


def _tells_levels(figures: EndFigures, features: pd.DataFrame, rule: Rule) -> BoolArray:
    """``(n,)`` whether the level of the line itself is told at both ends, not a depth below the ground."""
    tells = np.ones(len(features), dtype=np.bool_)
    for told, ground_m, end in zip(figures.told, figures.ground_m, ("start", "end"), strict=True):
        own = tells_own_level((told.level_m, told.beside_m), ground_m - told.depth_m, rule)
        tells &= own | knows_levels(_envelope_told(features, end))
    return tells


def _vertices(
    axes: Axes,
    found: list[levels.EndLevels],
    ground_m: tuple[FloatArray, FloatArray],
    is_far: BoolArray,
) -> Vertices:
    """Levels at every vertex: straight between the ends by length; unknown where either end is unknown.

    Between the ends of a line ``is_far`` the ground is unknown.
    """
    share, line = axes.shares()
    ground = _along(share, line, ground_m[0], ground_m[1])
    ground[is_far[line] & (share > 0.0) & (share < 1.0)] = np.nan
    return Vertices(
        offset=axes.offset,
        xy_m=axes.xy_m,
        crown_m=_along(share, line, found[0].crown_m, found[1].crown_m),
        bottom_m=_along(share, line, found[0].bottom_m, found[1].bottom_m),
        ground_m=ground,
    )


def _along(share: FloatArray, line: npt.NDArray[np.int64], start: FloatArray, end: FloatArray) -> FloatArray:
    first, last = start[line], end[line]
    between = first + share * (last - first)
    # The ends keep their own level, also when the other end's is unknown.
    return np.where(share <= 0.0, first, np.where(share >= 1.0, last, between))
