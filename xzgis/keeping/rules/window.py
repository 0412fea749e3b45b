"""Which moments can be restored: from the end of the oldest copy on, as far as the log of changes goes without a gap."""

import re
from collections.abc import Iterable

NAME = re.compile(r"([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})")
FILES_A_LOG = 256


def number_of(name: str) -> int | None:
    """The place of a file in the log of changes, whatever its line of time; None for what is no such file."""
    found = NAME.fullmatch(name.removesuffix(".gz"))
    return None if found is None else int(found[2], 16) * FILES_A_LOG + int(found[3], 16)


def reached_from(first: str, names: Iterable[str]) -> str | None:
    """The last file that follows ``first`` without a gap; None when ``first`` itself is not there."""
    by_number = {number: name for name in sorted(names) if (number := number_of(name)) is not None}
    number = number_of(first)
    if number is None or number not in by_number:
        return None
    while number + 1 in by_number:
        number += 1
    return by_number[number]


def gaps(first: str, names: Iterable[str]) -> int:
    """How many files between ``first`` and the last one are missing."""
    begin = number_of(first)
    numbers = {number for name in names if (number := number_of(name)) is not None}
    if begin is None or not numbers or max(numbers) < begin:
        return 0
    return sum(1 for number in range(begin, max(numbers)) if number not in numbers)
