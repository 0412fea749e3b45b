"""Which column of a delivered table is which of our fields, and what role the table plays."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from xzgis.catalogue.terms import IntakeField, IntakeMapping
from xzgis.networks.rules.end_heads import end_head
from xzgis.networks.rules.numbers import plain
from xzgis.networks.rules.units import NAMES

Role = Literal["points", "lines", "linked", "other"]

_TABLE_SUFFIX = re.compile(
    r"[_\- ]*(points?|lines?|pts?|[pl]|管线点表?|管点表?|管线表?|点表?|线表?|调查表|成果表)$", re.IGNORECASE
)
_KIND_WORDS = re.compile(r"(?:管线类型|管线种类|管线类别|管类)[::]\s*(\S+)")


@dataclass(frozen=True)
class ColumnMap:
    """Our fields → the table's columns, the columns left over, and the role of the table."""

    role: Role
    intake: str
    point_columns: Mapping[str, str]
    line_columns: Mapping[str, str]
    unmapped: tuple[str, ...]

    @property
    def mapped(self) -> Mapping[str, str]:
        """Field → column of points and lines together."""
        return {**self.point_columns, **self.line_columns}


@lru_cache(maxsize=8192)  # the names of the mappings are folded for every table anew
def folded_name(name: str) -> str:
    """A column name without case, width, white space and trailing unit."""
    return re.sub(r"[\s_·.。:：]+", "", plain(name)).casefold()


@lru_cache(maxsize=8192)
def without_unit(name: str) -> str:
    """A folded name without a unit in brackets at its end."""
    return re.sub(rf"[(\[](单位:?)?({NAMES})[)\]]$", "", name)


def map_columns(
    columns: Sequence[str],
    mappings: Sequence[IntakeMapping],
    *,
    overrides: Mapping[str, str] | None = None,
) -> ColumnMap:
    """The map of one table, by the names of ``mappings`` in their order; ``overrides`` go first.

    Parameters
    ----------
    columns
        Names of the columns that hold anything.
    overrides
        Column → our field, or ``""`` to leave the column out; a name without a field is no error.
    """
    given = {folded_name(column): field for column, field in (overrides or {}).items()}
    points = _assigned(columns, [field for mapping in mappings for field in mapping.point_fields], given)
    lines = _assigned(columns, [field for mapping in mappings for field in mapping.line_fields], given)
    role = _role(points, lines)
    if role == "points":
        lines = {}
    elif role == "lines":
        points = {}
    used = {*points.values(), *lines.values()}
    ignored = {name for name, field in given.items() if not field}
    unmapped = tuple(
        column for column in columns if column not in used and folded_name(column) not in ignored
    )
    return ColumnMap(role, _intake(role, lines, mappings), points, lines, unmapped)


def _assigned(
    columns: Sequence[str], fields: Sequence[IntakeField], given: Mapping[str, str]
) -> dict[str, str]:
    by_name = _by_name(columns, {folded_name(name) for field in fields for name in field.names})
    assigned: dict[str, str] = {}
    known = {field.field for field in fields}
    taken: set[str] = set()
    for column in columns:
        chosen = given.get(folded_name(column))
        if chosen is None:
            continue
        taken.add(column)
        if chosen in known:
            assigned.setdefault(chosen, column)
    for field in fields:
        if field.field in assigned:
            continue
        for name in field.names:
            wanted = by_name.get(folded_name(name)) or by_name.get(without_unit(folded_name(name)))
            if wanted is not None and wanted not in taken:
                assigned[field.field] = wanted
                taken.add(wanted)
                break
    return assigned


def _by_name(columns: Sequence[str], known: set[str]) -> dict[str, str]:
    """The column of each name; heads of ends come last: 起点高程 is 起点高程 before 起点管内底高程 is."""
    found: dict[str, str] = {}
    for column in columns:
        for name in _names(column, known):
            found.setdefault(name, column)
    for column in columns:
        name = folded_name(column)
        said = None if known & {name, without_unit(name)} else end_head(name)
        if said is not None:
            found.setdefault(said, column)
    return found


def _names(column: str, known: set[str]) -> list[str]:
    """The ways a column may be named: whole, without unit, and the last part of a two-row header.

    A name that is known as a whole is not taken apart: 总孔数/已用孔数 is one field, not the second one.
    """
    name = folded_name(column)
    ways = [name, without_unit(name)]
    if not known & set(ways) and end_head(name) is None:
        last = folded_name(column.rsplit("/", 1)[-1])
        ways += [last, without_unit(last)]
    return list(dict.fromkeys(ways))


def _role(points: Mapping[str, str], lines: Mapping[str, str]) -> Role:
    has_place = {"north_m", "east_m", "point_no"} <= points.keys()
    if "to_point" in lines and has_place and "from_point" not in lines:
        return "linked"
    if {"from_point", "to_point"} <= lines.keys():
        return "lines"
    return "points" if has_place else "other"


def _intake(role: Role, lines: Mapping[str, str], mappings: Sequence[IntakeMapping]) -> str:
    wanted = "survey_tables"
    if role == "linked":
        wanted = "result_table" if {"top_level_m", "bottom_level_m"} & lines.keys() else "one_table"
    for mapping in mappings:
        if mapping.reads == wanted:
            return mapping.token
    return mappings[0].token


def table_code(sheet: str | None, file: str, preamble: Iterable[str]) -> str:
    """The kind a table without a code column is about: from its sheet, title or file name."""
    if sheet and re.fullmatch(r"[A-Za-z]{1,3}", sheet.strip()):
        return sheet.strip().upper()
    for text in preamble:
        match = _KIND_WORDS.search(plain(text))
        if match:
            return match.group(1)
    stem = file.rsplit(".", 1)[0]
    for name in (sheet, stem):
        bare = _TABLE_SUFFIX.sub("", plain(name or ""))
        if bare and bare != plain(name or ""):
            return bare
    return sheet or stem
