"""What pydantic finds wrong with a value, as sentences in both languages for forms and for the API."""

from collections.abc import Mapping
from typing import Any

from xzgis.core.words import Words

# By pydantic's own names of its errors; the figures in braces are in the error's context.
SENTENCES = {
    "missing": "缺少这一项。",
    "extra_forbidden": "没有这一项，请去掉。",
    "greater_than": "须大于 {gt}。",
    "greater_than_equal": "须不小于 {ge}。",
    "less_than": "须小于 {lt}。",
    "less_than_equal": "须不大于 {le}。",
    "finite_number": "须是有限的数。",
    "float_type": "须是数字。",
    "float_parsing": "须是数字。",
    "int_type": "须是整数。",
    "int_parsing": "须是整数。",
    "int_from_float": "须是整数。",
    "bool_type": "须是 true 或 false。",
    "bool_parsing": "须是 true 或 false。",
    "string_type": "须是文字。",
    "string_too_short": "至少 {min_length} 个字符。",
    "string_too_long": "不超过 {max_length} 个字符。",
    "string_pattern_mismatch": "含有不允许的字符。",
    "too_short": "至少 {min_length} 项，现有 {actual_length} 项。",
    "too_long": "最多 {max_length} 项，现有 {actual_length} 项。",
    "enum": "可用取值：{expected}。",
    "literal_error": "可用取值：{expected}。",
    "list_type": "须是列表。",
    "tuple_type": "须是列表。",
    "dict_type": "须是对象。",
    "model_type": "须是对象。",
    "model_attributes_type": "须是对象。",
    "date_parsing": "不是日期（年-月-日）。",
    "date_from_datetime_parsing": "不是日期（年-月-日）。",
    "datetime_parsing": "不是时刻（ISO 8601）。",
    "datetime_from_date_parsing": "不是时刻（ISO 8601）。",
    "json_invalid": "不是 JSON。",
    "json_type": "须是 JSON 文字。",
}
OTHER = "不合要求。"


def mistake(error: Mapping[str, Any]) -> Words:
    """One error of ``ValidationError.errors()`` as a sentence; the English one is pydantic's own."""
    text = SENTENCES.get(str(error.get("type")), OTHER)
    try:
        told = text.format(**{name: _plain(value) for name, value in (error.get("ctx") or {}).items()})
    except (KeyError, IndexError):
        told = OTHER
    return Words(told, str(error.get("msg", "Not acceptable.")))


def _plain(value: Any) -> Any:
    """A bound as people write it: 0, not 0.0."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
