"""Burials that names tell: of the kind (管类=热力地沟), the layer or sheet (燃气定向钻), the file (电力管块.geojson).

A name speaks of many lines and decides for none. It is heard only where the row tells no burial, or a plain one, and then
leaves both readings open (docs/decisions/0093-a-burial-nobody-understands-is-no-plain-pipe.md).
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.burials import IS_OPEN, is_open
from xzgis.networks.rules.codes import folded
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.told_drilled import DENIED, DRILLED, SIPHON, TRADES

BoolArray = npt.NDArray[np.bool_]
ObjectArray = npt.NDArray[np.object_]

NAMED_DRILLED, NAMED_IN = "named_drilled", "named_in"
"""Columns of lines, never stored: the name that says drilled or a siphon, and the one that says a channel or block."""
NAMED_BLOCK, NAMED_BOX = "named_block", "named_box"
"""Columns of lines, never stored: whether it says a duct block of cables, and the box of a sewer; all else is open."""
_DUCT_KINDS = ("power", "telecom")
_TUNNEL_KINDS = ("trench", "utility_tunnel")
# Of them a name may tell more: what a person writes of the pipe itself, or of the pipe round a cable.
_PLAIN = ("direct_buried", "pipe_buried", "conduit")

# 牵引变电所 is a substation of the railway, 给水下穿 goes under something.
_DIVES = re.compile(
    rf"(?!牵引(?:变|供|站|电|网|所|降|回))(?:{DRILLED.pattern}|{SIPHON.pattern}|过河|穿河|(?<![给雨污排供中上来废热回冷])水下"
    r"|(?<![a-z])drill(?:ed|ing)?(?![a-z])|siphon)",
    re.IGNORECASE,
)
_SIPHON = re.compile(rf"{SIPHON.pattern}|过河|穿河|水下|siphon", re.IGNORECASE)
_BLOCK = r"管块|管群|排管|duct[ _-]*(?:bank|block)"
_HOLDS = (
    "热力", "供热", "采暖", "暖气", "蒸汽", "热水", "电力", "供电", "输电", "配电", "电缆", "缆线", "照明", "通信", "通讯",
    "电信", "弱电", "信息", "燃气", "天然气", "煤气", "给水", "供水", "自来水", "工业", "管道", "管线",
)  # fmt: skip
_CHANNEL = r"管沟|地沟|沟道|沟埋|缆沟|盖板沟|暗沟|砖沟|热力沟|暖气沟|小通道"
_BUILT = r"箱涵|方涵|方沟|暗渠"
# 中山路隧道 is a road.
_TUNNEL = r"(?<![路行车街铁])隧道"
_ENGLISH = r"(?:cable|heat(?:ing)?|pipe)[ _-]*(?:trench(?!less)|channel|tunnel)"
_NEAR_IN = re.compile(f"{_BLOCK}|{_CHANNEL}|{_BUILT}|{_TUNNEL}|{_ENGLISH}", re.IGNORECASE)
# The file of a project holds lines of all kinds: of these only what is named after its content.
_FILE_IN = re.compile(
    rf"{_BLOCK}|^(?:{_CHANNEL})|(?:{'|'.join(_HOLDS)})(?:{_CHANNEL}|隧道)|缆沟|热力沟|暖气沟|(?:[雨污]水|排水|合流)(?:{_BUILT})|{_ENGLISH}",
    re.IGNORECASE,
)
# A letter of every word above: what has none is not read, of a million rows.
_HINT = re.compile(r"[沟块群涵渠隧廊]|排管|小通道|duct|trench|channel|tunnel")
_IS_BLOCK, _IS_BOX = re.compile(_BLOCK, re.IGNORECASE), re.compile(f"{_BUILT}|盖板沟|暗沟|砖沟")
# A table of these lists the tunnels, and lines beside them: a row that says 直埋 lies in none.
_MIXED = re.compile("综合管[廊沟]|管廊|共同沟")
_TITLE = re.compile(r"[^：:、，,；;。]{2,40}(?:表|册|成果|资料|清单|数据|汇总)(?:[（(].*[）)])?")
_FIRM = re.compile(rf"(?:施工|作业|{TRADES})*(?:公司|集团|单位|[大小分]?队|班组)")
_DUG = re.compile("开挖|回填|大开")
_SAYS_PLAIN = re.compile(
    r"直埋|明挖|(?<!非)开挖|埋地|地埋|管埋|顶管|架空|direct(?:ly)?[ _-]*buried", re.IGNORECASE
)
# Heads of columns that name the line, of a kind that nobody reads: 管类=热力地沟 of a layer, 小类=电力管块 beside a code.
_NAMES_THE_LINE = re.compile(
    r"(?:管线|管道|管网|线路|电缆|设施|要素|图层)?(?:管类|管种|大类|小类|子类|种类|类别|类型|分类|名称|类|图层)(?:名称|名)?"
    r"|(?:(?:line|pipe|cable|utility|feature)[ _-]*)?(?:sub)?(?:kind|type|class|category|layer|name)",
    re.IGNORECASE,
)
_REMEDY = Words(
    "请逐行填写埋设方式（定向钻、顶管、管块、管沟等）；确系直埋的，请改正该名称，或与定向钻、管块等分列于不同图层、工作表。"
    "定向钻补充竣工导向轨迹，管块、管沟在断面中填宽X高，单位毫米",
    "Write the burial of every row (drilled, jacked, duct block, channel …); of lines that are direct buried mend the name,"
    " or deliver them apart from the drilled ones. Add the course as built of drilled lines, and the width X height in"
    " millimetres of blocks and channels",
)
_PLAINLY = Words("，而该行未填埋设方式或填的是直埋、管埋", ", and the row tells no burial, or a plain one")


@dataclass(frozen=True)
class _Name:
    """What one name says: drilled, what its lines lie in, that it is a table of tunnels, and that some are plain."""

    dives: bool = False
    inside: str = ""
    is_mixed: bool = False
    plain: bool = False

    def speaks(self) -> bool:
        return self.dives or bool(self.inside) or self.is_mixed or self.plain


def add_named_burials(lines: pd.DataFrame, gravity: BoolArray, titles: pd.Series | None = None) -> None:
    """Fills the columns above of canonical ``lines`` in situ, and opens what the names leave open.

    ``titles``: ``(n,)`` those of the tables, see :func:`title_of`. ``gravity``: sewers. Their channels and boxes are known
    by kind and shape; one figure of a box is all that is open.
    The nearest name that speaks decides: a layer 直埋 goes before its file 定向钻.
    """
    dives, inside = (np.full(len(lines), None, dtype=object) for _ in range(2))
    is_block, is_box = (np.zeros(len(lines), dtype=np.bool_) for _ in range(2))
    holds = ~gravity & ~lines["kind"].isin(_TUNNEL_KINDS).to_numpy(np.bool_)
    in_ducts = lines["kind"].isin(_DUCT_KINDS).to_numpy(np.bool_)
    empty = (lines["burial"].isna() & ~is_open(lines)).to_numpy(np.bool_)
    for rows, name, said in _told(lines, empty, titles):
        if said.dives:
            dives[rows] = name
        boxed = rows & gravity & bool(_IS_BOX.search(said.inside))
        held = rows & holds & (bool(said.inside) | (said.is_mixed & empty))
        inside[boxed | held] = name
        is_box |= boxed
        is_block |= held & in_ducts & bool(_IS_BLOCK.search(said.inside))
    for name, found in ((NAMED_DRILLED, dives), (NAMED_IN, inside)):
        lines[name] = pd.Series(found, index=lines.index, dtype=object)
    lines[NAMED_BLOCK], lines[NAMED_BOX] = is_block, is_box
    _open(lines)


def _told(
    lines: pd.DataFrame, empty: BoolArray, titles: pd.Series | None
) -> Iterator[tuple[BoolArray, str, _Name]]:
    """Rows whose nearest name speaks, that name and what it says; a plain row goes before a name that says plain too."""
    told_plain = lines["burial"].isin(_PLAIN).to_numpy(np.bool_)
    asked: BoolArray = empty | told_plain
    # A GeoJSON file has no layer name of its own.
    stems = {PurePath(str(one)).stem for one in lines["file"].unique()}
    said_by = {"": _own_names(lines), **{column: lines[column] for column in ("code", "sheet")}}
    said_by |= {"title": titles} if titles is not None else {}
    for column, texts in {**said_by, "file": lines["file"]}.items():
        codes, names = pd.factorize(texts)
        for at, name in enumerate(names):
            of_file = column in ("title", "file") or (column == "sheet" and str(name) in stems)
            said = _read(str(name), of_file=of_file)
            if not said.speaks():
                continue
            mine = asked & (codes == at)
            asked = asked & ~mine
            yield mine & ~(told_plain & np.bool_(said.plain)), PurePath(str(name)).name, said


def _own_names(lines: pd.DataFrame) -> pd.Series:
    """``(n,)`` what columns that nobody reads name the line, where that says a structure; else None.

    What they say of drilling :mod:`xzgis.networks.rules.told_drilled` has heard.
    """
    codes, texts = pd.factorize(lines["attributes"])
    names: ObjectArray = np.full(len(texts) + 1, None, dtype=object)
    for at, text in enumerate(texts):
        if _HINT.search(str(text).casefold()):
            told = [
                str(value)
                for head, value in json.loads(str(text)).items()
                if _NAMES_THE_LINE.fullmatch(str(head).strip())
            ]
            names[at] = next((one for one in told if (said := _read(one)).inside or said.is_mixed), None)
    return pd.Series(names[codes], index=lines.index, dtype=object)


def _open(lines: pd.DataFrame) -> None:
    """Plain burials that a name contradicts are unknown; what lies in a channel or tunnel is open (:data:`IS_OPEN`)."""
    is_in = lines[NAMED_IN].notna().to_numpy(np.bool_)
    is_block, is_box = (lines[name].to_numpy(np.bool_) for name in (NAMED_BLOCK, NAMED_BOX))
    opened = is_in & ~is_block & ~is_box
    lines[IS_OPEN] = is_open(lines) | opened
    contradicted = (lines[NAMED_DRILLED].notna().to_numpy(np.bool_) | is_block) & lines["burial"].ne(
        "conduit"
    )
    lines["burial"] = lines["burial"].where(~(opened | contradicted), None)


def title_of(preamble: Iterable[str]) -> str | None:
    """The title above a table (燃气定向钻管线成果表), None where no cell is one: a legend or a project names every burial."""
    return next((one.strip() for one in preamble if _TITLE.fullmatch(one.strip())), None)


def is_named(lines: pd.DataFrame, name: str) -> BoolArray:
    """``(n,)`` lines of which the column ``name`` of those above says anything."""
    if name not in lines.columns:
        return np.zeros(len(lines), dtype=np.bool_)
    told = lines[name]
    found: BoolArray = (told if told.dtype == np.bool_ else told.notna()).to_numpy(np.bool_)
    return found


def named_to_dive(lines: pd.DataFrame, is_long: BoolArray) -> BoolArray:
    """``(n,)`` lines that a name says to dive: drilled ones that are ``is_long``, siphons always."""
    has = is_named(lines, NAMED_DRILLED)
    if not has.any():
        return has
    siphon = np.array([_SIPHON.search(str(one)) is not None for one in lines[NAMED_DRILLED]], dtype=np.bool_)
    found: BoolArray = has & (is_long | siphon)
    return found


def tell_named_courses(lines: pd.DataFrame, dives: BoolArray, unclear: BoolArray, doubts: Doubts) -> None:
    """R58 and R59, once per name, of lines whose levels are lost by it."""
    for column, mask, code, zh, en in (
        (NAMED_DRILLED, dives, "R58", "定向钻、倒虹等", "drilled, or a siphon"),
        (NAMED_IN, unclear, "R59", "管沟、地沟、隧道等", "a channel or tunnel"),
    ):  # fmt: skip
        told = Words(
            f"名称写明{zh}{_PLAINLY.zh}：两测点之间不按直线推算，管线高程按未知处理",
            f"the name says {en}{_PLAINLY.en}: no level is straight between two points; the levels of these lines are taken as"
            " unknown",
        )
        _tell(lines, mask, column, code, told, doubts)


def tell_named_parts(lines: pd.DataFrame, is_part: BoolArray, doubts: Doubts) -> BoolArray:
    """R04, once per name, of lines whose one figure is a part by it; ``(n,)`` the lines told."""
    mine: BoolArray = is_part & is_named(lines, NAMED_IN)
    told = Words(
        f"名称写明管块、管沟、方沟等{_PLAINLY.zh}：单个尺寸只是其中一孔、一根或沟的一边，外包尺寸按未知处理",
        f"the name says a duct block, channel or box{_PLAINLY.en}: one figure is that of one duct or pipe in it, or of one side;"
        " the outer size is taken as unknown",
    )
    _tell(lines, mine, NAMED_IN, "R04", told, doubts)
    return mine


def _tell(lines: pd.DataFrame, mask: BoolArray, column: str, code: str, told: Words, doubts: Doubts) -> None:
    if mask.any():
        # What mends it is the burial of the row.
        doubts.distinct(
            lines.assign(burial=lines[column]), mask, "burial", code=code, level="warning",
            told=(lambda name: Words(f"“{name}”：{told.zh}", f"{name!r}: {told.en}"), _REMEDY),
        )  # fmt: skip


def _read(name: str, *, of_file: bool = False) -> _Name:
    text = PurePath(name).name
    text = folded(PurePath(text).stem if of_file else text)
    mixed = _MIXED.search(text) is not None
    text = _MIXED.sub("|", text)
    words = [match.group(0) for match in _spoken(_DIVES, text)]
    return _Name(
        dives=bool(words) and not (set(words) == {"非开挖"} and "顶管" in text),
        inside="|".join(
            match.group(0) for match in _spoken(_FILE_IN if of_file else _NEAR_IN, text, dug=True)
        ),
        is_mixed=mixed and not of_file,
        plain=_SAYS_PLAIN.search(text) is not None,
    )


def _spoken(pattern: re.Pattern[str], text: str, *, dug: bool = False) -> Iterable[re.Match[str]]:
    """Matches that are no name of a firm and not denied; ``dug``: nor a trench that was dug, as 管沟开挖."""
    for match in pattern.finditer(text):
        is_dug = dug and match.group(0).endswith("沟") and _DUG.search(text) is not None
        if not (is_dug or DENIED.search(text[: match.start()]) or _FIRM.match(text, match.end())):
            yield match
