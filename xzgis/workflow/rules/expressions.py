"""The closed language of conditions and timers: compares values, and can neither call nor reach anything.

An engine that runs BPMN evaluates its expressions with everything the language can do; what may stand in one is settled
here, before a definition is accepted.
"""

import ast
import re

from xzgis.core.words import Words

LONGEST_EXPRESSION = 300
MOST_PARTS = 60
ALLOWED = (
    ast.Expression, ast.Constant, ast.Name, ast.Load, ast.Compare, ast.BoolOp, ast.And, ast.Or, ast.UnaryOp, ast.Not,
    ast.USub, ast.Eq, ast.NotEq, ast.Lt, ast.LtE, ast.Gt, ast.GtE, ast.In, ast.NotIn, ast.Is, ast.IsNot, ast.List,
    ast.Tuple, ast.Dict, ast.Subscript,
)  # fmt: skip
CONSTANTS = (bool, int, float, str, type(None))
HOURS = re.compile(r"[\"']PT([1-9]\d{0,2})H[\"']")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,59}")


def refusal_of(source: str) -> Words | None:
    """Why ``source`` is no expression of the closed language; None: it is one."""
    text = source.strip()
    if not text or len(text) > LONGEST_EXPRESSION:
        return Words(
            f"表达式为空或超过 {LONGEST_EXPRESSION} 字", f"empty, or longer than {LONGEST_EXPRESSION} signs"
        )
    try:
        tree = ast.parse(text, mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Words(f"表达式“{text[:60]}”不成句", f"{text[:60]!r} is no expression")
    parts = list(ast.walk(tree))
    if len(parts) > MOST_PARTS:
        return Words("表达式过长", "the expression has too many parts")
    return next((why for part in parts if (why := _refused(part, text[:60])) is not None), None)


def _refused(part: ast.AST, text: str) -> Words | None:
    if not isinstance(part, ALLOWED):
        said = type(part).__name__
        return Words(f"表达式“{text}”含有不允许的写法 {said}", f"{text!r} holds {said}")
    if isinstance(part, ast.Name) and part.id.startswith("_"):
        return Words(f"名称“{part.id}”不得以下划线开头", f"the name {part.id!r} begins with an underscore")
    if isinstance(part, ast.Constant) and not isinstance(part.value, CONSTANTS):
        return Words(f"表达式“{text}”含有不允许的常量", f"{text!r} holds a constant of a strange kind")
    return None


def is_hours(text: str) -> bool:
    """Whether a duration is a constant number of hours; days would be calendar days, and those are not counted here."""
    return HOURS.fullmatch(text.strip()) is not None


def is_name(text: str) -> bool:
    """Whether this names one value of a case."""
    return NAME.fullmatch(text.strip()) is not None
