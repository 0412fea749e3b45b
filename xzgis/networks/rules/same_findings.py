"""What an import tells of lines whose course the register holds already (decision 0021): D02 and D03."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.likeness import Standing, told_apart
from xzgis.networks.terms import FloatArray, IntakeFinding

# What becomes of a line whose course the register holds; None: it is replaced, and asked for where it may be another.
Same = Literal["replace", "keep", "beside"]
OTHER_LINE = "D03"
MOST_NAMED = 2000
"""After a change of the height datum every line of a register is another: these are named, the rest counted in one."""
_ASK = Words(
    "入库时选择：“替换”（同一条线重新测得）、“保留”（管段及其两端管点以现有记录为准）或“并列”（是另一条线，与现有记录同时保留）；"
    "一次选择对整批有效，两种情况并存时请分开提交",
    "Choose when it goes in: replace (the same line, measured anew), keep (the record stands, with the points at its "
    "ends) or beside (another line, which goes in next to the record); one answer holds for the whole batch: deliver the "
    "two sorts separately",
)
_MARKS = {
    ("owner", ""): ("权属", "owner"),
    ("voltage_kv", " kV"): ("电压", "voltage"),
    ("pressure_class", ""): ("压力级别", "pressure"),
}

# What tells lines apart (:func:`xzgis.networks.rules.likeness.told_apart`): the field to look at, and its words.
_APART_BY = {
    "level": ("crown_m", "标高", "level"),
    "side": ("crown_m", "标高所指（管顶、管底）", "side that the level is of"),
    "size": ("section", "外径", "size"),
    "owner": ("owner", "权属", "owner"),
    "voltage_kv": ("voltage", "电压", "voltage"),
    "pressure_class": ("pressure", "压力级别", "pressure"),
    "life_state": ("life_state", "状态（在用/废弃）", "state"),
}
_UNTOLD = (
    "crown_m",
    "标高、外径、权属、电压、压力级别或状态不明",
    "with no level, size, owner, voltage or pressure that tells it",
)
_STATES = {
    "disused": ("废弃", "disused"),
    "pending": ("待批", "waiting for approval"),
    "approved": ("已批未建", "approved, not built"),
    "reserved": ("规划预留", "reserved"),
}


@dataclass(frozen=True, slots=True)
class Held:
    """How much of a delivery the register holds, rows with errors too; kept with the batch as it was when last read.

    ``points`` and ``lines`` are records of it for certain, ``points_of_lines`` of the points ends of lines that it holds or
    may hold (they stay with them if these are kept); ``others`` have the course of a record and may be another
    line, ``others_held`` of them with a record that they would replace.
    """

    points: int
    points_of_lines: int
    points_new: int
    lines: int
    others: int
    others_held: int
    lines_new: int


def same_lines(count: int) -> IntakeFinding:
    """D02: how many lines replace a record as its new version."""
    return IntakeFinding(
        code="D02",
        level="warning",
        words=Words(
            f"{count} 条管段与登记库现有记录同类同线位：入库时作为新版本替换，不重复登记",
            f"{count} lines have the kind and course of a record of the register: they replace it as a new version",
        ),
        remedy=Words(
            "确认本次数据更新；如要保留这些管段及其两端管点的原记录，入库时请选择“保留”",
            "See that this delivery is the newer one; to keep the records of these lines and of the points at their ends "
            "choose 'keep' when it goes in",
        ),
    )


def other_lines(
    lines: pd.DataFrame,
    standing: Standing,
    there: Standing,
    labels: Sequence[str | None],
    places: FloatArray,
    pressures: Mapping[str, Words],
    *,
    sigma_factor: float,
) -> list[IntakeFinding]:
    """D03: each of ``lines`` (``(n,)`` rows ``file sheet row label``) that has a record's course and may be another line.

    The first :data:`MOST_NAMED` one by one; what follows is one error of the whole delivery, which no leaving out of rows
    answers: somebody has to say what they are.
    ``there`` is the standing of the record that is nearest to it, ``labels`` how it is called; ``places`` ``(n, 2)``;
    ``pressures`` tells what a token of a class of pressure is called; levels differ by more than ``sigma_factor``
    standard deviations.
    """
    found = []
    named = lines.iloc[:MOST_NAMED]
    first = np.arange(len(named))
    apart = told_apart(standing.at(first), there.at(first), sigma_factor=sigma_factor)
    for at, (file, sheet, row) in enumerate(zip(named["file"], named["sheet"], named["row"], strict=True)):
        which = np.array([at], np.int64)
        here, held = _told(standing.at(which), pressures), _told(there.at(which), pressures)
        name = labels[at]
        field, differs = _differs([mark for mark, rows in apart.items() if rows[at]])
        found.append(
            IntakeFinding(
                code=OTHER_LINE,
                level="error",
                words=Words(
                    f"与登记库现有记录{f'“{name}”' if name else ''}同类同线位，"
                    f"但{differs.zh}（现有：{held.zh}；本次：{here.zh}），不能认定为同一条管线",
                    f"It has the kind and course of the record{f' {name}' if name else ''} but {differs.en} "
                    f"(registered: {held.en}; now: {here.en}): nobody can tell "
                    "that it is the same line",
                ),
                remedy=_ASK,
                file=file,
                sheet=sheet,
                row=None if pd.isna(row) else int(row),
                field=field,
                east_m=float(places[at, 0]),
                north_m=float(places[at, 1]),
                table="lines",
            )
        )
    return [*found, _unnamed(len(lines) - MOST_NAMED)] if len(lines) > MOST_NAMED else found


def _differs(marks: Sequence[str]) -> tuple[str, Words]:
    """The field in which a line differs from the record, the first of several, and a sentence of all of them."""
    if not marks:
        return _UNTOLD[0], Words(*_UNTOLD[1:])
    zh = "、".join(_APART_BY[one][1] for one in marks)
    en = ", ".join(_APART_BY[one][2] for one in marks)
    return _APART_BY[marks[0]][0], Words(f"{zh}不同", f"another {en}")


def _unnamed(count: int) -> IntakeFinding:
    """All that were not named one by one."""
    return IntakeFinding(
        code=OTHER_LINE,
        level="error",
        words=Words(
            f"另有 {count} 条管段与登记库现有记录同类同线位而不能认定为同一条管线，未逐条列出；"
            "数量如此之多，请先核对高程基准与埋深起算是否与登记库一致",
            f"{count} more lines have the course of a record of which nobody can tell that it is the same line, and are not "
            "listed one by one; so many ask whether the height datum and the depth reference are those of the register",
        ),
        remedy=_ASK,
        table="lines",
    )


def answered(findings: Sequence[IntakeFinding], same: Same | None) -> tuple[IntakeFinding, ...]:
    """``findings`` with what ``same`` decides no longer an error: a person said what the lines are."""
    if same is None:
        return tuple(findings)
    return tuple(
        replace(one, level="warning") if one.code == OTHER_LINE and one.level == "error" else one
        for one in findings
    )


def still_asked(errors: Sequence[IntakeFinding]) -> Words | None:
    """What to say of errors that wait for an answer to D03; None where none does."""
    asked = [one for one in errors if one.code == OTHER_LINE]
    if not asked:
        return None
    several = "以上" if any(one.row is None for one in asked) else ""
    rest = len(errors) - len(asked)
    return Words(
        f"有 {len(asked)} 条{several}管段与登记库现有记录同线位而可能是另一条线（D03）：请选择“替换”“保留”或“并列”后再入库"
        + (f"；另有 {rest} 个其他错误，请改正，或选择“带错行不入库”。" if rest else "。"),
        f"{len(asked)} lines{' and more' if several else ''} have the course of a record and may be another line (D03): "
        "choose replace, keep or beside first"
        + (f"; there are {rest} other errors: mend them, or leave their rows out." if rest else "."),
        "--same replace | keep | beside",
    )


def _told(one: Standing, pressures: Mapping[str, Words]) -> Words:
    """Level, size and marks of one line, for people."""
    zh, en = [], []
    for levels, word, english in ((one.crown_m[0], "管顶", "crown"), (one.bottom_m[0], "管底", "bottom")):
        if np.isfinite(levels).any():
            ends = "/".join("?" if np.isnan(level) else f"{level:.2f}" for level in levels)
            zh.append(f"{word} {ends} m")
            en.append(f"{english} {ends} m")
            break
    else:
        zh.append("标高未知")
        en.append("level unknown")
    width = one.outer_mm[0, 0]
    if np.isfinite(width):
        spread = one.spread_mm[0]
        size = f"{width:.0f}" + (f"±{spread:.0f}" if spread > 0 else "") + " mm"
        zh.append(f"外宽 {size}")
        en.append(f"outer width {size}")
    for (mark, unit), (word, english) in _MARKS.items():
        value = one.marks[mark].iloc[0]
        if not pd.isna(value):
            said = pressures.get(value) if mark == "pressure_class" else None
            zh.append(f"{word} {said.zh if said else _plain(value)}{unit}")
            en.append(f"{english} {said.en if said else _plain(value)}{unit}")
    state = one.marks["life_state"].iloc[0]
    if not pd.isna(state) and state in _STATES:
        zh.append(_STATES[state][0])
        en.append(_STATES[state][1])
    return Words("，".join(zh), ", ".join(en))


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
