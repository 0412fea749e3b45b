"""The findings of an import as people and programs read them: JSON, and rows for CSV and XLSX."""

from collections.abc import Sequence
from typing import Any

from xzgis.catalogue.terms import Catalogue
from xzgis.core.words import Language, Words
from xzgis.networks.rules.finding_words import Heads, canonical_field, head_in_words, head_of, value_words
from xzgis.networks.terms import IntakeFinding

NO_HEADS: Heads = {}
COLUMNS = {
    "code": Words("代码", "code"),
    "level": Words("级别", "level"),
    "file": Words("文件", "file"),
    "sheet": Words("表", "sheet"),
    "row": Words("行", "row"),
    "field": Words("字段", "field"),
    "value": Words("值", "value"),
    "message": Words("问题", "message"),
    "remedy": Words("处理办法", "remedy"),
    "east_m": Words("东坐标Y(m)", "east_m"),
    "north_m": Words("北坐标X(m)", "north_m"),
}


def finding_as_json(
    finding: IntakeFinding, catalogue: Catalogue, language: Language, *, heads: Heads = NO_HEADS
) -> dict[str, Any]:
    """One finding with the names of the import document.

    ``field`` is the head of the column as it was delivered, where ``heads`` know it; ``canonical_field`` is our name.
    """
    return {
        "code": finding.code,
        "level": finding.level,
        "file": finding.file,
        "sheet": finding.sheet,
        "row": finding.row,
        "field": head_of(finding, heads) or finding.field,
        "canonical_field": canonical_field(finding.field, catalogue),
        "value": value_words(finding, catalogue, language),
        "message": finding.words.spoken(language),
        "remedy": finding.remedy.spoken(language),
        "east_m": finding.east_m,
        "north_m": finding.north_m,
    }


def findings_table(
    findings: Sequence[IntakeFinding], catalogue: Catalogue, language: Language, *, heads: Heads = NO_HEADS
) -> list[list[Any]]:
    """A header row and one row per finding."""
    rows = [[name.spoken(language) for name in COLUMNS.values()]]
    for one in findings:
        told = finding_as_json(one, catalogue, language, heads=heads)
        if language == "zh" and head_of(one, heads) is None:
            told["field"] = head_in_words(one.field, catalogue)
        rows.append([told[name] for name in COLUMNS])
    return rows
