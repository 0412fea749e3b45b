"""What the clear verdicts of an answer rest on beside known facts, in sentences."""

from xzgis.catalogue.terms.changes import Bearing
from xzgis.conflicts.reports.labels import chainage_word, part_word
from xzgis.conflicts.terms import CheckResult
from xzgis.core.words import Language, Words

INVENTED = Words(
    "虚构：本结果用到虚构的示例数据，不能作为真实地下情况的依据。",
    "Invented: this result uses invented sample data and says nothing of the real ground.",
)

DISPLACED = Words(
    "外地试验数据参与了本次检查：其位置不具真实意义，本结果不能作为真实地下情况的依据。",
    "Displaced test data of another place took part: its places mean nothing, and this result says nothing of the real "
    "ground.",
)


#: Beside every verdict: what a map shows and no rule here looks at must not be read as clear.
NOT_JUDGED = Words(
    "只判定地下管线、管点处的井室和申报的开挖；不判定建筑物、树木、路缘石、杆塔和其他已保存的工程，图上画出的也不判定。",
    "Judged are buried lines, chambers at their points and declared holes. Not judged are buildings, trees, kerbs, poles "
    "and other saved works, even where the map shows them.",
)


def marks_of(result: CheckResult) -> list[Words]:
    """What an answer must never be read without: that invented data took part."""
    return [INVENTED] if result.checked.get("invented") else []


def rests_on(result: CheckResult) -> list[Words]:
    """One sentence for each assumption: dry land above, figures from memory; before them what was not read, and first
    that test data of another place took part, by which tables files were judged, and the rules that are not as shipped.

    Empty where nothing was assumed or left out.
    """
    return [
        *([DISPLACED] if result.checked.get("displaced") else ()),
        *_tables_of_files(result),
        *_changed_rules(result),
        *_not_read(result),
        *_left_aside(result),
        *_untold_kinds(result),
        *_in_part(result),
        *_without_points(result),
        *_crossed(result),
        *_beside_itself(result),
        *_steered(result),
        *_dry_land(result),
        *_by_memory(result),
    ]


def loosened(result: CheckResult) -> bool:
    """Whether a rule that was looser than shipped, switched off, or not to be compared with it, took part."""
    told = result.checked.get("rules_changed") or ()
    return any(one["bearing"] in ("looser", "unclear") for one in told)


def _changed_rules(result: CheckResult) -> list[Words]:
    told = result.checked.get("rules_changed") or ()
    if not told:
        return []

    def listed(language: Language) -> list[str]:
        off = {True: Words("停用", "switched off"), False: None}
        return [
            f"{one['row']} ({(off[one['disabled']] or Bearing(one['bearing']).words).spoken(language)})"
            for one in told
        ]

    zh, en = "、".join(listed("zh")).replace(" (", "（").replace(")", "）"), ", ".join(listed("en"))
    return [
        Words(
            f"本次判定采用了本市修改过的规则（与出厂标准表不同）：{zh}。",
            f"Rules that the city changed, other than the shipped tables, took part: {en}.",
        )
    ]


def _tables_of_files(result: CheckResult) -> list[Words]:
    """By which tables a check without a register was judged."""
    told, version = result.checked.get("tables"), result.versions.get("rules", "")
    if told == "shipped":
        return [
            Words(
                f"按出厂规则表判定（版本 {version}），未用登记库中批准的本市修改；如有修改，请写出现行的表并按它检查。",
                f"Judged by the tables as shipped (version {version}), without what a register approved: where there is "
                "something, write the tables in force and check by them.",
                "rules export, --layers",
            )
        ]
    if told == "folder":
        return [
            Words(
                f"按所指定目录的规则表判定（版本 {version}），不是出厂的表。",
                f"Judged by the tables of the folder given (version {version}), not those shipped.",
            )
        ]
    return []


def _crossed(result: CheckResult) -> list[Words]:
    runs = result.checked.get("crosses_itself") or ()
    if not runs:
        return []
    zh = "、".join(part_word(run, "zh") for run in runs)
    en = ", ".join(part_word(run, "en") for run in runs)
    return [
        Words(
            f"{zh} 的轴线与自身相交或重叠；管线与自身不作检查，请核对各点次序，或在该处分成两条管线后重查。",
            f"The axis of {en} meets itself; a line is not checked against itself. See that its points stand in order, or"
            " draw it as two lines that part there, and check again.",
        )
    ]


def _beside_itself(result: CheckResult) -> list[Words]:
    runs = result.checked.get("beside_itself") or ()
    if not runs:
        return []
    zh = "、".join(part_word(run, "zh") for run in runs)
    en = ", ".join(part_word(run, "en") for run in runs)
    return [
        Words(
            f"{zh} 折回到自身近旁，近于同样两条管线之间的要求；管线与自身不作检查，请核对各点次序，或在折回处分成两条后重查。",
            f"{en} comes back beside itself, nearer than two such lines may lie; a line is not checked against itself. See"
            " that its points stand in order, or draw it as two lines that part at the turn, and check again.",
        )
    ]


def _steered(result: CheckResult) -> list[Words]:
    """Where a drilled line comes to lie is what its steering makes of it, and the hole is wider than the pipe."""
    return [
        Words(
            f"{part_word(one['run'], 'zh')} 定向钻施工：按钻头导向的偏差判定（中误差：平面 {one['sigma_plan_m']:.2f} m，"
            f"高程 {one['sigma_level_m']:.2f} m）；扩孔大于管径的部分未计，请按施工方案另留余量。",
            f"{part_word(one['run'], 'en')} is drilled: judged with the deviation of steering (standard deviation "
            f"{one['sigma_plan_m']:.2f} m in plan, {one['sigma_level_m']:.2f} m in level). The hole is reamed wider than "
            "the pipe, which is not counted: leave what the method statement asks.",
        )
        for one in result.checked.get("steered") or ()
    ]


def _not_read(result: CheckResult) -> list[Words]:
    rows = result.checked.get("not_read") or ()
    lines = result.checked.get("unplaced_lines") or 0
    told = []
    if rows:
        told.append(
            Words(
                f"对照文件有 {len(rows)} 处错误未读入，所涉管线可能在任何地方，不能视为无冲突：",
                f"{len(rows)} errors of the files were not read; the lines concerned may lie anywhere, so nothing is"
                " clear for certain:",
            )
        )
        for one in rows:
            where = " ".join(
                str(part)
                for part in (one["file"], one["sheet"], one["row"] and f"#{one['row']}", one["field"])
                if part
            )
            told.append(Words(f"{where}：{one['words']['zh']}", f"{where}: {one['words']['en']}"))
    if lines:
        told.append(
            Words(
                f"对照文件有 {lines} 段管线没有位置，可能在任何地方，不能视为无冲突。",
                f"{lines} lines of the files have no place and may lie anywhere, so nothing is clear for certain.",
            )
        )
    return told


def _left_aside(result: CheckResult) -> list[Words]:
    """What the files hold beside lines: if some of it is a pipe, the answer knows nothing of it."""
    return [
        Words(
            f"{one['file']}：{one['words']['zh']}；其中如有管线，本结果不包括它们。",
            f"{one['file']}: {one['words']['en']}; if some of it is a line, this result knows nothing of it.",
        )
        for one in result.checked.get("left_aside") or ()
    ]


def _untold_kinds(result: CheckResult) -> list[Words]:
    return [
        Words(
            f"{one['file']} 中的管类“{one['value']}”看不懂，这些管线按“不明管线”判定；请指明它是哪一类后重查。",
            f"{one['file']} says {one['value']!r} for a kind, which nobody knows: its lines were judged as of unknown kind. "
            "Say which kind it is, and check again.",
        )
        for one in result.checked.get("untold_kinds") or ()
    ]


def _in_part(result: CheckResult) -> list[Words]:
    """Kinds of which the files hold street lamps or the like alone: why nobody is taken to have looked for them."""
    told = (one["words"] for one in result.checked.get("in_part") or ())
    return [Words(f"对照文件：{one['zh']}。", f"In the files, {one['en']}.") for one in told]


def _without_points(result: CheckResult) -> list[Words]:
    """Manholes and cabinets are surveyed as points: who delivers lines alone says nothing of them."""
    told = result.checked.get("without_points") or ()
    if not told:
        return []
    zh, en = (
        mark.join(one["words"][language] for one in told) for mark, language in (("、", "zh"), (", ", "en"))
    )
    return [
        Words(
            f"这些管类的资料没有说明管点是什么（{zh}）：检查井、阀门井、箱柜等未作检查；请把管线连同管点一起重新导入（替换已登记的）或一并给出，再重查。",
            f"Nothing delivered says what stands at the points of these kinds ({en}): manholes, valve chambers and cabinets "
            "were not judged. Import lines and points together again, replacing what is registered, or give both files, and "
            "check again.",
        )
    ]


def _dry_land(result: CheckResult) -> list[Words]:
    parts = result.checked.get("assumed_dry") or ()
    if not parts:
        return []
    asked_m = max(part["asked_m"] for part in parts)

    def listed(language: Language) -> list[str]:
        return [
            f"{part_word(part['run'], language)} {chainage_word(tuple(part['chainage_m']))} m"
            for part in parts
        ]

    zh, en = "；".join(listed("zh")), "; ".join(listed("en"))
    return [
        Words(
            f"地面类型不明处，覆土按旱地判定：{zh}。若为航道或河道，须按 GB 50289-2016 第 4.1.8 条另查"
            f"（河底以下至多 {asked_m:g} m）；给出工程的地面类型即可确定。",
            f"Nothing says which surface lies above, so cover was judged as under dry land: {en}. Below a waterway"
            f" clause 4.1.8 of GB 50289-2016 asks up to {asked_m:g} m below the bed; state the surface of the work.",
        )
    ]


def _by_memory(result: CheckResult) -> list[Words]:
    counted = result.checked.get("clear_by_unverified_figures") or {}
    if not counted:
        return []
    total = sum(counted.values())
    listed = "、".join(f"{rule_id} {count} 项" for rule_id, count in counted.items())
    told = ", ".join(f"{rule_id} {count}" for rule_id, count in counted.items())
    return [
        Words(
            f"满足项中有 {total} 项所依据的数值凭记忆录入，须按标准原文核对：{listed}。",
            f"{total} of the clear verdicts rest on figures from memory that await checking: {told}.",
        )
    ]
