"""A survey delivery understood: canonical points and lines with levels, sizes and accuracy, placed.

Pure: takes text frames and the catalogue, gives a :class:`Delivery`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Words
from xzgis.networks.rules.axes_told import tell_survey_axes
from xzgis.networks.rules.coarse_places import table_rounding_m
from xzgis.networks.rules.datum_told import other_heights_named
from xzgis.networks.rules.doubts import NOWHERE, Doubts, Where, first_where
from xzgis.networks.rules.layouts import LINE_TEXTS, POINT_FIELDS, TextFrames
from xzgis.networks.rules.said_nothing import SAID_NOTHING, said_nothing
from xzgis.networks.rules.survey_levels import with_levels
from xzgis.networks.rules.survey_lines import canonical_lines
from xzgis.networks.rules.survey_points import canonical_points
from xzgis.networks.rules.tables_without import without_any_row
from xzgis.networks.rules.understanding import Understanding, choose_kinds, link_ends
from xzgis.networks.terms import (
    LINE_COLUMNS,
    POINT_COLUMNS,
    DeliveredFile,
    Delivery,
    FloatArray,
    IntakeFinding,
    Vertices,
    conformed,
)
from xzgis.spatial.crs import CrsDecision, Extent, second_best
from xzgis.spatial.placing import PlaceQuestion, place, placed, shown

INTAKES = ("cn_survey", "cn_one_table", "cn_result_table")


@dataclass(frozen=True, slots=True)
class SurveyOptions:
    """What the user says of a survey delivery beside its files.

    ``overrides``: column → our field, or ``""`` to leave it out. ``code_kinds``: delivered code → kind token.
    ``crs``: EPSG code or WKT. ``displace``: data of another place, to be laid over the city as test data.
    ``level_meaning``: ``pipe`` or ``ground``, against what the figures say.
    """

    intake: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    code_kinds: Mapping[str, str] = field(default_factory=dict)
    crs: str | None = None
    displace: bool = False
    encoding: str | None = None
    level_meaning: str | None = None


POINTS_MISSING = "points_missing"
_LINES_ALONE = IntakeFinding(
    "S01",
    "error",
    Words(
        "管点表缺失：此管线表没有管点，管线没有位置。",
        "The point table is missing: without points the lines of this table have no place.",
    ),
    Words(
        "请把管点表与此管线表一起选取后重读",
        "choose the point table together with this line table and read again",
    ),
)


def city_extent(catalogue: Catalogue) -> Extent:
    """The city's extent as the placing asks for it."""
    city = catalogue.city
    return Extent(**{name: getattr(city, name) for name in Extent.__dataclass_fields__})


def understand(
    text: TextFrames, files: tuple[DeliveredFile, ...], catalogue: Catalogue, options: SurveyOptions
) -> Delivery:
    """The delivery that the text frames make up; every row stays, doubts are findings."""
    doubts = Doubts(list(text.findings))
    intake = options.intake or _intake_of(text)
    mapping = catalogue.intakes[intake]
    how = Understanding(catalogue, {**mapping.code_kinds, **options.code_kinds}, mapping.code_schemes, doubts)
    _tell_missing_tables(text, doubts)
    doubts.found += [] if options.displace else other_heights_named(text.maps, options.crs)
    raw_points = text.points if len(text.points) else _none(POINT_FIELDS)
    raw_lines = text.lines if len(text.lines) else _none(LINE_TEXTS)
    choices = choose_kinds(raw_points, raw_lines, how, coded=_coded(text))
    points = canonical_points(raw_points, choices, how)
    lines, notes = canonical_lines(raw_lines, choices, how)
    decision = _placed_points(points, raw_points, text, options, how)
    lines["from_point"] = (
        link_ends(points, raw_lines, "from_point", how) if len(lines) else lines["from_point"]
    )
    lines["to_point"] = link_ends(points, raw_lines, "to_point", how) if len(lines) else lines["to_point"]
    vertices = with_levels(points, lines, notes, options.level_meaning, how)
    _widen(
        points, lines, table_rounding_m(raw_points, points["x_raw"].to_numpy(np.float64), doubts), decision
    )
    if is_alone := bool(len(lines)) and not len(points):
        # Without points no line has a place, a kind or a level: whatever else is found follows from that.
        alone = [replace(_LINES_ALONE, file=str(file)) for file in lines["file"].unique()]
        doubts.found = [*text.findings, *alone]
    return Delivery(
        intake=intake,
        files=_counted(files, points, lines, vertices),
        crs=decision,
        points=conformed(points, POINT_COLUMNS),
        lines=conformed(lines, LINE_COLUMNS),
        vertices=vertices,
        findings=tuple(doubts.found),
        facts={
            "columns": {place: dict(columns.mapped) for place, columns in text.maps},
            "unmapped": {place: list(columns.unmapped) for place, columns in text.maps},
            "kinds": {code: choice.kind for code, choice in choices.items()},
            POINTS_MISSING: is_alone,
            SAID_NOTHING: said_nothing(
                {"points": raw_points, "lines": raw_lines}, {"points": points, "lines": lines}
            ),
        },
    )


def _widen(points: pd.DataFrame, lines: pd.DataFrame, rounding_m: FloatArray, decision: CrsDecision) -> None:
    """Makes points and lines, in situ, no surer than the CRS is and than their coordinates are written."""
    of_lines = np.zeros(len(lines))
    for end in ("from_point", "to_point") if len(points) else ():
        rows = lines[end].to_numpy(np.int64)
        of_lines = np.maximum(of_lines, np.where(rows >= 0, rounding_m[np.maximum(rows, 0)], 0.0))
    for frame, rounding in ((points, rounding_m), (lines, of_lines)):
        crs = np.hypot(rounding, decision.sigma_m)
        frame["sigma_plan_m"] = np.hypot(frame["sigma_plan_m"].to_numpy(np.float64), crs)


def _none(fields: tuple[str, ...]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            name: pd.Series([], dtype=object)
            for name in (*fields, "file", "sheet", "row", "words", "title", "attributes")
        }
    )


def _coded(text: TextFrames) -> set[str]:
    """Places of the tables that have a column of codes."""
    return {place for place, columns in text.maps if "code" in columns.mapped}


def _intake_of(text: TextFrames) -> str:
    used = [columns.intake for _, columns in text.maps if columns.role != "other"]
    return max(set(used), key=used.count) if used else INTAKES[0]


def _tell_missing_tables(text: TextFrames, doubts: Doubts) -> None:
    for frame, role, zh, en, columns in (
        (text.points, "points", "管点表", "point table", "物探点号、X、Y"),
        (text.lines, "lines", "管线表", "line table", "起点点号、终点点号"),
    ):
        there = [place for place, one in text.maps if one.role in (role, "linked")]
        if not len(frame) and there:
            doubts.found = without_any_row(doubts.found, there)
        elif not len(frame):
            doubts.say(
                "S01",
                "error",
                Words(f"没有找到{zh}：表头须有{columns}。", f"There is no {en}: its header needs {columns}."),
                Words("补交该表，或在列对应中指定这些列。", "Deliver the table, or map these columns."),
            )


def _placed_points(
    points: pd.DataFrame, raw: pd.DataFrame, text: TextFrames, options: SurveyOptions, how: Understanding
) -> CrsDecision:
    """Places ``points`` in situ; tells the decision as findings."""
    # Of the lines' tables too: whichever of them names a system names that of the delivery.
    tables = [raw, *((text.lines,) if len(text.lines) else ())]
    told = {str(words) for table in tables for words in table["words"].unique()}
    words = " ".join(sorted(told | {str(p) for p, _ in text.maps}))
    question = PlaceQuestion(
        first=points["x_raw"].to_numpy(np.float64),
        second=points["y_raw"].to_numpy(np.float64),
        declared=options.crs,
        words=words,
        displace=options.displace,
        takes_shift=True,
    )
    decision = place(question, city_extent(how.catalogue))
    xy = placed(decision, question.first, question.second)
    points["east_m"], points["north_m"] = xy[:, 0], xy[:, 1]
    known = np.isfinite(question.first) & np.isfinite(question.second)
    first = raw[known].head(1)
    pair = f"{first['north_m'].iloc[0]}, {first['east_m'].iloc[0]}" if len(first) else None
    where = first_where(raw, known, "north_m", pair)
    tell_place(decision, how.doubts, where=where)
    if len(first):
        tell_survey_axes(decision, _heads_of_axes(text, where), how.doubts, where=where)
    return decision


def _heads_of_axes(text: TextFrames, where: Where) -> tuple[str, str]:
    """What the table of the first point calls the columns read as north and as east."""
    place_of = f"{where.file} / {where.sheet}" if where.sheet else where.file
    names = next(columns.point_columns for place, columns in text.maps if place == place_of)
    return names["north_m"], names["east_m"]


def tell_place(decision: CrsDecision, doubts: Doubts, *, where: Where = NOWHERE) -> None:
    """The decision on the coordinate system as findings C01 (decided), C02 (warning), C03 (to be said by a person).

    ``where`` is the first pair of coordinates that was delivered.
    """
    joined = Words(
        "；".join(words.zh.rstrip("。") for words in decision.evidence),
        "; ".join(words.en.rstrip(".") for words in decision.evidence),
    )
    if decision.decided is None:
        doubts.say(
            "C03",
            "error",
            Words(f"坐标系未定：{joined.zh}", f"The coordinate system is undecided: {joined.en}"),
            Words(
                "请指定坐标系后重新读取；外地的试验数据请选“外地试验数据”。",
                "Name the coordinate system and read again; for test data of another place choose displaced test data.",
            ),
            where=where,
        )
    else:
        doubts.say(
            "C01",
            "info",
            Words(
                f"坐标系定为 {shown(decision.decided)}：{joined.zh}",
                f"Coordinate system {shown(decision.decided)}: {joined.en}",
            ),
            Words(
                "如不对，请指定坐标系后重新读取。",
                "If this is wrong, name the coordinate system and read again.",
            ),
            where=where,
        )
    source = decision.displaced.source if decision.displaced else decision.decided
    poorer = second_best(source) if source and decision.system is None else None
    for warning in (*decision.warnings, *((poorer,) if poorer else ())):
        doubts.say(
            "C02",
            "warning",
            warning,
            Words(
                "请核对来源；如不对，请指定坐标系。",
                "Make sure where the figures come from, or name the system.",
            ),
            where=where,
        )


def _counted(
    files: tuple[DeliveredFile, ...], points: pd.DataFrame, lines: pd.DataFrame, vertices: Vertices
) -> tuple[DeliveredFile, ...]:
    lengths = line_lengths_m(lines, vertices)
    told: list[DeliveredFile] = []
    for file in files:
        mine = (lines["file"] == file.file).to_numpy()
        by_code = pd.Series(lengths[mine]).groupby(lines["code"][mine].to_numpy()).sum()
        told.append(
            DeliveredFile(
                file=file.file,
                format=file.format,
                encoding=file.encoding,
                rows_read=file.rows_read,
                points=int((points["file"] == file.file).sum()),
                lines=int(mine.sum()),
                length_m_by_code={str(code): round(float(metres), 2) for code, metres in by_code.items()},
                encoding_why=file.encoding_why,
            )
        )
    return tuple(told)


def line_lengths_m(lines: pd.DataFrame, vertices: Vertices) -> "np.typing.NDArray[np.float64]":
    """``(n,)`` plan length of each line in metres, 0 where it has no geometry."""
    if not len(vertices.xy_m):
        return np.zeros(len(lines))
    step = np.hypot(*np.diff(vertices.xy_m, axis=0).T)
    inner = np.ones(len(step), dtype=np.bool_)
    joints = vertices.offset[1:-1]
    inner[joints[(joints > 0) & (joints < len(vertices.xy_m))] - 1] = False
    running = np.concatenate([[0.0], np.cumsum(np.where(inner, step, 0.0))])
    start = np.minimum(vertices.offset[:-1], len(running) - 1)
    end = np.maximum(np.minimum(vertices.offset[1:] - 1, len(running) - 1), start)
    result: np.typing.NDArray[np.float64] = running[end] - running[start]
    return result
