"""Definitions as they were read, where they stand, and what is wrong with them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xzgis.core.words import Words

Parts = Mapping[str, Sequence["Read"]]


@dataclass(frozen=True, slots=True)
class Read:
    """One definition and where it stands."""

    file: str
    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One disagreement between definitions."""

    file: str
    line: int
    column: str
    reason: Words
    remedy: Words


def unknown(read: Read, column: str, name: str, remedy: Words) -> Finding:
    """A name that means nothing."""
    reason = Words(f"没有“{name}”的定义", f"{name!r} is not defined")
    return Finding(read.file, read.line, column, reason, remedy)


def twice(read: Read, column: str, name: str, first: Read) -> Finding:
    """A name that stands for two definitions."""
    reason = Words(
        f"“{name}”与 {first.file} 第 {first.line} 行重复", f"{name!r} repeats {first.file} line {first.line}"
    )
    return Finding(read.file, read.line, column, reason, Words("删去一处或改名。", "Remove or rename one."))


ADD_KIND = Words(
    "在 layers/kinds 或 rule_kinds.csv 中定义该种类。", "Define it in layers/kinds or rule_kinds.csv."
)
ADD_CODE = Words("在 layers/codes 的代码表中补上。", "Add it to the code list in layers/codes.")
WITHIN = Words("填写允许范围内的数。", "Write a number within the bounds.")
ADD_CONDITION = Words("在 conditions.csv 中定义该条件。", "Define it in conditions.csv.")


def tokens_of(parts: Parts, part: str) -> set[str]:
    """The tokens of one part of the definitions."""
    return {read.value.token for read in parts.get(part, ())}


def list_tokens(parts: Parts, name: str) -> set[str]:
    """The tokens of one code list."""
    return {read.value.token for read in parts.get(f"codes/{name}", ())}


def rule_kinds(parts: Parts) -> set[str]:
    """What a rule may name: kinds of the rule tables and network kinds."""
    return tokens_of(parts, "kinds") | tokens_of(parts, "rule_kinds")
