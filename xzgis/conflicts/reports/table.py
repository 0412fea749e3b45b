"""A check's answer as an aligned table for a terminal, Chinese characters two columns wide."""

import unicodedata
from collections.abc import Sequence

from xzgis.conflicts.reports.document import verdict
from xzgis.conflicts.reports.labels import (
    VERSIONS,
    contest_words,
    deciding_rule,
    gap_place,
    hole_chainages,
    kind_word,
    measure_word,
    part_word,
    party_word,
    place_word,
)
from xzgis.conflicts.reports.numbering import numbered
from xzgis.conflicts.reports.settling import settled_by
from xzgis.conflicts.reports.standing import NOT_JUDGED, marks_of, rests_on
from xzgis.conflicts.reports.standing_word import beside_clear, counts_line, standing_word
from xzgis.conflicts.terms import CheckResult, Finding, Outcome
from xzgis.core.words import Language, Words

HEADS = {
    "zh": ("编号", "结论", "项目", "新建", "对象", "里程 m", "实测 m", "± m", "要求 m", "差 m", "依据"),
    "en": (
        "no.",
        "outcome",
        "measure",
        "new",
        "object",
        "chainage m",
        "gap m",
        "± m",
        "required m",
        "short m",
        "by",
    ),
}
LEAST_TOLD_M = 0.005
"""What is less rounds to no centimetre."""
RIGHT = {0, 5, 6, 7, 8, 9}
VERDICTS = {
    "clear": Words(
        "全部满足，且各类管线均已普查覆盖。", "Clear: every pair is clear and every kind is covered."
    ),
    "findings": Words("有不满足或公差内的项目。", "There are findings."),
    "cannot_judge": Words("没有不满足项，但有无法判定的内容。", "No breach, but something cannot be judged."),
}

SIGNS = Words(
    "（实测为壁到壁净距，负值为重叠；± 为标准差）",
    "(gap: wall to wall, negative is overlap; ±: standard deviation)",
)
NOBODY_LOOKED = Words(
    "未普查（没有人查过，不等于没有）：", "Not surveyed (nobody looked, which is not “nothing there”):"
)
UNSEEN = Words(
    "没有不满足项，但有未普查、未读取或未检查的部分，不能据此认定没有冲突。",
    "No breach, but some part was never surveyed, not read or not checked: nobody can say that there is no conflict.",
)


def sentence_of(result: CheckResult) -> Words:
    """The verdict in one sentence; what nobody looked at is not called a thing that cannot be judged."""
    told = verdict(result)
    open_ones = any(result.counts.get(one.value) for one in (Outcome.CANNOT_JUDGE, Outcome.REFER))
    if told == "clear":
        beside = beside_clear(result)
        return Words(f"{VERDICTS[told].zh}{beside.zh}", f"{VERDICTS[told].en}{beside.en}")
    return UNSEEN if told == "cannot_judge" and not open_ones else VERDICTS[told]


def as_table(result: CheckResult, kinds: dict[str, Words], language: Language = "zh") -> str:
    """The three answers in text: what conflicts, what is clear, what could not be judged and why."""
    parts = [said.spoken(language) for said in marks_of(result)]
    parts += [sentence_of(result).spoken(language), counts_line(result, language)]
    parts += [said.spoken(language) for said in settled_by(result)]
    if result.findings:
        rows = [(number, *_row(finding, kinds, language)) for number, finding in _in_order(result)]
        parts.append(aligned(HEADS[language], rows))
        parts.append(SIGNS.spoken(language))
        parts += [said.spoken(language) for said in hole_chainages(result)]
        parts += [
            f"  {number}. {one.words.spoken(language)}"
            for number, one in _in_order(result)
            if number and one.words.zh
        ]
        parts += [
            f"  {number}. {contest_words(one, language)}" for number, one in _in_order(result) if one.contest
        ]
    if result.not_covered:
        parts.append(_uncovered(result, kinds, language))
    parts += [said.spoken(language) for said in (NOT_JUDGED, *rests_on(result))]
    parts.append(versions_line(result, language))
    return "\n".join(parts) + "\n"


def versions_line(result: CheckResult, language: Language) -> str:
    """By which rules, data and program the answer was made, in one line."""
    versions = [
        f"{VERSIONS[name].spoken(language) if name in VERSIONS else name} {value}"
        for name, value in sorted(result.versions.items())
    ]
    return Words(f"版本：{'、'.join(versions)}", f"Versions: {', '.join(versions)}").spoken(language)


def _in_order(result: CheckResult) -> list[tuple[str, Finding]]:
    """What needs an eye by its number, then what is clear, without one."""
    clear = [one for one in result.findings if one.outcome is Outcome.CLEAR and not one.advisory]
    return [(str(number), one) for number, one in numbered(result.findings)] + [("", one) for one in clear]


def aligned(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """``rows`` under ``heads`` in columns as wide as their widest cell on the screen."""
    widths = [max(width(row[at]) for row in [heads, *rows]) for at in range(len(heads))]
    lines = [heads, ["-" * each for each in widths], *rows]
    return "\n".join(
        "  ".join(_cell(line[at], widths[at], at) for at in range(len(heads))).rstrip() for line in lines
    )


def width(text: str) -> int:
    """Columns that ``text`` takes on a terminal; wide characters take two."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def _cell(text: str, columns: int, at: int) -> str:
    blank = " " * (columns - width(text))
    return blank + text if at in RIGHT else text + blank


def _row(finding: Finding, kinds: dict[str, Words], language: Language) -> tuple[str, ...]:
    return (
        standing_word(finding, language),
        measure_word(finding.measure, language),
        party_word(finding.a, kinds, language),
        party_word(finding.b, kinds, language),
        place_word(finding, language),
        _metres(finding.gap_m),
        "" if finding.gap_m is None else _metres(finding.sigma_m),
        _metres(finding.required_m),
        _metres(finding.shortfall_m),
        deciding_rule(finding, language),
    )


def _metres(value: float | None) -> str:
    """Centimetres; what would then read as nothing, millimetres: short by 2 mm is not short by 0.00."""
    if value is None or value != value:
        return ""
    if value == 0.0 or abs(value) >= LEAST_TOLD_M:
        return f"{value:.2f}"
    return f"{value:.3f}" if abs(value) >= LEAST_TOLD_M / 10 else "< 0.001" if value > 0.0 else "> -0.001"


def _uncovered(result: CheckResult, kinds: dict[str, Words], language: Language) -> str:
    parts = [
        f"  {kind_word(part.kind, kinds, language)}  {part_word(part.run, language)}  {gap_place(part, language)}"
        for part in result.not_covered
    ]
    return "\n".join([NOBODY_LOOKED.spoken(language), *parts])
