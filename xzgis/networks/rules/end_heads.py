"""Heads of the level or the depth at an end of a line, in whatever words a crew says of which surface it is.

起点管内底高程, 终点管(沟)顶标高, 起始点外底埋深 and 高程(m)/终点内底 are too many for a list of names. Of which surface it
is, :mod:`xzgis.networks.rules.level_words` reads from the head itself; 井底 and 地面 are no surface of the line.
"""

import re

from xzgis.networks.rules.units import NAMES

_STARTS = ("起始点", "起始", "起点", "始点")
_LASTS = ("终止点", "终止", "终点", "末点")
_THINGS = ("管线", "管道", "管沟块", "管块", "管沟", "沟道", "沟块", "管", "沟", "块")
_LEVELS = ("高程", "标高")
_END = re.compile("|".join((*_STARTS, *_LASTS)))
_UNIT = re.compile(rf"[(\[](?:单位:?)?(?:{NAMES})[)\]]")
_OF = f"(?P<of>{'|'.join(_THINGS)})?"
_SURFACE = r"(?P<surface>[内外]?[壁侧]?[顶底](?:[内外]?[顶底])?|中[心线]|(?<=管)[中心]|轴[线心])?"
_WHAT = f"(?P<what>{'|'.join((*_LEVELS, '埋深', '深度', '深'))})"
_SAID = (re.compile(f"{_OF}{_SURFACE}{_WHAT}[内外]?"), re.compile(f"{_WHAT}{_OF}{_SURFACE}"))


def end_head(folded: str) -> str | None:
    """起点高程, 终点高程, 起点埋深 or 终点埋深 where a folded head says that of a surface of the line; None else."""
    bare = _UNIT.sub("", folded)
    ends = _END.findall(bare)
    if len(ends) != 1:
        return None
    rest = re.sub(r"[/()\[\]\-—,、|]+", "", _END.sub("", bare))
    for pattern in _SAID:
        found = pattern.fullmatch(rest)
        if found is None:
            continue
        if found["what"].startswith("深") and not found["surface"] and re.search("[沟块]", found["of"] or ""):
            return None  # 沟深 is the height of the channel
        which = "起点" if ends[0] in _STARTS else "终点"
        return which + ("高程" if found["what"] in _LEVELS else "埋深")
    return None
