"""Canonical lines of a survey delivery, still without levels."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules import levels
from xzgis.networks.rules.burials import IS_OPEN
from xzgis.networks.rules.codes import KindChoice, Resolved
from xzgis.networks.rules.counted_sections import (
    cannot_hold,
    counted,
    says_units,
    tell_too_small,
    tell_unsure,
)
from xzgis.networks.rules.courses import RAISED
from xzgis.networks.rules.ducts import is_banked
from xzgis.networks.rules.hole_counts import add_unread, cable_counts, parse_holes, with_layouts
from xzgis.networks.rules.level_words import WORD_FIELDS
from xzgis.networks.rules.line_conditions import gas_classes, voltages
from xzgis.networks.rules.named_burials import add_named_burials
from xzgis.networks.rules.no_heights import tell_no_depths, tell_no_levels
from xzgis.networks.rules.numbers import (
    FloatArray,
    parse_numbers,
    says_no_height,
    text_or_none,
)
from xzgis.networks.rules.sections import Sections, odd_sizes, parse_sections
from xzgis.networks.rules.sewer_pressure import NAMED, REMEDY, UNCLEAR, Pressed, named_pressed, pressed_sewers
from xzgis.networks.rules.size_units import doubted_sizes
from xzgis.networks.rules.sources import line_sources
from xzgis.networks.rules.survey_points import life_states
from xzgis.networks.rules.told_beside import add_said_beside
from xzgis.networks.rules.told_drilled import add_said_drilled
from xzgis.networks.rules.understanding import (
    BoolArray,
    ObjectArray,
    Understanding,
    codes_of,
    dates_of,
    kinds_of,
    numbers_of,
    survey_dates,
)
from xzgis.networks.terms import empty_lines

_MAP_COLUMN = Words("请在列对应中更正，或改正原表", "Correct the mapping of columns, or the table")


@dataclass(frozen=True)
class LineNotes:
    """What the levels need to know of the lines beside their canonical columns; ``(n,)`` each.

    ``words``: what the heads of depths and levels say, by :data:`WORD_FIELDS`; ``beside_m``: second levels by end.
    ``sources``: where the one and the other row of a line say that it comes from.
    """

    sections: Sections
    burial: Resolved
    pressed: Pressed
    words: Mapping[str, ObjectArray]
    beside_m: Mapping[str, FloatArray]
    end_depth_assumed: BoolArray
    sources: tuple[ObjectArray, ObjectArray]


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
    lines[IS_OPEN] = burial.unknown
    add_said_drilled(lines)
    add_named_burials(lines, levels.is_gravity(lines["kind"], how.catalogue.kinds), raw["title"])
    add_said_beside(lines)
    lines["material"] = codes_of(raw, "material", "material", kinds, how).tokens()
    _counts(raw, lines, how)
    sections = _sections(raw, lines, how)
    beside_m = _depths(raw, lines, how)
    _conditions(raw, lines, kinds, how)
    for name in ("owner", "road"):
        lines[name] = text_or_none(raw[name])
    lines["life_state"] = life_states(raw, kinds, how)
    lines["built_on"] = dates_of(raw, "built_on", how)
    lines["surveyed_on"] = survey_dates(raw, how)
    notes = LineNotes(
        sections=sections,
        burial=burial,
        pressed=_pressed(raw, lines, how),
        words={name: raw[name].to_numpy(dtype=object) for name in WORD_FIELDS},
        beside_m=beside_m,
        end_depth_assumed=raw["end_depth_assumed"].to_numpy(dtype=np.bool_),
        sources=line_sources(raw, kinds, how),
    )
    return lines, notes


def _sections(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> Sections:
    sections = parse_sections(raw["section"])
    says_unit = says_units(raw["section"], raw["section_unit"].notna().to_numpy(np.bool_))
    sections, unsure = counted(sections, lines, says_unit=says_unit)
    tell_unsure(raw, unsure, how.doubts)
    how.doubts.distinct(
        raw, sections.bad, "section", code="R04", level="warning",
        told=(lambda value: Words(f"断面“{value}”无法理解，按未知处理", f"The section {value!r} is taken as unknown"),
              Words("圆形写直径（300），矩形写宽X高（900X600），单位毫米",
                    "Write a diameter (300) or width X height (900X600) in millimetres")),
    )  # fmt: skip
    odd = odd_sizes(sections.width_mm, sections.height_mm, lines["kind"], how.catalogue.kinds) & ~unsure
    how.doubts.distinct(
        raw, odd, "section", code="R04", level="warning",
        told=(lambda value: Words(f"断面“{value}”对该管类不合理（单位毫米），按未知处理",
                                  f"The section {value!r} (in millimetres) cannot be of this kind; taken as unknown"),
              Words("核对断面的单位（应为毫米）", "Compare the unit of sections (millimetres)")),
    )  # fmt: skip
    told = raw[["file", "sheet", "row", "section"]].assign(
        says_unit=raw["section_unit"].notna(),
        shape=sections.shape,
        width_mm=sections.width_mm,
        height_mm=sections.height_mm,
    )
    sides_mm = sections.width_mm, sections.height_mm
    hole_mm = parse_numbers(raw["cable_diameter_mm"], unit="mm").value
    too_small = cannot_hold(sections.shape, sides_mm, lines, hole_mm) & ~unsure
    tell_too_small(raw, too_small, lines, how.doubts)
    odd |= unsure | too_small
    odd |= doubted_sizes(told, lines, how.catalogue, how.doubts)
    lines["section_text"] = text_or_none(raw["section"])
    shape = sections.shape.copy()
    shape[odd] = None
    lines["shape"] = shape
    lines["nominal_width_mm"] = np.where(odd, np.nan, sections.width_mm)
    lines["nominal_height_mm"] = np.where(odd, np.nan, sections.height_mm)
    return sections


def _depths(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> dict[str, FloatArray]:
    """Depths and levels as recorded; 0 and -1 are depths only of lines on or above the surface.

    Returns the second level of each end, of a table with a head for the top and one for the bottom.
    """
    raised = lines["burial"].isin(RAISED).to_numpy(dtype=np.bool_)
    nothing = no_levels = 0
    beside_m: dict[str, FloatArray] = {}
    for end in ("start", "end"):
        depth = numbers_of(raw, f"{end}_depth_m", how)
        says_nothing = says_no_height(depth) & ~raised
        nothing += int(says_nothing.sum())
        lines[f"{end}_depth_m"] = np.where(says_nothing, np.nan, depth)
        told = [numbers_of(raw, f"{end}_{what}_m", how) for what in ("level", "beside")]
        silent = [says_no_height(one) for one in told]
        no_levels += int(sum(one.sum() for one in silent))
        lines[f"{end}_level_m"], beside_m[end] = (
            np.where(empty, np.nan, one) for one, empty in zip(told, silent, strict=True)
        )
    tell_no_depths(nothing, how.doubts)
    tell_no_levels(no_levels, how.doubts)
    return beside_m


def _conditions(raw: pd.DataFrame, lines: pd.DataFrame, kinds: ObjectArray, how: Understanding) -> None:
    """Pressure class of gas, voltage of power, direction of flow."""
    gas = kinds == "gas"
    # The result table has one column for both: on a gas sheet the voltage column holds the pressure.
    text = raw["pressure"].fillna(raw["voltage"]).where(gas, None)
    told = gas_classes(text, kinds, how.catalogue)
    lines["pressure_class"] = told.token
    _tell_unknown(raw, told.unclear, "pressure", how)
    volts = voltages(raw["voltage"], kinds, how.catalogue)
    lines["voltage_kv"] = volts.kv
    _tell_unknown(raw, volts.unclear, "voltage", how)
    flow = codes_of(raw, "flow", "flow", kinds, how, silent=("0",)).tokens()
    lines["flow"] = np.array([0 if token is None else int(token) for token in flow], dtype=np.int64)


def _tell_unknown(raw: pd.DataFrame, mask: BoolArray, column: str, how: Understanding) -> None:
    how.doubts.distinct(
        raw, mask, column, code="R05", level="warning",
        told=(lambda value: Words(f"“{value}”含义不明，按未知处理", f"{value!r} is unclear; taken as unknown"),
              Words("请写明等级或带单位的数值（如 中压A、10kV）", "Write the class, or a number with its unit (such as 10kV)")),
    )  # fmt: skip


def _pressed(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> Pressed:
    """Sewers under pressure; R05 of those of which nobody can tell."""
    told = pressed_sewers(raw["pressure"], levels.is_gravity(lines["kind"], how.catalogue.kinds))
    how.doubts.distinct(
        raw, told.open, "pressure", code="R05", level="warning",
        told=(lambda value: Words(f"压力“{value}”：{UNCLEAR.zh}", f"Pressure {value!r}: {UNCLEAR.en}"), REMEDY),
    )  # fmt: skip
    named = named_pressed(told.silent, [raw[name] for name in ("code", "sheet", "file")])
    may_be: BoolArray = np.asarray(pd.notna(named), dtype=np.bool_)
    how.doubts.distinct(
        raw.assign(pressure=named), may_be, "pressure", code="R05", level="warning",
        told=(lambda value: Words(f"“{value}”：{NAMED.zh}", f"{value!r}: {NAMED.en}"), REMEDY),
    )  # fmt: skip
    return replace(told, open=told.open | may_be)


def _counts(raw: pd.DataFrame, lines: pd.DataFrame, how: Understanding) -> None:
    total, used, bad = parse_holes(raw["hole_count"])
    how.doubts.rows(
        raw, bad, "hole_count", code="S03", level="error",
        told=(lambda value: Words(f"孔数“{value}”不是数值", f"{value!r} is no count of holes"), _MAP_COLUMN),
    )  # fmt: skip
    lines["holes_total"] = with_layouts(total, raw["hole_layout"])
    apart = numbers_of(raw, "holes_used", how, unit="")
    lines["holes_used"] = np.where(np.isfinite(apart), apart, used)
    bare = raw.assign(cable_count=cable_counts(raw["cable_count"]))
    lines["cables"] = numbers_of(bare, "cable_count", how, unit="")
    add_unread(lines, is_banked(lines), raw["hole_count"], raw["hole_layout"], raw["cable_count"])
