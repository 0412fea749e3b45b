"""Kinds and codes of a work as its file words them: 燃气 for ``gas``, 直埋 for ``direct_buried``."""

from collections.abc import Iterable
from dataclasses import replace

from xzgis.catalogue.terms import Catalogue
from xzgis.works.rules.faults import CODE_LISTS
from xzgis.works.rules.reading import WorkOptions
from xzgis.works.terms import NewRun, WorkDocument


def in_tokens(document: WorkDocument, catalogue: Catalogue) -> WorkDocument:
    """``document`` with tokens where it has words of the catalogue; what no word is stays, and is refused later."""
    runs = tuple(_run(run, catalogue) for run in document.runs)
    return document if runs == document.runs else document.model_copy(update={"runs": runs})


def options_in_tokens(options: WorkOptions, catalogue: Catalogue) -> WorkOptions:
    """``options`` with tokens where their kinds are words: what the levels of a list are of hangs on the kind."""
    kind, else_kind = (_kind(said, catalogue) or said for said in (options.kind, options.else_kind))
    return replace(options, kind=kind, else_kind=else_kind)


def _kind(said: str | None, catalogue: Catalogue) -> str | None:
    lines = ((token, (kind.zh, kind.en)) for token, kind in catalogue.kinds.items() if kind.is_buried_line)
    return _token(said, lines, known=said in catalogue.kinds)


def _run(run: NewRun, catalogue: Catalogue) -> NewRun:
    kind = _kind(run.kind, catalogue)
    found: dict[str, str] = {} if kind is None else {"kind": kind}
    for field, name in CODE_LISTS.items():
        said: str | None = getattr(run, field)
        codes = [c for c in catalogue.codes.get(name, ()) if not c.kinds or (kind or run.kind) in c.kinds]
        words = ((code.token, (code.zh, code.en, *code.aliases)) for code in codes)
        token = _token(said, words, known=any(code.token == said for code in codes))
        found |= {} if token is None else {field: token}
    return run.model_copy(update=found) if found else run


def _token(said: str | None, words: Iterable[tuple[str, tuple[str, ...]]], *, known: bool) -> str | None:
    """The one token that ``said`` is a word of; None where it is a token itself, or means none or several."""
    if said is None or known:
        return None
    meant = said.strip().casefold()
    found = {token for token, names in words if meant in (name.casefold() for name in (token, *names))}
    return found.pop() if len(found) == 1 else None
