"""Checks of how rows hang together: ends, orphans, duplicates, degrees, islands, angles (S08-S11, S14, S15, S21, S22)."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import CodeValue, NetworkKind
from xzgis.core.words import Words
from xzgis.networks.rules.checks.fields import empty
from xzgis.networks.rules.checks.report import Checker
from xzgis.networks.rules.numbers import number_keys

IntArray = npt.NDArray[np.int64]


def check_ends_exist(checker: Checker) -> None:
    """S08: both ends of a line are points of the delivery."""
    if not checker.is_survey:
        return
    for end, column in (("from", "from_no"), ("to", "to_no")):
        named = ~empty(checker.lines[column])
        for row in checker.rows("lines", named & (checker.ends(end) < 0), "S08"):
            checker.tell(
                "S08",
                row,
                Words(f"点号“{row[column]}”不在管点表中", f"Point {row[column]} is not in the point table"),
                Words(
                    "补交该管点，或选择“带错行不入库”",
                    "Deliver the point, or choose to leave rows with errors out",
                ),
                field=column,
                value=row[column],
            )


def check_orphans(checker: Checker) -> None:
    """S09: a point that no line uses."""
    if not checker.is_survey:
        return
    used = np.zeros(len(checker.points), np.bool_)
    for end in ("from", "to"):
        index = checker.ends(end)
        used[index[index >= 0]] = True
    for row in checker.rows("points", ~used, "S09"):
        checker.tell(
            "S09",
            row,
            Words(f"孤立点“{row['point_no']}”：没有管段连接", f"Point {row['point_no']} is used by no line"),
            Words("确认是否为独立附属物", "Say whether it is an appurtenance on its own"),
            field="point_no",
            value=row["point_no"],
        )


def check_start_is_not_end(checker: Checker) -> None:
    """S10: a line from a point to itself."""
    lines = checker.lines
    if not checker.is_survey:
        return
    same = (number_keys(lines["from_no"]) == number_keys(lines["to_no"])).to_numpy(np.bool_) & ~empty(
        lines["from_no"]
    )
    for row in checker.rows("lines", same, "S10"):
        checker.tell(
            "S10",
            row,
            Words(f"起点与终点相同（{row['from_no']}）", f"The line starts and ends at {row['from_no']}"),
            Words("改正终点点号", "Correct the end point"),
            field="to_no",
            value=row["to_no"],
        )


def check_duplicates(checker: Checker) -> None:
    """S11: the same two ends twice, also reversed. Other facts between the same ends may be a second cable."""
    if not checker.is_survey:
        return
    lines = checker.lines
    first, second = checker.ends("from"), checker.ends("to")
    low, high = np.minimum(first, second), np.maximum(first, second)
    known = (low >= 0) & (low != high)
    forward = first <= second
    depth_low = np.where(forward, lines["start_depth_m"], lines["end_depth_m"])
    depth_high = np.where(forward, lines["end_depth_m"], lines["start_depth_m"])
    ends = pd.DataFrame({"code": lines["code"].astype(str), "low": low, "high": high})
    facts = ends.assign(
        depth_low=depth_low,
        depth_high=depth_high,
        size=lines["section_text"].astype(str),
        material=lines["material"].astype(str),
    )
    same_ends = known & ends.duplicated(keep="first").to_numpy(np.bool_)
    same_facts = known & facts.duplicated(keep="first").to_numpy(np.bool_)
    for row in checker.rows("lines", same_ends):
        exact = bool(same_facts[row["index"]])
        checker.tell(
            "S11",
            row,
            Words(
                f"管段 {row['from_no']}–{row['to_no']} 重复",
                f"Line {row['from_no']}–{row['to_no']} stands twice",
            )
            if exact
            else Words(
                f"{row['from_no']}–{row['to_no']} 间另有属性不同的管段",
                f"There is another line with other facts between {row['from_no']} and {row['to_no']}",
            ),
            Words("删除重复行", "Delete the repeated row")
            if exact
            else Words("确认是否为并行的另一条管线", "Say whether it is a second line"),
            field="to_no",
            value=row["to_no"],
            level=None if exact else "warning",
        )


def degrees(checker: Checker) -> IntArray:
    """How many lines meet at each point."""
    count = np.zeros(len(checker.points), np.int64)
    for end in ("from", "to"):
        index = checker.ends(end)
        np.add.at(count, index[index >= 0], 1)
    return count


def _feature_codes(checker: Checker) -> dict[str, CodeValue]:
    return {one.token: one for one in checker.catalogue.codes.get("feature", ())}


def check_degree(checker: Checker) -> None:
    """S14: a tee has three lines, a cross four, an end one, a bend two; the code list says how many."""
    if not checker.is_survey:
        return
    codes = _feature_codes(checker)
    count = degrees(checker)
    feature = checker.points["feature"]
    low = feature.map(
        lambda token: codes[token].minimum if token in codes and codes[token].unit == "lines" else None
    )
    high = feature.map(
        lambda token: codes[token].maximum if token in codes and codes[token].unit == "lines" else None
    )
    low_n, high_n = low.astype(float).to_numpy(), high.astype(float).to_numpy()
    wrong = (count > 0) & ((count < low_n) | (count > high_n))
    for row in checker.rows("points", wrong, "S14"):
        index = row["index"]
        name = codes[row["feature"]]
        checker.tell(
            "S14",
            row,
            Words(
                f"特征“{name.zh}”应连接 {low_n[index]:g} 条管段，实为 {count[index]} 条",
                f"A {name.en} joins {low_n[index]:g} lines, here {count[index]}",
            ),
            Words(
                "核对特征或补交管段（测区边缘可忽略）",
                "Correct the feature or deliver the lines (at the edge of the area it may be right)",
            ),
            field="feature",
            value=name.zh,
        )


def check_changes_are_marked(checker: Checker) -> None:
    """S15: size or material changes where two lines meet without a reducer or change point."""
    if not checker.is_survey:
        return
    count = degrees(checker)
    lines = checker.lines
    ends = pd.concat(
        [
            pd.DataFrame(
                {"point": checker.ends(end), "size": lines["section_text"], "material": lines["material"]}
            )
            for end in ("from", "to")
        ]
    )
    ends = ends[ends["point"] >= 0]
    kinds = ends.groupby("point").agg(sizes=("size", "nunique"), materials=("material", "nunique"))
    changed = np.zeros(len(count), np.bool_)
    changed[kinds.index.to_numpy(np.int64)] = ((kinds["sizes"] > 1) | (kinds["materials"] > 1)).to_numpy()
    marked = checker.points["feature"].isin(["reducer", "material_change"]).to_numpy(np.bool_)
    manhole = ~empty(checker.points["appurtenance"])
    for row in checker.rows("points", changed & (count == 2) & ~marked & ~manhole, "S15"):
        checker.tell(
            "S15",
            row,
            Words(
                "管径或材质在此变化，但不是变径/变材点",
                "Size or material changes here, but the point is not marked so",
            ),
            Words("核对两侧管段，或改特征为变径/变材", "Compare both lines, or mark the point as a change"),
            field="feature",
            value=row["feature"],
        )


def check_islands(checker: Checker) -> None:
    """S21: how many unconnected parts each kind has."""
    count = len(checker.points)
    if not count or not len(checker.lines):
        return
    first, second = checker.ends("from"), checker.ends("to")
    joined = (first >= 0) & (second >= 0)
    part = components(count, first[joined], second[joined])
    used = degrees(checker) > 0
    frame = pd.DataFrame({"kind": checker.points["kind"], "part": part})[used]
    for kind, parts in frame.groupby("kind")["part"].nunique().items():
        name = checker.catalogue.kinds[str(kind)]
        checker.tell(
            "S21",
            None,
            *_in_parts(name, int(parts)),
            field="kind",
            value=str(kind),
        )


def _in_parts(kind: NetworkKind, parts: int) -> tuple[Words, Words]:
    """What S21 says, and what is to be done."""
    if parts == 1:
        return (
            Words(f"{kind.zh}：全部连通", f"{kind.en}: all of it is connected"),
            Words("无需处理", "Nothing to do"),
        )
    return (
        Words(f"{kind.zh}：{parts} 个互不连通的部分", f"{kind.en}: {parts} unconnected parts"),
        Words("核对是否有漏测的管段", "See whether lines are missing"),
    )


def components(count: int, first: IntArray, second: IntArray) -> IntArray:
    """Smallest point number of the connected part of each of ``count`` points; lines join ``first`` to ``second``."""
    part = np.arange(count, dtype=np.int64)
    while True:
        low = np.minimum(part[first], part[second])
        after = part.copy()
        np.minimum.at(after, first, low)
        np.minimum.at(after, second, low)
        np.minimum.at(after, part[first], low)
        np.minimum.at(after, part[second], low)
        after = after[after]
        if np.array_equal(after, part):
            return part
        part = after


def check_angles(checker: Checker) -> None:
    """S22: two lines of one kind leave a point in nearly the same direction (digitised twice)."""
    if not checker.is_survey:
        return
    ends = _directions(checker)
    if len(ends) < 2:
        return
    ends = ends.sort_values(["point", "angle"], kind="stable").reset_index(drop=True)
    point, angle = ends["point"].to_numpy(), ends["angle"].to_numpy()
    other, pair = ends["other"].to_numpy(), ends["line"].to_numpy()
    near = (point[1:] == point[:-1]) & (
        np.degrees(angle[1:] - angle[:-1]) < checker.limit("double_digitised_angle_deg")
    )
    near &= other[1:] != other[:-1]
    label = checker.lines["label"].to_numpy(dtype=object)
    for index in checker.told_singly("S22", np.flatnonzero(near)):
        row = checker.row("points", int(point[index]))
        names = [label[pair[one]] for one in (index, index + 1)]
        checker.tell(
            "S22",
            row,
            Words(
                f"管段 {names[0]} 与 {names[1]} 在此点夹角接近 0",
                f"Lines {names[0]} and {names[1]} leave this point in nearly one direction",
            ),
            Words("核对是否重复采集", "See whether one was digitised twice"),
            field="point_no",
            value=row["point_no"],
        )


def _directions(checker: Checker) -> pd.DataFrame:
    parts = []
    for end, far in (("from", "to"), ("to", "from")):
        east = checker.at_end(far, "east_m") - checker.at_end(end, "east_m")
        north = checker.at_end(far, "north_m") - checker.at_end(end, "north_m")
        parts.append(
            pd.DataFrame(
                {
                    "point": checker.ends(end),
                    "other": checker.ends(far),
                    "line": np.arange(len(east)),
                    "angle": np.arctan2(north, east),
                }
            )[(np.hypot(east, north) > 0)]
        )
    ends = pd.concat(parts)
    return ends[(ends["point"] >= 0) & (ends["other"] >= 0)]
