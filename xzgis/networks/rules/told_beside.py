"""What another column says against the size or the depth of a line: a casing round it, a depth nobody measured.

Such columns are kept among the attributes and read by nobody. A pipe in a larger casing or encased in concrete is not the
bare pipe, and 估深 or 深度不明 beside a figure says that the figure is none (docs/decisions/0092 and 0093).
"""

import json
import re

import numpy as np
import numpy.typing as npt
import pandas as pd

from xzgis.core.words import Words
from xzgis.networks.rules.doubts import Doubts
from xzgis.networks.rules.numbers import plain

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

CASED, CASED_MM = "said_cased", "said_cased_mm"
LEAST_CASED_MM, OTHER_UNIT_MM = "said_cased_least_mm", "said_cased_other_mm"
"""Columns of lines, never stored: what says a casing, its largest figure, its least, and that if it is no millimetres."""
UNMEASURED = "said_unmeasured"
"""Column of lines, never stored: the column and the words by which the depth is no measurement."""
# 外护管 is the jacket of a heat pipe, whose size is that of the pipe; 维护管线 and 外包单位 are work on it. 套筒接头 joins pipes.
_CASING = re.compile(
    r"套管|包封|保护管|(?<![外维养爱监看])护管(?![线理道网])|外包(?![单给公商工])|[土砼满]包|(?<![官对甲乙双各])方包(?![括含])"
    r"|包裹|外套|套筒(?![连接补])|casing|encas|sleeve|case[_ ]?(?:dia|dn|size)"
    r"|[穿套](?=\s*(?:dn|d|[φø])?\s*\d{2,4}[^,，;；。]{0,6}管)",
    re.IGNORECASE,
)
_OF_A_FIRM = re.compile(r"单位|公司|权属|集团|owner|firm|company|contractor", re.IGNORECASE)
# Heads that tell no size of it, unless they name one too (套管材质及规格); a thickness comes to the line on every side.
_NO_SIZE = re.compile(r"长|数|根|孔|材|编号|日期|时间|年|length|count|number|material|date", re.IGNORECASE)
_SIZE = re.compile(r"径|规格|尺寸|断面|截面|型号|宽|高|dn|size|diam|section|width|height", re.IGNORECASE)
# What is a size under any head: 套管材质=钢DN500.
_SIZED = re.compile(r"(?:d[ne]?|[φø∅])\s*\d{2}|\d{2}\s*[x×*]\s*\d{2}", re.IGNORECASE)
_THICKNESS = re.compile(r"厚|thick", re.IGNORECASE)
_DENIED = re.compile(r"(?:无|未|没|没有|不|非)[采加设用有做需使]{0,2}$")
# Q235, C25, PN10 and SN8 are grades.
_FIGURE = re.compile(
    r"(?<![\d.])(?<!(?<![a-z])[qc])(?<![ps]n)(\d+(?:\.\d+)?)(?![\d.])\s*(mm|毫米|cm|厘米|m(?![a-z])|米)?(?!\s*(?:[年月日号根孔处个条道#]|k?v))",
    re.IGNORECASE,
)
_LENGTH = re.compile(r"[长深][度约为]*\s*$")
_SIDES = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s*[x×*]\s*(\d+(?:\.\d+)?)(?![\d.])", re.IGNORECASE)
# The second of two figures below this share of the first is the wall: D426*7. Two below 10 with decimals are metres.
_WALL_SHARE, _MOST_M = 0.1, 10.0
_MM = {"mm": 1.0, "毫米": 1.0, "cm": 10.0, "厘米": 10.0, "m": 1000.0, "米": 1000.0}
_BARE = re.compile(r"[\d.\sx×*]+", re.IGNORECASE)
# A casing a little below the size of its line is the same pipe, by another name: DN200 is 219 outside.
_SAME_SIZE = 0.8
_OF_CABLES = ("power", "telecom")
_DEPTH = r"埋深|深度|管深"
_UNSURE = (
    r"不明|不详|不清|不准|不确|未知|无法|难以|存疑|待查|待定|待核|估计|估算|估测|估"
    r"|推测|推断|推算|参考|未测|未探|未实测|不能|测不|探不|示意|不可靠|不可信|误差[较很偏]大"
)
_IS_UNSURE = re.compile(
    rf"(?:{_DEPTH})[^\s，。；、]{{0,6}}?(?:{_UNSURE})|(?:估计|估算|估测|推测|推断|推算|参考|示意)的?(?:{_DEPTH})"
    r"|(?<!评)估深|超深|示意|资料管线"
    r"|depths?[ _:-]+(?:is |was )?(?:unknown|uncertain|estimated|assumed|unsure|approx)"
    r"|(?:estimated|assumed|approx(?:imate)?|unknown)[ _-]depth",
    re.IGNORECASE,
)
# 见示意图 refers to a drawing.
_REFERS = re.compile(r"[见详附]示意图")
_NO, _IS_MEASURED = re.compile(r"否|不是|无|no?|false|0", re.IGNORECASE), re.compile("实测|测量|探测")
_LOW, _OF_TRUST = re.compile("低|差"), re.compile("可信|可靠|精度|质量")
_ONLY_UNSURE = re.compile(_UNSURE)
_OF_DEPTH = re.compile(_DEPTH)
_ANY = re.compile(rf"{_CASING.pattern}|{_UNSURE}|超深|资料管线|depth|{_DEPTH}", re.IGNORECASE)


def add_said_beside(lines: pd.DataFrame) -> None:
    """Fills :data:`CASED`, :data:`CASED_MM`, :data:`OTHER_UNIT_MM` and :data:`UNMEASURED` of canonical ``lines`` in situ."""
    codes, texts = pd.factorize(lines["attributes"])
    cased, unmeasured = (np.full(len(texts) + 1, None, dtype=object) for _ in range(2))
    figures_mm = np.full((3, len(texts) + 1), np.nan)
    for at, text in enumerate(texts):
        if not _ANY.search(str(text)):
            continue
        for column, value in json.loads(str(text)).items():
            head, told = str(column), plain(str(value))
            if _OF_A_FIRM.search(head):
                continue
            size_mm, other_mm = _casing_mm(head, told)
            if size_mm > 0:
                cased[at] = f"{cased[at]}；{column}={value}" if cased[at] else f"{column}={value}"
                figures_mm[0, at] = np.fmax(figures_mm[0, at], size_mm)
                # The smallest is the one that may be in another unit, whatever a larger one beside it says.
                if not size_mm >= figures_mm[1, at]:
                    figures_mm[1:, at] = size_mm, other_mm
            if unmeasured[at] is None and _is_unmeasured(head, told):
                unmeasured[at] = f"{column}={value}"
    for name, found in ((CASED, cased), (UNMEASURED, unmeasured)):
        lines[name] = pd.Series(found[codes], index=lines.index, dtype=object)
    lines[CASED_MM], lines[LEAST_CASED_MM], lines[OTHER_UNIT_MM] = (one[codes] for one in figures_mm)


def is_cased(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines that another column puts into something larger than their own size."""
    if CASED not in lines.columns or not lines[CASED].notna().any():
        return np.zeros(len(lines), dtype=np.bool_)
    own_mm = np.fmax(*(lines[f"nominal_{side}_mm"].to_numpy(np.float64) for side in ("width", "height")))
    told_mm, least_mm, other_mm = (
        lines[name].to_numpy(np.float64) for name in (CASED_MM, LEAST_CASED_MM, OTHER_UNIT_MM)
    )
    is_cable = lines["kind"].isin(_OF_CABLES).to_numpy(np.bool_)
    # Round a line of unknown size any figure may be the larger.
    larger = (told_mm > own_mm) | ((told_mm > 0) & np.isnan(own_mm))
    # Nothing lies in what is smaller than itself: such a figure is in another unit.
    found: BoolArray = larger | ((least_mm < _SAME_SIZE * own_mm) & (other_mm > own_mm) & ~is_cable)
    return found


def is_unmeasured(lines: pd.DataFrame) -> BoolArray:
    """``(n,)`` lines whose depth is no measurement by what another column says."""
    if UNMEASURED not in lines.columns:
        return np.zeros(len(lines), dtype=np.bool_)
    found: BoolArray = lines[UNMEASURED].notna().to_numpy(np.bool_)
    return found


def without_depth(lines: pd.DataFrame, depth_m: FloatArray) -> FloatArray:
    """``depth_m``, metres, unknown where it is no measurement."""
    return np.where(is_unmeasured(lines), np.nan, depth_m)


def has_untold_levels(lines: pd.DataFrame, known: BoolArray, doubts: Doubts) -> BoolArray:
    """``(n,)`` lines whose levels are unknown by what another column says; R60 for those that had ``known`` ones.

    Round a casing nobody tells whether the depth is that of the pipe or of the casing.
    """
    unsure, cased = is_unmeasured(lines), is_cased(lines)
    if unsure.any():
        doubts.distinct(
            lines, unsure & known, UNMEASURED, code="R60", level="warning",
            told=(lambda value: Words(f"“{value}”写明埋深不是实测：管线高程按未知处理",
                                      f"{value!r} says that the depth is no measurement; the levels of these lines are taken as"
                                      " unknown"),
                  Words("补测埋深后改写该列；说的不是本管线埋深的，请改写该列",
                        "Measure the depth and rewrite the column; rewrite it too if it is not said of this line's depth")),
        )  # fmt: skip
    return unsure | cased


def tell_cased(lines: pd.DataFrame, doubts: Doubts) -> None:
    """R04 for the lines :func:`is_cased`, once per distinct text."""
    cased = is_cased(lines)
    if not cased.any():
        return
    doubts.distinct(
        lines, cased, CASED, code="R04", level="warning",
        told=(lambda value: Words(
                  f"“{value}”写明管外另有套管、包封：断面只是其中管线的尺寸，外包尺寸与管线高程按未知处理",
                  f"{value!r} says that something larger is round the line: its section is that of the pipe inside; the outer"
                  " size and the levels are taken as unknown"),
              Words("请在断面中填套管、包封的外包尺寸（宽X高，单位毫米），埋深填至其外顶；不是管外之物的，请改写该列",
                    "Write the outer width X height of the casing in millimetres as the section, and the depth to its top;"
                    " rewrite the column if it is nothing round the line")),
    )  # fmt: skip


def _casing_mm(head: str, text: str) -> tuple[float, float]:
    """The largest figure of a casing that a column tells, as millimetres, and if it is in another unit; 0 for none."""
    of_head = _CASING.search(head) is not None
    if of_head and _NO_SIZE.search(head) and not (_SIZE.search(head) or _SIZED.search(text)):
        return 0.0, 0.0
    said = [_DENIED.search(text[: match.start()]) is None for match in _CASING.finditer(text)]
    if not (any(said) or (of_head and not said)):
        return 0.0, 0.0
    figures = [
        (float(match.group(1)), match.group(2))
        for match in _FIGURE.finditer(text)
        if not _LENGTH.search(text[: match.start()])
    ]
    size_mm = max((figure * _MM[(unit or "mm").casefold()] for figure, unit in figures), default=0.0)
    if size_mm > 0 and of_head and _THICKNESS.search(head):
        return np.inf, np.inf
    side, in_metres = _longest_side(text)
    if in_metres:
        return max(size_mm, side * _MM["m"]), 0.0
    if not (of_head and _BARE.fullmatch(text)):
        return size_mm, side * _MM["cm"]
    return size_mm, size_mm * (_MM["m"] if size_mm < _MM["cm"] else _MM["cm"])


def _longest_side(text: str) -> tuple[float, bool]:
    """The largest figure of a width and height in ``text``, and whether it is metres; 0 where there is none."""
    longest = (0.0, False)
    for match in _SIDES.finditer(text):
        less, more = sorted(map(float, match.groups()))
        if less >= _WALL_SHARE * more:
            longest = max(longest, (more, more < _MOST_M and "." in match.group(0)))
    return longest


def _is_unmeasured(head: str, text: str) -> bool:
    if _OF_DEPTH.search(head) is not None:
        denied = _IS_MEASURED.search(head) is not None and _NO.fullmatch(text) is not None
        distrusted = _OF_TRUST.search(head) is not None and _LOW.search(text) is not None
        if denied or distrusted or _ONLY_UNSURE.search(text):
            return True
    text = _REFERS.sub("", text)
    return any(not _DENIED.search(text[: match.start()]) for match in _IS_UNSURE.finditer(text))
