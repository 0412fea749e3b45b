"""The words of sections and profiles, in the reader's language."""

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Language, Words

TEXTS = {
    "new": Words("拟建", "new"),
    "new_work": Words("新建工程", "New work"),
    "not_known": Words("不明", "not known"),
    "depth_unknown": Words("埋深不明", "depth unknown"),
    "size_unknown": Words("尺寸不明", "size unknown"),
    "cover_note": Words("顶深 {cover} m", "cover {cover} m"),
    "drawn_note": Words("图中地面下 {cover} m", "{cover} m below the ground drawn"),
    "mark_sentence": Words(
        "距起点 {at} m：{kind} {size}（{label}），外顶 {crown}，外底 {bottom}，与断面交角 {angle}°，权属 {owner}。",
        "At {at} m: {kind} {size} ({label}), crown {crown}, bottom {bottom}, {angle}° to the cut, owner {owner}.",
    ),
    "drawing_sentence": Words("长 {length} m，共 {count} 条管线。", "{length} m long, {count} lines. "),
    "level_axis": Words("高程 m", "level m"),
    "scale_words": Words("水平 1:{scale}，竖向放大 {times} 倍", "Horizontal 1:{scale}, vertical {times} times larger"),
    "scale_equal": Words("水平、竖向均为 1:{scale}", "Horizontal and vertical 1:{scale}"),
    "ground": Words("地面高程{source}", "ground {source}"),
    "ground_two": Words("地面高程：新管处{here}，两侧{beside}", "ground: at the new line {here}; beside it {beside}"),
    "ground_unknown": Words("地面高程不明", "ground level unknown"),
    "ground_between": Words("{ground}；部分区段地面不明，仅以直线相连", "{ground}; unknown on some stretches, only joined there"),
    "listed": Words("、", ", "),
    "ground_from.work": Words("由工程文件给出", "from the work"),
    "ground_from.terrain": Words("取自地形栅格", "from the terrain raster"),
    "ground_from.surveyed": Words("由附近测点推得", "from surveyed points nearby"),
    "ground_from.crossed": Words("由相交管线的地面高程连成", "through the ground levels of the lines crossed"),
    "ground_from.unknown": Words("不明", "level unknown"),
    "section_axis": Words("距断面左端（m）", "from the left end of the cut (m)"),
    "section_title": Words(
        "{name} {at} 横断面（面向里程增加方向；转角 {turn}）", "{name} {at} cross-section (looking ahead; turned {turn})"
    ),
    "profile_axis": Words("里程（m）", "chainage (m)"),
    "profile_title": Words("{name} 纵断面", "{name} long profile"),
    "asked": Words("（要求 ≥ {metres} m）", " (at least {metres} m)"),
    "bounds_here": Words(
        "此处按图 {here} m（最佳估计）；计入未知后 {least} m", "{here} m as drawn (best estimate); {least} m with what is unknown"
    ),
    "beside_stretch": Words("（此断面在该项 {first}～{last} 之外）", " (outside its stretch, {first} to {last})"),
    "least_elsewhere": Words("此处 {here} m；最小 {least} m 在 {at}", "here {here} m; least {least} m at {at}"),
}  # fmt: skip


class Speech:
    """Says the words of the drawings and the names of kinds in one language."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language

    def __call__(self, name: str, /, **values: object) -> str:
        """The text ``name`` with ``{values}`` filled in; a missing name is a defect and raises."""
        text = TEXTS[name].spoken(self.language)
        return text.format(**values) if values else text

    def of(self, words: Words) -> str:
        """``words`` in this language."""
        return words.spoken(self.language)

    def kind(self, known: Catalogue, token: str) -> str:
        """The name of a kind; the token itself when the catalogue lacks it."""
        if token not in known.kinds:
            return token
        kind = known.kinds[token]
        return kind.en if self.language == "en" else kind.zh


def metres(value: float | None, digits: int = 2) -> str:
    """A length in metres, a dash when unknown."""
    return "—" if value is None else f"{value:.{digits}f} m"


def station(value: float | None) -> str:
    """A chainage as surveyors write it: K0+040.0."""
    if value is None:
        return "—"
    tenths = round(value * 10)
    kilometres, rest = divmod(tenths, 10000)
    return f"K{kilometres}+{rest / 10:05.1f}"
