"""Which guarded tables a statement reads, and where a common table expression may stand in front of it.

No parser of SQL: what is not surely one of the forms known here is refused, so that a form nobody thought of shows as
an error and never as a line that somebody may not see (docs/decisions/0038).
"""

import re
from collections.abc import Iterable

_GAP = r"(?:\s|--[^\n]*(?:\n|$)|/\*.*?\*/)*"
_FLAGS = re.IGNORECASE | re.DOTALL
_WITH = re.compile(rf"{_GAP}(with{_GAP}\s{_GAP}recursive\b|with\b)", _FLAGS)
_READS = re.compile(rf"{_GAP}(?:\(|(?:with|select|values|table)\b)", _FLAGS)
_WRITES = re.compile(
    rf"{_GAP}(?P<verb>insert\s+into|update(?:\s+only)?|delete\s+from(?:\s+only)?)\s+\"?(?P<target>\w+)",
    _FLAGS,
)
_SECOND = re.compile(r";\s*\w", _FLAGS)
_NO_ROOM = re.compile(rf"{_GAP}(?:\({_GAP})+with\b", _FLAGS)
_ASIDE = re.compile(r"'(?:[^']|'')*'|--[^\n]*|/\*.*?\*/", _FLAGS)
_RETURNING = re.compile(r"\breturning\b(?P<told>.*)", _FLAGS)
_KEY = re.compile(r"\s*(?:\w+\.)?(?:version_id|object_id)(?:\s+as\s+\w+)?\s*", _FLAGS)


class PastTheLens(RuntimeError):
    """A statement names a guarded table and cannot be given the lens: a mistake of the program, never shown rows."""

    def __init__(self, statement: str) -> None:
        super().__init__(
            "Under a sight this statement cannot be asked of the register; write it as one plain statement "
            f"without a schema, or say as_it_is: {' '.join(statement.split())[:200]}"
        )


def guarded_reads(statement: str, guarded: Iterable[str]) -> tuple[str, ...]:
    """The guarded tables that ``statement`` reads, in any case of letters; none where it only writes to them.

    Raises
    ------
    PastTheLens
        It names one with its schema, reads the table it writes to, comes with a second statement, or begins with
        nothing that a common table expression may stand before.
    """
    named = tuple(name for name in guarded if _mentions(name, statement))
    if not named:
        return ()
    by_schema = any(re.search(rf"\.{_GAP}\"?{name}\b", statement, _FLAGS) for name in named)
    if by_schema or _NO_ROOM.match(statement) or _SECOND.search(_ASIDE.sub(" ", statement)):
        raise PastTheLens(statement)
    if _READS.match(statement):
        return named
    write = _WRITES.match(statement)
    if write is None:
        raise PastTheLens(statement)
    target = write["target"].lower()
    if target in named and not _only_writes(target, statement[write.end() :], write["verb"].lower()):
        raise PastTheLens(statement)
    return tuple(name for name in named if name != target)


def headed(statement: str, heads: str) -> str:
    """``statement`` with the common table expressions ``heads`` before its own."""
    own = _WITH.match(statement)
    if own is None:
        return f"with {heads} {statement}"
    return f"{' '.join(own[1].lower().split())} {heads}, {statement[own.end() :]}"


def _mentions(name: str, statement: str) -> list[re.Match[str]]:
    return list(re.finditer(rf"\b{name}\b", statement, re.IGNORECASE))


def _only_writes(target: str, rest: str, verb: str) -> bool:
    """Whether the rest of a write to ``target`` names it before its columns alone and gives back keys alone.

    What an insert gives back is its own row, unless it may turn into an update of another.
    """
    if any(not re.match(rf"\"?{_GAP}\.", rest[found.end() :], _FLAGS) for found in _mentions(target, rest)):
        return False
    told = _RETURNING.search(rest)
    if told is None or (verb.startswith("insert") and not re.search(r"\bon\s+conflict\b", rest, _FLAGS)):
        return True
    return all(_KEY.fullmatch(column) for column in told["told"].split(","))
