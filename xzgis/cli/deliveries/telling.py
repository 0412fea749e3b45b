"""What an import found, for people and for programs."""

import json
from typing import Any

import typer

from xzgis.cli.frame import language, say, spoken_here
from xzgis.core.words import Words
from xzgis.networks.rules.finding_kinds import Told, told_once
from xzgis.networks.rules.finding_words import (
    Heads,
    field_word,
    head_in_words,
    head_of,
    survey_word,
    value_words,
)
from xzgis.networks.rules.import_document import finding_as_json
from xzgis.networks.rules.known_findings import counted
from xzgis.networks.rules.mapping import folded_name
from xzgis.networks.rules.unused_layers import NO_SHAPE
from xzgis.networks.terms import IntakeFinding

SHOWN = 40
ROWS_NAMED = 5
# What mends a finding on the command line; pages name their own fields.
OPTIONS_THAT_MEND = {
    "C01": "--crs EPSG:n",
    "C02": "--crs EPSG:n",
    "C03": "--crs EPSG:n | --displace",
    "D02": "--same keep",
    "D03": "--same replace | keep | beside",
    "D05": "--same keep",
    "R01": "--mapping FILE",  # as an error about layers; as a warning about a table: see :func:`remedy_here`
    "R32": "--code CODE=KIND | --mapping FILE",
    "R33": "--mapping FILE",
    "R02": "--column HEAD=FIELD",
    "R08": "--code CODE=KIND",
    "S01": "--column HEAD=FIELD",
    "S07": "--code CODE=KIND",
    "S08": "--leave-out-errors",
}
FOLDED = Words("同类的合为一行；--json 逐条列出。", "Findings of one kind are one line; --json lists each.")
LEVELS = {
    "error": Words("错误", "error  "), "warning": Words("警告", "warning"), "info": Words("提示", "remark ")
}  # fmt: skip


def document(
    batch_id: int | None,
    intake: str | None,
    summary: dict[str, Any],
    crs: dict[str, Any] | None,
    findings: tuple[IntakeFinding, ...],
    heads: Heads,
) -> dict[str, Any]:
    """The import document of docs/formats: what people script against."""
    from xzgis.catalogue.queries import catalogue

    return {
        "accepted": False,
        "batch": None if batch_id is None else str(batch_id),
        "intake": intake,
        "files": summary.get("files", []),
        "crs": crs,
        "columns": {
            place: {head: field for field, head in mapped.items()} for place, mapped in heads.items()
        },
        "findings": [finding_as_json(one, catalogue(), language(), heads=heads) for one in findings],
        "counts": summary["counts"],
        "points": summary.get("points", 0),
        "lines": summary.get("lines", 0),
        "left_out": summary.get("left_out", {"points": 0, "lines": 0}),
        "would_leave_out": summary.get("would_leave_out"),
        "compared": summary.get("compared", True),
        "replaced": summary.get("replaced", {"points": 0, "lines": 0}),
        "unchanged": summary.get("unchanged", {"points": 0, "lines": 0}),
        "kept_as_registered": summary.get("kept_as_registered", 0),
        "points_kept_as_registered": summary.get("points_kept_as_registered", 0),
        "facts_kept": summary.get("facts_kept", {"points": {}, "lines": {}}),
        "facts_lost": summary.get("facts_lost", {"points": {}, "lines": {}}),
    }


def remedy_here(finding: IntakeFinding) -> str:
    """How to mend it, with the option that does it here: what the register keeps of a finding names none."""
    remedy = finding.remedy
    if not remedy.zh:
        return ""
    is_of_a_table = finding.code == "R01" and finding.level == "warning"
    option = "--column HEAD=FIELD" if is_of_a_table else OPTIONS_THAT_MEND.get(finding.code, "")
    if finding.code == "R32" and finding.level == "error":  # a value that the register has no word for
        option = ""
    if remedy.zh == NO_SHAPE.zh:  # no choice of a kind mends a broken shape
        option = ""
    if finding.value and finding.code in ("R08", "R32", "S07"):
        option = option.replace("CODE", finding.value)
    return spoken_here(Words(remedy.zh, remedy.en, remedy.command or option))


def value_beside(finding: IntakeFinding) -> str:
    """The value as the page shows it, where the sentence does not hold it already."""
    from xzgis.catalogue.queries import catalogue

    value = value_words(finding, catalogue(), language())
    if not value or value in finding.words.spoken(language()):
        return ""
    return Words(f"（值：{value}）", f" (value: {value})").spoken(language())


def tell(told: dict[str, Any], findings: tuple[IntakeFinding, ...], heads: Heads, *, as_json: bool) -> None:
    """The findings, the worst first, and what became of the batch; ``as_json``: the document alone."""
    if as_json:
        typer.echo(json.dumps(told, ensure_ascii=False, default=str))
        return
    kinds = told_once(findings)
    for one in kinds[:SHOWN]:
        typer.echo(_line(one, heads))
    if len(kinds) > SHOWN:
        more = sum(one.count for one in kinds[SHOWN:])
        say(Words(f"另有 {more} 条，见 --json 或页面。", f"{more} more: see --json or the page."))
    if any(one.count > 1 for one in kinds):
        say(FOLDED)
    _tell_outcome(told)
    _tell_would(told)
    _tell_facts(told)


def _line(told: Told, heads: Heads) -> str:
    """Level, code, place, what is wrong with which value, how many are alike, and how to mend it."""
    from xzgis.catalogue.queries import catalogue

    finding = told.finding
    field = field_word(finding.field, catalogue(), language(), head=head_of(finding, heads))
    # A sentence that names its file already needs it no second time.
    file = None if finding.file and finding.row is None and finding.file in finding.words.zh else finding.file
    place = " ".join(
        str(part) for part in (file, finding.sheet, finding.row and f"#{finding.row}", field) if part
    )
    said = f"{spoken_here(finding.words)}{value_beside(finding)}{_alike(told)}"
    parts = [LEVELS[finding.level].spoken(language()), finding.code, place, said]
    remedy = remedy_here(finding)
    return "  ".join(part for part in parts if part) + (f"  → {remedy}" if remedy else "")


def _alike(told: Told) -> str:
    """How many findings of the kind there are and the rows of the first, as the page says it."""
    if told.count == 1:
        return ""
    rows = " ".join(f"#{row}" for row in told.rows[:ROWS_NAMED]) if len(told.rows) > 1 else ""
    rows += " …" if rows and told.count > ROWS_NAMED else ""
    zh, en = (f"{mark}{rows}" if rows else "" for mark in ("：", ": "))
    return Words(f"（同类共 {told.count} 条{zh}）", f" ({told.count} of this kind{en})").spoken(language())


def tell_columns(heads: Heads) -> None:
    """Which column was taken for which field, table by table, as the page of the mapping shows it."""
    from xzgis.catalogue.queries import catalogue

    known, spoken = catalogue(), language()
    for place, mapped in heads.items():
        pairs = []
        for field, head in mapped.items():
            word = survey_word(field, known) if spoken == "zh" else field
            if spoken == "zh" and word == field:
                word = head_in_words(field, known) or field
            pairs.append(head if folded_name(word) == folded_name(head) else f"{head}={word}")
        if pairs:
            listed = Words("、".join(pairs), ", ".join(pairs))
            say(Words(f"列的识别  {place}：{listed.zh}", f"Columns of {place}: {listed.en}"))


def _tell_facts(told: dict[str, Any]) -> None:
    """What the replaced records know and the delivery did not tell, once it is in the register."""
    for name, zh, en in (
        ("facts_kept", "本次未给出、沿用登记值", "Not delivered and kept as registered"),
        ("facts_lost", "本次未给出、成为未知", "Not delivered and unknown now"),
    ):
        facts = told.get(name) or {}
        if told["accepted"] and any(facts.values()):
            which = counted(facts["points"], facts["lines"])
            typer.echo(Words(f"{zh}：{which.zh}", f"{en}: {which.en}").spoken(language()))


def _tell_would(told: dict[str, Any]) -> None:
    """What would stay out if rows with errors were left out, as the page says before one chooses it."""
    would = told.get("would_leave_out")
    if told["accepted"] or not would:
        return
    points, lines = would["points"], would["lines"]
    words = Words(
        f"带错行不入库时：管点 {points} 个、管线 {lines} 条不入库，其周围的地面不算已普查该类管线。",
        f"Leaving out rows with errors would leave out {points} points and {lines} lines; the ground around them does not"
        " count as surveyed for their kind.",
        "--leave-out-errors",
    )
    typer.echo(spoken_here(words))


def _tell_outcome(told: dict[str, Any]) -> None:
    counts = told["counts"]
    state = Words("已入库", "accepted") if told["accepted"] else Words("未入库", "not in the register")
    batch = f"#{told['batch']} " if told["batch"] else ""
    out = told["left_out"]
    points_kept, kept = (told.get(f"{of}kept_as_registered") or 0 for of in ("points_", ""))
    stayed, renewed, new = Words("", ""), Words("", ""), told.get("replaced", {})
    if told["accepted"] and any(new.values()):
        renewed = Words(
            f"；替换现有 {new['points']} 点、{new['lines']} 段",
            f"; {new['points']} points and {new['lines']} lines of the register were replaced",
        )
        same = told.get("unchanged") or {}
        if any(same.values()):
            renewed = Words(
                f"{renewed.zh}（其中 {same['points']} 点、{same['lines']} 段内容未变）",
                f"{renewed.en} ({same['points']} points and {same['lines']} lines of them say the same)",
            )
    if any(out.values()):
        stayed = Words(
            f"交来的另 {out['points']} 点、{out['lines']} 段不入库；",
            f"{out['points']} points and {out['lines']} lines delivered besides stay out; ",
        )
    if kept or points_kept:
        stayed = Words(
            f"{stayed.zh}{points_kept} 点、{kept} 段与现有相同，保留现有；",
            f"{stayed.en}{points_kept} points and {kept} lines stay as they are registered; ",
        )
    points = told["points"] - out["points"] - points_kept
    lines = told["lines"] - out["lines"] - kept
    typer.echo(
        Words(
            f"批次 {batch}{state.zh}：{points} 点，{lines} 段；{stayed.zh}"
            f"错误 {counts['error']}，警告 {counts['warning']}，提示 {counts['info']}{renewed.zh}",
            f"Batch {batch}{state.en}: {points} points, {lines} lines; {stayed.en}"
            f"{counts['error']} errors, {counts['warning']} warnings, {counts['info']} remarks{renewed.en}",
        ).spoken(language())
    )
