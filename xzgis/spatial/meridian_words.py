"""What titles, heads and names of delivered files say of the central meridian or the zone of their figures.

Figures alone cannot tell a meridian from its neighbours: 20 minutes of arc beside the true one move everything by thirty
kilometres, and it still lies in the city. Zones of three degrees have the meridian 3 n (39: 117), zones of six degrees
6 n - 3 (20: 117); in China the numbers of the two never meet. Source: coordinates notes, section 1.
"""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from xzgis.core.errors import Invalid
from xzgis.core.words import Words
from xzgis.spatial.crs import to_storage
from xzgis.spatial.named_systems import known_crs

_ZONES_OF_SIX, _ZONES_OF_THREE = range(13, 24), range(24, 46)
_MERIDIANS = range(72, 139)
_UTM_SCALE = 0.9996
# A ten-millionth of a degree is a centimetre on the ground.
_SAME_DEGREES = 1e-7
_LONGEST_QUOTE = 40
_AS_DEGREE = str.maketrans(dict.fromkeys("º˚⁰゜", "°"))

_NUMBER = r"(?<![\d.])(?P<deg>\d{2,3}(?:\.\d+)?)(?!\d|\.\d)"
_MINUTES = (
    r"(?:\s*(?:(?:°|度|[-:])\s*(?P<min>\d{1,2}(?:\.\d+)?)(?![\d.]|\s*(?:°|度|带))"
    r"|\s(?P<min2>\d{1,2}(?:\.\d+)?)(?=\s*[′'’分]))"
    r"(?:\s*[′'’分:-]\s*(?P<sec>\d{1,2}(?:\.\d+)?)(?![\d.]|\s*(?:°|度|带)))?(?:\s*[′'’\"”分秒]+)?|\s*(?:°|度))?"
)
_ANGLE = _NUMBER + _MINUTES
_NAME = (
    r"(?:中央)?子午[线線圈]|中央经[线線度]|central[\s_]*meridian|(?<![a-z0-9])l[0o](?=\s*[:=])"
    r"|(?<![a-z])cm(?=[\s_:=]*\d{2,3}[\d.°度′'’分\"”秒\s]*e(?![a-z]))"
)
_BETWEEN = r"(?:[\s:=()\[\]【】“”\"'~_-]|的|经度|为|是|取|在|采用|选用|东经|longitude|of|at|l[0o]|e)*"
_NAMED = re.compile(rf"(?:{_NAME}){_BETWEEN}{_ANGLE}", re.IGNORECASE)
_NAMED_BEHIND = re.compile(rf"{_ANGLE}\s*e?\s*(?:中央子午线|中央经线)", re.IGNORECASE)
# A letter alone is also a length: an angle has its sign.
_LETTER = re.compile(rf"(?<![a-z0-9])[lλ]\s*[:=]\s*(?=\d{{2,3}}(?:\.\d+)?\s*[°度]){_ANGLE}", re.IGNORECASE)
_KEYWORD = re.compile(_NAME, re.IGNORECASE)
# Behind an angle more of it that was not understood: 117 20, 117度二十分, 117d20m.
_MORE_OF_IT = re.compile(
    r"\s*(?:[dD]\s*\d|[一二三四五六七八九十]+\s*分)|\s+\d{1,2}(?![\d.]|\s*(?:[年月日号带路]|°|度|[-_]?degree))"
)
_ANY_ZONE = re.compile(r"任意\s*(?:投影|分)?带")
# Behind the name of a system, as in CGCS2000_114 or 2000坐标系 118°30′; a bare number counts as a whole zone's meridian alone.
_SYSTEM = r"坐标系统?|cgcs\s*2000|(?<![\d:])2000|国家大地|高斯|投影|gauss|(?<![a-z])gk"
_BEHIND_SYSTEM = re.compile(
    rf"(?:{_SYSTEM})[\s,，、:_()\[\]/-]{{0,4}}{_ANGLE}(?!\s*[年月号日路街道m])", re.IGNORECASE
)
_BEFORE_SYSTEM = re.compile(rf"(?:^|(?<=[\s(])){_ANGLE}\s*坐标(?!点)")
_DIGITS = "一二三四五六七八九"
_COUNT = rf"(?P<zone>\d{{1,3}}|[{_DIGITS}]?十[{_DIGITS}]?)"
_END = r"\s*(?:号|度|°)?\s*(?:投影|分)?带"
_ZONE = re.compile(
    rf"(?:带号[\s:=为是第]*{_COUNT}(?![\d.])|第\s*{_COUNT.replace('zone', 'zone2')}{_END}"
    r"|(?:gk|gauss|degree|kruger|cgcs\s*2000)[\w\s°/,-]{0,20}?zone[\s_]*(?P<zone3>\d{1,2})(?!\d))",
    re.IGNORECASE,
)
_BARE_ZONE = re.compile(rf"(?<![\d.第])(?P<zone>\d{{2,3}}){_END}")
_WIDTH = re.compile(
    r"(?<![\d.])(1\.5|[36三六])\s*(?:°|度|[-_\s]?degree)(?:\s*分?带|[\s_]*(?:gk|gauss))", re.IGNORECASE
)
_UTM = re.compile(r"(?<![a-z])utm(?![a-z])(?:[\s_]*(?:zone)?[\s_]*(?P<zone>\d{1,2})(?!\d))?", re.IGNORECASE)
_CODE = re.compile(
    r"(?:epsg|wkid|srid)[\s:=_()]{0,3}(?P<code>\d{4,6})(?!\d)|(?<!\d)(?!2000|19[58])(?P<bare>\d{4,5})坐标系",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class ToldMeridian:
    """Words that fix a central meridian: ``degrees`` None leaves it open, NaN is that of no system; ``scale`` on it."""

    said: str
    degrees: float | None
    scale: float | None = None

    def agrees(self, system: str) -> bool:
        """Whether figures of ``system`` may be what the words mean; longitude and latitude have no meridian."""
        degrees, scale = _meridian_of(system)
        if degrees is None:
            return True
        is_there = self.degrees is None or abs(self.degrees - degrees) <= _SAME_DEGREES
        return is_there and (self.scale is None or self.scale == scale)


def told_meridians(words: str) -> tuple[ToldMeridian, ...]:
    """Every meridian, zone and code that ``words`` name."""
    text = unicodedata.normalize("NFKC", words.translate(_AS_DEGREE))
    told = [*_angles(text), *_zones(text), *_codes(text)]
    for found in _UTM.finditer(text):
        zone = found["zone"]
        told.append(ToldMeridian(_quote(found), 6.0 * int(zone) - 183 if zone else None, _UTM_SCALE))
    narrow = next((found for found in _WIDTH.finditer(text) if found[1] == "1.5"), _ANY_ZONE.search(text))
    if narrow is not None and not told:
        # A zone of its own: which one is left open, and no system of the city is one.
        told.append(ToldMeridian(_quote(narrow), math.nan))
    return tuple(told)


def unread_meridian(words: str, told: Sequence[ToldMeridian]) -> Words | None:
    """What is to be said where ``words`` speak of a central meridian and none could be read."""
    found = _KEYWORD.search(unicodedata.normalize("NFKC", words))
    if found is None or told:
        return None
    return Words(
        f"文件提到“{found.group(0)}”，未能读出经度：请核对坐标系的中央子午线。",
        f"The files speak of {found.group(0)!r}, and no longitude could be read: make sure of the central meridian.",
    )


def contradiction(told: Sequence[ToldMeridian]) -> Words | None:
    """Why words that no one system fulfils are not taken, None where they do not contradict each other."""
    meridians = {
        round(one.degrees, 7): one for one in told if one.degrees is not None and not math.isnan(one.degrees)
    }
    scales = {one.scale: one for one in told if one.scale is not None}
    for kinds in (meridians, scales):
        if len(kinds) > 1:
            said = list(dict.fromkeys(one.said for one in kinds.values()))
            quoted = "、".join(f"“{one}”" for one in said)
            return Words(
                f"文件写明{quoted}，互相矛盾：请改正，或核对后指定坐标系。",
                f"The files say {', '.join(map(repr, said))}, which contradict each other: correct them, or make sure and "
                "name the system.",
            )
    return None


def disagreement(told: Sequence[ToldMeridian], systems: Sequence[str]) -> Words | None:
    """Why figures that lie in the city as ``systems`` alone are not taken: the first words that agree with none of them."""
    for one in told:
        if any(one.agrees(system) for system in systems):
            continue
        meridians = dict.fromkeys(f"{_meridian_of(system)[0]:g}°" for system in systems)
        return Words(
            f"文件写明“{one.said}”，而这些坐标按 {'、'.join(systems)}（中央子午线 {'、'.join(meridians)}）才落在本市范围内："
            "未采用。请转换为 EPSG:4548 后重交；如写错，请改正或指定坐标系。",
            f"The files say {one.said!r}, but the figures lie in the city as {', '.join(systems)} (central meridian "
            f"{', '.join(meridians)}): not taken. Convert them to EPSG:4548 and deliver again; if the words are wrong, "
            "correct them or name the system.",
        )
    return None


def _angles(text: str) -> Iterator[ToldMeridian]:
    for found in _NAMED.finditer(text):
        more = _MORE_OF_IT.match(text, found.end())
        said = _quote(found) if more is None else f"{_quote(found)}{more.group(0)}"
        yield ToldMeridian(said, _degrees(found) if more is None else math.nan)
    for pattern in (_NAMED_BEHIND, _LETTER, _BEHIND_SYSTEM, _BEFORE_SYSTEM):
        for found in pattern.finditer(text):
            degrees = _degrees(found)
            is_marked = pattern is _NAMED_BEHIND or any(mark in found.group(0) for mark in "°度")
            if int(degrees) in _MERIDIANS and (is_marked or degrees % 3 == 0):
                yield ToldMeridian(_quote(found), degrees)


def _degrees(found: re.Match[str]) -> float:
    minutes = float(found["min"] or found["min2"] or 0)
    return float(found["deg"]) + (minutes + float(found["sec"] or 0) / 60) / 60 * (minutes < 60)


def _zones(text: str) -> Iterator[ToldMeridian]:
    widths = {{"三": "3", "六": "6"}.get(found[1], found[1]) for found in _WIDTH.finditer(text)}
    for found in _ZONE.finditer(text):
        number = _count(found["zone"] or found["zone2"] or found["zone3"])
        yield ToldMeridian(_quote(found), _of_zone(number, widths))
    for found in _BARE_ZONE.finditer(text):
        number = int(found["zone"])
        if number in _ZONES_OF_SIX or number in _ZONES_OF_THREE or number in _MERIDIANS:
            yield ToldMeridian(_quote(found), _of_zone(number, widths))


def _of_zone(number: int, widths: set[str]) -> float:
    """The meridian of a zone; NaN where its number is of the other width, or of no zone of the country."""
    if number in _MERIDIANS:
        return float(number)
    if number in _ZONES_OF_THREE and widths <= {"3"}:
        return 3.0 * number
    if number in _ZONES_OF_SIX and widths <= {"6"}:
        return 6.0 * number - 3
    return math.nan


def _count(said: str) -> int:
    if said.isdecimal():
        return int(said)
    tens, _, ones = said.partition("十")
    return 10 * (_DIGITS.find(tens) + 1 if tens else 1) + (_DIGITS.find(ones) + 1 if ones else 0)


def _codes(text: str) -> Iterator[ToldMeridian]:
    for found in _CODE.finditer(text):
        label = f"EPSG:{found['code'] or found['bare']}"
        try:
            to_storage(np.full((1, 2), np.nan), label)
            degrees, scale = _meridian_of(label)
        except Invalid:
            degrees, scale = math.nan, None
        if degrees is not None:
            yield ToldMeridian(_quote(found), degrees, scale)


@lru_cache(maxsize=64)
def _meridian_of(system: str) -> tuple[float | None, float | None]:
    """Central meridian in degrees and scale on it of a system; no meridian for longitude and latitude, NaN for others."""
    crs = known_crs(system)
    crs = crs.sub_crs_list[0] if crs.is_compound else crs
    crs = crs.source_crs if crs.is_bound and crs.source_crs is not None else crs
    if crs.is_geographic:
        return None, None
    operation = crs.coordinate_operation
    said = {} if operation is None else {one.name: one.value for one in operation.params}
    degrees, scale = (
        said.get(name, math.nan) for name in ("Longitude of natural origin", "Scale factor at natural origin")
    )
    return float(degrees), float(scale)


def _quote(found: re.Match[str]) -> str:
    return found.group(0).strip()[:_LONGEST_QUOTE]
