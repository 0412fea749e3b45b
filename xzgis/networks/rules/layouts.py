"""The layouts of survey deliveries, brought to one: a text frame of points and a text frame of lines.

Layouts: two tables per kind, two tables for all kinds, one row per connection (one table), and the classic
result table (成果表) with continuation rows. Reference notes on survey tables, sections 1 and 3.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.catalogue.terms import IntakeMapping
from xzgis.core.words import Words
from xzgis.formats.tables import RawTable
from xzgis.networks.rules.columns import as_json, constant_columns, group_numbers, missing, picked
from xzgis.networks.rules.datum_told import other_height_datum, words_of_plan
from xzgis.networks.rules.header_units import unit_in, unit_of_title, with_header_units
from xzgis.networks.rules.level_words import (
    BESIDE_FIELDS,
    WORD_FIELDS,
    tell_result_words,
    tell_words,
    with_twins,
)
from xzgis.networks.rules.lost_cells import lost_cells
from xzgis.networks.rules.mapping import ColumnMap, map_columns, table_code
from xzgis.networks.rules.named_burials import title_of
from xzgis.networks.rules.numbers import number_keys
from xzgis.networks.rules.parallel_rows import fuller, parallels, unclear
from xzgis.networks.rules.point_rows import contradictions, one_row_each
from xzgis.networks.rules.saved_mapping import unused_heads
from xzgis.networks.rules.sources import FAR_SOURCE
from xzgis.networks.rules.tables_without import empty_columns, no_rows
from xzgis.networks.rules.untitled_columns import untitled_columns
from xzgis.networks.terms import IntakeFinding

POINT_FIELDS = (
    "code", "point_no", "north_m", "east_m", "ground_m", "feature", "appurtenance", "element_code",
    "chamber_depth_m", "chamber_bottom_m", "offset_point", "visibility", "status", "data_source",
    "owner", "road", "built_on", "surveyed_on",
)  # fmt: skip
LINE_FIELDS = (
    "code", "from_point", "to_point", "start_depth_m", "end_depth_m", "start_level_m", "end_level_m",
    *BESIDE_FIELDS, "section", "material", "burial", "pressure", "voltage", "flow", "hole_count", "holes_used", "cable_count",
    "hole_layout", "cable_diameter_mm", "status", "data_source", "owner", "road", "built_on", "surveyed_on",
)  # fmt: skip
# All columns of the lines as text, beside the place of each.
LINE_TEXTS = (*LINE_FIELDS, *WORD_FIELDS, *FAR_SOURCE, "end_depth_assumed", "section_unit")
# What both rows of one connection say of the line itself.
_SAID_TWICE = ("section", "material", "burial", "pressure", "voltage")
# Told in full by the canonical columns: not repeated among the attributes.
_TOLD = frozenset({
    "code", "point_no", "north_m", "east_m", "ground_m", "owner", "road", "from_point", "to_point",
    "start_depth_m", "end_depth_m", "start_level_m", "end_level_m", "start_depth_m_2", "section",
    "top_level_m", "bottom_level_m", "chamber_depth_m",
})  # fmt: skip


@dataclass(frozen=True)
class TextFrames:
    """Points and lines as text, with ``file sheet row words`` of each, of lines also what their heads say of levels."""

    points: pd.DataFrame
    lines: pd.DataFrame
    maps: tuple[tuple[str, ColumnMap], ...]
    findings: tuple[IntakeFinding, ...]


def gather(
    tables: Sequence[RawTable],
    mappings: Sequence[IntakeMapping],
    *,
    overrides: Mapping[str, str] | None = None,
) -> TextFrames:
    """All points and lines of ``tables``, whatever their layout."""
    points: list[pd.DataFrame] = []
    lines: list[pd.DataFrame] = []
    maps: list[tuple[str, ColumnMap]] = []
    findings = unused_heads(tables, overrides or {})
    fields = [field for mapping in mappings for field in (*mapping.point_fields, *mapping.line_fields)]
    for table in tables:
        columns = map_columns(list(table.frame.columns), mappings, overrides=overrides)
        headed = map_columns(list(table.names), mappings, overrides=overrides)
        if table.frame.empty:
            maps.append((table.place, headed))
            findings.append(no_rows(table))
            continue
        maps.append((table.place, columns))
        if columns.role == "other" and headed.role != "other":
            findings += [empty_columns(table, columns, headed), *untitled_columns(table, columns)]
            continue
        if columns.role != "points":
            columns = with_twins(columns)
        findings += _reading_findings(table, columns)
        findings += other_height_datum(table, columns)
        doubt = unit_of_title(table, columns.mapped)
        findings += [doubt] if doubt is not None else []
        table = with_header_units(table, columns.mapped, fields)
        if columns.role == "points":
            points.append(_point_rows(table, columns))
        elif columns.role == "lines":
            lines.append(_line_rows(table, columns))
        elif columns.role == "linked":
            some_points, some_lines, doubts = _split(table, columns)
            points.append(some_points)
            lines.append(some_lines)
            findings += doubts
    return TextFrames(_joined(points), _joined(lines), tuple(maps), tuple(findings))


def _joined(frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(frames, ignore_index=True) if frames else pd.DataFrame()


def _with_place(frame: pd.DataFrame, table: RawTable, columns: ColumnMap) -> pd.DataFrame:
    frame["file"] = table.file
    frame["sheet"] = table.sheet
    frame["row"] = table.row
    said = (table.file, table.sheet or "", *table.preamble, *words_of_plan(table, columns))
    frame["words"] = " ".join(said)
    frame["title"] = title_of(table.preamble)
    kept = [column for field, column in columns.mapped.items() if field not in _TOLD]
    kept += columns.unmapped
    kept = [column for column in table.frame.columns if column in set(kept)]
    padding = set(constant_columns(table.frame, kept))
    frame["attributes"] = as_json(table.frame, [column for column in kept if column not in padding])
    if frame["code"].isna().all():
        frame["code"] = table_code(table.sheet, table.file, table.preamble)
    return frame


def _point_rows(table: RawTable, columns: ColumnMap) -> pd.DataFrame:
    return _with_place(picked(table.frame, columns.point_columns, POINT_FIELDS), table, columns)


def _line_rows(table: RawTable, columns: ColumnMap) -> pd.DataFrame:
    frame = picked(table.frame, columns.line_columns, LINE_FIELDS)
    tell_words(frame, columns.line_columns)
    frame["section_unit"] = unit_in(columns.line_columns.get("section", ""))
    frame[[*FAR_SOURCE]] = None
    frame["end_depth_assumed"] = False
    return _with_place(frame, table, columns)


def _split(table: RawTable, columns: ColumnMap) -> tuple[pd.DataFrame, pd.DataFrame, list[IntakeFinding]]:
    """Points and lines of a table with one row per connection; blank point numbers continue the row above."""
    points = _with_place(picked(table.frame, columns.point_columns, POINT_FIELDS), table, columns)
    continued = points["point_no"].isna()
    for field in ("point_no", "code", "north_m", "east_m", "ground_m", "feature", "appurtenance"):
        filled = points[field].ffill()
        points[field] = points[field].where(~continued | points[field].notna(), filled)
    halves = _halves(table, columns, points)
    lines, unsettled = _paired(halves)
    first, differing = one_row_each(points)
    return first, lines, [*contradictions(table, points), *differing, *unsettled, *_borrowed(lines)]


def _borrowed(lines: pd.DataFrame) -> list[IntakeFinding]:
    """One finding for all lines of a table that took the depth of the point at their far end."""
    count = int(lines["end_depth_assumed"].sum()) if len(lines) else 0
    if not count:
        return []
    words = Words(
        f"{count} 条管线只列出一端，远端埋深取自该端管点的唯一埋深，精度按“推定”计",
        f"{count} lines stand in one row only; their far depth is the only depth of the point there, of class assumed",
    )
    remedy = Words("在每条管线的另一端补列该管线", "List each line at its other end as well")
    place = lines[["file", "sheet"]].iloc[0]
    return [IntakeFinding("R45", "warning", words, remedy, file=place["file"], sheet=place["sheet"])]


def _halves(table: RawTable, columns: ColumnMap, points: pd.DataFrame) -> pd.DataFrame:
    """Every row as seen from its point: one half of a line where it names a connection."""
    names = dict(columns.line_columns)
    if "start_depth_m" not in names and "start_depth_m_2" in names:
        names["start_depth_m"] = names["start_depth_m_2"]
    halves = picked(table.frame, names, LINE_FIELDS)
    for field in ("file", "sheet", "row", "words", "title", "attributes"):
        halves[field] = points[field]
    halves["code"] = halves["code"].fillna(points["code"])
    halves["from_point"] = points["point_no"]
    tell_words(halves, names)
    tell_result_words(table, names, halves)
    _settle_shared_columns(table, names, halves)
    halves["section_unit"] = unit_in(names.get("section", ""))
    halves[[*FAR_SOURCE]] = None
    halves["end_depth_assumed"] = False
    return halves


def _settle_shared_columns(table: RawTable, names: Mapping[str, str], halves: pd.DataFrame) -> None:
    """Columns that mean one thing on one sheet and another on the next."""
    if "cables_or_holes" in names:
        counts = table.frame[names["cables_or_holes"]].reset_index(drop=True)
        is_holes = counts.str.contains("/", na=False).astype(bool)
        halves["hole_count"] = halves["hole_count"].where(~is_holes, counts)
        halves["cable_count"] = halves["cable_count"].where(is_holes | counts.isna(), counts)
    if "voltage_or_pressure" in names:
        either = table.frame[names["voltage_or_pressure"]].reset_index(drop=True)
        is_pressure = either.str.contains("压|pa", case=False, na=False).astype(bool)
        is_pressure &= ~either.str.contains("v", case=False, na=False).astype(bool)
        halves["pressure"] = halves["pressure"].where(~is_pressure, either)
        halves["voltage"] = halves["voltage"].where(is_pressure | either.isna(), either)


def _paired(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[IntakeFinding]]:
    """Lines from their halves: the half met first gives the row, the reverse one the depth at the far end."""
    halves = rows[rows["to_point"].notna()].reset_index(drop=True)
    if halves.empty:
        return halves, []
    both = pd.concat([halves["from_point"], halves["to_point"]], ignore_index=True)
    numbers = pd.factorize(number_keys(both))[0]
    start, end = numbers[: len(halves)], numbers[len(halves) :]
    low, high = pd.Series(np.minimum(start, end)), pd.Series(np.maximum(start, end))
    forward = pd.Series(start <= end)
    pair = pd.Series(group_numbers(halves["code"], low, high))
    occurrence = pair.groupby([pair, forward]).cumcount()
    key = pd.Series(group_numbers(pair, occurrence))
    doubtful = unclear(halves, pair, forward)
    # Where nothing tells which row belongs to which, the rows of one direction are the lines.
    first = (~key.duplicated()).where(~doubtful, forward == fuller(pair, forward))
    # A line from a point to itself has one half only and must not be its own reverse.
    reverse = pd.Series(np.flatnonzero(~first), index=key[~first].to_numpy())
    at = reverse.reindex(key[first].to_numpy()).to_numpy()
    lines = halves[first.to_numpy()].reset_index(drop=True)
    undecided = doubtful[first].to_numpy()
    has = np.isfinite(at) & ~undecided
    found = parallels(lines[undecided])
    far = halves.iloc[at[has].astype(np.int64)].set_axis(lines.index[has])
    found += _unsettled(lines, far)
    lines.loc[has, [*FAR_SOURCE]] = far[["data_source", "row"]].to_numpy(dtype=object)
    for what in ("depth", "level", "beside"):
        wanted = has & lines[f"end_{what}_m"].isna().to_numpy()
        for part in (f"{what}_m", f"{what}_word"):
            values = lines[f"end_{part}"].copy()
            values[wanted] = far[f"start_{part}"].to_numpy()[wanted[has]]
            lines[f"end_{part}"] = values
    _far_depth_of_point(lines, rows, ~has & ~undecided)
    return lines, found


def _unsettled(lines: pd.DataFrame, far: pd.DataFrame) -> list[IntakeFinding]:
    """Makes unknown, in situ, what the two rows of one line tell differently; nothing says which is right."""
    found: list[IntakeFinding] = []
    for field in _SAID_TWICE:
        near = lines.loc[far.index, field]
        differs = near.notna() & far[field].notna() & (near != far[field])
        for at in far.index[differs]:
            here, there = str(near[at]), str(far.loc[at, field])
            found.append(
                IntakeFinding(
                    code="R15",
                    level="warning",
                    words=Words(
                        f"{lines.loc[at, 'from_point']}–{lines.loc[at, 'to_point']} 两端各行所填不一"
                        f"（“{here}”与第 {far.loc[at, 'row']} 行的“{there}”），按未知处理",
                        f"The two rows of {lines.loc[at, 'from_point']}–{lines.loc[at, 'to_point']} differ "
                        f"({here!r}, in row {far.loc[at, 'row']} {there!r}); taken as unknown",
                    ),
                    remedy=Words("核对两行，改为一致", "Compare both rows and make them agree"),
                    file=lines.loc[at, "file"],
                    sheet=lines.loc[at, "sheet"],
                    row=int(lines.loc[at, "row"]),
                    field=field,
                    value=here,
                    table="lines",
                )
            )
        # Both burials: of two different ones nobody knows which, which is not the same as none told.
        both = near[differs] + "/" + far.loc[differs, field] if field == "burial" else None
        lines.loc[far.index[differs], field] = both
    return found


def _far_depth_of_point(lines: pd.DataFrame, rows: pd.DataFrame, lonely: npt.NDArray[np.bool_]) -> None:
    """Where the far end has no row for this line: its depth, when all of its rows agree on one."""
    wanted = lonely & lines["end_depth_m"].isna().to_numpy()
    if not wanted.any():
        return
    told = rows.dropna(subset=["start_depth_m"])
    known = told.groupby(["code", "from_point"])["start_depth_m"].agg(["nunique", "first"])
    single = known.loc[known["nunique"] == 1, "first"]
    keys = pd.MultiIndex.from_frame(lines.loc[wanted, ["code", "to_point"]])
    depths = single.reindex(keys).to_numpy()
    lines.loc[wanted, "end_depth_m"] = depths
    lines.loc[wanted, "end_depth_word"] = lines.loc[wanted, "start_depth_word"]
    lines.loc[wanted, "end_depth_assumed"] = pd.notna(depths)


def _doubled_columns(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    """A column that we use stands twice and says two things: nothing tells which is meant."""
    found: list[IntakeFinding] = []
    for column in columns.mapped.values():
        other = f"{column} (2)"
        if other not in table.frame.columns or other not in columns.unmapped:
            continue
        first, second = table.frame[column], table.frame[other]
        if not (first.notna() & second.notna() & (first != second)).any():
            continue
        found.append(
            IntakeFinding(
                "S01",
                "error",
                Words(
                    f"列名“{column}”重复，且内容不同。",
                    f"The column {column} stands twice, with different contents.",
                ),
                Words(
                    "改正表头，或在列对应中把其中一列设为不用。",
                    "Correct the header, or leave one of them out in the mapping of columns.",
                ),
                file=table.file,
                sheet=table.sheet,
                field=column,
            )
        )
    return found


def _reading_findings(table: RawTable, columns: ColumnMap) -> list[IntakeFinding]:
    found: list[IntakeFinding] = []
    if columns.role == "other":
        found.append(
            IntakeFinding(
                "R01",
                "warning",
                Words(
                    f"此表既不像管点表也不像管线表（列：{'、'.join(list(table.names)[:8])}…），未使用。",
                    f"This table is neither points nor lines (columns {', '.join(list(table.names)[:8])}…) and was not used.",
                ),
                Words(
                    "如应使用，请在列对应中指定点号、X、Y 或起点点号、终点点号。",
                    "If it should be, map point number, X and Y, or start and end point.",
                ),
                file=table.file,
                sheet=table.sheet,
            )
        )
    elif columns.unmapped:
        names = "、".join(columns.unmapped)
        found.append(
            IntakeFinding(
                "R02",
                "info",
                Words(
                    f"未识别的列照原样保留为附加属性：{names}。",
                    f"Columns kept as they are among the attributes: {', '.join(columns.unmapped)}.",
                ),
                Words("如其中有需要的字段，请在列对应中指定。", "Map them if one of them is a field."),
                file=table.file,
                sheet=table.sheet,
            )
        )
    found.extend(
        IntakeFinding(
            "R03",
            "error",
            Words("此行的单元格多于表头的列。", "This row has more cells than the header has columns."),
            Words("检查是否有多余的分隔符或错位。", "Look for a stray delimiter or shifted cells."),
            row=row,
            file=table.file,
            sheet=table.sheet,
        )
        for row in (table.ragged if columns.role != "other" else ())
    )
    beside = (*untitled_columns(table, columns), *lost_cells(table, columns))
    return [*found, *beside, *_doubled_columns(table, columns)]


__all__ = ["LINE_FIELDS", "LINE_TEXTS", "POINT_FIELDS", "TextFrames", "gather", "missing"]
