"""What the head of a level or depth column says is measured: the top of the pipe, its bottom, inside or outside, its centre.

A head goes before the rule of the kind (CJJ 61-2017: gravity to the inner bottom, pressure to the crown): who writes
管底高程 over the levels of a water main measured its bottom.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from xzgis.formats.tables import RawTable
from xzgis.networks.rules.columns import missing
from xzgis.networks.rules.mapping import ColumnMap
from xzgis.networks.rules.numbers import plain

TOP, INNER_TOP, BOTTOM, INNER, OUTER = "top", "inner_top", "bottom", "inner", "outer"
CENTRE = "centre"
ENDS = ("start", "end")
# The second column of levels of an end, where one head says top and the other bottom; no field a person chooses.
BESIDE_FIELDS = ("start_beside_m", "end_beside_m")
WORD_FIELDS = tuple(f"{end}_{what}_word" for end in ENDS for what in ("depth", "level", "beside"))
# Fields of features whose head may say what is measured to: of one end, or of both.
LEVEL_FIELDS = tuple(f"{end}{what}_m" for end in ("start_", "end_", "") for what in ("depth", "level"))
_TOP = re.compile(r"顶|(?:^|[^a-z])(?:top|crown|obvert|soffit)")
# 管内顶, 内壁顶, 管顶高程(内); 顶 alone is the outside, which is what the rule of CJJ 61 has of it.
_INNER_TOP = re.compile(
    r"内\s*[壁管侧]?\s*顶|顶.*[(\[]\s*内|(?:^|[^a-z])(?:obvert|soffit|(?:inner|inside|internal)[ _-]*(?:top|crown))"
)
_INNER = re.compile(r"内\s*[壁侧]?\s*底|底.*[(\[]\s*内|(?:^|[^a-z])invert")
_OUTER = re.compile(r"外\s*[壁侧]?\s*底|底.*[(\[]\s*外")
_BOTTOM = re.compile(r"底|(?:^|[^a-z])bottom")
_CENTRE = re.compile(r"中心|中线|管[中心]|轴[线心]|(?:^|[^a-z])(?:cent(?:re|er)|axis)")
# The bottom or the middle of a chamber is none of the pipe.
_NOT_OF_PIPE = re.compile(r"井\s*(?:底|中[心线])|井室底")
_ANY = re.compile(
    r"中[心线]|(?<=管)[中心]|轴[线心]|[内外]?\s*[壁侧]?\s*[顶底]|[(\[]\s*[内外]\s*[)\]]|top|crown|obvert|soffit|invert|bottom"
)


def word_of(head: str | None) -> str | None:
    """``top`` (the outer), ``inner_top``, ``bottom`` (inner or outer is open), ``inner``, ``outer``, ``centre``; None: none
    of these, or top and bottom both.
    """
    if head is None:
        return None
    name = _NOT_OF_PIPE.sub("", plain(head).casefold())
    top = _TOP.search(name) is not None
    below = INNER if _INNER.search(name) else OUTER if _OUTER.search(name) else None
    below = below or (BOTTOM if _BOTTOM.search(name) else CENTRE if _CENTRE.search(name) else None)
    if top and below:
        # 管顶(底)高程: of each kind what its rule says.
        return None
    return (INNER_TOP if _INNER_TOP.search(name) else TOP) if top else below


def word_field(field: str) -> str:
    """The column that holds what the head of ``field`` says."""
    return f"{field.removesuffix('_m')}_word"


def beside_field(field: str) -> str:
    """The column of the second level beside that of ``field``: ``start_level_m`` → ``start_beside_m``."""
    return field.replace("level_m", "beside_m")


def twin_of(head: str, others: Sequence[str]) -> str | None:
    """The one of ``others`` named as ``head`` but for the word: 起点管底高程 beside 起点管顶高程; None without one."""
    word = word_of(head)
    if word is None:
        return None
    stem = _stem(head)
    return next((one for one in others if word_of(one) not in (None, word) and _stem(one) == stem), None)


def _stem(head: str) -> str:
    return re.sub(r"[\s_·.。:：]+", "", _ANY.sub("?", plain(head).casefold()))


def with_twins(columns: ColumnMap) -> ColumnMap:
    """The map of a line table with the second column of levels of each end as ``start_beside_m`` and ``end_beside_m``."""
    found: dict[str, str] = {}
    for end in ENDS:
        head = columns.line_columns.get(f"{end}_level_m")
        twin = twin_of(head, columns.unmapped) if head is not None else None
        if twin is not None:
            found[f"{end}_beside_m"] = twin
    if not found:
        return columns
    left = tuple(one for one in columns.unmapped if one not in found.values())
    return replace(columns, line_columns={**columns.line_columns, **found}, unmapped=left)


def tell_words(frame: pd.DataFrame, names: Mapping[str, str]) -> None:
    """Fills :data:`WORD_FIELDS` of a text frame of lines in situ; ``names``: our field → column of the table."""
    for end in ENDS:
        for what in ("depth", "level", "beside"):
            words = missing(len(frame))
            words[:] = word_of(names.get(f"{end}_{what}_m"))
            frame[f"{end}_{what}_word"] = words


def tell_result_words(table: RawTable, names: Mapping[str, str], halves: pd.DataFrame) -> None:
    """Levels of a result table, in situ: of the column of the top, of the inner bottom, or of both."""
    for field, ordinary, others in (
        ("top_level_m", TOP, (INNER_TOP,)),
        ("bottom_level_m", INNER, (OUTER,)),
    ):
        if field not in names:
            continue
        # A column that a person gave to the field may say outright that it is the other surface.
        said = word_of(names[field])
        word = said if said in others else ordinary
        level = table.frame[names[field]].reset_index(drop=True)
        use = halves["start_level_m"].isna() & level.notna()
        beside = ~use & level.notna() & (halves["start_level_word"] != word)
        for target, mask in (("level", use), ("beside", beside)):
            halves[f"start_{target}_m"] = halves[f"start_{target}_m"].where(~mask, level)
            halves.loc[mask, f"start_{target}_word"] = word
