"""What heads, titles and names of delivered files say of their datums, in plan and in height.

Heights are kept on the 1985 datum (1985 国家高程基准). Wusong lies almost two metres off, the abandoned Yellow River
decimetres, and by how much varies from place to place: nothing is converted here. Source: coordinates notes, heights.
"""

import re

from xzgis.core.words import Words

_OLD_DATUM_WORDS = re.compile(
    r"北京\s*(19)?54|(19)?54\s*年?\s*北京|beijing[\s_]*(19)?54|\bbjz?[\s_-]*(19)?54|"
    r"西安\s*(19)?80|(19)?80\s*年?\s*西安|xi'?an[\s_]*(19)?80|\bxa[\s_-]*(19)?80|(?<!\d)(19)?(54|80)\s*坐标|"
    r"西安坐标|北京坐标",
    re.IGNORECASE,
)
_LOCAL_WORDS = re.compile(
    r"独立坐标|地方坐标|城市坐标|徐州坐标|施工坐标|建筑坐标|假定坐标|相对坐标|local grid|抵偿", re.IGNORECASE
)
_SHIFTED_WORDS = re.compile(r"gcj|火星|高德|amap|腾讯|tencent|bd-?09|百度|baidu", re.IGNORECASE)
MODERN_WORDS = re.compile(r"cgcs\s*2000|2000\s*国家|国家\s*2000|大地\s*2000", re.IGNORECASE)
_WORLD_WORDS = re.compile(r"wgs[\s_-]*(19)?84", re.IGNORECASE)

_NAMES = (
    # Also roads are called by them: 珠江路.
    r"吴淞|wusong|(?:黄海|大沽|珠江|渤海)(?!路|街|大道|巷|桥|站|小区)|yellow[\s_]*sea|废黄河|坎门|假定|相对|独立|当地|地方|"
    r"大地高|椭球|(?<![a-z])local(?![a-z])|ellipsoid\w*|assumed|relative|egm[\s_-]*(?:20)?(?:84|96|08)"
)
OTHER_DATUM = re.compile(rf"{_NAMES}|1956", re.IGNORECASE)
THE_DATUM = re.compile(r"(?<!\d)(19)?85(?!\d)")
_HEIGHT = r"高程|标高|基面|零点|height|levels?(?![a-z])|elevation|vertical|datum"
# In a title the same words are also roads, companies and years: they count beside a word of heights alone. So does 56,
# in the same part of a path; behind letters other than H it is the number of a sheet (JX56).
_AMID = r"[^，。；;,\d]"
_YEAR = r"(?<![\da-z])h?(?:19)?56"
_TITLED = re.compile(
    rf"(?:{_NAMES}){_AMID}{{0,4}}(?:(?:19)?56)?{_AMID}{{0,4}}(?:{_HEIGHT})"
    rf"|(?:{_HEIGHT}){_AMID}{{0,8}}(?:{_NAMES})"
    rf"|{_YEAR}年?(?:(?!/){_AMID}){{0,8}}(?:{_HEIGHT})"
    rf"|(?:{_HEIGHT})(?:(?:19)?56|(?:(?!/){_AMID}){{0,8}}{_YEAR})(?!\d)",
    re.IGNORECASE,
)
_TITLED_OURS = re.compile(r"(?<!\d)(19)?85\s*年?\s*(国家|黄海|高程|基准|datum)", re.IGNORECASE)

BRACKETED = re.compile(r"[(（\[【]([^)）\]】]*)[)）\]】]")


def words_of_axis(head: str) -> str:
    """The head of a column of coordinates as words of a system: what stands in brackets leaves 坐标 unsaid, as in X(54)."""
    said = [words.strip() for words in BRACKETED.findall(head)]
    return " ".join([head, *(f"{words}坐标" for words in said if words and "坐标" not in words)])


def other_datum_of_head(head: str) -> str | None:
    """The word in the head of a column of heights that names another datum than ours, None where none does."""
    found = OTHER_DATUM.search(head)
    return found.group(0) if found and not THE_DATUM.search(head) else None


def other_datum_of_title(title: str) -> str | None:
    """The words of a title that put its heights on another datum, None where none do."""
    found = _TITLED.search(title)
    return found.group(0) if found and not _TITLED_OURS.search(title) else None


def forbidden_words(words: str) -> Words | None:
    """Why a system that ``words`` name is not taken without being asked for, None where they name none such."""
    for pattern, zh, en in (
        (
            _OLD_DATUM_WORDS,
            "与 CGCS2000 没有公开的真实转换，须由测绘主管部门转换",
            "there is no public true operation to CGCS2000; the surveying authority must convert it",
        ),
        (
            _LOCAL_WORDS,
            "地方坐标系的参数未知，须指定坐标系或先转换",
            "the parameters of a local grid are unknown; name the system or convert first",
        ),
        (
            _SHIFTED_WORDS,
            "网络地图坐标有非线性偏移，不能作为真值入库",
            "web map coordinates are shifted nonlinearly and are never stored as truth",
        ),
    ):
        found = pattern.search(words)
        if found:
            return Words(f"文件写明“{found.group(0)}”：{zh}。", f"The files say {found.group(0)!r}: {en}.")
    return None


def world_words(words: str) -> Words | None:
    """What is to be said where ``words`` name WGS 84, None where they do not."""
    found = _WORLD_WORDS.search(words)
    if found is None:
        return None
    said = found.group(0)
    return Words(
        f"文件写明“{said}”：与 CGCS2000 按同一基准处理，相差可达分米（历元不同）；如为其他投影或导航仪坐标，请指定坐标系。",
        f"The files say {said!r}: taken as the datum of CGCS2000, from which it differs by decimetres (another epoch); name "
        "the system if it is another projection or comes from a hand-held receiver.",
    )
