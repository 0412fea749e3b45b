"""Cells and documents as typed values; what does not fit, in sentences for people. The one way in, for files and screens."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, get_origin

from pydantic import BaseModel, ValidationError

from xzgis.core.words import Words

LIST_SEPARATOR = ";"
TRUE_FALSE = {"yes": True, "no": False}
REMOVE = Words("改正列名或删去该列。", "Correct the name or remove it.")
NO_SUCH = (Words("没有这样的项", "there is no such item"), REMOVE)
#: What pydantic says, for people: error type -> Chinese reason and the remedy in both languages.
REASONS: Mapping[str, tuple[str, Words]] = {
    "missing": ("缺少该项", Words("补上该项。", "Add it.")),
    "extra_forbidden": ("没有这样的项", REMOVE),
    "string_too_short": ("不能为空", Words("填写内容。", "Fill it in.")),
    "string_pattern_mismatch": (
        "写法不符",
        Words("按 layers/README.md 的写法填写。", "See layers/README.md."),
    ),
    "float_parsing": ("不是数", Words("填写数字，单位见列名。", "Write a number in the unit of the name.")),
    "int_parsing": ("不是整数", Words("填写整数。", "Write a whole number.")),
    "finite_number": ("不是有限数", Words("填写有限的数。", "Write a finite number.")),
    "greater_than": ("数值过小", Words("填写允许范围内的数。", "Write a number within the bounds.")),
    "greater_than_equal": ("数值过小", Words("填写允许范围内的数。", "Write a number within the bounds.")),
    "less_than_equal": ("数值过大", Words("填写允许范围内的数。", "Write a number within the bounds.")),
    "literal_error": ("不在允许值之内", Words("填写允许值之一。", "Write one of the allowed values.")),
}
OTHERWISE = ("不符合定义", Words("按 layers/README.md 改正。", "See layers/README.md."))


@dataclass(frozen=True, slots=True)
class Slip:
    """One value that does not fit: where in the definition, why, and how to mend it."""

    loc: tuple[Any, ...]
    reason: Words
    remedy: Words


def typed(kind: type[BaseModel], data: Mapping[str, Any]) -> tuple[BaseModel | None, tuple[Slip, ...]]:
    """``data`` as a sound ``kind``, or None and every slip in it."""
    try:
        return kind.model_validate(data), ()
    except ValidationError as error:
        slips: dict[tuple[Any, ...], Slip] = {}
        for item in error.errors(include_url=False):
            loc = _without_branch(item["loc"])
            reason_zh, remedy = REASONS.get(item["type"], OTHERWISE)
            given = "" if isinstance(item["input"], Mapping) else f" ({item['input']!r})"
            words = Words(f"{reason_zh}{given}", f"{item['msg']}{given}")
            slips.setdefault(loc, Slip(loc, words, remedy))
        return None, tuple(slips.values())


def _without_branch(loc: tuple[Any, ...]) -> tuple[Any, ...]:
    """The place of a fault; a union tells one fault for each of its branches and adds the branch to the place."""
    last = str(loc[-1]) if len(loc) > 1 else "field"
    is_branch = not last.isdigit() and (not last.isidentifier() or last in ("float", "str", "int"))
    return loc[:-1] if is_branch else loc


def data_of(kind: type[BaseModel], cells: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a row as its model wants them; an empty cell takes the default."""
    data = {}
    for name, text in cells.items():
        info = kind.model_fields.get(name)
        if text or info is None or info.is_required():
            data[name] = _cell(text, info.annotation if info else str)
    return data


def _cell(text: str, annotation: Any) -> Any:
    """A CSV cell as its field wants it: lists are joined by ';', yes and no are flags, '=' opens an expression."""
    if get_origin(annotation) is tuple:
        return tuple(part for part in text.split(LIST_SEPARATOR) if part)
    if annotation is bool:
        return TRUE_FALSE.get(text, text)
    return text.removeprefix("=")


def text_of(column: str, value: Any) -> str:
    """A value as the cell it is read from; the other half of :func:`data_of`."""
    if isinstance(value, tuple):
        return LIST_SEPARATOR.join(text_of("", one) for one in value)
    if isinstance(value, Mapping):
        return LIST_SEPARATOR.join(f"{name}={text_of('', one)}" for name, one in value.items())
    if value is None or isinstance(value, bool):
        return {None: "", True: "yes", False: "no"}[value]
    if isinstance(value, float):
        return repr(value).removesuffix(".0")
    if isinstance(value, BaseModel):
        return str(getattr(value, "token", ""))
    return f"={value}" if column == "clearance_m" else str(value)


def cells_of(value: BaseModel) -> dict[str, str]:
    """Every cell of a row, in the order of its model."""
    return {name: text_of(name, getattr(value, name)) for name in type(value).model_fields}
