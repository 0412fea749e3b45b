"""The columns of a list of positions: what their heads say, and which of them has the level."""

import math
import re
from collections.abc import Sequence
from typing import Any, Literal

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.datum_words import other_datum_of_head

LevelOf = Literal["crown", "bottom", "invert"]

# Names of the columns of a list of positions, folded; survey X is north.
NORTH = frozenset({"x", "n", "north", "northing", "north_m", "x坐标", "北", "北坐标", "纵坐标"})
EAST = frozenset({"y", "e", "east", "easting", "east_m", "y坐标", "东", "东坐标", "横坐标"})
LEVEL = frozenset({"h", "z", "level", "level_m", "高程"})
CROWN = frozenset({"crown", "crown_m", "管顶高程", "管顶标高"})
BOTTOM = frozenset({"bottom", "bottom_m", "外底高程", "管外底高程", "外底标高", "管外底标高"})
INVERT = frozenset({"invert", "invert_m", "管内底高程", "管内底标高", "内底高程", "内底标高"})
# Of a gravity sewer the invert, on which its water flows; of any other line the bottom of its outer envelope.
BASE = frozenset({"管底高程", "管底标高"})
GROUND = frozenset({"ground", "ground_m", "sur_h", "地面高程", "地面标高"})
NAMES = {
    "north": NORTH, "east": EAST, "level": LEVEL, "crown": CROWN, "bottom": BOTTOM, "invert": INVERT, "base": BASE,
    "ground": GROUND,
}  # fmt: skip
MEANT = {
    "north": Words("X 北坐标", "X, north"),
    "east": Words("Y 东坐标", "Y, east"),
    "level": Words("高程", "level"),
    "crown": Words("管顶高程", "level of the crown"),
    "bottom": Words("管外底高程", "level of the bottom"),
    "invert": Words("管内底高程", "level of the invert"),
    "base": Words("管底高程", "level of the base"),
    "ground": Words("地面高程", "ground level"),
}
LEVELS = frozenset({"level", "crown", "bottom", "invert", "base"})
HEIGHTS = LEVELS | {"ground"}
OTHER_UNIT = re.compile(r"[(（\[]\s*(mm|cm|dm|km|ft|feet|毫米|厘米|公分|分米|公里)\s*[)）\]]", re.IGNORECASE)

SAID_BESIDE = {
    "top": re.compile("顶|crown|top", re.IGNORECASE),
    "bottom": re.compile("底|bottom|invert|base", re.IGNORECASE),
    "ground": re.compile("地面|地表|ground|surface", re.IGNORECASE),
    "inside": re.compile("内|inside|inner|internal", re.IGNORECASE),
    "outside": re.compile("外|outside|outer|external", re.IGNORECASE),
}
# What may stand beside the name of a column of levels without saying something else than the name.
SAME_BESIDE = {
    "level": ({"top"}, {"top", "outside"}), "crown": ({"top"}, {"outside"}, {"top", "outside"}),
    "bottom": ({"outside"},), "invert": ({"inside"},), "base": (),
}  # fmt: skip
# The inside of the crown: a wall below the crown, and no level that a work is told by.
OBVERT = re.compile(
    r"内\s*[壁管侧]?\s*顶|obvert|soffit|(?:inner|inside|internal)[ _-]*(?:top|crown)", re.IGNORECASE
)

Rows = Sequence[tuple[int, list[str | None]]]


def columns_of(rows: Rows, name: str) -> tuple[dict[int, str], Rows]:
    """Column number → meaning, and the rows below the header.

    Raises
    ------
    Invalid
        The list ``name`` is empty, has no X and Y, two columns of one meaning, heights of another datum or another unit.
    """
    filled = [(row, cells) for row, cells in rows if any(as_text(cell) for cell in cells)]
    if not filled:
        raise Invalid(Words(f"{name} 是空的。", f"{name} is empty."))
    heads = [(cell or "").strip() for cell in filled[0][1]]
    if all(as_figure(cell) is not None for cell in filled[0][1][:2]):
        return dict(enumerate(("north", "east", "level")[: len(heads)])), filled
    folded = [head.removesuffix(_beside(head)).casefold() for head in heads]
    columns = {at: what for at, cell in enumerate(folded) for what, names in NAMES.items() if cell in names}
    if {"north", "east"} - set(columns.values()):
        raise Invalid(
            Words(
                f"{name} 的表头里没有 X（北）和 Y（东）两列。",
                f"{name} has no columns X (north) and Y (east).",
            )
        )
    if not LEVELS & set(columns.values()):
        _refuse_obvert([head for at, head in enumerate(heads) if at not in columns], name)
    for at, what in columns.items():
        _check_head(heads[at], what, name)
        if list(columns.values()).count(what) > 1:
            raise Invalid(
                Words(
                    f"{name} 的表头里有不止一列{MEANT[what].zh}：请只留一列。",
                    f"{name} has more than one column of {MEANT[what].en}: keep one.",
                )
            )
    return columns, filled[1:]


def _beside(head: str) -> str:
    """What stands behind the name of a column: from the first bracket or white space on."""
    found = re.search(r"[\s（(].*$", head)
    return found[0] if found else ""


def _refuse_obvert(heads: Sequence[str], name: str) -> None:
    """Levels of the inside of the crown are not left out unsaid: without them the line would have no depth."""
    for head in heads:
        if OBVERT.search(head):
            raise Invalid(
                Words(
                    f"{name} 的列“{head}”是管内顶高程，工程不收：请加上管壁厚写成管顶高程，或改给管内底高程。",
                    f"The column “{head}” of {name} has levels of the inside of the crown, which no work is told by: add the "
                    "wall and call it 管顶高程 (crown), or give 管内底高程 (invert).",
                )
            )


def _check_head(head: str, what: str, name: str) -> None:
    said = {meant for meant, words in SAID_BESIDE.items() if words.search(_beside(head))}
    if what in LEVELS and said and said not in SAME_BESIDE[what]:
        raise Invalid(
            Words(
                f"{name} 的列“{head}”在括号里另说了高程所指：请把表头写成管顶高程、管外底高程、管内底高程或地面高程。",
                f"The column “{head}” of {name} says beside its name what the levels are of: call it 管顶高程 (crown), "
                "管外底高程 (bottom), 管内底高程 (invert) or 地面高程 (ground).",
            )
        )
    if OTHER_UNIT.search(head):
        raise Invalid(
            Words(
                f"{name} 的列“{head}”不以米为单位：请换算为米。",
                f"The column “{head}” of {name} is not in metres: convert it.",
            )
        )
    if what in HEIGHTS and other_datum_of_head(head) is not None:
        raise Invalid(
            Words(
                f"{name} 的列“{head}”用的是其他高程基准：请换算为 1985 国家高程基准，或改给覆土。",
                f"The column “{head}” of {name} is on another height datum: convert it to the 1985 datum, or give a cover.",
                "--cover-m",
            )
        )


def level_column(
    columns: frozenset[str], level_of: LevelOf | None, name: str, *, is_gravity: bool
) -> tuple[str, LevelOf] | None:
    """Which of the ``columns`` has the levels, and of what; None where there is none.

    A column that names crown, bottom or invert is that and nothing else; one that does not is what ``level_of`` says,
    the crown where nobody says. A plain 管底高程 is the invert of a gravity sewer and the bottom of any other line.

    Raises
    ------
    Invalid
        There are several and nobody says which, or what was said is not in the list.
    """
    here = columns & LEVELS
    if not here:
        return None
    if level_of is not None:
        wanted = (level_of, "level") if level_of == "crown" else (level_of, "base", "level")
        for column in wanted:
            if column in here:
                return column, level_of
        raise Invalid(
            Words(
                f"已说明高程是{MEANT[level_of].zh}，{name} 中却只有{'、'.join(MEANT[one].zh for one in sorted(here))}列。",
                f"The levels are said to be {MEANT[level_of].en}, but {name} has "
                f"{', '.join(MEANT[one].en for one in sorted(here))} alone.",
                "--level-of crown | bottom | invert",
            )
        )
    if len(here) > 1:
        raise Invalid(
            Words(
                f"{name} 中不止一列高程：请说明用管顶还是管底。",
                f"{name} has more than one column of levels: say whether crown, bottom or invert is meant.",
                "--level-of crown | bottom | invert",
            )
        )
    (only,) = here
    if only == "base":
        return only, "invert" if is_gravity else "bottom"
    meant: dict[str, LevelOf] = {"bottom": "bottom", "invert": "invert"}
    return only, meant.get(only, "crown")


def as_figure(value: Any) -> float | None:
    """``value`` as a finite number, None where it is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def as_text(value: Any) -> str | None:
    """``value`` without blanks around it, None where nothing is left or it is no text."""
    return value.strip() or None if isinstance(value, str) else None
