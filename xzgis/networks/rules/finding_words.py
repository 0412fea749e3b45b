"""A finding of an intake for its readers: which of our fields it speaks of, and its value in their language."""

from collections.abc import Mapping

from xzgis.catalogue.terms import Catalogue, IntakeField
from xzgis.core.words import Language
from xzgis.networks.rules.mapping import folded_name
from xzgis.networks.terms import IntakeFinding

SURVEY = ("survey_tables", "one_table", "result_table")
# Columns of the delivery as it is held, by the fields that are read into them.
FIELD_OF_COLUMN = {
    "from_no": "from_point", "to_no": "to_point", "x_raw": "north_m", "y_raw": "east_m", "kind": "kind",
    "duct_width": "duct_width", "shape": "shape", "section_text": "section", "voltage_kv": "voltage",
    "pressure_class": "pressure",
}  # fmt: skip

# Fields that no survey table heads: what people call them.
_NO_HEAD = {
    "kind": "管类",
    "crown_m": "外顶高程",
    "bottom_m": "外底高程",
    "outer_width_mm": "外宽",
    "life_state": "状态",
    "cable_diameter_mm": "电缆外径",
}
_UNITS = {"_m": "m", "_mm": "mm", "_kv": "kV"}

# Place of a table (file, or file and sheet) → our field → the head of the column that was taken for it.
Heads = Mapping[str, Mapping[str, str]]


def survey_fields(catalogue: Catalogue) -> list[str]:
    """Our fields that a column of a survey table may be, each once, in the order of the intakes."""
    return list(dict.fromkeys(one.field for one in _fields(catalogue, survey=True)))


def head_of(finding: IntakeFinding, heads: Heads) -> str | None:
    """What the crew's own table calls the field of a finding; None where it is not known or not ours."""
    place = f"{finding.file} / {finding.sheet}" if finding.sheet else finding.file
    ours = FIELD_OF_COLUMN.get(finding.field or "", finding.field)
    return heads.get(place or "", {}).get(ours or "")


def canonical_field(field: str | None, catalogue: Catalogue) -> str | None:
    """Our name of a field that a finding names, ours or as it was delivered; survey tables go before other intakes.

    None where it is no field of ours, or where the same column name may be several.
    """
    if field is None:
        return None
    if field in FIELD_OF_COLUMN:
        return FIELD_OF_COLUMN[field]
    surveyed, others = _fields(catalogue, survey=True), _fields(catalogue, survey=False)
    if any(one.field == field for one in (*surveyed, *others)):
        return field
    asked = folded_name(field)
    for fields in (surveyed, others):
        meant = {one.field for one in fields if any(folded_name(name) == asked for name in one.names)}
        if meant:
            return meant.pop() if len(meant) == 1 else None
    return None


def field_word(
    field: str | None, catalogue: Catalogue, language: Language, *, head: str | None = None
) -> str | None:
    """The field of a finding as survey tables head it in Chinese, our name behind; as it stands when no field is meant.

    ``head`` is what the delivered table calls it: that goes first.
    """
    word = None if language == "en" or field is None else survey_word(field, catalogue)
    word = None if word == field else word
    if head is None or folded_name(head) == folded_name(field or ""):
        return f"{word}（{field}）" if word else field
    if language == "en":
        return f"{head} ({field})"
    return head if word is None or folded_name(word) == folded_name(head) else f"{head}（{word}）"


def survey_word(field: str, catalogue: Catalogue) -> str:
    """What survey tables head one of our fields with, in Chinese; the field itself where no table does."""
    ours = FIELD_OF_COLUMN.get(field, field)
    names = (name for one in _fields(catalogue, survey=True) if one.field == ours for name in one.names)
    return next((name for name in names if "\u4e00" <= name[-1] <= "\u9fff"), field)


def head_in_words(field: str | None, catalogue: Catalogue) -> str | None:
    """One of our fields in Chinese with its unit, for lists that people read; what is no field of ours as it stands."""
    if field is None:
        return None
    word = survey_word(field, catalogue)
    word = _NO_HEAD.get(field, field) if word == field else word
    unit = next((unit for end, unit in _UNITS.items() if field.endswith(end)), "")
    return f"{word} {unit}" if unit and word != field else word


def _fields(catalogue: Catalogue, *, survey: bool) -> list[IntakeField]:
    """The fields of the intakes that read survey tables, or of all others."""
    return [
        one
        for intake in catalogue.intakes.values()
        if (intake.reads in SURVEY) is survey
        for one in (*intake.point_fields, *intake.line_fields)
    ]


def value_words(finding: IntakeFinding, catalogue: Catalogue, language: Language) -> str | None:
    """The value of a finding: kinds and codes, kept by their Chinese names, in ``language``; what was delivered as it is."""
    value = finding.value
    if value is None or language == "zh" or finding.field is None:
        return value
    if finding.field == "kind":
        return next((one.en for one in catalogue.kinds.values() if one.zh == value), value)
    codes = catalogue.codes.get(finding.field, ())
    return next((one.en for one in codes if one.zh == value), value)
