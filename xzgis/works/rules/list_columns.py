"""The columns of a list of positions: what their heads say, and which of them has the level."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.datum_words import forbidden_words, other_datum_of_head, words_of_axis
from xzgis.works.rules.cells import as_figure, as_text
from xzgis.works.rules.row_order import refuse_disorder
from xzgis.works.rules.unsaid import Unsaid

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

# What may stand in brackets behind the name of a column, piece by piece; whatever else does may change what its figures
# are.
_FREE = (r"单位", r"[\s:：/,，、;；.·_-]", "m", "米", r"met(?:er|re)s?")
_OF_HEIGHT = (
    *_FREE,
    "(?:19)?85",
    "国家",
    "高程",
    "标高",
    "黄海",
    "基准",
    "系统",
    "系",
    "datum",
    "设计",
    "design(?:ed)?",
)
# Of a line that its head names the state of its level; of a bare level the ground: 现状标高 of a design is the ground as
# it is, 规划标高 of a plan the road to come.
_OF_LINE = (*_OF_HEIGHT, "规划", "现状", "实测", "竣工", "existing")
FREE_BESIDE = {
    "axis": (
        *_FREE, r"\d?度", r"\d{1,2}带", "1(?:14|17|20)°?", "[纵横南北东]", "坐标", "轴", "方向", "north(?:ing)?", "east(?:ing)?",
        "[xyne]", "cgcs", "2000", "国家", "大地", "系", "高斯", "gauss", "投影", "带", "中央", "子午线", "经线", "值",
        r"wgs[\s_-]*(?:19)?84",
    ),
    "level": (*_OF_HEIGHT, "管", "of", "pipe"),
    "crown": (*_OF_LINE, "管", "外顶", "顶部", "顶", "crown", "top", "of", "pipe"),
    "bottom": (*_OF_LINE, "外底", "管"),
    "invert": (*_OF_LINE, "内底", "管", "invert"),
    "base": _OF_LINE,
    "ground": (*_OF_LINE, "自然", "原", "地面", "地表", "路面", "ground", "surface"),
}  # fmt: skip
_PIECES = {
    what: tuple(re.compile(piece, re.IGNORECASE) for piece in pieces) for what, pieces in FREE_BESIDE.items()
}
# A column that says of which line a position is; a list is read as one line.
OF_LINE_NO = re.compile(
    r"(?:(?:管线|管段|管道|线路|路线|线|段)(?:编?号|序号|名称?|id)?|(?:poly)?(?:line|run|route|pipe)[\s_]*(?:no\.?|number|id|name)?)",
    re.IGNORECASE,
)
# A head is a name: longer ones are text, and what looks through them shall not take long.
LONGEST_HEAD = 100
IS_TOP = re.compile("顶|crown|top", re.IGNORECASE)
# A column that nobody reads and that may be a level or a depth all the same.
MAY_BE_LEVEL = re.compile(
    r"[高深顶底覆挖]|地面|地表|路面|level|elev|height|depth|deep|cover|buri|crown|top|invert|bottom|ground|surface|"
    r"^\W*[hz]{1,2}(?:[\W\d_]|$)",
    re.IGNORECASE,
)
# One that may be a depth where digits stand in it (1.2m, 约1.2): 埋, 管埋(m), 埋设, 坑, 槽; never 埋设年代, 埋设方式, 土质, 井号.
MAY_BE_DEPTH = re.compile(r"(?!.*[年月期时间日号宽径方类质])(?:.*[埋土坑槽]|\W*[下井沟](?:\W|$))")
# What else decides how far a line must stay from others.
MAY_DECIDE = re.compile(
    r"管径|直径|口径|外径|内径|孔径|断面|规格|管宽|宽度|沟宽|压力|电压|管类|类别|种类|材质|材料|埋设|"
    r"精度|中误差|diam|width|section|^dn$|^size|pressure|voltage|material|burial|^kind|sigma|accura",
    re.IGNORECASE,
)
# The inside of the crown: a wall below the crown, and no level that a work is told by.
OBVERT = re.compile(
    r"内\s*[壁管侧]?\s*顶|obvert|soffit|(?:inner|inside|internal)[ _-]*(?:top|crown)", re.IGNORECASE
)

Rows = Sequence[tuple[int, list[str | None]]]


@dataclass(frozen=True)
class PositionList:
    """A list of positions: column number → meaning, its heads (empty without a header), and the rows below them."""

    name: str
    columns: Mapping[int, str]
    heads: tuple[str, ...]
    rows: Rows

    def head_of(self, what: str) -> Words:
        """What the list calls the column of ``what``: its head, else its number."""
        at = next(at for at, meant in self.columns.items() if meant == what)
        return _called(self._head(at), at)

    @property
    def words_of_plan(self) -> str:
        """What the name of the file and the heads of the coordinates say of their system."""
        axes = [
            self.heads[at] for at, what in self.columns.items() if self.heads and what in ("north", "east")
        ]
        return " ".join([self.name, *map(words_of_axis, axes), *self._said_in_cells()])

    @property
    def unread(self) -> tuple[Words, ...]:
        """Columns that are not read although they hold what may be levels or depths; figures without a head may be too."""
        width = max((len(cells) for _, cells in self.rows), default=0) if self.heads else 0
        others = (at for at in range(width) if at not in self.columns)
        return tuple(_called(self._head(at), at) for at in others if self._may_be_level(at))

    @property
    def deciding(self) -> tuple[Words, ...]:
        """Columns that are not read although they hold what would say kind, size or the like of the line."""
        others = [
            at for at, head in enumerate(self.heads) if at not in self.columns and MAY_DECIDE.search(head)
        ]
        told = (at for at in others if any(at < len(cells) and as_text(cells[at]) for _, cells in self.rows))
        return tuple(_called(self.heads[at], at) for at in told if not self._may_be_level(at))

    def _head(self, at: int) -> str:
        return self.heads[at] if at < len(self.heads) else ""

    def _may_be_level(self, at: int) -> bool:
        told = [text for text in (as_text(cells[at]) for _, cells in self.rows if at < len(cells)) if text]
        if head := self._head(at):
            may_be_depth = MAY_BE_DEPTH.match(head) and any(re.search(r"\d", text) for text in told)
            return bool((told and MAY_BE_LEVEL.search(head)) or may_be_depth)
        return any(as_figure(text) is not None for text in told)

    def _said_in_cells(self) -> list[str]:
        named = [at for at, head in enumerate(self.heads) if at not in self.columns and "坐标系" in head]
        values = {as_text(cells[at]) for _, cells in self.rows for at in named if at < len(cells)}
        return sorted(f"{value}坐标" for value in values if value)


def columns_of(rows: Rows, name: str) -> PositionList:
    """The columns of the list ``name``, and the rows below its header.

    Raises
    ------
    Invalid
        The list is empty, has no X and Y, two columns of one meaning, heights of another datum or another unit, a word
        beside the name of a column that may change what its figures are, a head as long as a text, a column that tells of
        several lines or whose numbers do not run one way, or more than three columns without a header.
    """
    filled = [(row, cells) for row, cells in rows if any(as_text(cell) for cell in cells)]
    if not filled:
        raise Invalid(Words(f"{name} 是空的。", f"{name} is empty."))
    heads = [(cell or "").strip() for cell in filled[0][1]]
    if all(as_figure(cell) is not None for cell in filled[0][1][:2]):
        _check_width(filled, name)
        return PositionList(name, dict(enumerate(("north", "east", "level")[: len(heads)])), (), filled)
    _check_length(heads, name)
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
        if what == "level" and IS_TOP.search(_beside(heads[at])):
            columns[at] = "crown"
    for what in columns.values():
        if list(columns.values()).count(what) > 1:
            raise Invalid(
                Words(
                    f"{name} 的表头里有不止一列{MEANT[what].zh}：请只留一列。",
                    f"{name} has more than one column of {MEANT[what].en}: keep one.",
                )
            )
    listed = PositionList(name, columns, tuple(heads), filled[1:])
    _refuse_several(listed)
    refuse_disorder(heads, columns, listed.rows, name)
    return listed


def check_axes(listed: PositionList) -> None:
    """Refuse words beside X and Y that nobody knows: they may name another system. Not asked where one was declared.

    Raises
    ------
    Unsaid
        With the file, the head and what it says.
    """
    for at, what in listed.columns.items():
        head = listed.heads[at] if listed.heads else ""
        said = _not_free(head, "axis")
        if what in ("north", "east") and said:
            why = forbidden_words(words_of_axis(head))
            raise Unsaid(
                Words(
                    f"{listed.name} 的列“{head}”写明“{said}”，不能当作 CGCS2000：请先转换，或指定坐标系。{why.zh if why else ''}",
                    f"The column “{head}” of {listed.name} says “{said}” and is not taken as CGCS2000: convert it, or name the "
                    f"system.{f' {why.en}' if why else ''}",
                    "--crs EPSG:n",
                ),
                asked="crs",
            )


def _refuse_several(listed: PositionList) -> None:
    """Refuse a list of several lines: read as one it would join the end of each to the start of the next.

    A word of its own in every row names positions or segments, not lines.
    """
    for at, head in enumerate(listed.heads):
        if at in listed.columns or not OF_LINE_NO.fullmatch(head):
            continue
        told = [text for text in (as_text(cells[at]) for _, cells in listed.rows if at < len(cells)) if text]
        lines = list(dict.fromkeys(told))
        if 1 < len(lines) < len(told):
            shown = lines[:3]
            raise Invalid(
                Words(
                    f"{listed.name} 的列“{head}”写明 {len(lines)} 条线（{'、'.join(shown)}{'…' * (len(lines) > 3)}），"
                    "而点列表按一条管线读取，会把它们首尾相连：请每条线一个文件，或改用 GeoJSON、DXF 等能分线的格式。",
                    f"The column “{head}” of {listed.name} tells of {len(lines)} lines ({', '.join(shown)}"
                    f"{' …' * (len(lines) > 3)}), and a list is read as one: they would be joined end to start. Give a file for "
                    "each line, or a format that parts lines (GeoJSON, DXF).",
                )
            )


def _beside(head: str) -> str:
    """What stands behind the name of a column: from the first bracket or white space on."""
    found = re.search(r"[\s（(\[［【〔{]", head)
    return head[found.start() :] if found else ""


def _called(head: str, at: int) -> Words:
    """A column by its head, else by its number."""
    if head:
        return Words(f"列“{head}”", f"column “{head}”")
    return Words(f"第 {at + 1} 列（无表头）", f"column {at + 1} (no header)")


def _check_width(rows: Rows, name: str) -> None:
    """Refuse a fourth column without a header: beside a ground level stands the depth, and nobody says which is which."""
    for row, cells in rows:
        beyond = [text for text in map(as_text, cells[3:]) if text]
        if beyond:
            raise Invalid(
                Words(
                    f"{name} 没有表头，第 {row} 行却多于三列（“{beyond[0][:20]}”）：第三列是管顶还是地面高程不能认定。请加表头，"
                    "写明管顶高程、管外底高程、管内底高程或地面高程。",
                    f"{name} has no header, and row {row} more than three columns (“{beyond[0][:20]}”): whether the third is "
                    "the crown or the ground is not known. Add a header that says 管顶高程 (crown), 管外底高程 (bottom), "
                    "管内底高程 (invert) or 地面高程 (ground).",
                )
            )


def _check_length(heads: Sequence[str], name: str) -> None:
    for at, head in enumerate(heads):
        if len(head) > LONGEST_HEAD:
            raise Invalid(
                Words(
                    f"{name} 第 {at + 1} 列的表头“{head[:20]}…”有 {len(head)} 个字，多于 {LONGEST_HEAD} 个：请写短。",
                    f"The head of column {at + 1} of {name}, “{head[:20]}…”, has {len(head)} characters, more than "
                    f"{LONGEST_HEAD}: shorten it.",
                )
            )


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


def _not_free(head: str, what: str) -> str:
    """What stands beside the name of a column and is none of the words that may."""
    inside = re.sub(r"[（()）\[\]［］【】〔〕{}]", " ", _beside(head)).strip()
    # Piece by piece from every place that is reached, each once: one pattern of them all takes time without end.
    reached = {0}
    for at in range(len(inside)):
        if at in reached:
            reached |= {found.end() for piece in _PIECES[what] if (found := piece.match(inside, at))}
    return "" if len(inside) in reached else inside


def _check_head(head: str, what: str, name: str) -> None:
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
    if what == "level" and IS_TOP.search(_beside(head)):
        what = "crown"
    said = _not_free(head, what) if what in HEIGHTS else ""
    if said:
        raise Invalid(
            Words(
                f"{name} 的列“{head}”在列名后（括号里）另写了“{said}”，其高程所指不能认定：请把表头写成管顶高程、管外底高程、"
                "管内底高程或地面高程（只写“现状”“规划”“实测”的高程可能是地面）；括号里只写单位、1985 高程基准或设计。",
                f"The column “{head}” of {name} says “{said}” beside its name, so what its levels are of is not known: call "
                "it 管顶高程 (crown), 管外底高程 (bottom), 管内底高程 (invert) or 地面高程 (ground), with nothing in brackets "
                "but the unit, the 1985 datum or 设计 (design). A bare level told as existing or planned may be the ground.",
            )
        )


def level_column(
    listed: PositionList, level_of: LevelOf | None, *, is_gravity: bool
) -> tuple[str, LevelOf | None] | None:
    """Which column has the levels, and of what; None where there is none.

    A column that names crown, bottom or invert is that and nothing else; one that does not is what ``level_of`` says,
    and of nobody knows what (None) where nobody says. A plain 管底高程 is the invert of a gravity sewer and the bottom
    of any other line.

    Raises
    ------
    Unsaid
        There are several and nobody says which.
    Invalid
        What was said is not in the list.
    """
    name, here = listed.name, frozenset(listed.columns.values()) & LEVELS
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
        raise Unsaid(
            Words(
                f"{name} 中不止一列高程：请说明用管顶还是管底。",
                f"{name} has more than one column of levels: say whether crown, bottom or invert is meant.",
                "--level-of crown | bottom | invert",
            ),
            asked="level_of",
        )
    (only,) = here
    if only == "base":
        return only, "invert" if is_gravity else "bottom"
    meant: dict[str, LevelOf] = {"crown": "crown", "bottom": "bottom", "invert": "invert"}
    return only, meant.get(only)
