"""A wrong command line in words: what the parser says in English only, said in both languages."""

import re

from typer.exceptions import TyperException

from xzgis.core.words import Words

#: What the parser and its validation of values say, and the same in Chinese; groups are kept.
SAID = (
    (r"No such option: (.+)", r"没有选项 \1"),
    (r"No such command '(.+)'\.?", r"没有命令“\1”"),
    (r"Missing command\.?", "没有写命令"),
    (r"Got unexpected extra arguments?(?:\(s\))? \((.+)\)", r"多写了：\1"),
    (r"Option '?(.+?)'? requires an argument\.?", r"选项 \1 后面缺少值"),
    (r"Option '?(.+?)'? requires (\d+) arguments\.?", r"选项 \1 后面要有 \2 个值"),
    (r"Option '?(.+?)'? does not take a value\.?", r"选项 \1 不带值"),
    (r"(?:Value error, )?Input should be a valid (?:integer|number).*", "应为数字"),
    (r"Input should be a valid boolean.*", "应为 true 或 false"),
    (r"Input should be (?:a finite number).*", "应为有限的数字"),
    (r"Input should be less than or equal to (\S+)", r"不得大于 \1"),
    (r"Input should be greater than or equal to (\S+)", r"不得小于 \1"),
    (r"Input should be less than (\S+)", r"应小于 \1"),
    (r"Input should be greater than (\S+)", r"应大于 \1"),
    (r"(?s)'(.*)' is not a valid (?:integer|int|float)\.?", r"“\1”不是数字"),
    (r"(?s)'?(.*?)'? is not one of (.+)", r"“\1”不在可用值 \2 之中"),
    (r"(?s).*'(.+)' does not exist\.?", r"没有“\1”"),
)


def asks_for_help(error: TyperException) -> str | None:
    """The help of a command that was written without anything behind it; else None."""
    return error.format_message() if type(error).__name__ == "NoArgsIsHelpError" else None


def in_words(error: TyperException) -> Words:
    """What is wrong with the command line, and where its help stands."""
    help_of = getattr(getattr(error, "ctx", None), "command_path", None) or "xzgis"
    english = error.format_message().strip().rstrip(".").replace("Value error, ", "")
    return Words(
        f"命令写法有误：{_chinese(error)}。用法见 {help_of} --help。",
        f"The command line is wrong: {english}. See {help_of} --help.",
    )


def _chinese(error: TyperException) -> str:
    name = _parameter(error)
    if type(error).__name__ == "MissingParameter":
        return f"缺少 {name or '参数'}"
    said = _translated(error.message.strip())
    possible = getattr(error, "possibilities", None)
    hint = f"（相近的有：{'、'.join(sorted(possible))}）" if possible else ""
    return (f"{name}：{said}" if name else said) + hint


def _translated(message: str) -> str:
    for pattern, chinese in SAID:
        found = re.fullmatch(pattern, message)
        if found:
            return found.expand(chinese)
    return message.rstrip("。.")


def _parameter(error: TyperException) -> str | None:
    """The option as it is typed, or the argument as the help names it."""
    hint = getattr(error, "param_hint", None)
    if hint is not None:
        return hint if isinstance(hint, str) else " / ".join(hint)
    parameter = getattr(error, "param", None)
    if parameter is None:
        return None
    long = [one for one in parameter.opts if one.startswith("--")]
    return long[0] if long else str(parameter.name).upper()
