"""What people read in Chinese carries Chinese punctuation, wherever it stands in the program."""

import ast
import csv
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from xzgis.core.settings import ROOT

HAN = "[\u4e00-\u9fff]"
HALF = re.compile(rf"{HAN}[,;:?!()]|[,;:?!()]{HAN}")
#: A value put in when the sentence is said; neither Chinese nor not.
VALUE = "\ue000"
# Forms that stand as they are: an address, a pattern, the mark on the map, whose font has no wide question mark.
AS_TYPED = re.compile(r"\w+://\S+|\S*[\\\[]\S*|埋深\?")


def literals(path: Path) -> Iterator[tuple[int, str]]:
    """Line and text of every string of a Python file that is not a docstring."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    passed: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            passed.add(id(node.value))
        if isinstance(node, ast.JoinedStr):
            parts = [part.value if isinstance(part, ast.Constant) else VALUE for part in node.values]
            passed |= {id(part) for part in node.values}
            yield node.lineno, "".join(str(part) for part in parts)
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in passed:
            yield node.lineno, node.value


def half_width(text: str) -> str | None:
    """The first place where Chinese meets punctuation of another width; None when all is well."""
    found = HALF.search(AS_TYPED.sub("", text))
    return found.group() if found else None


def test_python_says_chinese_with_chinese_punctuation():
    wrong = [
        f"{path.relative_to(ROOT)}:{line} {text!r}"
        for room in ("xzgis", "api", "web")
        for path in sorted((ROOT / room).rglob("*.py"))
        if "node_modules" not in path.parts
        for line, text in literals(path)
        if half_width(text)
    ]

    assert wrong == []


def test_pages_say_chinese_with_chinese_punctuation():
    wrong = [
        f"{path.relative_to(ROOT)} {text!r}"
        for path in sorted((ROOT / "web" / "i18n" / "zh").rglob("*.toml"))
        for _, text in texts("", tomllib.loads(path.read_text(encoding="utf-8")))
        if half_width(text)
    ]

    assert wrong == []


def test_definitions_say_chinese_with_chinese_punctuation():
    layers = ROOT / "layers"
    said = [
        (path, name, text)
        for path in sorted(layers.rglob("*.toml"))
        for name, text in texts("", tomllib.loads(path.read_text(encoding="utf-8")))
    ]
    for path in sorted(layers.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            said += [
                (path, name, text)
                for row in csv.DictReader(file)
                for name, text in row.items()
                if isinstance(text, str)
            ]
    # Names of columns and codes as surveys write them stay as they are; what we say ourselves is called zh.
    wrong = [
        f"{path.relative_to(ROOT)} {text!r}"
        for path, name, text in said
        if name.rpartition("_")[2] == "zh" and half_width(text)
    ]

    assert len(said) > 1000
    assert wrong == []


def texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    """Every text in a definition with its key, however deep."""
    if isinstance(value, dict):
        for key, one in value.items():
            yield from texts(str(key), one)
    elif isinstance(value, list):
        for one in value:
            yield from texts(name, one)
    elif isinstance(value, str):
        yield name, value


@pytest.mark.parametrize("text", ["已写入:文件", "错误(第一行)", "缺点号,请补"])
def test_the_rule_finds_what_it_is_for(text):
    assert half_width(text)


def test_the_rule_leaves_alone_what_is_typed():
    assert half_width("应如 postgresql://用户@主机:5432/库名。") is None
