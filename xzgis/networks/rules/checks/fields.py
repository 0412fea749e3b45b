"""Checks of single rows: required fields, numbers, codes, classes, holes (S02, S04, S06, S07, S23, S24)."""

import re
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from xzgis.core.words import Words
from xzgis.networks.rules.asked_codes import codes_asked
from xzgis.networks.rules.checks.report import Checker, Row
from xzgis.networks.rules.numbers import number_keys
from xzgis.networks.rules.said_nothing import said_at

ELEMENT_CODE = re.compile(r"5\d{7}")
# A cell of which the reading said that it holds no number, or none that can be, is not empty.
TOLD_WHEN_READ = ("S03", "R14")
_READ_AS = {"north_m": "x_raw", "east_m": "y_raw"}
FILL_IN = Words("请补填后重新导入", "Fill it in and import again")

IDENTITY = {
    "points": {
        "point_no": Words("物探点号", "point number"),
        "x_raw": Words("X 坐标", "X"),
        "y_raw": Words("Y 坐标", "Y"),
    },
    "lines": {"from_no": Words("起点点号", "start point"), "to_no": Words("终点点号", "end point")},
}
EXPECTED = {
    "points": {"ground_m": Words("地面高程", "ground level"), "code": Words("代码", "code")},
    "lines": {
        "start_depth_m": Words("起点埋深", "start depth"),
        "end_depth_m": Words("终点埋深", "end depth"),
        "burial": Words("埋设方式", "burial method"),
        "material": Words("材质", "material"),
        "section_text": Words("管径或断面尺寸", "size"),
    },
}


def empty(column: "pd.Series") -> npt.NDArray[np.bool_]:
    """Which values of a column are unknown or blank."""
    if column.dtype != object:
        return column.isna().to_numpy(np.bool_)
    values = column.to_numpy(dtype=object)
    try:
        # As Arrow reads them: no Python per value, and no table of the distinct ones.
        texts = pa.array(values, pa.large_string(), from_pandas=True)
    except (pa.ArrowInvalid, pa.ArrowTypeError):  # not only texts
        texts = pa.array([None if pd.isna(one) else str(one) for one in values], pa.large_string())
    blank = pc.equal(pc.binary_length(pc.utf8_trim_whitespace(texts)), 0)
    missing: npt.NDArray[np.bool_] = pc.fill_null(blank, fill_value=True).to_numpy(zero_copy_only=False)
    return missing


def check_required(checker: Checker) -> None:
    """S02: what a row must say. Identity and position are always an error: the row has no place without them."""
    if not checker.is_survey:
        return
    told = {
        (one.table, one.file, one.sheet, one.row, _READ_AS.get(str(one.field), one.field))
        for one in checker.delivery.findings
        if one.code in TOLD_WHEN_READ
    }
    for wanted, level in ((IDENTITY, "error"), (EXPECTED, None)):
        for table, columns in wanted.items():
            frame: pd.DataFrame = getattr(checker, table)
            for column, name in columns.items():
                lacking = empty(frame[column])
                if told:
                    lacking = lacking & ~_told_at(frame, table, column, told)
                for row in checker.rows(table, lacking, None if level else "S02"):
                    said = said_at(checker.delivery.facts, table, column, row["index"])
                    checker.tell(
                        "S02",
                        row,
                        _lacks(name, said),
                        FILL_IN,
                        field=column,
                        value=said,
                        level="error" if level else None,
                    )


def _lacks(name: Words, said: str | None) -> Words:
    """That a required field has no value: nothing stands there, or words that say nothing, which are named."""
    if said is None:
        return Words(f"必填项“{name.zh}”为空", f"The required {name.en} is empty")
    return Words(
        f"必填项“{name.zh}”填的是“{said}”，不是可用的值，按未知处理",
        f"The required {name.en} says {said!r}, which is no value: taken as unknown",
    )


def _told_at(frame: pd.DataFrame, table: str, column: str, told: set[Any]) -> npt.NDArray[np.bool_]:
    """``(n,)`` whether a cell of ``column`` has been told of (table, file, sheet, row, field) already."""
    mine = [(file, sheet, row) for at, file, sheet, row, field in told if (at, field) == (table, column)]
    if not mine:
        return np.zeros(len(frame), dtype=np.bool_)
    places = zip(frame["file"], frame["sheet"], frame["row"], strict=True)
    wanted = {(_blank(file), _blank(sheet), row) for file, sheet, row in mine}
    return np.array([(_blank(file), _blank(sheet), row) in wanted for file, sheet, row in places], np.bool_)


def _blank(text: object) -> str | None:
    return text if isinstance(text, str) else None


def check_unique_points(checker: Checker) -> None:
    """S04: a point number stands once in one kind; twice with other facts is named as such.

    Twice in different places, nothing tells which of them a line means: the first one is named as well, so that
    leaving the rows with errors out leaves out the lines of both.
    """
    points = checker.points
    numbered = ~empty(points["point_no"])
    if not numbered.any():
        return
    code, point_no = (number_keys(points[name]).fillna("").astype(str) for name in ("code", "point_no"))
    key = code + "\x00" + point_no
    number, names = pd.factorize(key, use_na_sentinel=False)
    if len(names) == len(key):
        return
    twice = numbered & (np.bincount(number)[number] > 1)
    later = twice & pd.Series(number).duplicated(keep="first").to_numpy(np.bool_)
    first_of: dict[str, int] = {}
    for index in np.flatnonzero(twice & ~later):
        first_of[str(key.iloc[index])] = int(index)
    doubtful: set[int] = set()
    for row in checker.rows("points", later):
        at = first_of[str(key.iloc[row["index"]])]
        first = checker.row("points", at)
        same = _same_place(row, first)
        _tell_twice(checker, row, first, same=same)
        if not same and at not in doubtful:
            doubtful.add(at)
            _tell_twice(checker, first, row, same=False)


def _same_place(row: Row, other: Row) -> bool:
    return all(
        row[one] == other[one] or pd.isna([row[one], other[one]]).all()
        for one in ("x_raw", "y_raw", "ground_m")
    )


def _tell_twice(checker: Checker, row: Row, other: Row, *, same: bool) -> None:
    what = Words("内容相同", "the same facts") if same else Words("坐标或高程不同", "another place or level")
    checker.tell(
        "S04",
        row,
        Words(
            f"点号“{row['point_no']}”在同类管线中重复（另见第 {other['row']} 行，{what.zh}）",
            f"Point number {row['point_no']} stands twice in one kind (also in row {other['row']}, {what.en})",
        ),
        Words("删除重复行或改正点号", "Delete the repeated row or correct the number"),
        field="point_no",
        value=row["point_no"],
    )


def check_feature_or_appurtenance(checker: Checker) -> None:
    """S06: feature and appurtenance both filled (often a crew's habit: told once), or both empty."""
    if not checker.is_survey:
        return
    points = checker.points
    no_feature, no_appurtenance = empty(points["feature"]), empty(points["appurtenance"])
    remedy = Words(
        "特征点填特征，附属物填附属物",
        "Fill the feature of a feature point, the appurtenance of an appurtenance",
    )
    for row in checker.rows("points", no_feature & no_appurtenance, "S06"):
        checker.tell(
            "S06",
            row,
            Words("特征与附属物均为空", "Feature and appurtenance are both empty"),
            remedy,
            field="feature",
            level="error" if checker.strict else "warning",
        )
    both = ~no_feature & ~no_appurtenance
    if checker.strict:
        for row in checker.rows("points", both, "S06"):
            checker.tell(
                "S06",
                row,
                Words("特征与附属物同时填写", "Feature and appurtenance are both filled"),
                remedy,
                field="feature",
            )
    elif both.any():
        checker.tell(
            "S06",
            None,
            Words(
                f"{int(both.sum())} 个点同时填写特征与附属物，按附属物点处理",
                f"{int(both.sum())} points fill both feature and appurtenance; taken as appurtenances",
            ),
            remedy,
            field="feature",
        )


def check_codes(checker: Checker) -> None:
    """S07: every row's code leads to a kind, and the element code to the same kind.

    A listed code of several kinds was asked about once by the reading (R08): its rows are not told again. They stay
    out like those told (:func:`xzgis.networks.actions.records.refused_rows`).
    """
    asked = codes_asked(checker.delivery.findings, checker.catalogue.kind_codes)
    for table in ("points", "lines"):
        frame: pd.DataFrame = getattr(checker, table)
        for row in checker.rows(table, empty(frame["kind"]) & ~frame["code"].isin(asked).to_numpy(np.bool_)):
            checker.tell(
                "S07",
                row,
                Words(
                    f"管线代码“{row['code'] or ''}”不在代码表中",
                    f"Code {row['code'] or 'nothing'} is in no code list",
                ),
                Words(
                    "改正代码，或在映射中指定它对应的管类",
                    "Correct the code, or say in the mapping which kind it stands for",
                ),
                field="code",
                value=row["code"],
                level="error",
            )
    _check_element_codes(checker)


def _check_element_codes(checker: Checker) -> None:
    digits = {
        one.digits: one.kind
        for one in checker.catalogue.kind_codes
        if one.digits and one.scheme.startswith("CJJ 61-2017")
    }
    points = checker.points
    number, told = pd.factorize(points["element_code"])
    meant = [
        digits.get(code[1:4]) if ELEMENT_CODE.fullmatch(code) else None
        for code in map(str.strip, map(str, told))
    ]
    expected = np.array([*meant, None], dtype=object)[number]
    kind = points["kind"].to_numpy(object)
    for row in checker.rows("points", ~pd.isna(expected) & ~pd.isna(kind) & (expected != kind), "S07"):
        checker.tell(
            "S07",
            row,
            Words(
                f"要素代码 {row['element_code']} 与管类“{row['code']}”不一致",
                f"Element code {row['element_code']} does not fit the kind {row['code']}",
            ),
            Words("核对要素代码与所在的表", "Compare the element code with the table it stands in"),
            field="element_code",
            value=row["element_code"],
        )


def check_classes(checker: Checker) -> None:
    """S24: gas without a pressure class, power without a voltage: the rules can only be asked for every class."""
    lines = checker.lines
    cases = (
        (
            "gas",
            empty(lines["pressure_class"]),
            Words("燃气管段无压力等级", "A gas line has no pressure class"),
            "pressure_class",
        ),
        (
            "power",
            empty(lines["voltage_kv"]),
            Words("电力管段无电压", "A power line has no voltage"),
            "voltage_kv",
        ),
    )
    for kind, missing, words, column in cases:
        for row in checker.rows("lines", (lines["kind"] == kind).to_numpy(np.bool_) & missing, "S24"):
            checker.tell(
                "S24",
                row,
                words,
                Words("补填；缺失时按所有等级逐一判定", "Fill it in; until then every class is asked"),
                field=column,
            )


def check_holes(checker: Checker) -> None:
    """S23: more holes used than there are."""
    lines = checker.lines
    too_many = (lines["holes_used"] > lines["holes_total"]).to_numpy(np.bool_)
    for row in checker.rows("lines", too_many, "S23"):
        checker.tell(
            "S23",
            row,
            Words(
                f"已用孔数 {row['holes_used']:g} 大于总孔数 {row['holes_total']:g}",
                f"{row['holes_used']:g} holes used of {row['holes_total']:g}",
            ),
            Words("核对孔数", "Compare the numbers of holes"),
            field="holes_used",
            value=row["holes_used"],
        )
