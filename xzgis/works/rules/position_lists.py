"""A list of positions as one run: X north, Y east and a level, by header or in that order."""

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xzgis.catalogue.terms import CityExtent, NetworkKind
from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray
from xzgis.spatial.crs import STORAGE, CrsDecision
from xzgis.spatial.placing import PlaceQuestion, place, placed
from xzgis.works.rules.blank_rows import told_blanks
from xzgis.works.rules.cells import as_figure, as_text
from xzgis.works.rules.height_datum import check_datum
from xzgis.works.rules.list_columns import (
    LEVELS,
    MEANT,
    LevelOf,
    PositionList,
    Rows,
    check_axes,
    columns_of,
    level_column,
)
from xzgis.works.rules.measured_to import asks_levels, is_measured_inside
from xzgis.works.rules.overruled import told_overruled
from xzgis.works.rules.reading import (
    ReadWork,
    WorkOptions,
    along_profile,
    check_no_gaps,
    crs_unsaid,
    extent_of_city,
    finish,
    made_document,
    of_whole,
    title_of,
)
from xzgis.works.rules.unsaid import Unsaid

BASE_IS_INVERT = Words(
    "重力流管的“管底高程”按管内底高程计，外底再低一个管壁；如为外底，请说明。",
    "The base levels of a gravity sewer are taken as its invert; the bottom lies a wall lower. Say so if they are the "
    "bottom.",
    "--level-of bottom",
)


def work_of_positions(
    rows: Rows, options: WorkOptions, city: CityExtent, *, name: str, kinds: Mapping[str, NetworkKind]
) -> ReadWork:
    """One run from the list ``name``.

    Raises
    ------
    Unsaid
        Nobody says the kind, the CRS, or what levels of a gravity line are of, which would have to be guessed.
    Invalid
        The list is not understood; the sentence says what would help.
    """
    listed = columns_of(rows, name)
    values = [
        [_number(row, cells, at, (name, MEANT[what])) for at, what in listed.columns.items()]
        for row, cells in listed.rows
    ]
    if len(values) < 2:
        raise Invalid(Words(f"{name} 中少于两个点。", f"{name} holds fewer than two points."))
    table: dict[str, FloatArray] = dict(zip(listed.columns.values(), np.array(values).T, strict=True))
    decision = _decided(listed, table, options, city)
    xy = placed(decision, table["north"], table["east"])
    blanks = told_blanks([row for row, _ in listed.rows], xy, name)
    run: dict[str, Any] = {"kind": None, "axis": xy.tolist(), "section": {}, "depth": {}}
    finish(run, options, name)
    chosen, notes = _levels(listed, table, options, kinds.get(run["kind"]))
    if chosen is not None:
        column, level_of = chosen
        check_no_gaps(table[column], [row for row, _ in listed.rows], name)
        run["depth"] = along_profile(xy, table[column], level_of)
    if "ground" in table:
        run["ground_m"] = [None if math.isnan(value) else value for value in table["ground"]]
    if run["depth"].get("profile") or "ground" in table:
        check_datum((name,), declared=options.crs)
    told = {"name": title_of(name), "crs": STORAGE, "runs": [run]} | of_whole(options)
    return ReadWork(
        made_document(told, name),
        (*decision.evidence, *decision.warnings, *blanks, *notes, *_undecided(listed)),
        took_else_kind=options.kind is None,
    )


def _decided(
    listed: PositionList, table: Mapping[str, FloatArray], options: WorkOptions, city: CityExtent
) -> CrsDecision:
    if options.crs is None:
        check_axes(listed)
    decision = place(
        PlaceQuestion(
            first=table["north"], second=table["east"], declared=options.crs, words=listed.words_of_plan
        ),
        extent_of_city(city),
    )
    if decision.decided is None:
        raise crs_unsaid(decision.evidence, listed.name)
    return decision


def _levels(
    listed: PositionList, table: Mapping[str, FloatArray], options: WorkOptions, kind: NetworkKind | None
) -> tuple[tuple[str, LevelOf] | None, list[Words]]:
    """The column of levels and what they are of, and what is to be told of it."""
    notes = [] if not listed.unread else [_unread(listed)]
    if options.cover_m is not None:
        aside = [
            what for what in listed.columns.values() if what in LEVELS and np.isfinite(table[what]).any()
        ]
        return None, [*notes, *told_overruled(listed.name, (), [listed.head_of(what) for what in aside])]
    is_gravity = is_measured_inside(kind)
    chosen = level_column(listed, options.level_of, is_gravity=is_gravity)
    if chosen is None:
        return None, notes
    column, level_of = chosen
    if level_of is None:
        if not np.isfinite(table[column]).any():
            return None, notes
        if listed.unread:
            raise _may_be_ground(listed)
        if asks_levels(kind):
            raise _level_unsaid(listed, table[column], kind)
        notes.append(_taken_as_crown(listed))
        level_of = "crown"
    if (column, options.level_of) == ("base", None) and is_gravity:
        notes.append(BASE_IS_INVERT)
    return (column, level_of), notes


def _level_unsaid(listed: PositionList, levels: FloatArray, kind: NetworkKind | None) -> Unsaid:
    head, known = listed.head_of("level"), levels[np.isfinite(levels)]
    zh, en = (f"（如 {known[0]:g}）", f" (such as {known[0]:g})") if len(known) else ("", "")
    called = Words("这类管线", "this kind") if kind is None else Words(kind.zh, kind.en.lower())
    return Unsaid(
        Words(
            f"{listed.name} 的{head.zh}{zh}没有说明是管顶、管外底还是管内底高程；{called.zh}的设计高程常为管内底，"
            "按管顶计会把管线放低。"
            "请说明高程是什么，或把表头写成管顶高程、管外底高程或管内底高程；如为地面高程，写成地面高程。",
            f"The {head.en} of {listed.name}{en} does not say whether its levels are the crown, the outer bottom or the invert; "
            f"those of {called.en} are mostly the invert, and taken as the crown they put the line too low. Say what they are, "
            "or call the column 管顶高程 (crown), 管外底高程 (bottom) or 管内底高程 (invert), or 地面高程 if it is the ground.",
            "--level-of crown | bottom | invert",
        ),
        asked="level_of",
    )


def _may_be_ground(listed: PositionList) -> Unsaid:
    """A bare level beside a depth that nobody reads is the ground as crews write it: as the crown it lifts the line."""
    head, (zh, en) = listed.head_of("level"), _named(listed.unread)
    return Unsaid(
        Words(
            f"{listed.name} 的{head.zh}没有说明高程所指，旁边的{zh}又未读取：该高程可能是地面高程，按管顶计会把管线抬到地面。"
            "请说明高程是什么，或把表头写成管顶高程、管外底高程或管内底高程；如为地面高程，写成地面高程并另行给出覆土。",
            f"The {head.en} of {listed.name} does not say what its levels are of, and {en} beside it is not read: the levels may "
            "be the ground, and taken as the crown they lift the line to it. Say what they are, or call the column 管顶高程 "
            "(crown), 管外底高程 (bottom) or 管内底高程 (invert); if they are the ground, call it 地面高程 and give a cover.",
            "--level-of crown | bottom | invert",
        ),
        asked="level_of",
    )


def _named(columns: Sequence[Words]) -> tuple[str, str]:
    return "、".join(one.zh for one in columns), ", ".join(one.en for one in columns)


def _taken_as_crown(listed: PositionList) -> Words:
    head = listed.head_of("level")
    return Words(
        f"{listed.name} 的{head.zh}没有说明高程所指，已按管外顶高程计；如为管底、管内底，请说明；如为地面高程，请写成地面高程。",
        f"The {head.en} of {listed.name} does not say what its levels are of: they were taken as the outer crown. Say so if "
        "they are the bottom or the invert; call the column 地面高程 if they are the ground.",
        "--level-of bottom | invert",
    )


def _unread(listed: PositionList) -> Words:
    zh, en = _named(listed.unread)
    return Words(
        f"{listed.name} 的{zh}未读取。读取的高程列名：管顶高程、管外底高程、管内底高程、管底高程、地面高程；"
        "埋深请另行给出覆土。",
        f"Not read of {listed.name}: {en}. Levels are read from 管顶高程 (crown), 管外底高程 (bottom), 管内底高程 "
        "(invert), 管底高程 (base) and 地面高程 (ground); give a depth as a cover.",
        "--cover-m",
    )


def _undecided(listed: PositionList) -> tuple[Words, ...]:
    """The sentence for columns that would say what the line is, where a list is read for its places and levels alone."""
    if not (columns := listed.deciding):
        return ()
    zh, en = _named(columns)
    return (
        Words(
            f"{listed.name} 的{zh}未读取：坐标表只读取坐标和高程，管类、断面等请另行给出。",
            f"Not read of {listed.name}: {en}. Of a list the places and levels are read; give kind, section and the like "
            "beside it.",
        ),
    )


def _number(row: int, cells: Sequence[str | None], column: int, told: tuple[str, Words]) -> float:
    """The figure of one cell; ``told`` is the file and what the column is, for the refusal."""
    text = as_text(cells[column]) if column < len(cells) else None
    if text is None:
        return math.nan
    value = as_figure(text)
    if value is None:
        name, what = told
        raise Invalid(
            Words(
                f"{name} 第 {row} 行第 {column + 1} 列（{what.zh}）：“{text}”不是数字。",
                f"{name}, row {row}, column {column + 1} ({what.en}): “{text}” is no number.",
            )
        )
    return value
