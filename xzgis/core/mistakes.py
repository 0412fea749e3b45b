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
    "mapping_type": "须是对象。",
    "dataclass_type": "须是对象。",
    "set_type": "须是列表。",
    "frozen_set_type": "须是列表。",
    "iterable_type": "须是列表。",
    "none_required": "须为 null。",
    "invalid_key": "名称须是文字。",
    "multiple_of": "须是 {multiple_of} 的倍数。",
    "int_parsing_size": "数太大。",
    "string_unicode": "文字编码不对，须是 UTF-8。",
    "string_not_ascii": "只能含英文字母、数字和符号。",
    "bytes_type": "须是文件或文字。",
    "bytes_too_short": "至少 {min_length} 字节。",
    "bytes_too_long": "不超过 {max_length} 字节。",
    "bytes_invalid_encoding": "编码不对，须是 {encoding}。",
    "decimal_type": "须是数字。",
    "decimal_parsing": "须是数字。",
    "decimal_max_digits": "不超过 {max_digits} 位数字。",
    "decimal_max_places": "小数不超过 {decimal_places} 位。",
    "decimal_whole_digits": "整数部分不超过 {whole_digits} 位。",
    "date_parsing": "不是日期（年-月-日）。",
    "date_from_datetime_parsing": "不是日期（年-月-日）。",
    "datetime_parsing": "不是时刻（ISO 8601）。",
    "datetime_from_date_parsing": "不是时刻（ISO 8601）。",
    "date_type": "不是日期（年-月-日）。",
    "date_from_datetime_inexact": "只要日期，不要时刻（年-月-日）。",
    "date_past": "须早于今天。",
    "date_future": "须晚于今天。",
    "time_type": "不是时间（时：分）。",
    "time_parsing": "不是时间（时：分）。",
    "datetime_type": "不是时刻（ISO 8601）。",
    "datetime_object_invalid": "不是时刻（ISO 8601）。",
    "datetime_past": "须早于现在。",
    "datetime_future": "须晚于现在。",
    "timezone_naive": "不带时区。",
    "timezone_aware": "须带时区，如 2026-11-22T18:00:00+08:00。",
    "timezone_offset": "时区不对。",
    "time_delta_type": "不是时长（ISO 8601）。",
    "time_delta_parsing": "不是时长（ISO 8601）。",
    "uuid_type": "不是 UUID。",
    "uuid_parsing": "不是 UUID。",
    "uuid_version": "须是第 {expected_version} 版 UUID。",
    "url_type": "不是网址。",
    "url_parsing": "不是网址。",
    "url_syntax_violation": "不是网址。",
    "url_too_long": "网址不超过 {max_length} 个字符。",
    "url_scheme": "网址须以 {expected_schemes} 开头。",
    "union_tag_invalid": "{discriminator} 为“{tag}”，可用取值：{expected_tags}。",
    "union_tag_not_found": "缺少 {discriminator}。",
    "missing_argument": "缺少这一项。",
    "missing_keyword_only_argument": "缺少这一项。",
    "missing_positional_only_argument": "缺少这一项。",
    "unexpected_keyword_argument": "没有这一项，请去掉。",
    "unexpected_positional_argument": "没有这一项，请去掉。",
    "recursion_loop": "引用成环。",
    "recursion_depth_exceeded": "嵌套太深。",
    "json_invalid": "不是 JSON。",
    "json_type": "须是 JSON 文字。",
}
OTHER = "不合要求。"
# What pydantic puts before the sentence of a check of our own.
LABELS = ("Value error, ", "Assertion failed, ")


class Unacceptable(ValueError):
    """What a check inside a pydantic model raises: its sentence in both languages."""

    def __init__(self, words: Words) -> None:
        self.words = words
        super().__init__(words.en)


def mistake(error: Mapping[str, Any]) -> Words:
    """One error of ``ValidationError.errors()`` as a sentence; the English one is pydantic's own."""
    context = error.get("ctx") or {}
    raised = context.get("error")
    if isinstance(raised, Unacceptable):
        return raised.words
    text = SENTENCES.get(str(error.get("type")), OTHER)
    try:
        told = text.format(**{name: _plain(value) for name, value in context.items()})
    except (KeyError, IndexError):
        told = OTHER
    english = str(error.get("msg", "Not acceptable."))
    for label in LABELS:
        english = english.removeprefix(label)
    return Words(told, english)


def _plain(value: Any) -> Any:
    """A bound as Chinese readers write it: 0, not 0.0; a, b 或 c."""
    if isinstance(value, str):
        return value.replace(" or ", " 或 ")
    return int(value) if isinstance(value, float) and value.is_integer() else value
