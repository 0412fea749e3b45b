"""Names of the sheets and heads of the columns of the workbook, in the reader's language."""

from xzgis.core.words import Words

SHEETS = (Words("检查结果", "Findings"), Words("未普查", "Not surveyed"), Words("汇总", "Summary"))
COLUMN_WORDS = {
    "number": Words("编号", "No."),
    "id": Words("标识", "Identity"),
    "outcome": Words("结论代码", "Outcome code"),
    "outcome_zh": Words("结论", "Outcome"),
    "measure": Words("项目代码", "Measure code"),
    "measure_zh": Words("项目", "Measure"),
    "a_id": Words("新建部分", "Part of the work"),
    "a_kind": Words("新建种类", "Kind of the work"),
    "a_label": Words("新建名称", "Name of the work"),
    "b_id": Words("对象标识", "Object"),
    "b_kind": Words("对象种类", "Kind of the object"),
    "b_label": Words("对象名称", "Name of the object"),
    "b_owner": Words("权属单位", "Owner"),
    "b_state": Words("对象状态", "State of the object"),
    "from_m": Words("起点里程 m", "From m"),
    "to_m": Words("终点里程 m", "To m"),
    "angle_deg": Words("交角 °", "Angle °"),
    "gap_m": Words("实测净距 m", "Gap m"),
    "required_m": Words("要求净距 m", "Required m"),
    "shortfall_m": Words("相差 m", "Short m"),
    "sigma_m": Words("标准差 m", "Sigma m"),
    "probability": Words("不满足的概率", "Probability of a breach"),
    "rule": Words("依据", "By"),
    "rules_asked": Words("查过的条文", "Rules asked"),
    "missing": Words("缺少的数据", "Missing facts"),
    "gives_way": Words("让行建议", "Who gives way"),
    "mend": Words("修改建议", "What would mend it"),
    "place_east_m": Words("位置 Y（东）m", "Place east m"),
    "place_north_m": Words("位置 X（北）m", "Place north m"),
    "words": Words("说明", "In words"),
    "contest": Words("异议", "Contested"),
    "advisory": Words("是否提示（不计入）", "Advice, not counted"),
    "invented": Words("结果用到虚构数据", "Invented data took part"),
}
NOT_SURVEYED = (
    Words("种类", "Kind"), Words("新建部分", "Part of the work"), Words("起点里程 m", "From m"), Words("终点里程 m", "To m"),
    Words("种类代码", "Kind code"),
)  # fmt: skip
SUMMARY = (Words("内容", "What"), Words("数值", "Value"))
SUMMARY_WORDS = {
    "verdict": Words("总结论", "Verdict"),
    "not_judged": Words("不在判定之内", "Not judged"),
    "advice": Words(
        "开挖注意、须征得同意与提示（不计入以上各项）", "Duties, consents and hints (not among the items)"
    ),
    "pairs": Words("可及范围内的管线对数", "Pairs of lines within reach"),
    "chainage": Words("里程", "Chainage"),
    "no_pairs": Words(
        "0：没有新建管线与其他管线成对比较（覆土和开挖范围所及不按对计；未普查处不等于没有管线）",
        "0: no new line was compared with another one (cover and what an excavation touches are of no pair;"
        " where nobody surveyed is not where nothing lies)",
    ),
    "rests_on": Words("满足项的前提", "What clear rests on"),
    "version": Words("版本：", "Version: "),
}

#: Rows of a CSV that are no findings, by their token in the column ``outcome`` (decision 0090).
BESIDE = {
    "verdict": SUMMARY_WORDS["verdict"],
    "not_covered": Words("未普查", "not surveyed"),
    "note": Words("说明", "note"),
}
VERDICT_WORDS = {
    "clear": Words("满足", "clear"),
    "findings": Words("有不满足或公差内的项目", "findings"),
    "cannot_judge": Words("无法判定", "cannot be judged"),
}
