"""Columns of text on a terminal, where a Chinese character is two columns wide."""

from unicodedata import combining, east_asian_width


def aligned(table: list[list[str]], *, right: tuple[int, ...]) -> list[str]:
    """Rows as lines whose columns stand under each other; a Chinese character is two columns wide."""
    widths = [max(shown_width(cell) for cell in column) for column in zip(*table, strict=True)]
    lines = []
    for row in table:
        cells = []
        for at, (cell, width) in enumerate(zip(row, widths, strict=True)):
            gap = " " * (width - shown_width(cell))
            cells.append(gap + cell if at in right else cell + gap)
        lines.append("  ".join(cells).rstrip())
    return lines


def shown_width(text: str) -> int:
    """How many columns of a terminal a text takes."""
    return sum(0 if combining(one) else 2 if east_asian_width(one) in ("W", "F") else 1 for one in text)
