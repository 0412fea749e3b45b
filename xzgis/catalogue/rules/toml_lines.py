"""Where something stands in the text of a TOML file, for people who look for it there."""

import re
from collections.abc import Sequence
from typing import Any


def toml_line(text: str, loc: Sequence[Any]) -> int:
    """Line of a key in a TOML file, as near as its text tells: the table first, then the key in it."""
    lines = text.splitlines()
    start, names = 0, list(loc)
    if len(names) > 1 and isinstance(names[1], int):
        heads = [n for n, line in enumerate(lines) if line.strip() == f"[[{names[0]}]]"]
        start, names = (heads[names[1]] if names[1] < len(heads) else 0), names[2:]
    elif len(names) > 1:
        heads = [n for n, line in enumerate(lines) if line.strip() == f"[{'.'.join(map(str, names[:2]))}]"]
        start, names = (heads[0] if heads else 0), names[2:] or names[:1]
    for number in range(start, len(lines)):
        if names and re.match(rf"\s*{re.escape(str(names[0]))}\s*=", lines[number]):
            return number + 1
    return start + 1
