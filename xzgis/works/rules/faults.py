"""What is wrong with a work document, each fault with its path and its remedy."""

from collections.abc import Callable, Iterator, Sequence

from shapely import Polygon

from xzgis.catalogue.terms import Catalogue
from xzgis.core.errors import Fault, Invalid
from xzgis.core.words import Words
from xzgis.networks.terms import FloatArray, Shape
from xzgis.works.rules.depths import of_cover, of_raised
from xzgis.works.rules.height_datum import of_heights
from xzgis.works.rules.levels import STEP_M, more_than_a_drop, more_than_a_step, unordered_steps
from xzgis.works.rules.sizes import of_size
from xzgis.works.terms import Depth, Excavation, NewRun, WorkDocument

Loc = tuple[str | int, ...]

PAST_THE_END_M = 0.05
MOST_VERTICES_ONLINE = 20_000
CODE_LISTS = {"pressure_class": "pressure_class", "burial": "burial", "material": "material"}
FACTS = {
    "pressure_class": Words("压力级制", "pressure class"),
    "burial": Words("埋设方式", "burial method"),
    "material": Words("材质", "material"),
}


def check_sound(work: WorkDocument, catalogue: Catalogue) -> None:
    """Refuse a document that says nothing, contradicts itself or uses words nobody defined.

    Raises
    ------
    Invalid
        With one fault for every wrong place, its path in the document and what to do.
    """
    faults = [*_of_work(work), *of_heights(work), *_of_surface(work, catalogue)]
    for index, run in enumerate(work.runs):
        for rule in RUN_CHECKS:
            faults += rule(run, catalogue, ("runs", index))
    for index, hole in enumerate(work.excavations):
        faults += _of_hole(hole, catalogue, ("excavations", index))
    refuse(faults)


def check_size(work: WorkDocument) -> None:
    """Refuse a work too large to be checked while somebody waits; the command has no such limit."""
    vertices = sum(len(run.axis) for run in work.runs) + sum(len(hole.outline) for hole in work.excavations)
    if vertices > MOST_VERTICES_ONLINE:
        refuse([
            Fault(
                ("runs",),
                Words(f"共有 {vertices} 个顶点，在线检查最多 {MOST_VERTICES_ONLINE} 个。",
                      f"{vertices} vertices; a check online takes at most {MOST_VERTICES_ONLINE}."),
                Words("请分段检查，或交管理员在服务器上用命令检查（不限大小）。",
                      "Check it in parts, or have the keeper of the server check it by command (of any size).",
                      "xzgis check"),
            )
        ])  # fmt: skip


def check_lengths(work: WorkDocument, chains: Sequence[FloatArray]) -> None:
    """Refuse profiles and tie-ins beyond the end of their run, and ground levels that do not fit the axis.

    ``chains`` are the chainages of the vertices in the storage CRS, one array for each run.
    """
    faults: list[Fault] = []
    for index, (run, chain) in enumerate(zip(work.runs, chains, strict=True)):
        length = float(chain[-1])
        for place, point in enumerate(run.depth.profile):
            if point.chainage_m > length + PAST_THE_END_M:
                faults.append(_beyond(("runs", index, "depth", "profile", place), point.chainage_m, length))
        for place, tie in enumerate(run.tie_ins):
            if tie.chainage_m > length + PAST_THE_END_M:
                faults.append(_beyond(("runs", index, "tie_ins", place), tie.chainage_m, length))
    refuse(faults)


def refuse(faults: Sequence[Fault]) -> None:
    """Raise :class:`Invalid` when there is any fault."""
    if faults:
        first = faults[0].words
        raise Invalid(
            Words(
                f"工程文件有 {len(faults)} 处错误：{first.zh}",
                f"The work has {len(faults)} fault(s): {first.en}",
            ),
            faults=tuple(faults),
        )


def _of_work(work: WorkDocument) -> Iterator[Fault]:
    if not work.runs and not work.excavations:
        yield Fault(
            ("runs",),
            Words("工程中没有管线，也没有开挖范围。", "The work has neither a run nor an excavation."),
            Words("至少给出一条管线或一个开挖范围。", "Give at least one run or one excavation."),
        )
    if work.starts_on and work.ends_on and work.ends_on < work.starts_on:
        yield Fault(
            ("ends_on",),
            Words(
                f"结束日期 {work.ends_on} 早于开始日期 {work.starts_on}。",
                f"The work ends on {work.ends_on}, before it starts on {work.starts_on}.",
            ),
            Words("更正日期。", "Correct the dates."),
        )


def _of_surface(work: WorkDocument, catalogue: Catalogue) -> Iterator[Fault]:
    """A surface must be one of the list; a group of surfaces says too little for the table."""
    known = {code.token: code for code in catalogue.codes.get("surface", ()) if not code.one_of}
    if work.surface is None or not known or work.surface in known:
        return
    zh = "、".join(f"{code.zh} {token}" for token, code in known.items())
    yield Fault(
        ("surface",),
        Words(f"“{work.surface}”不是地面类型的取值。", f"“{work.surface}” is not a surface."),
        Words(
            f"可用取值：{zh}；不清楚时留空。", f"Use one of: {', '.join(known)}; leave it out when unknown."
        ),
    )


def _of_kind(run: NewRun, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    kind = catalogue.kinds.get(run.kind)
    if kind is not None and kind.is_buried_line:
        return
    offered = [(token, each) for token, each in catalogue.kinds.items() if each.is_buried_line]
    zh = "、".join(f"{each.zh} {token}" for token, each in offered)
    en = ", ".join(f"{token} ({each.en.lower()})" for token, each in offered)
    yield Fault(
        (*loc, "kind"),
        Words(
            f"没有名为“{run.kind}”的地下管线种类。", f"There is no kind of buried line called “{run.kind}”."
        ),
        Words(f"可用种类：{zh}。", f"Use one of: {en}."),
    )


def _of_codes(run: NewRun, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    for field, list_name in CODE_LISTS.items():
        value: str | None = getattr(run, field)
        known = _tokens(catalogue, list_name, run.kind)
        if value is None or not known or value in known:
            continue
        zh = "、".join(f"{words.zh} {token}" for token, words in known.items())
        en = ", ".join(known)
        name = FACTS[field]
        yield Fault(
            (*loc, field),
            Words(f"“{value}”不是{name.zh}的取值。", f"“{value}” is not a {name.en}."),
            Words(f"可用取值：{zh}；不清楚时留空。", f"Use one of: {en}; leave it out when unknown."),
        )


def _tokens(catalogue: Catalogue, list_name: str, kind: str) -> dict[str, Words]:
    """Tokens of a code list that a kind may use, with their words; empty when the list is not kept."""
    codes = catalogue.codes.get(list_name, ())
    return {code.token: Words(code.zh, code.en) for code in codes if not code.kinds or kind in code.kinds}


def _of_section(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    section = run.section
    odd = ("width_mm", "height_mm") if section.shape is Shape.CIRCLE else ("diameter_mm",)
    for field in odd:
        if getattr(section, field) is not None:
            yield Fault(
                (*loc, "section", field),
                Words(
                    f"断面形状 {section.shape.value} 没有 {field}。",
                    f"A {section.shape.value} has no {field}.",
                ),
                Words("改断面形状，或去掉这一项。", "Change the shape or leave the field out."),
            )
    one_missing = (section.width_mm is None) != (section.height_mm is None)
    if section.shape is Shape.RECTANGLE and one_missing:
        yield Fault(
            (*loc, "section"),
            Words("矩形断面只给了宽或高中的一个。", "A rectangle needs both width and height, or neither."),
            Words("补上缺的一个。", "Give the other one too."),
        )


def _of_depth(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    depth: Depth = run.depth
    if depth.cover_m is not None and depth.profile:
        yield Fault(
            (*loc, "depth"),
            Words("覆土深度与纵断面不能同时给出。", "Cover and profile exclude each other."),
            Words("二者留一。", "Keep one of the two."),
        )
    yield from _of_steps(depth, loc)
    if run.ground_m is not None and len(run.ground_m) != len(run.axis):
        yield Fault(
            (*loc, "ground_m"),
            Words(
                f"地面高程有 {len(run.ground_m)} 个，轴线顶点有 {len(run.axis)} 个。",
                f"{len(run.ground_m)} ground levels for {len(run.axis)} vertices.",
            ),
            Words(
                "每个顶点一个地面高程，未知写 null。", "Give one level for each vertex, null where unknown."
            ),
        )


def _of_ground(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    """Repeated vertices with more than the two levels that a drop of the ground has."""
    if run.ground_m is None or len(run.ground_m) != len(run.axis):
        return
    for at in more_than_a_drop(run):
        yield Fault(
            (*loc, "ground_m", at),
            Words(
                f"同一位置重复的顶点给出了两个以上的地面高程（{run.ground_m[at]:g} m 在前、后两个之外）。",
                f"A place with repeated vertices is given more than two ground levels ({run.ground_m[at]:g} m lies outside "
                "the first and the last).",
            ),
            Words(
                "地面陡坎处只给前、后两个高程，沿走向先后。",
                "Give a drop of the ground one level before and one behind, in the order along the run.",
            ),
        )


def _of_steps(depth: Depth, loc: Loc) -> Iterator[Fault]:
    """Places of the profile whose levels are no drop, or one whose order is not known."""
    beyond, unordered = more_than_a_step(depth.profile), unordered_steps(depth.profile)
    for place, point in enumerate(depth.profile):
        at = (*loc, "depth", "profile", place, "chainage_m")
        if any(point is one for one in beyond):
            yield Fault(
                at,
                Words(
                    f"里程 {point.chainage_m:g} m 处给了两个以上的高程：跌落只有前、后两个高程。",
                    f"Chainage {point.chainage_m:g} m is given with more than two levels: a step has one before and one behind.",
                ),
                Words(
                    f"每处给一个高程，跌落处给两个（里程相同，沿走向先后）；{STEP_M * 1000:g} mm 以内按同一处计。",
                    "Give one level at a place, or two where it steps (at one chainage, in the order along the run); what lies "
                    f"within {STEP_M * 1000:g} mm is one place.",
                ),
            )
        elif any(point is one for one in unordered):
            yield Fault(
                at,
                Words(
                    f"里程 {point.chainage_m:g} m 给了两个高程，而各点没有按里程从小到大排列：先后不明。",
                    f"Chainage {point.chainage_m:g} m is given with two levels, and the points do not run from the start: "
                    "which comes first is not known.",
                ),
                Words("按里程从小到大列出各点。", "List the points from the start to the end of the run."),
            )


def _of_axis(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    if len(set(run.axis)) < 2:
        yield Fault(
            (*loc, "axis"),
            Words("轴线没有长度。", "The axis has no length."),
            Words("至少给出两个不同的点。", "Give at least two different points."),
        )


def _of_voltage(run: NewRun, _catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    if run.voltage_kv == 0:
        yield Fault(
            (*loc, "voltage_kv"),
            Words("电压等级不能是 0 kV。", "The voltage cannot be 0 kV."),
            Words("给出电压等级；不清楚时留空。", "Give the voltage; leave it out when unknown."),
        )


def _of_levels(run: NewRun, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    for place, level in enumerate(run.ground_m or ()):
        yield from _level(level, catalogue, (*loc, "ground_m", place))
    for place, point in enumerate(run.depth.profile):
        yield from _level(point.level_m, catalogue, (*loc, "depth", "profile", place, "level_m"))


def _level(level_m: float | None, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    """A level that nothing in this city can have: -9999, -9 and 0 are ways to say nothing."""
    lowest_m, highest_m = (catalogue.limits.values[name] for name in ("lowest_ground_m", "highest_ground_m"))
    if level_m is None or lowest_m < level_m <= highest_m:
        return
    yield Fault(
        loc,
        Words(
            f"高程 {level_m:g} m 不可能：应大于 {lowest_m:g} m、不超过 {highest_m:g} m。",
            f"The level {level_m:g} m cannot be: levels lie above {lowest_m:g} m and up to {highest_m:g} m.",
        ),
        Words(
            "核对单位（米）与 1985 国家高程基准；未知时留空或写 null。",
            "Look at its unit (metres) and the 1985 datum; leave it out, or null, when unknown.",
        ),
    )


def _of_hole(hole: Excavation, catalogue: Catalogue, loc: Loc) -> Iterator[Fault]:
    yield from _level(hole.bottom_level_m, catalogue, (*loc, "bottom_level_m"))
    if hole.depth_m is not None and hole.bottom_level_m is not None:
        yield Fault(
            loc,
            Words("开挖深度与坑底高程不能同时给出。", "Depth and bottom level exclude each other."),
            Words("二者留一。", "Keep one of the two."),
        )
    area = Polygon(hole.outline)
    if len(set(hole.outline)) < 3 or area.convex_hull.area == 0.0:
        yield Fault(
            (*loc, "outline"),
            Words("开挖范围没有面积。", "The outline has no area."),
            Words(
                "至少给出三个不在一条直线上的点。", "Give at least three points that lie on no straight line."
            ),
        )
    elif not area.is_valid:
        yield Fault(
            (*loc, "outline"),
            Words(
                "开挖范围的边界自相交或绕了不止一圈：何处在坑内无法确定。",
                "The outline crosses or touches itself, or goes round more than once: what is inside cannot be told.",
            ),
            Words(
                "沿边界逐点只画一圈；几个坑分开给出。",
                "Draw it once round, point by point; give several holes one by one.",
            ),
        )


def _beyond(loc: Loc, chainage_m: float, length_m: float) -> Fault:
    return Fault(
        (*loc, "chainage_m"),
        Words(
            f"里程 {chainage_m:.2f} m 超出管线长度 {length_m:.2f} m。",
            f"Chainage {chainage_m:.2f} m lies beyond the run's length of {length_m:.2f} m.",
        ),
        Words("里程从轴线起点量起，以米计。", "Chainages count from the start of the axis, in metres."),
    )


RUN_CHECKS: tuple[Callable[[NewRun, Catalogue, Loc], Iterator[Fault]], ...] = (
    _of_kind,
    _of_codes,
    _of_section,
    of_size,
    _of_depth,
    _of_ground,
    of_cover,
    of_raised,
    _of_voltage,
    _of_levels,
    _of_axis,
)
