"""Text frames of points and lines → canonical frames: kinds, numbers, codes, dates, links."""

import re
from collections import Counter
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import Catalogue, CodeValue
from xzgis.core.words import Words
from xzgis.networks.rules.burials import FOLLOWS, resolve_burials
from xzgis.networks.rules.codes import (
    KindChoice,
    Resolved,
    choose_kind,
    folded,
    in_no_list,
    resolve_codes,
    shared_digits,
)
from xzgis.networks.rules.dates import parse_dates
from xzgis.networks.rules.doubts import Doubts, Where, first_where
from xzgis.networks.rules.kind_words import Beside
from xzgis.networks.rules.numbers import (
    FloatArray,
    decimal_comma,
    number_keys,
    parse_numbers,
    text_or_none,
)

BoolArray = npt.NDArray[np.bool_]
IntArray = npt.NDArray[np.int64]
ObjectArray = npt.NDArray[np.object_]

_SURVEY_DATE = re.compile(r"(?:调查|探测|测量)日期[::]\s*(\d{4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?)")
# So many words of no kind are numbers or names, not codes.
_MOST_UNKNOWN = 50
_CORRECT = Words("请在原表中改正后重新导入", "Correct it in the table and import again")
_DECIMAL_COMMA = Words(
    "小数点写成了逗号：请在表格软件中把小数分隔符设为“.”后另存，或把数值中的逗号都换成点，再重新导入",
    "The decimal sign is a comma: set it to a point in the spreadsheet program and save again, or replace the commas in "
    "the figures, and import again",
)


@dataclass(frozen=True)
class Understanding:
    """What the understanding of one delivery rests on."""

    catalogue: Catalogue
    code_kinds: Mapping[str, str]
    schemes: Sequence[str]
    doubts: Doubts


def choose_kinds(
    points: pd.DataFrame, lines: pd.DataFrame, how: Understanding, *, coded: Container[str] = ()
) -> dict[str, KindChoice]:
    """A kind for every delivered code, with findings for the doubtful ones.

    ``coded``: places of the tables that have a column of codes; of the others the code is told by a name.
    """
    told = [frame["code"] for frame in (points, lines) if len(frame)]
    if not told:
        return {}
    codes = pd.concat(told, ignore_index=True).dropna().unique()
    choices: dict[str, KindChoice] = {}
    pairs = pd.concat([frame[["code", "words"]].drop_duplicates() for frame in (points, lines) if len(frame)])
    words = pairs.groupby("code")["words"].agg(set)
    # Grouped once: a column that holds a thing of its own in every row is no column of codes, and may be one all the same.
    rows = [_rows_by_code(frame) for frame in (points, lines)]
    for code in codes:
        mine = _of(points, rows[0], code), _of(lines, rows[1], code)
        choice = choose_kind(
            str(code),
            kind_codes=how.catalogue.kind_codes,
            kinds=how.catalogue.kinds,
            words=sorted(words[code]),
            hints=partial(_hints, *mine, how.catalogue),
            given=how.code_kinds,
            schemes=how.schemes,
            beside=Beside(names=tuple(map(str, codes))),
        )
        choices[str(code)] = choice
        _tell_choice(choice, how, _first_of(str(code), *mine, coded), (len(mine[0]), len(mine[1])))
    _tell_no_codes(choices, how, _first_of("", points, lines, coded))
    return choices


def _rows_by_code(frame: pd.DataFrame) -> Mapping[Any, IntArray]:
    if not len(frame):
        return {}
    number, codes = pd.factorize(frame["code"])
    order = np.argsort(number, kind="stable")
    parts = np.split(order, np.searchsorted(number[order], np.arange(len(codes))))[1:]
    return dict(zip(codes, parts, strict=True))


def _of(frame: pd.DataFrame, rows: Mapping[Any, IntArray], code: object) -> pd.DataFrame:
    return frame.iloc[rows.get(code, np.empty(0, np.int64))]


def _tell_no_codes(choices: Mapping[str, KindChoice], how: Understanding, first: Where) -> None:
    """R08 of a column most of whose words are codes of no list: numbers of lines or points, perhaps."""
    unknown = [choice.code for choice in choices.values() if choice.kind is None]
    if len(unknown) <= _MOST_UNKNOWN:
        return
    zh, en = "、".join(f"“{one}”" for one in unknown[:3]), ", ".join(map(repr, unknown[:3]))
    how.doubts.say(
        "R08",
        "warning",
        Words(
            f"作为管线代码的列中有 {len(unknown)} 个不同的词不能确定管类（如{zh}）：这一列多半不是管线代码。",
            f"The column taken for codes of kinds holds {len(unknown)} different words of which none tells a kind (such as "
            f"{en}): it is probably no column of codes.",
        ),
        Words(
            "请在列对应中把管线代码指定为另一列，或把此列设为不用，再重新读取。",
            "Choose another column for the code, or do not use this one, then read again.",
            "--column HEAD=code | --column HEAD=-",
        ),
        where=Where(first.file, first.sheet, field="code"),
    )


def _first_of(code: str, points: pd.DataFrame, lines: pd.DataFrame, coded: Container[str]) -> Where:
    """Where these rows of a code are delivered first: its row, or its table where no column says it."""
    for frame in (points, lines):
        if not len(frame):
            continue
        where = first_where(frame, np.ones(len(frame), np.bool_), "code", code)
        place = f"{where.file} / {where.sheet}" if where.sheet else where.file
        return where if place in coded else Where(where.file, where.sheet, value=code)
    return Where(value=code)


def _tell_choice(choice: KindChoice, how: Understanding, where: Where, rows: tuple[int, int]) -> None:
    """R08 of a code in doubt; ``rows`` of points and lines that stay out until its kind is told."""
    named = "、".join(
        how.catalogue.kinds[kind].zh for kind in choice.candidates if kind in how.catalogue.kinds
    )
    if choice.kind is None:
        how.doubts.say(
            "R08",
            "error",
            Words(
                f"管线代码“{choice.code}”无法确定管类（{choice.why_zh}{'：' + named if named else ''}）。"
                f"其管点 {rows[0]} 行、管线 {rows[1]} 行在指定前不入库。",
                f"The kind of code {choice.code!r} cannot be told: {choice.why_en}. "
                f"Until it is, its {rows[0]} rows of points and {rows[1]} of lines stay out.",
            ),
            Words("请指定该代码对应的管类后重新读取。", "Say which kind this code is, then read again."),
            where=where,
        )
    elif not choice.is_sure:
        kind = how.catalogue.kinds[choice.kind]
        how.doubts.say(
            "R08",
            "warning",
            Words(
                f"管线代码“{choice.code}”可为{named}，按{kind.zh}处理：{choice.why_zh}。",
                f"Code {choice.code!r} was taken as {kind.en}: {choice.why_en}.",
            ),
            Words(
                "如不对，请指定该代码对应的管类后重新读取。",
                "If wrong, say which kind this code is, then read again.",
            ),
            where=where,
        )


def _hints(points: pd.DataFrame, lines: pd.DataFrame, catalogue: Catalogue) -> dict[str, int]:
    """Of the rows of one code those whose values belong to some kinds alone: a gas pressure class, a storm gully."""
    votes: Counter[str] = Counter()
    for frame, columns in ((points, ("appurtenance",)), (lines, ("pressure", "voltage"))):
        if not len(frame):
            continue
        for column in columns:
            listing = {"pressure": "pressure_class"}.get(column, column)
            exclusive = _exclusive(catalogue.codes.get(listing, ()))
            for text, count in frame[column].dropna().value_counts().items():
                for kind in exclusive.get(folded(str(text)), ()):
                    votes[kind] += int(count)
    return dict(votes)


def _exclusive(values: Sequence[CodeValue]) -> dict[str, set[str]]:
    named: dict[str, set[str]] = {}
    for value in values:
        for name in (value.code, value.zh, *value.aliases):
            named.setdefault(folded(name), set()).update(value.kinds)
    return {name: kinds for name, kinds in named.items() if kinds}


def kinds_of(codes: pd.Series, choices: Mapping[str, KindChoice]) -> ObjectArray:
    """``(n,)`` kind token of each delivered code, None where it is not understood."""
    found = codes.map({code: choice.kind for code, choice in choices.items()})
    result: ObjectArray = found.astype(object).where(found.notna(), None).to_numpy(dtype=object)
    return result


def numbers_of(
    frame: pd.DataFrame, column: str, how: Understanding, *, unit: str = "m", zero_is_null: bool = False
) -> FloatArray:
    """``(n,)`` numbers of a text column; texts that are none are findings S03."""
    told = parse_numbers(frame[column], unit=unit, zero_is_null=zero_is_null)
    comma = told.bad & decimal_comma(frame[column], told.bad)
    for mask, remedy in ((comma, _DECIMAL_COMMA), (told.bad & ~comma, _CORRECT)):
        how.doubts.rows(
            frame,
            mask,
            column,
            code="S03",
            level="error",
            told=(lambda value: Words(f"“{value}”不是数值", f"{value!r} is no number"), remedy),
        )
    return told.value


# Of a bare digit for a status: the lists of several standards read it differently.
SHARED_STATUS = Words(
    "状态代码在不同标准中含义不同（在用、废弃或规划），不能推断",
    "the status code means different things in different standards (in service, abandoned or planned)",
)
SAY_STATUS = Words(
    "请改写为文字（在用、废弃、规划等）后重交；或在列对应中选“不使用此列”，全部按在用",
    "Write words (in service, abandoned, planned) and import again; or do not use this column, so that all count as "
    "in service",
    "--column HEAD=-",
)


def _shared_status(value: str) -> Words:
    return Words(f"“{value}”：{SHARED_STATUS.zh}", f"{value!r}: {SHARED_STATUS.en}")


def codes_of(
    frame: pd.DataFrame,
    column: str,
    listing: str,
    kinds: ObjectArray,
    how: Understanding,
    *,
    silent: Sequence[str] = (),
) -> Resolved:
    """Values of a code list; texts the list lacks are findings R05, one per distinct text."""
    values = how.catalogue.codes.get(listing, ())
    texts = frame[column]
    is_burial = listing == "burial"
    follows = FOLLOWS if is_burial else Words("", "")
    if listing == "status":
        asked = shared_digits(texts, values)
        how.doubts.distinct(
            frame, asked, column, code="R05", level="error", told=(_shared_status, SAY_STATUS)
        )
        texts = texts.where(~asked, None)
    told = (
        resolve_burials(texts, kinds, values)
        if is_burial
        else resolve_codes(texts, kinds, values, silent=silent)
    )
    how.doubts.distinct(
        frame,
        told.unknown,
        column,
        code="R05",
        level="warning" if listing in ("material", "burial", "pressure_class", "status") else "info",
        told=(
            lambda value: Words(
                f"“{value}”不在代码表 {listing} 中，按未知处理{follows.zh}",
                f"{value!r} is not in the list {listing}; taken as unknown{follows.en}",
            ),
            in_no_list(listing, values),
        ),
    )
    return told


def dates_of(frame: pd.DataFrame, column: str, how: Understanding) -> ObjectArray:
    """``(n,)`` dates or None; bad ones are findings R09, days to come and likely guesses too."""
    told = parse_dates(frame[column])
    how.doubts.distinct(
        frame, told.bad, column, code="R09", level="warning",
        told=(lambda value: Words(f"“{value}”不是日期，按未知处理", f"{value!r} is no date; taken as unknown"), _CORRECT),
    )  # fmt: skip
    how.doubts.distinct(
        frame, told.to_come, column, code="R09", level="warning",
        told=(lambda value: Words(f"“{value}”晚于今天，按未知处理", f"{value!r} is yet to come; taken as unknown"),
              _CORRECT),
    )  # fmt: skip
    how.doubts.distinct(
        frame, told.guessed, column, code="R09", level="info",
        told=(lambda value: Words(f"“{value}”很可能只是估计的年代", f"{value!r} is probably a guessed decade"),
              Words("请核对建设年代", "Compare the year of construction")),
    )  # fmt: skip
    return told.value


def survey_dates(frame: pd.DataFrame, how: Understanding) -> ObjectArray:
    """Dates of survey: of the row, else as the title of its table says."""
    dates = dates_of(frame, "surveyed_on", how)
    titles, texts = pd.factorize(frame["words"])
    found = [match.group(1) if (match := _SURVEY_DATE.search(str(text))) else None for text in texts]
    of_table = parse_dates(pd.Series(found, dtype=object)).value
    filled = of_table[titles]
    unknown = np.array([value is None for value in dates], dtype=np.bool_)
    dates[unknown] = filled[unknown]
    return dates


def words_or_text(told: Resolved, raw: pd.Series) -> ObjectArray:
    """Token where the list knows the text, else the text as delivered, None where it says nothing."""
    tokens = told.tokens()
    text = text_or_none(raw).to_numpy(dtype=object)
    result: ObjectArray = np.where(told.unknown, text, tokens)
    return result


def link_ends(points: pd.DataFrame, lines: pd.DataFrame, column: str, how: Understanding) -> IntArray:
    """``(n,)`` row of the point each line end names: of its own code, else the only one of that number, else -1."""
    numbers, ends = number_keys(points["point_no"]), number_keys(lines[column])
    own = _rows_by_key(number_keys(points["code"]).astype(str) + "\x00" + numbers.astype(str))
    wanted = number_keys(lines["code"]).astype(str) + "\x00" + ends.astype(str)
    found = own.reindex(wanted).fillna(-1).to_numpy(dtype=np.int64)
    lost = (found < 0) & lines[column].notna().to_numpy()
    if lost.any():
        unique = numbers.notna() & ~numbers.duplicated(keep=False)
        elsewhere = _rows_by_key(numbers.where(unique))
        other = elsewhere.reindex(ends[lost]).fillna(-1).to_numpy(dtype=np.int64)
        found[lost] = other
        met = lost & (found >= 0)
        # A row of totals has no code of its own: nothing then says that two kinds meet.
        # The entry behind the last point is for the ends that found none.
        coded = lines["code"].notna().to_numpy() & np.append(points["code"].notna().to_numpy(), False)[found]
        how.doubts.rows(
            lines, met & ~coded, column, code="R12", level="warning",
            told=(lambda value: Words(f"此行或点“{value}”没有管线代码，按点号相接",
                                      f"this row or point {value} has no code of a kind; joined by the number alone"),
                  Words("补填管线代码；如是合计行，请删去", "Fill in the code; delete the row if it is a total")),
        )  # fmt: skip
        how.doubts.rows(
            lines, met & coded, column, code="R12", level="warning",
            told=(lambda value: Words(f"点号“{value}”只在另一管类的点表中",
                                      f"Point {value} stands only in the table of another kind"),
                  Words("核对管类，或确认两类管线相接", "Compare the kind, or confirm that two kinds meet here")),
        )  # fmt: skip
    return found


def _rows_by_key(keys: pd.Series) -> pd.Series:
    rows = pd.Series(np.arange(len(keys), dtype=np.float64), index=keys.to_numpy())
    return rows[~rows.index.duplicated() & rows.index.notna()]
