"""Canonical lines of a survey delivery, with the levels of their outer envelopes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue, CodeValue
from xzgis.core.words import Words
from xzgis.networks.rules import levels
from xzgis.networks.rules.accuracy import sigmas_m
from xzgis.networks.rules.codes import KindChoice, Resolved, resolve_codes
from xzgis.networks.rules.columns import group_numbers
from xzgis.networks.rules.numbers import (
    FloatArray,
    parse_holes,
    parse_numbers,
    parse_voltage_kv,
    text_or_none,
)
from xzgis.networks.rules.sections import Sections, parse_sections
from xzgis.networks.rules.survey_points import life_states
from xzgis.networks.rules.understanding import (
    BoolArray,
    ObjectArray,
    Understanding,
    codes_of,
    dates_of,
    is_pressed,
    kinds_of,
    numbers_of,
    survey_dates,
)
from xzgis.networks.terms import Vertices, empty_lines

_SURFACE = ("surface", "overhead", "riser")
_SHARED_WITH_OTHERS = ("duct_block", "channel", "conduit", "utility_tunnel")
_MAP_COLUMN = Words("请在列对应中更正，或改正原表", "Correct the mapping of columns, or the table")


@dataclass(frozen=True)
class LineNotes:
    """What the levels need to know of the lines beside their canonical columns; ``(n,)`` each."""

    sections: Sections
    burial: Resolved
    pressed: BoolArray
    level_says: ObjectArray
    end_depth_assumed: BoolArray


def canonical_lines(
    raw: pd.DataFrame, choices: Mapping[str, KindChoice], how: Understanding
) -> tuple[pd.DataFrame, LineNotes]:
    """Lines of the text frame ``raw``, row by row, still without levels and links."""
    lines = empty_lines(len(raw))
    for name in ("file", "sheet", "code", "attributes"):
        lines[name] = raw[name]
    lines["row"] = raw["row"].astype(np.int64)
    kinds = kinds_of(raw["code"], choices)
    lines["kind"] = kinds
    lines["from_no"] = text_or_none(raw["from_point"])
    lines["to_no"] = text_or_none(raw["to_point"])
    lines["label"] = lines["from_no"].fillna("?") + "-" + lines["to_no"].fillna("?")
    burial = codes_of(raw, "burial", "burial", kinds, how)
    lines["burial"] = burial.tokens()
    lines["material"] = codes_of(raw, "material", "material", kinds, how).tokens()
    sections = _sections(raw, lines, how)
    _depths(raw, lines, how)
    _conditions(raw, lines, kinds, how)
    _counts(raw, lines, how)
    for name in ("owner", "road"):
        lines[name] = text_or_none(raw[name])
    lines["life_state"] = life_states(raw, kinds, how)
    lines["built_on"] = dates_of(raw, "built_on", how)
    lines["surveyed_on"] = survey_dates(raw, how)
    notes = LineNotes(
        sections=sections,
        burial=burial,
        pressed=is_pressed(raw["pressure"]) & levels.is_gravity(lines["kind"], how.catalogue.kinds),
        level_says=raw["level_says"].to_numpy(dtype=object),
        end_depth_assumed=raw["end_depth_assumed"].to_numpy(dtype=np.bool_),
    )
    return lines, notes


def _sections(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> Sections:
    sections = parse_sections(raw["section"])
    how.doubts.distinct(
        raw, sections.bad, "section", code="R04", level="warning",
        told=(lambda value: Words(f"断面“{value}”无法理解，按未知处理", f"The section {value!r} is taken as unknown"),
              Words("圆形写直径（300），矩形写宽X高（900X600），单位毫米",
                    "Write a diameter (300) or width X height (900X600) in millimetres")),
    )  # fmt: skip
    lines["section_text"] = text_or_none(raw["section"])
    lines["shape"] = sections.shape
    lines["nominal_width_mm"] = sections.width_mm
    lines["nominal_height_mm"] = sections.height_mm
    return sections


def _depths(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> None:
    """Depths and levels as recorded; 0 and -1 are depths only of lines on or above the surface."""
    raised = lines["burial"].isin(_SURFACE).to_numpy(dtype=np.bool_)
    nothing = 0
    for end in ("start", "end"):
        depth = numbers_of(raw, f"{end}_depth_m", how)
        says_nothing = np.isin(depth, (0.0, -1.0)) & ~raised
        nothing += int(says_nothing.sum())
        lines[f"{end}_depth_m"] = np.where(says_nothing, np.nan, depth)
        lines[f"{end}_level_m"] = numbers_of(raw, f"{end}_level_m", how, zero_is_null=True)
    if nothing:
        how.doubts.say(
            "R10",
            "info",
            Words(f"{nothing} 处埋深写作 0 或 -1，按未知处理（地面敷设、架空、上架除外）。",
                  f"{nothing} depths of 0 or -1 are taken as unknown (but for lines on or above the surface)."),
            Words("如为真实埋深，请核对埋设方式。", "If they are real, compare the burial method."),
        )  # fmt: skip


def _conditions(raw: pd.DataFrame, lines: pd.DataFrame, kinds: ObjectArray, how: Understanding) -> None:
    """Pressure class of gas, voltage of power, direction of flow."""
    gas = kinds == "gas"
    # The result table has one column for both: on a gas sheet the voltage column holds the pressure.
    text = raw["pressure"].fillna(raw["voltage"]).where(gas, None)
    classes = how.catalogue.codes.get("pressure_class", ())
    told = resolve_codes(text, kinds, classes)
    tokens = told.tokens()
    pressure = parse_numbers(text.where(told.unknown, None), unit="MPa", zero_is_null=True)
    tokens[np.isfinite(pressure.value)] = pressure_classes(
        pressure.value[np.isfinite(pressure.value)], how.catalogue
    )
    lines["pressure_class"] = tokens
    _tell_unknown(raw, told.unknown & pressure.bad, "pressure", how)
    power_text = raw["voltage"].where(kinds == "power", None)
    voltage = parse_voltage_kv(power_text)
    named = resolve_codes(power_text.where(voltage.bad, None), kinds, how.catalogue.codes.get("voltage", ()))
    exact = np.array([_exact_kv(value) for value in named.value], dtype=np.float64)
    lines["voltage_kv"] = np.where(voltage.bad & ~(voltage_is_220(power_text)), exact, voltage.value)
    _tell_unknown(raw, voltage.bad & (named.unknown | voltage_is_220(power_text)), "voltage", how)
    flow = codes_of(raw, "flow", "flow", kinds, how, silent=("0",)).tokens()
    lines["flow"] = np.array([0 if token is None else int(token) for token in flow], dtype=np.int64)


def _exact_kv(value: CodeValue | None) -> float:
    """The voltage a code value stands for; NaN for a class of voltages."""
    is_exact = value is not None and value.minimum is not None and value.minimum == value.maximum
    return float(value.minimum) if is_exact and value is not None and value.minimum is not None else np.nan


def voltage_is_220(text: pd.Series) -> BoolArray:
    """``(n,)`` whether the text is a bare 220: 220 V or 220 kV, nobody can tell."""
    result: BoolArray = text.isin(("220", "220.0")).to_numpy(dtype=np.bool_)
    return result


def _tell_unknown(raw: pd.DataFrame, mask: BoolArray, column: str, how: Understanding) -> None:
    how.doubts.distinct(
        raw, mask, column, code="R05", level="warning",
        told=(lambda value: Words(f"“{value}”含义不明，按未知处理", f"{value!r} is unclear; taken as unknown"),
              Words("请写明等级或带单位的数值（如 中压A、10kV）", "Write the class, or a number with its unit (such as 10kV)")),
    )  # fmt: skip


def pressure_classes(pressure_mpa: FloatArray, catalogue: Catalogue) -> ObjectArray:
    """``(n,)`` gas pressure class of pressures in MPa, by the bounds of the code list; None outside them all."""
    classes: ObjectArray = np.full(len(pressure_mpa), None, dtype=object)
    for value in reversed(catalogue.codes.get("pressure_class", ())):
        if value.one_of or value.minimum is None:
            continue
        upper = np.inf if value.maximum is None else value.maximum
        classes[(pressure_mpa >= value.minimum) & (pressure_mpa <= upper)] = value.token
    return classes


def _counts(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> None:
    total, used, bad = parse_holes(raw["hole_count"])
    how.doubts.rows(
        raw, bad, "hole_count", code="S03", level="error",
        told=(lambda value: Words(f"孔数“{value}”不是数值", f"{value!r} is no count of holes"), _MAP_COLUMN),
    )  # fmt: skip
    lines["holes_total"] = total
    apart = numbers_of(raw, "holes_used", how, unit="")
    lines["holes_used"] = np.where(np.isfinite(apart), apart, used)
    lines["cables"] = numbers_of(raw, "cable_count", how, unit="")


def with_levels(
    points: pd.DataFrame, lines: pd.DataFrame, notes: LineNotes, meaning_given: str | None, how: Understanding
) -> Vertices:
    """Fills sizes, reference, accuracy and bank of ``lines`` in situ; gives their axes with levels."""
    ends = {"start": lines["from_point"].to_numpy(np.int64), "end": lines["to_point"].to_numpy(np.int64)}
    ground = {end: _at(points["ground_m"].to_numpy(np.float64), rows) for end, rows in ends.items()}
    _settle_level_columns(lines, ground, meaning_given, how)
    says, wall = notes.sections.says, notes.sections.wall_mm
    envelopes = levels.outer_envelopes(
        lines, kinds=how.catalogue.kinds, sizes=how.catalogue.outer_sizes, says=says, given_wall_mm=wall
    )
    reference, contradicted = _references(lines, notes, how)
    lines["outer_width_mm"], lines["outer_height_mm"] = envelopes.width_mm, envelopes.height_mm
    lines["outer_spread_mm"] = 2.0 * np.nan_to_num(envelopes.spread_mm)
    lines["outer_is_assumed"] = envelopes.assumed
    lines["depth_reference"] = reference
    found = {
        end: levels.end_levels(
            levels.reference_levels(
                ground[end],
                lines[f"{end}_depth_m"].to_numpy(np.float64),
                lines[f"{end}_level_m"].to_numpy(np.float64),
            ),
            reference,
            envelopes,
        )
        for end in ends
    }
    _accuracy(points, lines, ends, (ground, found), how)
    measured = lines["sigma_level_m"].to_numpy(np.float64)
    sigma = levels.level_sigma_m(measured, envelopes, reference)
    half_height_m = np.nan_to_num(lines["nominal_height_mm"].to_numpy(np.float64)) / 2.0 / levels.MM_PER_M
    lines["sigma_level_m"] = np.where(contradicted, np.hypot(sigma, half_height_m), sigma)
    lines["assumptions"] = _assumptions(
        lines,
        points,
        ends,
        {
            "outer_size": envelopes.assumed & np.isfinite(envelopes.height_mm),
            "end_depth_of_point": notes.end_depth_assumed,
            "level_column_contradicts_rule": contradicted,
        },
    )
    lines["bank"] = _banks(points, lines, ends)
    return _vertices(points, ends, ground, found)


def _at(values: FloatArray, rows: npt.NDArray[np.int64]) -> FloatArray:
    if not len(values):
        return np.full(len(rows), np.nan)
    return np.where(rows >= 0, values[np.maximum(rows, 0)], np.nan)


def _settle_level_columns(
    lines: pd.DataFrame, ground: dict[str, FloatArray], given: str | None, how: Understanding
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
    if meaning in ("pipe", "none"):
        return
    if meaning == "ground":
        how.doubts.say(
            "R06",
            "info",
            Words(f"起终点高程列实为地面高程：{told.asked} 个端点中 {told.like_ground} 个等于管点地面高程，"
                  f"只有 {told.like_pipe} 个满足 地面 = 埋深 + 管线高程。管线高程改由地面高程减埋深求得。",
                  f"The level columns hold the ground, not the pipe: at {told.like_ground} of {told.asked} ends they equal the "
                  f"point's ground level, at {told.like_pipe} ground = depth + level holds. Pipe levels are ground less depth."),
            Words("如确为管线高程，请指定 level_meaning = pipe。", "If they are pipe levels, say level_meaning = pipe."),
        )  # fmt: skip
    else:
        how.doubts.say(
            "R06",
            "warning",
            Words(f"起终点高程列含义不一：{told.asked} 个端点中 {told.like_ground} 个等于地面，"
                  f"{told.like_pipe} 个合于管线高程；均不采用，改由埋深求得。",
                  f"The level columns mean now this, now that: of {told.asked} ends {told.like_ground} equal the ground and "
                  f"{told.like_pipe} fit a pipe level. None is used; levels come from depths."),
            Words("请核对高程列，或指定 level_meaning。", "Compare the level columns, or say level_meaning."),
        )  # fmt: skip
    for end in ("start", "end"):
        if meaning == "ground":
            lent = lines[f"{end}_level_m"].to_numpy(np.float64)
            ground[end][:] = np.where(np.isfinite(ground[end]), ground[end], lent)
        lines[f"{end}_level_m"] = np.nan


def _references(lines: pd.DataFrame, notes: LineNotes, how: Understanding) -> tuple[ObjectArray, BoolArray]:
    """What depths are measured to; and where the column of the level contradicts the rule for channels."""
    by_burial: ObjectArray = np.empty(len(lines), dtype=object)
    by_burial[:] = [None if value is None else value.depth_reference for value in notes.burial.value]
    reference = levels.depth_references(
        lines, kinds=how.catalogue.kinds, burial_reference=by_burial, is_pressed=notes.pressed
    )
    from_below = np.isin(reference.astype(str), ("invert", "inner_bottom", "outer_bottom"))
    top, bottom = notes.level_says == "top", notes.level_says == "bottom"
    differs = (top & from_below) | (bottom & ~from_below & (reference != "unknown"))
    is_channel = reference == "inner_bottom"
    # A pipe's column says outright what was measured. For a channel crews fill the column of their sheet.
    reference[differs & top & ~is_channel] = "crown"
    reference[differs & bottom] = "invert"
    contradicted = differs & top & is_channel
    for mask, level, zh, en in (
        (
            contradicted,
            "warning",
            "高程填在“顶”列，但管沟埋深按规程量至沟内底：按沟内底处理，并加大高程中误差",
            "stands in the column of the top, but a channel is measured to its inner bottom: taken so, with a wider sigma",
        ),
        (
            differs & ~contradicted,
            "info",
            "高程所在的列与该管类的埋深基准不同：按所在列处理",
            "stands in a column that differs from the kind's depth reference: the column is followed",
        ),
    ):
        if mask.any():
            how.doubts.distinct(
                lines, mask, "sheet", code="R13", level="warning" if level == "warning" else "info",
                told=(lambda sheet, zh=zh, en=en: Words(f"{sheet} 表：{zh}", f"Sheet {sheet}: the level {en}"),  # type: ignore[misc]
                      Words("请与探测单位核对埋深量至何处", "Ask the survey crew what the depth is measured to")),
            )  # fmt: skip
    return reference, contradicted


def _accuracy(
    points: pd.DataFrame,
    lines: pd.DataFrame,
    ends: dict[str, npt.NDArray[np.int64]],
    heights: tuple[dict[str, FloatArray], dict[str, levels.EndLevels]],
    how: Understanding,
) -> None:
    """The worse of the two ends, each at its own centre depth; the points get the worst of their lines."""
    ground, found = heights
    unknown_m = how.catalogue.limits.values["depth_when_unknown_m"]
    classes = points["accuracy_class"].to_numpy(dtype=object)
    per_end: dict[str, tuple[ObjectArray, FloatArray, FloatArray]] = {}
    for end, rows in ends.items():
        centre = (found[end].crown_m + found[end].bottom_m) / 2.0
        depth = np.where(
            np.isfinite(centre), ground[end] - centre, lines[f"{end}_depth_m"].to_numpy(np.float64)
        )
        mine: ObjectArray = np.full(len(lines), "hidden_point", dtype=object)
        if len(classes):
            mine = np.where(rows >= 0, classes[np.maximum(rows, 0)], mine)
        plan, level = sigmas_m(mine, depth, how.catalogue.accuracy, depth_when_unknown_m=unknown_m)
        per_end[end] = (mine, plan, level)
    start, end_ = per_end["start"], per_end["end"]
    lines["accuracy_class"] = np.where(start[1] >= end_[1], start[0], end_[0])
    lines["sigma_plan_m"] = np.maximum(start[1], end_[1])
    lines["sigma_level_m"] = np.maximum(start[2], end_[2])
    for column, at in (("sigma_plan_m", 1), ("sigma_level_m", 2)):
        worst = np.full(len(points), -np.inf)
        for end, rows in ends.items():
            np.maximum.at(worst, rows[rows >= 0], per_end[end][at][rows >= 0])
        points[column] = np.where(np.isfinite(worst), worst, points[column].to_numpy(np.float64))


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
    east = _at(points["east_m"].to_numpy(np.float64), rows)
    north = _at(points["north_m"].to_numpy(np.float64), rows)
    return pd.Series(np.round(east, 2)), pd.Series(np.round(north, 2))


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
