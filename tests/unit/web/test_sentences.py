"""Sentences that pages, answers and commands share name no option of the command line."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import xzgis

SHARED = ("conflicts", "formats", "networks", "spatial", "works")
OPTION = re.compile(r"(?<![\w-])--[a-z]")


def sentences(room: str) -> Iterator[tuple[str, str]]:
    """Where, and every text of both languages of a ``Words(…)`` in ``room``."""
    for path in sorted((Path(xzgis.__file__).parent / room).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Words":
                for argument in node.args[:2]:
                    for part in ast.walk(argument):
                        if isinstance(part, ast.Constant) and isinstance(part.value, str):
                            yield f"{path.name}:{node.lineno}", part.value


@pytest.mark.parametrize("room", SHARED)
def test_no_shared_sentence_names_an_option_of_the_command_line(room):
    said = list(sentences(room))

    assert said, room
    assert [(where, text) for where, text in said if OPTION.search(text)] == []
