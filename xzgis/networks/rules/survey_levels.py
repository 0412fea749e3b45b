"""Levels, accuracy and banks of the canonical lines of a survey delivery."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules import levels
from xzgis.networks.rules.accuracy import centre_depth_m, half_heights_m
from xzgis.networks.rules.burials import other_reference
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.courses import Lie, untold_between
from xzgis.networks.rules.ducts import tell_pieces
from xzgis.networks.rules.level_columns import tell_no_line_levels
from xzgis.networks.rules.numbers import FloatArray
from xzgis.networks.rules.open_tops import End, of_shared_sheets, with_open_tops
from xzgis.networks.rules.survey_accuracy import with_accuracy
from xzgis.networks.rules.survey_lines import LineNotes
from xzgis.networks.rules.told_beside import is_cased, tell_cased, without_depth
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
from xzgis.networks.rules.understanding import BoolArray, ObjectArray, Understanding
from xzgis.networks.rules.whole_sizes import tell_parts
from xzgis.networks.terms import Vertices

_MEANING = Words(
    "核对高程列；如判断有误，请指明高程列的含义（level_meaning：管线 pipe 或地面 ground）后重新读取。",
    "Compare the level columns; if this is wrong, say what they hold (level_meaning: pipe or ground) and read again.",
)
_SHARED_WITH_OTHERS = ("duct_block", "channel", "conduit", "utility_tunnel")


def with_levels(
    points: pd.DataFrame, lines: pd.DataFrame, notes: LineNotes, meaning_given: str | None, how: Understanding
) -> Vertices:
    """Fills sizes, reference, accuracy and bank of ``lines`` in situ; gives their axes with levels."""
    ends = {"start": lines["from_point"].to_numpy(np.int64), "end": lines["to_point"].to_numpy(np.int64)}
    ground = {end: _at(points["ground_m"].to_numpy(np.float64), rows) for end, rows in ends.items()}
    _settle_level_columns(lines, notes, ground, meaning_given, how)
    says, wall = notes.sections.says, notes.sections.wall_mm
    envelopes = levels.outer_envelopes(
        lines, kinds=how.catalogue.kinds, sizes=how.catalogue.outer_sizes, says=says, given_wall_mm=wall
    )
    tell_pieces(lines, envelopes.pieces, how.doubts)
    tell_parts(lines, envelopes.is_part & ~is_cased(lines), how.doubts)
    tell_cased(lines, how.doubts)
    floor = {
        end: ground[end] - _at(points["chamber_depth_m"].to_numpy(np.float64), ends[end]) for end in ends
    }
    may_be_pressed = notes.pressed.sure | notes.pressed.open
    references = [
        _references(lines, notes, pressed, in_tunnels, how)
        for pressed, in_tunnels in ((notes.pressed.sure, None), (may_be_pressed, levels.IN_TUNNELS))
    ]
    rule = rule_of(lines, envelopes, references[0], other_reference(lines, references[1]))
    found, rule = _found(lines, notes, (ground, floor), rule, of_shared_sheets(lines, how.catalogue.kinds))
    reference = reference_of(found["start"], found["end"])
    lines["outer_width_mm"], lines["outer_height_mm"] = envelopes.width_mm, envelopes.height_mm
    lines["outer_spread_mm"] = envelopes.told_spread_mm()
    lines["outer_is_assumed"] = envelopes.assumed
    lines["depth_reference"] = reference
    tell_heads(lines, found["start"], found["end"], how.doubts)
    at_ends = {end: one.levels for end, one in found.items()}
    half_m = half_heights_m(envelopes, lines["kind"], how.catalogue.kinds)
    depth = {end: _depth_m(lines, ground, end, one, half_m) for end, one in found.items()}
    with_accuracy(points, lines, ends, (depth, at_ends), notes.end_depth_assumed, notes.sources, how)
    measured = lines["sigma_level_m"].to_numpy(np.float64)
    lines["sigma_level_m"] = sigma_m(measured, found["start"], found["end"], rule)
    lines["assumptions"] = _assumptions(
        lines,
        points,
        ends,
        {
            "outer_size": envelopes.assumed & np.isfinite(envelopes.height_mm),
            "end_depth_of_point": notes.end_depth_assumed,
            "level_column_contradicts_rule": found["start"].contradicted | found["end"].contradicted,
        },
    )
    lines["bank"] = _banks(points, lines, ends)
    length_m = np.hypot(*(_xy(points, ends["end"]) - _xy(points, ends["start"])).T)
    untold = _untold(lines, (ground, notes.beside_m), found, rule, (length_m, may_be_pressed), how)
    known = {name: without_levels(one, untold) for name, one in at_ends.items()}
    return _vertices(points, ends, ground, known)


def _untold(
    lines: pd.DataFrame,
    beside: tuple[Mapping[str, FloatArray], Mapping[str, FloatArray]],
    found: Mapping[str, EndFound],
    rule: Rule,
    course: tuple[FloatArray, BoolArray],
    how: Understanding,
) -> BoolArray:
    """``(n,)`` lines whose ends tell no level between them; each is told where one is lost by it.

    ``beside``: the ground and the second level at each end; ``course``: length, and which may run under pressure.
    """
    hangs = _told_too_far_apart(course[0], lines, beside, rule, how)
    known = np.logical_and(*(knows_levels(one.levels) for one in found.values()))
    tell_untold(lines, hangs & known, how.doubts)
    lies = []
    for end, one in found.items():
        depth_m, level_m = (lines[f"{end}_{what}_m"].to_numpy(np.float64) for what in ("depth", "level"))
        lies.append(Lie(beside[0][end], depth_m, one.levels, one.reference, np.isfinite(level_m)))
    gravity = levels.is_gravity(lines["kind"], how.catalogue.kinds) & ~course[1]
    return hangs | untold_between(lines, (lies[0], lies[1]), course[0], gravity, how.doubts)


def _told_too_far_apart(
    length_m: FloatArray,
    lines: pd.DataFrame,
    beside: tuple[Mapping[str, FloatArray], Mapping[str, FloatArray]],
    rule: Rule,
    how: Understanding,
) -> BoolArray:
    """``(n,)`` lines told by depth, not by their own level at both ends, farther than the ground carries (0076).

    ``beside``: the ground and the second level at each end. Asked when the level columns are settled: what they hold of
    the ground is no level of the line.
    """
    by_level = np.ones(len(lines), dtype=np.bool_)
    for end in ("start", "end"):
        level_m, depth_m = (lines[f"{end}_{what}_m"].to_numpy(np.float64) for what in ("level", "depth"))
        by_level &= tells_own_level((level_m, beside[1][end]), beside[0][end] - depth_m, rule)
    return too_far_apart(length_m, lines["kind"], how.catalogue.kinds) & ~by_level


def _found(
    lines: pd.DataFrame,
    notes: LineNotes,
    heights: tuple[dict[str, FloatArray], dict[str, FloatArray]],
    rule: Rule,
    shared: BoolArray,
) -> tuple[dict[str, EndFound], Rule]:
    """The envelope at both ends by what is recorded there, and the rule behind it.

    ``heights``: ground and floor of the chamber at each end. ``shared``: lines of a sheet for all kinds.
    """
    recorded: dict[str, End] = {}
    for end, ground_m in heights[0].items():
        told = Recorded(
            lines[f"{end}_depth_m"].to_numpy(np.float64),
            lines[f"{end}_level_m"].to_numpy(np.float64),
            notes.beside_m[end],
            *(notes.words[f"{end}_{what}_word"] for what in ("depth", "level", "beside")),
        ).ordered()
        lines[f"{end}_level_m"] = told.level_m
        recorded[end] = End(ground_m, told, heights[1][end])
    rule = with_open_tops(rule, (recorded["start"], recorded["end"]), shared)
    return {end: found_end(one.ground_m, one.told, rule) for end, one in recorded.items()}, rule


def _at(values: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)


def _settle_level_columns(
    lines: pd.DataFrame,
    notes: LineNotes,
    ground: dict[str, FloatArray],
    given: str | None,
    how: Understanding,
) -> None:
    """Level columns that hold the ground are no pipe levels; they lend the ground where the point has none."""
    depth = np.concatenate(
        [lines["start_depth_m"].to_numpy(np.float64), lines["end_depth_m"].to_numpy(np.float64)]
    )
    level = np.concatenate(
        [lines["start_level_m"].to_numpy(np.float64), lines["end_level_m"].to_numpy(np.float64)]
    )
    told = levels.level_meaning(np.concatenate([ground["start"], ground["end"]]), depth, level)
    meaning = given or told.meaning
    if meaning == "unproven" and _say_what_they_are_of(lines, notes):
        return
    if meaning == "pipe" and given is None:
        _drop_unproven(lines, notes, ground, how)
    if meaning in ("pipe", "none"):
        return
    tell_no_line_levels(replace(told, meaning=meaning), how.doubts, _MEANING)
    for end in ("start", "end"):
        if meaning == "ground":
            lent = lines[f"{end}_level_m"].to_numpy(np.float64)
            ground[end][:] = np.where(np.isfinite(ground[end]), ground[end], lent)
        lines[f"{end}_level_m"] = np.nan
        notes.beside_m[end][:] = np.nan


def _drop_unproven(
    lines: pd.DataFrame, notes: LineNotes, ground: dict[str, FloatArray], how: Understanding
) -> None:
    """Levels without a ground, of a kind and sheet of which fewer deep ends prove theirs: they may be the ground (R06).

    What the others prove holds for a few beside them, not for most.
    """
    group = group_numbers(lines["file"], lines["sheet"], lines["kind"])
    deep, fits = {}, {}
    for end in ("start", "end"):
        depth_m, level_m = (lines[f"{end}_{what}_m"].to_numpy(np.float64) for what in ("depth", "level"))
        is_bare = np.isfinite(level_m) & pd.isna(notes.words[f"{end}_level_word"])
        deep[end] = is_bare & (np.abs(depth_m) > levels.DEEP_M)
        fits[end] = np.abs(level_m + depth_m - ground[end]) <= levels.FITS_M
    proven = sum(np.bincount(group, weights=deep[end] & fits[end]) for end in deep)
    unproven = sum(np.bincount(group, weights=deep[end] & ~np.isfinite(ground[end])) for end in deep)
    is_open = np.asarray(unproven > proven)[group]
    dropped = {end: deep[end] & is_open & ~np.isfinite(ground[end]) for end in deep}
    count = int(sum(mask.sum() for mask in dropped.values()))
    if not count:
        return
    tell_no_line_levels(levels.LevelMeaning("unproven", 0, 0, count), how.doubts, _MEANING)
    for end, mask in dropped.items():
        lines.loc[mask, f"{end}_level_m"] = np.nan
        notes.beside_m[end][mask] = np.nan


def _say_what_they_are_of(lines: pd.DataFrame, notes: LineNotes) -> bool:
    """Whether the heads of all levels that are told say crown, bottom or the like, and so are no ground."""
    return not any(
        (lines[f"{end}_level_m"].notna().to_numpy() & pd.isna(notes.words[f"{end}_level_word"])).any()
        for end in ("start", "end")
    )


def _references(
    lines: pd.DataFrame, notes: LineNotes, pressed: BoolArray, in_tunnels: str | None, how: Understanding
) -> ObjectArray:
    """What depths and levels are measured to where no head says it, of sewers ``pressed``, and others."""
    by_burial: ObjectArray = np.empty(len(lines), dtype=object)
    by_burial[:] = [None if value is None else value.depth_reference for value in notes.burial.value]
    return levels.depth_references(
        lines,
        kinds=how.catalogue.kinds,
        burial_reference=by_burial,
        is_pressed=pressed,
        in_tunnels=in_tunnels,
    )


def _depth_m(
    lines: pd.DataFrame, ground: Mapping[str, FloatArray], end: str, found: EndFound, half_m: FloatArray
) -> FloatArray:
    recorded_m = lines[f"{end}_depth_m"].to_numpy(np.float64)
    return without_depth(
        lines, centre_depth_m(ground[end], found.levels, recorded_m, found.reference, half_m)
    )


def _assumptions(
    lines: pd.DataFrame,
    points: pd.DataFrame,
    ends: dict[str, npt.NDArray[np.int64]],
    masks: dict[str, BoolArray],
) -> ObjectArray:
    flagged = points["is_visible"].notna().to_numpy(dtype=np.bool_)
    if len(flagged):
        told = [np.where(rows >= 0, flagged[np.maximum(rows, 0)], False) for rows in ends.values()]
        masks = {
            **masks,
            "taken_as_hidden": ~(told[0] & told[1]) & (lines["accuracy_class"] == "hidden_point").to_numpy(),
        }
    text: ObjectArray = np.full(len(lines), "", dtype=object)
    for token, mask in masks.items():
        text[mask] = text[mask] + (";" + token)
    return np.array([tokens[1:] or None for tokens in text], dtype=object)


def _banks(
    points: pd.DataFrame, lines: pd.DataFrame, ends: dict[str, npt.NDArray[np.int64]]
) -> npt.NDArray[np.int64]:
    """Number of the bank: lines laid in ducts or channels of one kind between the same two places, from 1; 0 alone."""
    rows = {end: pd.Series(group_numbers(*_place(points, at))) for end, at in ends.items()}
    low = pd.Series(np.minimum(rows["start"], rows["end"]))
    high = pd.Series(np.maximum(rows["start"], rows["end"]))
    group = group_numbers(lines["kind"], low, high)
    shared = lines["burial"].isin(_SHARED_WITH_OTHERS).to_numpy() & (ends["start"] >= 0) & (ends["end"] >= 0)
    counts = np.bincount(group[shared], minlength=int(group.max()) + 1 if len(group) else 1)
    together = shared & (counts[group] > 1) if len(group) else shared
    numbers = np.zeros(len(lines), dtype=np.int64)
    if together.any():
        numbers[together] = np.unique(group[together], return_inverse=True)[1] + 1
    return numbers


def _place(points: pd.DataFrame, rows: npt.NDArray[np.int64]) -> tuple[pd.Series, pd.Series]:
    east, north = np.round(_xy(points, rows), 2).T
    return pd.Series(east), pd.Series(north)


def _xy(points: pd.DataFrame, rows: npt.NDArray[np.int64]) -> FloatArray:
    """``(n, 2)`` east and north of the points ``rows``, NaN where there is none."""
    return np.stack([_at(points[name].to_numpy(np.float64), rows) for name in ("east_m", "north_m")], axis=1)


def _vertices(
    points: pd.DataFrame,
    ends: dict[str, npt.NDArray[np.int64]],
    ground: dict[str, FloatArray],
    found: dict[str, levels.EndLevels],
) -> Vertices:
    """Two vertices for every line whose both ends have a place."""
    xy = points[["east_m", "north_m"]].to_numpy(np.float64)
    count = len(ends["start"])
    usable = np.zeros(count, dtype=np.bool_)
    if len(xy):
        known = np.isfinite(xy).all(axis=1)
        usable = (ends["start"] >= 0) & (ends["end"] >= 0)
        usable &= known[np.maximum(ends["start"], 0)] & known[np.maximum(ends["end"], 0)]
    offset = np.concatenate([[0], np.cumsum(np.where(usable, 2, 0))]).astype(np.int64)

    def woven(start: FloatArray, end: FloatArray) -> FloatArray:
        return np.stack([start[usable], end[usable]], axis=1).reshape(-1, *start.shape[1:])

    places = (
        (xy[np.maximum(ends["start"], 0)], xy[np.maximum(ends["end"], 0)])
        if len(xy)
        else (np.empty((count, 2)),) * 2
    )
    return Vertices(
        offset=offset,
        xy_m=woven(*places),
        crown_m=woven(found["start"].crown_m, found["end"].crown_m),
        bottom_m=woven(found["start"].bottom_m, found["end"].bottom_m),
        ground_m=woven(ground["start"], ground["end"]),
    )
